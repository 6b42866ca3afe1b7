"""Skills of models at tasks, drawn at random for the laws that hold for all of them."""

from hypothesis import strategies as draw

from watersellers.agents.work.reasoning_effort import MOST_BETA, Skill


@draw.composite
def skills(drawn: draw.DrawFn) -> Skill:
    slope = drawn(draw.floats(0.3, 3))
    return Skill(drawn(draw.floats(0.3, 0.999)), slope, drawn(draw.floats(0.01, MOST_BETA / slope)), 60.0)

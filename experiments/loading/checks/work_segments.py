"""Checks of segments of work: their shares add up, each has work, and what models do of it has one best effort."""

from collections.abc import Iterator
from math import fsum

from watersellers.agents.scenario_spec import ParticipantSpec
from watersellers.agents.work.reasoning_effort import MOST_BETA
from watersellers.experiments.loading.checks.consistency import PlannedWorld

CLOSE = 1e-6  # how near to 1 the shares of segments must add up


def work_problems(world: PlannedWorld) -> Iterator[str]:
    """Find segments without work, shares that do not add up to 1, and numbers that contradict each other."""
    segments = world.members["work"]
    months = {month for segment in segments for month, _ in world.lives(segment)}
    for month in sorted(months):
        yield from _shares(world, [_at(world, segment, month) for segment in segments], month)
    for segment in segments:
        seen: set[str] = set()
        for month, one in world.lives(segment):
            for number, problem in _contradictions(one):
                if number not in seen:
                    yield f"work.{one.name}.{number}: found {one.numbers[number]:g}{world.since(month)}, {problem}"
                    seen.add(number)
    for region in world.members["enterprises"]:
        if not segments and world.ever(region, "exposed_hours"):
            yield (
                f"enterprises.{region.name}.exposed_hours: found hours of work, but there is no segment of work that"
                " could hold them; write [work.coding] with key = 51 and share = 1, or exposed_hours = 0"
            )


def _at(world: PlannedWorld, segment: ParticipantSpec, month: int) -> ParticipantSpec:
    """Return a segment as it is in a month."""
    return [one for since, one in world.lives(segment) if since <= month][-1]


def _shares(world: PlannedWorld, segments: list[ParticipantSpec], month: int) -> Iterator[str]:
    """Check that the shares of segments add up to 1."""
    total = fsum(segment.numbers["share"] for segment in segments)
    if abs(total - 1) > CLOSE:
        found = " + ".join(f"{segment.name} {segment.numbers['share']:g}" for segment in segments)
        yield (
            f"work: the shares of segments add up to {total:g}{world.since(month)} ({found}), expected 1; each is the"
            " part of a region's exposed hours that a segment holds"
        )


def _contradictions(segment: ParticipantSpec) -> Iterator[tuple[str, str]]:
    """Find the numbers of a segment that do not go together, with what was expected."""
    numbers = segment.numbers
    if numbers["share"] <= 0:
        yield "share", f"so it has no work; give it hours, or write absent = true under [work.{segment.name}]"
    if (beta := numbers["slope"] * numbers["effort_power"]) > MOST_BETA:
        yield (
            "effort_power",
            f"times slope {numbers['slope']:g} that is {beta:g}, expected at most {MOST_BETA:g}: beyond it spending on"
            f" a task leaps instead of growing; write at most {MOST_BETA / numbers['slope']:.3g}",
        )
    if numbers["use_sensitivity"] > numbers["choice_sensitivity"]:
        yield (
            "use_sensitivity",
            f"expected at most choice_sensitivity, {numbers['choice_sensitivity']:g}: whether to use a model at all"
            " can't hang more on value than which model",
        )

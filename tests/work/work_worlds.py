"""Small worlds in which models do work of several segments, for the oracle."""

from dataclasses import replace
from typing import Any

from tests.oracle.comparison import changed, numbered, small
from watersellers.agents.scenario_spec import ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies.adoption import Epidemic, Mansfield, Probit

MONTHS = 14
SEGMENTS: tuple[tuple[str, Any, dict[str, float]], ...] = (
    ("coding", Mansfield(imitators=0.3), {"share": 0.3, "wage_factor": 1.5, "pass_on": 0.0}),
    ("office", Epidemic(imitators=0.3), {"share": 0.5, "wage_factor": 0.8, "pass_on": 0.7, "effort_power": 0.4}),
    ("other", Probit(), {"share": 0.2, "effort_power": 0.0, "length_spread": 1.1}),
)
# Models that do much of the work at once, so that all routes are taken within a few months.
EASY = {
    "opening_firms": 0.2,
    "opening_depth": 0.4,
    "new_depth": 0.1,
    "adoption_cost": 0.05,
    "adoption_spread": 1.3,
    "tokens_an_hour": 20_000.0,
    "friction": 0.1,
    "horizon_growth": 0.6,
}


def working(seed: int, hours: float = 2e8, spec: ScenarioSpec | None = None) -> ScenarioSpec:
    """A small world in which models do work of several segments, in both regions."""
    spec = spec or small(seed=seed, months=MONTHS)
    (one,) = spec.groups["work"]
    segments = tuple(segment(one, number) for number in range(len(SEGMENTS)))
    spec = replace(spec, groups={**spec.groups, "work": segments})
    return changed(
        changed(spec, numbered(exposed_hours=hours), ("enterprises",)),
        numbered(**EASY),
        ("work",),
    )


def segment(one: ParticipantSpec, number: int) -> ParticipantSpec:
    name, law, numbers = SEGMENTS[number]
    return replace(
        one, name=name, key=one.key + number, strategies={"adoption": law}, numbers={**one.numbers, **numbers}
    )

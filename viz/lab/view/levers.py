"""The levers of the lab: the numbers that a user can change, their ranges, and when a change takes effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from watersellers.agents.scenario_events import is_fixed
from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.loading.catalogue import builtin_catalogue


@dataclass(frozen=True)
class Lever:
    """A number on a slider: its path in the parameter table, the slider's ends and its step."""

    path: str
    low: float
    high: float
    step: float

    @property
    def now(self) -> bool:
        """Whether a change takes effect next month; numbers used only before month 0 wait for a restart."""
        group, *_, number = self.path.split(".")
        return not is_fixed(group, number)

    def value_in(self, spec: ScenarioSpec, month: int) -> float:
        """Return the value in a month: the last change up to it, or else the value at the start."""
        changes = [
            event.value
            for event in spec.events
            if event.what == "set" and event.path == self.path and event.month <= month
        ]
        return changes[-1] if changes else _at_the_start(spec, self.path)


LEVERS = (
    Lever("apps.list_price", 0, 60, 1),
    Lever("apps.ad_load", 0, 3, 0.25),
    Lever("chips.nvidia.lock_in", 0, 6, 0.25),
    Lever("chips.nvidia.exports", 0, 1, 1),
    Lever("labs.throughput_growth", 0, 0.3, 0.01),
    Lever("labs.spill_over", 0, 0.3, 0.01),
    Lever("users.imitators", 0, 0.6, 0.01),
    Lever("investors.hype_pull", 0, 9, 0.5),
)
AT_THE_START = (
    Lever("chips.nvidia.opening_price", 5_000, 60_000, 1_000),
    Lever("users.use_median", 5, 200, 5),
)
CHOICES = ("chips.pricing", "cloud.pricing", "labs.pricing", "apps.pricing", "labs.research", "investors.valuation")


def _at_the_start(spec: ScenarioSpec, path: str) -> float:
    """Return a number at the start: that of the firm named, or of the first firm of the group."""
    group, *member, number = path.split(".")
    if group == "world":
        return float(spec.numbers[number])
    for participant in spec.groups[group]:
        if not member or participant.name == member[0]:
            return float(participant.numbers[number])
    raise KeyError(path)


def available_levers(spec: ScenarioSpec, levers: tuple[Lever, ...]) -> list[Lever]:
    """Return the levers without those of firms that this scenario lacks."""
    names = {f"{group}.{each.name}" for group, members in spec.groups.items() for each in members}
    return [one for one in levers if one.path.count(".") == 1 or one.path.rpartition(".")[0] in names]


def strategies() -> Mapping[str, list[str]]:
    """Return the strategies to choose from at the next start, by path."""
    menus: Mapping[str, Mapping[str, Mapping[str, Any]]] = builtin_catalogue().menus
    return {path: list(menus[path.split(".")[0]][path.split(".")[1]]) for path in CHOICES}


def strategy_name(group: str, decision: str, strategy: object) -> str:
    """Return a strategy's name in the menu, or its class name if it is not in the menu."""
    kinds = {made: name for name, made in builtin_catalogue().menus[group][decision].items()}
    return kinds.get(type(strategy), type(strategy).__name__)


def main_strategy(spec: ScenarioSpec, path: str) -> str:
    """Return the name of the strategy that most members of a group follow."""
    group, decision = path.split(".")
    found = [strategy_name(group, decision, each.strategies[decision]) for each in spec.groups[group]]
    return max(sorted(set(found)), key=found.count) if found else ""

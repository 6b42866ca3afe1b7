"""The knobs of the lab: which numbers a hand can reach, how far, and whether they act now or at the next start."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from watersellers.agents.happenings import fixed
from watersellers.agents.setting import Setting
from watersellers.experiments.catalogue import ours


@dataclass(frozen=True)
class Lever:
    """A number on a slider: its path in the parameter table, the slider's ends and its step."""

    path: str
    low: float
    high: float
    step: float

    @property
    def now(self) -> bool:
        """Whether it acts from the next month on; what is used up before the first month waits for the next start."""
        group, *_, number = self.path.split(".")
        return not fixed(group, number)

    def value_in(self, setting: Setting, month: int) -> float:
        """Read what holds in a month: the last change up to it, else what the run began with."""
        told = [e.value for e in setting.events if e.what == "set" and e.path == self.path and e.month <= month]
        return told[-1] if told else _at_the_start(setting, self.path)


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


def _at_the_start(setting: Setting, path: str) -> float:
    """Read a number as the run begins with it: of the one named, or of the first of its group."""
    group, *member, number = path.split(".")
    if group == "world":
        return float(setting.numbers[number])
    for each in setting.groups[group]:
        if not member or each.name == member[0]:
            return float(each.numbers[number])
    raise KeyError(path)


def reachable(setting: Setting, levers: tuple[Lever, ...]) -> list[Lever]:
    """Leave out the levers of firms that are not in this scenario."""
    names = {f"{group}.{each.name}" for group, members in setting.groups.items() for each in members}
    return [one for one in levers if one.path.count(".") == 1 or one.path.rpartition(".")[0] in names]


def strategies() -> Mapping[str, list[str]]:
    """Give the strategies to choose from at the next start, by path."""
    menus: Mapping[str, Mapping[str, Mapping[str, Any]]] = ours().menus
    return {path: list(menus[path.split(".")[0]][path.split(".")[1]]) for path in CHOICES}


def named(group: str, slot: str, strategy: object) -> str:
    """Name a strategy as its menu does; one of one's own by its class."""
    kinds = {made: name for name, made in ours().menus[group][slot].items()}
    return kinds.get(type(strategy), type(strategy).__name__)


def chosen(setting: Setting, path: str) -> str:
    """Name the strategy that most members of a group follow in a setting."""
    group, slot = path.split(".")
    found = [named(group, slot, each.strategies[slot]) for each in setting.groups[group]]
    return max(sorted(set(found)), key=found.count) if found else ""

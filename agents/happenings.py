"""Dated events of a scenario: a number, a strategy or a list of partners that changes, for a firm or a whole group."""

from collections.abc import Sequence
from typing import Any, Protocol, Self

from watersellers.agents.advertisers import Advertisers
from watersellers.agents.enterprises import Enterprises
from watersellers.agents.firm import Common
from watersellers.agents.investors import Investors
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Event
from watersellers.agents.users import Users

# Numbers that are used up before the first month: an event that changed one would do nothing, or break the count.
DRAWN_AT_THE_START = frozenset(
    f"users.{number}"
    for number in (
        "people",
        "sample",
        "top_share",
        "top_sample",
        "worth_median",
        "worth_spread",
        "use_median",
        "use_spread",
        "taste",
        "friends",
        "rewired",
    )
)


def fixed(group: str, number: str) -> bool:
    """Whether a number is used up before the first month, so that no event can change it."""
    return number.startswith("opening_") or f"{group}.{number}" in DRAWN_AT_THE_START or number == "world_cash"


class HasNumbers(Protocol):
    """Anything with a name and numbers; firms and investors have strategies, firms partners too."""

    name: str

    def change(self, number: str, value: float) -> None:
        """Set one of its numbers."""


class Happenings:
    """Lets the month's events happen."""

    def __init__(self, events: tuple[Event, ...], groups: dict[str, Sequence[HasNumbers]], common: Common):
        self.events, self.groups, self.common = events, groups, common
        self.today: list[Event] = []

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Find everybody whose numbers an event can change."""
        groups: dict[str, Sequence[HasNumbers]] = {
            **parts.firms,
            "users": parts[Users].regions,
            "enterprises": parts[Enterprises].regions,
            "advertisers": parts[Advertisers].regions,
            "investors": parts[Investors].pools,
        }
        return cls(parts.setting.events, groups, parts.common)

    def happen(self, month: int) -> None:
        """Set every number and choice that an event of this month names."""
        self.today = [event for event in self.events if event.month == month]
        for event in self.today:
            keys = event.path.split(".")
            if event.what == "set":
                self._set(keys, event.value)
            else:
                self._choose(keys, event)

    def resume(self, month: int) -> None:
        """Take up the choices of all months before this one again, and remember the last month's events."""
        self.today = [event for event in self.events if event.month == month - 1]
        for event in self.events:
            if event.month < month and event.what != "set":
                self._choose(event.path.split("."), event)

    def _choose(self, path: list[str], event: Event) -> None:
        """Change a strategy, or whom a firm may buy from: ``group.slot`` or ``group.member.slot``."""
        group, *member, slot = path
        for holder in self.groups[group]:
            if not member or holder.name == member[0]:
                chooser: Any = holder  # regions have neither strategies nor partners, and no event of theirs gets here
                if event.what == "strategy":
                    chooser.take_up(slot, event.choice)
                else:
                    chooser.take_partners(slot, event.names)

    def _set(self, path: list[str], value: float) -> None:
        """Change one number: ``group.number`` for all members, ``group.member.number`` for one."""
        group, *member, number = path
        if group == "world":
            self.common.change(number, value)
            return
        for holder in self.groups[group]:
            if not member or holder.name == member[0]:
                holder.change(number, value)

"""Dated events of a scenario: a number that changes on a day, for one firm or for a whole group."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from agents.firm import Common
from agents.setting import Event

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


class HasTraits(Protocol):
    """Anything with a name and a frozen record of numbers."""

    name: str
    traits: Any


class Happenings:
    """Turns the calendar and lets the month's events happen."""

    def __init__(self, events: tuple[Event, ...], groups: dict[str, Sequence[HasTraits]], common: Common):
        self.events, self.groups, self.common = events, groups, common
        self.today: list[Event] = []

    def happen(self, month: int) -> None:
        """Set the month, and every number that an event of this month names."""
        self.common.month = month
        self.today = [event for event in self.events if event.month == month]
        for event in self.today:
            if event.what == "set":
                self._set(event.path.split("."), event.value)

    def _set(self, path: list[str], value: float) -> None:
        """Change one number: ``group.number`` for all members, ``group.member.number`` for one."""
        group, *member, number = path
        if group == "world":
            self.common.numbers[number] = value
            return
        for holder in self.groups[group]:
            if not member or holder.name == member[0]:
                holder.traits = replace(holder.traits, **{number: value})

"""Scenario events: in its month, each changes a number, a strategy or a list of partners of a firm or a group."""

from collections.abc import Sequence
from itertools import chain
from typing import Any, Protocol, Self

from watersellers.agents.apps.advertisers import Advertisers
from watersellers.agents.economy_parts import Parts
from watersellers.agents.enterprises.budgets import Enterprises
from watersellers.agents.enterprises.states import States
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.owners import Owners
from watersellers.agents.firm import Registers
from watersellers.agents.scenario_spec import Event
from watersellers.agents.users.month import Users
from watersellers.agents.work.segments import Segments
from watersellers.market.clock import Clock

# Numbers that are read before the first month only: an event on one would have no effect, or break the count of people.
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


SETTLED = DRAWN_AT_THE_START | {"world.world_cash", "apps.enters_at"}  # the last says whether an app has a date


def is_fixed(group: str, number: str) -> bool:
    """Whether a number says what a world begins with, so that no event can change it."""
    return number.startswith("opening_") or f"{group}.{number}" in SETTLED


class HasNumbers(Protocol):
    """Anything with a name and numbers; firms and investors have strategies too, and firms have partners."""

    name: str

    def change(self, number: str, value: float) -> None:
        """Set one of its numbers."""

    def obey(self, clock: Clock) -> None:
        """Be guarded: from now on nobody else changes it between two months."""


class ScenarioEvents:
    """The scenario's events, each of which takes effect in its month."""

    def __init__(self, events: tuple[Event, ...], groups: dict[str, Sequence[HasNumbers]], registers: Registers):
        self.events, self.groups, self.registers = events, groups, registers
        self.today: list[Event] = []

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Collect all participants whose numbers an event can change."""
        groups: dict[str, Sequence[HasNumbers]] = {
            **parts.firms,
            "users": parts[Users].regions,
            "enterprises": parts[Enterprises].regions,
            "advertisers": parts[Advertisers].regions,
            "work": parts[Segments],
            "investors": parts[Investors].pools,
            "owners": parts[Owners].owners,
            "states": parts[States].states,
        }
        parts.registers.obey(parts.registers.clock)
        for holder in chain.from_iterable(groups.values()):
            holder.obey(parts.registers.clock)
        return cls(parts.spec.events, groups, parts.registers)

    def happen(self, month: int) -> None:
        """Apply this month's scenario events."""
        self.today = [event for event in self.events if event.month == month]
        for event in self.today:
            keys = event.path.split(".")
            if event.what == "set":
                self._set(keys, event.value)
            else:
                self._choose(keys, event)

    def take(self, events: tuple[Event, ...]) -> None:
        """Replace the events, as when somebody changes a running world from its next month on."""
        self.events = events

    def resume(self, month: int) -> None:
        """Repeat the changes of strategies and partners of all earlier months, and remember last month's events."""
        self.today = [event for event in self.events if event.month == month - 1]
        for event in self.events:
            if event.month < month and event.what != "set":
                self._choose(event.path.split("."), event)

    def _choose(self, path: list[str], event: Event) -> None:
        """Change a strategy or a list of partners: ``group.decision`` for all, ``group.member.decision`` for one."""
        group, *member, decision = path
        for holder in self.groups[group]:
            if not member or holder.name == member[0]:
                chooser: Any = holder  # regions have neither strategies nor partners: the loader refuses such events
                if event.what == "strategy":
                    chooser.take_up(decision, event.choice)
                else:
                    chooser.take_partners(decision, event.names)

    def _set(self, path: list[str], value: float) -> None:
        """Change one number: ``group.number`` for all members, ``group.member.number`` for one."""
        group, *member, number = path
        if group == "world":
            self.registers.change(number, value)
            return
        for holder in self.groups[group]:
            if not member or holder.name == member[0]:
                holder.change(number, value)

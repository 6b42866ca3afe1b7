"""What a scenario hands to the agents: who is there, with which numbers, strategies and partners."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, ClassVar, Self

from watersellers.market.saved import Saved


class Traits:
    """Numbers of a firm, a region or a pool as a frozen record, filled from the parameter table."""

    __slots__ = ()

    @classmethod
    def of(cls, numbers: Mapping[str, float]) -> Self:
        """Take exactly the numbers that the record names.

        Raises
        ------
        ValueError
            If a number is missing or one too many is given: table and code have drifted apart.
        """
        exactly({each.name for each in fields(cls)}, numbers, cls)  # type: ignore[arg-type]
        return cls(**numbers)


def exactly(wanted: set[str], numbers: Mapping[str, float], record: type[Traits]) -> None:
    """Raise ValueError unless all numbers that are wanted are there, and no others."""
    if wanted != set(numbers):
        missing, extra = sorted(wanted - set(numbers)), sorted(set(numbers) - wanted)
        raise ValueError(f"{record.__name__}: missing numbers {missing}, unknown numbers {extra}")


class Numbers:
    """The numbers of a firm: a small frozen record for each mechanism that has any of its own.

    ``numbers[DeviceNumbers].device_price``; ``core`` is the record of what no mechanism owns.
    """

    SAVED: ClassVar[Saved] = {"values": dict[str, float]}

    def __init__(self, values: Mapping[str, float], core: type[Traits], *more: type[Traits]):
        self._kinds = (core, *more)
        named = [each.name for kind in self._kinds for each in fields(kind)]  # type: ignore[arg-type]
        if twice := sorted({name for name in named if named.count(name) > 1}):
            raise ValueError(f"{core.__name__}: two mechanisms have a number called {', '.join(twice)}; rename one")
        self.values = dict(values)

    def __getitem__[T: Traits](self, kind: type[T]) -> T:
        """Give the record of a mechanism."""
        record: T = self._records[kind]
        return record

    @property
    def values(self) -> dict[str, float]:
        """All numbers by their names."""
        return {each.name: getattr(record, each.name) for record in self._records.values() for each in fields(record)}

    @values.setter
    def values(self, values: dict[str, float]) -> None:
        """Take exactly the numbers that the records name.

        Raises
        ------
        ValueError
            If a number is missing or one too many is given: table and code have drifted apart.
        """
        named = {kind: [each.name for each in fields(kind)] for kind in self._kinds}  # type: ignore[arg-type]
        exactly({name for names in named.values() for name in names}, values, self._kinds[0])
        self._records: dict[type, Any] = {
            kind: kind(**{name: values[name] for name in names}) for kind, names in named.items()
        }
        self.core: Any = self._records[self._kinds[0]]

    def change(self, name: str, value: float) -> None:
        """Set one number, as a dated event does."""
        self.values = self.values | {name: value}


@dataclass(frozen=True)
class Member:
    """A firm, a region of an outside sector, or an investor, as the scenario describes it.

    ``enters`` is the month in which it comes in (0: there from the start), ``founder`` the investor
    who pays for that and for its rounds, ``partners`` the firms it may buy from (none: any in its region),
    ``title`` what it is called where people read it (any text; none: its name), ``patron`` the firm that
    gets a share of its revenue (none: nobody).
    """

    name: str
    key: int
    layer: str
    owner: str
    region: str
    enters: int
    founder: str
    numbers: Mapping[str, float]
    strategies: Mapping[str, Any]
    partners: Mapping[str, tuple[str, ...]]
    title: str = ""
    patron: str = ""


@dataclass(frozen=True)
class Event:
    """Something dated: what happens, to whom, to which number, choice of strategy or list of partners."""

    month: int
    what: str
    who: str
    path: str
    value: float
    text: str
    choice: Any = None  # the strategy that is taken up
    names: tuple[str, ...] = ()  # the firms that are partners from then on


@dataclass(frozen=True)
class Setting:
    """A scenario with everything resolved, ready to be lived."""

    scenario: str
    question: str
    start: date
    months: int
    groups: Mapping[str, tuple[Member, ...]]
    numbers: Mapping[str, float]
    events: tuple[Event, ...]

    def __repr__(self) -> str:
        there = ", ".join(f"{len(members)} {group}" for group, members in self.groups.items())
        lasts = f"{self.months} months from {self.start:%Y-%m}"
        return f"<Scenario {self.scenario!r}: {lasts}; {there}; {len(self.events)} events>"


@dataclass
class Regional:
    """A region of an outside sector: its account, and its numbers, which a dated event may change."""

    name: str
    traits: Any
    place: int

    def change(self, number: str, value: float) -> None:
        """Set one of its numbers, as a dated event does."""
        self.traits = replace(self.traits, **{number: value})

    def income(self, month: int) -> float:
        """Dollars that it takes in from outside the chain, and sets aside for what the chain sells."""
        return float(self.traits.set_aside(month))

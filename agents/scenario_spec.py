"""Specification of a scenario: its participants, with their numbers, strategies and partners, and its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, ClassVar, Self

from watersellers.market.saved import Saved
from watersellers.market.write_guard import FixedTable, Guarded, refuse_hand


class Traits:
    """Numbers of a firm, a region or an investor as a frozen record, filled from the parameter table."""

    __slots__ = ()

    def __init_subclass__(cls, **options: Any) -> None:
        """Let the refusal of a frozen record say what works instead.

        A dataclass with slots is made twice; the second time, its own refusal is there, which would win.
        """
        super().__init_subclass__(**options)
        if "__setattr__" in vars(cls):
            cls.__setattr__ = cls.__delattr__ = _refuse_number  # type: ignore[assignment, method-assign]

    @classmethod
    def of(cls, numbers: Mapping[str, float]) -> Self:
        """Fill the record with exactly the numbers that it names.

        Raises
        ------
        ValueError
            If a number is missing or unknown: the parameter table and the code differ.
        """
        require_exactly({each.name for each in fields(cls)}, numbers, cls)  # type: ignore[arg-type]
        return cls(**numbers)


def _refuse_number(traits: Traits, name: str, value: Any = None) -> None:
    """Refuse to write a number of a record."""
    refuse_hand(f"{type(traits).__name__}.{name}")


def require_exactly(wanted: set[str], numbers: Mapping[str, float], record: type[Traits]) -> None:
    """Raise ValueError unless exactly the numbers that a record names are there."""
    if wanted != set(numbers):
        missing, extra = sorted(wanted - set(numbers)), sorted(set(numbers) - wanted)
        raise ValueError(f"{record.__name__}: missing numbers {missing}, unknown numbers {extra}")


class Numbers(Guarded):
    """The numbers of a firm: a small frozen record for each mechanism that has numbers of its own.

    For example ``numbers[DeviceNumbers].device_price``. ``core`` is the record of numbers that no mechanism owns.
    """

    SAVED: ClassVar[Saved] = {"values": dict[str, float]}

    def __init__(self, values: Mapping[str, float], core: type[Traits], *more: type[Traits]):
        self._kinds = (core, *more)
        names = [each.name for kind in self._kinds for each in fields(kind)]  # type: ignore[arg-type]
        if shared := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{core.__name__}: two mechanisms have a number called {', '.join(shared)}; rename one")
        self._owner = {each.name: kind for kind in self._kinds for each in fields(kind)}  # type: ignore[arg-type]
        self.values = dict(values)

    def __getitem__[T: Traits](self, kind: type[T]) -> T:
        """Return the record of a mechanism."""
        record: T = self._records[kind]
        return record

    @property
    def values(self) -> dict[str, float]:
        """All numbers by their names."""
        return {each.name: getattr(record, each.name) for record in self._records.values() for each in fields(record)}

    @values.setter
    def values(self, values: dict[str, float]) -> None:
        """Fill the records with exactly the numbers that they name.

        Raises
        ------
        ValueError
            If a number is missing or unknown: the parameter table and the code differ.
        """
        named = {kind: [each.name for each in fields(kind)] for kind in self._kinds}  # type: ignore[arg-type]
        require_exactly({name for names in named.values() for name in names}, values, self._kinds[0])
        self._records: dict[type, Any] = {
            kind: kind(**{name: values[name] for name in names}) for kind, names in named.items()
        }
        self.core: Any = self._records[self._kinds[0]]

    def change(self, name: str, value: float) -> None:
        """Set one number, as a scenario event does."""
        kind = self._owner[name]
        self._records = self._records | {kind: replace(self._records[kind], **{name: value})}
        self.core = self._records[self._kinds[0]]


WHEN_GOOD_ENOUGH = 10**6  # later than any run: the month of entry of an app that waits for better models


@dataclass(frozen=True)
class ParticipantSpec:
    """A firm, a region of an outside sector, or an investor, as the scenario describes it.

    ``enters`` is the month in which it enters (0: there from the start; ``WHEN_GOOD_ENOUGH``: no month is set, it waits
    for better models), ``founder`` the investor who pays for that and for its rounds, ``partners`` the firms from which
    it may buy (none: any in its region), ``title`` its name in texts (any text; none: its name), ``patron`` its backer,
    the firm that gets a share of its revenue (none: nobody).
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

    @property
    def waits(self) -> bool:
        """Whether it enters once models are good enough, and not in a month that is set."""
        return self.numbers.get("enters_at", 0) > 0

    def __post_init__(self) -> None:
        for name in ("numbers", "strategies", "partners"):  # what is changed in place would change no world
            object.__setattr__(self, name, FixedTable(getattr(self, name)))


@dataclass(frozen=True)
class Event:
    """A scenario event: its month, and the number, strategy or list of partners that it changes.

    ``name`` is the one by which a scenario that extends this one can change it (none: it can't).
    """

    month: int
    what: str
    who: str
    path: str
    value: float
    text: str
    choice: Any = None  # the new strategy
    names: tuple[str, ...] = ()  # the new partners
    name: str = ""


@dataclass(frozen=True)
class ScenarioSpec:
    """A scenario with everything resolved, ready to run."""

    scenario: str
    question: str
    start: date
    months: int
    groups: Mapping[str, tuple[ParticipantSpec, ...]]
    numbers: Mapping[str, float]
    events: tuple[Event, ...]
    notes: tuple[str, ...] = field(default=(), compare=False)  # what the loader removed, shortened and dropped
    warnings: tuple[str, ...] = field(default=(), compare=False)  # what can never do what it is there for

    def __post_init__(self) -> None:
        for name in ("groups", "numbers"):  # as of a participant
            object.__setattr__(self, name, FixedTable(getattr(self, name)))

    def __repr__(self) -> str:
        groups = ", ".join(f"{len(members)} {group}" for group, members in self.groups.items() if members)
        span = f"{self.months} months from {self.start:%Y-%m}"
        return f"<Scenario {self.scenario!r}: {span}; {groups}; {len(self.events)} events>"


@dataclass
class RegionState(Guarded):
    """A region of an outside sector: its account, and its numbers, which a scenario event may change."""

    name: str
    traits: Any
    account: int

    def change(self, number: str, value: float) -> None:
        """Set one of its numbers, as a scenario event does."""
        self.traits = replace(self.traits, **{number: value})

    def income(self, month: int) -> float:
        """Dollars that it receives from outside the chain, and sets aside to spend in the chain."""
        return float(self.traits.set_aside(month))

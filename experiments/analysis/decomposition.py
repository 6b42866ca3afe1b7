"""Rent decomposition: the part of each layer's profit that each of six causes explains, alone and with the others.

Every combination of causes is a separate world, run with the same seeds. A cause's share is the profit that it adds
when it is switched on, averaged over all orders in which the causes can be switched on (Shapley 1953, from memory).
The shares add up exactly to the difference between the world with all causes and the world with none; they explain
that difference, and not all of upstream profit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import combinations
from math import factorial
from pathlib import Path
from typing import Annotated, Any

import polars as pl
from pydantic import Field

from watersellers.agents.scenario_spec import ParticipantSpec, ScenarioSpec
from watersellers.experiments.analysis.windows import (
    CALIBRATED_YEAR,
    Period,
    Window,
    headline_months,
    headline_window,
)
from watersellers.experiments.input.errors import BadInput, refuse, unknown
from watersellers.experiments.input.plain_values import plain_values
from watersellers.experiments.input.printable_text import VisibleText
from watersellers.experiments.input.scenario_warnings import unsaid
from watersellers.experiments.input.text_files import read_toml
from watersellers.experiments.loading.limits import check_runs
from watersellers.experiments.loading.loader import load_scenario, months_to
from watersellers.experiments.loading.schema import Table, calendar_month
from watersellers.experiments.loading.schema_messages import Place, dotted, schema_problems
from watersellers.experiments.runs.parallel import RunCase, measure_runs
from watersellers.experiments.runs.result import Result
from watersellers.market.goods import CHAIN

TABLE = Path(__file__).parents[1] / "causes.toml"
SEEDS = 5
USERS = 1000
FIRST_KEY = 9_001  # of firms that a switch adds

BUYERS = {"chips": "cloud", "cloud": "labs", "labs": "apps"}

type Causes = frozenset[str]  # the active ones


@dataclass(frozen=True)
class Cause:
    """A cause: its meaning, and how to take it out of a world (settings by path, and copies of a firm)."""

    name: str
    title: str
    meaning: str
    settings: Mapping[str, Any]
    copies: Mapping[str, Any] | None = None


class CopiesText(Table):
    """Copies of a firm, as written in the file of causes."""

    of: str
    number: Annotated[int, Field(ge=1, le=1_000)]
    divided: list[str]


class CauseText(Table):
    """A cause, as written in its file."""

    title: VisibleText
    meaning: VisibleText
    set: dict[str, Any] = Field(default_factory=dict)
    copies: CopiesText | None = None


@dataclass(frozen=True)
class Decomposition:
    """What each cause adds to each layer's profit, in cents.

    ``shares``: cents by seed, layer and cause, as exact Fractions. ``worlds``: cents by seed, layer and active causes.
    ``lived`` are the months of each run, ``window`` those of the profit.
    """

    causes: tuple[Cause, ...]
    seeds: int
    shares: Mapping[tuple[int, str, str], Fraction]
    worlds: Mapping[tuple[int, str, Causes], int]
    lived: Period

    @property
    def window(self) -> Window:
        """The window of the profit that is shared out."""
        return headline_window(self.lived)

    def ends(self, seed: int, layer: str) -> tuple[int, int]:
        """Return the profit with all causes, and with none."""
        everything = frozenset(cause.name for cause in self.causes)
        return self.worlds[seed, layer, everything], self.worlds[seed, layer, frozenset()]


def load_causes(path: Path = TABLE) -> tuple[Cause, ...]:
    """Read the causes, in the order of their file.

    Raises
    ------
    BadInput
        If the file can't be read, or anything in it is wrong.
    """
    causes = read_toml(path)
    for name, row in causes.items():
        problems = schema_problems(CauseText, row, {"copies": CopiesText}, partial(_place_in, name))
        refuse(f"{path}, {problem}" for problem in problems)
    return tuple(
        Cause(name, row["title"], row["meaning"], row.get("set", {}), row.get("copies")) for name, row in causes.items()
    )


def _place_in(name: str, place: Place) -> str:
    """Write a place in a cause's table."""
    return dotted((name, *place))


def world_without(off: Sequence[Cause], scenario: str = "baseline") -> ScenarioSpec:
    """Load the world without some causes; nobody is warned of what never happens there, since it was taken away.

    Raises
    ------
    BadInput
        If the scenario can't be read, or lacks what a cause's settings name.
    """
    overlay = Overlay(load_scenario(scenario), scenario)
    for cause in off:
        if cause.copies:
            overlay.copy(**cause.copies)
        for path, value in cause.settings.items():
            overlay.put(path, value)
    with unsaid():
        return load_scenario(overlay.doc, overlay.settings)


class Overlay:
    """Changes to a scenario: added firms, and settings by path."""

    def __init__(self, base: ScenarioSpec, name: str):
        self.base = base
        self.doc: dict[str, Any] = {"extends": name, "name": base.scenario, "question": base.question}
        self.members = {group: [one.name for one in there] for group, there in base.groups.items()}
        self.settings: dict[str, Any] = {}

    def put(self, path: str, value: Any) -> None:
        """Set a number or a choice; a star in the path stands for every member of the group."""
        group, *rest = path.split(".")
        if rest[:1] != ["*"]:
            self.settings[path] = value
        elif group in self.members:
            self.settings |= {".".join([group, one, *rest[1:]]): value for one in self.members[group]}
        else:
            raise BadInput(f"{path}: {unknown('group', group, self.members)}")

    def copy(self, of: str, number: int, divided: Sequence[str]) -> None:
        """Add copies of a firm that sell to all its buyers; the numbers in ``divided`` are split evenly among all.

        Copies of a firm that may enter may enter from the same month on, each by a decision of its own.
        """
        group, _, name = of.partition(".")
        whole = next((one for one in self.base.groups.get(group, ()) if one.name == name), None)
        if whole is None or group not in BUYERS:
            raise BadInput(
                f"copies, {of}: found no such firm in {self.base.scenario!r}, expected one of {'/'.join(BUYERS)}"
            )
        refuse(f"copies, {of}: {unknown('number', key, whole.numbers)}" for key in divided if key not in whole.numbers)
        names = [f"{name}_{copy}" for copy in range(2, number + 2)]
        parts = {key: whole.numbers[key] / (number + 1) for key in divided}
        entry = self._entry_of(whole) if whole.enters else {}
        for position, each in enumerate(names):
            copied = {"key": FIRST_KEY + position, "region": whole.region, **whole.numbers, **parts, **entry}
            self.doc.setdefault(group, {})[each] = copied
        self.members[group] += names
        self.settings |= {f"{of}.{key}": value for key, value in parts.items()}
        for buyer in self.base.groups[BUYERS[group]]:
            if name in buyer.partners.get(group, ()):
                self.settings[f"{BUYERS[group]}.{buyer.name}.{group}"] = [*buyer.partners[group], *names]

    def _entry_of(self, whole: ParticipantSpec) -> dict[str, str]:
        """Write from which month on a firm may enter, and who founds it."""
        founder = {"founder": whole.founder} if whole.founder else {}
        return {"enters": calendar_month(self.base.start, whole.enters)} | founder


def decompose(
    scenario: str = "baseline",
    seeds: int = SEEDS,
    months: int | None = None,
    users: int = USERS,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    causes: Sequence[Cause] | None = None,
) -> Decomposition:
    """Run every combination of causes over seeds, and attribute the difference in profit to the causes.

    Profit is operating profit in the calibrated year, or in the last twelve months of runs that do not cover it.

    Raises
    ------
    BadInput
        If the scenario or a cause is wrong, or a number out of range; nothing was run then.
    """
    seeds, months, users, workers = plain_values(seeds, months, users, workers)
    check_runs(seeds, users, workers, months)
    listed = tuple(causes or load_causes())
    worlds = {at: world_without([one for one in listed if one.name not in at], scenario) for at in _subsets(listed)}
    first = next(iter(worlds.values()))
    lasts = months or months_to(first, CALIBRATED_YEAR.last)
    keys = [(seed, at_work) for seed in range(1, seeds + 1) for at_work in worlds]
    cases = [RunCase(worlds[at_work], seed, users, lasts) for seed, at_work in keys]
    profit: dict[tuple[int, str, Causes], int] = {}
    for number, (key, found) in enumerate(zip(keys, measure_runs(cases, year_profit, workers), strict=True), start=1):
        profit |= {(key[0], layer, key[1]): cents for layer, cents in found.items()}
        if progress is not None:
            progress(number, len(cases))
    names = [one.name for one in listed]
    shares = {
        (seed, layer, name): share
        for seed in range(1, seeds + 1)
        for layer in CHAIN
        for name, share in shapley({at: profit[seed, layer, at] for at in worlds}, names).items()
    }
    return Decomposition(listed, seeds, shares, profit, Period.lived(first.start, lasts))


def _subsets(causes: Sequence[Cause]) -> list[Causes]:
    names = [one.name for one in causes]
    return [frozenset(some) for size in range(len(names) + 1) for some in combinations(names, size)]


def year_profit(result: Result) -> dict[str, int]:
    """Return the operating profit of each layer in the year of a run's headline, in cents; see ``headline_window``."""
    lived = Period.of(result.layers["month"].unique())
    rows = result.layers.filter(pl.col("layer").is_in(CHAIN))
    year = headline_months(lived).rows(rows) if lived else rows
    return dict(year.group_by("layer").agg(pl.col("operating_profit").sum()).iter_rows())


def shapley(worth: Mapping[Causes, int], causes: Sequence[str]) -> dict[str, Fraction]:
    """Return what each cause adds, averaged over all orders of the causes; the shares add up exactly.

    Parameters
    ----------
    worth : mapping
        The value with each combination of active causes, from none to all.
    causes : sequence of str
        The causes.
    """
    found = {}
    for cause in causes:
        others = [each for each in causes if each != cause]
        share = Fraction(0)
        for size in range(len(causes)):
            orders = Fraction(factorial(size) * factorial(len(others) - size), factorial(len(causes)))
            for some in combinations(others, size):
                share += orders * (worth[frozenset({*some, cause})] - worth[frozenset(some)])
        found[cause] = share
    return found

"""Sources of a run's months: a world that simulates them now, or a saved run."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Protocol

import numpy as np

from watersellers.agents.recorder import Record
from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.input.errors import BadInput, shown
from watersellers.experiments.input.text_files import parse_toml
from watersellers.experiments.loading.loader import load_scenario, with_length
from watersellers.experiments.runs.dated_changes import steer
from watersellers.experiments.runs.month_snapshots import (
    MonthMark,
    MonthSnapshot,
    Participants,
    UserChoices,
    participants_of,
    snapshot_of,
)
from watersellers.experiments.runs.result import Result
from watersellers.experiments.runs.run_spec import RunSpec, scenario_spec_of
from watersellers.experiments.runs.world import World
from watersellers.market.accounting.ledger import Journal, apply
from watersellers.market.chart_of_accounts import Item

PLACE = "manifest.json, scenario.text"
OPERATIONS = ("alive", "price", "quantity", "capacity", "used_share", "customers", "overridden")
FIXED = "run: found a saved run, which cannot be changed; start 'watersellers view' without it to simulate one that can"


class MonthSource(Protocol):
    """A run that returns its months one after the other."""

    @property
    def running(self) -> bool:
        """Whether there is another month."""

    def next(self) -> MonthSnapshot:
        """Return the next month."""

    def steer(self, spec: ScenarioSpec) -> None:
        """Change the months to come."""

    def close(self) -> None:
        """Release the run."""


class RunProvider(Protocol):
    """What resolves a run specification and starts the run."""

    def resolve(self, run_spec: RunSpec) -> ScenarioSpec:
        """Resolve a run specification into a scenario specification."""

    def start(self, spec: ScenarioSpec, run_spec: RunSpec) -> MonthSource:
        """Start a run before its first month."""


class LiveMonths:
    """The months of a world that is simulated in this process."""

    def __init__(self, spec: ScenarioSpec, run_spec: RunSpec):
        self._world = World(spec, rng=run_spec.seed, users=run_spec.users)
        self.participants = participants_of(self._world)

    @property
    def running(self) -> bool:
        """Whether there is another month."""
        return bool(self._world.running)

    def next(self) -> MonthSnapshot:
        """Simulate a month and return its snapshot."""
        mark = MonthMark.of(self._world) if self._world.month else MonthMark()
        self._world.step()
        return snapshot_of(self._world, mark, self.participants)

    def steer(self, spec: ScenarioSpec) -> None:
        """Change the months to come."""
        steer(self._world, spec)

    def close(self) -> None:
        """Do nothing: there is only memory to release."""


class NewWorlds:
    """Starts new worlds in this process."""

    def resolve(self, run_spec: RunSpec) -> ScenarioSpec:
        """Resolve a run specification with its dated changes."""
        return scenario_spec_of(run_spec)

    def start(self, spec: ScenarioSpec, run_spec: RunSpec) -> MonthSource:
        """Build the world."""
        return LiveMonths(spec, run_spec)


class SavedMonths:
    """The months of a saved run, read from its journal."""

    def __init__(self, result: Result):
        self._count, self._months = result.books.months, months_of(result)
        self._given = 0

    @property
    def running(self) -> bool:
        """Whether there is another month."""
        return self._given < self._count

    def next(self) -> MonthSnapshot:
        """Return the next month of the run."""
        self._given += 1
        return next(self._months)

    def steer(self, spec: ScenarioSpec) -> None:
        """Refuse any change of a saved run."""
        raise BadInput(FIXED)

    def close(self) -> None:
        """Do nothing: there is only memory to release."""


class SavedRun:
    """Starts a saved run from its first month."""

    def __init__(self, result: Result):
        self.result = result
        manifest = result.manifest
        self.run_spec = RunSpec(str(manifest["scenario"]["name"]), int(manifest["seed"]), int(manifest["users"]))
        self._spec = _spec_of(manifest)

    def resolve(self, run_spec: RunSpec) -> ScenarioSpec:
        """Return the run's own scenario specification.

        Raises
        ------
        BadInput
            If the run specification is that of another run.
        """
        if run_spec != self.run_spec:
            raise BadInput(FIXED)
        return self._spec

    def start(self, spec: ScenarioSpec, run_spec: RunSpec) -> MonthSource:
        """Start before the first month."""
        return SavedMonths(self.result)


def _spec_of(manifest: dict[str, Any]) -> ScenarioSpec:
    """Read the scenario in a run's manifest, with the run's number of months.

    Raises
    ------
    BadInput
        If the scenario extends another one, which could be any file.
    """
    scenario = parse_toml(manifest["scenario"]["text"], PLACE)
    if "extends" in scenario:
        raise BadInput(f"{PLACE}, extends: found {shown(scenario['extends'])}, expected a complete scenario")
    spec = replace(load_scenario(scenario), scenario=manifest["scenario"]["name"])
    return with_length(spec, manifest["months"])


def months_of(result: Result) -> Iterator[MonthSnapshot]:
    """Yield the months of a saved run: entries, events, and the balances after the entries."""
    journal, accounts = result.books.journal, result.books.accounts
    totals = np.zeros((len(accounts), len(Item)), dtype=np.int64)
    participants = Participants(accounts, _NONE, _NONE, _NONE, _NONE, ())
    for number in range(result.books.months):
        rows = journal.month == number
        entries = Journal(*(getattr(journal, field.name)[rows] for field in fields(Journal)))
        apply(entries, totals, {})
        yield MonthSnapshot(
            participants=participants,
            number=number,
            start=result.books.start,
            journal=entries,
            record=_record(result, number),
            cash=totals[:, Item.CASH].copy(),
            debt=-totals[:, Item.LOANS] - totals[:, Item.PAYABLES],
            users=UserChoices(_NONE, _NONE),
        )


_NONE = np.zeros(0, dtype=np.int64)


def _record(result: Result, number: int) -> Record:
    """Return a month's record as far as a run folder keeps it: the firms' operations, and the events."""
    day = result.layers["month"].unique().sort()[number]
    account = result.books.accounts.index
    firms = result.firms.filter(month=day).select("firm", *OPERATIONS).iter_rows()
    events = result.events.filter(month=day).select("what", "who", "text").iter_rows()
    return Record(
        operations=[(number, account[firm], *rest) for firm, *rest in firms],
        events=[(number, *row) for row in events],
    )

"""The content of one page at one moment: the address, the run, the words, and what is computed from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from watersellers.agents.economy_parts import accounts_of
from watersellers.agents.scenario_spec import ParticipantSpec
from watersellers.experiments.runs.month_snapshots import MonthSnapshot, layers_of, result_of
from watersellers.experiments.runs.result import Result
from watersellers.experiments.saving.manifest import RunInputs
from watersellers.market.goods import CHAIN
from watersellers.viz.charts.month_layout import DrawnAccount, MonthLayout, month_layout
from watersellers.viz.charts.streams import Scale, largest_stream
from watersellers.viz.drawing.chart import Chart, Table
from watersellers.viz.lab.view.address import Address
from watersellers.viz.lab.worlds.runner import View
from watersellers.viz.words.catalogue import Words


@dataclass(frozen=True, eq=False)
class History:
    """The months of a run up to the one shown, with their tables; made once for each month."""

    months: Sequence[MonthSnapshot]

    @cached_property
    def figures(self) -> pl.DataFrame:
        """The figures by account and month."""
        return pl.concat([month.figures for month in self.months])

    @cached_property
    def layers(self) -> pl.DataFrame:
        """The figures by layer and month."""
        return layers_of(self.figures)

    @cached_property
    def profits(self) -> dict[str, int]:
        """The operating profit of each layer of the chain over all months, in cents."""
        rows = self.months[0].accounts.rows
        sums = dict.fromkeys(CHAIN, 0)
        by_account = self.figures["operating_profit"].to_numpy().reshape(len(self.months), len(rows)).sum(axis=0)
        for row, profit in zip(rows, by_account.tolist(), strict=True):
            if row.layer in sums:
                sums[row.layer] += profit
        return sums


class LargestSizes:
    """Remembers the largest stream and holding of each month, so that no month is measured twice."""

    def __init__(self) -> None:
        self._known: dict[tuple[MonthSnapshot, bool], tuple[int, int]] = {}

    def scale(self, snapshots: Sequence[MonthSnapshot], plan: MonthLayout) -> Scale:
        """Return the scale of some months, from the largest stream and holding; forget all other months."""
        known = {}
        for month in snapshots:
            key = (month, plan.narrow)
            known[key] = self._known.get(key) or (largest_stream(month.payments, plan), most_held(month, plan))
        self._known = known
        sizes = list(known.values()) or [(1, 1)]
        return Scale(max(1, *(paid for paid, _ in sizes)), max(1, *(held for _, held in sizes)))


@dataclass(frozen=True, eq=False)
class Scene:
    """One moment of a page. ``charts`` collects by key the charts and tables that can be downloaded."""

    address: Address
    view: View
    say: Words
    narrow: bool = False
    guess: str = ""
    message: str = ""
    history: History | None = None
    largest: LargestSizes = field(default_factory=LargestSizes)
    other: "Scene | None" = None
    books: "tuple[Result, int] | None" = None
    statement: str = "income"
    period: str = "quarters"
    charts: dict[str, Chart | Table] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The number of the month shown; -1 before the first month."""
        last = len(self.view.snapshots) - 1
        asked = self.address.month
        return last if asked is None else min(asked, last)

    @property
    def month(self) -> MonthSnapshot | None:
        """The month shown; None before the first month."""
        return self.view.snapshots[self.number] if self.view.snapshots else None

    @property
    def following(self) -> bool:
        """Whether the newest month is shown."""
        return self.number == len(self.view.snapshots) - 1

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The names that the scenario gives its firms."""
        groups = self.view.spec.groups if self.view.spec else {}
        return {m.name: m.title for members in groups.values() for m in members if m.title}

    @cached_property
    def words(self) -> Words:
        """The words of the language, with the scenario's own names for firms."""
        return replace(self.say, firms={**self.say.firms, **self.titles})

    @cached_property
    def accounts(self) -> list[DrawnAccount]:
        """All accounts of this scenario, also before the first month."""
        if self.view.snapshots:
            return [DrawnAccount(row.name, row.layer, row.region) for row in self.view.snapshots[0].accounts.rows]
        return (
            [DrawnAccount(row.name, row.layer, row.region) for row in accounts_of(self.view.spec).rows]
            if self.view.spec
            else []
        )

    @cached_property
    def plan(self) -> MonthLayout:
        """The positions of the accounts in the graph."""
        return month_layout(self.accounts, self.narrow)

    @cached_property
    def scale(self) -> Scale:
        """The scale of widths and circles, the same for all months so far."""
        return self.largest.scale(self.view.snapshots, self.plan)

    def member(self, name: str) -> ParticipantSpec | None:
        """Find a firm of the scenario."""
        groups = self.view.spec.groups if self.view.spec else {}
        return next((member for layer in CHAIN for member in groups.get(layer, ()) if member.name == name), None)


def history_of(months: Sequence[MonthSnapshot], last: Scene | None) -> History:
    """Return the history of months (at least one), that of the last scene if it has the same months."""
    known = last.history if last else None
    return known if known and len(known.months) == len(months) and known.months[-1] is months[-1] else History(months)


def most_held(month: MonthSnapshot, plan: MonthLayout) -> int:
    """Return the largest cash or debt of a node in the chain, in cents."""
    sums: dict[str, list[int]] = {}
    for row, cash, debt in zip(month.accounts.rows, month.cash.tolist(), month.debt.tolist(), strict=True):
        if row.layer in CHAIN:
            held = sums.setdefault(plan.node_of[row.name], [0, 0])
            held[0] += cash
            held[1] += debt
    return max((max(pair) for pair in sums.values()), default=1)


def books_until(scene: Scene) -> Result:
    """Make the books of a run up to the month shown."""
    view = scene.view
    if view.spec is None or not view.snapshots:
        raise ValueError("books: found 0 months, expected at least 1; simulate a month first")
    inputs = RunInputs(view.run_spec.seed, view.run_spec.users, view.run_spec.set)
    return result_of(view.snapshots[: scene.number + 1], view.spec, inputs)

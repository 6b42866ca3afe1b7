"""What one page shows at one moment: the address, the run, the words, and what is worked out from them once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from watersellers.agents.parts import accounts_of
from watersellers.agents.setting import Member
from watersellers.experiments.result import Result
from watersellers.experiments.saving.manifest import Given
from watersellers.experiments.tape import Month, layers_of, result_of
from watersellers.market.goods import CHAIN
from watersellers.viz.charts.chart import Chart, Table
from watersellers.viz.charts.ground import Ground, Who, ground
from watersellers.viz.charts.streams import Scale, widest
from watersellers.viz.live.address import Address
from watersellers.viz.live.runner import View
from watersellers.viz.words import Words


@dataclass(frozen=True, eq=False)
class Past:
    """The months of a tape up to one, with what is drawn of all of them; made once for each month."""

    months: Sequence[Month]

    @cached_property
    def figures(self) -> pl.DataFrame:
        """Figures by account and month."""
        return pl.concat([month.figures for month in self.months])

    @cached_property
    def layers(self) -> pl.DataFrame:
        """Figures by layer and month."""
        return layers_of(self.figures)

    @cached_property
    def profits(self) -> dict[str, int]:
        """Operating profit of each layer of the chain over all months, in cents."""
        rows = self.months[0].accounts.rows
        sums = dict.fromkeys(CHAIN, 0)
        by_account = self.figures["operating_profit"].to_numpy().reshape(len(self.months), len(rows)).sum(axis=0)
        for row, profit in zip(rows, by_account.tolist(), strict=True):
            if row.layer in sums:
                sums[row.layer] += profit
        return sums


class Gauge:
    """Remembers how large the largest things of each month are, so that no month is measured twice."""

    def __init__(self) -> None:
        self._known: dict[tuple[Month, bool], tuple[int, int]] = {}

    def scale(self, tape: Sequence[Month], plan: Ground) -> Scale:
        """Measure the largest stream and the largest stock over some months; those that are gone are forgotten."""
        known = {}
        for month in tape:
            key = (month, plan.narrow)
            known[key] = self._known.get(key) or (widest(month.paid, plan), most_held(month, plan))
        self._known = known
        sizes = list(known.values()) or [(1, 1)]
        return Scale(max(1, *(paid for paid, _ in sizes)), max(1, *(held for _, held in sizes)))


@dataclass(frozen=True, eq=False)
class Scene:
    """One moment of a page. ``charts`` collects what can be taken away as a file, by its key."""

    address: Address
    view: View
    say: Words
    narrow: bool = False
    guess: str = ""
    message: str = ""
    past: Past | None = None
    gauge: Gauge = field(default_factory=Gauge)
    other: "Scene | None" = None
    books: "tuple[Result, int] | None" = None
    statement: str = "income"
    period: str = "quarters"
    charts: dict[str, Chart | Table] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The number of the month that is shown; -1 before the first."""
        last = len(self.view.tape) - 1
        asked = self.address.month
        return last if asked is None else min(asked, last)

    @property
    def month(self) -> Month | None:
        """The month that is shown, None before the first."""
        return self.view.tape[self.number] if self.view.tape else None

    @property
    def following(self) -> bool:
        """Whether the newest month is shown, and not an earlier one."""
        return self.number == len(self.view.tape) - 1

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What the scenario calls its firms."""
        groups = self.view.setting.groups if self.view.setting else {}
        return {m.name: m.title for members in groups.values() for m in members if m.title}

    @cached_property
    def words(self) -> Words:
        """The words, with the scenario's own names for firms."""
        return replace(self.say, firms={**self.say.firms, **self.titles})

    @cached_property
    def accounts(self) -> list[Who]:
        """Everybody who has an account in this scenario, before the first month too."""
        if self.view.tape:
            return [Who(row.name, row.layer, row.region) for row in self.view.tape[0].accounts.rows]
        return (
            [Who(row.name, row.layer, row.region) for row in accounts_of(self.view.setting).rows]
            if self.view.setting
            else []
        )

    @cached_property
    def plan(self) -> Ground:
        """Where everybody stands."""
        return ground(self.accounts, self.narrow)

    @cached_property
    def scale(self) -> Scale:
        """The measure of widths and circles, one for all months lived so far."""
        return self.gauge.scale(self.view.tape, self.plan)

    def member(self, name: str) -> Member | None:
        """Find a firm of the scenario."""
        groups = self.view.setting.groups if self.view.setting else {}
        return next((m for layer in CHAIN for m in groups.get(layer, ()) if m.name == name), None)


def most_held(month: Month, plan: Ground) -> int:
    """Give the cents of the largest cash or debt of a place in the chain."""
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
    if view.setting is None or not view.tape:
        raise ValueError("books: no month is lived yet")
    given = Given(view.recipe.seed, view.recipe.users, view.recipe.set)
    return result_of(view.tape[: scene.number + 1], view.setting, given)

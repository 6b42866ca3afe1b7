"""A run as it is being lived, month by month: immutable columns that any thread may read while the world goes on.

A month on the tape holds what the world wrote in it and what stands at its end. Results, books and the month's figures
are made of the tape alone, so whoever draws never touches the world.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
import polars as pl

from watersellers.agents.records import Record
from watersellers.agents.setting import Setting
from watersellers.experiments.result import Result
from watersellers.experiments.saving.manifest import Given, manifest_of
from watersellers.experiments.scenario import lasting
from watersellers.market.accounts import Accounts
from watersellers.market.books import Books, flows_frame
from watersellers.market.goods import CHAIN, GOODS, Good, Item
from watersellers.market.ledger import Journal
from watersellers.market.statements import FINAL
from watersellers.market.units import Column

_GOODS = [GOODS[good].name for good in Good]  # by code
COSTS = (Item.COST_OF_SALES, Item.OPERATING_COST, Item.DEPRECIATION, Item.IMPAIRMENT)


@dataclass(frozen=True, eq=False)
class Cast:
    """Who there is in a run from its first month to its last: its accounts, and its simulated users, a row each.

    ``region`` is a place in ``regions``, ``weight`` the people a user stands for, ``use`` its queries a month if
    nothing limits it, ``worth`` dollars a unit of utility.
    """

    accounts: Accounts
    region: Column
    weight: Column
    use: Column
    worth: Column
    regions: tuple[str, ...]

    def __post_init__(self) -> None:
        _keep_still(self.region, self.weight, self.use, self.worth)


@dataclass(frozen=True, eq=False)
class Users:
    """What each simulated user uses at a month's end: its app's place among the apps, -1 for none; 1 where it pays."""

    app: Column
    tier: Column


class Paid(NamedTuple):
    """What one account paid another in a month for a good, each by name, in cents."""

    payer: str
    payee: str
    good: str
    cents: int


@dataclass(frozen=True, eq=False)
class Month:
    """One month of a run, frozen: its journal entries, its rows of the record, and the stocks at its end.

    ``number`` counts from 0; ``cash`` and ``debt`` are cents by account, shape (accounts,).
    """

    cast: Cast
    number: int
    start: date
    journal: Journal
    record: Record
    cash: Column
    debt: Column
    users: Users

    def __post_init__(self) -> None:
        entries = (getattr(self.journal, field.name) for field in fields(Journal))
        _keep_still(*entries, self.cash, self.debt, self.users.app, self.users.tier)

    @property
    def accounts(self) -> Accounts:
        """All accounts of the run."""
        return self.cast.accounts

    @property
    def day(self) -> date:
        """The first day of the month."""
        count = self.start.year * 12 + self.start.month - 1 + self.number
        return date(count // 12, count % 12 + 1, 1)

    def books(self) -> Books:
        """The entries of this month alone, as books."""
        return Books(self.accounts, self.journal, self.start, self.number + 1)

    @cached_property
    def flows(self) -> pl.DataFrame:
        """Every payment of this month, as in the run folder; the opening is not among them."""
        return flows_frame(self.books()).filter(pl.col("month") == self.day)

    @cached_property
    def paid(self) -> tuple[Paid, ...]:
        """Add up the payments of this month by payer, payee and good."""
        rows, names, size = self.journal, self.accounts.names, len(self.accounts)
        cash = (rows.phase > 0) & (rows.debit_item == Item.CASH) & (rows.credit_item == Item.CASH)
        keys = (rows.credit_account[cash] * size + rows.debit_account[cash]) * len(Good) + rows.good[cash]
        kinds, kind = np.unique(keys, return_inverse=True)
        sums = np.zeros(len(kinds), dtype=np.int64)
        np.add.at(sums, kind, rows.cents[cash])
        pair, good = np.divmod(kinds, len(Good))
        columns = (*(side.tolist() for side in np.divmod(pair, size)), good.tolist(), sums.tolist())
        return tuple(Paid(names[a], names[b], _GOODS[good], cents) for a, b, good, cents in zip(*columns, strict=True))

    @cached_property
    def figures(self) -> pl.DataFrame:
        """Add up the month by account, in cents, from its own entries.

        Columns: month, firm, layer, revenue, operating_profit, bought_from_chain, cash, debt.
        """
        sums = self._sums()
        profit = -sums[:, Item.REVENUE] - sums[:, list(COSTS)].sum(axis=1)
        columns = {
            "month": pl.repeat(self.day, len(sums), dtype=pl.Date, eager=True),
            "firm": self.accounts.names,
            "layer": [row.layer for row in self.accounts.rows],
            "revenue": -sums[:, Item.REVENUE],
            "operating_profit": profit,
            "bought_from_chain": self._bought(),
            "cash": self.cash,
            "debt": self.debt,
        }
        return pl.DataFrame(columns)

    def _lived(self) -> Column:
        """Choose the entries that are this month's economy: not the opening, and not what closes the month."""
        return (self.journal.phase > 0) & (self.journal.good != Good.CLOSING)

    def _sums(self) -> Column:
        """Debits less credits by account and item, shape (accounts, items)."""
        lived, rows = self._lived(), self.journal
        total = np.zeros((len(self.accounts), len(Item)), dtype=np.int64)
        np.add.at(total, (rows.debit_account[lived], rows.debit_item[lived]), rows.cents[lived])
        np.subtract.at(total, (rows.credit_account[lived], rows.credit_item[lived]), rows.cents[lived])
        return total

    def _bought(self) -> Column:
        """Cents invoiced to each account by firms of the chain, shape (accounts,)."""
        chain = np.array([row.layer in CHAIN for row in self.accounts.rows])
        total, rows, lived = np.zeros(len(self.accounts), dtype=np.int64), self.journal, self._lived()
        own = rows.debit_account == rows.credit_account
        sides = (
            (rows.credit_account, rows.credit_item, rows.debit_account, 1),
            (rows.debit_account, rows.debit_item, rows.credit_account, -1),
        )
        for seller, item, across, sign in sides:
            buyer = np.where(own, rows.counterparty, across)
            sold = lived & (item == Item.REVENUE) & chain[seller] & (buyer >= 0)
            np.add.at(total, buyer[sold], sign * rows.cents[sold])
        return total


@dataclass(frozen=True, eq=False)
class Mark:
    """How far a world has written: entries come in chunks, records in rows. What lies beyond is the next month's."""

    chunks: int = 0
    operations: int = 0
    apps: int = 0
    users: int = 0
    events: int = 0

    @classmethod
    def of(cls, world: Any) -> Self:
        """Mark where a world stands."""
        rows = {field.name: len(getattr(world.record, field.name)) for field in fields(Record)}
        return cls(len(world.economy.ledger.chunks), **rows)


def cast_of(world: Any) -> Cast:
    """Look at what was drawn for a world once and stays."""
    people = world.users.users.people
    return Cast(
        accounts=world.accounts,
        region=people.region.view(),
        weight=people.weight.view(),
        use=people.use.view(),
        worth=people.worth.view(),
        regions=tuple(member.name for member in world.users.users.members),
    )


def month_of(world: Any, since: Mark, cast: Cast) -> Month:
    """Freeze what a world has written since a mark, which must be one month; copies whatever the world changes."""
    people = world.users.users.people
    ledger, record = world.economy.ledger, world.record
    rows = {field.name: getattr(record, field.name)[getattr(since, field.name) :] for field in fields(Record)}
    owed = -ledger.totals[:, Item.LOANS] - ledger.totals[:, Item.PAYABLES]
    return Month(
        cast=cast,
        number=world.month - 1,
        start=world.setting.start,
        journal=Journal.joined(ledger.chunks[since.chunks :]),
        record=Record(**rows),
        cash=ledger.totals[:, Item.CASH].copy(),
        debt=owed,
        users=Users(people.app.copy(), people.tier.copy()),
    )


def _keep_still(*columns: Column) -> None:
    """Let nobody write to columns."""
    for column in columns:
        column.flags.writeable = False


def result_of(months: Sequence[Month], setting: Setting, given: Given) -> Result:
    """Make the result of a run from the months on its tape, from the first on: the same as its world would give."""
    last = months[-1]
    journal = Journal.joined([month.journal for month in months])
    told = lasting(setting, len(months))
    books = Books(last.accounts, journal, last.start, len(months))
    rows = {
        field.name: [row for month in months for row in getattr(month.record, field.name)] for field in fields(Record)
    }
    return Result.of(books, Record(**rows), manifest_of(told, given, books))


def layers_of(figures: pl.DataFrame) -> pl.DataFrame:
    """Add up months' figures by layer.

    Columns: month, layer, revenue, operating_profit, bought_from_chain, cash, debt (cents), operating_margin (null
    without revenue) and, for layers of the chain, profit_over_final_spending (null without spending).
    """
    sums = ["revenue", "operating_profit", "bought_from_chain", "cash", "debt"]
    table = figures.group_by("month", "layer", maintain_order=True).agg(pl.col(sums).sum())
    profit, chain = pl.col("operating_profit"), pl.col("layer").is_in(CHAIN)
    spent = pl.col("bought_from_chain").filter(pl.col("layer").is_in(FINAL)).sum().over("month")
    return table.with_columns(
        pl.when(pl.col("revenue") != 0).then(profit / pl.col("revenue")).alias("operating_margin"),
        pl.when(chain & (spent != 0)).then(profit / spent).alias("profit_over_final_spending"),
    )

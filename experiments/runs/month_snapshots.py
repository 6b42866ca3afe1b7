"""Snapshots of a running world, month by month: immutable columns that any thread may read while the world goes on.

A snapshot holds the entries of its month and the balances at its end. Results, books and figures are made from
snapshots alone, so drawing them never touches the world.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
import polars as pl

from watersellers.agents.recorder import Record
from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.loading.loader import with_length
from watersellers.experiments.runs.result import Result
from watersellers.experiments.saving.manifest import RunInputs, make_manifest
from watersellers.market.accounting.accounts import Accounts
from watersellers.market.accounting.journal_tables import Books, flows_frame
from watersellers.market.accounting.ledger import Journal
from watersellers.market.accounting.statements import FINAL
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column
from watersellers.market.goods import CHAIN, GOODS, Good

_GOODS = [GOODS[good].name for good in Good]  # by code
COSTS = (Item.COST_OF_SALES, Item.OPERATING_COST, Item.DEPRECIATION, Item.IMPAIRMENT)


@dataclass(frozen=True, eq=False)
class Participants:
    """The participants of a run from its first month to its last: its accounts, and its simulated users, one row each.

    ``region`` is an index into ``regions``, ``weight`` the people that a user represents, ``use`` its queries per month
    without limits, ``worth`` dollars per unit of utility.
    """

    accounts: Accounts
    region: Column
    weight: Column
    use: Column
    worth: Column
    regions: tuple[str, ...]

    def __post_init__(self) -> None:
        _make_read_only(self.region, self.weight, self.use, self.worth)


@dataclass(frozen=True, eq=False)
class UserChoices:
    """Each simulated user's choice at a month's end: the index of its app, -1 for none; ``tier`` is 1 if it pays."""

    app: Column
    tier: Column


class Payment(NamedTuple):
    """The sum that one account paid another in a month for a good, by name, in cents."""

    payer: str
    payee: str
    good: str
    cents: int


@dataclass(frozen=True, eq=False)
class MonthSnapshot:
    """One month of a run, read-only: its journal entries, its rows of the record, and the balances at its end.

    ``number`` counts from 0; ``cash`` and ``debt`` are cents by account, shape (accounts,).
    """

    participants: Participants
    number: int
    start: date
    journal: Journal
    record: Record
    cash: Column
    debt: Column
    users: UserChoices

    def __post_init__(self) -> None:
        entries = (getattr(self.journal, each.name) for each in fields(Journal))
        _make_read_only(*entries, self.cash, self.debt, self.users.app, self.users.tier)

    @property
    def accounts(self) -> Accounts:
        """Return all accounts of the run."""
        return self.participants.accounts

    @property
    def day(self) -> date:
        """Return the first day of the month."""
        count = self.start.year * 12 + self.start.month - 1 + self.number
        return date(count // 12, count % 12 + 1, 1)

    def books(self) -> Books:
        """Return books with the entries of this month alone."""
        return Books(self.accounts, self.journal, self.start, self.number + 1)

    @cached_property
    def flows(self) -> pl.DataFrame:
        """Return every payment of this month, as in the run folder, without the opening entries."""
        return flows_frame(self.books()).filter(pl.col("month") == self.day)

    @cached_property
    def overridden(self) -> dict[str, tuple[str, ...]]:
        """List by firm the decisions of this month of which a rule changed the strategy's answer."""
        names = self.accounts.names
        return {names[account]: tuple(told.split(", ")) for _, account, *_, told in self.record.operations if told}

    @cached_property
    def payments(self) -> tuple[Payment, ...]:
        """Add up the payments of this month by payer, payee and good."""
        rows, names, size = self.journal, self.accounts.names, len(self.accounts)
        cash = (rows.phase > 0) & (rows.debit_item == Item.CASH) & (rows.credit_item == Item.CASH)
        keys = (rows.credit_account[cash] * size + rows.debit_account[cash]) * len(Good) + rows.good[cash]
        kinds, kind = np.unique(keys, return_inverse=True)
        sums = np.zeros(len(kinds), dtype=np.int64)
        np.add.at(sums, kind, rows.cents[cash])
        pair, good = np.divmod(kinds, len(Good))
        columns = (*(side.tolist() for side in np.divmod(pair, size)), good.tolist(), sums.tolist())
        return tuple(
            Payment(names[a], names[b], _GOODS[good], cents) for a, b, good, cents in zip(*columns, strict=True)
        )

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

    def _of_this_month(self) -> Column:
        """Select the entries of this month's economy, without opening and closing entries."""
        return (self.journal.phase > 0) & (self.journal.good != Good.CLOSING)

    def _sums(self) -> Column:
        """Compute debits less credits by account and item, in cents, shape (accounts, items)."""
        in_month, rows = self._of_this_month(), self.journal
        total = np.zeros((len(self.accounts), len(Item)), dtype=np.int64)
        np.add.at(total, (rows.debit_account[in_month], rows.debit_item[in_month]), rows.cents[in_month])
        np.subtract.at(total, (rows.credit_account[in_month], rows.credit_item[in_month]), rows.cents[in_month])
        return total

    def _bought(self) -> Column:
        """Compute the cents invoiced to each account by firms of the chain, shape (accounts,)."""
        chain = np.array([row.layer in CHAIN for row in self.accounts.rows])
        total, rows, in_month = np.zeros(len(self.accounts), dtype=np.int64), self.journal, self._of_this_month()
        own = rows.debit_account == rows.credit_account
        sides = (
            (rows.credit_account, rows.credit_item, rows.debit_account, 1),
            (rows.debit_account, rows.debit_item, rows.credit_account, -1),
        )
        for seller, item, across, sign in sides:
            buyer = np.where(own, rows.counterparty, across)
            sold = in_month & (item == Item.REVENUE) & chain[seller] & (buyer >= 0)
            np.add.at(total, buyer[sold], sign * rows.cents[sold])
        return total


@dataclass(frozen=True, eq=False)
class MonthMark:
    """The lengths of a world's journal (in chunks) and of each of its records (in rows) between two months."""

    chunks: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, world: Any) -> Self:
        """Mark the present lengths of a world's journal and records."""
        rows = {each.name: len(getattr(world._record, each.name)) for each in fields(Record)}
        return cls(len(world._economy.ledger.chunks), rows)


def participants_of(world: Any) -> Participants:
    """Collect the participants of a world, which stay the same all the time."""
    people = world._users.users.people
    return Participants(
        accounts=world.accounts,
        region=people.region.view(),
        weight=people.weight.view(),
        use=people.use.view(),
        worth=people.worth.view(),
        regions=tuple(member.name for member in world._users.users.members),
    )


def snapshot_of(world: Any, since: MonthMark, participants: Participants) -> MonthSnapshot:
    """Take a snapshot of the one month that a world has written since a mark; columns that will change are copied."""
    people = world._users.users.people
    ledger, record = world._economy.ledger, world._record
    rows = {each.name: getattr(record, each.name)[since.rows.get(each.name, 0) :] for each in fields(Record)}
    owed = -ledger.totals[:, Item.LOANS] - ledger.totals[:, Item.PAYABLES]
    return MonthSnapshot(
        participants=participants,
        number=world.month - 1,
        start=world.spec.start,
        journal=Journal.joined(ledger.chunks[since.chunks :]),
        record=Record(**rows),
        cash=ledger.totals[:, Item.CASH].copy(),
        debt=owed,
        users=UserChoices(people.app.copy(), people.tier.copy()),
    )


def _make_read_only(*columns: Column) -> None:
    """Make columns read-only."""
    for column in columns:
        column.flags.writeable = False


def result_of(months: Sequence[MonthSnapshot], spec: ScenarioSpec, inputs: RunInputs) -> Result:
    """Make the result of a run from its snapshots, from the first month on: the same as the world's own result."""
    last = months[-1]
    journal = Journal.joined([month.journal for month in months])
    spec_so_far = with_length(spec, len(months))
    books = Books(last.accounts, journal, last.start, len(months))
    rows = {each.name: [row for month in months for row in getattr(month.record, each.name)] for each in fields(Record)}
    return Result.of(books, Record(**rows), make_manifest(spec_so_far, inputs, books))


def layers_of(figures: pl.DataFrame) -> pl.DataFrame:
    """Add up the figures of months by layer.

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

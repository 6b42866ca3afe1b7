"""A closed month as the checks see it: the books now and one month ago, and both sides of the entries between."""

from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from watersellers.market.accounting.ledger import Journal, Ledger
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column
from watersellers.market.goods import Good


@dataclass(frozen=True)
class Snapshot:
    """The books at a month's close, kept apart from the ledger.

    ``claims`` are codes of (item, account, counterparty) and their cents; ``money`` is the total of all cash
    when the run began.
    """

    totals: Column
    claims: tuple[Column, Column]
    chunks: int
    batch: int
    money: int


@dataclass(frozen=True)
class Postings:
    """Both sides of the month's entries; debits above 0, credits below; ``other`` is -1 without a counterparty."""

    batch: Column
    account: Column
    item: Column
    other: Column
    good: Column
    cents: Column


@dataclass(frozen=True)
class MonthUnderAudit:
    """What a check may read: the ledger now, the books one month ago, the entries between, the share register.

    ``shares`` is None, or shares issued by each account, shape (n,), and held by each of each, shape (n, n).
    """

    ledger: Ledger
    before: Snapshot
    rows: Journal
    claims: tuple[Column, Column]
    shares: tuple[Column, Column] | None

    @cached_property
    def legs(self) -> Postings:
        """The entries' two sides, all debits and then all credits."""
        rows = self.rows
        own = rows.debit_account == rows.credit_account
        return Postings(
            np.tile(rows.batch, 2),
            np.concatenate([rows.debit_account, rows.credit_account]),
            np.concatenate([rows.debit_item, rows.credit_item]),
            np.concatenate(
                [np.where(own, rows.counterparty, side) for side in (rows.credit_account, rows.debit_account)]
            ),
            np.tile(rows.good, 2),
            np.concatenate([rows.cents, -rows.cents]),
        )

    @cached_property
    def sold(self) -> Column:
        """Which entries are invoices."""
        return (self.rows.credit_item == Item.REVENUE) & (self.rows.good != Good.CLOSING)


def sums(key: Column, cents: Column) -> tuple[Column, Column]:
    """Add up cents by key, exactly: the keys whose sum is not 0, in order, and those sums."""
    order = np.argsort(key)
    ordered = key[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    total = np.add.reduceat(cents[order], starts) if len(starts) else cents[:0]
    return ordered[starts][total != 0], total[total != 0]


def coded(ledger: Ledger) -> tuple[Column, Column]:
    """Write the ledger's claims as columns: one code for item, account and counterparty, and cents."""
    n = len(ledger.claims)
    keys = np.fromiter(chain.from_iterable(ledger.claims), dtype=np.int64, count=3 * n).reshape(n, 3)
    return code_of(ledger, *keys.T), np.fromiter(ledger.claims.values(), dtype=np.int64, count=n)


def code_of(ledger: Ledger, item: Column, account: Column, other: Column) -> Column:
    """Number a claim; the counterparty counts from -1."""
    n = len(ledger.accounts)
    return (item * n + account) * (n + 1) + other + 1


def snapshot(ledger: Ledger, money: int | None = None) -> Snapshot:
    """Copy the books; ``money`` is the run's opening cash in cents, counted now where not given."""
    total = int(ledger.totals[:, Item.CASH].sum()) if money is None else money
    return Snapshot(ledger.totals.copy(), coded(ledger), len(ledger.chunks), ledger.batch, total)

"""The ledger: the only place where money moves.

The books are double entry with the counterparty named. A journal row debits an item of one account
and credits an item of the same or another account by a positive number of cents. A sale is two rows:
what the goods did (debit the buyer's cost, credit the seller's revenue) and what the money did (debit
the seller's cash, credit the buyer's), or, where the buyer cannot pay, the claim (debit the seller's
receivables, credit the buyer's payables). So each account's own debits equal its credits batch by batch,
which is checked and not assumed, and cash only ever moves from one account to another.

The claims of a row are between its two accounts; where both are the same (a write-off), the column
``counterparty`` names the other. ``NOBODY`` stands there otherwise.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from watersellers.market.accounting.accounts import Accounts
from watersellers.market.chart_of_accounts import CLAIMS, HAS_COUNTERPARTY, INCOME_ITEMS, Item
from watersellers.market.clock import Clock
from watersellers.market.exact import Column, split, whole
from watersellers.market.goods import CENT, GOODS, Good
from watersellers.market.saved import Saved
from watersellers.market.trade.orders import Columns, Trades, columns

NOBODY = -1  # journal code for "no counterparty"; written as null in every table
_COUNTED = np.array([GOODS[good].unit != CENT for good in Good])
_CLAIM_ITEMS = np.array([item in HAS_COUNTERPARTY for item in Item])


class LedgerError(ArithmeticError):
    """An entry that the books refuse."""


@columns
class Entries(Columns):
    """Journal rows before they are numbered; all int64 columns, shape (n,), cents above 0."""

    debit_account: Column
    debit_item: Column
    credit_account: Column
    credit_item: Column
    counterparty: Column
    good: Column
    quantity: Column
    price: Column
    cents: Column

    @classmethod
    def made(cls, debit: tuple, credit: tuple, cents: Column, good: Column | int, **also: Column | int) -> "Entries":
        """Make rows from (account, item) pairs, spreading single values over the cents; rows of 0 cents drop out."""
        kept = cents.nonzero()[0]
        if not len(kept):
            return cls(*[kept] * len(cls.__dataclass_fields__))
        counterparty, quantity, price = also.get("counterparty", NOBODY), also.get("quantity", 1), also.get("price", 0)
        values = (*debit, *credit, counterparty, good, quantity, price, cents)
        table = np.empty((len(values), len(kept)), dtype=np.int64)
        for number, value in enumerate(values):
            table[number] = value[kept] if isinstance(value, np.ndarray) else value
        return cls(*table)


@dataclass(frozen=True, slots=True, eq=False)
class Journal(Columns):
    """Every entry of the books with its month, phase and batch; the run's whole history of money, which stays."""

    month: Column
    phase: Column
    batch: Column
    debit_account: Column
    debit_item: Column
    credit_account: Column
    credit_item: Column
    counterparty: Column
    good: Column
    quantity: Column
    price: Column
    cents: Column

    def __post_init__(self) -> None:
        """Let no entry be changed."""
        for column in self.table:
            column.setflags(write=False)


class Ledger:
    """Balances of all accounts, and the journal from which they can be rebuilt.

    ``totals[account, item]`` is in cents, debits positive, so that liabilities, equity and revenue are
    negative there. ``claims[item, account, counterparty]`` splits the items that have counterparties.
    """

    SAVED: ClassVar[Saved] = {"credit_line": Column}

    def __init__(self, accounts: Accounts, clock: Clock | None = None):
        self.accounts = accounts
        self.clock = clock or Clock()  # the month and the phase that the next entries belong to
        self.totals = np.zeros((len(accounts), len(Item)), dtype=np.int64)
        self.claims: dict[tuple[int, int, int], int] = {}
        self.credit_line = np.zeros(len(accounts), dtype=np.int64)
        self.batch = 0
        self.chunks: list[Journal] = []

    @property
    def cash(self) -> Column:
        """Cash of every account in cents, shape (accounts,); a copy, so that callers cannot change it."""
        return self.totals[:, Item.CASH].copy()

    @property
    def free_cash(self) -> Column:
        """Cash of every account beyond its unpaid bills in cents, at least 0, shape (accounts,)."""
        return np.maximum(0, self.totals[:, Item.CASH] + self.totals[:, Item.PAYABLES])

    def post(self, *parts: Entries) -> None:
        """Write rows as one numbered batch.

        Raises
        ------
        LedgerError
            If cents are not positive, an account's own debits and credits differ, or cash would fall
            below the account's credit line. Nothing is written then.
        """
        rows = Entries.joined(parts)
        if not len(rows):
            return
        self._refuse(rows)
        self.batch += 1
        stamp = np.empty((3, len(rows)), dtype=np.int64)
        stamp.T[:] = self.clock.month, self.clock.phase, self.batch
        chunk = Journal(*stamp, *rows.table)
        self.chunks.append(chunk)
        apply(chunk, self.totals, self.claims)

    def _refuse(self, rows: Entries) -> None:
        """Raise LedgerError if the rows break a rule of the books."""
        if rows.cents.min() <= 0:
            raise LedgerError(f"an entry of {rows.cents.min()} cents: entries are positive, the other side is named")
        own = np.zeros(len(self.accounts), dtype=np.int64)
        cash = np.zeros(len(self.accounts), dtype=np.int64)
        np.add.at(own, rows.debit_account, rows.cents)
        np.subtract.at(own, rows.credit_account, rows.cents)
        if own.any():
            account = int(np.flatnonzero(own)[0])
            raise LedgerError(f"I2: {self._name(account)}: debits exceed credits by {own[account]} cents in one batch")
        paid = rows.credit_item == Item.CASH
        np.subtract.at(cash, rows.credit_account[paid], rows.cents[paid])
        after = self.totals[:, Item.CASH] + cash + self.credit_line
        short = np.flatnonzero((after < 0) & (cash < 0))
        if len(short):
            raise LedgerError(f"I4: {self._name(short[0])} is asked to pay {-after[short[0]]} cents more than it has")

    def _name(self, account: int) -> str:
        """Name of an account, for a message."""
        return self.accounts.names[account]

    def settle(self, trades: Trades, order: Column) -> None:
        """Invoice deals and pay them as one batch, out of what each buyer had before it.

        What a buyer has prepaid to that seller counts first. For the rest, a buyer that has enough
        pays in full; one that has not pays all it has, split over its invoices in proportion (largest
        remainders, ties by ``order``, one number for each account), and owes what is left.
        """
        if not len(trades):
            return
        prepaid = self._prepaid(trades)
        paid = self._payable(trades, trades.cents - prepaid, order)
        owed = trades.cents - prepaid - paid
        deal = {"quantity": trades.quantity, "price": trades.price}
        buyer, seller, good = trades.buyer, trades.seller, trades.good
        self.post(
            Entries.made((buyer, trades.item), (seller, Item.REVENUE), trades.cents, good, **deal),
            Entries.made((seller, Item.CUSTOMER_DEPOSITS), (buyer, Item.PREPAYMENTS), prepaid, good, **deal),
            Entries.made((seller, Item.CASH), (buyer, Item.CASH), paid, good, **deal),
            Entries.made((seller, Item.RECEIVABLES), (buyer, Item.PAYABLES), owed, good, **deal),
        )

    def _prepaid(self, trades: Trades) -> Column:
        """Cents of each invoice that the buyer's deposit with the seller covers, first rows first, shape (n,).

        A deposit is for goods that are counted: wages, research and media are never paid out of one.
        """
        used = np.zeros(len(trades), dtype=np.int64)
        counted = _COUNTED[trades.good].nonzero()[0]
        if not len(counted):
            return used
        left: dict[tuple[int, int], int] = {}
        pairs = zip(trades.seller[counted].tolist(), trades.buyer[counted].tolist(), strict=True)
        for row, pair, due in zip(counted.tolist(), pairs, trades.cents[counted].tolist(), strict=True):
            if deposit := left.get(pair, -self.claims.get((Item.CUSTOMER_DEPOSITS, *pair), 0)):
                used[row] = min(due, deposit)
                left[pair] = deposit - min(due, deposit)
        return used

    def _payable(self, trades: Trades, due: Column, order: Column) -> Column:
        """Cents of each invoice that its buyer can pay, shape (n,)."""
        total = np.zeros(len(self.accounts), dtype=np.int64)
        np.add.at(total, trades.buyer, due)
        free = np.maximum(self.totals[:, Item.CASH] + self.credit_line, 0)
        paid = due.copy()
        for buyer in np.flatnonzero(total > free).tolist():
            rows = np.flatnonzero(trades.buyer == buyer)
            ties = order[trades.seller[rows]].tolist()
            paid[rows] = split(int(free[buyer]), due[rows].tolist(), ties)
        return paid

    def transfer(
        self, payer: Column, payee: Column, cents: Column, items: tuple[int, int], good: int, **also: Column
    ) -> None:
        """Move money that is not a sale: capital, dividends, deposits.

        ``items`` are the item that the payer debits and the item that the payee credits.

        Raises
        ------
        LedgerError
            If a payer does not have the money; the caller must check first.
        """
        self.post(
            Entries.made((payer, items[0]), (payee, items[1]), cents, good, **also),
            Entries.made((payee, Item.CASH), (payer, Item.CASH), cents, good, **also),
        )

    def owed(self, item: Item) -> list[tuple[int, int, int]]:
        """Claims of one item as (account, counterparty, cents), cents positive, in the accounts' order."""
        sign = 1 if item in CLAIMS or item == Item.HOLDINGS else -1
        return sorted((a, b, sign * amount) for (kind, a, b), amount in self.claims.items() if kind == item and amount)

    def pay_arrears(self, order: Column) -> None:
        """Pay arrears as far as each debtor's cash goes, in proportion to the claims."""
        debts = [(a, b, amount) for a, b, amount in self.owed(Item.PAYABLES) if self.totals[a, Item.CASH] > 0]
        rows = [(a, Item.PAYABLES, b, Good.ARREARS, 1, amount, amount) for a, b, amount in debts]
        trades = Trades.of(rows)
        if not len(trades):
            return
        paid = self._payable(trades, trades.cents, order)
        self.post(
            Entries.made((trades.buyer, Item.PAYABLES), (trades.seller, Item.RECEIVABLES), paid, Good.ARREARS),
            Entries.made((trades.seller, Item.CASH), (trades.buyer, Item.CASH), paid, Good.ARREARS),
        )

    def close_month(self) -> None:
        """Close the month's income and expense items into equity, so that only stocks stay in the books."""
        for side in (1, -1):
            nominal = self.totals[:, INCOME_ITEMS[0] :] * side
            account, column = np.nonzero(nominal > 0)
            cents, item = nominal[account, column], column + INCOME_ITEMS[0]
            ends = [(account, Item.EQUITY), (account, item)][::side]
            self.post(Entries.made(ends[0], ends[1], cents, Good.CLOSING))

    def journal(self) -> Journal:
        """All entries so far as one set of columns."""
        return Journal.joined(self.chunks)


def apply(rows: Journal, totals: Column, claims: dict[tuple[int, int, int], int]) -> None:
    """Add journal rows to balances: the one rule by which the books are kept and replayed (I12)."""
    flat, items = totals.reshape(-1), totals.shape[1]  # one index is quicker than two
    np.add.at(flat, rows.debit_account * items + rows.debit_item, rows.cents)
    np.subtract.at(flat, rows.credit_account * items + rows.credit_item, rows.cents)
    own = rows.debit_account == rows.credit_account
    sides = (
        (rows.debit_account, rows.debit_item, rows.credit_account, 1),
        (rows.credit_account, rows.credit_item, rows.debit_account, -1),
    )
    for account, item, other, sign in sides:
        named = _CLAIM_ITEMS[item].nonzero()[0]
        if not len(named):
            continue
        across = np.where(own, rows.counterparty, other)[named]
        keys = zip(item[named].tolist(), account[named].tolist(), across.tolist(), strict=True)
        for key, cents in zip(keys, rows.cents[named].tolist(), strict=True):
            claims[key] = claims.get(key, 0) + sign * cents


def replay(journal: Journal, accounts: int) -> tuple[Column, dict[tuple[int, int, int], int]]:
    """Rebuild all balances and claims from the journal alone.

    Returns
    -------
    Column, dict
        Cents by account and item, debits above 0, shape (accounts, items); cents by (item, account, counterparty),
        without those that are 0.
    """
    totals = np.zeros((accounts, len(Item)), dtype=np.int64)
    claims: dict[tuple[int, int, int], int] = {}
    apply(journal, totals, claims)
    return totals, {key: cents for key, cents in claims.items() if cents}


def opening(ledger: Ledger, account: int, item: Item, cents: int, counterparty: int = NOBODY) -> None:
    """Write an opening balance of an asset against the account's own equity (before the first month)."""
    column = whole([cents])
    ledger.post(Entries.made((account, item), (account, Item.EQUITY), column, Good.OPENING, counterparty=counterparty))

"""Origins of money: every account's cash in whole cents by where it came from, followed from payment to payment.

A source is an outside account (users, enterprises, advertisers, investors, lenders, older businesses, the rest
of the world), or ``opening``: what the firms of the chain had when the books were opened. The conventions:

- Within a batch no account pays out money that it receives in the same batch. A payment carries the mix of origins
  that its payer had before the batch (``ProRata``), or its payer's oldest money (``FirstIn``).
- A firm passes money on with its origins. An outside account keeps money under the origins with which it came, but
  pays it out as its own: all that users pay is users' money, wherever their income came from. Money whose origin
  changes in this way is counted as ``recycled``.

Whatever the convention, origins add up to every balance to the cent after every batch (I10).
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import Protocol, Self

import numpy as np

from watersellers.market.accounting.accounts import Accounts
from watersellers.market.accounting.ledger import Journal, Ledger
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, split
from watersellers.market.goods import CHAIN, Good

OPENING = "opening"
EXACT = 2**53  # cents up to which a double counts every cent


@dataclass(frozen=True)
class Sources:
    """Names of the sources in order; ``own`` is each account's own source, ``outside`` whether it is not a firm."""

    names: tuple[str, ...]
    own: Column
    outside: Column

    @classmethod
    def of(cls, accounts: Accounts) -> Self:
        """Make a source of each outside account, in order, and one of the firms' opening cash."""
        outside = np.array([row.layer not in CHAIN for row in accounts.rows], dtype=bool)
        names = [row.name for row in accounts.rows if row.layer not in CHAIN]
        own = np.where(outside, np.cumsum(outside) - 1, len(names))
        return cls((*names, OPENING), own, outside)


class Convention(Protocol):
    """The convention by which money of several origins leaves an account."""

    @property
    def held(self) -> Column:
        """Cents of each account by source, shape (accounts, sources)."""

    def take(self, payer: Column, cents: Column) -> Column:
        """Take payments out of what their payers have; cents of each by source, shape (payments, sources)."""

    def put(self, payee: Column, parts: Column) -> None:
        """Add to accounts the money that payments carry, by source, shape (payments, sources)."""


def in_proportion(held: Column, total: Column, cents: Column) -> Column:
    """Split payments in proportion to what their payers hold: whole cents, leaving nothing over.

    Each part is rounded down; cents left over go to the largest remainders, equal ones in the order of sources.
    Products exceed 64 bits: doubles guess the quotient to a few cents, and the remainder, small enough to be right
    in arithmetic modulo 2 ** 64, corrects the guess. Totals that a double can't count go by Python's whole numbers.

    Parameters
    ----------
    held : Column
        What each payer holds by source, shape (n, sources).
    total, cents : Column
        The sum of that, and the payment, at most as much; shape (n,), above 0.
    """
    if total.max(initial=0) >= EXACT:
        order = range(held.shape[1])
        return np.array([split(pay, row, order) for pay, row in zip(cents.tolist(), held.tolist(), strict=True)])
    guess = (held * (cents / total)[:, None]).astype(np.int64)
    wrapped = held.view(np.uint64) * cents.view(np.uint64)[:, None]
    wrapped -= guess.view(np.uint64) * total.view(np.uint64)[:, None]
    more, rest = np.divmod(wrapped.view(np.int64), total[:, None])
    parts = guess + more
    largest = np.argsort(-rest, axis=1, kind="stable")
    left = (cents - parts.sum(axis=1))[:, None]
    np.put_along_axis(more, largest, np.arange(held.shape[1]) < left, axis=1)
    return parts + more


class ProRata:
    """Money of all origins is mixed: each payment carries the mix that its payer had before the batch."""

    def __init__(self, names: Sequence[str], sources: int):
        self.names = names
        self.held = np.zeros((len(names), sources), dtype=np.int64)

    def take(self, payer: Column, cents: Column) -> Column:
        """Take each payment pro rata; where rounding would overdraw a source, take its payer's payments one by one."""
        due, total = np.zeros(len(self.names), dtype=np.int64), self.held.sum(axis=1)
        np.add.at(due, payer, cents)
        if (due > total).any():
            account = int(np.argmax(due > total))
            raise overdrawn(self.names[account], int(due[account] - total[account]))
        parts = in_proportion(self.held[payer], total[payer], cents)
        remaining = self.held.copy()
        _add(remaining, payer, -parts)
        for account in np.flatnonzero((remaining < 0).any(axis=1)).tolist():
            rows, remaining[account] = np.flatnonzero(payer == account), self.held[account]
            for row in rows:
                parts[row] = split(int(cents[row]), remaining[account].tolist(), range(remaining.shape[1]))
                remaining[account] -= parts[row]
        self.held[:] = remaining
        return parts

    def put(self, payee: Column, parts: Column) -> None:
        """Mix in the money that came."""
        _add(self.held, payee, parts)


class FirstIn:
    """Money goes out in the order in which it came in, entry by entry; an entry spent in part goes pro rata."""

    def __init__(self, names: Sequence[str], sources: int):
        self.names, self.sources = names, sources
        self.lots: list[deque[list[int]]] = [deque() for _ in names]

    @property
    def held(self) -> Column:
        """Cents of each account by source."""
        none = np.zeros(self.sources, dtype=np.int64)
        return np.array([np.array(lots, dtype=np.int64).sum(axis=0) if lots else none for lots in self.lots])

    def take(self, payer: Column, cents: Column) -> Column:
        """Take payments in the order of the entries."""
        rows = [self._draw(account, pay) for account, pay in zip(payer.tolist(), cents.tolist(), strict=True)]
        return np.array(rows, dtype=np.int64).reshape(len(rows), self.sources)

    def _draw(self, account: int, cents: int) -> list[int]:
        """Take a payment out of an account's oldest entries; return its cents by source."""
        lots, total = self.lots[account], [0] * self.sources
        while cents:
            if not lots:
                raise overdrawn(self.names[account], cents)
            lot = lots.popleft()
            if sum(lot) > cents:
                part = split(cents, lot, range(self.sources))
                lots.appendleft([had - spent for had, spent in zip(lot, part, strict=True)])
                lot = part
            cents -= sum(lot)
            total = [before + more for before, more in zip(total, lot, strict=True)]
        return total

    def put(self, payee: Column, parts: Column) -> None:
        """Queue the money that came."""
        for account, lot in zip(payee.tolist(), parts.tolist(), strict=True):
            self.lots[account].append(lot)


CONVENTIONS: dict[str, Callable[[Sequence[str], int], Convention]] = {"pro-rata": ProRata, "fifo": FirstIn}


def overdrawn(name: str, cents: int) -> ValueError:
    """Make the error of a payment without an origin: money out of a credit line has none."""
    return ValueError(f"{name} pays {cents} cents more than it has: origins are not traced through credit lines")


def _add(to: Column, rows: Column, parts: Column) -> None:
    """Add rows of cents by source to accounts."""
    width = to.shape[1]
    np.add.at(to.reshape(-1), (rows[:, None] * width + np.arange(width)).reshape(-1), parts.reshape(-1))


class Origins:
    """Origins of all cash up to a batch; fed with the journal as it grows, or with a whole one to be rebuilt.

    Parameters
    ----------
    accounts : Accounts
        All accounts of the run.
    by : str
        The convention, a key of ``CONVENTIONS``.

    Raises
    ------
    ValueError
        If there is no such convention.
    """

    def __init__(self, accounts: Accounts, by: str = "pro-rata"):
        if by not in CONVENTIONS:
            near = get_close_matches(by, CONVENTIONS, n=1)
            meant = f"Did you mean {near[0]!r}?" if near else f"There are {', '.join(CONVENTIONS)}."
            raise ValueError(f"unknown convention {by!r}. {meant}")
        self.sources = Sources.of(accounts)
        width = len(self.sources.names)
        self.mixing = CONVENTIONS[by](accounts.names, width)
        self.recycled = np.zeros((width, width), dtype=np.int64)  # cents, by their new source and their source before
        self.batch = 0  # the last that was followed

    @property
    def held(self) -> Column:
        """Cents of each account by source, shape (accounts, sources)."""
        return self.mixing.held

    def follow(self, ledger: Ledger) -> None:
        """Follow the entries that a ledger has written since the last call."""
        new = 0
        while new < len(ledger.chunks) and ledger.chunks[-new - 1].batch[0] > self.batch:
            new += 1
        self.feed(Journal.joined(ledger.chunks[len(ledger.chunks) - new :]))

    def feed(self, rows: Journal) -> Column:
        """Follow entries that come after those followed so far; opening cash stands before all payments.

        Returns
        -------
        Column
            Cents by source that each payment of cash carries, shape (payments, sources), in the journal's order.

        Raises
        ------
        ValueError
            If the entries were followed already, or an account pays more than it holds.
        """
        if not len(rows):
            return self.recycled[:0].copy()
        if rows.batch[0] <= self.batch:
            raise ValueError(f"batch {rows.batch[0]} was followed already, up to {self.batch}")
        opened = rows.where((rows.good == Good.OPENING) & (rows.debit_item == Item.CASH))
        self.mixing.put(opened.debit_account, self._as_own(opened.debit_account, opened.cents))
        paid = payments(rows)
        found = waves(paid.credit_account, paid.debit_account, paid.batch)
        payer, payee, cents = paid.credit_account, paid.debit_account, paid.cents
        carried = [self._move(payer[wave], payee[wave], cents[wave]) for wave in found]
        self.batch = int(rows.batch[-1])
        return np.concatenate([self.recycled[:0], *carried])

    def _move(self, payer: Column, payee: Column, cents: Column) -> Column:
        """Let payments of one wave carry their origins; money that outside accounts pay becomes their own."""
        carried, outside = self.mixing.take(payer, cents), self.sources.outside[payer]
        if outside.any():
            changed, outsiders = carried[outside], payer[outside]
            _add(self.recycled, self.sources.own[outsiders], changed)
            carried[outside] = self._as_own(outsiders, cents[outside])
        self.mixing.put(payee, carried)
        return carried

    def _as_own(self, accounts: Column, cents: Column) -> Column:
        """Write cents as money of each account's own source, shape (n, sources)."""
        parts = np.zeros((len(accounts), len(self.sources.names)), dtype=np.int64)
        parts[np.arange(len(accounts)), self.sources.own[accounts]] = cents
        return parts


def payments(rows: Journal) -> Journal:
    """Entries by which cash goes from one account to another."""
    return rows.where((rows.debit_item == Item.CASH) & (rows.credit_item == Item.CASH))


def waves(payer: Column, payee: Column, batch: Column) -> Iterator[Column]:
    """Cut payments into runs of batches in which no account pays after an earlier batch of the run has touched it.

    Batches of one wave change nothing for each other's payers, so the payments of a wave are made at once.
    """
    payers, payees = payer.tolist(), payee.tolist()
    cuts = [0, *(np.flatnonzero(np.diff(batch)) + 1).tolist(), len(batch)]
    begin, touched = 0, set[int]()
    for start, end in pairwise(cuts):
        if not touched.isdisjoint(payers[start:end]):
            yield np.arange(begin, start)
            begin, touched = start, set()
        touched.update(payers[start:end], payees[start:end])
    if len(batch):
        yield np.arange(begin, len(batch))

"""Pinned payments: the part of what outsiders pay to the chain that they would pay if nothing had happened in it.

Each payment from outside has a shadow, which says what it would have been with the chain of the first month
(``agents/shadows``). The smaller of the two is pinned, the rest has moved. Whatever is paid in the first month is
pinned, and so is what firms had when the books were opened. Another question is whether a ceiling holds a payment.
Money of all four kinds is followed from payment to payment pro rata, in whole cents, as origins are; so a layer's
receipts tell how much of them is still an input of the scenario.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum

import numpy as np
import polars as pl

from watersellers.market.accounting.accounts import Accounts
from watersellers.market.accounting.ledger import Journal
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, among, split
from watersellers.market.goods import ALL_TOKENS, CHAIN, Good
from watersellers.market.money_origin.origins import ProRata, payments, waves

KINDS = ("pinned_held", "pinned_free", "moved_held", "moved_free")
OPENING_KIND = KINDS.index("pinned_free")
FIRST_MONTHS = 3  # whose mean is the shadow of a payment that has none of its own


class Use(StrEnum):
    """What an outsider pays for, as far as its payments share one shadow."""

    WORK = "work"
    COMPUTE = "compute"
    OWN_USE = "own_use"
    CAPITAL = "capital"
    SEATS = "seats"


CARRIED = (Use.CAPITAL,)  # paid at intervals: what the shadow would have paid earlier counts later
FOR_WORK = (*ALL_TOKENS, Good.APPLIANCES, Good.SEATS_BUSINESS, Good.QUERIES_BUSINESS)
USES: Mapping[tuple[str, Good], Use] = {
    **{("enterprises", good): Use.WORK for good in FOR_WORK},
    ("enterprises", Good.HOURS): Use.COMPUTE,
    ("enterprises", Good.ACCELERATORS): Use.COMPUTE,
    ("users", Good.SEATS): Use.SEATS,
    ("users", Good.QUERIES_PAID): Use.SEATS,
    ("world", Good.HOURS): Use.OWN_USE,
    ("world", Good.CONTRIBUTION): Use.CAPITAL,
    ("investors", Good.SHARES): Use.CAPITAL,
}
# Receipts that are capital or debts, and no price of a good
NO_SALES = (Good.SHARES, Good.CONTRIBUTION, Good.DIVIDEND, Good.INCOME, Good.INTEREST, Good.LOAN, Good.REPAYMENT)

OF_RECEIPTS = ("input_share", "ceiling_share")  # columns of ``input_shares``
ANYBODY = -1  # payee of a shadow that says what is paid to all firms of the chain together

type Group = tuple[int, int, str]  # payer, payee, and use; or the good where there is no use
type Place = tuple[int, Group]  # what a group pays in a month


def input_shares(journal: Journal, accounts: Accounts, shadows: pl.DataFrame) -> pl.DataFrame:
    """Follow pinned money through the chain, and compute its share in what each layer receives for what it sells.

    Parameters
    ----------
    journal : Journal
        All entries of the books, the opening first.
    accounts : Accounts
        The accounts of the run.
    shadows : pl.DataFrame
        The shadows of payments: month, payer, payee (account numbers), use, cents, held (share of the true payment).

    Returns
    -------
    pl.DataFrame
        month (from 0), layer, received (cents that other layers and outsiders paid it for goods, and as deposits),
        input_share and ceiling_share of that (null in month 0, which has no shadows); of layers of the chain, in months
        in which they received any.
    """
    paid, months = payments(journal), int(journal.month.max(initial=0)) + 1
    inside = np.array([row.layer in CHAIN for row in accounts.rows])
    paid = paid.where(inside[paid.credit_account] | inside[paid.debit_account])
    carried = _followed(journal, paid, inside, _kinds_from_outside(paid, accounts, shadows, months))
    layers = np.array([row.layer for row in accounts.rows])
    sales = inside[paid.debit_account] & (layers[paid.debit_account] != layers[paid.credit_account])
    sales &= ~among(paid.good, NO_SALES)
    kinds = {kind: carried[sales, number] for number, kind in enumerate(KINDS)}
    rows = pl.DataFrame({"month": paid.month[sales], "layer": layers[paid.debit_account[sales]], **kinds})
    sums = rows.group_by("month", "layer", maintain_order=True).agg(pl.col(KINDS).sum())
    total = pl.sum_horizontal(KINDS)
    return sums.select(
        "month",
        "layer",
        received=total,
        input_share=(pl.col("pinned_held") + pl.col("pinned_free")) / total,
        ceiling_share=pl.when(pl.col("month") > 0).then((pl.col("pinned_held") + pl.col("moved_held")) / total),
    )


def mean_share(column: str) -> pl.Expr:
    """Average a share over the rows at hand, weighted by what was received; null where none is known."""
    known = pl.col("received").filter(pl.col(column).is_not_null()).sum()
    return pl.when(known > 0).then((pl.col(column) * pl.col("received")).sum() / known)


def _followed(journal: Journal, paid: Journal, inside: Column, from_outside: Column) -> Column:
    """Cents that each payment carries, by kind, shape (payments, kinds); what firms had at the opening is pinned."""
    mixing, carried = ProRata([""] * len(inside), len(KINDS)), from_outside.copy()
    opened = journal.where((journal.good == Good.OPENING) & (journal.debit_item == Item.CASH))
    opened = opened.where(inside[opened.debit_account])
    had = np.zeros((len(opened), len(KINDS)), dtype=np.int64)
    had[:, OPENING_KIND] = opened.cents
    mixing.put(opened.debit_account, had)
    nobody = -1 - np.arange(len(paid))  # outsiders are not followed: each end of each payment is another one
    payer = np.where(inside[paid.credit_account], paid.credit_account, nobody)
    payee = np.where(inside[paid.debit_account], paid.debit_account, nobody - len(paid))
    for wave in waves(payer, payee, paid.batch):
        mine = wave[payer[wave] >= 0]
        carried[mine] = mixing.take(payer[mine], paid.cents[mine])
        mine = wave[payee[wave] >= 0]
        mixing.put(payee[mine], carried[mine])
    return carried


def _kinds_from_outside(paid: Journal, accounts: Accounts, shadows: pl.DataFrame, months: int) -> Column:
    """Split payments from outside into kinds of money, in cents, shape (payments, kinds); 0 for those of firms."""
    kinds = np.zeros((len(paid), len(KINDS)), dtype=np.int64)
    groups = _grouped(paid, accounts)
    totals = {place: sum(cents for _, cents in rows) for place, rows in sorted(groups.items())}
    for place, pinned, held in _pinned(totals, shadows, months):
        moved, rows = totals[place] - pinned, groups[place]
        left = [round(pinned * held), pinned - round(pinned * held), round(moved * held), moved - round(moved * held)]
        for (row, pay), remaining in zip(rows, _remaining([cents for _, cents in rows]), strict=True):
            kinds[row] = split(pay, left, range(len(KINDS))) if remaining else left
            left = [before - part for before, part in zip(left, kinds[row].tolist(), strict=True)]
    return kinds


def _remaining(cents: list[int]) -> Iterator[int]:
    """Yield the sum of the payments that follow each."""
    left = sum(cents)
    for each in cents:
        left -= each
        yield left


def _grouped(paid: Journal, accounts: Accounts) -> dict[Place, list[tuple[int, int]]]:
    """Group payments from outside by month, payer and use; of each the row and the cents."""
    groups: dict[Place, list[tuple[int, int]]] = {}
    columns = (paid.month, paid.credit_account, paid.debit_account, paid.good, paid.cents)
    for row, (month, payer, payee, good, cents) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        layer = accounts.rows[payer].layer
        if layer not in CHAIN:
            use = USES.get((layer, good))
            one = use is None or use is Use.CAPITAL
            group = payer, payee if one else ANYBODY, use or Good(good).name
            groups.setdefault((month, group), []).append((row, cents))
    return groups


def _pinned(totals: Mapping[Place, int], shadows: pl.DataFrame, months: int) -> Iterator[tuple[Place, int, float]]:
    """Yield for each group, in the order of months, the cents that are pinned and the share that a ceiling holds."""
    usual, rows = _first_months(totals, min(FIRST_MONTHS, months)), list(shadows.iter_rows())
    own = {(month, (payer, payee, use)): (cents, held) for month, payer, payee, use, cents, held in rows}
    banked: dict[Group, int] = {}  # shadows of what is paid at intervals, as far as they were not used
    for place in sorted({*totals, *own}):
        (month, group), paid = place, totals.get(place, 0)
        shadow, held = own.get(place, (usual.get(group, 0), 0.0))
        if group[2] in CARRIED:
            shadow = banked.get(group, 0) + (own[place][0] if place in own else 0)
        pinned = paid if month == 0 else min(paid, shadow)
        if group[2] in CARRIED and month > 0:
            banked[group] = shadow - pinned
        if place in totals:
            yield place, pinned, held


def _first_months(totals: Mapping[Place, int], months: int) -> dict[Group, int]:
    """Cents a month that each group paid in the first months, from its first payment on."""
    first: dict[Group, list[tuple[int, int]]] = {}
    for (month, group), cents in totals.items():
        if month < months:
            first.setdefault(group, []).append((month, cents))
    return {group: sum(cents for _, cents in rows) // (months - rows[0][0]) for group, rows in first.items()}

"""What must hold at every month's close, checked in whole columns and apart from the code that is checked.

``snapshot`` is taken once the opening balances are written, ``check_books`` after each month's books are
closed; it gives the snapshot for the next month, or raises. A check is a function that is shown the month
and returns a sentence that says what is wrong, or None. To add a check, add it to a tuple (``enforce`` takes any).
"""

from collections.abc import Callable, Iterable
from datetime import date

import numpy as np

from watersellers.market.accounting.ledger import Journal, Ledger
from watersellers.market.audit.month_under_audit import MonthUnderAudit, Snapshot, code_of, coded, sums
from watersellers.market.chart_of_accounts import CLAIMS, HAS_COUNTERPARTY, INCOME_ITEMS, Item
from watersellers.market.exact import Column, among, whole
from watersellers.market.goods import GOODS, NANO_A_CENT, Good

PHASES = 12
_NAMED = np.isin(list(Item), HAS_COUNTERPARTY)
_LOTS = whole(GOODS[good].per * NANO_A_CENT for good in Good)
_SHOWN = 3  # accounts named in a message


class InvariantBroken(ArithmeticError):
    """A law of the economy does not hold at a month's close: the run stops, because its numbers mean nothing."""

    def __init__(self, invariant: str, month: int, found: str, when: date | None = None):
        dated = f" ({when:%Y-%m})" if when else ""
        super().__init__(f"{invariant} does not hold in month {month}{dated}: {found}")
        self.invariant, self.month, self.found, self.when = invariant, month, found, when


type Check = Callable[[MonthUnderAudit], str | None]


def _gaps(
    books: MonthUnderAudit, fault: str, gap: Column, accounts: Column | None = None, unit: str = "cents"
) -> str | None:
    """Say what is wrong, with which accounts and by how much; None where all gaps are 0.

    ``gap`` has an entry per account, or per entry of ``accounts``.
    """
    wrong = np.flatnonzero(gap)
    if not len(wrong):
        return None
    names, account_ids = books.ledger.accounts.names, wrong if accounts is None else accounts[wrong]
    pairs = zip(account_ids[:_SHOWN].tolist(), gap[wrong[:_SHOWN]].tolist(), strict=True)
    more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
    return f"{fault}: " + ", ".join(f"{names[account_id]} {amount} {unit}" for account_id, amount in pairs) + more


def _claim(books: MonthUnderAudit, code: int) -> str:
    """Name a claim by its code."""
    accounts = books.ledger.accounts
    rest, other = divmod(int(code), len(accounts) + 1)
    item, account = divmod(rest, len(accounts))
    on = accounts.names[other - 1] if other else "nobody"
    return f"{Item(item).name.lower()} of {accounts.names[account]} towards {on}"


def money_constant(books: MonthUnderAudit) -> str | None:
    """I1: every cent is in exactly one account, so all cash adds up to what it was when the run began."""
    ledger, before, rows = books.ledger, books.before, books.rows
    cash = ledger.totals[:, Item.CASH]
    if int(cash.sum()) == before.money:
        return None
    paid = rows.where((rows.debit_item == Item.CASH) & (rows.credit_item == Item.CASH))
    gap = cash - before.totals[:, Item.CASH]
    np.subtract.at(gap, paid.debit_account, paid.cents)
    np.add.at(gap, paid.credit_account, paid.cents)
    fault = f"all cash is {cash.sum()} cents, at the opening {before.money}; not received from or paid to anybody"
    return _gaps(books, fault, gap) or fault


def sides_equal(books: MonthUnderAudit) -> str | None:
    """I2: in each batch, every account's debits equal its credits."""
    n = len(books.ledger.accounts)
    key, gap = sums(books.legs.batch * n + books.legs.account, books.legs.cents)
    return _gaps(books, f"debits exceed credits in batch {key.min(initial=2**62) // n}", gap, key % n)


def income_closed(books: MonthUnderAudit) -> str | None:
    """I2: income and costs are closed into equity, which changes by them and by capital alone."""
    ledger, legs = books.ledger, books.legs
    still = np.abs(ledger.totals[:, INCOME_ITEMS[0] :]).sum(axis=1)
    if still.any():
        return _gaps(books, "income items not closed into equity", still)
    earned = (legs.item >= Item.EQUITY) & (legs.good != Good.CLOSING)
    accounts, net = sums(legs.account[earned], legs.cents[earned])
    gap = ledger.totals[:, Item.EQUITY] - books.before.totals[:, Item.EQUITY]
    gap[accounts] -= net
    return _gaps(books, "equity moved by something else than income and capital", gap)


def claims_matched(books: MonthUnderAudit) -> str | None:
    """I3: what A owes B is what B is owed by A, and neither is below 0."""
    n = len(books.ledger.accounts)
    code, cents = books.claims
    item, account, other = code // (n + 1) // n, code // (n + 1) % n, code % (n + 1) - 1
    asset = among(item, [*CLAIMS, Item.HOLDINGS])
    below = np.flatnonzero(np.where(asset, cents < 0, cents > 0))
    if len(below):
        return f"{_claim(books, code[below[0]])} below 0: {-abs(cents[below[0]])} cents"
    owed = item != Item.HOLDINGS
    deposit = among(item, [Item.PREPAYMENTS, *CLAIMS[Item.PREPAYMENTS]])
    creditor, debtor = np.where(asset, account, other), np.where(asset, other, account)
    key, gap = sums(((deposit * n + creditor) * n + debtor)[owed], cents[owed])
    return _gaps(books, "claims on others that these do not owe", gap, key // n % n)


def shares_held(books: MonthUnderAudit) -> str | None:
    """I3: shares issued are shares held."""
    if books.shares is None:
        return None
    issued, held = books.shares
    return _gaps(books, "shares issued and held by nobody", issued - held.sum(axis=0), unit="shares")


def cash_above_line(books: MonthUnderAudit) -> str | None:
    """I4: only an explicit credit line lets cash go below zero."""
    room = books.ledger.totals[:, Item.CASH] + books.ledger.credit_line
    return _gaps(books, "cash below the credit line", np.where(room < 0, room, 0))


def invoices_right(books: MonthUnderAudit) -> str | None:
    """I9: each invoice is quantity x price to the nearest cent, a half to the even one, in Python's whole numbers."""
    sold = books.rows.where(books.sold)
    lots = _LOTS[sold.good].tolist()
    deals = zip(sold.quantity.tolist(), sold.price.tolist(), sold.cents.tolist(), lots, strict=True)
    for row, (units, price, cents, lot) in enumerate(deals):
        off = abs(2 * (units * price - cents * lot))
        if off > lot or (off == lot and cents % 2):
            names = books.ledger.accounts.names
            parties = f"{names[sold.credit_account[row]]} to {names[sold.debit_account[row]]}"
            deal = f"{units} at {price} nano-dollars per {lot // NANO_A_CENT}"
            return f"invoice of {parties} for {Good(sold.good[row]).name.lower()}: {deal} is not {cents} cents"
    return None


def splits_add_up(books: MonthUnderAudit) -> str | None:
    """I9: what is paid, prepaid and owed on an invoice adds up to it."""
    legs, n = books.legs, len(books.ledger.accounts)
    dealt = np.zeros(books.ledger.batch + 1, dtype=bool)
    dealt[books.rows.batch[books.sold]] = True
    kept = dealt[legs.batch] & (legs.other >= 0)
    deal = ((legs.batch * n + legs.account) * n + legs.other) * len(Good) + legs.good
    key, gap = sums(deal[kept], legs.cents[kept])
    return _gaps(books, "what is paid, prepaid and owed misses the invoices", gap, key // len(Good) // n % n)


def replayed(books: MonthUnderAudit) -> str | None:
    """I12: the books one month ago plus the entries since then give the books now."""
    ledger, before, legs = books.ledger, books.before, books.legs
    key, moved = sums(legs.account * len(Item) + legs.item, legs.cents)
    gap = (ledger.totals - before.totals).ravel()
    gap[key] -= moved
    wrong = np.flatnonzero(gap)
    if len(wrong):
        item = Item(wrong[0] % len(Item)).name.lower()
        return _gaps(books, f"the journal does not give {item}", gap[wrong], wrong // len(Item))
    named = _NAMED[legs.item]
    codes = code_of(ledger, legs.item, legs.account, legs.other)[named]
    cents = np.concatenate([books.claims[1], -before.claims[1], -legs.cents[named]])
    code, left = sums(np.concatenate([books.claims[0], before.claims[0], codes]), cents)
    return f"the journal does not give {_claim(books, code[0])}: {left[0]} cents" if len(code) else None


def in_order(books: MonthUnderAudit) -> str | None:
    """I13: entries are of this month, phase after phase, batches numbered without a gap."""
    rows = books.rows
    strange = rows.month[rows.month != books.ledger.clock.month]
    if len(strange):
        return f"an entry is of month {strange[0]}"
    turns = np.flatnonzero(np.diff(rows.phase, prepend=0))
    if (np.diff(rows.phase, prepend=1) < 0).any() or (rows.phase > PHASES).any():
        return f"phases run {rows.phase[turns].tolist()}"
    step = np.diff(rows.batch, prepend=books.before.batch)
    if (step > 1).any() or (step < 0).any() or (step[:1] != 1).any():
        return f"batches after {books.before.batch} are not numbered one by one"
    return None


CHECKS: tuple[tuple[str, Check], ...] = (
    ("I1", money_constant),
    ("I13", in_order),
    ("I2", sides_equal),
    ("I2", income_closed),
    ("I3", claims_matched),
    ("I3", shares_held),
    ("I4", cash_above_line),
    ("I9", invoices_right),
    ("I9", splits_add_up),
    ("I12", replayed),
)


def enforce[T](checks: Iterable[tuple[str, Callable[[T], str | None]]], seen: T, month: int, when: date | None) -> None:
    """Apply named checks to what they look at.

    Raises
    ------
    InvariantBroken
        At the first check that finds something, with its sentence.
    """
    for name, check in checks:
        found = check(seen)
        if found is not None:
            raise InvariantBroken(name, month, found, when)


def check_books(
    ledger: Ledger, before: Snapshot, when: date | None = None, shares: tuple[Column, Column] | None = None
) -> Snapshot:
    """Check the month that has just been closed, and take the snapshot from which the next is checked.

    Parameters
    ----------
    ledger : Ledger
        The books after ``close_month``.
    before : Snapshot
        The books at the last close, or at the opening.
    when : date, optional
        The month's date, for the message.
    shares : pair of Column, optional
        Shares issued by each account, shape (n,), and held, shape (holders n, issuers n).

    Raises
    ------
    InvariantBroken
        If I1, I2, I3, I4, I9, I12 or I13 does not hold.
    """
    rows = Journal.joined(ledger.chunks[before.chunks :])
    books = MonthUnderAudit(ledger, before, rows, coded(ledger), shares)
    enforce(CHECKS, books, ledger.clock.month, when)
    return Snapshot(ledger.totals.copy(), books.claims, len(ledger.chunks), ledger.batch, before.money)

"""Unpaid bills: how long a debtor has owed, and how claims that nobody will pay leave the books of both sides.

One rule for firms that are wound up and for people who default: what counts is the months in a row that end with unpaid
bills, and a claim is written off where it stands, at the creditor and at the debtor.
"""

from collections.abc import Iterable, Mapping

from watersellers.market.accounting.ledger import Entries, Ledger
from watersellers.market.chart_of_accounts import LIABILITIES, Item
from watersellers.market.exact import whole
from watersellers.market.goods import Good

Claim = tuple[int, int, int, int]  # item, account, counterparty, and cents as they stand there: a debt is below 0


def months_owing(before: Mapping[int, int], accounts: Iterable[int], owing: set[int]) -> dict[int, int]:
    """Months in a row that each account has ended with unpaid bills: one more than before if it owes now, else 0."""
    return {account: before.get(account, 0) + 1 if account in owing else 0 for account in accounts}


def debts(account_id: int, ledger: Ledger) -> list[tuple[Item, int, int]]:
    """Debts of a firm: (item, creditor, cents)."""
    return [
        (item, creditor, amount)
        for item in LIABILITIES
        for debtor, creditor, amount in ledger.owed(item)
        if debtor == account_id
    ]


def write_off(claim: Claim, against: Item, good: Good, ledger: Ledger) -> None:
    """Take a claim, or a debt, off the books of one side; ``against`` is the item that bears the loss or the gain."""
    item, account, other, cents = claim
    party = whole([account])
    sides = ((party, against), (party, item))
    debit, credit = sides if cents > 0 else sides[::-1]
    ledger.post(Entries.made(debit, credit, whole([abs(cents)]), good, counterparty=other))

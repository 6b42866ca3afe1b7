"""Proration: pay all creditors in full, or pro rata when cash is short."""

from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.exact import split, whole


def prorate(
    available: int, due: list[tuple[int, int]], purpose: str, ledger: Ledger, chance: Chance
) -> list[tuple[int, int]]:
    """Divide cash among creditors: all in full, or pro rata when it is short.

    Parameters
    ----------
    available : int
        Cents that can be paid.
    due : list of (int, int)
        Account number of each creditor, and cents due to it.
    purpose : str
        Purpose of the draw (``Chance``) by which single cents that are left over go to creditors.

    Returns
    -------
    list of (int, int)
        Account number of each creditor, and cents paid to it.
    """
    if sum(pay for _, pay in due) <= available:
        return due
    account_ids = [account_id for account_id, _ in due]
    parts = split(available, [pay for _, pay in due], chance.order(purpose, ledger.accounts.keys[account_ids]))
    return list(zip(account_ids, parts, strict=True))


def what_there_is(available: int, asked: list[tuple[int, int]], chance: Chance) -> list[int]:
    """Cents for each request to a pool: all that was asked, or pro rata when so many cents are not enough.

    ``asked`` are the key of each firm and the cents that it asks for.
    """
    asks = [ask for _, ask in asked]
    if sum(asks) <= available:
        return asks
    return split(available, asks, chance.order("rounds", whole(key for key, _ in asked)))

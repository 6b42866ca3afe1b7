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
    keys = ledger.accounts.keys[[account_id for account_id, _ in due]].tolist()
    parts = prorated(available, [(key, pay) for key, (_, pay) in zip(keys, due, strict=True)], purpose, chance)
    return [(account_id, part) for (account_id, _), part in zip(due, parts, strict=True)]


def what_there_is(available: int, asked: list[tuple[int, int]], chance: Chance) -> list[int]:
    """Cents for each request to a pool: all that was asked, or pro rata when so many cents are not enough.

    ``asked`` are the key of each firm and the cents that it asks for.
    """
    return prorated(available, asked, "rounds", chance)


def prorated(available: int, asked: list[tuple[int, int]], purpose: str, chance: Chance) -> list[int]:
    """Divide whole units among those who ask: all that was asked, or pro rata when there are not enough.

    ``asked`` are the key of each and what it asks for, ``purpose`` is that of the draw for single units left over.
    """
    asks = [ask for _, ask in asked]
    if sum(asks) <= available:
        return asks
    return split(available, asks, chance.order(purpose, whole(key for key, _ in asked)))

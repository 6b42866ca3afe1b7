"""A purse that many are due something from: everybody in full, or everybody a part."""

from watersellers.market.dice import Chance
from watersellers.market.ledger import Ledger
from watersellers.market.units import split


def within(
    there: int, due: list[tuple[int, int]], purpose: str, ledger: Ledger, chance: Chance
) -> list[tuple[int, int]]:
    """Places and what is due to each, or its part of the cents there are."""
    if sum(pay for _, pay in due) <= there:
        return due
    places = [place for place, _ in due]
    parts = split(there, [pay for _, pay in due], chance.order(purpose, ledger.accounts.keys[places]))
    return list(zip(places, parts, strict=True))

"""Belief is catching: pools see returns and each other, and savers who lose belief take their money out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from watersellers.market.dice import Chance
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.shares import ShareRegister
from watersellers.market.units import whole


class Pool(Protocol):
    """What is asked of a pool here."""

    place: int
    hype: float
    usual: float
    stakes: dict[int, tuple[int, float]]
    dividends: int
    traits: Any


def seen_return(pool: Pool, marks: dict[int, float], shares: ShareRegister) -> float:
    """What a pool's stakes have brought since the last look: mark-ups, losses and dividends, over their worth then.

    ``marks`` are dollars a share of the firms in business: a firm that is none of them any more is worth nothing.
    """
    worth = sum(held * mark for held, mark in pool.stakes.values())
    gained = sum(held * (marks.get(place, 0.0) - mark) for place, (held, mark) in pool.stakes.items())
    earned = (gained + pool.dividends / 100) / worth if worth > 0 else 0.0
    mine = {place: shares.held.get((pool.place, place), 0) for place in marks}
    pool.stakes = {place: (held, marks[place]) for place, held in mine.items() if held}
    pool.dividends = 0
    return earned


def follow(pools: Sequence[Pool]) -> None:
    """Each pool moves some way to the mean belief of the others, all at once."""
    hypes = [pool.hype for pool in pools]
    for number, pool in enumerate(pools):
        others = hypes[:number] + hypes[number + 1 :]
        if others:
            pool.hype += pool.traits.herding * (sum(others) / len(others) - pool.hype)


def redeemed(pool: Pool) -> float:
    """Share of a pool's cash that its savers take out this month: those who are not sticky, as belief falls."""
    doubt = max(0.0, 1 - pool.hype / pool.usual) if pool.usual > 0 else 0.0
    return min(1.0, pool.traits.redemption * doubt) * (1 - pool.traits.sticky)


@dataclass
class Redemptions:
    """Savers of all pools, who take their money out when belief falls below what they are used to."""

    pools: Sequence[Pool]
    world: int

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Pay out what savers redeem, before any round."""
        rows = [(pool.place, int(redeemed(pool) * int(ledger.cash[pool.place]))) for pool in self.pools]
        rows = [(place, pay) for place, pay in rows if pay > 0]
        if rows:
            places, pays = (whole(column) for column in zip(*rows, strict=True))
            world = whole([self.world] * len(rows))
            ledger.transfer(places, world, pays, (Item.INCOME, Item.INCOME), Good.INCOME)

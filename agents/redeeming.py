"""Savers who lose belief take their money out of their pools."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from watersellers.agents.herding import Pool
from watersellers.agents.investors import Investors
from watersellers.agents.parts import Parts
from watersellers.market.dice import Chance
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.units import whole


def redeemed(pool: Pool) -> float:
    """Share of a pool's cash that its savers take out this month: those who are not sticky, as belief falls."""
    doubt = max(0.0, 1 - pool.hype / pool.usual) if pool.usual > 0 else 0.0
    return min(1.0, pool.traits.redemption * doubt) * (1 - pool.traits.sticky)


@dataclass
class Redemptions:
    """Savers of all pools, who take their money out when belief falls below what they are used to."""

    pools: Sequence[Pool]
    world: int

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the savers of all pools."""
        return cls(parts[Investors].pools, parts.common.world)

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Pay out what savers redeem, before any round."""
        rows = [(pool.place, int(redeemed(pool) * int(ledger.cash[pool.place]))) for pool in self.pools]
        rows = [(place, pay) for place, pay in rows if pay > 0]
        if rows:
            places, pays = (whole(column) for column in zip(*rows, strict=True))
            world = whole([self.world] * len(rows))
            ledger.transfer(places, world, pays, (Item.INCOME, Item.INCOME), Good.INCOME)

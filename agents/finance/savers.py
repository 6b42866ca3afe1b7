"""Savers: they commit money to pools of venture capital, up to what they believe the pools' firms are worth."""

from dataclasses import dataclass
from typing import Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.venture.pool import Investor
from watersellers.agents.proration import prorate
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import cents, whole
from watersellers.market.goods import Good


def commitment(pool: Investor, worth: float, held: float) -> float:
    """Dollars that savers commit to a pool this month: a part of what they want to hold and do not hold yet.

    They want to hold what its firms are believed to be worth, and at most a share of their wealth: the pool is finite.

    Parameters
    ----------
    pool : Investor
        The pool.
    worth : float
        USD: what the pool believes that its firms are worth together.
    held : float
        USD: its cash, and its stakes at what they cost.
    """
    traits = pool.traits
    wanted = min(worth, traits.savers_most * traits.savers_wealth)
    return traits.savers_pace * max(0.0, wanted - held)


@dataclass
class Savers:
    """Savers of all pools, who commit money as long as they hold less than they believe in."""

    investors: Investors
    world: int

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the savers of all pools."""
        return cls(parts[Investors], parts.registers.world)

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Pay this month's commitments into the pools, before any round."""
        rows = [
            (pool.account, self._committed(pool, ledger, chance))
            for pool in self.investors.pools
            if pool.traits.savers_wealth > 0
        ]
        rows = prorate(int(ledger.cash[self.world]), rows, "commitments", ledger, chance)
        rows = [(account_id, pay) for account_id, pay in rows if pay > 0]
        if rows:
            account_ids, pays = (whole(column) for column in zip(*rows, strict=True))
            world = whole([self.world] * len(rows))
            ledger.transfer(world, account_ids, pays, (Item.INCOME, Item.INCOME), Good.INCOME)

    def _committed(self, pool: Investor, ledger: Ledger, chance: Chance) -> int:
        """Cents that savers commit to a pool."""
        held = int(ledger.totals[pool.account, [Item.CASH, Item.HOLDINGS]].sum()) / 100
        return cents(commitment(pool, self.investors.worth_of_all(pool, ledger.cash, chance), held))

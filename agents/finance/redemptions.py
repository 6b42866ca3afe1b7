"""Redemptions: savers who lose belief take their money out of their pools."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.savers import Savers
from watersellers.agents.finance.venture.herding import Pool
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import whole
from watersellers.market.goods import Good


def redemption_share(pool: Pool) -> float:
    """Share of a pool's cash that savers redeem this month: it grows with doubt, and sticky money stays."""
    doubt = max(0.0, 1 - pool.hype / pool.usual_hype) if pool.usual_hype > 0 else 0.0
    return min(1.0, pool.traits.redemption * doubt) * (1 - pool.traits.sticky)


@dataclass
class Redemptions:
    """Savers of all pools, who redeem money when hype falls below its usual level."""

    pools: Sequence[Pool]
    savers: Savers
    world: int

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the savers of all pools."""
        return cls(parts[Investors].pools, parts[Savers], parts.registers.world)

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Pay out redemptions, before any round."""
        self.savers.promises.begin_month()
        rows = [(pool.account, int(redemption_share(pool) * int(ledger.cash[pool.account]))) for pool in self.pools]
        rows = [(account_id, pay) for account_id, pay in rows if pay > 0]
        if rows:
            account_ids, pays = (whole(column) for column in zip(*rows, strict=True))
            world = whole([self.world] * len(rows))
            ledger.transfer(account_ids, world, pays, (Item.INCOME, Item.INCOME), Good.INCOME)
        for account_id, pay in rows:
            self.savers.promises.distribute(account_id, pay)

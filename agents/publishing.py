"""What apps pay publishers, for whose pages they answer from."""

from typing import Self

from watersellers.agents.apps import Apps
from watersellers.agents.firm import Common
from watersellers.agents.parts import Parts
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Trades, due, payment
from watersellers.market.units import cents


class Publishers:
    """Publishers are outside the chain; apps share with them what they earn, or pay for each answer."""

    def __init__(self, apps: Apps, common: Common):
        self.apps, self.common = apps, common

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the layer of apps."""
        return cls(parts[Apps], parts.common)

    def spend(self, ledger: Ledger) -> Trades:
        """Pay each app's share of this month's revenue, and so much for each query that it answered."""
        revenue = -ledger.totals[:, Item.REVENUE]
        return due(
            payment(
                firm.place,
                Item.COST_OF_SALES,
                self.common.world,
                Good.CONTENT,
                round(firm.traits.publisher_share * int(revenue[firm.place]))
                + cents(firm.traits.content_price * firm.answered),
            )
            for firm in self.apps.alive
        )

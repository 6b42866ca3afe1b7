"""What apps pay publishers, for whose pages they answer from."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.app import App
from watersellers.agents.firm import Common
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Traits
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Trades, due, payment
from watersellers.market.units import cents


@dataclass(frozen=True, slots=True)
class PublisherNumbers(Traits):
    """What an app pays publishers: a share of its revenue, and so many dollars for a query that it answers."""

    publisher_share: float
    content_price: float


class Publishers:
    """Publishers are outside the chain; apps share with them what they earn, or pay for each answer."""

    NUMBERS: ClassVar = {"apps": (PublisherNumbers,)}

    def __init__(self, apps: list[App], common: Common):
        self.apps, self.common = apps, common

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the apps of the setting."""
        return cls(parts.those(App), parts.common)

    def spend(self, ledger: Ledger) -> Trades:
        """Pay each app's share of this month's revenue, and so much for each query that it answered."""
        revenue = -ledger.totals[:, Item.REVENUE]
        shares = {firm: firm.numbers[PublisherNumbers] for firm in self.apps if firm.alive}
        return due(
            payment(
                firm.place,
                Item.COST_OF_SALES,
                self.common.world,
                Good.CONTENT,
                round(owed.publisher_share * int(revenue[firm.place])) + cents(owed.content_price * firm.answered),
            )
            for firm, owed in shares.items()
        )

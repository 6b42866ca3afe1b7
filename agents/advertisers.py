"""Advertisers: a budget in each region, and bids for the slots in answers."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.apps import Apps
from watersellers.agents.firm import Common
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Member, Regional, Traits
from watersellers.market.clearing import uniform_auction
from watersellers.market.dice import Chance
from watersellers.market.goods import Good, Item
from watersellers.market.orders import Orders, Row, Trades
from watersellers.market.saved import Saved
from watersellers.market.units import nano, whole


@dataclass(frozen=True, slots=True)
class AdvertiserTraits(Traits):
    """A region's advertisers; see the parameter table."""

    worth: float
    bidders: float
    budget: float
    page_bidders: float
    page_budget: float

    def set_aside(self, month: int) -> float:
        """Dollars this month for ads, in answers and on result pages."""
        return self.budget + self.page_budget


class Advertisers:
    """Advertisers of each region: a budget, and bids for slots in answers."""

    SAVED: ClassVar[Saved] = {"slots": dict[tuple[int, int], int]}

    def __init__(self, members: list[Member], apps: Apps, common: Common):
        self.regions = [
            Regional(member.name, AdvertiserTraits.of(member.numbers), common.place(f"advertisers_{member.name}"))
            for member in members
        ]
        self.apps, self.common = apps, common
        self.slots: dict[tuple[int, int], int] = {}  # shown this month, by (app, users' account)

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the regions of the setting."""
        return cls(parts.members("advertisers"), parts[Apps], parts.common)

    def auction(self, chance: Chance) -> Trades:
        """Sell the slots shown to free users of each region at one price a region."""
        self.slots = {}
        rows: list[Row] = []
        for region in self.regions:
            users, traits = self.common.place(f"users_{region.name}"), region.traits
            shown = [
                (firm.place, int(self.apps.free_by_region.get((firm.place, users), 0) * firm.slots))
                for firm in self.apps.alive
            ]
            price = uniform_auction(traits.worth, traits.bidders, whole(n for _, n in shown), traits.budget)
            sold = int(sum(n for _, n in shown)) if price > 0 else 0
            for app, slots in shown:
                self.slots[app, users] = slots
                if slots and sold:
                    rows.append((region.place, Item.OPERATING_COST, app, Good.ATTENTION, slots, nano(price)))
        orders = Orders.of(rows)
        return Trades.dealt(orders, orders.quantity)

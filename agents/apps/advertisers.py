"""Advertisers: in each region a budget, and bids for the ad slots beside answers."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.apps.month import Apps
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.scenario_spec import ParticipantSpec, RegionState, Traits
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import nano, whole
from watersellers.market.goods import Good
from watersellers.market.saved import Saved
from watersellers.market.trade.clearing import uniform_auction
from watersellers.market.trade.orders import Orders, Row, Trades


@dataclass(frozen=True, slots=True)
class AdvertiserTraits(Traits):
    """Numbers of a region's advertisers; see ``experiments/parameters.csv`` for units and sources."""

    worth: float
    bidders: float
    budget: float
    page_bidders: float
    page_budget: float

    def set_aside(self, month: int) -> float:
        """Dollars this month for ads, beside answers and on result pages."""
        return self.budget + self.page_budget


class Advertisers:
    """Advertisers of each region: they buy the slots beside free answers."""

    SAVED: ClassVar[Saved] = {"slots": dict[tuple[int, int], int]}

    def __init__(self, members: list[ParticipantSpec], apps: Apps, registers: Registers):
        self.regions = [
            RegionState(
                member.name, AdvertiserTraits.of(member.numbers), registers.account_id(f"advertisers_{member.name}")
            )
            for member in members
        ]
        self.apps, self.registers = apps, registers
        self.slots: dict[tuple[int, int], int] = {}  # ad slots shown this month, by (app, users' account)

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the regions of the scenario."""
        return cls(parts.members("advertisers"), parts[Apps], parts.registers)

    def auction(self, chance: Chance) -> Trades:
        """Sell the slots shown to free users, at one price per region."""
        self.slots = {}
        rows: list[Row] = []
        for region in self.regions:
            users, traits = self.registers.account_id(f"users_{region.name}"), region.traits
            shown = [
                (firm.account, int(self.apps.free_by_region.get((firm.account, users), 0) * firm.slots))
                for firm in self.apps.alive
            ]
            price = uniform_auction(traits.worth, traits.bidders, whole(n for _, n in shown), traits.budget)
            sold = int(sum(n for _, n in shown)) if price > 0 else 0
            for app, slots in shown:
                self.slots[app, users] = slots
                if slots and sold:
                    rows.append((region.account, Item.OPERATING_COST, app, Good.ATTENTION, slots, nano(price)))
        orders = Orders.of(rows)
        return Trades.dealt(orders, orders.quantity)

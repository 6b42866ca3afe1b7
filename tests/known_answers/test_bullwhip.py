"""The bullwhip effect: orders of a firm that forecasts by a moving average swing more than its customers' demand.

Chen, Drezner, Ryan and Simchi-Levi (2000, from memory): with a lead of L months, a forecast over p months and
demand that is independent from month to month, the variance of orders over that of demand is 1 + 2L/p + 2L^2/p^2.
"""

from statistics import variance

import pytest

from tests.worlds.toy_layers import ENDLESS, USERS, Close, ledger_of, live_months
from watersellers.market.chance import Chance, normal
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import nano
from watersellers.market.goods import Good
from watersellers.market.month import Economy, Market
from watersellers.market.trade.orders import Offers, Orders, Supply, Trades

VENDOR, SHOP = 2, 3
MEAN, SPREAD = 100_000, 3_000  # units a month; orders never fall below 0
MONTHS = 4_000


class Vendor:
    """Ships all that is called for."""

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        return Offers.of([(VENDOR, Good.ACCELERATORS, nano(0.01))])

    def supply(self, orders: Orders) -> Supply:
        return Supply.of([(VENDOR, Good.ACCELERATORS, ENDLESS)])

    def sold(self, trades: Trades) -> None:
        """Everything was there."""


class Shop:
    """Sells what its customers ask for, and keeps on hand and on order ``lead`` months of its forecast."""

    def __init__(self, lead: int, over: int):
        self.lead, self.over = lead, over
        self.asked = [float(MEAN)] * over
        self.level: float | None = None
        self.orders: list[int] = []

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        return Offers.of([(SHOP, Good.HOURS, nano(0.02))])

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        demand = int(asked.quantity.sum())
        self.asked.append(demand)
        level = self.lead * sum(self.asked[-self.over :]) / self.over
        before = self.lead * sum(self.asked[-self.over - 1 : -1]) / self.over
        units = round(level - before + demand)
        self.orders.append(units)
        return Orders.of([(SHOP, Item.COST_OF_SALES, VENDOR, Good.ACCELERATORS, units, int(offers.price[0]))])

    def receive(self, trades: Trades) -> None:
        """It comes after the lead; what is short meanwhile is on hand."""

    def supply(self, orders: Orders) -> Supply:
        return Supply.of([(SHOP, Good.HOURS, ENDLESS)])

    def sold(self, trades: Trades) -> None:
        """Everything was there."""


class Buyers:
    """Customers whose demand is drawn anew each month."""

    def __init__(self) -> None:
        self.demand: list[int] = []

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        self.demand.append(round(MEAN + SPREAD * float(normal(chance.uniform("demand", 1))[0])))
        return Orders.of([(USERS, Item.CONSUMPTION, SHOP, Good.HOURS, self.demand[-1], int(offers.price[0]))])

    def receive(self, trades: Trades) -> None:
        """They get it all."""


@pytest.mark.parametrize(("lead", "over"), [(1, 4), (3, 4), (3, 12), (6, 6)])
def test_orders_swing_more_than_demand_by_what_theory_says(lead, over):
    shop, buyers = Shop(lead, over), Buyers()
    ledger = ledger_of(("chips", 1), ("cloud", 1))
    markets = (Market("chips", (Vendor(),), (shop,)), Market("hours", (shop,), (buyers,)))
    live_months(Economy(ledger, 1, markets, close=(Close(ledger),)), MONTHS)
    theory = 1 + 2 * lead / over + 2 * lead**2 / over**2
    # over 4,000 months the ratio scatters by some 2 % from draw to draw
    assert variance(shop.orders) / variance(buyers.demand) == pytest.approx(theory, rel=0.06)
    assert min(shop.orders) > 0

"""Search results between apps: who answers from the web buys them by the call, or keeps an index of its own."""

from typing import Self

from watersellers.agents.app import App
from watersellers.agents.apps import Apps
from watersellers.agents.firm import Common
from watersellers.agents.parts import Parts
from watersellers.agents.views import SeenBySearcher
from watersellers.market.dice import Chance
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Offers, Orders, Row, Supply, Trades, due
from watersellers.market.tariffs import Tariff
from watersellers.market.units import nano


class Search:
    """Apps that sell searches, and apps that need them: a market inside the layer, between tokens and plans."""

    def __init__(self, apps: Apps, common: Common):
        self.apps, self.common = apps, common

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the layer of apps."""
        return cls(parts[Apps], parts.common)

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Publish the tariffs of the apps that sell searches."""
        selling = [firm for firm in self.apps.alive if firm.traits.search_price > 0]
        self.common.news.searches = {firm.place: _tariff(firm) for firm in selling}
        return Offers.of(
            (place, Good.SEARCH_CALLS, nano(price))
            for place, tariff in self.common.news.searches.items()
            for price in (tariff.first, tariff.beyond)
        )

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Note the queries asked of each app, and order the searches that it makes for them and buys."""
        self.apps.note(asked)
        return Orders.of(row for firm in self.apps.alive for row in self._calls(firm, chance))

    def _calls(self, firm: App, chance: Chance) -> list[Row]:
        """Decide how many of an app's searches are bought, at the cheapest of its sellers; the rest is its own."""
        traits, calls = firm.traits, int(firm.asked * firm.traits.search_calls)
        firm.own_calls = calls
        sellers = self._sellers(firm)
        if not calls or not sellers:
            return []
        tariffs = self.common.news.searches
        seller = min(sellers, key=lambda place: tariffs[place].bill(calls))
        seen = SeenBySearcher(float(calls), tariffs[seller], traits.index_cost, traits.index_call_cost)
        bought = min(calls, int(firm.decide("index", seen, chance)))
        firm.own_calls = calls - bought
        return [
            (firm.place, Item.COST_OF_SALES, seller, Good.SEARCH_CALLS, int(units), nano(price))
            for units, price in tariffs[seller].blocks(bought)
            if units
        ]

    def _sellers(self, firm: App) -> list[int]:
        """Apps that an app may buy searches from: those on its list that sell any, by their keys."""
        names, partners = self.common.accounts.names, firm.partners.get("apps", ())
        return [place for place in self.common.news.searches if names[place] in partners]

    def supply(self, orders: Orders) -> Supply:
        """An index answers whoever asks: all that is ordered is delivered."""
        asked: dict[int, int] = {}
        for seller, units in zip(orders.seller.tolist(), orders.quantity.tolist(), strict=True):
            asked[seller] = asked.get(seller, 0) + units
        return Supply.of((seller, Good.SEARCH_CALLS, units) for seller, units in asked.items())

    def sold(self, trades: Trades) -> None:
        """Count the searches that each app answered for others."""
        for firm in self.apps.apps:
            firm.sold_calls = int(trades.quantity[trades.seller == firm.place].sum())

    def receive(self, trades: Trades) -> None:
        """Note what the searches of a query cost each app this month, its own ones included."""
        bill: dict[int, int] = {}
        for buyer, cents in zip(trades.buyer.tolist(), trades.cents.tolist(), strict=True):
            bill[buyer] = bill.get(buyer, 0) + cents
        for firm in self.apps.alive:
            paid = bill.get(firm.place, 0) / 100 + firm.own_calls * firm.traits.index_call_cost
            firm.search_cost = paid / firm.asked if firm.asked else 0.0

    def spend(self, ledger: Ledger) -> Trades:
        """Pay for the searches made in an index of one's own, for oneself or others, and for keeping it."""
        rows: list[Row] = []
        for firm in self.apps.alive:
            kept = 1 if firm.own_calls else 0
            for item, units, price in (
                (Item.COST_OF_SALES, firm.own_calls + firm.sold_calls, firm.traits.index_call_cost),
                (Item.OPERATING_COST, kept, firm.traits.index_cost),
            ):
                rows.append((firm.place, item, self.common.world, Good.SEARCH_CALLS, units, nano(price)))
        return due(rows)


def _tariff(firm: App) -> Tariff:
    """What an app asks of others for a search."""
    return Tariff(firm.traits.search_price, firm.traits.search_block, firm.traits.search_beyond)

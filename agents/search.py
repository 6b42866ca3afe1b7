"""Search results between apps: who answers from the web buys them by the call, or keeps an index of its own."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.app import App
from watersellers.agents.firm import Common
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Traits
from watersellers.agents.views import SeenBySearcher
from watersellers.market.dice import Chance
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Offers, Orders, Row, Supply, Trades, due
from watersellers.market.saved import Saved
from watersellers.market.tariffs import Tariff
from watersellers.market.units import nano


@dataclass(frozen=True, slots=True)
class SearchNumbers(Traits):
    """Searches that a query of an app takes, what it asks of others for one, and what an index of its own costs."""

    search_calls: float
    search_price: float
    search_block: float
    search_beyond: float
    index_cost: float
    index_call_cost: float

    @property
    def tariff(self) -> Tariff:
        """What it asks of others for a search."""
        return Tariff(self.search_price, self.search_block, self.search_beyond)


class Search:
    """Apps that sell searches, and apps that need them: a market inside the layer, between tokens and plans."""

    NUMBERS: ClassVar = {"apps": (SearchNumbers,)}
    SAVED: ClassVar[Saved] = {"own": dict[int, int], "answered": dict[int, int], "costs": dict[int, float]}

    def __init__(self, apps: list[App], common: Common):
        self.apps, self.common = apps, common
        self.own: dict[int, int] = {}  # searches that an app makes this month in its index, for itself
        self.answered: dict[int, int] = {}  # and for others
        self.costs: dict[int, float] = {}  # USD of searches a query, last month

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the apps of the setting."""
        return cls(parts.those(App), parts.common)

    @property
    def alive(self) -> list[App]:
        """Apps in business."""
        return [firm for firm in self.apps if firm.alive]

    def cost(self, firm: App) -> float:
        """Dollars of searches that a query cost an app last month, its own ones included."""
        return self.costs.get(firm.place, 0.0)

    def overhead(self, firm: App) -> float:
        """Dollars a month of the index that an app keeps, if it keeps one."""
        return firm.numbers[SearchNumbers].index_cost if self.own.get(firm.place, 0) else 0.0

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Publish the tariffs of the apps that sell searches."""
        numbers = {firm.place: firm.numbers[SearchNumbers] for firm in self.alive}
        news = self.common.news
        news.searches = {place: each.tariff for place, each in numbers.items() if each.search_price > 0}
        return Offers.of(
            (place, Good.SEARCH_CALLS, nano(price))
            for place, tariff in news.searches.items()
            for price in (tariff.first, tariff.beyond)
        )

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Let each app hear what was asked of it, and order the searches that it makes for that and buys."""
        queries = asked.units_by("seller", "good")
        for firm in self.alive:
            firm.hear(queries)
        return Orders.of(row for firm in self.alive for row in self._calls(firm, chance))

    def _calls(self, firm: App, chance: Chance) -> list[Row]:
        """Decide how many of an app's searches are bought, at the cheapest of its sellers; the rest is its own."""
        numbers, sellers = firm.numbers[SearchNumbers], self._sellers(firm)
        calls = int(firm.asked * numbers.search_calls)
        self.own[firm.place] = calls
        if not calls or not sellers:
            return []
        tariffs = self.common.news.searches
        seller = min(sellers, key=lambda place: tariffs[place].bill(calls))
        seen = SeenBySearcher(float(calls), tariffs[seller], numbers.index_cost, numbers.index_call_cost)
        bought = min(calls, int(firm.decide("index", seen, chance)))
        self.own[firm.place] = calls - bought
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
        return Supply.of((seller, Good.SEARCH_CALLS, units) for seller, units in orders.units_of("seller").items())

    def sold(self, trades: Trades) -> None:
        """Count the searches that each app answered for others."""
        self.answered = trades.units_of("seller")

    def receive(self, trades: Trades) -> None:
        """Note what the searches of a query cost each app this month, its own ones included."""
        bills = trades.units_of("buyer", "cents")
        for firm in self.alive:
            own = self.own.get(firm.place, 0) * firm.numbers[SearchNumbers].index_call_cost
            paid = bills.get(firm.place, 0) / 100 + own
            self.costs[firm.place] = paid / firm.asked if firm.asked else 0.0

    def spend(self, ledger: Ledger) -> Trades:
        """Pay for the searches made in an index of one's own, for oneself or others, and for keeping it."""
        rows: list[Row] = []
        for firm in self.alive:
            own, numbers = self.own.get(firm.place, 0), firm.numbers[SearchNumbers]
            made = own + self.answered.get(firm.place, 0)
            for item, units, price in (
                (Item.COST_OF_SALES, made, numbers.index_call_cost),
                (Item.OPERATING_COST, 1 if own else 0, numbers.index_cost),
            ):
                rows.append((firm.place, item, self.common.world, Good.SEARCH_CALLS, units, nano(price)))
        return due(rows)

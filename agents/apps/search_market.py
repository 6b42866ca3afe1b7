"""The market for searches between apps: an app buys them by the call, or makes them in an index of its own."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.apps.app import App
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.information import SeenBySearchBuyer
from watersellers.agents.scenario_spec import Traits
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import nano
from watersellers.market.goods import Good
from watersellers.market.saved import Saved
from watersellers.market.trade.orders import Offers, Orders, Row, Supply, Trades, due
from watersellers.market.trade.tariffs import Tariff


@dataclass(frozen=True, slots=True)
class SearchNumbers(Traits):
    """An app's searches per query, its tariff for searches that it sells, and the costs of its own index."""

    search_calls: float
    search_price: float
    search_block: float
    search_beyond: float
    index_cost: float
    index_call_cost: float

    @property
    def tariff(self) -> Tariff:
        """Its tariff for searches that it sells."""
        return Tariff(self.search_price, self.search_block, self.search_beyond)


class SearchMarket:
    """Apps that sell searches and apps that need them: a market inside the layer of apps."""

    NUMBERS: ClassVar = {"apps": (SearchNumbers,)}
    SAVED: ClassVar[Saved] = {"own": dict[int, int], "answered": dict[int, int], "costs": dict[int, float]}

    def __init__(self, apps: list[App], registers: Registers):
        self.apps, self.registers = apps, registers
        self.own: dict[int, int] = {}  # by app: searches that it makes this month in its index, for itself
        self.answered: dict[int, int] = {}  # by app: searches that it made this month for others
        self.costs: dict[int, float] = {}  # by app: USD of searches per query, last month

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the apps of the scenario."""
        return cls(parts.firms_of(App), parts.registers)

    @property
    def alive(self) -> list[App]:
        """Apps in business."""
        return [firm for firm in self.apps if firm.alive]

    def cost(self, firm: App) -> float:
        """Dollars of searches per query of an app last month, searches of its own included."""
        return self.costs.get(firm.account, 0.0)

    def overhead(self, firm: App) -> float:
        """Dollars per month of an app's index, if it keeps one."""
        return firm.numbers[SearchNumbers].index_cost if self.own.get(firm.account, 0) else 0.0

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Publish the tariffs of the apps that sell searches."""
        numbers = {firm.account: firm.numbers[SearchNumbers] for firm in self.alive}
        public = self.registers.public
        public.searches = {account_id: each.tariff for account_id, each in numbers.items() if each.search_price > 0}
        return Offers.of(
            (account_id, Good.SEARCH_CALLS, nano(price))
            for account_id, tariff in public.searches.items()
            for price in (tariff.first, tariff.beyond)
        )

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Note each app's queries, and order the searches that it buys for them."""
        queries = asked.units_by("seller", "good")
        for firm in self.alive:
            firm.note_demand(queries)
        return Orders.of(row for firm in self.alive for row in self._calls(firm, chance))

    def _calls(self, firm: App, chance: Chance) -> list[Row]:
        """Let an app decide how many searches it buys, at the cheapest of its sellers; it makes the others itself."""
        numbers, sellers = firm.numbers[SearchNumbers], self._sellers(firm)
        calls = int(firm.asked * numbers.search_calls)
        self.own[firm.account] = calls
        if not calls or not sellers:
            return []
        tariffs = self.registers.public.searches
        seller = min(sellers, key=lambda account_id: tariffs[account_id].bill(calls))
        seen = SeenBySearchBuyer(float(calls), tariffs[seller], numbers.index_cost, numbers.index_call_cost)
        bought = int(firm.decide("index", seen, chance))
        self.own[firm.account] = calls - bought
        return [
            (firm.account, Item.COST_OF_SALES, seller, Good.SEARCH_CALLS, int(units), nano(price))
            for units, price in tariffs[seller].blocks(bought)
            if units
        ]

    def _sellers(self, firm: App) -> list[int]:
        """Accounts of the apps from which an app may buy searches: those on its list that sell any."""
        names, partners = self.registers.accounts.names, firm.partners.get("apps", ())
        return [account_id for account_id in self.registers.public.searches if names[account_id] in partners]

    def supply(self, orders: Orders) -> Supply:
        """Supply all searches that are ordered."""
        return Supply.of((seller, Good.SEARCH_CALLS, units) for seller, units in orders.units_of("seller").items())

    def sold(self, trades: Trades) -> None:
        """Count the searches that each app answered for others."""
        self.answered = trades.units_of("seller")

    def receive(self, trades: Trades) -> None:
        """Note each app's cost of searches per query this month, searches of its own included."""
        bills = trades.units_of("buyer", "cents")
        for firm in self.alive:
            own = self.own.get(firm.account, 0) * firm.numbers[SearchNumbers].index_call_cost
            paid = bills.get(firm.account, 0) / 100 + own
            self.costs[firm.account] = paid / firm.asked if firm.asked else 0.0

    def spend(self, ledger: Ledger) -> Trades:
        """Pay for the searches made in each app's own index, for itself or others, and for keeping the index."""
        rows: list[Row] = []
        for firm in self.alive:
            own, numbers = self.own.get(firm.account, 0), firm.numbers[SearchNumbers]
            made = own + self.answered.get(firm.account, 0)
            for item, good, units, price in (
                (Item.COST_OF_SALES, Good.SEARCH_CALLS, made, numbers.index_call_cost),
                (Item.OPERATING_COST, Good.SEARCH_INDEX, 1 if own else 0, numbers.index_cost),
            ):
                rows.append((firm.account, item, self.registers.world, good, units, nano(price)))
        return due(rows)

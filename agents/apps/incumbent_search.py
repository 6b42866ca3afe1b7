"""Incumbent search: an owner's older search business, its result pages and ads, and AI answers that replace pages."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.apps.advertisers import Advertisers
from watersellers.agents.apps.app import App
from watersellers.agents.apps.month import Apps
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.information import SeenBySearchBusiness
from watersellers.agents.scenario_spec import Traits
from watersellers.agents.users.month import Users
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import nano, whole
from watersellers.market.goods import Good
from watersellers.market.saved import Saved
from watersellers.market.trade.clearing import uniform_auction
from watersellers.market.trade.orders import Orders, Row, Trades, due


@dataclass(frozen=True, slots=True)
class SearchBusinessNumbers(Traits):
    """Result pages of an app's owner: their number, ad slots and cost, and the share that rivals take away."""

    opening_pages: float
    page_slots: float
    page_cost: float
    page_loss: float


@dataclass(frozen=True, slots=True)
class SearchBusiness:
    """An older search business, with an account of its own, and the app of its owner that can answer its pages."""

    app: App
    account: int

    @property
    def numbers(self) -> SearchBusinessNumbers:
        """The numbers of its pages."""
        return self.app.numbers[SearchBusinessNumbers]

    @property
    def answer_slots(self) -> int:
        """Ad slots beside this month's answers that replace pages."""
        return int(self.app.served_pages * self.app.slots)


class IncumbentSearch:
    """Search companies: result pages of the older business, answers of the AI business, and the ads on both."""

    NUMBERS: ClassVar = {"apps": (SearchBusinessNumbers,)}
    SAVED: ClassVar[Saved] = {"pages": dict[int, int], "prices": dict[int, float]}

    def __init__(
        self, businesses: list[SearchBusiness], sides: tuple[Users, Advertisers], apps: Apps, registers: Registers
    ):
        self.businesses, self.apps, self.registers = businesses, apps, registers
        self.users, self.advertisers = sides
        self.pages: dict[int, int] = {business.account: 0 for business in businesses}  # this month, by business
        self.prices = dict.fromkeys(self.pages, 0.0)  # USD per slot on pages, last month

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Give a search business to each app whose owner has result pages at the start."""
        apps = (firm for firm in parts.firms_of(App) if firm.numbers[SearchBusinessNumbers].opening_pages > 0)
        businesses = [SearchBusiness(firm, parts.registers.account_id(f"{firm.name}_pages")) for firm in apps]
        return cls(businesses, (parts[Users], parts[Advertisers]), parts[Apps], parts.registers)

    def expect(self, chance: Chance) -> None:
        """Count the pages that rivals leave to each business, and decide how many of them its app answers."""
        for business in self.businesses:
            firm, lost = business.app, business.numbers.page_loss * self._elsewhere(business)
            pages_before = self.pages[business.account]
            kept = firm.served_pages / pages_before if pages_before else 0.0
            pages = self.pages[business.account] = int(business.numbers.opening_pages * (1 - lost * (1 - kept)))
            firm.take_pages(0)
            if firm.alive:
                costs = (
                    self.prices[business.account],
                    business.numbers.page_slots,
                    firm.slots,
                    self.apps.input_cost(firm),
                )
                seen = SeenBySearchBusiness(float(pages), *costs, lost)
                firm.take_pages(int(firm.decide("answering", seen, chance)))

    def slots(self, business: SearchBusiness) -> int:
        """Ad slots on the pages of this month that answers did not replace."""
        return int((self.pages[business.account] - business.app.served_pages) * business.numbers.page_slots)

    def _elsewhere(self, business: SearchBusiness) -> float:
        """Share of a region's people whose main app last month was another app than the owner's."""
        number = [region.name for region in self.users.regions].index(business.app.region)
        main = (self.users.totals.people - self.users.totals.further)[:, number]
        others = int(main.sum() - main[self.users.row_of[business.app.account]])
        return others / self.users.traits[number].people

    def auction(self, chance: Chance) -> Trades:
        """Sell slots on pages and beside the answers that replace pages, at one price per region."""
        rows: list[Row] = []
        for region in self.advertisers.regions:
            local = [business for business in self.businesses if business.app.region == region.name]
            shown = [(account_id, n) for business in local for account_id, n in self._shown(business)]
            traits = region.traits
            price = uniform_auction(traits.worth, traits.page_bidders, whole(n for _, n in shown), traits.page_budget)
            for business in local:
                self.prices[business.account] = price
            if price > 0:
                rows += [
                    (region.account, Item.OPERATING_COST, account_id, Good.ATTENTION, n, nano(price))
                    for account_id, n in shown
                ]
        orders = Orders.of(row for row in rows if row[4])
        return Trades.dealt(orders, orders.quantity)

    def spend(self, ledger: Ledger) -> Trades:
        """Pay the cost of the search businesses' pages, answered or not."""
        return due(
            (
                business.account,
                Item.COST_OF_SALES,
                self.registers.world,
                Good.SEARCH_CALLS,
                self.pages[business.account],
                nano(business.numbers.page_cost),
            )
            for business in self.businesses
        )

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Pay the search businesses' cash to the owners' older businesses, which also fund their AI firms."""
        cash = [(business.account, int(ledger.cash[business.account])) for business in self.businesses]
        rows = [(account_id, pay) for account_id, pay in cash if pay > 0]
        if rows:
            owners = whole([self.registers.account_id("older_businesses")] * len(rows))
            account_ids, pay = whole(account_id for account_id, _ in rows), whole(pay for _, pay in rows)
            ledger.transfer(account_ids, owners, pay, (Item.DIVIDENDS, Item.INCOME), Good.DIVIDEND)

    def _shown(self, business: SearchBusiness) -> list[tuple[int, int]]:
        """Slots shown, by account: of the search business on its pages, and of the app beside its answers."""
        return [(business.account, self.slots(business)), (business.app.account, business.answer_slots)]

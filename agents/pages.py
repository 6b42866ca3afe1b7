"""An owner's older search business beside its AI business: result pages, their ads, and answers that take them away."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.advertisers import Advertisers
from watersellers.agents.app import App
from watersellers.agents.apps import Apps
from watersellers.agents.firm import Common
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Traits
from watersellers.agents.users import Users
from watersellers.agents.views import SeenByPages
from watersellers.market.clearing import uniform_auction
from watersellers.market.dice import Chance
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Orders, Row, Trades, due
from watersellers.market.saved import Saved
from watersellers.market.units import nano, whole


@dataclass(frozen=True, slots=True)
class PageNumbers(Traits):
    """Result pages of an app's owner: how many there are, their ad slots, their cost, and what rivals take away."""

    opening_pages: float
    page_slots: float
    page_cost: float
    page_loss: float


@dataclass(frozen=True, slots=True)
class Line:
    """An older business and the app of its owner that can answer its pages; its books are an account of its own."""

    app: App
    place: int

    @property
    def numbers(self) -> PageNumbers:
        """Its numbers."""
        return self.app.numbers[PageNumbers]

    @property
    def answer_slots(self) -> int:
        """Ad slots beside this month's answers to pages."""
        return int(self.app.served_pages * self.app.slots)


class Pages:
    """Search companies: pages of the older line, answers of the AI business, and the ads on both."""

    NUMBERS: ClassVar = {"apps": (PageNumbers,)}
    SAVED: ClassVar[Saved] = {"pages": dict[int, int], "prices": dict[int, float]}

    def __init__(self, lines: list[Line], sides: tuple[Users, Advertisers], apps: Apps, common: Common):
        self.lines, self.apps, self.common = lines, apps, common
        self.users, self.advertisers = sides
        self.pages: dict[int, int] = {line.place: 0 for line in lines}  # this month, by line
        self.prices: dict[int, float] = {line.place: 0.0 for line in lines}  # USD a slot on pages, last month

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Give an older line to each app that has result pages when the story begins."""
        apps = (firm for firm in parts.those(App) if firm.numbers[PageNumbers].opening_pages > 0)
        lines = [Line(firm, parts.common.place(f"{firm.name}_pages")) for firm in apps]
        return cls(lines, (parts[Users], parts[Advertisers]), parts[Apps], parts.common)

    def expect(self, chance: Chance) -> None:
        """Count the pages that rivals leave, and decide how many of them the model is to answer."""
        for line in self.lines:
            firm, lost = line.app, line.numbers.page_loss * self._elsewhere(line)
            before = self.pages[line.place]
            kept = firm.served_pages / before if before else 0.0
            pages = self.pages[line.place] = int(line.numbers.opening_pages * (1 - lost * (1 - kept)))
            firm.take_pages(0)
            if firm.alive:
                costs = self.prices[line.place], line.numbers.page_slots, firm.slots, self.apps.input_cost(firm)
                seen = SeenByPages(float(pages), *costs, lost)
                firm.take_pages(min(pages, int(firm.decide("answering", seen, chance))))

    def slots(self, line: Line) -> int:
        """Ad slots on a line's pages of this month that no answer took the place of."""
        return int((self.pages[line.place] - line.app.served_pages) * line.numbers.page_slots)

    def _elsewhere(self, line: Line) -> float:
        """Share of a region's people who used other apps than this one as their main app last month."""
        number = [region.name for region in self.users.regions].index(line.app.region)
        main = (self.users.counted.people - self.users.counted.further)[:, number]
        others = int(main.sum() - main[self.users.slot[line.app.place]])
        return others / self.users.traits[number].people

    def auction(self, chance: Chance) -> Trades:
        """Sell the slots on pages, for the older line, and beside their answers, for the app, at one price a region."""
        rows: list[Row] = []
        for region in self.advertisers.regions:
            here = [line for line in self.lines if line.app.region == region.name]
            shown = [(place, n) for line in here for place, n in self._shown(line)]
            traits = region.traits
            price = uniform_auction(traits.worth, traits.page_bidders, whole(n for _, n in shown), traits.page_budget)
            for line in here:
                self.prices[line.place] = price
            if price > 0:
                rows += [(region.place, Item.OPERATING_COST, who, Good.ATTENTION, n, nano(price)) for who, n in shown]
        orders = Orders.of(row for row in rows if row[4])
        return Trades.dealt(orders, orders.quantity)

    def spend(self, ledger: Ledger) -> Trades:
        """Pay what the older business's pages cost it, answered or not."""
        return due(
            (
                line.place,
                Item.COST_OF_SALES,
                self.common.world,
                Good.SEARCH_CALLS,
                self.pages[line.place],
                nano(line.numbers.page_cost),
            )
            for line in self.lines
        )

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Hand what the older lines have to the owners' purse, which pays for their AI firms among others."""
        cash = [(line.place, int(ledger.cash[line.place])) for line in self.lines]
        rows = [(place, pay) for place, pay in cash if pay > 0]
        if rows:
            purse = whole([self.common.place("older_businesses")] * len(rows))
            places, pay = whole(place for place, _ in rows), whole(pay for _, pay in rows)
            ledger.transfer(places, purse, pay, (Item.DIVIDENDS, Item.INCOME), Good.DIVIDEND)

    def _shown(self, line: Line) -> list[tuple[int, int]]:
        """Who shows how many slots on a line's pages: the line, and the app beside its answers."""
        return [(line.place, self.slots(line)), (line.app.place, line.answer_slots)]

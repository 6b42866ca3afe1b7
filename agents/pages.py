"""An owner's older search business beside its AI business: result pages, their ads, and answers that take them away."""

from dataclasses import dataclass
from typing import Self

from watersellers.agents.advertisers import Advertisers
from watersellers.agents.app import App
from watersellers.agents.firm import Common
from watersellers.agents.parts import Parts
from watersellers.agents.users import Users
from watersellers.agents.views import SeenByPages
from watersellers.market.clearing import uniform_auction
from watersellers.market.dice import Chance
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Orders, Row, Trades, due
from watersellers.market.units import nano, whole


@dataclass(frozen=True, slots=True)
class Line:
    """An older business and the app of its owner that can answer its pages; its books are an account of its own."""

    app: App
    place: int

    @property
    def slots(self) -> int:
        """Ad slots on this month's pages that no answer took the place of."""
        return int((self.app.pages - self.app.served_pages) * self.app.traits.page_slots)

    @property
    def answer_slots(self) -> int:
        """Ad slots beside this month's answers to pages."""
        return int(self.app.served_pages * self.app.slots)


class Pages:
    """Search companies: pages of the older line, answers of the AI business, and the ads on both."""

    def __init__(self, lines: list[Line], users: Users, advertisers: Advertisers, common: Common):
        self.lines, self.users, self.advertisers, self.common = lines, users, advertisers, common

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Give an older line to each app that has result pages when the story begins."""
        apps = (firm for firm in parts.those(App) if firm.traits.opening_pages > 0)
        lines = [Line(firm, parts.common.place(f"{firm.name}_pages")) for firm in apps]
        return cls(lines, parts[Users], parts[Advertisers], parts.common)

    def expect(self, chance: Chance) -> None:
        """Count the pages that rivals leave, and decide how many of them the model is to answer."""
        for line in self.lines:
            firm, traits = line.app, line.app.traits
            lost = traits.page_loss * self._elsewhere(line)
            kept = firm.served_pages / firm.pages if firm.pages else 0.0
            firm.pages = int(traits.opening_pages * (1 - lost * (1 - kept)))
            firm.asked_pages = firm.served_pages = 0
            if firm.alive:
                costs = firm.page_price, traits.page_slots, firm.slots, firm.input_cost
                seen = SeenByPages(float(firm.pages), *costs, lost)
                firm.asked_pages = min(firm.pages, int(firm.decide("answering", seen, chance)))

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
            shown = [(place, n) for line in here for place, n in _shown(line)]
            traits = region.traits
            price = uniform_auction(traits.worth, traits.page_bidders, whole(n for _, n in shown), traits.page_budget)
            for line in here:
                line.app.page_price = price
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
                firm.pages,
                nano(firm.traits.page_cost),
            )
            for line, firm in ((line, line.app) for line in self.lines)
        )

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Hand what the older lines have to the owners' purse, which pays for their AI firms among others."""
        cash = [(line.place, int(ledger.cash[line.place])) for line in self.lines]
        rows = [(place, pay) for place, pay in cash if pay > 0]
        if rows:
            purse = whole([self.common.place("older_businesses")] * len(rows))
            places, pay = whole(place for place, _ in rows), whole(pay for _, pay in rows)
            ledger.transfer(places, purse, pay, (Item.DIVIDENDS, Item.INCOME), Good.DIVIDEND)


def _shown(line: Line) -> list[tuple[int, int]]:
    """Who shows how many slots on a line's pages: the line, and the app beside its answers."""
    return [(line.place, line.slots), (line.app.place, line.answer_slots)]

"""Money from outside the chain: owners' older businesses, and the incomes of all outside sectors."""

from dataclasses import dataclass
from typing import Protocol, Self

from watersellers.agents.advertisers import Advertisers
from watersellers.agents.building import Builders
from watersellers.agents.cloud import Cloud
from watersellers.agents.enterprises import Enterprises
from watersellers.agents.firm import Common, Firm
from watersellers.agents.investors import Investors
from watersellers.agents.lending import Lenders
from watersellers.agents.parts import Parts
from watersellers.agents.paths import logistic
from watersellers.agents.purses import within
from watersellers.agents.users import Users
from watersellers.market.dice import Chance
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Offers, Orders, Row, Trades
from watersellers.market.units import cents, whole


class OlderBusinesses:
    """Owners' older businesses: they rent hours for their own use and put capital into their AI firms."""

    def __init__(self, clouds: list[Cloud], firms: list[Firm], builders: Builders, common: Common):
        self.clouds, self.firms, self.builders, self.common = clouds, firms, builders, common
        self.place = common.place("older_businesses")

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the firms that owners may fund."""
        return cls(parts.those(Cloud), parts.everybody, parts[Builders], parts.common)

    def own_use(self) -> float:
        """Share of older revenue that goes into hours this month."""
        n = self.common.numbers
        return logistic(n["own_use_low"], n["own_use_high"], n["own_use_middle"], n["own_use_width"], self.common.month)

    def income(self, month: int) -> float:
        """Dollars that the older businesses set aside this month: for hours of their own use, and for their firms."""
        own_use = self.own_use() * sum(firm.traits.older_revenue for firm in self.clouds)
        return own_use + sum(firm.owner_funds for firm in self.funded)

    @property
    def funded(self) -> list[Firm]:
        """Firms in business that have an owner who grants them money."""
        return [firm for firm in self.firms if firm.alive and firm.owner_funds > 0]

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Rent hours in the group's own cloud for ranking, recommendation and ads, at the going price."""
        prices = {seller: price for seller, _, price in offers.rows()}
        share = self.own_use()
        rows: list[Row] = []
        for firm in self.clouds:
            units = int(firm.traits.older_revenue * share / firm.price) if firm.alive and firm.price > 0 else 0
            if units:
                rows.append((self.place, Item.OPERATING_COST, firm.place, Good.HOURS, units, prices[firm.place]))
        return Orders.of(rows)

    def receive(self, trades: Trades) -> None:
        """What is short is waited for."""

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Owners pay in what their firms will need, up to what they grant a month and have."""
        rows = [(firm.place, self._call(firm, ledger)) for firm in self.funded]
        rows = within(int(ledger.cash[self.place]), rows, "owners", ledger, chance)
        rows = [(place, pay) for place, pay in rows if pay > 0]
        if rows and chance.month > 0:
            firms, pay = whole(place for place, _ in rows), whole(pay for _, pay in rows)
            me = whole([self.place] * len(rows))
            dollars_a_share = pay // 100 + 1
            ledger.transfer(me, firms, pay, (Item.HOLDINGS, Item.EQUITY), Good.CONTRIBUTION, quantity=dollars_a_share)
            for (place, cents_paid), issued in zip(rows, dollars_a_share.tolist(), strict=True):
                self.common.shares.issue(place, self.place, issued)
                self.common.last.note_capital(place, cents_paid)

    def _call(self, firm: Firm, ledger: Ledger) -> int:
        """Cents a firm asks its owner for this month."""
        limit = cents(firm.owner_funds)
        if isinstance(firm, Cloud):
            need = self.builders.needs(firm, ledger)
        else:
            need = round(self.common.numbers["owner_cushion"] * limit)
        return min(limit, max(0, need - int(ledger.cash[firm.place])))


class HasIncome(Protocol):
    """Somebody who is paid an income from outside the chain."""

    place: int

    def income(self, month: int) -> float:
        """Dollars this month."""


@dataclass
class Incomes:
    """The rest of the world pays every outside sector its income: wages, sales and savings from outside the chain."""

    common: Common
    sectors: list[tuple[int, HasIncome]]  # by place

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Find everybody who is paid from outside the chain."""
        regions = [*parts[Enterprises].regions, *parts[Advertisers].regions, *parts[Users].regions]
        sources: list[HasIncome] = [parts[OlderBusinesses], *parts[Investors].pools, *regions, parts[Lenders]]
        return cls(parts.common, [(source.place, source) for source in sources])

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Pay this month's incomes, or their part of what there is."""
        due = [(place, cents(source.income(chance.month))) for place, source in self.sectors]
        due = within(int(ledger.cash[self.common.world]), due, "incomes", ledger, chance)
        places, pay = whole(place for place, _ in due), whole(amount for _, amount in due)
        world = whole([self.common.world] * len(due))
        ledger.transfer(world, places, pay, (Item.INCOME, Item.INCOME), Good.INCOME)

"""The sectors around the chain: enterprises, advertisers, owners' older businesses, and everybody's income."""

from dataclasses import dataclass
from math import exp, log
from typing import Protocol

from agents.app import Apps
from agents.building import Builders
from agents.cloud import Cloud
from agents.firm import Common, Firm, Product
from agents.renting import open_to
from agents.setting import Member, Regional, Traits
from market.clearing import logit_shares, uniform_auction
from market.dice import Chance
from market.goods import MILLION, TOKENS, Good, Item
from market.ledger import Ledger
from market.orders import Offers, Orders, Row, Trades
from market.units import cents, dollars, nano, split, whole


@dataclass(frozen=True, slots=True)
class EnterpriseTraits(Traits):
    """A region's enterprises: monthly budgets in dollars, from low to high along a logistic; see the parameters."""

    tokens_low: float
    tokens_high: float
    hours_low: float
    hours_high: float
    machines_low: float
    machines_high: float
    middle: float
    width: float
    cached_mix: float
    input_mix: float
    quality_weight: float
    sensitivity: float
    hour_sensitivity: float


@dataclass(frozen=True, slots=True)
class AdvertiserTraits(Traits):
    """A region's advertisers; see the parameter table."""

    worth: float
    bidders: float
    budget: float


def logistic(low: float, high: float, middle: float, width: float, month: float) -> float:
    """A path from low to high that is half-way at ``middle`` and steepest there; ``width`` in months."""
    return low + (high - low) / (1 + exp(-(month - middle) / width))


class Enterprises:
    """Firms and states outside the chain: they pay for tokens and hours by use, and buy machines for their cellars."""

    def __init__(self, members: list[Member], common: Common):
        self.regions = [Regional(member.name, EnterpriseTraits.of(member.numbers)) for member in members]
        self.common = common
        self.place = common.place("enterprises")

    def each(self) -> list[tuple[str, EnterpriseTraits]]:
        """Regions and their numbers."""
        return [(region.name, region.traits) for region in self.regions]

    def budget(self, traits: EnterpriseTraits, what: str) -> float:
        """Dollars this month for tokens, hours or machines."""
        low, high = getattr(traits, f"{what}_low"), getattr(traits, f"{what}_high")
        return logistic(low, high, traits.middle, traits.width, self.common.month)

    def income(self) -> float:
        """Dollars set aside this month for all of it."""
        return sum(
            self.budget(region.traits, what) for region in self.regions for what in ("tokens", "hours", "machines")
        )


class TokenCustomers:
    """Enterprises as buyers of tokens: budgets spread over labs by quality and price."""

    def __init__(self, sector: Enterprises):
        self.sector = sector

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the tokens that each region's budget buys."""
        prices = {(seller, good): price for seller, good, price in offers.rows()}
        rows: list[Row] = []
        for region, traits in self.sector.each():
            cards = [card for card in self.sector.common.news.cards if card.region == region]
            if cards:
                worth = [traits.quality_weight * card.quality - traits.sensitivity * log(card.price) for card in cards]
                for card, share in zip(cards, logit_shares(worth), strict=True):
                    rows += self._basket(card.lab, self.sector.budget(traits, "tokens") * share, traits, prices)
        return Orders.of(rows)

    def _basket(
        self, lab: int, budget: float, traits: EnterpriseTraits, prices: dict[tuple[int, int], int]
    ) -> list[Row]:
        """Tokens of the three kinds, in the sector's mix, that a budget buys at a lab."""
        mix = (traits.cached_mix, traits.input_mix, 1.0)
        each = sum(dollars(prices[lab, good]) * units for good, units in zip(TOKENS, mix, strict=True)) / MILLION
        output = budget / each
        return [
            (self.sector.place, Item.OPERATING_COST, lab, good, int(output * units), prices[lab, good])
            for good, units in zip(TOKENS, mix, strict=True)
            if int(output * units)
        ]

    def receive(self, trades: Trades) -> None:
        """What is not delivered is not missed: next month's budget is what it is."""


class HourCustomers:
    """Enterprises as renters of machines."""

    def __init__(self, sector: Enterprises):
        self.sector = sector

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the hours that each region's budget buys, spread over its clouds by size and price."""
        prices = {seller: price for seller, _, price in offers.rows()}
        common = self.sector.common
        rows: list[Row] = []
        for region, traits in self.sector.each():
            rentals = open_to("", region, (), common.news.rentals, common.accounts.names)
            if rentals:
                worth = [log(rental.capacity) - traits.hour_sensitivity * log(rental.price) for rental in rentals]
                budget = self.sector.budget(traits, "hours")
                for rental, share in zip(rentals, logit_shares(worth), strict=True):
                    units = int(budget * share / rental.price)
                    if units:
                        rows.append(
                            (
                                self.sector.place,
                                Item.OPERATING_COST,
                                rental.cloud,
                                Good.HOURS,
                                units,
                                prices[rental.cloud],
                            )
                        )
        return Orders.of(rows)

    def receive(self, trades: Trades) -> None:
        """What is not delivered is not missed."""


class MachineCustomers:
    """Enterprises and states as buyers of machines for themselves."""

    def __init__(self, sector: Enterprises):
        self.sector = sector

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Put the month's budget on order at the vendors, and call what is on order."""
        common = self.sector.common
        for region, traits in self.sector.each():
            products = [p for p in common.news.products if p.exports or p.region == region]
            if products:
                self._queue(traits, products)
        return common.backlog.calls({self.sector.place})

    def _queue(self, traits: EnterpriseTraits, products: list[Product]) -> None:
        """Spend one region's budget over the vendors by performance and price."""
        worth = [p.sensitivity * log(p.hours * p.software / p.price) + p.lock_in for p in products]
        for product, share in zip(products, logit_shares(worth), strict=True):
            units = int(self.sector.budget(traits, "machines") * share / product.price)
            if units:
                pair = (self.sector.place, product.vendor)
                self.sector.common.backlog.place(pair, Item.OPERATING_COST, units, nano(product.price))

    def receive(self, trades: Trades) -> None:
        """Machines in the customers' own cellars are counted and out of the market."""
        mine = trades.where(trades.buyer == self.sector.place)
        for vendor, units in zip(mine.seller.tolist(), mine.quantity.tolist(), strict=True):
            self.sector.common.fleets.elsewhere[vendor] += units


class Advertisers:
    """Advertisers of each region: a budget, and bids for slots in answers."""

    def __init__(self, members: list[Member], apps: Apps, common: Common):
        self.regions = [Regional(member.name, AdvertiserTraits.of(member.numbers)) for member in members]
        self.apps, self.common = apps, common
        self.place = common.place("advertisers")
        self.slots: dict[tuple[int, int], int] = {}  # shown this month, by (app, users' account)

    def income(self) -> float:
        """Dollars set aside this month for ads."""
        return sum(region.traits.budget for region in self.regions)

    def auction(self, chance: Chance) -> Trades:
        """Sell the slots shown to free users of each region at one price a region."""
        self.slots = {}
        rows: list[Row] = []
        for region in self.regions:
            users, traits = self.common.place(f"users_{region.name}"), region.traits
            shown = [
                (firm.place, int(self.apps.free_by_region.get((firm.place, users), 0) * firm.traits.ad_load))
                for firm in self.apps.alive
            ]
            price = uniform_auction(traits.worth, traits.bidders, whole(n for _, n in shown), traits.budget)
            sold = int(sum(n for _, n in shown)) if price > 0 else 0
            for app, slots in shown:
                self.slots[app, users] = slots
                if slots and sold:
                    rows.append((self.place, Item.OPERATING_COST, app, Good.ATTENTION, slots, nano(price)))
        orders = Orders.of(rows)
        return Trades.dealt(orders, orders.quantity)


class OlderBusinesses:
    """Owners' older businesses: they rent hours for their own use and put capital into their AI firms."""

    def __init__(self, clouds: list[Cloud], firms: list[Firm], builders: Builders, common: Common):
        self.clouds, self.firms, self.builders, self.common = clouds, firms, builders, common
        self.place = common.place("older_businesses")

    def own_use(self) -> float:
        """Share of older revenue that goes into hours this month."""
        n = self.common.numbers
        return logistic(n["own_use_low"], n["own_use_high"], n["own_use_middle"], n["own_use_width"], self.common.month)

    def income(self) -> float:
        """Dollars that the older businesses take this month."""
        return sum(firm.traits.older_revenue for firm in self.clouds) + sum(firm.owner_funds for firm in self.funded)

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
                self.common.last.capital[place] += cents_paid

    def _call(self, firm: Firm, ledger: Ledger) -> int:
        """Cents a firm asks its owner for this month."""
        limit = cents(firm.owner_funds)
        if isinstance(firm, Cloud):
            need = self.builders.needs(firm, ledger)
        else:
            need = round(self.common.numbers["owner_cushion"] * limit)
        return min(limit, max(0, need - int(ledger.cash[firm.place])))


class HasIncome(Protocol):
    """A sector that is paid an income from outside the chain."""

    def income(self) -> float:
        """Dollars this month."""


def within(
    there: int, due: list[tuple[int, int]], purpose: str, ledger: Ledger, chance: Chance
) -> list[tuple[int, int]]:
    """Places and what is due to each, or its part of the cents there are."""
    if sum(pay for _, pay in due) <= there:
        return due
    places = [place for place, _ in due]
    parts = split(there, [pay for _, pay in due], chance.order(purpose, ledger.accounts.keys[places]))
    return list(zip(places, parts, strict=True))


@dataclass
class Incomes:
    """The rest of the world pays every outside sector its income: wages, sales and savings from outside the chain."""

    common: Common
    sectors: list[tuple[int, HasIncome]]  # by place

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Pay this month's incomes, or their part of what there is."""
        due = [(place, cents(source.income())) for place, source in self.sectors]
        due = within(int(ledger.cash[self.common.world]), due, "incomes", ledger, chance)
        places, pay = whole(place for place, _ in due), whole(amount for _, amount in due)
        world = whole([self.common.world] * len(due))
        ledger.transfer(world, places, pay, (Item.INCOME, Item.INCOME), Good.INCOME)

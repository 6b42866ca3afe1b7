"""Enterprises and states: the customers who pay by use, for tokens, hours and machines of their own."""

from dataclasses import dataclass
from math import log

from agents.firm import Common, Product
from agents.paths import logistic
from agents.renting import open_to
from agents.setting import Member, Regional, Traits
from market.clearing import logit_shares
from market.dice import Chance
from market.goods import MILLION, TOKENS, Good, Item
from market.orders import Offers, Orders, Row, Trades
from market.units import dollars, nano


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

"""Enterprises' machines of their own: how much of the compute that they want they own, and what they rent."""

from dataclasses import dataclass
from math import log
from typing import ClassVar, Self

from watersellers.agents.enterprises import Enterprises
from watersellers.agents.news import Rental
from watersellers.agents.owning import (
    Mix,
    Reckoning,
    hours_on_order,
    machines_sold_to,
    order_machines,
    see_machines,
    tell_vendors,
)
from watersellers.agents.parts import Parts
from watersellers.agents.renting import open_to
from watersellers.agents.setting import Regional
from watersellers.agents.strategies.sourcing import worth_of_each
from watersellers.market.clearing import logit_shares
from watersellers.market.dice import Chance
from watersellers.market.fleet import Machines
from watersellers.market.goods import NANO, Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Offers, Orders, Row, Trades
from watersellers.market.saved import Saved


@dataclass(frozen=True, slots=True)
class Need:
    """What a region's enterprises want of compute in a month."""

    rentals: list[Rental]  # clouds that they may rent from
    shares: list[float]  # of the hours that they rent
    rent: float  # USD an hour, over these
    wanted: float  # hours a month that their budget is worth at that rent
    owned: float  # hours a month that they use of their own machines

    @property
    def rented(self) -> float:
        """Share of the wanted hours that they rent."""
        return max(0.0, 1 - self.owned / self.wanted)


class Cellars:
    """Enterprises and states as users of compute: a budget is worth so many hours; what they do not own they rent."""

    SAVED: ClassVar[Saved] = {"chip_share": dict[int, dict[int, float]]}

    def __init__(self, sector: Enterprises):
        self.regions, self.common = sector.regions, sector.common
        self.chip_share: dict[int, dict[int, float]] = {region.place: {} for region in self.regions}  # by vendor

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Own machines for the sector."""
        return cls(parts[Enterprises])

    def need(self, region: Regional) -> Need | None:
        """Look at the month's rents; where nobody rents out there is no going rate, and nobody wants any."""
        traits, common = region.traits, self.common
        rentals = open_to("", region.name, (), common.news.rentals, common.accounts.names)
        budget = traits.compute(common.month)
        if not rentals or budget <= 0:
            return None
        worth = [log(rental.capacity) - traits.hour_sensitivity * log(rental.price) for rental in rentals]
        shares = logit_shares(worth)
        rent = sum(share * rental.price for share, rental in zip(shares, rentals, strict=True))
        return Need(rentals, shares, rent, budget / rent, traits.own_use * self._in_service(region))

    def _in_service(self, region: Regional) -> int:
        """Hours a month of a region's own machines."""
        return int(self.common.fleets.capacity(self.common.month, len(self.common.accounts))[region.place])

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Call the machines that are on order: they were ordered within the money that there was."""
        return self.common.backlog.calls({region.place for region in self.regions})

    def receive(self, trades: Trades) -> None:
        """Machines come into the customers' cellars; they are an expense, and in use after the build lag."""
        sheets = {product.vendor: product for product in self.common.news.products}
        regions = {region.place: region.traits for region in self.regions}
        lots = []
        for buyer, _, vendor, _, units, _, _ in trades.rows():
            if buyer in regions:
                opens, life = self.common.month + int(regions[buyer].build_lag), int(regions[buyer].life)
                sheet = sheets[vendor]
                lots.append((buyer, vendor, opens, life, units, sheet.hours, 0, 0, 0, 0, sheet.millionths, life))
        self.common.fleets.add(Machines.of(lots))

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Order the machines that are missing from what each region would like to own, as far as its money goes."""
        for region in self.regions:
            need = self.need(region)
            mix = self._choose(region, need)
            if need and mix.products:
                aim = self.aim(region, need, mix)
                tell_vendors(self.common.news, aim, mix)
                machines = int(min(self._missing(region, aim, mix), self._affordable(region, ledger, mix)))
                order_machines(self.common, (region.place, Item.OPERATING_COST), machines, mix, chance)

    def _choose(self, region: Regional, need: Need | None) -> Mix:
        """Choose among the vendors that sell to the region by performance, power, price, wait and habit."""
        products = machines_sold_to(region.name, self.common.news)
        if not products:
            return Mix([], [])
        impatience, (worth, running) = region.traits.owning.impatience, self._worth(region, need)
        seen = see_machines(products, self.chip_share[region.place], Reckoning("", impatience, worth, running))
        mix = Mix(products, logit_shares(worth_of_each(seen)))
        self.chip_share[region.place] = {product.vendor: share for product, share in mix.rows()}
        return mix

    def _worth(self, region: Regional, need: Need | None) -> tuple[float, float]:
        """Dollars that an hour a month on machines like the opening ones saves them, and what running it takes."""
        traits = region.traits
        rent = need.rent if need else 0.0
        worth = traits.owning.hour_worth(traits.own_use * rent, traits.running_cost)
        return worth, traits.owning.running_worth(traits.running_cost)

    def aim(self, region: Regional, need: Need, mix: Mix) -> float:
        """Hours a month that they would like to own: the better owning pays, the larger a share of what they want."""
        traits = region.traits
        worth, running = self._worth(region, need)
        gain = mix.return_on_cost(worth + mix.saved * running, traits.owning.impatience)
        return need.wanted * logit_shares([traits.own_sensitivity * log(gain), 0.0])[0] if gain > 0 else 0.0

    def _missing(self, region: Regional, aim: float, mix: Mix) -> float:
        """Machines to order this month so that they own what they would like to when they have caught up."""
        traits = region.traits
        coming = hours_on_order(self.common, region.place) + self.common.fleets.coming(self.common.month, region.place)
        gap = aim - traits.own_use * (self._in_service(region) + coming)
        return max(0.0, gap) / traits.catch_up / (traits.own_use * mix.hours)

    def _affordable(self, region: Regional, ledger: Ledger, mix: Mix) -> float:
        """Machines that their money buys beside what is on order."""
        cash = int(ledger.cash[region.place]) / 100
        return max(0.0, cash - self.common.backlog.committed(region.place) / NANO) / mix.price


class HourCustomers:
    """Enterprises as renters: they rent the hours that they want and do not own."""

    def __init__(self, cellars: Cellars):
        self.cellars = cellars

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Rent what the sector does not own."""
        return cls(parts[Cellars])

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Spend on rent what the missing hours cost, over each region's clouds by size and price."""
        prices = {seller: price for seller, _, price in offers.rows()}
        rows: list[Row] = []
        for region in self.cellars.regions:
            if need := self.cellars.need(region):
                budget = region.traits.compute(self.cellars.common.month) * need.rented
                for rental, share in zip(need.rentals, need.shares, strict=True):
                    units = int(budget * share / rental.price)
                    who = region.place, Item.OPERATING_COST, rental.cloud
                    rows += [(*who, Good.HOURS, units, prices[rental.cloud])] if units else []
        return Orders.of(rows)

    def receive(self, trades: Trades) -> None:
        """What is not delivered is not missed: next month's need is what it is."""

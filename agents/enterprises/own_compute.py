"""Own compute of enterprises: how much of the compute that they need they own, and how much they rent."""

from dataclasses import dataclass
from math import log
from typing import ClassVar, Self

from watersellers.agents.compute.capital_budgeting import (
    MachineAppraisal,
    MachineMix,
    MachineOrder,
    hours_on_order,
    machines_sold_to,
    order_machines,
    report_to_vendors,
    see_machines,
)
from watersellers.agents.compute.hour_rentals import rentals_open_to, split_by_size_and_price
from watersellers.agents.economy_parts import Parts
from watersellers.agents.enterprises.budgets import Enterprises
from watersellers.agents.enterprises.own_models import OwnModels
from watersellers.agents.enterprises.projects import Projects
from watersellers.agents.public_information import Rental
from watersellers.agents.scenario_spec import RegionState
from watersellers.agents.strategies.sourcing import utilities
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.goods import NANO, Good
from watersellers.market.saved import Saved
from watersellers.market.trade.fleet import Machines
from watersellers.market.trade.orders import Offers, Orders, Row, Trades
from watersellers.market.trade.pricing_formulas import logit_shares


@dataclass(frozen=True, slots=True)
class ComputeNeed:
    """The compute that a region's enterprises need in a month."""

    rentals: list[Rental]  # offers of clouds from which they may rent
    shares: list[float]  # share of each cloud in the hours that they rent
    rent: float  # USD per hour, mean over these clouds
    wanted: float  # hours per month that their budget buys at that rent
    owned: float  # hours per month that they use of their own machines

    @property
    def rented(self) -> float:
        """Share of the wanted hours that they rent."""
        return max(0.0, 1 - self.owned / self.wanted)


class OwnCompute:
    """Enterprises as owners of machines: they order machines as far as owning pays, and rent the missing hours."""

    SAVED: ClassVar[Saved] = {"chip_share": dict[int, dict[int, float]]}

    def __init__(self, sector: Enterprises, models: OwnModels):
        self.regions, self.registers, self.models = sector.regions, sector.registers, models
        self.chip_share: dict[int, dict[int, float]] = {region.account: {} for region in self.regions}  # by vendor

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the sector of enterprises, and what it grants for models of its own."""
        return cls(parts[Enterprises], parts[OwnModels])

    def need(self, region: RegionState) -> ComputeNeed | None:
        """A region's need at this month's rents; None where no cloud sells hours or the budget is 0."""
        traits, registers = region.traits, self.registers
        rentals = rentals_open_to("", region.name, (), registers.public.rentals, registers.accounts.names)
        budget = self.models.compute(region)
        if not rentals or budget <= 0:
            return None
        shares, rent = split_by_size_and_price(rentals, traits.hour_sensitivity)
        return ComputeNeed(rentals, shares, rent, budget / rent, traits.own_use * self._in_service(region))

    def _in_service(self, region: RegionState) -> int:
        """Hours per month of a region's own machines."""
        return int(self.registers.fleets.capacity(self.registers.month, len(self.registers.accounts))[region.account])

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Call off the machines that are on order; the money was there when they were ordered."""
        return self.registers.backlog.call_off({region.account for region in self.regions})

    def receive(self, trades: Trades) -> None:
        """Register delivered machines: they are an expense, and open after the build lag."""
        sheets = {product.vendor: product for product in self.registers.public.products}
        regions = {region.account: region.traits for region in self.regions}
        lots = []
        for buyer, _, vendor, _, units, _, _ in trades.rows():
            if buyer in regions:
                opens, life = self.registers.month + int(regions[buyer].build_lag), int(regions[buyer].life)
                sheet = sheets[vendor]
                lots.append((buyer, vendor, opens, life, units, sheet.hours, 0, 0, 0, 0, 0, sheet.millionths, life))
        self.registers.fleets.add(Machines.of(lots))

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Order the machines that each region lacks for the hours that it aims to own, as far as its money goes."""
        orders = []
        for region in self.regions:
            need = self.need(region)
            mix = self._choose(region, need)
            if need and mix.products:
                aim = self.aim(region, need, mix)
                report_to_vendors(self.registers.public, aim, mix)
                machines = int(min(self._missing(region, aim, mix), self._affordable(region, ledger, mix)))
                orders.append(MachineOrder(region.account, Item.OPERATING_COST, machines, mix))
        order_machines(self.registers, orders, chance)

    def _choose(self, region: RegionState, need: ComputeNeed | None) -> MachineMix:
        """Choose among the vendors that sell to the region by performance, power, price, wait and lock-in."""
        products = machines_sold_to(region.name, self.registers.public)
        if not products:
            return MachineMix([], [])
        impatience, (worth, running) = region.traits.ownership.impatience, self._worth(region, need)
        seen = see_machines(products, self.chip_share[region.account], MachineAppraisal("", impatience, worth, running))
        mix = MachineMix(products, logit_shares(utilities(seen)))
        self.chip_share[region.account] = {product.vendor: share for product, share in mix.rows()}
        return mix

    def _worth(self, region: RegionState, need: ComputeNeed | None) -> tuple[float, float]:
        """Dollars that one hour per month on machines like the opening ones is worth, and its running costs."""
        traits = region.traits
        rent = need.rent if need else 0.0
        worth = traits.ownership.hour_worth(traits.own_use * rent, traits.running_cost)
        return worth, traits.ownership.running_worth(traits.running_cost)

    def aim(self, region: RegionState, need: ComputeNeed, mix: MachineMix) -> float:
        """Hours per month that they aim to own: the better owning pays, the larger the share of the hours they want."""
        traits = region.traits
        worth, running = self._worth(region, need)
        gain = mix.return_on_cost(worth + mix.saved * running, traits.ownership.impatience)
        return need.wanted * logit_shares([traits.own_sensitivity * log(gain), 0.0])[0] if gain > 0 else 0.0

    def _missing(self, region: RegionState, aim: float, mix: MachineMix) -> float:
        """Machines to order this month so that they reach their aim over the months of catching up."""
        traits = region.traits
        coming = hours_on_order(self.registers, region.account) + self.registers.fleets.coming(
            self.registers.month, region.account
        )
        gap = aim - traits.own_use * (self._in_service(region) + coming)
        return max(0.0, gap) / traits.catch_up / (traits.own_use * mix.hours)

    def _affordable(self, region: RegionState, ledger: Ledger, mix: MachineMix) -> float:
        """Machines that their money buys beyond those on order."""
        cash = int(ledger.free_cash[region.account]) / 100
        return max(0.0, cash - self.registers.backlog.committed(region.account) / NANO) / mix.price


class HourCustomers:
    """Enterprises as renters: they rent the hours that they want and do not own."""

    def __init__(self, own_compute: OwnCompute, projects: Projects):
        self.own_compute, self.projects = own_compute, projects

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the sector's own compute, and its projects."""
        return cls(parts[OwnCompute], parts[Projects])

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the missing hours, split over a region's clouds by size, price and the projects that they won."""
        prices = {seller: price for seller, _, price in offers.rows()}
        rows: list[Row] = []
        for region in self.own_compute.regions:
            if need := self.own_compute.need(region):
                budget = self.own_compute.models.compute(region) * need.rented
                shares = self.projects.shares(region, need.rentals, need.shares, chance)
                for rental, share in zip(need.rentals, shares, strict=True):
                    units = int(budget * share / rental.price)
                    deal = region.account, Item.OPERATING_COST, rental.cloud
                    rows += [(*deal, Good.HOURS, units, prices[rental.cloud])] if units else []
        return Orders.of(rows)

    def receive(self, trades: Trades) -> None:
        """Forget hours that were not delivered: next month's need does not depend on them."""

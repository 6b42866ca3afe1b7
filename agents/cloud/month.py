"""The layer of clouds: they rent out the hours of their machines at spot prices."""

from typing import ClassVar, Self

import numpy as np

from watersellers.agents.cloud.open_weight_hosts import OpenWeightHosts
from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.compute.capital_budgeting import MachineNumbers, machines_open_to, running_bills
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers, zeros
from watersellers.agents.information import SeenByCloud
from watersellers.agents.labs.reserved_hours import ReservedHours
from watersellers.agents.public_information import Rivals
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, dollars, nano, posted
from watersellers.market.goods import HOURS_A_MONTH, Good
from watersellers.market.saved import Saved
from watersellers.market.trade.demand_schedule import tangent
from watersellers.market.trade.fleet import annuity, break_even_rent
from watersellers.market.trade.orders import Offers, Orders, Row, Supply, Trades, due, payment
from watersellers.market.trade.purchase_answers import Purchase, elasticity


class Clouds:
    """The layer of clouds: each sells GPU-hours at its posted price."""

    NUMBERS: ClassVar = {"cloud": (MachineNumbers,)}
    SAVED: ClassVar[Saved] = {"sold_hours": Column, "buyers": dict[int, list[Purchase]]}

    def __init__(self, clouds: list[Cloud], hosts: OpenWeightHosts, reserved: ReservedHours, registers: Registers):
        self.clouds, self.hosts, self.reserved, self.registers = clouds, hosts, reserved, registers
        self.sold_hours = zeros(registers)
        self.buyers: dict[int, list[Purchase]] = {}  # by cloud, in hours

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the clouds of the scenario."""
        return cls(parts.firms_of(Cloud), parts[OpenWeightHosts], parts[ReservedHours], parts.registers)

    @property
    def alive(self) -> list[Cloud]:
        """Clouds in business."""
        return [firm for firm in self.clouds if firm.alive]

    def expect(self, chance: Chance) -> None:
        """Update trends with the hours ordered last month, and publish what an hour per month of capacity is worth."""
        for firm in self.alive:
            if self.registers.month > 0:
                firm.asked.update(firm.asked_last, self.registers.smoothing)
        total = sum(firm.capacity for firm in self.alive)
        public = self.registers.public
        public.use = sum(firm.asked_last for firm in self.alive) / total if total else 1.0
        customers: dict[int, list[Cloud]] = {}
        for firm in self.alive:
            for product in machines_open_to(firm, self.registers):
                customers.setdefault(product.vendor, []).append(firm)
        public.worths |= {vendor: mean for vendor, clouds in customers.items() if (mean := self._worth_to(clouds))}

    def _worth_to(self, clouds: list[Cloud]) -> tuple[float, float] | None:
        """What an hour per month of capacity is worth to clouds, and power and site in that: means over capacity."""
        total, use = sum(firm.capacity for firm in clouds), self.registers.public.use
        if not total:
            return None
        values = [(firm.hour_worth(use), firm.hour_running(use), firm.capacity) for firm in clouds]
        worth = sum(worth * hours for worth, _, hours in values) / total
        return max(0.0, worth), sum(running * hours for _, running, hours in values) / total

    def see(self, firm: Cloud) -> SeenByCloud:
        """Return a cloud's view for pricing."""
        traits, machines = firm.traits, firm.numbers[MachineNumbers]
        own = elasticity(self.buyers.get(firm.account, []), traits.sensitivity, traits.market_elasticity)
        annuity_factor = annuity(machines.discount, int(machines.book_life))
        machine = traits.machine_price * (1 + machines.building_share)
        return SeenByCloud(
            unit_cost=machines.power_cost,
            last_price=firm.price,
            elasticity=own,
            demand=tangent(firm.price, firm.asked.level, own),
            capacity=firm.capacity,
            used_share=self.spot_share(firm),
            full_cost=machines.power_cost
            + break_even_rent(machine, annuity_factor, machines.site_cost * HOURS_A_MONTH, HOURS_A_MONTH),
            rivals=Rivals(self.registers.public.rentals, "cloud", firm.account, self.registers.accounts.names),
        )

    def spot_share(self, firm: Cloud) -> float:
        """Hours asked at spot over those that contracts leave: its own, or its region's where they leave it none."""
        asked, left = self._spot_hours(firm)
        if left <= 0:
            region = [self._spot_hours(one) for one in self.alive if one.region == firm.region]
            asked, left = sum(some for some, rest in region if rest > 0), sum(rest for _, rest in region if rest > 0)
        return asked / left if left else min(1.0, firm.used_share)

    def _spot_hours(self, firm: Cloud) -> tuple[int, int]:
        """Hours that it was asked for at spot last month, and hours that its contracts leave this month."""
        contracted = self.reserved.hours_under_contract(firm.account, self.registers.month)
        return firm.asked_last - firm.called_last, firm.capacity - contracted

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Post the price of an hour; a cloud without machines keeps its last price."""
        for firm in self.alive:
            if self.registers.month > 0 and firm.capacity:
                firm.post(dollars(posted(firm.decide("pricing", self.see(firm), chance))))
        public = self.registers.public
        public.rentals = [firm.rental() for firm in self.alive]
        return Offers.of((firm.account, Good.HOURS, nano(firm.price)) for firm in self.alive)

    def supply(self, orders: Orders) -> Supply:
        """Offer the hours that are not set aside for tokens; note the demand for hours."""
        asked, called = zeros(self.registers), orders.where(orders.good == Good.HOURS_RESERVED).units_of("seller")
        np.add.at(asked, orders.seller, orders.quantity)
        for firm in self.clouds:
            returned = self.reserved.offered_to(firm)
            hours = int(asked[firm.account]) - returned + self.hosts.asked_hours(firm)
            firm.note_demand(hours, called.get(firm.account, 0) - returned)
        return Supply.of(row for firm in self.clouds for row in self._offered(firm, orders))

    def _offered(self, firm: Cloud, orders: Orders) -> list[tuple[int, Good, int]]:
        """A cloud's supply: reserved hours first; the rest, and hours that labs offer back, go to the spot market."""
        free, mine = firm.capacity - self.hosts.hours_of(firm), orders.where(orders.seller == firm.account)
        signed = int(mine.quantity[mine.good == Good.HOURS_RESERVED].sum())
        reserved = min(free, signed)
        returned = self.reserved.offered_to(firm) if reserved == signed else 0
        return [
            (firm.account, Good.HOURS, free - reserved + returned),
            (firm.account, Good.HOURS_RESERVED, reserved),
        ]

    def sold(self, trades: Trades) -> None:
        """Count the hours sold, and each buyer's purchases from each cloud.

        A cloud rents out its own hours before those that labs offered back; an hour that is sold twice runs once.
        """
        self.reserved.note_delivered(trades)
        self.sold_hours, bought = zeros(self.registers), zeros(self.registers)
        np.add.at(self.sold_hours, trades.seller, trades.quantity)
        for firm in self.clouds:
            beyond = max(0, int(self.sold_hours[firm.account]) - (firm.capacity - self.hosts.hours_of(firm)))
            self.sold_hours[firm.account] -= self.reserved.resell(firm, beyond)
        np.add.at(bought, trades.buyer, trades.quantity)
        self.buyers = {}
        for (seller, buyer), units in trades.units_by("seller", "buyer").items():
            self.buyers.setdefault(seller, []).append(Purchase(units, units / int(bought[buyer])))

    def spend(self, ledger: Ledger) -> Trades:
        """Pay for power by the hours that ran, for sites by capacity, and for staff by revenue."""
        revenue, world = -ledger.totals[:, Item.REVENUE], self.registers.world
        rows: list[Row] = []
        for firm in self.alive:
            staff = round(firm.traits.staff_share * int(revenue[firm.account]))
            rows += running_bills(firm, int(self.sold_hours[firm.account]) + self.hosts.hours_of(firm), self.registers)
            rows.append(payment(firm.account, Item.OPERATING_COST, world, Good.WAGES, staff))
        return due(rows)

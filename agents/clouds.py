"""The layer of clouds: it rents out the hours of its machines at a spot price."""

from typing import ClassVar, Self

import numpy as np

from watersellers.agents.cloud import Cloud
from watersellers.agents.firm import Common, zeros
from watersellers.agents.hosting import Hosts
from watersellers.agents.news import Purchase, elasticity
from watersellers.agents.owning import MachineNumbers, running_bills
from watersellers.agents.parts import Parts
from watersellers.agents.reserving import Reservations
from watersellers.agents.views import SeenByCloud
from watersellers.market.dice import Chance
from watersellers.market.fleet import annuity, break_even_rent
from watersellers.market.goods import HOURS_A_MONTH, Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Offers, Orders, Row, Supply, Trades, due, payment
from watersellers.market.saved import Saved
from watersellers.market.schedules import tangent
from watersellers.market.units import Column, dollars, nano, posted


class Clouds:
    """The layer of clouds: sells GPU-hours at each cloud's posted price."""

    NUMBERS: ClassVar = {"cloud": (MachineNumbers,)}
    SAVED: ClassVar[Saved] = {"sold_hours": Column, "buyers": dict[int, list[Purchase]]}

    def __init__(self, clouds: list[Cloud], hosts: Hosts, reserved: Reservations, common: Common):
        self.clouds, self.hosts, self.reserved, self.common = clouds, hosts, reserved, common
        self.sold_hours = zeros(common)
        self.buyers: dict[int, list[Purchase]] = {}  # by cloud, hours

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the clouds of the setting."""
        return cls(parts.those(Cloud), parts[Hosts], parts[Reservations], parts.common)

    @property
    def alive(self) -> list[Cloud]:
        """Clouds in business."""
        return [firm for firm in self.clouds if firm.alive]

    def expect(self, chance: Chance) -> None:
        """Smooth the hours asked for last month, and publish what an hour a month of capacity is worth."""
        for firm in self.alive:
            if self.common.month > 0:
                firm.asked.update(firm.asked_last, self.common.smoothing)
        total = sum(firm.capacity for firm in self.alive)
        news = self.common.news
        news.use = sum(firm.asked_last for firm in self.alive) / total if total else 1.0
        worths = [(firm.hour_worth(news.use), firm.hour_running(news.use), firm.capacity) for firm in self.alive]
        if total and self.common.month > 0:
            news.hour_worth = max(0.0, sum(worth * hours for worth, _, hours in worths) / total)
            news.hour_running = sum(running * hours for _, running, hours in worths) / total

    def see(self, firm: Cloud) -> SeenByCloud:
        """Show a cloud what it may know when it prices."""
        traits, machines = firm.traits, firm.numbers[MachineNumbers]
        own = elasticity(self.buyers.get(firm.place, []), traits.sensitivity, traits.market_elasticity)
        months = annuity(machines.discount, int(machines.book_life))
        machine = traits.machine_price * (1 + machines.building_share)
        return SeenByCloud(
            unit_cost=machines.power_cost,
            last_price=firm.price,
            elasticity=own,
            demand=tangent(firm.price, firm.asked.level, own),
            capacity=firm.capacity,
            used_share=firm.used_share,
            full_cost=machines.power_cost
            + break_even_rent(machine, months, machines.site_cost * HOURS_A_MONTH, HOURS_A_MONTH),
        )

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Post the price of an hour; who has no machines keeps its price."""
        for firm in self.alive:
            if self.common.month > 0 and firm.capacity:
                firm.post(dollars(posted(firm.decide("pricing", self.see(firm), chance))))
        news = self.common.news
        news.rentals = [firm.rental() for firm in self.alive]
        return Offers.of((firm.place, Good.HOURS, nano(firm.price)) for firm in self.alive)

    def supply(self, orders: Orders) -> Supply:
        """Offer the hours of the machines in service that no tokens are served with; note what was asked."""
        asked = zeros(self.common)
        np.add.at(asked, orders.seller, orders.quantity)
        for firm in self.clouds:
            firm.hear(int(asked[firm.place]) - self.reserved.offered_to(firm) + self.hosts.asked_hours(firm))
        return Supply.of(row for firm in self.clouds for row in self._offered(firm, orders))

    def _offered(self, firm: Cloud, orders: Orders) -> list[tuple[int, Good, int]]:
        """What is under contract comes first; what is left of its hours, or offered back to it, is for spot."""
        there, mine = firm.capacity - self.hosts.hours_of(firm), orders.where(orders.seller == firm.place)
        signed = int(mine.quantity[mine.good == Good.HOURS_RESERVED].sum())
        reserved = min(there, signed)
        back = self.reserved.offered_to(firm) if reserved == signed else 0
        return [(firm.place, Good.HOURS, there - reserved + back), (firm.place, Good.HOURS_RESERVED, reserved)]

    def sold(self, trades: Trades) -> None:
        """Count the hours sold, and what each buyer's purchases here are of all its hours.

        A cloud rents out its own hours before those that it was offered back; an hour sold twice runs once.
        """
        self.sold_hours, bought = zeros(self.common), zeros(self.common)
        np.add.at(self.sold_hours, trades.seller, trades.quantity)
        for firm in self.clouds:
            beyond = max(0, int(self.sold_hours[firm.place]) - (firm.capacity - self.hosts.hours_of(firm)))
            self.sold_hours[firm.place] -= self.reserved.resell(firm, beyond)
        np.add.at(bought, trades.buyer, trades.quantity)
        self.buyers = {}
        for (seller, buyer), units in trades.units_by("seller", "buyer").items():
            self.buyers.setdefault(seller, []).append(Purchase(units, units / int(bought[buyer])))

    def spend(self, ledger: Ledger) -> Trades:
        """Pay power by hours that ran, sites by hours there are, staff by revenue; thrifty machines run first."""
        revenue, world = -ledger.totals[:, Item.REVENUE], self.common.world
        rows: list[Row] = []
        for firm in self.alive:
            staff = round(firm.traits.staff_share * int(revenue[firm.place]))
            rows += running_bills(firm, int(self.sold_hours[firm.place]) + self.hosts.hours_of(firm), self.common)
            rows.append(payment(firm.place, Item.OPERATING_COST, world, Good.WAGES, staff))
        return due(rows)

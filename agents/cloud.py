"""Cloud providers as sellers: hours of their machines, rented at a spot price."""

from dataclasses import dataclass
from typing import ClassVar, Self

import mesa
import numpy as np

from watersellers.agents.firm import Common, Firm, Trend, zeros
from watersellers.agents.news import Purchase, Rental, elasticity
from watersellers.agents.owning import Owning, running_bills
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Member, Traits
from watersellers.agents.views import SeenByCloud
from watersellers.market.dice import Chance
from watersellers.market.fleet import annuity, break_even_rent
from watersellers.market.goods import HOURS_A_MONTH, Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Offers, Orders, Row, Supply, Trades, due, payment
from watersellers.market.saved import Saved
from watersellers.market.schedules import tangent
from watersellers.market.units import Column, dollars, nano, posted


@dataclass(frozen=True, slots=True)
class CloudTraits(Traits):
    """A cloud's numbers; see ``experiments/parameters.csv`` for units and sources."""

    opening_hours: float
    opening_age: float
    opening_cash: float
    opening_price: float
    opening_growth: float
    machine_price: float
    power_cost: float
    site_cost: float
    staff_share: float
    building_share: float
    book_life: float
    service_life: float
    build_lag: float
    horizon: float
    discount: float
    rent_decline: float
    deposit: float
    sensitivity: float
    market_elasticity: float
    sells: float
    older_revenue: float
    owner_funds: float
    payout: float
    impairment: float
    inflation: float
    most_padding: float
    loan_rate: float
    loan_repaid: float
    covenant: float
    loan_grace: float
    hosts: float
    host_threshold: float
    host_margin: float
    reserved_discount: float
    most_reserved: float
    stake_share: float

    @property
    def owning(self) -> Owning:
        """What it reckons with when it buys machines."""
        return Owning(self.serves, self.discount, self.rent_decline, self.building_share)

    @property
    def serves(self) -> int:
        """Months that a machine is in service: never fewer than it is in the books."""
        return max(int(self.service_life), int(self.book_life))


class Cloud(Firm):
    """A provider of GPU-hours."""

    SAVED: ClassVar[Saved] = {
        "asked": Trend,
        "asked_last": int,
        "capacity": int,
        "chip_share": dict[int, float],
        "padding": float,
        "ration": float,
        "token_load": float,
        "token_hours": int,
        "returned": int,
        "resold": int,
    }

    def __init__(self, model: mesa.Model, member: Member, place: int):
        super().__init__(model, member, place)
        self.traits = CloudTraits.of(member.numbers)
        self.price = self.traits.opening_price
        self.asked = Trend(self.traits.opening_hours, self.traits.opening_growth)
        self.asked_last = 0  # hours
        self.capacity = 0  # hours
        self.token_load = 0.0  # output tokens' worth of work asked of it as a host of open weights, this month
        self.token_hours = 0  # hours that these take
        self.returned = 0  # hours under contract that labs do not use and offer back, this month
        self.resold = 0  # those of them that somebody else rented
        self.chip_share: dict[int, float] = {}  # of its last machine order, by vendor
        self.padding = 1.0  # machines on order over those that it wants
        self.ration = 1.0  # share of the machines it last called for that came

    @property
    def used_share(self) -> float:
        """Hours asked of it over hours it had; above 1 when it was short, 0 without machines."""
        return self.asked_last / self.capacity if self.capacity else 0.0

    @property
    def builds(self) -> bool:
        """Whether machines that it buys come to a fleet of its own: those of every cloud in business do."""
        return self.alive

    @property
    def may_host(self) -> bool:
        """Whether it sells tokens of open weights: it does if told to, sells to outsiders, and is large enough."""
        traits = self.traits
        return self.alive and traits.hosts > 0 and traits.sells > 0 and self.capacity >= max(1, traits.host_threshold)

    @property
    def hosting(self) -> int:
        """Hours of its own that it serves open weights with: what they take, as far as it has them."""
        return min(self.token_hours, self.capacity)

    def rental(self) -> Rental:
        """This month's public offer."""
        return Rental(self.place, self.region, self.owner, self.traits.sells > 0, self.price, self.capacity)

    def hour_worth(self, use: float) -> float:
        """Dollars that the chips for an hour a month of capacity are worth to it, at its own price of an hour.

        ``use`` is the share of hours rented that a builder without machines reckons with; one that has
        some goes by its own.
        """
        rented = self._rented(use)
        return self.traits.owning.hour_worth(rented * self.price, self._running(rented))

    def hour_running(self, use: float) -> float:
        """Dollars that power and site take of that, for machines as hungry as the opening ones."""
        return self.traits.owning.running_worth(self._running(self._rented(use)))

    def _rented(self, use: float) -> float:
        """Share of hours rented that it reckons with."""
        return min(1.0, self.used_share if self.capacity else use)

    def _running(self, rented: float) -> float:
        """Dollars of power and site for an hour of capacity of which this share is rented."""
        return rented * self.traits.power_cost + self.traits.site_cost


class Clouds:
    """The layer of clouds: sells GPU-hours at each cloud's posted price."""

    SAVED: ClassVar[Saved] = {"sold_hours": Column, "buyers": dict[int, list[Purchase]]}

    def __init__(self, clouds: list[Cloud], common: Common):
        self.clouds, self.common = clouds, common
        self.sold_hours = zeros(common)
        self.buyers: dict[int, list[Purchase]] = {}  # by cloud, hours

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the clouds of the setting."""
        return cls(parts.those(Cloud), parts.common)

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
        traits = firm.traits
        own = elasticity(self.buyers.get(firm.place, []), traits.sensitivity, traits.market_elasticity)
        months = annuity(traits.discount, int(traits.book_life))
        machine = traits.machine_price * (1 + traits.building_share)
        return SeenByCloud(
            unit_cost=traits.power_cost,
            last_price=firm.price,
            elasticity=own,
            demand=tangent(firm.price, firm.asked.level, own),
            capacity=firm.capacity,
            used_share=firm.used_share,
            full_cost=traits.power_cost
            + break_even_rent(machine, months, traits.site_cost * HOURS_A_MONTH, HOURS_A_MONTH),
        )

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Post the price of an hour; who has no machines keeps its price."""
        for firm in self.alive:
            if self.common.month > 0 and firm.capacity:
                firm.price = dollars(posted(firm.decide("pricing", self.see(firm), chance)))
        self.common.news.rentals = [firm.rental() for firm in self.alive]
        return Offers.of((firm.place, Good.HOURS, nano(firm.price)) for firm in self.alive)

    def supply(self, orders: Orders) -> Supply:
        """Offer the hours of the machines in service that no tokens are served with; note what was asked."""
        asked = zeros(self.common)
        np.add.at(asked, orders.seller, orders.quantity)
        for firm in self.clouds:
            firm.asked_last = int(asked[firm.place]) - firm.returned + firm.token_hours
        return Supply.of(row for firm in self.clouds for row in self._offered(firm, orders))

    def _offered(self, firm: Cloud, orders: Orders) -> list[tuple[int, Good, int]]:
        """What is under contract comes first; what is left of its hours, or offered back to it, is for spot."""
        there, mine = firm.capacity - firm.hosting, orders.where(orders.seller == firm.place)
        signed = int(mine.quantity[mine.good == Good.HOURS_RESERVED].sum())
        reserved = min(there, signed)
        back = firm.returned if reserved == signed else 0
        return [(firm.place, Good.HOURS, there - reserved + back), (firm.place, Good.HOURS_RESERVED, reserved)]

    def sold(self, trades: Trades) -> None:
        """Count the hours sold, and what each buyer's purchases here are of all its hours.

        A cloud rents out its own hours before those that it was offered back; an hour sold twice runs once.
        """
        self.sold_hours, bought = zeros(self.common), zeros(self.common)
        np.add.at(self.sold_hours, trades.seller, trades.quantity)
        for firm in self.clouds:
            beyond = max(0, int(self.sold_hours[firm.place]) - (firm.capacity - firm.hosting))
            firm.resold = min(firm.returned, beyond)
            self.sold_hours[firm.place] -= firm.resold
        np.add.at(bought, trades.buyer, trades.quantity)
        pairs: dict[tuple[int, int], int] = {}
        for buyer, seller, units in zip(
            trades.buyer.tolist(), trades.seller.tolist(), trades.quantity.tolist(), strict=True
        ):
            pairs[seller, buyer] = pairs.get((seller, buyer), 0) + units
        self.buyers = {}
        for (seller, buyer), units in pairs.items():
            self.buyers.setdefault(seller, []).append(Purchase(units, units / int(bought[buyer])))

    def spend(self, ledger: Ledger) -> Trades:
        """Pay power by hours that ran, sites by hours there are, staff by revenue; thrifty machines run first."""
        revenue, world = -ledger.totals[:, Item.REVENUE], self.common.world
        rows: list[Row] = []
        for firm in self.alive:
            staff = round(firm.traits.staff_share * int(revenue[firm.place]))
            rows += running_bills(firm, int(self.sold_hours[firm.place]) + firm.hosting, self.common)
            rows.append(payment(firm.place, Item.OPERATING_COST, world, Good.WAGES, staff))
        return due(rows)

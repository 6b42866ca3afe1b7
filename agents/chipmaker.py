"""Chip vendors: capacity with a lead time, a backlog, a price between unit cost and the buyers' worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import mesa
import numpy as np

from watersellers.agents.firm import Common, Firm, Trend
from watersellers.agents.news import Product, elasticity
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Member, Traits
from watersellers.agents.views import SeenByChipmaker, SeenByRationer
from watersellers.market.clearing import ration_in_turn
from watersellers.market.dice import Chance
from watersellers.market.goods import HOURS_A_MONTH, Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Offers, Orders, Row, Supply, Trades, due, payment
from watersellers.market.saved import Saved
from watersellers.market.schedules import tangent
from watersellers.market.units import Column, cents, dollars, nano, posted, whole


@dataclass(frozen=True, slots=True)
class ChipTraits(Traits):
    """A vendor's numbers; see ``experiments/parameters.csv`` for units and sources."""

    unit_cost: float
    performance: float
    performance_growth: float
    software: float
    lock_in: float
    sensitivity: float
    market_elasticity: float
    opening_capacity: float
    lead: float
    opening_wait: float
    opening_price: float
    opening_growth: float
    opening_pipeline: float
    opening_cash: float
    prepaid_months: float
    research_share: float
    staff: float
    payout: float
    exports: float
    owner_funds: float
    power: float
    learning: float
    learning_from: float


class Chipmaker(Firm):
    """A vendor of accelerators."""

    TRAITS = ChipTraits
    SAVED: ClassVar[Saved] = {"capacity": float, "pipeline": list[tuple[int, float]], "orders": Trend}

    def __init__(self, model: mesa.Model, member: Member, place: int, records: Sequence[type[Traits]]):
        super().__init__(model, member, place, records)
        self.price = self.traits.opening_price
        self.capacity = self.traits.opening_capacity if self.alive else 0.0  # accelerators a month
        self.pipeline = self._ordered_before()  # month of opening, accelerators a month
        self.orders = Trend(self.traits.opening_capacity, self.traits.opening_growth)

    @property
    def traits(self) -> ChipTraits:
        """Its numbers that no mechanism owns."""
        core: ChipTraits = self.numbers.core
        return core

    def _ordered_before(self) -> list[tuple[int, float]]:
        """Capacity ordered before the story begins: it opens month by month until orders of the first month would."""
        traits = self.traits
        if not self.alive:
            return []
        levels = [traits.opening_capacity * (1 + traits.opening_pipeline) ** month for month in range(int(traits.lead))]
        return [(month, levels[month] - levels[month - 1]) for month in range(1, len(levels))]

    def open_capacity(self, month: int) -> None:
        """Let what was ordered a lead time ago open."""
        self.capacity += sum(units for opens, units in self.pipeline if opens == month)
        self.pipeline = [(opens, units) for opens, units in self.pipeline if opens > month]

    def order_capacity(self, month: int, units: int) -> None:
        """Have new capacity open a lead time after a month."""
        self.pipeline.append((month + int(self.traits.lead), float(units)))

    def hours(self, month: int) -> int:
        """H100-equivalent hours a month that a machine sold in this month gives."""
        return round(HOURS_A_MONTH * self.traits.performance * (1 + self.traits.performance_growth) ** month)

    def unit_cost(self, made: int) -> float:
        """Dollars an accelerator after so many were made: each doubling of output takes the same part off (Wright)."""
        traits = self.traits
        return float(traits.unit_cost * (max(1, made) / traits.learning_from) ** -traits.learning)

    def product(self, month: int, backlog: int) -> Product:
        """This month's product sheet; ``backlog`` is what the vendor owes."""
        traits = self.traits
        return Product(
            vendor=self.place,
            region=self.region,
            owner=self.owner,
            exports=traits.exports > 0,
            price=self.price,
            hours=self.hours(month),
            software=traits.software,
            lock_in=traits.lock_in,
            sensitivity=traits.sensitivity,
            capacity=self.capacity,
            wait=backlog / self.capacity,
            power=traits.power,
        )


class Chips:
    """The layer of chip vendors: sells accelerators out of its backlog."""

    SAVED: ClassVar[Saved] = {"delivered": dict[int, int], "billed": dict[int, int]}

    def __init__(self, vendors: list[Chipmaker], common: Common):
        self.vendors, self.common = vendors, common
        self.delivered: dict[int, int] = {}  # accelerators this month, by vendor
        self.billed: dict[int, int] = {}  # cents this month, by vendor

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the vendors of the setting."""
        return cls(parts.those(Chipmaker), parts.common)

    @property
    def alive(self) -> list[Chipmaker]:
        """Vendors in business."""
        return [firm for firm in self.vendors if firm.alive]

    @property
    def selling(self) -> list[Chipmaker]:
        """Vendors in business whose first capacity is open."""
        return [firm for firm in self.alive if firm.capacity]

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Capacity ordered a lead time ago opens."""
        for firm in self.vendors:
            firm.open_capacity(chance.month)

    def expect(self, chance: Chance) -> None:
        """Smooth the orders that came in last month."""
        ordered = self.common.backlog.new_month()
        if self.common.month > 0:
            for firm in self.selling:
                firm.orders.update(ordered.get(firm.place, 0), self.common.smoothing)

    def see(self, firm: Chipmaker) -> SeenByChipmaker:
        """Show a vendor what it may know."""
        traits, backlog = firm.traits, self.common.backlog.waiting(firm.place)
        bought = self.common.news.machines_bought.get(firm.place, [])
        own = elasticity(bought, traits.sensitivity, traits.market_elasticity)
        unit_cost = self._unit_cost(firm)
        return SeenByChipmaker(
            unit_cost=unit_cost,
            full_cost=unit_cost / (1 - traits.research_share),
            last_price=firm.price,
            elasticity=own,
            demand=tangent(firm.price, firm.orders.level, own),
            worth=self.common.news.worth_at(traits.power) * firm.hours(self.common.month) * traits.software,
            wait=max(0.0, backlog / firm.capacity - 1) if firm.capacity else 0.0,
            capacity=firm.capacity,
            coming=sum(units for _, units in firm.pipeline),
            orders=firm.orders.level,
            growth=firm.orders.growth,
            backlog=backlog,
            lead=traits.lead,
        )

    def _unit_cost(self, firm: Chipmaker) -> float:
        """Dollars that a vendor pays the foundry for an accelerator, with what it has made so far."""
        return firm.unit_cost(int(self.common.fleets.produced[firm.place]))

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Post the price of an accelerator for new orders, and publish the product sheets."""
        news, month = self.common.news, self.common.month
        for firm in self.selling:
            if month > 0:
                firm.post(dollars(posted(firm.decide("pricing", self.see(firm), chance))))
        news.products = [firm.product(month, self.common.backlog.waiting(firm.place)) for firm in self.selling]
        return Offers.of((firm.place, Good.ACCELERATORS, nano(firm.price)) for firm in self.selling)

    def supply(self, orders: Orders) -> Supply:
        """Ship the smaller of backlog and capacity."""
        return Supply.of((firm.place, Good.ACCELERATORS, int(firm.capacity)) for firm in self.alive)

    def ration(self, orders: Orders, supply: Supply, keys: Column, chance: Chance) -> Trades:
        """Share what is short as each vendor's rule ranks its customers."""
        vendors, accounts, ranks = {firm.place: firm for firm in self.vendors}, self.common.accounts.rows, []
        rows = zip(orders.seller.tolist(), orders.buyer.tolist(), orders.quantity.tolist(), strict=True)
        for vendor, buyer, called in rows:
            held = self.common.fleets.held(vendor)
            share = int(held[buyer]) / every if (every := int(held.sum())) else 0.0
            own = float(accounts[buyer].owner == accounts[vendor].owner)
            seen = SeenByRationer(called=called, held_share=share, own=own)
            ranks.append(vendors[vendor].decide("rationing", seen, chance))
        return ration_in_turn(orders, np.array(ranks), supply, keys, chance)

    def sold(self, trades: Trades) -> None:
        """Take shipments off the backlog and count them as made."""
        self.common.backlog.deliver(trades)
        rows = list(zip(trades.seller.tolist(), trades.quantity.tolist(), trades.cents.tolist(), strict=True))
        self.delivered = {f.place: sum(q for s, q, _ in rows if s == f.place) for f in self.vendors}
        self.billed = {f.place: sum(c for s, _, c in rows if s == f.place) for f in self.vendors}
        for place, units in self.delivered.items():
            self.common.fleets.make(place, units)

    def spend(self, ledger: Ledger) -> Trades:
        """Pay the foundry for what was made, and research and staff."""
        rows: list[Row] = []
        for firm in self.alive:
            who, made, sales = firm.place, self.delivered.get(firm.place, 0), self.billed.get(firm.place, 0)
            research = round(firm.traits.research_share * sales)
            rows.append((who, Item.COST_OF_SALES, self.common.world, Good.FOUNDRY, made, nano(self._unit_cost(firm))))
            rows.append(payment(who, Item.OPERATING_COST, self.common.world, Good.RESEARCH, research))
            rows.append(payment(who, Item.OPERATING_COST, self.common.world, Good.WAGES, cents(firm.traits.staff)))
        return due(rows)

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Order foundry capacity against prepaid commitments, as far as the cash goes; who is new orders its first.

        After that the vendors forget whom they sold to: buyers choose anew in this phase.
        """
        for firm in self.alive:
            new = not firm.capacity and not firm.pipeline
            wanted = firm.traits.opening_capacity if new else firm.decide("capacity", self.see(firm), chance)
            self._order_capacity(firm, wanted, ledger)
        news = self.common.news
        news.machines_bought = {}

    def _order_capacity(self, firm: Chipmaker, wanted: float, ledger: Ledger) -> None:
        """Prepay the foundry some months of production of the new capacity."""
        each = self._unit_cost(firm) * firm.traits.prepaid_months
        cash = int(ledger.cash[firm.place])
        units = int(min(wanted, cash / 100 / each if each > 0 else wanted))
        if units <= 0:
            return
        pay, who, world = whole([cents(units * each)]), whole([firm.place]), whole([self.common.world])
        ledger.transfer(who, world, pay, (Item.PREPAYMENTS, Item.CUSTOMER_DEPOSITS), Good.FOUNDRY_CAPACITY)
        firm.order_capacity(self.common.month, units)

"""The layer of chip vendors: it ships accelerators from backlog, and orders capacity a lead time ahead."""

from typing import ClassVar, Self

import numpy as np

from watersellers.agents.chips.vendor import ChipVendor
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.information import SeenByChipVendor, SeenByRationer
from watersellers.agents.public_information import elasticity
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, cents, dollars, nano, posted, whole
from watersellers.market.goods import Good
from watersellers.market.saved import Saved
from watersellers.market.trade.clearing import ration_in_turn
from watersellers.market.trade.demand_schedule import tangent
from watersellers.market.trade.orders import Offers, Orders, Row, Supply, Trades, due, payment


class Chips:
    """The layer of chip vendors: it sells accelerators from its backlog."""

    SAVED: ClassVar[Saved] = {"delivered": dict[int, int], "billed": dict[int, int]}

    def __init__(self, vendors: list[ChipVendor], registers: Registers):
        self.vendors, self.registers = vendors, registers
        self.delivered: dict[int, int] = {}  # accelerators this month, by vendor
        self.billed: dict[int, int] = {}  # cents this month, by vendor

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the vendors of the scenario."""
        return cls(parts.firms_of(ChipVendor), parts.registers)

    @property
    def alive(self) -> list[ChipVendor]:
        """Vendors in business."""
        return [firm for firm in self.vendors if firm.alive]

    @property
    def selling(self) -> list[ChipVendor]:
        """Vendors in business whose first capacity is open."""
        return [firm for firm in self.alive if firm.capacity]

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Open the capacity that was ordered a lead time ago."""
        for firm in self.vendors:
            firm.open_capacity(chance.month)

    def expect(self, chance: Chance) -> None:
        """Update each vendor's trend with the orders of last month."""
        ordered = self.registers.backlog.new_month()
        if self.registers.month > 0:
            for firm in self.selling:
                firm.orders.update(ordered.get(firm.account, 0), self.registers.smoothing)

    def see(self, firm: ChipVendor) -> SeenByChipVendor:
        """Return a vendor's view for pricing and for capacity."""
        traits, backlog = firm.traits, self.registers.backlog.waiting(firm.account)
        bought = self.registers.public.machines_bought.get(firm.account, [])
        own = elasticity(bought, traits.sensitivity, traits.market_elasticity)
        unit_cost = self._unit_cost(firm)
        return SeenByChipVendor(
            unit_cost=unit_cost,
            full_cost=unit_cost / (1 - traits.research_share),
            last_price=firm.price,
            elasticity=own,
            demand=tangent(firm.price, firm.orders.level, own),
            worth=self.registers.public.worth_at(traits.power) * firm.hours(self.registers.month) * traits.software,
            wait=max(0.0, backlog / firm.capacity - 1) if firm.capacity else 0.0,
            capacity=firm.capacity,
            coming=sum(units for _, units in firm.pipeline),
            orders=firm.orders.level,
            growth=firm.orders.growth,
            backlog=backlog,
            lead=traits.lead,
        )

    def _unit_cost(self, firm: ChipVendor) -> float:
        """Dollars that a vendor pays the foundry for an accelerator, given its output so far."""
        return firm.unit_cost(int(self.registers.fleets.produced[firm.account]))

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Post the price of an accelerator for new orders, and publish the product sheets."""
        public, month = self.registers.public, self.registers.month
        for firm in self.selling:
            if month > 0:
                firm.post(dollars(posted(firm.decide("pricing", self.see(firm), chance))))
        public.products = [firm.product(month, self.registers.backlog.waiting(firm.account)) for firm in self.selling]
        return Offers.of((firm.account, Good.ACCELERATORS, nano(firm.price)) for firm in self.selling)

    def supply(self, orders: Orders) -> Supply:
        """Supply as many machines as each vendor's capacity allows."""
        return Supply.of((firm.account, Good.ACCELERATORS, int(firm.capacity)) for firm in self.alive)

    def ration(self, orders: Orders, supply: Supply, keys: Column, chance: Chance) -> Trades:
        """Ration scarce accelerators in the order in which each vendor's strategy ranks its customers."""
        vendors, accounts, ranks = {firm.account: firm for firm in self.vendors}, self.registers.accounts.rows, []
        rows = zip(orders.seller.tolist(), orders.buyer.tolist(), orders.quantity.tolist(), strict=True)
        for vendor, buyer, ordered in rows:
            held = self.registers.fleets.held(vendor)
            share = int(held[buyer]) / total if (total := int(held.sum())) else 0.0
            own = float(accounts[buyer].owner == accounts[vendor].owner)
            seen = SeenByRationer(ordered=ordered, held_share=share, own=own)
            ranks.append(vendors[vendor].decide("rationing", seen, chance))
        return ration_in_turn(orders, np.array(ranks), supply, keys, chance)

    def sold(self, trades: Trades) -> None:
        """Take shipments off the backlog and count them as made."""
        self.registers.backlog.deliver(trades)
        rows = list(zip(trades.seller.tolist(), trades.quantity.tolist(), trades.cents.tolist(), strict=True))
        self.delivered = {f.account: sum(q for s, q, _ in rows if s == f.account) for f in self.vendors}
        self.billed = {f.account: sum(c for s, _, c in rows if s == f.account) for f in self.vendors}
        for account_id, units in self.delivered.items():
            self.registers.fleets.make(account_id, units)
        for firm in self.vendors:
            self.registers.fleets.price_output(firm.account, nano(self._unit_cost(firm)))

    def spend(self, ledger: Ledger) -> Trades:
        """Pay the foundry for this month's output, and pay for research and staff."""
        rows: list[Row] = []
        world = self.registers.world
        for firm in self.alive:
            vendor, made = firm.account, self.delivered.get(firm.account, 0)
            research = round(firm.traits.research_share * self.billed.get(firm.account, 0))
            rows.append((vendor, Item.COST_OF_SALES, world, Good.FOUNDRY, made, nano(self._unit_cost(firm))))
            rows.append(payment(vendor, Item.OPERATING_COST, world, Good.RESEARCH, research))
            rows.append(payment(vendor, Item.OPERATING_COST, world, Good.WAGES, cents(firm.traits.staff)))
        return due(rows)

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Order foundry capacity and prepay it, as far as cash goes; a new vendor orders its opening capacity.

        The vendors then forget their buyers, since buyers choose again in this phase.
        """
        for firm in self.alive:
            new = not firm.capacity and not firm.pipeline
            wanted = firm.traits.opening_capacity if new else firm.decide("capacity", self.see(firm), chance)
            self._order_capacity(firm, wanted, ledger)
        public = self.registers.public
        public.machines_bought = {}

    def _order_capacity(self, firm: ChipVendor, wanted: float, ledger: Ledger) -> None:
        """Order capacity, and prepay the foundry for some months of its production."""
        prepayment = self._unit_cost(firm) * firm.traits.prepaid_months  # USD per accelerator a month
        cash = int(ledger.cash[firm.account])
        payable = cash / 100 / prepayment if prepayment > 0 else wanted
        firm.override("capacity", payable < wanted)
        units = int(min(wanted, payable))
        if units <= 0:
            return
        pay, vendor, world = whole([cents(units * prepayment)]), whole([firm.account]), whole([self.registers.world])
        ledger.transfer(vendor, world, pay, (Item.PREPAYMENTS, Item.CUSTOMER_DEPOSITS), Good.FOUNDRY_CAPACITY)
        firm.order_capacity(self.registers.month, units)

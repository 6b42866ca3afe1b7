"""The layer of chip vendors: it ships accelerators from backlog, and orders capacity a lead time ahead."""

from typing import ClassVar, Self

import numpy as np

from watersellers.agents.chips.entry import VendorEntry
from watersellers.agents.chips.export_rules import sells_abroad
from watersellers.agents.chips.foundry import FoundryLines, SpeedPrice, share_growth
from watersellers.agents.chips.vendor import ChipVendor, research_bill
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.information import SeenByChipVendor, SeenByCommittedVendor, SeenByRationer
from watersellers.agents.public_information import Product, Rivals
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, cents, dollars, nano, posted, whole
from watersellers.market.goods import NANO_A_CENT, Good
from watersellers.market.saved import Saved
from watersellers.market.trade.clearing import ration_in_turn
from watersellers.market.trade.demand_schedule import tangent
from watersellers.market.trade.orders import Offers, Orders, Row, Supply, Trades, due, payment
from watersellers.market.trade.purchase_answers import elasticity

DEPOSIT = (Item.PREPAYMENTS, Item.CUSTOMER_DEPOSITS)  # what a vendor debits and the foundry credits
PREMIUM = (Item.OPERATING_COST, Item.REVENUE)


class Chips:
    """The layer of chip vendors: it sells accelerators from its backlog."""

    USES: ClassVar = (VendorEntry,)
    SAVED: ClassVar[Saved] = {"delivered": dict[int, int], "billed": dict[int, int], "built": dict[str, float]}

    def __init__(self, vendors: list[ChipVendor], registers: Registers, entry: VendorEntry):
        self.vendors, self.registers, self.entry = vendors, registers, entry
        self.delivered: dict[int, int] = {}  # accelerators this month, by vendor
        self.billed: dict[int, int] = {}  # cents this month, by vendor
        self.built: dict[str, float] = {}  # accelerators per month that a foundry has ever had lines for, by region

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the vendors of the scenario, and the rule by which some of them enter."""
        return cls(parts.firms_of(ChipVendor), parts.registers, parts[VendorEntry])

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
        """Update each vendor's trend with the orders of last month; vendors decide how much capacity to give up."""
        ordered = self.registers.backlog.new_month()
        if self.registers.month > 0:
            for firm in self.selling:
                firm.orders.update(ordered.get(firm.account, 0), self.registers.smoothing)
        for region in self.regions:
            self.built[region] = max(self.built.get(region, 0.0), self._committed(region))
        for firm in self.alive:
            firm.give_up(firm.decide("cutting", self._commitments(firm), chance) if firm.made else 0.0)

    def _commitments(self, firm: ChipVendor) -> SeenByCommittedVendor:
        """Return a vendor's view of the capacity that it may give up."""
        waiting = self.registers.backlog.waiting(firm.account)
        return SeenByCommittedVendor(tuple(firm.made), tuple(firm.could), firm.committed, waiting)

    @property
    def regions(self) -> list[str]:
        """Regions whose foundry has vendors in business."""
        return sorted({firm.region for firm in self.alive})

    def _committed(self, region: str) -> float:
        """Accelerators per month that a region's vendors have or have ordered."""
        return sum(firm.committed for firm in self.alive if firm.region == region)

    def _lines(self, region: str) -> FoundryLines:
        """Return the lines of a region's foundry: what vendors gave up stands there for whoever asks."""
        committed = self._committed(region)
        return FoundryLines(committed, int(max(0.0, self.built.get(region, 0.0) - committed)))

    def _part_of_idle(self, region: str) -> int:
        """Idle lines on which each vendor of a region counts: an even part."""
        return self._lines(region).idle // sum(firm.region == region for firm in self.alive)

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
            worth=self._worth(firm),
            wait=max(0.0, backlog / firm.capacity - 1) if firm.capacity else 0.0,
            capacity=firm.capacity,
            coming=firm.coming,
            orders=firm.orders.level,
            growth=firm.orders.growth,
            backlog=backlog,
            lead=traits.lead,
            idle=max(0.0, 1 - backlog / firm.capacity) if firm.capacity else 0.0,
            marginal_cost=unit_cost * (1 - traits.take_or_pay),
            prepayment=unit_cost * traits.prepaid_months,
            speed_price=self.registers.numbers["speed_price"],
            hours=firm.useful_hours(self.registers.month),
            rival_price=self.entry.cheapest(firm),
            idle_lines=self._part_of_idle(firm.region),
            rivals=Rivals(self.registers.public.products, "vendor", firm.account, self.registers.accounts.names),
        )

    def _worth(self, firm: ChipVendor) -> float:
        """Dollars that its machine is worth to the clouds that may order it."""
        hour = self.registers.public.worth_at(firm.account, firm.traits.power)
        return hour * firm.hours(self.registers.month) * firm.traits.software

    def _unit_cost(self, firm: ChipVendor) -> float:
        """Dollars that a vendor pays the foundry for an accelerator, given its output so far."""
        return firm.unit_cost(int(self.registers.fleets.produced[firm.account]))

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Post the price of an accelerator for new orders, and publish the product sheets."""
        public, month = self.registers.public, self.registers.month
        for firm in self.selling:
            if month > 0:
                firm.post(dollars(posted(firm.decide("pricing", self.see(firm), chance))))
        public.products = [self._sheet(firm) for firm in self.selling]
        return Offers.of((firm.account, Good.ACCELERATORS, nano(firm.price)) for firm in self.selling)

    def _sheet(self, firm: ChipVendor) -> Product:
        """Return a vendor's product sheet of this month, under its export rule."""
        registers, month = self.registers, self.registers.month
        return firm.product(
            month, registers.backlog.waiting(firm.account), sells_abroad(firm, registers.numbers, month)
        )

    def supply(self, orders: Orders) -> Supply:
        """Supply as many machines as each vendor's capacity allows."""
        return Supply.of((firm.account, Good.ACCELERATORS, int(firm.capacity)) for firm in self.alive)

    def ration(self, orders: Orders, supply: Supply, keys: Column, chance: Chance) -> Trades:
        """Ration scarce accelerators in the order in which each vendor's strategy ranks its customers."""
        vendors, accounts, ranks = {firm.account: firm for firm in self.vendors}, self.registers.accounts.rows, []
        rows = list(zip(orders.seller.tolist(), orders.buyer.tolist(), orders.quantity.tolist(), strict=True))
        held = {vendor: self.registers.fleets.held(vendor) for vendor in {vendor for vendor, *_ in rows}}
        for vendor, buyer, ordered in rows:
            total = int(held[vendor].sum())
            share = int(held[vendor][buyer]) / total if total else 0.0
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
            firm.note_output(self.delivered[firm.account])
            self.registers.fleets.price_output(firm.account, nano(self._unit_cost(firm)))

    def spend(self, ledger: Ledger) -> Trades:
        """Pay the foundry for this month's output and for capacity not used, and pay for research and staff."""
        rows: list[Row] = []
        world = self.registers.world
        for firm in self.alive:
            vendor, made = firm.account, self.delivered.get(firm.account, 0)
            research = research_bill(firm.traits, self.billed.get(firm.account, 0))
            research += self.entry.development_bill(firm)
            unit_cost = self._unit_cost(firm)
            unused = nano(unit_cost * firm.traits.take_or_pay)
            rows.append((vendor, Item.COST_OF_SALES, world, Good.FOUNDRY, made, nano(unit_cost)))
            rows.append((vendor, Item.OPERATING_COST, world, Good.FOUNDRY_UNUSED, firm.unused(made), unused))
            rows.append(payment(vendor, Item.OPERATING_COST, world, Good.RESEARCH, research))
            rows.append(payment(vendor, Item.OPERATING_COST, world, Good.WAGES, cents(firm.traits.staff)))
        return due(rows)

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Order foundry capacity and prepay it, as far as cash and each region's foundry go.

        The vendors then forget their buyers, since buyers choose again in this phase.
        """
        prices = {firm.account: self._speed_price(firm) for firm in self.alive}
        cash = ledger.free_cash
        asked = {f.account: self._asked(f, prices[f.account], int(cash[f.account]) / 100, chance) for f in self.alive}
        granted = self._granted(asked, chance)
        for firm in self.alive:
            firm.override("capacity", granted[firm.account] < asked[firm.account])
            self._order_capacity(firm, granted[firm.account], prices[firm.account], ledger)
        public = self.registers.public
        public.machines_bought = {}

    def _speed_price(self, firm: ChipVendor) -> SpeedPrice:
        """Return the price at which a vendor gets new capacity, given its output so far."""
        prepayment = self._unit_cost(firm) * firm.traits.prepaid_months
        idle = self._part_of_idle(firm.region)
        return SpeedPrice(prepayment, self.registers.numbers["speed_price"], firm.committed, idle)

    def _asked(self, firm: ChipVendor, price: SpeedPrice, cash: float, chance: Chance) -> int:
        """Capacity that a vendor asks for and can pay; a new one asks for its opening capacity once it is developed."""
        if firm.gave_up or self.entry.developing(firm):
            return 0
        wanted = firm.traits.opening_capacity if firm.is_new else firm.decide("capacity", self.see(firm), chance)
        payable = price.payable(cash) if price.prepayment > 0 else wanted
        firm.override("capacity", payable < wanted)
        return max(0, int(min(wanted, payable)))

    def _granted(self, asked: dict[int, int], chance: Chance) -> dict[int, int]:
        """Capacity that each vendor gets of what it asked for; vendors of a region share its foundry."""
        numbers = self.registers.numbers
        granted: dict[int, int] = {}
        for region in self.regions:
            accounts, lines = [firm.account for firm in self.alive if firm.region == region], self._lines(region)
            ties = chance.order("packaging", self.registers.accounts.keys[accounts])
            units = [asked[account] for account in accounts]
            grown = share_growth(units, lines, numbers["foundry_pace"], numbers["foundry_growth"], ties)
            granted |= dict(zip(accounts, grown, strict=True))
        return granted

    def _order_capacity(self, firm: ChipVendor, units: int, price: SpeedPrice, ledger: Ledger) -> None:
        """Order capacity, prepay the foundry for some months of its production, and pay for speed."""
        if units <= 0:
            return
        cash = int(ledger.free_cash[firm.account])
        deposit = min(cents(units * price.prepayment), cash)
        vendor, world = whole([firm.account]), whole([self.registers.world])
        ledger.transfer(vendor, world, whole([deposit]), DEPOSIT, Good.FOUNDRY_CAPACITY)
        premium = whole([min(cents(price.premium_of(units)), cash - deposit)])
        each = {"quantity": premium, "price": whole([NANO_A_CENT])}
        ledger.transfer(vendor, world, premium, PREMIUM, Good.FOUNDRY_CAPACITY, **each)
        firm.order_capacity(self.registers.month, units)

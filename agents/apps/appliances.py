"""Appliances: an app buys machines, installs a model and sells them once; the buyer runs them and pays for that."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from watersellers.agents.apps.app import App
from watersellers.agents.compute.capital_budgeting import (
    MachineMix,
    MachineOrder,
    machines_open_to,
    order_machines,
)
from watersellers.agents.economy_parts import Parts
from watersellers.agents.enterprises.budget_shares import appliance_worth, budget_shares, token_offer
from watersellers.agents.enterprises.budgets import EnterpriseCustomers, Enterprises
from watersellers.agents.firm import Registers
from watersellers.agents.information import SeenByApplianceMaker
from watersellers.agents.labs.lab import Lab
from watersellers.agents.public_information import ApplianceOffer, Product
from watersellers.agents.scenario_spec import Traits
from watersellers.market.accounting.ledger import Entries, Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import among, dollars, nano, posted, whole
from watersellers.market.goods import NANO, NANO_A_CENT, Good
from watersellers.market.saved import Saved
from watersellers.market.trade.fleet import Machines
from watersellers.market.trade.orders import Offers, Orders, Row, Supply, Trades, due
from watersellers.market.trade.purchase_answers import Purchase


@dataclass(frozen=True, slots=True)
class ApplianceNumbers(Traits):
    """An app's appliances: whether it sells any, the staff cost that this takes, machines, assembly, output, stock."""

    sells_appliances: float
    appliance_threshold: float
    appliance_machines: float
    appliance_assembly: float
    appliance_efficiency: float
    appliance_stock: float


def keeps_machines(firm: App) -> bool:
    """Whether machines that an app buys go into its own fleet, and not into appliances."""
    return bool(firm.alive and not firm.numbers[ApplianceNumbers].sells_appliances)


def makes_appliances(firm: App) -> bool:
    """Whether an app makes appliances: the scenario allows it, and its staff is large enough."""
    numbers = firm.numbers[ApplianceNumbers]
    allowed, staffed = numbers.sells_appliances > 0, firm.traits.staff >= numbers.appliance_threshold
    return bool(firm.alive and allowed and staffed)


class Appliances:
    """Apps as makers of appliances: they stock machines, and sell them with a model to enterprises."""

    NUMBERS: ClassVar = {"apps": (ApplianceNumbers,)}
    SAVED: ClassVar[Saved] = dict.fromkeys(("spendable", "machine_costs", "asked", "appliances"), dict[int, int])

    def __init__(self, apps: list[App], labs: list[Lab], sector: Enterprises, registers: Registers):
        self.apps, self.labs, self.sector, self.registers = apps, labs, sector, registers
        self.spendable: dict[int, int] = {}  # nano-dollars that each app can pay for machines this month
        self.machine_costs: dict[int, int] = {}  # cents that this month's sold machines had cost, by app
        self.asked: dict[int, int] = {}  # appliances ordered this month, by app
        self.appliances: dict[int, int] = {}  # appliances sold this month, by app
        self.by_account = {firm.account: firm for firm in apps}

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the apps, labs and enterprises of the scenario."""
        return cls(parts.firms_of(App), parts.firms_of(Lab), parts[Enterprises], parts.registers)

    @property
    def sellers(self) -> list[App]:
        """Apps that make appliances."""
        return [firm for firm in self.alive if makes_appliances(firm)]

    @property
    def alive(self) -> list[App]:
        """Apps in business."""
        return [firm for firm in self.apps if firm.alive]

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Scrap appliances at the end of their life; count the cash that each maker can spend on machines."""
        fleets, lots = self.registers.fleets, self.registers.fleets.appliances
        sold = among(lots.owner, [region.account for region in self.sector.regions])
        fleets.scrap(sold & (lots.opens + lots.life <= chance.month))
        costs, cash = self.registers.last.costs, ledger.free_cash
        self.spendable = {
            firm.account: max(0, int(cash[firm.account] - costs[firm.account])) * NANO_A_CENT
            for firm in self.alive
            if not keeps_machines(firm)
        }

    # the market for appliances

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Post the price of each maker's appliance, with the best model that it may use."""
        public = self.registers.public
        public.appliances = appliances = [
            appliance for firm in self.sellers if (appliance := self._offer_of(firm, chance))
        ]
        return Offers.of((appliance.app, Good.APPLIANCES, nano(appliance.price)) for appliance in appliances)

    def _offer_of(self, firm: App, chance: Chance) -> ApplianceOffer | None:
        """Price an app's appliance; None without a model or without machines on sale."""
        product, lab, numbers = self._cheapest(firm), self._model(firm), firm.numbers[ApplianceNumbers]
        if not product or not lab:
            return None
        hours = float(int(numbers.appliance_machines) * product.hours)
        output = lab.throughput(self.registers.month) * numbers.appliance_efficiency
        cost = int(numbers.appliance_machines) * product.price + numbers.appliance_assembly
        at_cost = ApplianceOffer(firm.account, firm.regions, cost, hours, output, lab.work(), lab.quality)
        seen = SeenByApplianceMaker(cost, self._worth(at_cost))
        return replace(at_cost, price=dollars(posted(firm.decide("appliance_pricing", seen, chance))))

    def _worth(self, appliance: ApplianceOffer) -> float:
        """Dollars that an appliance is worth in the region with the highest value; 0 where tokens have no price."""
        worths = [0.0]
        for region in self.sector.regions:
            tokens = token_offer(region, self.sector.for_routes(region), self.registers.public)
            if tokens and region.name in appliance.regions:
                worths.append(appliance_worth(appliance, region.traits, tokens.price))
        return max(worths)

    def _model(self, firm: App) -> Lab | None:
        """Return the maker of the best model that an app may install: an open one, or one of its own group."""
        usable = [lab for lab in self.labs if lab.traits.open_weights > 0 or lab.owner == firm.owner]
        return max((lab for lab in usable if lab.alive), key=lambda lab: lab.quality, default=None)

    def _cheapest(self, firm: App) -> Product | None:
        """Return the machine on sale to an app with the lowest price per usable hour (the first of equals)."""
        on_sale = machines_open_to(firm, self.registers)
        return min(on_sale, key=lambda one: one.price / (one.hours * one.software), default=None)

    def supply(self, orders: Orders) -> Supply:
        """Supply the whole appliances in stock; note the orders."""
        self.asked = orders.units_of("seller")
        return Supply.of((firm.account, Good.APPLIANCES, self._ready(firm)) for firm in self.alive)

    def _ready(self, firm: App) -> int:
        """Whole appliances that the machines in an app's stock make."""
        return self.registers.fleets.stored(firm.account) // int(firm.numbers[ApplianceNumbers].appliance_machines)

    def sold(self, trades: Trades) -> None:
        """Hand over the machines; they are an expense of their buyers, who use them from next month on."""
        self.machine_costs, month = {}, self.registers.month
        by_account = {region.account: region for region in self.sector.regions}
        self.appliances = trades.units_of("seller")
        for buyer, _, seller, _, appliances, _, _ in trades.rows():
            machines = appliances * int(self.by_account[seller].numbers[ApplianceNumbers].appliance_machines)
            owner = (buyer, month + 1, int(by_account[buyer].traits.life))
            cost = self.registers.fleets.hand_over(seller, machines, owner)
            self.machine_costs[seller] = self.machine_costs.get(seller, 0) + cost

    # machines

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Call off the machines that are on order, as far as each app's money goes."""
        return self.registers.backlog.call_off(self.spendable.keys(), self.spendable)

    def receive(self, trades: Trades) -> None:
        """Take delivered machines into stock."""
        sheets, month = {product.vendor: product for product in self.registers.public.products}, self.registers.month
        lots = []
        for buyer, _, vendor, _, units, _, bill in trades.rows():
            if buyer in self.spendable:
                sheet = sheets[vendor]
                made = self.registers.fleets.production_cost(vendor, units)
                lots.append((buyer, vendor, month, 0, units, sheet.hours, bill, 0, 0, 0, made, sheet.millionths, 0))
        self.registers.fleets.store(Machines.of(lots))

    def spend(self, ledger: Ledger) -> Trades:
        """Book the cost of sales; pay for assembly, and let buyers pay for the power of their appliances."""
        sellers, cost = whole(self.machine_costs), whole(self.machine_costs.values())
        ledger.post(Entries.made((sellers, Item.COST_OF_SALES), (sellers, Item.CHIP_STOCK), cost, Good.APPLIANCES))
        world, lots = self.registers.world, self.registers.fleets.appliances
        rows: list[Row] = [
            (
                firm.account,
                Item.COST_OF_SALES,
                world,
                Good.APPLIANCES,
                self.appliances.get(firm.account, 0),
                nano(assembly),
            )
            for firm in self.alive
            if (assembly := firm.numbers[ApplianceNumbers].appliance_assembly)
        ]
        for region in self.sector.regions:
            in_use = lots.where((lots.owner == region.account) & (lots.opens <= self.registers.month))
            used = int(region.traits.own_use * int((in_use.units * in_use.hours).sum()))
            price = nano(region.traits.running_cost)
            rows.append((region.account, Item.OPERATING_COST, world, Good.POWER, used, price))
        return due(rows)

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Order the machines that makers lack for coming sales, as far as each maker's money goes."""
        orders = []
        for firm in self.sellers:
            if product := self._cheapest(firm):
                backlog = self.registers.backlog
                free = int(ledger.free_cash[firm.account]) / 100 - backlog.committed(firm.account) / NANO
                units = int(min(self._missing(firm, product), max(0.0, free) / product.price))
                wanted = Purchase(float(units * product.hours), 1.0)
                self.registers.public.report_purchase(product.vendor, wanted)
                orders.append(MachineOrder(firm.account, Item.CHIP_STOCK, units, MachineMix([product], [1.0])))
        order_machines(self.registers, orders, chance)

    def _missing(self, firm: App, product: Product) -> float:
        """Machines to order so that stock and orders last for sales like this month's until delivery."""
        months = firm.numbers[ApplianceNumbers].appliance_stock + product.wait
        aim = self.asked.get(firm.account, 0) * int(firm.numbers[ApplianceNumbers].appliance_machines) * months
        have = self.registers.fleets.stored(firm.account) + sum(self.registers.backlog.on_order(firm.account).values())
        return max(0.0, aim - have)


class ApplianceCustomers(EnterpriseCustomers):
    """Enterprises as customers for appliances, which they buy out of the share of their budget for them."""

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the appliances that each region's budget buys."""
        rows: list[Row] = []
        for region in self.sector.regions:
            budget = self.sector.for_routes(region)
            for appliance, share in budget_shares(region, budget, self.sector.registers.public).appliances:
                units = int(budget * share / appliance.price)
                if units:
                    rows.append(
                        (
                            region.account,
                            Item.OPERATING_COST,
                            appliance.app,
                            Good.APPLIANCES,
                            units,
                            nano(appliance.price),
                        )
                    )
        return Orders.of(rows)

"""Appliances: an app buys machines, puts a model in, and sells the box once; its buyer runs it, and pays for that."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from watersellers.agents.app import App
from watersellers.agents.enterprises import Enterprises
from watersellers.agents.firm import Common
from watersellers.agents.lab import Lab
from watersellers.agents.news import Box, Product, Purchase
from watersellers.agents.owning import machines_open_to
from watersellers.agents.parts import Parts
from watersellers.agents.routes import box_worth, split, usual
from watersellers.agents.setting import Traits
from watersellers.agents.views import SeenByBoxer
from watersellers.market.dice import Chance
from watersellers.market.fleet import Machines
from watersellers.market.goods import NANO, NANO_A_CENT, Good, Item
from watersellers.market.ledger import Entries, Ledger
from watersellers.market.orders import Offers, Orders, Row, Supply, Trades, due
from watersellers.market.saved import Saved
from watersellers.market.units import dollars, nano, posted, whole


@dataclass(frozen=True, slots=True)
class ApplianceNumbers(Traits):
    """Whether an app sells appliances, how large it must be to make one, what it takes, and how many it keeps."""

    sells_appliances: float
    appliance_threshold: float
    appliance_machines: float
    appliance_assembly: float
    appliance_efficiency: float
    appliance_stock: float


def builds(firm: App) -> bool:
    """Whether machines that an app buys come to a fleet of its own, and not into appliances."""
    return bool(firm.alive and not firm.numbers[ApplianceNumbers].sells_appliances)


def may_box(firm: App) -> bool:
    """Whether an app sells appliances: it does if told to, and if it has the people to put one together."""
    numbers = firm.numbers[ApplianceNumbers]
    told, people = numbers.sells_appliances > 0, firm.traits.staff >= numbers.appliance_threshold
    return bool(firm.alive and told and people)


class Boxing:
    """Apps as sellers of appliances: they buy machines into a store, and sell them with a model to enterprises."""

    NUMBERS: ClassVar = {"apps": (ApplianceNumbers,)}
    SAVED: ClassVar[Saved] = dict.fromkeys(("purses", "handed", "asked", "boxes"), dict[int, int])

    def __init__(self, apps: list[App], labs: list[Lab], sector: Enterprises, common: Common):
        self.apps, self.labs, self.sector, self.common = apps, labs, sector, common
        self.purses: dict[int, int] = {}  # nano-dollars that each can pay for machines this month
        self.handed: dict[int, int] = {}  # cents that the machines sold this month had cost, by app
        self.asked: dict[int, int] = {}  # appliances this month, by app
        self.boxes: dict[int, int] = {}  # those that were sold
        self.by_place = {firm.place: firm for firm in apps}

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Bring apps, labs and enterprises together."""
        return cls(parts.those(App), parts.those(Lab), parts[Enterprises], parts.common)

    @property
    def sellers(self) -> list[App]:
        """Apps that sell appliances."""
        return [firm for firm in self.alive if may_box(firm)]

    @property
    def alive(self) -> list[App]:
        """Apps in business."""
        return [firm for firm in self.apps if firm.alive]

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Appliances at the end of their life leave; each seller looks what it can pay for machines."""
        fleets, lots = self.common.fleets, self.common.fleets.appliances
        sold = np.isin(lots.owner, [region.place for region in self.sector.regions])
        fleets.scrap(sold & (lots.opens + lots.life <= chance.month))
        costs, cash = self.common.last.costs, ledger.cash
        self.purses = {
            firm.place: max(0, int(cash[firm.place] - costs[firm.place])) * NANO_A_CENT
            for firm in self.alive
            if not builds(firm)
        }

    # the market for appliances

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Post the price of an appliance with the best model that its seller may use."""
        news = self.common.news
        news.boxes = boxes = [box for firm in self.sellers if (box := self._box(firm, chance))]
        return Offers.of((box.app, Good.APPLIANCES, nano(box.price)) for box in boxes)

    def _box(self, firm: App, chance: Chance) -> Box | None:
        """Put an appliance together on paper; nobody sells one without a model or without machines to be had."""
        product, lab, numbers = self._cheapest(firm), self._model(firm), firm.numbers[ApplianceNumbers]
        if not product or not lab:
            return None
        hours = float(int(numbers.appliance_machines) * product.hours)
        output = lab.throughput(self.common.month) * numbers.appliance_efficiency
        cost = int(numbers.appliance_machines) * product.price + numbers.appliance_assembly
        box = Box(firm.place, firm.regions, cost, hours, output, lab.work(), lab.quality)  # at cost, until it is priced
        seen = SeenByBoxer(cost, self._worth(box))
        return replace(box, price=dollars(posted(firm.decide("boxing", seen, chance))))

    def _worth(self, box: Box) -> float:
        """Dollars that an appliance is worth where it is worth most; 0 where nobody can tell."""
        worth = [0.0]
        for region in self.sector.regions:
            known = usual(region, self.sector.for_routes(region), self.common.news)
            if known and region.name in box.regions:
                worth.append(box_worth(box, region.traits, known.price))
        return max(worth)

    def _model(self, firm: App) -> Lab | None:
        """The best model that an app may put into a box: given away, or of its own group's lab; of equals the first."""
        open_to_it = [lab for lab in self.labs if lab.traits.open_weights > 0 or lab.owner == firm.owner]
        return max((lab for lab in open_to_it if lab.alive), key=lambda lab: lab.quality, default=None)

    def _cheapest(self, firm: App) -> Product | None:
        """The machine that costs least for what it does, of vendors that sell to an app; of equals the first."""
        there = machines_open_to(firm, self.common)
        return min(there, key=lambda one: one.price / (one.hours * one.software), default=None)

    def supply(self, orders: Orders) -> Supply:
        """Deliver what is in the store in whole boxes; note how many were asked for."""
        self.asked = orders.units_of("seller")
        return Supply.of((firm.place, Good.APPLIANCES, self._ready(firm)) for firm in self.alive)

    def _ready(self, firm: App) -> int:
        """Whole appliances that the machines in an app's store make."""
        return self.common.fleets.stored(firm.place) // int(firm.numbers[ApplianceNumbers].appliance_machines)

    def sold(self, trades: Trades) -> None:
        """Hand the machines over; they are an expense of their buyers, who use them from next month on."""
        self.handed, month = {}, self.common.month
        by_place = {region.place: region for region in self.sector.regions}
        self.boxes = trades.units_of("seller")
        for buyer, _, seller, _, boxes, _, _ in trades.rows():
            machines = boxes * int(self.by_place[seller].numbers[ApplianceNumbers].appliance_machines)
            owner = (buyer, month + 1, int(by_place[buyer].traits.life))
            cost = self.common.fleets.hand_over(seller, machines, owner)
            self.handed[seller] = self.handed.get(seller, 0) + cost

    # machines

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Call the machines that are on order, as far as the money goes."""
        return self.common.backlog.calls(self.purses.keys(), self.purses)

    def receive(self, trades: Trades) -> None:
        """Take delivered machines into the store."""
        sheets, month = {product.vendor: product for product in self.common.news.products}, self.common.month
        lots = []
        for buyer, _, vendor, _, units, _, bill in trades.rows():
            if buyer in self.purses:
                sheet = sheets[vendor]
                lots.append((buyer, vendor, month, 0, units, sheet.hours, bill, 0, 0, 0, sheet.millionths, 0))
        self.common.fleets.store(Machines.of(lots))

    def spend(self, ledger: Ledger) -> Trades:
        """Book what was sold as cost of sales; pay for putting it together, and buyers for what theirs take to run."""
        sellers, cost = whole(self.handed), whole(self.handed.values())
        ledger.post(Entries.made((sellers, Item.COST_OF_SALES), (sellers, Item.CHIP_STOCK), cost, Good.APPLIANCES))
        world, lots = self.common.world, self.common.fleets.appliances
        rows: list[Row] = [
            (firm.place, Item.COST_OF_SALES, world, Good.APPLIANCES, self.boxes.get(firm.place, 0), nano(assembly))
            for firm in self.alive
            if (assembly := firm.numbers[ApplianceNumbers].appliance_assembly)
        ]
        for region in self.sector.regions:
            mine = lots.where((lots.owner == region.place) & (lots.opens <= self.common.month))
            used = int(region.traits.own_use * int((mine.units * mine.hours).sum()))
            price = nano(region.traits.running_cost)
            rows.append((region.place, Item.OPERATING_COST, world, Good.POWER, used, price))
        return due(rows)

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Order the machines that are missing for the sales to come, as far as the money goes."""
        for firm in self.sellers:
            if product := self._cheapest(firm):
                backlog = self.common.backlog
                free = int(ledger.cash[firm.place]) / 100 - backlog.committed(firm.place) / NANO
                units = int(min(self._missing(firm, product), max(0.0, free) / product.price))
                wanted = Purchase(float(units * product.hours), 1.0)
                self.common.news.tell(product.vendor, wanted)
                if units:
                    backlog.place((firm.place, product.vendor), Item.CHIP_STOCK, units, nano(product.price))

    def _missing(self, firm: App, product: Product) -> float:
        """Machines that are neither in the store nor on order, for sales like this month's until new ones come."""
        months = firm.numbers[ApplianceNumbers].appliance_stock + product.wait
        aim = self.asked.get(firm.place, 0) * int(firm.numbers[ApplianceNumbers].appliance_machines) * months
        have = self.common.fleets.stored(firm.place) + sum(self.common.backlog.on_order(firm.place).values())
        return max(0.0, aim - have)


class BoxCustomers:
    """Enterprises as buyers of appliances: whole ones, out of the share of their budget that goes there."""

    def __init__(self, sector: Enterprises):
        self.sector = sector

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Buy for the sector."""
        return cls(parts[Enterprises])

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the appliances that each region's budget buys."""
        rows: list[Row] = []
        for region in self.sector.regions:
            budget = self.sector.for_routes(region)
            for box, share in split(region, budget, self.sector.common.news).boxes:
                units = int(budget * share / box.price)
                if units:
                    rows.append((region.place, Item.OPERATING_COST, box.app, Good.APPLIANCES, units, nano(box.price)))
        return Orders.of(rows)

    def receive(self, trades: Trades) -> None:
        """What is not delivered is not missed: next month's budget is what it is."""

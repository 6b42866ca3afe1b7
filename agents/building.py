"""Cloud providers as builders: which machines they order, how these arrive, wear and leave."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from watersellers.agents.app import App
from watersellers.agents.boxing import builds
from watersellers.agents.cloud import Cloud
from watersellers.agents.firm import Common, Firm
from watersellers.agents.impairing import ImpairmentNumbers, impairs, losses
from watersellers.agents.lending import Lenders
from watersellers.agents.own_models import serves
from watersellers.agents.owning import (
    MachineNumbers,
    Mix,
    Reckoning,
    choose_machines,
    hours_on_order,
    order_machines,
    tell_vendors,
)
from watersellers.agents.padding import OrderInflation
from watersellers.agents.parts import Parts
from watersellers.agents.views import SeenByBuilder
from watersellers.market.dice import Chance
from watersellers.market.fleet import Machines, straight_line
from watersellers.market.goods import NANO, NANO_A_CENT, Good, Item
from watersellers.market.ledger import Entries, Ledger
from watersellers.market.orders import Offers, Orders, Trades, due
from watersellers.market.saved import Saved
from watersellers.market.units import Column, cents, whole


@dataclass(frozen=True, slots=True)
class Plan:
    """Machines that a cloud wants this month: of which, and for how many hours a month."""

    cloud: Cloud
    mix: Mix
    hours: float  # below 0 if it takes orders back


@dataclass(frozen=True, slots=True)
class Deposit:
    """What a vendor asks a cloud for when it orders."""

    cloud: int
    vendor: int
    dollars: float


class Builders:
    """The clouds' side of the chip market: orders placed, machines received, housed, worn and retired.

    Machines that apps have bought to serve a model (``OwnModels``) are called, housed and worn with the clouds'.
    """

    SAVED: ClassVar[Saved] = {"purses": dict[int, int], "called": dict[int, int]}

    NUMBERS: ClassVar = {"cloud": (ImpairmentNumbers,)}
    ASKS: ClassVar = (OrderInflation,)

    def __init__(self, clouds: list[Cloud], apps: list[App], common: Common, beside: tuple[Lenders, OrderInflation]):
        self.clouds, self.common = clouds, common
        self.lenders, self.inflation = beside
        self.by_place: dict[int, Cloud | App] = {firm.place: firm for firm in (*clouds, *apps)}
        self.purses: dict[int, int] = {}  # nano-dollars that each can pay for machines this month
        self.called: dict[int, int] = {}  # machines this month, by cloud

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take whoever has machines of its own."""
        return cls(parts.those(Cloud), parts.those(App), parts.common, (parts[Lenders], parts[OrderInflation]))

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Old machines leave; machines delivered a build lag ago are housed and go into service."""
        fleets, month = self.common.fleets, chance.month
        fleets.retire(fleets.machines.opens + fleets.machines.serves <= month)
        self._house(ledger, chance)
        capacity = fleets.capacity(month, len(self.common.accounts))
        for firm in self.by_place.values():
            firm.run(int(capacity[firm.place]) if firm.alive else 0)
        self.purses = {firm.place: self._purse(firm, ledger) for firm in self.by_place.values() if _builds(firm)}

    def _purse(self, firm: Firm, ledger: Ledger) -> int:
        """Nano-dollars that a firm has for machines: cash and deposits, less what a month costs it to run."""
        cash, prepaid = ledger.totals[firm.place, [Item.CASH, Item.PREPAYMENTS]].tolist()
        return max(0, cash + prepaid - int(self.common.last.costs[firm.place])) * NANO_A_CENT

    def _house(self, ledger: Ledger, chance: Chance) -> None:
        """Move what opens this month from stock to fleet, and pay for its buildings and racks."""
        fleets = self.common.fleets
        mine = np.isin(fleets.machines.owner, list(self.by_place))
        rows = np.flatnonzero(mine & (fleets.machines.opens == chance.month) & (fleets.machines.book == 0))
        if not len(rows):
            return
        lots = fleets.machines.where(rows)
        ledger.post(Entries.made((lots.owner, Item.FLEET), (lots.owner, Item.CHIP_STOCK), lots.cost, Good.BUILDING))
        built = due(
            (owner, Item.FLEET, self.common.world, Good.BUILDING, units, self._building_price(owner, units, chips))
            for owner, units, chips in zip(lots.owner.tolist(), lots.units.tolist(), lots.cost.tolist(), strict=True)
        )
        ledger.settle(built, chance.hashes("building", ledger.accounts.keys))
        cost, book = fleets.machines.cost.copy(), fleets.machines.book.copy()
        cost[rows] += built.cents
        book[rows] = cost[rows]
        basis = fleets.machines.basis.copy()
        basis[rows] = cost[rows]
        fleets.rewrite(cost=cost, book=book, basis=basis)

    def _building_price(self, owner: int, units: int, cost: int) -> int:
        """Nano-dollars of building and racks for each machine: a share of what its chips cost."""
        return round(cost * self.by_place[owner].numbers[MachineNumbers].building_share / units) * NANO_A_CENT

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Call the machines that are on order, as far as the money goes."""
        calls = self.common.backlog.calls(self.purses.keys(), self.purses)
        self.called = calls.units_of("buyer")
        return calls

    def receive(self, trades: Trades) -> None:
        """Take delivered machines into stock; they open after the build lag, and wear from then on."""
        sheets = {product.vendor: product for product in self.common.news.products}
        lots = []
        for buyer, _, vendor, _, units, _, bill in trades.rows():
            if buyer in self.purses:
                numbers, service = self.by_place[buyer].numbers[MachineNumbers], _serves(self.by_place[buyer])
                opens = self.common.month + int(numbers.build_lag)
                sheet, life = sheets[vendor], int(numbers.book_life)
                lot = (buyer, vendor, opens, life, units, sheet.hours, bill, 0, 0, 0, sheet.millionths, service)
                lots.append(lot)
        self.common.fleets.add(Machines.of(lots))
        for firm in self.clouds:
            came = sum(lot[4] for lot in lots if lot[0] == firm.place)
            self.inflation.receive(firm, self.called.get(firm.place, 0), came)

    def needs(self, firm: Cloud, ledger: Ledger) -> int:
        """Cents a cloud has to pay this month: shipments beyond its deposits, buildings, and running costs."""
        backlog, month = self.common.backlog, self.common.month
        capacity = {product.vendor: product.capacity for product in self.common.news.products}
        shipments = 0.0
        for vendor in backlog.on_order(firm.place):
            shipped = min(1.0, capacity.get(vendor, 0.0) / backlog.waiting(vendor))
            shipments += shipped * backlog.value[firm.place][vendor] / NANO
        machines = self.common.fleets.machines
        opening = machines.where((machines.owner == firm.place) & (machines.opens == month))
        buildings = int(opening.cost.sum()) * firm.numbers[MachineNumbers].building_share
        due = max(0, cents(shipments) - int(ledger.totals[firm.place, Item.PREPAYMENTS]))
        return due + round(buildings) + int(self.common.last.costs[firm.place])

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Decide how many machines to order and from whom, and pay the deposits."""
        alive = [firm for firm in self.clouds if firm.alive]
        level = sum(firm.asked.level for firm in alive)
        trend = sum(firm.asked.growth * firm.asked.level for firm in alive) / level if level else 0.0
        plans = [plan for firm in alive if (plan := self._plan(firm, trend, chance))]
        if self.lenders.able(ledger):
            self.lenders.lend([(plan.cloud, self._missing(plan, ledger)) for plan in plans], ledger, chance)
        deposits: list[Deposit] = []
        for plan in plans:
            affordable = self._affordable(plan.cloud, ledger, plan.mix)
            deposits += self._place(plan.cloud, min(max(0.0, plan.hours), affordable), plan.mix, chance)
        self._deposit(deposits, ledger)

    def _plan(self, firm: Cloud, trend: float, chance: Chance) -> Plan | None:
        """Let a cloud say what it wants of which machines; what it ordered too much it takes back."""
        mix = self._choose(firm, chance)
        if not mix.products:
            return None
        wanted = firm.decide("capacity", self._see(firm, trend, mix), chance)
        hours = self.inflation.padded(firm, wanted, hours_on_order(self.common, firm.place))
        if hours < 0:
            self.inflation.take_back(firm, int(-hours / mix.hours), chance)
        return Plan(firm, mix, hours)

    def _missing(self, plan: Plan, ledger: Ledger) -> float:
        """Dollars that a cloud has not got for the machines it wants, buildings and all."""
        short = plan.hours - self._affordable(plan.cloud, ledger, plan.mix)
        return (
            max(0.0, short) * plan.mix.price / plan.mix.hours * (1 + plan.cloud.numbers[MachineNumbers].building_share)
        )

    def _choose(self, firm: Cloud, chance: Chance) -> Mix:
        """Let a cloud choose among the machines on sale to it; what it gives whom is what the vendors face."""
        use, owning = self.common.news.use, firm.owning
        reckoned = Reckoning(firm.owner, owning.impatience, firm.hour_worth(use), firm.hour_running(use))
        mix = choose_machines(firm, self.common, reckoned, chance)
        tell_vendors(self.common.news, firm.asked.level, mix)
        return mix

    def _see(self, firm: Cloud, trend: float, mix: Mix) -> SeenByBuilder:
        """Show a cloud what it may know when it decides how much to build."""
        fleets, month, traits, use = self.common.fleets, self.common.month, firm.traits, self.common.news.use
        worth = firm.hour_worth(use)
        return SeenByBuilder(
            asked=firm.asked.level,
            growth=firm.asked.growth,
            trend=trend,
            capacity=firm.capacity,
            coming=hours_on_order(self.common, firm.place) / self.inflation.factor(firm)
            + fleets.coming(month, firm.place),
            leaving=fleets.leaving(month, int(traits.horizon), firm.place),
            horizon=traits.horizon,
            return_on_cost=mix.return_on_cost(worth + mix.saved * firm.hour_running(use), firm.owning.impatience),
        )

    def _affordable(self, firm: Cloud, ledger: Ledger, mix: Mix) -> float:
        """Hours a month that it can pay for: cash less commitments, and its owner's money until they are delivered."""
        backlog = self.common.backlog
        wait = sum(share * backlog.waiting(product.vendor) / product.capacity for product, share in mix.rows())
        months = min(1 + wait, firm.traits.horizon)
        cash, prepaid = ledger.totals[firm.place, [Item.CASH, Item.PREPAYMENTS]].tolist()
        purse = cash / 100 + firm.traits.owner_funds * months
        free = purse / (1 + firm.numbers[MachineNumbers].building_share) - (
            backlog.committed(firm.place) / NANO - prepaid / 100
        )
        return max(0.0, free) / (mix.price / mix.hours)

    def _place(self, firm: Cloud, hours: float, mix: Mix, chance: Chance) -> list[Deposit]:
        """Order whole machines by the chosen shares; list the deposits asked for."""
        firm.order_from({product.vendor: share for product, share in mix.rows()})
        ordered = order_machines(self.common, (firm.place, Item.CHIP_STOCK), int(hours / mix.hours), mix, chance)
        asked = firm.traits.deposit
        return [Deposit(firm.place, product.vendor, asked * units * product.price) for product, units in ordered]

    def _deposit(self, asked: list[Deposit], ledger: Ledger) -> None:
        """Pay the vendors' deposits, as far as each cloud's cash goes, first vendors first."""
        left = {deposit.cloud: int(ledger.cash[deposit.cloud]) for deposit in asked}
        pays = []
        for deposit in asked:
            pays.append(min(cents(deposit.dollars), left[deposit.cloud]))
            left[deposit.cloud] -= pays[-1]
        clouds, vendors = whole(deposit.cloud for deposit in asked), whole(deposit.vendor for deposit in asked)
        ledger.transfer(clouds, vendors, whole(pays), (Item.PREPAYMENTS, Item.CUSTOMER_DEPOSITS), Good.DEPOSIT)

    def close(self, ledger: Ledger, month: int) -> None:
        """Machines in service wear on a straight line; what they will not earn back is written off."""
        m = self.common.fleets.machines
        age = np.minimum(month + 1 - m.opens, m.life)
        book: Column = np.where(m.opens <= month, straight_line(m.basis, m.life - m.worn, age - m.worn), m.book)
        wear = m.book - book
        worn = wear > 0
        owner = m.owner[worn]
        ledger.post(Entries.made((owner, Item.DEPRECIATION), (owner, Item.FLEET), wear[worn], Good.WEAR))
        self.common.fleets.rewrite(book=book)
        self._impair(ledger, month)

    def _impair(self, ledger: Ledger, month: int) -> None:
        """Write machines down to what they are worth where rents no longer carry their book value."""
        fleets = self.common.fleets
        found: dict[int, int] = {}
        for firm in self.clouds:
            if impairs(firm):
                found |= losses(firm, fleets.machines, month)
        lots, loss = whole(found), whole(found.values())
        owner = fleets.machines.owner[lots]
        ledger.post(Entries.made((owner, Item.IMPAIRMENT), (owner, Item.FLEET), loss, Good.IMPAIRMENT))
        machines = fleets.machines
        book, basis, worn = machines.book.copy(), machines.basis.copy(), machines.worn.copy()
        book[lots] -= loss
        basis[lots], worn[lots] = book[lots], month + 1 - machines.opens[lots]
        fleets.rewrite(book=book, basis=basis, worn=worn)


def _builds(firm: Cloud | App) -> bool:
    """Whether machines that a firm buys come to a fleet of its own: those of every cloud in business do."""
    return firm.alive if isinstance(firm, Cloud) else builds(firm)


def _serves(firm: Cloud | App) -> int:
    """Months that a machine of a firm is in service."""
    return firm.serves if isinstance(firm, Cloud) else serves(firm)

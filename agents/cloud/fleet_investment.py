"""Fleet investment: the machines that each cloud orders, from which vendors, and how it pays for them."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.cloud.fleet_loans import Lenders
from watersellers.agents.cloud.order_inflation import OrderInflation
from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.compute.capital_budgeting import (
    MachineAppraisal,
    MachineMix,
    MachineNumbers,
    MachineOrder,
    buildings_to_come,
    choose_machines,
    hours_on_order,
    order_machines,
    report_to_vendors,
)
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.information import SeenByFleetInvestor
from watersellers.agents.labs.reserved_hours import ReservedHours
from watersellers.agents.public_information import Rivals
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import cents, whole
from watersellers.market.goods import NANO, Good


@dataclass(frozen=True, slots=True)
class MachineOrderPlan:
    """The machines that a cloud wants this month: their mix, and hours per month."""

    cloud: Cloud
    mix: MachineMix
    wanted: float  # as its strategy decided
    hours: float  # with those that it orders because a part will not come; below 0 if it cancels orders


@dataclass(frozen=True, slots=True)
class DepositDue:
    """The deposit that a vendor asks of a cloud for an order."""

    cloud: int
    vendor: int
    dollars: float


class FleetInvestment:
    """Clouds as buyers of machines: they choose a mix, borrow what they lack, order, and pay deposits."""

    USES: ClassVar = (OrderInflation, ReservedHours)

    def __init__(
        self,
        clouds: list[Cloud],
        registers: Registers,
        parts: tuple[Lenders, OrderInflation, ReservedHours],
    ):
        self.clouds, self.registers = clouds, registers
        self.lenders, self.inflation, self.reserved = parts

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the clouds of the scenario, their lenders, and their contracts."""
        others = parts[Lenders], parts[OrderInflation], parts[ReservedHours]
        return cls(parts.firms_of(Cloud), parts.registers, others)

    def needs(self, firm: Cloud, ledger: Ledger) -> int:
        """Cents that a cloud has to pay: shipments beyond its deposits, buildings, running costs, and unpaid bills."""
        backlog, month = self.registers.backlog, self.registers.month
        capacity = {product.vendor: product.capacity for product in self.registers.public.products}
        shipments = 0.0
        for vendor in backlog.on_order(firm.account):
            shipped = min(1.0, capacity.get(vendor, 0.0) / backlog.waiting(vendor))
            shipments += shipped * backlog.value[firm.account][vendor] / NANO
        machines = self.registers.fleets.machines
        opening = machines.where((machines.owner == firm.account) & (machines.opens == month))
        buildings = int(opening.cost.sum()) * firm.numbers[MachineNumbers].building_share
        due = max(0, cents(shipments) - int(ledger.totals[firm.account, Item.PREPAYMENTS]))
        unpaid = -int(ledger.totals[firm.account, Item.PAYABLES])
        return due + round(buildings) + int(self.registers.last.costs[firm.account]) + unpaid

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Let clouds plan, borrow, order machines and pay the deposits."""
        alive = [firm for firm in self.clouds if firm.alive]
        level = sum(firm.asked.level for firm in alive)
        trend = sum(firm.asked.growth * firm.asked.level for firm in alive) / level if level else 0.0
        plans = [plan for firm in alive if (plan := self._plan(firm, trend, chance))]
        if self.lenders.able(ledger):
            self.lenders.lend([(plan.cloud, self._missing(plan, ledger)) for plan in plans], ledger, chance)
        self._deposit(self._place(plans, ledger, chance), ledger)

    def _plan(self, firm: Cloud, trend: float, chance: Chance) -> MachineOrderPlan | None:
        """Let a cloud decide which machines it wants, and how many; cancel what it has ordered in excess."""
        mix = self._choose(firm, chance)
        if not mix.products:
            return None
        wanted = firm.decide("capacity", self._see(firm, trend, mix), chance)
        hours = self.inflation.inflate(firm, wanted, hours_on_order(self.registers, firm.account))
        if hours < 0:
            self.inflation.cancel(firm, int(-hours / mix.hours), chance)
        return MachineOrderPlan(firm, mix, wanted, hours)

    def _missing(self, plan: MachineOrderPlan, ledger: Ledger) -> float:
        """Dollars that a cloud lacks for the machines that it wants and their buildings."""
        hours = plan.hours - self._affordable(plan.cloud, ledger, plan.mix)
        return (
            max(0.0, hours) * plan.mix.price / plan.mix.hours * (1 + plan.cloud.numbers[MachineNumbers].building_share)
        )

    def _choose(self, firm: Cloud, chance: Chance) -> MachineMix:
        """Let a cloud choose among the machines on sale to it, and report its choice to the vendors."""
        use, ownership = self.registers.public.use, firm.ownership
        appraisal = MachineAppraisal(firm.owner, ownership.impatience, firm.hour_worth(use), firm.hour_running(use))
        mix = choose_machines(firm, self.registers, appraisal, chance)
        report_to_vendors(self.registers.public, firm.asked.level, mix)
        return mix

    def _see(self, firm: Cloud, trend: float, mix: MachineMix) -> SeenByFleetInvestor:
        """Return a cloud's view when it decides how many machines to order."""
        fleets, month, traits, use = self.registers.fleets, self.registers.month, firm.traits, self.registers.public.use
        worth = firm.hour_worth(use)
        opens = month + 1 + int(mix.wait) + int(firm.numbers[MachineNumbers].build_lag)
        return SeenByFleetInvestor(
            asked=firm.asked.level,
            growth=firm.asked.growth,
            trend=trend,
            capacity=firm.capacity,
            coming=hours_on_order(self.registers, firm.account) / self.inflation.factor(firm)
            + fleets.coming(month, firm.account),
            leaving=fleets.leaving(month, int(traits.horizon), firm.account),
            contracted=self.reserved.hours_under_contract(firm.account, opens),
            horizon=traits.horizon,
            return_on_cost=mix.return_on_cost(worth + mix.saved * firm.hour_running(use), firm.ownership.impatience),
            outlook=self.registers.public.sentiment.factor(self.registers.numbers["sentiment_building"]),
            rivals=Rivals(self.registers.public.rentals, "cloud", firm.account, self.registers.accounts.names),
        )

    def _affordable(self, firm: Cloud, ledger: Ledger, mix: MachineMix) -> float:
        """Hours per month that a cloud can pay for: cash and its owner's money until delivery, less commitments.

        Committed are machines on order with their buildings, and the buildings of machines that have not opened yet.
        """
        backlog = self.registers.backlog
        wait = sum(share * backlog.waiting(product.vendor) / product.capacity for product, share in mix.rows())
        months = min(1 + wait, firm.traits.horizon)
        cash, prepaid = int(ledger.free_cash[firm.account]), int(ledger.totals[firm.account, Item.PREPAYMENTS])
        funds = (cash - buildings_to_come(firm, self.registers)) / 100 + firm.owner_funds * months
        free = funds / (1 + firm.numbers[MachineNumbers].building_share) - (
            backlog.committed(firm.account) / NANO - prepaid / 100
        )
        return max(0.0, free) / (mix.price / mix.hours)

    def _place(self, plans: list[MachineOrderPlan], ledger: Ledger, chance: Chance) -> list[DepositDue]:
        """Order whole machines by the chosen shares, as far as money goes; return the deposits that vendors ask for."""
        orders = []
        for plan in plans:
            firm, hours = plan.cloud, min(max(0.0, plan.hours), self._affordable(plan.cloud, ledger, plan.mix))
            firm.order_from({product.vendor: share for product, share in plan.mix.rows()})
            orders.append(MachineOrder(firm.account, Item.CHIP_STOCK, int(hours / plan.mix.hours), plan.mix))
            firm.override("capacity", hours != plan.wanted)
        return [
            DepositDue(plan.cloud.account, product.vendor, plan.cloud.traits.deposit * units * product.price)
            for plan, taken in zip(plans, order_machines(self.registers, orders, chance), strict=True)
            for product, units in taken
        ]

    def _deposit(self, asked: list[DepositDue], ledger: Ledger) -> None:
        """Pay the vendors' deposits in order, as far as each cloud's cash goes."""
        cash = {deposit.cloud: int(ledger.free_cash[deposit.cloud]) for deposit in asked}
        payments = []
        for deposit in asked:
            payments.append(min(cents(deposit.dollars), cash[deposit.cloud]))
            cash[deposit.cloud] -= payments[-1]
        clouds, vendors = whole(deposit.cloud for deposit in asked), whole(deposit.vendor for deposit in asked)
        ledger.transfer(clouds, vendors, whole(payments), (Item.PREPAYMENTS, Item.CUSTOMER_DEPOSITS), Good.DEPOSIT)

"""Machines of clouds and of apps: called off from their orders, housed, run, depreciated, and retired."""

from typing import ClassVar, Self

import numpy as np

from watersellers.agents.apps.app import App
from watersellers.agents.apps.appliances import keeps_machines
from watersellers.agents.cloud.order_inflation import OrderInflation
from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.compute.capital_budgeting import MachineNumbers, buildings_to_come
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Firm, Registers
from watersellers.market.accounting.ledger import Entries, Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, among, cents
from watersellers.market.goods import NANO_A_CENT, Good
from watersellers.market.saved import Saved
from watersellers.market.trade.fleet import Machines, straight_line
from watersellers.market.trade.orders import Offers, Orders, Trades, due


class FleetOperators:
    """Firms that run machines: every cloud, and apps that serve a model themselves (``SelfHostedModels``)."""

    SAVED: ClassVar[Saved] = {"spendable": dict[int, int], "called_off": dict[int, int]}

    def __init__(self, clouds: list[Cloud], apps: list[App], registers: Registers, inflation: OrderInflation):
        self.clouds, self.apps, self.registers, self.inflation = clouds, apps, registers, inflation
        self.by_account: dict[int, Cloud | App] = {firm.account: firm for firm in (*clouds, *apps)}
        self.spendable: dict[int, int] = {}  # nano-dollars that each firm can pay for machines this month
        self.called_off: dict[int, int] = {}  # machines called off this month, by buyer

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the firms that can have machines of their own."""
        return cls(parts.firms_of(Cloud), parts.firms_of(App), parts.registers, parts[OrderInflation])

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Retire old machines; house those that were delivered a build lag ago, and put them into service."""
        fleets, month = self.registers.fleets, chance.month
        fleets.retire(fleets.machines.opens + fleets.machines.serves <= month, month)
        self._house(ledger, chance)
        capacity = fleets.capacity(month, len(self.registers.accounts))
        for firm in self.by_account.values():
            firm.run(int(capacity[firm.account]) if firm.alive else 0)
        self.spendable = {firm.account: self._spendable(firm, ledger) for firm in self._buyers()}

    def _buyers(self) -> list[Cloud | App]:
        """Firms that put delivered machines into a fleet: clouds in business, and apps that make no appliances."""
        clouds: list[Cloud | App] = [firm for firm in self.clouds if firm.alive]
        return clouds + [firm for firm in self.apps if keeps_machines(firm)]

    def _spendable(self, firm: Firm, ledger: Ledger) -> int:
        """Nano-dollars that a firm can pay vendors: free cash and deposits, less its costs of last month.

        It keeps back what the buildings of its machines will cost beyond what its owner may pay until these open.
        """
        cash, prepaid = int(ledger.free_cash[firm.account]), int(ledger.totals[firm.account, Item.PREPAYMENTS])
        money, numbers = cash + prepaid - int(self.registers.last.costs[firm.account]), firm.numbers[MachineNumbers]
        until_open = cents(firm.owner_funds * numbers.build_lag) - buildings_to_come(firm, self.registers)
        return max(0, min(money, int((money + until_open) / (1 + numbers.building_share)))) * NANO_A_CENT

    def _house(self, ledger: Ledger, chance: Chance) -> None:
        """Move the machines that open this month from stock to fleet, and pay for their buildings and racks."""
        fleets = self.registers.fleets
        operated = among(fleets.machines.owner, list(self.by_account))
        rows = np.flatnonzero(operated & (fleets.machines.opens == chance.month) & (fleets.machines.book == 0))
        if not len(rows):
            return
        lots = fleets.machines.where(rows)
        ledger.post(Entries.made((lots.owner, Item.FLEET), (lots.owner, Item.CHIP_STOCK), lots.cost, Good.BUILDING))
        built = due(
            (owner, Item.FLEET, self.registers.world, Good.BUILDING, units, self._building_price(owner, units, chips))
            for owner, units, chips in zip(lots.owner.tolist(), lots.units.tolist(), lots.cost.tolist(), strict=True)
        )
        ledger.settle(built, chance.hashes("building", ledger.accounts.keys))
        cost, book = fleets.machines.cost.copy(), fleets.machines.book.copy()
        cost[rows] += built.cents
        book[rows] = cost[rows]
        basis, made = fleets.machines.basis.copy(), fleets.machines.made.copy()
        basis[rows] = cost[rows]
        made[rows] += built.cents
        fleets.rewrite(cost=cost, book=book, basis=basis, made=made)

    def _building_price(self, owner: int, units: int, cost: int) -> int:
        """Nano-dollars of building and racks for each machine: a share of the cost of its chips."""
        return round(cost * self.by_account[owner].numbers[MachineNumbers].building_share / units) * NANO_A_CENT

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Call off the machines that are on order, as far as each firm's money goes."""
        calls = self.registers.backlog.call_off(self.spendable.keys(), self.spendable)
        self.called_off = calls.units_of("buyer")
        return calls

    def receive(self, trades: Trades) -> None:
        """Take delivered machines into stock; they open after the build lag, and depreciate from then on."""
        sheets = {product.vendor: product for product in self.registers.public.products}
        lots, fleets = [], self.registers.fleets
        for buyer, _, vendor, _, units, _, bill in trades.rows():
            if buyer in self.spendable:
                numbers, sheet = self.by_account[buyer].numbers[MachineNumbers], sheets[vendor]
                opens, life = self.registers.month + int(numbers.build_lag), int(numbers.book_life)
                serves = self.by_account[buyer].serves
                made, rest = fleets.production_cost(vendor, units), (sheet.millionths, serves)
                lots.append((buyer, vendor, opens, life, units, sheet.hours, bill, 0, 0, 0, made, *rest))
        fleets.add(Machines.of(lots))
        for firm in self.clouds:
            delivered = sum(lot[4] for lot in lots if lot[0] == firm.account)
            self.inflation.receive(firm, self.called_off.get(firm.account, 0), delivered)

    def close(self, ledger: Ledger, month: int) -> None:
        """Depreciate machines in service on a straight line."""
        lots = self.registers.fleets.machines
        age = np.minimum(month + 1 - lots.opens, lots.life)
        depreciated = straight_line(lots.basis, lots.life - lots.worn, age - lots.worn)
        book: Column = np.where(lots.opens <= month, depreciated, lots.book)
        wear = lots.book - book
        falls = wear > 0
        owner = lots.owner[falls]
        ledger.post(Entries.made((owner, Item.DEPRECIATION), (owner, Item.FLEET), wear[falls], Good.WEAR))
        self.registers.fleets.rewrite(book=book)

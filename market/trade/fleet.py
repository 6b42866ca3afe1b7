"""Fleets: machines by owner, vendor and vintage, and their depreciation."""

from math import expm1, log1p
from typing import ClassVar

import numpy as np

from watersellers.market.exact import Column, whole
from watersellers.market.goods import MILLION, NANO_A_CENT
from watersellers.market.saved import Saved
from watersellers.market.trade.orders import Columns, columns


@columns
class Machines(Columns):
    """Vintages of machines: one row for each lot of one owner.

    ``opens`` is the month of first service, ``life`` its book life in months, ``hours`` the
    H100-equivalent hours per unit and month, ``cost`` and ``book`` whole cents of the lot
    (chips alone until it opens, chips and building afterwards). It is depreciated evenly from ``basis``, its book
    value when ``worn`` months of its life had passed: its cost after 0 months, or what an impairment left of it.
    ``made`` is what the lot cost the whole chain, in cents: what the foundry was paid for its chips, and once it opens
    its building too. It is depreciated like ``basis``; 0 of machines that are outside the chain.
    ``power`` is the power of an hour as a multiple of the opening machines', in millionths; ``serves`` is the number
    of months in service after which it is retired.
    """

    owner: Column
    vendor: Column
    opens: Column
    life: Column
    units: Column
    hours: Column
    cost: Column
    book: Column
    basis: Column
    worn: Column
    made: Column
    power: Column
    serves: Column


class Fleets:
    """All machines of the economy, and a count of what became of every machine ever made (I5)."""

    SAVED: ClassVar[Saved] = {
        "machines": Machines,
        "appliances": Machines,
        "produced": Column,
        "retired": Column,
        "unit_costs": dict[int, int],
        "left": int,
    }

    def __init__(self, accounts: int):
        self.machines = Machines.of([])
        self.appliances = Machines.of([])  # in a maker's store, where they have a cost, or at a customer's
        self.produced = np.zeros(accounts, dtype=np.int64)  # by vendor, opening machines included
        self.retired = np.zeros(accounts, dtype=np.int64)
        self.unit_costs: dict[int, int] = {}  # by vendor: nano-dollars that it pays for an accelerator this month
        self.left = 0  # cents: production-cost value of machines that were taken out this month

    def add(self, lots: Machines) -> None:
        """Take in new lots."""
        self.machines = Machines.joined([self.machines, lots])

    def rewrite(self, **columns: Column) -> None:
        """Replace columns of the register (cost and book when a lot opens or wears)."""
        present = {name: getattr(self.machines, name) for name in Machines.__dataclass_fields__}
        self.machines = Machines(**{**present, **columns})

    def in_service(self, month: int, owner: int) -> Machines:
        """An owner's lots in service this month."""
        return self.machines.where((self.machines.owner == owner) & (self.machines.opens <= month))

    def capacity(self, month: int, accounts: int) -> Column:
        """H100-equivalent hours that each owner's machines in service give this month, shape (accounts,)."""
        total, m = np.zeros(accounts, dtype=np.int64), self.machines
        np.add.at(total, m.owner, m.units * m.hours * (m.opens <= month))
        return total

    def held(self, vendor: int) -> Column:
        """Machines of a vendor that each account has, installed or not, shape (accounts,)."""
        held = np.zeros_like(self.produced)
        rows = self.machines.vendor == vendor
        np.add.at(held, self.machines.owner[rows], self.machines.units[rows])
        return held

    def coming(self, month: int, owner: int) -> int:
        """Hours per month of an owner's machines that are delivered and not yet in service."""
        m = self.machines
        return _hours(m, (m.opens > month) & (m.owner == owner))

    def unhoused(self, month: int, owner: int) -> int:
        """Cents that an owner's lots which open after a month cost: their buildings are still to be paid."""
        return int(self.machines.cost[(self.machines.owner == owner) & (self.machines.opens > month)].sum())

    def leaving(self, month: int, horizon: int, owner: int) -> int:
        """Hours per month of an owner's machines that will have left service within the horizon."""
        m = self.machines
        return _hours(m, (m.owner == owner) & (m.opens <= month) & (m.opens + m.serves < month + horizon))

    def production_value(self, month: int) -> int:
        """Cents that the chain's machines are worth at production cost at the end of a month, stores included."""
        return int(production_values(self.machines, month).sum()) + int(self.appliances.made.sum())

    def retire(self, leaving: Column, month: int) -> Machines:
        """Take lots out for good (boolean column over the register) before their wear of the month; count them."""
        lots = self.machines.where(leaving)
        self.left += int(production_values(lots, month - 1).sum())
        np.add.at(self.retired, lots.vendor, lots.units)
        self.machines = self.machines.where(~leaving)
        return lots

    def count_out(self) -> int:
        """Return the production-cost value of the machines that were taken out this month, and count from 0 again."""
        left, self.left = self.left, 0
        return left

    def scrap(self, leaving: Column) -> Machines:
        """Take appliances out for good (boolean column over their register) and count their machines as retired."""
        lots = self.appliances.where(leaving)
        self.left += int(lots.made.sum())
        np.add.at(self.retired, lots.vendor, lots.units)
        self.appliances = self.appliances.where(~leaving)
        return lots

    def store(self, lots: Machines) -> None:
        """Put machines into the stores of makers of appliances."""
        self.appliances = Machines.joined([self.appliances, lots])

    def price_output(self, vendor: int, price: int) -> None:
        """Note the nano-dollars that a vendor pays for an accelerator this month."""
        self.unit_costs[vendor] = price

    def production_cost(self, vendor: int, units: int) -> int:
        """Cents that a vendor pays for machines that it delivers this month."""
        return round(self.unit_costs.get(vendor, 0) * units / NANO_A_CENT)

    def make(self, vendor: int, units: int) -> None:
        """Count machines that a vendor has made."""
        self.produced[vendor] += units

    def stored(self, owner: int) -> int:
        """Machines in the store of a maker of appliances."""
        return int(self.appliances.units[self.appliances.owner == owner].sum())

    def hand_over(self, seller: int, units: int, buyer: tuple[int, int, int]) -> int:
        """Give machines out of a seller's store to a buyer, oldest lots first; return what they cost, in cents.

        ``buyer`` is its account, the month of first service and the machines' life there. Of a lot that is handed over
        in part, that part of its cost counts, rounded down.

        Raises
        ------
        ValueError
            If there are fewer in the store.
        """
        sold, remaining, cost = [], [], 0
        customer, opens, life = buyer
        for lot in self.appliances.rows():
            owner, vendor, _, _, stock, hours, lot_cost = lot[:7]
            taken = min(units, stock) if owner == seller else 0
            if not taken:
                remaining.append(lot)
                continue
            part, units = lot_cost * taken // stock, units - taken
            cost += part
            sold.append((customer, vendor, opens, life, taken, hours, 0, 0, 0, 0, 0, lot[11], life))
            if taken < stock:
                made = lot[10] - lot[10] * taken // stock
                remaining.append((*lot[:4], stock - taken, hours, lot_cost - part, *lot[7:10], made, *lot[11:]))
        if units:
            raise ValueError(f"{units} machines more are sold than are in the store")
        self.appliances = Machines.of([*remaining, *sold])
        return cost


def _hours(lots: Machines, counted: Column) -> int:
    """Hours per month of the lots that a boolean column picks."""
    return int((lots.units * lots.hours)[counted].sum())


def hunger(lots: Machines, hours: int) -> float:
    """Mean power of the hours that run, as a multiple of the opening machines'; 1 where none run.

    The lots that take least power run first.
    """
    order = np.argsort(lots.power, kind="stable")
    capacity = (lots.units * lots.hours)[order]
    run = np.clip(hours - (np.cumsum(capacity) - capacity), 0, capacity)
    total = int(run.sum())
    return int((run * lots.power[order]).sum()) / total / MILLION if total else 1.0


def straight_line(cost: Column, life: Column, age: Column) -> Column:
    """Book value of lots after ``age`` months of service, in whole cents.

    Each month takes cost // life; the last month takes the remainder, so the charges add up to the cost.
    """
    book = cost - (cost // life) * age
    return np.where(age >= life, whole([0]), book)


def production_values(lots: Machines, month: int) -> Column:
    """Cents that lots are worth at production cost at the end of a month, by the age at which their books stand."""
    age = np.clip(month + 1 - lots.opens, lots.worn, lots.life)
    life = np.maximum(lots.life - lots.worn, 1)  # a lot that is worn out is worth nothing at any life
    worn_out = lots.worn >= lots.life
    return np.where(worn_out, 0, straight_line(lots.made, life, age - lots.worn))


def annuity(rate: float, months: int) -> float:
    """Present value of one dollar at the end of each of ``months`` months, at ``rate`` per month."""
    return months if rate == 0 else -expm1(-months * log1p(rate)) / rate


def break_even_rent(price: float, annuity_factor: float, power: float, hours: float) -> float:
    """Hourly rent at which a machine just pays: (price / annuity + power per month) / hours rented per month.

    Parameters
    ----------
    price : float
        Dollars for the machine.
    annuity_factor : float
        Present value of one dollar per month over the machine's life (see ``annuity``).
    power : float
        Dollars per month for power and site.
    hours : float
        Hours rented per month.
    """
    return (price / annuity_factor + power) / hours

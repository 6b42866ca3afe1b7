"""Impairment: the value in use of a fleet, and its write-down where rents no longer cover the book value."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.compute.capital_budgeting import MachineNumbers, annuity_table, net_of_running
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.scenario_spec import Traits
from watersellers.market.accounting.ledger import Entries, Ledger
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, cents, split, whole
from watersellers.market.goods import MILLION, Good
from watersellers.market.trade.fleet import Machines, production_values


@dataclass(frozen=True, slots=True)
class ImpairmentNumbers(Traits):
    """Whether a cloud tests its machines for impairment: 1 if it does."""

    impairment: float


class Impairment:
    """Clouds write their machines down to value in use where rents no longer cover the book value."""

    NUMBERS: ClassVar = {"cloud": (ImpairmentNumbers,)}

    def __init__(self, clouds: list[Cloud], registers: Registers):
        self.clouds, self.registers = clouds, registers

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the clouds of the scenario."""
        return cls(parts.firms_of(Cloud), parts.registers)

    def close(self, ledger: Ledger, month: int) -> None:
        """Write down the lots of every impaired cloud; what is left of a lot depreciates over its remaining life."""
        fleets = self.registers.fleets
        losses_by_lot: dict[int, int] = {}
        for firm in self.clouds:
            if firm.alive and firm.numbers[ImpairmentNumbers].impairment > 0:
                losses_by_lot |= losses(firm, fleets.machines, month)
        lots, loss = whole(losses_by_lot), whole(losses_by_lot.values())
        owner = fleets.machines.owner[lots]
        ledger.post(Entries.made((owner, Item.IMPAIRMENT), (owner, Item.FLEET), loss, Good.IMPAIRMENT))
        machines, produced = fleets.machines, production_values(fleets.machines, month)
        book, basis = machines.book.copy(), machines.basis.copy()
        worn, made = machines.worn.copy(), machines.made.copy()
        book[lots] -= loss
        basis[lots], worn[lots] = book[lots], month + 1 - machines.opens[lots]
        made[lots] = np.minimum(
            produced[lots], book[lots]
        )  # to the chain, too, a machine is worth no more than it earns
        fleets.rewrite(book=book, basis=basis, worn=worn, made=made)


def value_in_use(firm: Cloud, months: Column, power: Column, more: int = 0) -> tuple[Column, Column]:
    """Earnings that one hour per month of lots of a cloud will still bring in their remaining months.

    The cloud has capacity. Rents start at its own price, at the use that it expects, and fall at the rate that it
    assumes; power and site are paid out of them. ``power`` is a lot's power as a multiple of the opening machines'.
    A cloud that buys machines shares the demand that it expects over ``more`` hours than it has.

    Returns
    -------
    pair of Column
        Dollars per hour per month of capacity, shape (lots,): undiscounted, and discounted.
    """
    machines = firm.numbers[MachineNumbers]
    use = min(1.0, firm.asked.level / (firm.capacity + more))
    rent, running = use * firm.price, power * (use * machines.power_cost + machines.site_cost)
    last = int(months.max(initial=0))
    tables = [annuity_table(last, rate, machines.rent_decline) for rate in (0.0, machines.discount)]
    earned, worth = (net_of_running((falling[months], even[months]), rent, running) for falling, even in tables)
    return earned, worth


def values_in_use(firm: Cloud, machines: Machines, lots: Column, since: int) -> tuple[list[float], list[float]]:
    """Dollars that whole lots, by their rows in the register, earn in the months that they have from a month on.

    Undiscounted, and discounted.
    """
    if not len(lots):
        return [], []
    months = machines.opens[lots] + machines.serves[lots] - since
    units, hours = machines.units[lots], machines.hours[lots]
    earned, worth = value_in_use(firm, months, machines.power[lots] / MILLION)
    return (earned * units * hours).tolist(), (worth * units * hours).tolist()


def losses(firm: Cloud, machines: Machines, month: int) -> dict[int, int]:
    """Cents to write off, by the lot's row in the register; empty where the fleet covers its book value.

    A cloud's machines earn together, so they are tested together: the fleet is impaired if its book value exceeds all
    that it will earn in the remaining lives of its lots. It is then written down to the present value of that, each
    lot in proportion to its book value. (US GAAP's two steps for an asset group, ASC 360, from memory.)
    """
    lots = np.flatnonzero((machines.owner == firm.account) & (machines.opens <= month) & (machines.book > 0))
    books = dict(zip(lots.tolist(), machines.book[lots].tolist(), strict=True))
    earned = worth = 0.0
    for undiscounted, discounted in zip(*values_in_use(firm, machines, lots, month + 1), strict=True):
        earned, worth = earned + undiscounted, worth + discounted
    total = sum(books.values())
    if total <= cents(earned):
        return {}
    loss = total - min(total, max(0, cents(worth)))
    return dict(zip(books, split(loss, [*books.values()], [*books]), strict=True))

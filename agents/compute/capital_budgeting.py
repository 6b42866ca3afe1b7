"""Capital budgeting: the value of a machine to its owner, and how buyers choose and order machines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log, log1p
from typing import Protocol

import numpy as np

from watersellers.agents.firm import Firm, Registers
from watersellers.agents.information import SeenByChooser
from watersellers.agents.proration import prorated
from watersellers.agents.public_information import Product, PublicInformation
from watersellers.agents.scenario_spec import Numbers, Traits
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, nano
from watersellers.market.goods import Good
from watersellers.market.trade.clearing import apportion
from watersellers.market.trade.fleet import annuity, hunger
from watersellers.market.trade.orders import Row
from watersellers.market.trade.purchase_answers import Purchase


@dataclass(frozen=True, slots=True)
class OwnershipTerms:
    """An owner's assumptions: months in use, interest, the fall of rents, and the cost of a building."""

    life: int  # months
    discount: float  # share per month
    rent_decline: float  # share per month by which rents are expected to fall
    building_share: float  # of the cost of a machine's chips

    def hour_worth(self, rent: float, running: float) -> float:
        """Dollars that the chips for one hour per month of capacity are worth.

        That is the present value of the rent that the hour earns, or saves its owner, over a machine's life. Rents
        fall and are discounted; running costs are taken off, and then the building's share.

        Parameters
        ----------
        rent, running : float
            Dollars per hour of capacity: rent for the used part of it; power and site.
        """
        return net_of_running(self.annuities, rent, running) / (1 + self.building_share)

    @property
    def annuities(self) -> tuple[float, float]:
        """Present value of one dollar per month of today's rents, which fall, and of running costs, over the life."""
        return annuities(self.life, self.discount, self.rent_decline)

    def running_worth(self, running: float) -> float:
        """Dollars by which running costs per hour of capacity reduce the value of its chips."""
        return annuity(self.discount, self.life) * running / (1 + self.building_share)

    @property
    def impatience(self) -> float:
        """Fall of the logarithm of a machine's value per month of waiting: interest, and the fall of rents."""
        return log1p(self.discount) - log1p(-self.rent_decline)


@lru_cache(maxsize=1024)
def annuities(months: int, discount: float, rent_decline: float) -> tuple[float, float]:
    """Present value of one dollar per month of rents that fall, and of one dollar per month that stays."""
    return annuity((1 + discount) / (1 - rent_decline) - 1, months), annuity(discount, months)


@lru_cache(maxsize=256)
def annuity_table(last: int, discount: float, rent_decline: float) -> Column:
    """Both for terms of 0 to ``last`` months, shape (2, last + 1)."""
    table = np.array([annuities(months, discount, rent_decline) for months in range(last + 1)], dtype=np.float64).T
    table.setflags(write=False)
    return table


def net_of_running[T: (float, Column)](annuities: tuple[T, T], rent: float, running: T) -> T:
    """Present value of rents less running costs, of one hour of capacity or of many, by their annuities."""
    return annuities[0] * rent - annuities[1] * running


@dataclass(frozen=True, slots=True)
class MachineNumbers(Traits):
    """A firm's own machines: costs of power, site and building, book life and build lag, interest and fall of rents."""

    power_cost: float
    site_cost: float
    building_share: float
    book_life: float
    build_lag: float
    discount: float
    rent_decline: float

    def ownership(self, serves: int) -> OwnershipTerms:
        """Return the assumptions of an owner whose machines are in service for so many months."""
        return OwnershipTerms(serves, self.discount, self.rent_decline, self.building_share)


class Owner(Protocol):
    """A firm with machines of its own: its capacity in hours, and the months for which a machine is in service."""

    account: int
    capacity: int
    numbers: Numbers

    @property
    def serves(self) -> int:
        """Months that a machine is in service."""


def buildings_to_come(firm: Firm, registers: Registers) -> int:
    """Cents that a firm still has to pay for the buildings of machines that were delivered and have not opened."""
    chips = registers.fleets.unhoused(registers.month, firm.account)
    return round(chips * firm.numbers[MachineNumbers].building_share)


def machines_sold_to(region: str, public: PublicInformation) -> list[Product]:
    """Products that any buyer of a region may order: not abroad where a vendor may not export."""
    return [product for product in public.products if sold_in(product, region) and not product.group_only]


def sold_in(product: Product, region: str) -> bool:
    """Whether a product may be sold in a region."""
    return product.at_home if product.region == region else product.exports


def may_order(product: Product, region: str, owner: str) -> bool:
    """Whether a firm of a region and an owner may order a product, unless a list of its own says otherwise."""
    return sold_in(product, region) and (not product.group_only or product.owner == owner)


def machines_open_to(firm: Firm, registers: Registers) -> list[Product]:
    """Products that a firm may order: of the vendors on its list, if it has one, that sell in its region and to it."""
    listed, names = firm.partners.get("chips", ()), registers.accounts.names
    offered = [product for product in registers.public.products if may_order(product, firm.region, firm.owner)]
    return [product for product in offered if not listed or names[product.vendor] in listed]


@dataclass(frozen=True, slots=True)
class MachineAppraisal:
    """A buyer's appraisal of machines: its group, its impatience, and the value of an hour per month of capacity.

    ``worth`` is that value in dollars on machines with the power of the opening ones, ``running`` the dollars by which
    power and site reduce it.
    """

    owner: str
    impatience: float
    worth: float
    running: float


def see_machines(products: list[Product], last_share: Mapping[int, float], buyer: MachineAppraisal) -> SeenByChooser:
    """Return a buyer's view of one or more products on sale: quality is performance, wait and power, in logit units."""
    return SeenByChooser(
        price=tuple(product.price for product in products),
        quality=tuple(
            product.sensitivity
            * (
                log(product.hours * product.software)
                - buyer.impatience * product.wait
                + _power_saving(product, buyer.worth, buyer.running)
            )
            for product in products
        ),
        last_share=tuple(last_share.get(product.vendor, 0.0) for product in products),
        own=tuple(product.owner == buyer.owner for product in products),
        sensitivity=products[0].sensitivity,
        lock_in=tuple(product.lock_in for product in products),
    )


def _power_saving(product: Product, worth: float, running: float) -> float:
    """Logarithm of the value of an hour at the product's power over its value at the opening machines' power."""
    own = worth + (1 - product.power) * running
    return log(own / worth) if min(own, worth) > 0 else 0.0  # worthless machines are not bought in any case


@dataclass(frozen=True, slots=True)
class MachineMix:
    """Machines that a buyer may order, and the share of its order that each would get."""

    products: list[Product]
    shares: list[float]

    def rows(self) -> list[tuple[Product, float]]:
        """Return the products with their shares."""
        return list(zip(self.products, self.shares, strict=True))

    @property
    def vendors(self) -> list[int]:
        """Account numbers of the vendors."""
        return [product.vendor for product in self.products]

    @property
    def hours(self) -> float:
        """Hours per month of a machine of the mix."""
        return sum(share * product.hours for product, share in self.rows())

    @property
    def saved(self) -> float:
        """Share of the power and site costs of an hour of the opening machines that an hour of the mix saves."""
        return sum(share * (1 - product.power) for product, share in self.rows())

    @property
    def price(self) -> float:
        """Dollars per machine of the mix."""
        return sum(share * product.price for product, share in self.rows())

    @property
    def wait(self) -> float:
        """Months until a machine of the mix is delivered, by the product sheets."""
        return sum(share * product.wait for product, share in self.rows())

    def return_on_cost(self, hour_worth: float, impatience: float) -> float:
        """Present value of a machine that is ordered now, over its cost."""
        return hour_worth * exp(-impatience * self.wait) / (self.price / self.hours)


def choose_machines(firm: Firm, registers: Registers, appraisal: MachineAppraisal, chance: Chance) -> MachineMix:
    """Let a firm choose among the machines on sale to it; an empty mix where there are none."""
    products = machines_open_to(firm, registers)
    if not products:
        return MachineMix([], [])
    return MachineMix(products, firm.choose(see_machines(products, firm.chip_share, appraisal), chance))


def report_to_vendors(public: PublicInformation, wanted: float, mix: MachineMix) -> None:
    """Report a buyer's choice to the vendors: its wanted hours per month, and each vendor's share."""
    for product, share in mix.rows():
        public.report_purchase(product.vendor, Purchase(wanted * share, share))


@dataclass(frozen=True, slots=True)
class MachineOrder:
    """Machines that a buyer orders, by the shares of its mix, for a line of its books."""

    buyer: int
    item: Item
    machines: int
    mix: MachineMix


def order_machines(
    registers: Registers, orders: Sequence[MachineOrder], chance: Chance
) -> list[list[tuple[Product, int]]]:
    """Order whole machines; where a vendor takes fewer than are asked for at once, all who ask get their part.

    Returns
    -------
    list of list of (Product, int)
        For each order, the machines of each vendor that were taken.
    """
    wished = [(place, *row) for place, order in enumerate(orders) for row in _by_vendor(order, registers, chance)]
    given: dict[int, Iterator[int]] = {}
    for product in {product.vendor: product for _, product, _ in wished}.values():
        asked = [(orders[place].buyer, units) for place, each, units in wished if each.vendor == product.vendor]
        left = max(0, product.takes - registers.backlog.ordered.get(product.vendor, 0))
        keyed = [(int(registers.accounts.keys[buyer]), units) for buyer, units in asked]
        given[product.vendor] = iter(prorated(left, keyed, "bookings", chance))
    placed: list[list[tuple[Product, int]]] = [[] for _ in orders]
    for place, product, _ in wished:
        if units := next(given[product.vendor]):
            order = orders[place]
            registers.backlog.add((order.buyer, product.vendor), order.item, units, nano(product.price))
            placed[place].append((product, units))
    return placed


def _by_vendor(order: MachineOrder, registers: Registers, chance: Chance) -> list[tuple[Product, int]]:
    """Divide an order over the vendors of its mix, in whole machines."""
    ties = chance.order("machines", registers.accounts.keys[order.mix.vendors])
    parts = apportion(order.machines, order.mix.shares, ties).tolist()
    return [(product, units) for product, units in zip(order.mix.products, parts, strict=True) if units]


def hours_on_order(registers: Registers, buyer: int) -> int:
    """Hours per month of all machines that a buyer has on order, by this month's product sheets."""
    hours = {product.vendor: product.hours for product in registers.public.products}
    return sum(units * hours.get(vendor, 0) for vendor, units in registers.backlog.on_order(buyer).items())


def running_bills(firm: Owner, hours_run: int, registers: Registers) -> list[Row]:
    """Bills of a firm's machines: power by the hours that ran, most efficient machines first, sites by capacity."""
    lots, world = registers.fleets.in_service(registers.month, firm.account), registers.world
    return [
        (firm.account, Item.COST_OF_SALES, world, good, hours, nano(cost * hunger(lots, hours)))
        for good, hours, cost in (
            (Good.POWER, hours_run, firm.numbers[MachineNumbers].power_cost),
            (Good.SITE, firm.capacity, firm.numbers[MachineNumbers].site_cost),
        )
    ]

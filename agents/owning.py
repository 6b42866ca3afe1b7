"""What a machine is worth to whoever owns it, and how its buyers choose and order machines."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, log1p
from typing import Protocol

from watersellers.agents.firm import Common, Firm
from watersellers.agents.news import News, Product, Purchase
from watersellers.agents.setting import Numbers, Traits
from watersellers.agents.views import SeenByChooser
from watersellers.market.clearing import apportion
from watersellers.market.dice import Chance
from watersellers.market.fleet import annuity, hunger
from watersellers.market.goods import Good, Item
from watersellers.market.orders import Row
from watersellers.market.units import nano


@dataclass(frozen=True, slots=True)
class Owning:
    """What an owner of machines reckons with: months in use, interest, the fall of rents, and a building's share."""

    life: int  # months
    discount: float  # share a month
    rent_decline: float  # share a month by which rents are expected to fall
    building_share: float  # of what the chips of a machine cost

    def hour_worth(self, rent: float, running: float) -> float:
        """Dollars that the chips for an hour a month of capacity are worth.

        That is the present value of what the hour earns, or saves its owner in rent, over a machine's life.
        Rents fall and are discounted; what runs the machine is paid out of them, and the building takes its
        share of what is left.

        Parameters
        ----------
        rent, running : float
            Dollars for each hour of capacity: rent for the part of it that is used; power and site.
        """
        rents = annuity((1 + self.discount) / (1 - self.rent_decline) - 1, self.life) * rent
        return (rents - annuity(self.discount, self.life) * running) / (1 + self.building_share)

    def running_worth(self, running: float) -> float:
        """Dollars that running costs of so much an hour of capacity take off what its chips are worth."""
        return annuity(self.discount, self.life) * running / (1 + self.building_share)

    @property
    def impatience(self) -> float:
        """What each month of waiting takes off the logarithm of a machine's worth: interest, and the fall of rents."""
        return log1p(self.discount) - log1p(-self.rent_decline)


@dataclass(frozen=True, slots=True)
class MachineNumbers(Traits):
    """What machines of a firm's own cost to house and to run, how long they last, and what it reckons with."""

    power_cost: float
    site_cost: float
    building_share: float
    book_life: float
    build_lag: float
    discount: float
    rent_decline: float

    def owning(self, serves: int) -> Owning:
        """What an owner reckons with whose machines are in service for so many months."""
        return Owning(serves, self.discount, self.rent_decline, self.building_share)


class Owner(Protocol):
    """A firm that has machines of its own: what its machines cost, and for how many months each is in service."""

    place: int
    capacity: int
    numbers: Numbers

    @property
    def serves(self) -> int: ...


def machines_sold_to(region: str, news: News) -> list[Product]:
    """Products that buyers of a region may order: an export rule keeps a vendor at home, whoever would buy abroad."""
    return [product for product in news.products if product.exports or product.region == region]


def machines_open_to(firm: Firm, common: Common) -> list[Product]:
    """Products of the vendors that a firm may buy from: of its list, if it has one, and that may sell to it."""
    listed, names = firm.partners.get("chips", ()), common.accounts.names
    offered = machines_sold_to(firm.region, common.news)
    return [product for product in offered if not listed or names[product.vendor] in listed]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a buyer of machines reckons with: its group, its impatience, and an hour a month of capacity in dollars.

    ``worth`` is what such an hour is worth to it on machines as hungry as the opening ones, ``running`` what power and
    site take of that.
    """

    owner: str
    impatience: float
    worth: float
    running: float


def see_machines(products: list[Product], last_share: Mapping[int, float], buyer: Reckoning) -> SeenByChooser:
    """Show a buyer the machines on sale: quality is what they do, how soon, and on how little power, in logit units."""
    return SeenByChooser(
        price=tuple(product.price for product in products),
        quality=tuple(
            product.sensitivity
            * (
                log(product.hours * product.software)
                - buyer.impatience * product.wait
                + _thrift(product, buyer.worth, buyer.running)
            )
            for product in products
        ),
        last_share=tuple(last_share.get(product.vendor, 0.0) for product in products),
        own=tuple(product.owner == buyer.owner for product in products),
        sensitivity=products[0].sensitivity,
        lock_in=tuple(product.lock_in for product in products),
    )


def _thrift(product: Product, worth: float, running: float) -> float:
    """Logarithm of what an hour is worth on the product's power over what it is worth on the opening machines'."""
    own = worth + (1 - product.power) * running
    return log(own / worth) if min(own, worth) > 0 else 0.0  # what is worth nothing is not bought, whatever it takes


@dataclass(frozen=True, slots=True)
class Mix:
    """Machines that somebody may buy, and the share of its order that it would give to each."""

    products: list[Product]
    shares: list[float]

    def rows(self) -> list[tuple[Product, float]]:
        """Products with their shares."""
        return list(zip(self.products, self.shares, strict=True))

    @property
    def vendors(self) -> list[int]:
        """Who makes them."""
        return [product.vendor for product in self.products]

    @property
    def hours(self) -> float:
        """Hours a month that a machine of the mix gives."""
        return sum(share * product.hours for product, share in self.rows())

    @property
    def saved(self) -> float:
        """Share of the power and site of an hour of the opening machines that an hour of the mix saves."""
        return sum(share * (1 - product.power) for product, share in self.rows())

    @property
    def price(self) -> float:
        """Dollars a machine of the mix costs."""
        return sum(share * product.price for product, share in self.rows())

    @property
    def wait(self) -> float:
        """Months until a machine of the mix comes, by the product sheets."""
        return sum(share * product.wait for product, share in self.rows())

    def return_on_cost(self, hour_worth: float, impatience: float) -> float:
        """What a machine that is ordered now is worth once it is there, over what it costs."""
        return hour_worth * exp(-impatience * self.wait) / (self.price / self.hours)


def choose_machines(firm: Firm, common: Common, reckoned: Reckoning, chance: Chance) -> Mix:
    """Let a firm choose among the machines on sale to it; none of them where there are none."""
    products = machines_open_to(firm, common)
    if not products:
        return Mix([], [])
    return Mix(products, firm.choose(see_machines(products, firm.chip_share, reckoned), chance))


def tell_vendors(news: News, wanted: float, mix: Mix) -> None:
    """Let the vendors see who chose their machines: hours a month that the buyer wants, and each vendor's share."""
    for product, share in mix.rows():
        news.tell(product.vendor, Purchase(wanted * share, share))


def order_machines(
    common: Common, buyer: tuple[int, Item], machines: int, mix: Mix, chance: Chance
) -> list[tuple[Product, int]]:
    """Order whole machines by the shares of the mix, for a line of the buyer's books; list what is ordered of which."""
    place, item = buyer
    ties = chance.order("machines", common.accounts.keys[mix.vendors])
    split = zip(mix.products, apportion(machines, mix.shares, ties).tolist(), strict=True)
    ordered = [(product, units) for product, units in split if units]
    for product, units in ordered:
        common.backlog.place((place, product.vendor), item, units, nano(product.price))
    return ordered


def hours_on_order(common: Common, buyer: int) -> int:
    """Hours a month of all that a buyer has on order, by this month's product sheets."""
    hours = {product.vendor: product.hours for product in common.news.products}
    return sum(units * hours.get(vendor, 0) for vendor, units in common.backlog.on_order(buyer).items())


def running_bills(firm: Owner, ran: int, common: Common) -> list[Row]:
    """Bills of a firm's machines: power by the hours that ran, the thriftiest first, sites by the hours there are."""
    mine, world = common.fleets.in_service(common.month, firm.place), common.world
    return [
        (firm.place, Item.COST_OF_SALES, world, good, hours, nano(cost * hunger(mine, hours)))
        for good, hours, cost in (
            (Good.POWER, ran, firm.numbers[MachineNumbers].power_cost),
            (Good.SITE, firm.capacity, firm.numbers[MachineNumbers].site_cost),
        )
    ]

"""Rentals of machine hours: the clouds open to a customer, and how it splits its hours among them."""

from dataclasses import dataclass
from math import log
from typing import Protocol

from watersellers.agents.firm import Registers
from watersellers.agents.information import SeenByChooser
from watersellers.agents.public_information import Rental
from watersellers.agents.scenario_spec import Numbers, Traits
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.goods import NANO_A_CENT, Good
from watersellers.market.trade.clearing import apportion
from watersellers.market.trade.orders import Row
from watersellers.market.trade.pricing_formulas import logit_shares


@dataclass(frozen=True, slots=True)
class RentingNumbers(Traits):
    """A customer's choice of clouds: its sensitivity to the logarithm of price, and its lock-in."""

    hour_sensitivity: float
    hour_lock_in: float


class Renter(Protocol):
    """A firm that rents hours, and its shares of clouds."""

    name: str
    account: int
    owner: str
    region: str
    partners: dict[str, tuple[str, ...]]
    numbers: Numbers
    cloud_share: dict[int, float]

    def choose(self, seen: SeenByChooser, chance: Chance) -> list[float]:
        """Split a purchase over offers: a share for each, adding up to 1."""


def rentals_open_to(
    owner: str, region: str, partners: tuple[str, ...], rentals: list[Rental], names: list[str]
) -> list[Rental]:
    """Offers of the clouds from which a customer may rent: its partners, if it has any, else clouds of its region.

    A cloud that does not sell to outsiders sells inside its group only.
    """
    return [
        rental
        for rental in rentals
        if rental.capacity > 0
        and (rental.sells or rental.owner == owner)
        and (names[rental.cloud] in partners if partners else rental.region == region)
    ]


def split_by_size_and_price(rentals: list[Rental], sensitivity: float) -> tuple[list[float], float]:
    """Split hours over one or more offers by a logit in size and price: shares that add up to 1, and the mean rent."""
    shares = logit_shares([log(rental.capacity) - sensitivity * log(rental.price) for rental in rentals])
    return shares, sum(share * rental.price for share, rental in zip(shares, rentals, strict=True))


def hours_for(cents: int, price: int) -> int:
    """Whole hours that an amount buys at a price in nano-dollars: never more than it pays for."""
    return cents * NANO_A_CENT // price if price else 0


def spend_on_hours(
    buyer: int, cents: int, split: tuple[list[Rental], list[float]], prices: dict[int, int]
) -> list[Row]:
    """Order the hours that an outsider's money buys at the posted prices, split over clouds by their shares.

    ``prices`` are nano-dollars per hour, by cloud.
    """
    rows: list[Row] = []
    for rental, share in zip(*split, strict=True):
        if units := hours_for(int(cents * share), prices[rental.cloud]):
            rows.append((buyer, Item.OPERATING_COST, rental.cloud, Good.HOURS, units, prices[rental.cloud]))
    return rows


def rent(firm: Renter, rentals: list[Rental], names: list[str], chance: Chance) -> tuple[dict[int, float], float]:
    """Let a customer choose its clouds: shares by cloud, and dollars per hour at that mix; ({}, 0.0) if none."""
    numbers = firm.numbers[RentingNumbers]
    offered = rentals_open_to(firm.owner, firm.region, firm.partners.get("cloud", ()), rentals, names)
    if not offered:
        return {}, 0.0
    seen = SeenByChooser(
        price=tuple(rental.price for rental in offered),
        quality=tuple(log(rental.capacity) for rental in offered),
        last_share=tuple(firm.cloud_share.get(rental.cloud, 0.0) for rental in offered),
        own=tuple(rental.owner == firm.owner for rental in offered),
        sensitivity=numbers.hour_sensitivity,
        lock_in=(numbers.hour_lock_in,) * len(offered),
    )
    shares = firm.choose(seen, chance)
    mix = {rental.cloud: share for rental, share in zip(offered, shares, strict=True) if share > 0}
    price = sum(rental.price * share for rental, share in zip(offered, shares, strict=True))
    return mix, price


def order_hours(
    firm: Renter, hours: dict[Item, int], prices: dict[int, int], at: tuple[Registers, Chance]
) -> list[Row]:
    """Order hours for each line of a firm's books, split over the clouds of its choice.

    ``prices`` are nano-dollars per hour, by cloud; ``at`` are the registers and the month's chance.
    """
    registers, chance = at
    clouds, shares = sorted(firm.cloud_share), [share for _, share in sorted(firm.cloud_share.items())]
    if not clouds:
        return []
    ties = chance.order("clouds", registers.accounts.keys[clouds])
    return [
        (firm.account, item, cloud, Good.HOURS, part, prices[cloud])
        for item, units in hours.items()
        for cloud, part in zip(clouds, apportion(units, shares, ties).tolist(), strict=True)
        if part
    ]

"""The month of each market of the chain, by region of its sellers: prices, what was asked and delivered, queues."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

import polars as pl

from watersellers.agents.chips.month import Chips
from watersellers.agents.chips.vendor import ChipVendor
from watersellers.agents.cloud.month import Clouds
from watersellers.agents.cloud.open_weight_hosts import OpenWeightHosts
from watersellers.agents.economy_parts import Parts
from watersellers.agents.public_information import Card
from watersellers.market.exact import nano
from watersellers.market.goods import NANO, REGIONS, Good
from watersellers.market.month import Market

MARKETS = {
    "month": pl.Int64,
    "good": pl.String,
    "region": pl.String,
    "price": pl.Float64,
    "constant_quality_price": pl.Float64,
    "frontier_price": pl.Float64,
    "asked": pl.Int64,
    "delivered": pl.Int64,
    "capacity": pl.Int64,
    "backlog": pl.Int64,
    "wait": pl.Float64,
    "used_share": pl.Float64,
}
GPT_4 = 0.693  # quality units: log(1 + 1), as a lab's knowledge is measured in GPT-4's; ``work.start_quality``
SEATS = (Good.SEATS, Good.SEATS_BUSINESS)


@dataclass(frozen=True, slots=True)
class Sale:
    """What one seller posted and sold in a month: its price in nano-dollars, units asked of it and delivered.

    ``weight`` are the delivered units that its price is for, ``hours`` the H100-equivalent hours of one of them.
    """

    region: str
    price: int
    asked: int
    delivered: int
    weight: int
    capacity: int = 0
    backlog: int = 0
    hours: int = 1


def market_rows(parts: Parts, month: int) -> list[tuple]:
    """Write the row of each good and region, in the order of ``MARKETS``."""
    markets = {market.name: market for market in parts.markets}
    cards, rows = parts.registers.public.cards, []
    sales = [
        ("accelerators", _accelerators(parts, month)),
        ("machine_hours", _hours(parts)),
        ("tokens", _tokens(parts, markets["tokens"])),
        ("seats", _seats(parts, markets["plans"])),
    ]
    for good, sold in sales:
        for region in REGIONS:
            there = [sale for sale in sold if sale.region == region]
            price, constant, frontier = _mean_price(there), None, None
            if good == "tokens":
                constant, frontier = price_at_quality(cards, region, GPT_4), price_of_best(cards, region)
            elif good != "seats":
                constant = _mean_price(there, per_hour=True)
            rows.append((month, good, region, price, constant, frontier, *_quantities(good, there)))
    return rows


def price_at_quality(cards: Iterable[Card], region: str, quality: float) -> float | None:
    """Cheapest posted price, in dollars per million output tokens, of a model at least as good that anybody may buy."""
    return min((card.price for card in cards if _buyable(card, region, quality)), default=None)


def price_of_best(cards: Iterable[Card], region: str) -> float | None:
    """Posted price, in dollars per million output tokens, of the best model that anybody may buy, wherever cheapest."""
    open_to_all = [card for card in cards if _buyable(card, region, -inf)]
    best = max((card.quality for card in open_to_all), default=-inf)
    return price_at_quality(open_to_all, region, best)


def _buyable(card: Card, region: str, quality: float) -> bool:
    return card.region == region and card.quality >= quality and not card.refuses


def _mean_price(sales: Sequence[Sale], per_hour: bool = False) -> float | None:
    """Dollars per unit, or per hour of a unit, over what was delivered; where nothing was, over capacity or offers."""
    weights = next((w for w in ([s.weight for s in sales], [s.capacity for s in sales]) if any(w)), [1] * len(sales))
    units = sum(w * (s.hours if per_hour else 1) for w, s in zip(weights, sales, strict=True))
    return sum(w * s.price for w, s in zip(weights, sales, strict=True)) / units / NANO if units else None


def _quantities(good: str, sales: Sequence[Sale]) -> tuple[int | float | None, ...]:
    """Units asked and delivered, capacity, backlog, months of wait, and the used share of capacity."""
    asked, delivered = sum(sale.asked for sale in sales), sum(sale.delivered for sale in sales)
    if good not in ("accelerators", "machine_hours"):
        return asked, delivered, None, None, None, None
    capacity = sum(sale.capacity for sale in sales)
    used = delivered / capacity if capacity else None
    if good == "machine_hours":
        return asked, delivered, capacity, None, None, used
    backlog = sum(sale.backlog for sale in sales)
    return asked, delivered, capacity, backlog, backlog / capacity if capacity else None, used


def _accelerators(parts: Parts, month: int) -> list[Sale]:
    """Sales of vendors that have capacity: orders of the month, shipments, and what is on order at its end."""
    chips, backlog = parts[Chips], parts.registers.backlog
    return [
        _shipments(firm, chips, (backlog.ordered.get(firm.account, 0), backlog.waiting(firm.account)), month)
        for firm in chips.vendors
        if firm.capacity and (firm.alive or chips.delivered.get(firm.account, 0))
    ]


def _shipments(firm: ChipVendor, chips: Chips, orders: tuple[int, int], month: int) -> Sale:
    """Sales of a vendor, with its new orders and its backlog."""
    shipped, (asked, waiting) = chips.delivered.get(firm.account, 0), orders
    capacity, hours = int(firm.capacity), firm.hours(month)
    return Sale(firm.region, nano(firm.price), asked, shipped, shipped, capacity, waiting, hours)


def _hours(parts: Parts) -> list[Sale]:
    """Sales of clouds, with the hours that they use for the open models that they host."""
    clouds, hosts, sales = parts[Clouds], parts[OpenWeightHosts], []
    for firm in clouds.clouds:
        ran = int(clouds.sold_hours[firm.account]) + hosts.hours_of(firm)
        if ran or (firm.alive and firm.capacity):
            sales.append(Sale(firm.region, nano(firm.price), firm.asked_last, ran, ran, firm.capacity))
    return sales


def _tokens(parts: Parts, market: Market) -> list[Sale]:
    """Sales of labs and hosts, by their price cards; a price is weighted by the output tokens that it was paid for."""
    asked, sold = market.orders.units_by("seller", "good"), market.trades.units_by("seller", "good")
    return [
        Sale(
            card.region,
            nano(card.price),
            sum(asked.get((card.lab, good), 0) for good in card.goods),
            sum(sold.get((card.lab, good), 0) for good in card.goods),
            sold.get((card.lab, card.goods[-1]), 0),
        )
        for card in parts.registers.public.cards
    ]


def _seats(parts: Parts, market: Market) -> list[Sale]:
    """Sales of seats by apps, to people and to enterprises for their staff, at their posted prices."""
    asked, sold = market.orders.units_by("seller", "good"), market.trades.units_by("seller", "good")
    accounts = parts.registers.accounts.rows
    return [
        Sale(accounts[seller].region, price, asked.get((seller, good), 0), units, units)
        for seller, good, price in market.offers.rows()
        if good in SEATS and price
        for units in (sold.get((seller, good), 0),)
    ]

"""Chapter 7.9 of the rules: how a buyer of machines compares vendors, what it can pay, and how it orders."""

import math
from typing import Any

from tests.oracle.economy.arithmetic import apportion, nano, split
from tests.oracle.economy.books import PREPAYMENTS
from tests.oracle.economy.formulas import buildings_to_come
from tests.oracle.economy.mechanisms.generations import log_power_saving, may_sell
from tests.oracle.economy.participants import App, Cloud, Enterprise, Vendor
from tests.oracle.economy.state import Economy, is_listed
from tests.oracle.economy.strategies import View


def may_order(cloud: Cloud | App, sheet: dict[str, Any]) -> bool:
    return may_sell(sheet, cloud) and is_listed(cloud, sheet["vendor"])


def affordable(economy: Economy, cloud: Cloud, mix: "Mix") -> float:
    return max(0.0, free_money(economy, cloud, mix.shares, mix.sheets)) / (mix.of("price") / mix.of("hours"))


class Mix:
    """Machines on sale and the shares of them that a buyer chose."""

    def __init__(self, sheets: list[dict[str, Any]], shares: list[float]) -> None:
        self.sheets = sheets
        self.shares = shares

    def of(self, number: str) -> float:
        return sum(share * sheet[number] for share, sheet in zip(self.shares, self.sheets, strict=True))

    def saved(self) -> float:
        return sum(share * (1 - sheet["power"]) for share, sheet in zip(self.shares, self.sheets, strict=True))

    def gain(self, owner: Cloud | App | Enterprise, worth: float) -> float:
        return worth * math.exp(-impatience(owner) * self.of("wait")) / (self.of("price") / self.of("hours"))


def impatience(owner: Cloud | App | Enterprise) -> float:
    return math.log1p(owner.numbers["discount"]) - math.log1p(-owner.numbers["rent_decline"])


def place_orders(
    economy: Economy, orders: list[tuple[Cloud | App | Enterprise, int, int, Mix]]
) -> list[list[tuple[Vendor, int, float]]]:
    """Place orders (buyer, item, machines, mix) at once; a vendor with a full book gives each its part (9.70)."""
    wishes: list[list[tuple[dict[str, Any], int]]] = []
    for _, _, machines, mix in orders:
        order = [economy.hash("machines", sheet["vendor"].key) for sheet in mix.sheets]
        wishes.append(list(zip(mix.sheets, apportion(machines, mix.shares, order), strict=True)))
    placed: list[list[tuple[Vendor, int, float]]] = [[] for _ in orders]
    for sheet in economy.sheets.values():
        vendor = sheet["vendor"]
        asks = [(number, units) for number, wish in enumerate(wishes) for each, units in wish if each is sheet]
        asked, left = sum(units for _, units in asks), max(0, sheet["takes"] - vendor.newly_ordered)
        parts = [units for _, units in asks]
        if asked > left:
            parts = split(left, parts, [economy.hash("bookings", orders[number][0].key) for number, _ in asks])
        for (number, _), units in zip(asks, parts, strict=True):
            if units > 0:
                buyer, item, _, _ = orders[number]
                economy.place_order(buyer.account, vendor, item, units, nano(sheet["price"]))
                vendor.newly_ordered += units
                placed[number].append((vendor, units, sheet["price"]))
    return placed


def vendors_view(buyer: Cloud | App | Enterprise, sheets: list[dict[str, Any]], worth: float, running: float) -> View:
    return {
        "price": [sheet["price"] for sheet in sheets],
        "quality": [
            sheet["sensitivity"]
            * (
                math.log(sheet["hours"] * sheet["software"])
                - impatience(buyer) * sheet["wait"]
                + log_power_saving(sheet, worth, running)
            )
            for sheet in sheets
        ],
        "last_share": [buyer.chip_share.get(sheet["vendor"].name, 0.0) for sheet in sheets],
        "own": [isinstance(buyer, Cloud | App) and sheet["vendor"].owner == buyer.owner for sheet in sheets],
        "sensitivity": sheets[0]["sensitivity"],
        "lock_in": [sheet["lock_in"] for sheet in sheets],
    }


def free_money(economy: Economy, cloud: Cloud, shares: list[float], sheets: list[dict[str, Any]]) -> float:
    numbers = cloud.numbers
    waits = [
        share * economy.waiting(sheet["vendor"]) / sheet["capacity"]
        for share, sheet in zip(shares, sheets, strict=True)
    ]
    months = min(1 + sum(waits), numbers["horizon"])
    committed = economy.committed(cloud.account)
    prepaid = economy.books.of(cloud.account, PREPAYMENTS)
    cash = (economy.books.free_cash(cloud.account) - buildings_to_come(economy, cloud)) / 100
    return (cash + cloud.grant * months) / (1 + numbers["building_share"]) - (committed / 10**9 - prepaid / 100)

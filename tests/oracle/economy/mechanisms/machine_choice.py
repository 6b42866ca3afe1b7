"""Chapter 7.9 of the rules: how a buyer of machines compares vendors, what it can pay, and how it orders."""

import math
from typing import Any

from tests.oracle.economy.arithmetic import apportion, nano
from tests.oracle.economy.books import PREPAYMENTS
from tests.oracle.economy.mechanisms.generations import log_power_saving
from tests.oracle.economy.participants import App, Cloud, Enterprise, Vendor
from tests.oracle.economy.state import Economy, is_listed
from tests.oracle.economy.strategies import View


def may_order(cloud: Cloud | App, sheet: dict[str, Any]) -> bool:
    sold_there = sheet["exports"] > 0 or sheet["region"] == cloud.region
    return sold_there and is_listed(cloud, sheet["vendor"])


def affordable(e: Economy, cloud: Cloud, mix: "Mix") -> float:
    return max(0.0, free_money(e, cloud, mix.shares, mix.sheets)) / (mix.of("price") / mix.of("hours"))


class Mix:
    """Machines on sale and the shares of them that a buyer chose."""

    def __init__(self, sheets: list[dict[str, Any]], shares: list[float]) -> None:
        self.sheets = sheets
        self.shares = shares

    def of(self, what: str) -> float:
        return sum(share * one[what] for share, one in zip(self.shares, self.sheets, strict=True))

    def saved(self) -> float:
        return sum(share * (1 - one["power"]) for share, one in zip(self.shares, self.sheets, strict=True))

    def gain(self, owner: Cloud | App | Enterprise, worth: float) -> float:
        return worth * math.exp(-impatience(owner) * self.of("wait")) / (self.of("price") / self.of("hours"))


def impatience(owner: Cloud | App | Enterprise) -> float:
    return math.log1p(owner.n["discount"]) - math.log1p(-owner.n["rent_decline"])


def place_orders(
    e: Economy, buyer: Cloud | App | Enterprise, item: int, machines: int, mix: Mix
) -> list[tuple[Vendor, int, float]]:
    order = [e.hash("machines", one["vendor"].key) for one in mix.sheets]
    placed = []
    for one, units in zip(mix.sheets, apportion(machines, mix.shares, order), strict=True):
        if units > 0:
            e.place_order(buyer.account, one["vendor"], item, units, nano(one["price"]))
            one["vendor"].newly_ordered += units
            placed.append((one["vendor"], units, one["price"]))
    return placed


def vendors_view(buyer: Cloud | App | Enterprise, sheets: list[dict[str, Any]], worth: float, running: float) -> View:
    return {
        "price": [one["price"] for one in sheets],
        "quality": [
            one["sensitivity"]
            * (
                math.log(one["hours"] * one["software"])
                - impatience(buyer) * one["wait"]
                + log_power_saving(one, worth, running)
            )
            for one in sheets
        ],
        "last_share": [buyer.chip_share.get(one["vendor"].name, 0.0) for one in sheets],
        "own": [isinstance(buyer, Cloud | App) and one["vendor"].owner == buyer.owner for one in sheets],
        "sensitivity": sheets[0]["sensitivity"],
        "lock_in": [one["lock_in"] for one in sheets],
    }


def free_money(e: Economy, cloud: Cloud, shares: list[float], sheets: list[dict[str, Any]]) -> float:
    n = cloud.n
    waits = [share * e.waiting(one["vendor"]) / one["capacity"] for share, one in zip(shares, sheets, strict=True)]
    months = min(1 + sum(waits), n["horizon"])
    committed = e.committed(cloud.account)
    prepaid = e.books.of(cloud.account, PREPAYMENTS)
    cash = e.books.cash(cloud.account) / 100
    return (cash + n["owner_funds"] * months) / (1 + n["building_share"]) - (committed / 10**9 - prepaid / 100)

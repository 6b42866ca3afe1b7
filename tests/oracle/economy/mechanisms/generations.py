"""Chapters 9.1 and 9.2 of the rules: generations of machines, and learning by making."""

import math
from typing import Any

from tests.oracle.economy.participants import Lot, Vendor
from tests.oracle.economy.state import Economy


def unit_cost(vendor: Vendor) -> float:
    n = vendor.n
    return n["unit_cost"] * (max(1, vendor.made) / n["learning_from"]) ** -n["learning"]


def worth_at(e: Economy, power: float) -> float:
    return e.hour_worth + (1 - power) * e.hour_running


def log_power_saving(sheet: dict[str, Any], worth: float, running: float) -> float:
    """How much more a machine is worth because it takes less power, as a logarithm."""
    own = worth + (1 - sheet["power"]) * running
    return math.log(own / worth) if own > 0 and worth > 0 else 0.0


def hunger(lots: list[Lot], hours: int) -> float:
    """Mean power of the hours that run, over that of the opening machines; thrifty lots run first."""
    left = hours
    taken = 0
    for lot in sorted(lots, key=lambda one: one.power):  # Python's sort keeps the order of equals
        run = min(left, lot.units * lot.hours)
        left -= run
        taken += run * lot.power
    run_in_all = hours - left
    return taken / run_in_all / 1_000_000 if run_in_all else 1.0

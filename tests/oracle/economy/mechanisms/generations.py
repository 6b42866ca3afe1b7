"""Chapters 9.1 and 9.2 of the rules: generations of machines, and learning by making."""

import math
from typing import Any

from tests.oracle.economy.participants import Lot, Vendor
from tests.oracle.economy.state import Economy


def unit_cost(vendor: Vendor) -> float:
    numbers = vendor.numbers
    return numbers["unit_cost"] * (max(1, vendor.made) / numbers["learning_from"]) ** -numbers["learning"]


def worth_at(economy: Economy, power: float) -> float:
    return economy.hour_worth + (1 - power) * economy.hour_running


def log_power_saving(sheet: dict[str, Any], worth: float, running: float) -> float:
    """How much more a machine is worth because it takes less power, as a logarithm."""
    own = worth + (1 - sheet["power"]) * running
    return math.log(own / worth) if own > 0 and worth > 0 else 0.0


def hunger(lots: list[Lot], hours: int) -> float:
    """Mean power of the hours that run, over that of the opening machines; thrifty lots run first."""
    hours_left = hours
    power_used = 0
    for lot in sorted(lots, key=lambda lot: lot.power):  # Python's sort keeps the order of equals
        run = min(hours_left, lot.units * lot.hours)
        hours_left -= run
        power_used += run * lot.power
    run_in_all = hours - hours_left
    return power_used / run_in_all / 1_000_000 if run_in_all else 1.0

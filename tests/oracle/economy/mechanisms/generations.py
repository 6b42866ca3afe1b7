"""Chapters 9.1, 9.2, 9.52 and 9.55 of the rules: generations, learning, vendors that enter, owners' own silicon."""

import math
from typing import Any

from tests.oracle.economy import capacity_strategies
from tests.oracle.economy.arithmetic import annuity, cents, uniform
from tests.oracle.economy.participants import App, Cloud, Enterprise, Firm, Lot, Vendor
from tests.oracle.economy.state import Economy


def unit_cost(vendor: Vendor) -> float:
    numbers = vendor.numbers
    return numbers["unit_cost"] * (max(1, vendor.made) / numbers["learning_from"]) ** -numbers["learning"]


def worth_at(economy: Economy, vendor: Vendor) -> float:
    """What an hour per month is worth to a vendor's customers, with its machine's power."""
    worth, running = economy.hour_worth.get(vendor.name, (0.0, 0.0))
    return worth + (1 - vendor.numbers["power"]) * running


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


def machine_hours(economy: Economy, vendor: Vendor) -> int:
    """Hours per month of a vendor's machine, in hours of the first month's machine."""
    return round(730 * performance(economy, vendor))


def performance(economy: Economy, vendor: Vendor) -> float:
    months = max(0, economy.month - int(vendor.numbers["growing_from"]))
    return float(vendor.numbers["performance"] * (1 + vendor.numbers["performance_growth"]) ** months)


def is_barred(economy: Economy, vendor: Vendor) -> bool:
    """Whether the west's rule keeps a vendor's machine at home (9.56)."""
    if vendor.region != "west" or vendor.numbers["links"] < economy.numbers["barred_links"]:
        return False
    return performance(economy, vendor) >= economy.numbers["barred_performance"]


def in_region(sheet: dict[str, Any], region: str) -> bool:
    return bool(sheet["at_home"] > 0 if sheet["region"] == region else sheet["abroad"])


def may_sell(sheet: dict[str, Any], buyer: Cloud | App | Enterprise) -> bool:
    """Whether a product is for sale to a buyer: in its region, and in its group if it is made for one."""
    if sheet["group_only"] > 0 and (isinstance(buyer, Enterprise) or sheet["vendor"].owner != buyer.owner):
        return False
    return in_region(sheet, buyer.region)


def rivals(economy: Economy, vendor: Vendor) -> list[dict[str, Any]]:
    return [
        sheet
        for sheet in economy.sheets.values()
        if sheet["vendor"] is not vendor and not sheet["group_only"] > 0 and in_region(sheet, vendor.region)
    ]


def cheapest(economy: Economy, vendor: Vendor) -> float:
    """Price of a useful hour a month on the cheapest machine of others."""
    prices = [sheet["price"] / (sheet["hours"] * sheet["software"]) for sheet in rivals(economy, vendor)]
    return min(prices, default=math.inf)


def hours_bought(economy: Economy, vendor: Vendor) -> float:
    """Hours a month of the machines that clouds of a vendor's owner put into service per month of the last year."""
    mine = [lot for lot in economy.lots if isinstance(lot.owner, Cloud) and lot.owner.owner == vendor.owner]
    return sum(lot.units * lot.hours for lot in mine if economy.month - 12 < lot.opens <= economy.month) / 12


def market_of(economy: Economy, vendor: Vendor) -> tuple[float, float]:
    """Useful hours a month that are sold each month, and the price of one: of all, or to the vendor's owner."""
    if vendor.numbers["group_only"] > 0:
        price = cheapest(economy, vendor)
        return (hours_bought(economy, vendor), price) if price < math.inf else (0.0, 0.0)
    sold, billed = 0.0, 0.0
    for sheet in rivals(economy, vendor):
        units = sheet["vendor"].output[-1] if sheet["vendor"].output else 0
        sold += units * sheet["hours"] * sheet["software"]
        billed += units * sheet["price"]
    return (sold, billed / sold) if sold else (0.0, 0.0)


def worth_of_entering(economy: Economy, vendor: Vendor) -> float:
    numbers = vendor.numbers
    own_cost = unit_cost(vendor) / (1 - numbers["research_share"])
    own_cost = own_cost / (machine_hours(economy, vendor) * numbers["software"])
    hours, price = market_of(economy, vendor)
    monthly = numbers["entry_share"] * hours * (price - own_cost) - numbers["staff"] - numbers["research_fixed"]
    wait = int(numbers["development"]) + int(numbers["lead"])
    stream = annuity(numbers["entry_discount"], int(numbers["entry_horizon"])) * monthly
    return float(stream * (1 + numbers["entry_discount"]) ** -wait)


def is_free_entrant(economy: Economy, firm: Firm) -> bool:
    if not isinstance(firm, Vendor) or firm.name in economy.entered:
        return False
    return firm.numbers["entry_cost"] > 0 and firm.enters > 0


def founding_money(vendor: Vendor) -> int:
    return cents(vendor.numbers["entry_cost"] + vendor.numbers["opening_cash"])


def enters_now(economy: Economy, vendor: Vendor) -> bool:
    seen = {"worth": worth_of_entering(economy, vendor), "cost": vendor.numbers["entry_cost"]}
    chance = capacity_strategies.entering(vendor.strategies["entering"], seen)
    return economy.month >= vendor.enters and float(uniform(economy.hash("entry", vendor.key))) < chance


def months_since_entry(economy: Economy, vendor: Vendor) -> float:
    return economy.month - economy.entered[vendor.name] if vendor.name in economy.entered else math.inf


def development_bill(economy: Economy, vendor: Vendor) -> int:
    months = int(vendor.numbers["development"])
    if months_since_entry(economy, vendor) > months:
        return 0
    return cents(vendor.numbers["entry_cost"] / months)

"""Chapters 9.3, 9.31, 9.46 and 9.47 of the rules: machines that are short, foundries, capacity that idles."""

from typing import Any

from tests.oracle.economy import capacity_strategies
from tests.oracle.economy.arithmetic import cents, nano, split
from tests.oracle.economy.books import (
    CASH,
    CUSTOMER_DEPOSITS,
    GOOD,
    ONE_CENT,
    OPERATING_COST,
    PREPAYMENTS,
    REVENUE,
    WORLD,
    Order,
    Row,
    Transfer,
)
from tests.oracle.economy.mechanisms.generations import months_since_entry, unit_cost
from tests.oracle.economy.participants import Cloud, Firm, Vendor
from tests.oracle.economy.state import Economy, alive
from tests.oracle.economy.strategies import View


def buyer_rank(economy: Economy, vendor: Firm | None, buyer: int) -> float:
    """Rank of a buyer with a short vendor; lower ranks are served first."""
    strategy: Any = vendor.strategies.get("rationing") if vendor else None
    if vendor is None or strategy is None or type(strategy).__name__ == "ProRata":
        return 0.0
    if type(strategy).__name__ == "OwnGroupFirst":
        return 0.0 if economy.owners.get(buyer) == vendor.owner else 1.0
    machines = [lot for lot in economy.lots if lot.vendor == vendor.account]
    held = sum(lot.units for lot in machines if lot.owner.account == buyer)
    every = sum(lot.units for lot in machines)
    return 1 - (held / every if every else 0.0)


def serve_by_rank(wanted: list[int], ranks: list[float], available: int, order: list[int]) -> list[int]:
    served = list(wanted)
    left = available
    for turn in sorted(set(ranks)):
        rows = [row for row, rank in enumerate(ranks) if rank == turn]
        asked = [wanted[row] for row in rows]
        if sum(asked) > left:
            for row, part in zip(rows, split(left, asked, [order[row] for row in rows]), strict=True):
                served[row] = part
        left -= sum(served[row] for row in rows)
    return served


def inflated(cloud: Cloud, wanted: float, on_order: int) -> float:
    """Hours that a cloud orders where it expects to receive only a part; below 0, hours to cancel."""
    numbers, last_inflation = cloud.numbers, cloud.order_inflation
    shortage = 1 / cloud.fill_rate - 1 if cloud.fill_rate > 0 else numbers["most_padding"]
    cloud.order_inflation = min(1 + numbers["inflation"] * shortage, max(1.0, numbers["most_padding"]))
    return wanted * cloud.order_inflation + on_order / last_inflation * (cloud.order_inflation - last_inflation)


def cancel_orders(economy: Economy, cloud: Cloud, machines: int) -> None:
    waiting = {
        account: pending
        for (buyer, account), pending in sorted(economy.backlog.items())
        if buyer == cloud.account and pending.units
    }
    order = [economy.hash("cancel", economy.keys[account]) for account in waiting]
    units_open = [pending.units for pending in waiting.values()]
    for pending, units in zip(waiting.values(), split(min(machines, sum(units_open)), units_open, order), strict=True):
        if units:
            pending.value -= units * (pending.value // pending.units)
            pending.units -= units


def committed(vendor: Vendor) -> float:
    return vendor.capacity + sum(units for _, units in vendor.pipeline)


def of_region(economy: Economy, region: str) -> float:
    return sum(committed(vendor) for vendor in alive(economy.vendors) if vendor.region == region)


def note_lines(economy: Economy) -> None:
    for region in {vendor.region for vendor in alive(economy.vendors)}:
        economy.most_lines[region] = max(economy.most_lines.get(region, 0.0), of_region(economy, region))


def idle_lines(economy: Economy, region: str) -> int:
    """Lines of a foundry that vendors have had and have no more."""
    return max(0, int(economy.most_lines.get(region, 0.0) - of_region(economy, region)))


def part_of_idle(economy: Economy, region: str) -> int:
    """Idle lines on which each vendor counts before it knows what it gets."""
    return idle_lines(economy, region) // len([each for each in alive(economy.vendors) if each.region == region])


def has_any(vendor: Vendor) -> bool:
    return bool(vendor.capacity or vendor.pipeline)


def order_capacity(economy: Economy, views: dict[str, View]) -> None:
    regions = {vendor.region for vendor in alive(economy.vendors)}
    idle = {region: idle_lines(economy, region) for region in regions}
    parts = {region: part_of_idle(economy, region) for region in regions}
    asked = {vendor.name: ask(economy, vendor, views[vendor.name]) for vendor in alive(economy.vendors)}
    for region in regions:
        here = [vendor for vendor in alive(economy.vendors) if vendor.region == region]
        total, have = sum(asked[vendor.name] for vendor in here), of_region(economy, region)
        standing = idle[region]
        if have or standing:
            beyond = max(0, total - standing)
            quickest = economy.numbers["foundry_growth"] * (have + standing)
            total = min(total, standing) + int(min(economy.numbers["foundry_pace"] * beyond, quickest))
        ties = [economy.hash("packaging", economy.keys[vendor.account]) for vendor in here]
        for vendor, units in zip(here, split(total, [asked[vendor.name] for vendor in here], ties), strict=True):
            asked[vendor.name] = units
    for vendor in alive(economy.vendors):
        if asked[vendor.name] > 0:
            prepay(economy, vendor, asked[vendor.name], parts[vendor.region])


def ask(economy: Economy, vendor: Vendor, view: View) -> int:
    if months_since_entry(economy, vendor) < int(vendor.numbers["development"]):
        return 0
    if not has_any(vendor):
        if vendor.output:
            return 0
        wanted = vendor.numbers["opening_capacity"]
    else:
        wanted = capacity_strategies.capacity(vendor.strategies["capacity"], view)
    prepayment = unit_cost(vendor) * vendor.numbers["prepaid_months"]
    if not prepayment:
        return int(wanted)
    units = max(0.0, economy.books.free_cash(vendor.account) / 100) / prepayment
    have, speed, standing = committed(vendor), economy.numbers["speed_price"], part_of_idle(economy, vendor.region)
    if have and speed and units > standing:
        beyond = units - standing
        units = standing + 2 * beyond / (1 + (1 + 4 * (speed / have) * beyond) ** 0.5)
    return int(min(wanted, units))


def prepay(economy: Economy, vendor: Vendor, units: int, standing: int) -> None:
    prepayment = unit_cost(vendor) * vendor.numbers["prepaid_months"]
    cash, have = economy.books.free_cash(vendor.account), committed(vendor)
    deposit = min(cents(units * prepayment), cash)
    economy.books.transfer(
        [Transfer(vendor.account, WORLD, deposit)], PREPAYMENTS, CUSTOMER_DEPOSITS, "foundry_capacity"
    )
    new = max(0, units - standing)
    premium = economy.numbers["speed_price"] * prepayment * new * new / have if have else 0.0
    paid, good = min(cents(premium), cash - deposit), GOOD["foundry_capacity"]
    economy.books.write(
        [
            Row(vendor.account, OPERATING_COST, WORLD, REVENUE, good, paid, quantity=paid, price=ONE_CENT),
            Row(WORLD, CASH, vendor.account, CASH, good, paid, quantity=paid, price=ONE_CENT),
        ]
    )
    vendor.pipeline.append((economy.month + int(vendor.numbers["lead"]), units))


def give_up(vendor: Vendor, waiting: int) -> None:
    vendor.given_up = 0.0
    if not vendor.alive or not vendor.output:
        return
    view = {"made": vendor.output, "could": vendor.room, "committed": committed(vendor), "backlog": waiting}
    vendor.given_up = left = capacity_strategies.cutting(vendor.strategies["cutting"], view)
    if left and left >= committed(vendor):
        vendor.capacity, vendor.pipeline = 0.0, []
    while left > 0 and vendor.pipeline:
        month, units = vendor.pipeline.pop()
        if units > left:
            vendor.pipeline.append((month, units - left))
        left -= min(units, left)
    vendor.capacity -= min(left, vendor.capacity)


def unused(vendor: Vendor, made: int) -> Order:
    idle = max(0, int(vendor.capacity) - made)
    units = idle + int(vendor.given_up * int(vendor.numbers["notice"]))
    price = nano(unit_cost(vendor) * vendor.numbers["take_or_pay"])
    return Order(vendor.account, OPERATING_COST, WORLD, GOOD["foundry_unused"], units, price)

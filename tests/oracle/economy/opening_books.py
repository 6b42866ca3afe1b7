"""Chapters 5.1 to 5.4 of the rules: opening entries, machines and orders."""

from tests.oracle.economy.arithmetic import cents, nano, split, straight_line
from tests.oracle.economy.books import CASH, CHIP_STOCK, EQUITY, FLEET, GOOD, LENDERS, OLDER, WORLD, Row
from tests.oracle.economy.participants import Cloud, Lot
from tests.oracle.economy.state import Economy, alive, is_listed, service_months


def open_books(e: Economy) -> None:
    grant(e, WORLD, CASH, cents(e.n["world_cash"]))
    grant(e, LENDERS, CASH, cents(e.n["lenders_cash"]))
    for investor in e.investors:
        grant(e, investor.account, CASH, cents(investor.n["opening_cash"]))
    for firm in alive(e.firms):
        grant(e, firm.account, CASH, cents(firm.n["opening_cash"]))
    for cloud in alive(e.clouds):
        open_machines(e, cloud)
        grant(e, cloud.account, FLEET, sum(lot.book for lot in e.lots if lot.owner is cloud))
    investors = {investor.name: investor.account for investor in e.investors}
    for firm in alive(e.firms):
        holder = OLDER if firm.owner_funded else investors.get(firm.founder, WORLD)
        firm.holders = {holder: 1_000_000_000}
    open_orders(e)
    for account in range(len(e.keys)):
        e.last[account] = {"revenue": 0, "costs": 0, "profit": 0, "drain": 0, "cash": e.books.cash(account)}


def grant(e: Economy, account: int, item: int, amount: int) -> None:
    e.books.write([Row(account, item, account, EQUITY, GOOD["opening"], amount)])


def open_machines(e: Economy, cloud: Cloud) -> None:
    n = cloud.n
    hours, ages, life = int(e.n["opening_machine_hours"]), int(n["opening_age"]), int(n["book_life"])
    by_age = split(round(n["opening_hours"] / hours), [1] * ages, list(range(ages)))
    for age, units in enumerate(by_age, start=1):
        if units > 0:
            if e.vendors:
                e.vendors[0].made += units
            cost = cents(n["machine_price"] * (1 + n["building_share"]) * hours / 730 * units)
            e.lots.append(Lot(cloud, -age, life, units, hours, cost, straight_line(cost, life, age)))
            e.lots[-1].service_life = service_months(cloud)
            e.lots[-1].vendor = e.vendors[0].account if e.vendors else WORLD


def open_orders(e: Economy) -> None:
    for vendor in alive(e.vendors):
        total = int(vendor.n["opening_wait"] * vendor.n["opening_capacity"])
        buyers = [cloud for cloud in alive(e.clouds) if is_listed(cloud, vendor)]
        weights = [round(cloud.n["opening_hours"]) for cloud in buyers]
        parts = split(total, weights, [cloud.key for cloud in buyers]) if sum(weights) > 0 else []
        for cloud, units in zip(buyers, parts, strict=True):
            if units > 0:
                e.place_order(cloud.account, vendor, CHIP_STOCK, units, nano(vendor.n["opening_price"]))

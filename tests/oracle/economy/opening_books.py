"""Chapters 5.1 to 5.4 of the rules: opening entries, machines and orders."""

from tests.oracle.economy.arithmetic import cents, nano, split, straight_line
from tests.oracle.economy.books import CASH, CHIP_STOCK, EQUITY, FLEET, GOOD, LENDERS, OLDER, WORLD, Row
from tests.oracle.economy.mechanisms.generations import is_barred
from tests.oracle.economy.participants import Cloud, Lot
from tests.oracle.economy.state import Economy, alive, is_listed, service_months


def open_books(economy: Economy) -> None:
    grant(economy, WORLD, CASH, cents(economy.numbers["world_cash"]))
    grant(economy, LENDERS, CASH, cents(economy.numbers["lenders_cash"]))
    for investor in economy.investors:
        grant(economy, investor.account, CASH, cents(investor.numbers["opening_cash"]))
    for firm in alive(economy.firms):
        grant(economy, firm.account, CASH, cents(firm.numbers["opening_cash"]))
    for cloud in alive(economy.clouds):
        open_machines(economy, cloud)
        grant(economy, cloud.account, FLEET, sum(lot.book for lot in economy.lots if lot.owner is cloud))
    investors = {investor.name: investor.account for investor in economy.investors}
    for firm in alive(economy.firms):
        holder = OLDER if firm.grant > 0 else investors.get(firm.founder, WORLD)
        firm.holders = {holder: 1_000_000_000}
    open_orders(economy)
    for account in range(len(economy.keys)):
        economy.last[account] = {
            "revenue": 0,
            "costs": 0,
            "profit": 0,
            "drain": 0,
            "dividends": 0,
            "gross": 0,
            "cash": economy.books.cash(account),
        }


def grant(economy: Economy, account: int, item: int, amount: int) -> None:
    economy.books.write([Row(account, item, account, EQUITY, GOOD["opening"], amount)])


def open_machines(economy: Economy, cloud: Cloud) -> None:
    numbers = cloud.numbers
    hours, ages, life = (
        int(economy.numbers["opening_machine_hours"]),
        int(numbers["opening_age"]),
        int(numbers["book_life"]),
    )
    by_age = split(round(numbers["opening_hours"] / hours), [1] * ages, list(range(ages)))
    for age, units in enumerate(by_age, start=1):
        if units > 0:
            if economy.vendors:
                economy.vendors[0].made += units
            cost = cents(numbers["machine_price"] * (1 + numbers["building_share"]) * hours / 730 * units)
            economy.lots.append(Lot(cloud, -age, life, units, hours, cost, straight_line(cost, life, age)))
            economy.lots[-1].service_life = service_months(cloud)
            economy.lots[-1].vendor = economy.vendors[0].account if economy.vendors else WORLD


def open_orders(economy: Economy) -> None:
    for vendor in alive(economy.vendors):
        total = int(vendor.numbers["opening_wait"] * vendor.numbers["opening_capacity"])
        buyers = [cloud for cloud in alive(economy.clouds) if is_listed(cloud, vendor)]
        if vendor.numbers["group_only"] > 0:
            buyers = [cloud for cloud in buyers if cloud.owner == vendor.owner]
        if is_barred(economy, vendor):
            buyers = [cloud for cloud in buyers if cloud.region == vendor.region]
        weights = [round(cloud.numbers["opening_hours"]) for cloud in buyers]
        parts = split(total, weights, [cloud.key for cloud in buyers]) if sum(weights) > 0 else []
        for cloud, units in zip(buyers, parts, strict=True):
            if units > 0:
                economy.place_order(cloud.account, vendor, CHIP_STOCK, units, nano(vendor.numbers["opening_price"]))

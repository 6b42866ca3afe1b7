"""Chapters 7.1 and 7.2 of the rules: events, incomes, owners' money, arrival of machines."""

from collections.abc import Mapping
from typing import Any

from tests.oracle.economy.arithmetic import cents, path
from tests.oracle.economy.books import (
    CHIP_STOCK,
    EQUITY,
    FLEET,
    GOOD,
    HOLDINGS,
    INCOME,
    LENDERS,
    OLDER,
    ONE_CENT,
    PREPAYMENTS,
    WORLD,
    Order,
    Row,
    Transfer,
    deal,
)
from tests.oracle.economy.formulas import budget, in_service, own_use
from tests.oracle.economy.mechanisms import appliances, fleet_loans
from tests.oracle.economy.participants import App, Cloud, Firm, Vendor
from tests.oracle.economy.state import Economy, alive


def events(e: Economy) -> None:
    groups: Mapping[str, Any] = {
        "chips": e.vendors,
        "cloud": e.clouds,
        "labs": e.labs,
        "apps": e.apps,
        "users": e.regions,
        "enterprises": e.enterprises,
        "advertisers": e.advertisers,
        "investors": e.investors,
    }
    for event in e.spec.events:
        if event.month != e.month:
            continue
        group, *member, number = event.path.split(".")
        if event.what != "set":
            for participant in groups[group]:
                if not member or participant.name == member[0]:
                    kept = participant.strategies if event.what == "strategy" else participant.partners
                    kept[number] = event.choice if event.what == "strategy" else event.names
            continue
        if group == "world":
            e.n[number] = event.value
            continue
        for participant in groups[group]:
            if not member or participant.name == member[0]:
                participant.n[number] = event.value


def arrivals(e: Economy) -> None:
    pay_incomes(e)
    fleet_loans.enforce_covenants(e)
    if e.month > 0:
        collect_owner_funds(e)
    for vendor in e.vendors:
        vendor.capacity = vendor.capacity + sum(units for month, units in vendor.pipeline if month == e.month)
        vendor.pipeline = [(month, units) for month, units in vendor.pipeline if month > e.month]
    update_fleets(e)
    appliances.prepare_month(e)


def pay_incomes(e: Economy) -> None:
    """Pay incomes from the rest of the world, in full or pro rata."""
    older = own_use(e) * sum(cloud.n["older_revenue"] for cloud in e.clouds)
    older += sum(firm.n["owner_funds"] for firm in alive(e.firms) if firm.owner_funded)
    paid = [(OLDER, older)]
    for investor in e.investors:
        n = investor.n
        paid.append((investor.account, path(n["inflow_low"], n["inflow_high"], n["middle"], n["width"], e.month)))
    paid += [
        (one.account, budget(e, one, "tokens") + (1 + one.n["capital"]) * budget(e, one, "compute"))
        for one in e.enterprises
    ]
    paid += [(one.account, one.n["budget"] + one.n["page_budget"]) for one in e.advertisers]
    paid += [(region.account, region.n["income"] * region.n["people"]) for region in e.regions]
    paid.append((LENDERS, e.n["lenders_inflow"]))
    due = [cents(income) for _, income in paid]
    parts = e.books.within_cash(WORLD, due, [e.hash("incomes", e.keys[account]) for account, _ in paid])
    transfers = [Transfer(WORLD, account, part) for (account, _), part in zip(paid, parts, strict=True)]
    e.books.transfer(transfers, INCOME, INCOME, "income")


def collect_owner_funds(e: Economy) -> None:
    funded = [firm for firm in alive(e.firms) if firm.owner_funded]
    due = [owner_contribution(e, firm) for firm in funded]
    parts = e.books.within_cash(OLDER, due, [e.hash("owners", firm.key) for firm in funded])
    transfers = []
    for firm, pay in zip(funded, parts, strict=True):
        if pay > 0:
            shares = pay // 100 + 1
            transfers.append(Transfer(OLDER, firm.account, pay, shares))
            firm.holders[OLDER] = firm.holders.get(OLDER, 0) + shares
            e.capital[firm.account] = e.capital.get(firm.account, 0) + pay
    e.books.transfer(transfers, HOLDINGS, EQUITY, "contribution")


def owner_contribution(e: Economy, firm: Firm) -> int:
    """Cents that an owner pays into a firm: what it lacks, up to a limit."""
    limit = cents(firm.n["owner_funds"])
    need = cloud_need(e, firm) if isinstance(firm, Cloud) else round(e.n["owner_cushion"] * limit)
    return min(limit, max(0, need - e.books.cash(firm.account)))


def cloud_need(e: Economy, cloud: Cloud) -> int:
    """Cents that a cloud will need this month."""
    shipments = 0.0
    for (buyer, account), pending in e.backlog.items():
        if buyer == cloud.account and pending.units > 0:
            vendor = e.firm_by_account[account]
            assert isinstance(vendor, Vendor)
            capacity = e.sheets[vendor.name]["capacity"] if vendor.name in e.sheets else 0.0
            shipments += min(1.0, capacity / e.waiting(vendor)) * (pending.value / 10**9)
    opening = sum(lot.cost for lot in e.lots if lot.owner is cloud and lot.opens == e.month)
    buildings = opening * cloud.n["building_share"]
    prepayments = e.books.of(cloud.account, PREPAYMENTS)
    return max(0, cents(shipments) - prepayments) + round(buildings) + e.last_month(cloud, "costs")


def update_fleets(e: Economy) -> None:
    e.lots = [lot for lot in e.lots if lot.opens + lot.service_life > e.month]
    pay_for_buildings(e)
    firms: list[Cloud | App] = [*e.clouds, *e.apps]
    for cloud in firms:
        cloud.capacity = sum(lot.units * lot.hours for lot in in_service(e, cloud)) if cloud.alive else 0
        there = e.books.cash(cloud.account) + e.books.of(cloud.account, PREPAYMENTS)
        cloud.spendable = max(0, there - e.last_month(cloud, "costs"))


def pay_for_buildings(e: Economy) -> None:
    new = [lot for lot in e.lots if isinstance(lot.owner, Cloud | App) and lot.opens == e.month and lot.book == 0]
    rows = [(lot.owner.account, FLEET, lot.owner.account, CHIP_STOCK) for lot in new]
    e.books.write([Row(*row, GOOD["building"], lot.cost) for row, lot in zip(rows, new, strict=True)])
    bills = []
    for lot in new:
        price = round(lot.cost * lot.owner.n["building_share"] / lot.units) * ONE_CENT
        bills.append(deal(Order(lot.owner.account, FLEET, WORLD, GOOD["building"], lot.units, price), lot.units))
    e.books.settle(bills, lambda account: e.hash("building", e.keys[account]))
    for lot, bill in zip(new, bills, strict=True):
        lot.cost += bill.cents
        lot.book = lot.cost
        lot.basis = lot.cost

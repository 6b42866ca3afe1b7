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
    PAYABLES,
    PREPAYMENTS,
    WORLD,
    Order,
    Row,
    Transfer,
    deal,
)
from tests.oracle.economy.formulas import budget, buildings_to_come, in_service, own_use
from tests.oracle.economy.mechanisms import appliances, fleet_loans, multihoming_and_friends
from tests.oracle.economy.participants import App, Cloud, Firm, Vendor
from tests.oracle.economy.phases import owner_grants
from tests.oracle.economy.state import Economy, alive


def events(economy: Economy) -> None:
    groups: Mapping[str, Any] = {
        "chips": economy.vendors,
        "cloud": economy.clouds,
        "labs": economy.labs,
        "apps": economy.apps,
        "users": economy.regions,
        "enterprises": economy.enterprises,
        "advertisers": economy.advertisers,
        "work": economy.segments,
        "investors": economy.investors,
        "owners": economy.older_owners,
        "states": economy.states,
    }
    for event in economy.spec.events:
        if event.month != economy.month:
            continue
        group, *member, number = event.path.split(".")
        if event.what != "set":
            for participant in groups[group]:
                if not member or participant.name == member[0]:
                    choices = participant.strategies if event.what == "strategy" else participant.partners
                    choices[number] = event.choice if event.what == "strategy" else event.names
            continue
        if group == "world":
            economy.numbers[number] = event.value
            continue
        for participant in groups[group]:
            if not member or participant.name == member[0]:
                participant.numbers[number] = event.value


def arrivals(economy: Economy) -> None:
    pay_incomes(economy)
    for state in economy.states:
        state.purse = economy.books.cash(state.account)
    fleet_loans.enforce_covenants(economy)
    owner_grants.ask_for_returns(economy)
    economy.granted, economy.put_in = {}, {}
    if economy.month > 0:
        collect_owner_funds(economy)
    for vendor in economy.vendors:
        vendor.capacity = vendor.capacity + sum(units for month, units in vendor.pipeline if month == economy.month)
        vendor.pipeline = [(month, units) for month, units in vendor.pipeline if month > economy.month]
    update_fleets(economy)
    appliances.prepare_month(economy)


def pay_incomes(economy: Economy) -> None:
    """Pay incomes from the rest of the world, in full or pro rata."""
    older = own_use(economy) * sum(cloud.numbers["older_revenue"] for cloud in economy.clouds)
    older += sum(cloud.set_aside for cloud in economy.clouds) / 100
    older += sum(firm.grant for firm in alive(economy.firms) if firm.grant > 0)
    incomes = [(OLDER, older), *((owner.account, owner.set_aside / 100) for owner in economy.older_owners)]
    for investor in economy.investors:
        numbers = investor.numbers
        incomes.append(
            (
                investor.account,
                path(numbers["inflow_low"], numbers["inflow_high"], numbers["middle"], numbers["width"], economy.month),
            )
        )
    incomes += [
        (
            sector.account,
            budget(economy, sector, "tokens") + (1 + sector.numbers["capital"]) * budget(economy, sector, "compute"),
        )
        for sector in economy.enterprises
    ]
    incomes += [
        (sector.account, sector.numbers["budget"] + sector.numbers["page_budget"]) for sector in economy.advertisers
    ]
    incomes += [(region.account, multihoming_and_friends.income(economy, region)) for region in economy.regions]
    incomes += [(sector.account, sector.grant) for sector in economy.enterprises if economy.segments]
    incomes += [
        (sector.account, (1 + sector.numbers["capital"]) * sector.models_grant)
        for sector in economy.enterprises
        if economy.segments
    ]
    incomes += [(state.account, state.numbers["programme"]) for state in economy.states]
    incomes.append((LENDERS, economy.numbers["lenders_inflow"]))
    due = [cents(income) for _, income in incomes]
    parts = economy.books.within_cash(
        WORLD, due, [economy.hash("incomes", economy.keys[account]) for account, _ in incomes]
    )
    transfers = [Transfer(WORLD, account, part) for (account, _), part in zip(incomes, parts, strict=True)]
    economy.books.transfer(transfers, INCOME, INCOME, "income")


def collect_owner_funds(economy: Economy) -> None:
    funded = [firm for firm in alive(economy.firms) if firm.grant > 0]
    due = [owner_contribution(economy, firm) for firm in funded]
    parts = economy.books.within_cash(OLDER, due, [economy.hash("owners", firm.key) for firm in funded])
    transfers = []
    economy.put_in = {firm.account: pay for firm, pay in zip(funded, parts, strict=True)}
    for firm, pay in zip(funded, parts, strict=True):
        if pay > 0:
            shares = pay // 100 + 1
            transfers.append(Transfer(OLDER, firm.account, pay, shares))
            firm.holders[OLDER] = firm.holders.get(OLDER, 0) + shares
            economy.capital[firm.account] = economy.capital.get(firm.account, 0) + pay
            economy.granted[firm.owner] = economy.granted.get(firm.owner, 0) + pay
    economy.books.transfer(transfers, HOLDINGS, EQUITY, "contribution")


def owner_contribution(economy: Economy, firm: Firm) -> int:
    """Cents that an owner pays into a firm: what it lacks, up to a limit."""
    limit = cents(firm.grant)
    need = cloud_need(economy, firm) if isinstance(firm, Cloud) else round(economy.numbers["owner_cushion"] * limit)
    return min(limit, max(0, need - economy.books.cash(firm.account)))


def cloud_need(economy: Economy, cloud: Cloud) -> int:
    """Cents that a cloud will need this month."""
    shipments = 0.0
    for (buyer, account), pending in economy.backlog.items():
        if buyer == cloud.account and pending.units > 0:
            vendor = economy.firm_by_account[account]
            assert isinstance(vendor, Vendor)
            capacity = economy.sheets[vendor.name]["capacity"] if vendor.name in economy.sheets else 0.0
            shipments += min(1.0, capacity / economy.waiting(vendor)) * (pending.value / 10**9)
    opening = sum(lot.cost for lot in economy.lots if lot.owner is cloud and lot.opens == economy.month)
    buildings = opening * cloud.numbers["building_share"]
    prepayments = economy.books.of(cloud.account, PREPAYMENTS)
    unpaid = -economy.books.of(cloud.account, PAYABLES)
    return max(0, cents(shipments) - prepayments) + round(buildings) + economy.last_month(cloud, "costs") + unpaid


def update_fleets(economy: Economy) -> None:
    economy.lots = [lot for lot in economy.lots if lot.opens + lot.service_life > economy.month]
    pay_for_buildings(economy)
    firms: list[Cloud | App] = [*economy.clouds, *economy.apps]
    for cloud in firms:
        cloud.capacity = sum(lot.units * lot.hours for lot in in_service(economy, cloud)) if cloud.alive else 0
        money = economy.books.free_cash(cloud.account) + economy.books.of(cloud.account, PREPAYMENTS)
        money -= economy.last_month(cloud, "costs")
        to_come = cents(cloud.grant * cloud.numbers["build_lag"]) - buildings_to_come(economy, cloud)
        cloud.spendable = max(0, min(money, int((money + to_come) / (1 + cloud.numbers["building_share"]))))


def pay_for_buildings(economy: Economy) -> None:
    new = [
        lot
        for lot in economy.lots
        if isinstance(lot.owner, Cloud | App) and lot.opens == economy.month and lot.book == 0
    ]
    rows = [(lot.owner.account, FLEET, lot.owner.account, CHIP_STOCK) for lot in new]
    economy.books.write([Row(*row, GOOD["building"], lot.cost) for row, lot in zip(rows, new, strict=True)])
    bills = []
    for lot in new:
        price = round(lot.cost * lot.owner.numbers["building_share"] / lot.units) * ONE_CENT
        bills.append(deal(Order(lot.owner.account, FLEET, WORLD, GOOD["building"], lot.units, price), lot.units))
    economy.books.settle(bills, lambda account: economy.hash("building", economy.keys[account]))
    for lot, bill in zip(new, bills, strict=True):
        lot.cost += bill.cents
        lot.book = lot.cost
        lot.basis = lot.cost

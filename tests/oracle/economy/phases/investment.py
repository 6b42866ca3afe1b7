"""Chapter 7.9 of the rules: orders of capacity and machines, budgets of research and marketing."""

import math
from typing import Any

from tests.oracle.economy import strategies
from tests.oracle.economy.arithmetic import cents, logit
from tests.oracle.economy.books import (
    CHIP_STOCK,
    CUSTOMER_DEPOSITS,
    LENDERS,
    OPERATING_COST,
    PREPAYMENTS,
    WORLD,
    Transfer,
)
from tests.oracle.economy.formulas import hour_worth, in_service, own_hour_running, own_hour_worth, running_worth
from tests.oracle.economy.mechanisms import appliances, fleet_loans, reserved_hours, self_hosted_models
from tests.oracle.economy.mechanisms.generations import unit_cost
from tests.oracle.economy.mechanisms.machine_choice import Mix, affordable, may_order, place_orders, vendors_view
from tests.oracle.economy.mechanisms.shortage import cancel_orders, inflated
from tests.oracle.economy.participants import Cloud, Enterprise, Vendor
from tests.oracle.economy.phases.orders import Need, need
from tests.oracle.economy.phases.views import app_view, vendor_view
from tests.oracle.economy.state import Economy, alive
from tests.oracle.economy.strategies import View


def invest(e: Economy) -> None:
    for vendor in alive(e.vendors):
        order_capacity(e, vendor)
    for vendor in e.vendors:
        vendor.choices = []
    order_machines(e)
    for enterprise in e.enterprises:
        enterprises_order_machines(e, enterprise)
    appliances.invest(e)
    self_hosted_models.order_machines(e)
    reserved_hours.sign_contracts(e)
    for lab in alive(e.labs):
        cash = e.books.cash(lab.account) / 100
        seen = {"cash": cash, "revenue": e.books.revenue(lab.account) / 100}
        wanted = 0.0 if lab.pivoted else strategies.research(lab.strategies["research"], seen)
        lab.budget = min(max(0.0, cash), wanted)
    for app in alive(e.apps):
        seen = {**app_view(e, app), "cash": e.books.cash(app.account) / 100}
        app.marketing = 0.0 if app.pivoted else strategies.marketing(app.strategies["marketing"], seen)


def order_capacity(e: Economy, vendor: Vendor) -> None:
    if not vendor.capacity and not vendor.pipeline:
        wanted = vendor.n["opening_capacity"]
    else:
        wanted = strategies.capacity(vendor.strategies["capacity"], vendor_view(e, vendor))
    each = unit_cost(vendor) * vendor.n["prepaid_months"]
    units = int(min(wanted, e.books.cash(vendor.account) / 100 / each)) if each else int(wanted)
    if units > 0:
        paid = [Transfer(vendor.account, WORLD, cents(units * each))]
        e.books.transfer(paid, PREPAYMENTS, CUSTOMER_DEPOSITS, "foundry_capacity")
        vendor.pipeline.append((e.month + int(vendor.n["lead"]), units))


def order_machines(e: Economy) -> None:
    level = sum(cloud.asked.level for cloud in alive(e.clouds))
    trend = sum(cloud.asked.growth * cloud.asked.level for cloud in alive(e.clouds)) / level if level else 0.0
    plans = [plan for cloud in alive(e.clouds) if (plan := machines_wanted(e, cloud, trend))]
    if e.books.cash(LENDERS):
        asks = []
        for cloud, mix, hours in plans:
            short = max(0.0, hours - affordable(e, cloud, mix))
            missed = short * mix.of("price") / mix.of("hours") * (1 + cloud.n["building_share"])
            asks.append((cloud, missed))
        fleet_loans.lend(e, asks)
    placed: list[tuple[Cloud, Vendor, int, float]] = []
    for cloud, mix, hours in plans:
        machines = int(min(max(0.0, hours), affordable(e, cloud, mix)) / mix.of("hours"))
        ordered = place_orders(e, cloud, CHIP_STOCK, machines, mix)
        placed += [(cloud, vendor, units, price) for vendor, units, price in ordered]
    left = {cloud.account: e.books.cash(cloud.account) for cloud in e.clouds}
    deposits = []
    for cloud, vendor, units, price in placed:
        paid = min(cents(cloud.n["deposit"] * units * price), left[cloud.account])
        left[cloud.account] -= paid
        deposits.append(Transfer(cloud.account, vendor.account, paid))
    e.books.transfer(deposits, PREPAYMENTS, CUSTOMER_DEPOSITS, "deposit")


def machines_wanted(e: Economy, cloud: Cloud, trend: float) -> tuple[Cloud, "Mix", float] | None:
    sheets = [one for one in e.sheets.values() if may_order(cloud, one)]
    if not sheets:
        return None
    shares = choose_vendors(e, cloud, sheets)
    for one, share in zip(sheets, shares, strict=True):
        one["vendor"].choices.append((cloud.asked.level * share, share))
    mix = Mix(sheets, shares)
    worth, running = own_hour_worth(e, cloud), own_hour_running(e, cloud)
    gain = mix.gain(cloud, worth + mix.saved() * running)
    wanted = strategies.capacity(cloud.strategies["capacity"], capacity_view(e, cloud, trend, gain))
    hours = inflated(cloud, wanted, e.on_order(cloud.account))
    if hours < 0:
        cancel_orders(e, cloud, int(-hours / mix.of("hours")))
    return cloud, mix, hours


def choose_vendors(e: Economy, cloud: Cloud, sheets: list[dict[str, Any]]) -> list[float]:
    seen = vendors_view(cloud, sheets, own_hour_worth(e, cloud), own_hour_running(e, cloud))
    shares = strategies.sourcing(cloud.strategies["sourcing"], seen)
    cloud.chip_share = {one["vendor"].name: share for one, share in zip(sheets, shares, strict=True)}
    return shares


def enterprises_order_machines(e: Economy, enterprise: Enterprise) -> None:
    sheets = [one for one in e.sheets.values() if one["exports"] > 0 or one["region"] == enterprise.region]
    if not sheets:
        return
    needed = need(e, enterprise)
    worth, running = worths_of_owning(enterprise, needed)
    shares = logit(strategies.worths(vendors_view(enterprise, sheets, worth, running)))
    enterprise.chip_share = {one["vendor"].name: share for one, share in zip(sheets, shares, strict=True)}
    mix = Mix(sheets, shares)
    if needed is None:
        return
    aim = hours_aimed_at(enterprise, needed, mix)
    for one, share in zip(sheets, shares, strict=True):
        one["vendor"].choices.append((aim * share, share))
    affordable = max(0.0, e.books.cash(enterprise.account) / 100 - e.committed(enterprise.account) / 10**9)
    machines = int(min(machines_missing(e, enterprise, aim, mix), affordable / mix.of("price")))
    place_orders(e, enterprise, OPERATING_COST, machines, mix)


def worths_of_owning(enterprise: Enterprise, needed: Need | None) -> tuple[float, float]:
    n = enterprise.n
    rent = needed.rent if needed else 0.0
    worth = hour_worth(enterprise, int(n["life"]), n["own_use"] * rent, n["running_cost"])
    return worth, running_worth(enterprise, int(n["life"]), n["running_cost"])


def hours_aimed_at(enterprise: Enterprise, needed: Need, mix: Mix) -> float:
    n = enterprise.n
    worth, running = worths_of_owning(enterprise, needed)
    gain = mix.gain(enterprise, worth + mix.saved() * running)
    return needed.wanted * logit([n["own_sensitivity"] * math.log(gain), 0.0])[0] if gain > 0 else 0.0


def machines_missing(e: Economy, enterprise: Enterprise, aim: float, mix: Mix) -> float:
    n = enterprise.n
    running = sum(lot.units * lot.hours for lot in in_service(e, enterprise))
    later = sum(lot.units * lot.hours for lot in e.lots if lot.owner is enterprise and lot.opens > e.month)
    have = n["own_use"] * (running + (e.on_order(enterprise.account) + later))
    return max(0.0, aim - have) / n["catch_up"] / (n["own_use"] * mix.of("hours"))


def capacity_view(e: Economy, cloud: Cloud, trend: float, gain: float) -> View:
    horizon, ordered = cloud.n["horizon"], e.on_order(cloud.account)
    own = [lot for lot in e.lots if lot.owner is cloud]
    leaving = [lot for lot in in_service(e, cloud) if lot.opens + lot.service_life < e.month + int(horizon)]
    return {
        "asked": cloud.asked.level,
        "growth": cloud.asked.growth,
        "trend": trend,
        "capacity": cloud.capacity,
        "coming": ordered / cloud.order_inflation + sum(lot.units * lot.hours for lot in own if lot.opens > e.month),
        "leaving": sum(lot.units * lot.hours for lot in leaving),
        "horizon": horizon,
        "return_on_cost": gain,
    }

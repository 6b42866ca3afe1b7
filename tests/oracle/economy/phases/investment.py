"""Chapter 7.9 of the rules: orders of capacity and machines, budgets of research and marketing."""

import math
from typing import Any

from tests.oracle.economy import (
    answers_of_customers,
    capacity_strategies,
    handed_over_work,
    model_lines,
    shocks,
    strategies,
)
from tests.oracle.economy.arithmetic import cents, logit
from tests.oracle.economy.books import (
    CHIP_STOCK,
    CUSTOMER_DEPOSITS,
    LENDERS,
    OPERATING_COST,
    PREPAYMENTS,
    Transfer,
)
from tests.oracle.economy.formulas import hour_worth, in_service, own_hour_running, own_hour_worth, running_worth
from tests.oracle.economy.mechanisms import (
    appliances,
    fleet_loans,
    reserved_hours,
    self_hosted_models,
    shortage,
)
from tests.oracle.economy.mechanisms.generations import may_sell
from tests.oracle.economy.mechanisms.machine_choice import Mix, affordable, may_order, place_orders, vendors_view
from tests.oracle.economy.mechanisms.marketing_trust_transactions import heads
from tests.oracle.economy.mechanisms.shortage import cancel_orders, inflated
from tests.oracle.economy.participants import App, Cloud, Enterprise, Vendor
from tests.oracle.economy.phases import own_use
from tests.oracle.economy.phases.orders import Need, need
from tests.oracle.economy.phases.views import app_view, cost_of_tokens, vendor_view
from tests.oracle.economy.state import Economy, alive
from tests.oracle.economy.strategies import View


def invest(economy: Economy) -> None:
    shortage.order_capacity(economy, {vendor.name: vendor_view(economy, vendor) for vendor in alive(economy.vendors)})
    for vendor in economy.vendors:
        vendor.choices = []
    reserved_hours.sign_contracts(economy)
    order_machines(economy)
    wishes = [wish for enterprise in economy.enterprises if (wish := enterprises_order_machines(economy, enterprise))]
    place_orders(economy, [*wishes])
    handed_over_work.grant_budgets(economy)
    handed_over_work.grant_own_models(economy)
    appliances.invest(economy)
    self_hosted_models.order_machines(economy)
    own_use.choose_hours(economy)
    for lab in alive(economy.labs):
        cash = economy.books.cash(lab.account) / 100
        seen = answers_of_customers.research_view(economy, lab, cost_of_tokens(economy, lab, model_lines.line(lab)[0]))
        wanted = 0.0 if lab.pivoted else strategies.research(lab.strategies["research"], seen)
        lab.budget = min(max(0.0, cash), wanted)
    won = {app.name: heads(economy, app) for app in alive(economy.apps)}  # by this month's marketing of all
    for app in alive(economy.apps):
        cash = economy.books.cash(app.account) / 100
        seen = {**app_view(economy, app), **won[app.name], "cash": cash}
        wanted = 0.0 if app.pivoted else strategies.marketing(app.strategies["marketing"], seen)
        app.marketing = min(max(0.0, cash), wanted)


def order_machines(economy: Economy) -> None:
    level = sum(cloud.asked.level for cloud in alive(economy.clouds))
    trend = sum(cloud.asked.growth * cloud.asked.level for cloud in alive(economy.clouds)) / level if level else 0.0
    plans = [plan for cloud in alive(economy.clouds) if (plan := machines_wanted(economy, cloud, trend))]
    if economy.books.cash(LENDERS):
        asks = []
        for cloud, mix, hours in plans:
            hours_short = max(0.0, hours - affordable(economy, cloud, mix))
            cost = hours_short * mix.of("price") / mix.of("hours") * (1 + cloud.numbers["building_share"])
            asks.append((cloud, cost))
        fleet_loans.lend(economy, asks)
    orders: list[tuple[Cloud | App | Enterprise, int, int, Mix]] = []
    for cloud, mix, hours in plans:
        machines = int(min(max(0.0, hours), affordable(economy, cloud, mix)) / mix.of("hours"))
        orders.append((cloud, CHIP_STOCK, machines, mix))
    placed: list[tuple[Cloud, Vendor, int, float]] = []
    for (cloud, _, _), taken in zip(plans, place_orders(economy, orders), strict=True):
        placed += [(cloud, vendor, units, price) for vendor, units, price in taken]
    cash = {cloud.account: economy.books.free_cash(cloud.account) for cloud in economy.clouds}
    deposits = []
    for cloud, vendor, units, price in placed:
        paid = min(cents(cloud.numbers["deposit"] * units * price), cash[cloud.account])
        cash[cloud.account] -= paid
        deposits.append(Transfer(cloud.account, vendor.account, paid))
    economy.books.transfer(deposits, PREPAYMENTS, CUSTOMER_DEPOSITS, "deposit")


def machines_wanted(economy: Economy, cloud: Cloud, trend: float) -> tuple[Cloud, "Mix", float] | None:
    sheets = [sheet for sheet in economy.sheets.values() if may_order(cloud, sheet)]
    if not sheets:
        return None
    shares = choose_vendors(economy, cloud, sheets)
    for sheet, share in zip(sheets, shares, strict=True):
        sheet["vendor"].choices.append((cloud.asked.level * share, share))
    mix = Mix(sheets, shares)
    worth, running = own_hour_worth(economy, cloud), own_hour_running(economy, cloud)
    gain = mix.gain(cloud, worth + mix.saved() * running)
    wanted = capacity_strategies.capacity(cloud.strategies["capacity"], capacity_view(economy, cloud, trend, mix, gain))
    hours = inflated(cloud, wanted, economy.on_order(cloud.account))
    if hours < 0:
        cancel_orders(economy, cloud, int(-hours / mix.of("hours")))
    return cloud, mix, hours


def choose_vendors(economy: Economy, cloud: Cloud, sheets: list[dict[str, Any]]) -> list[float]:
    seen = vendors_view(cloud, sheets, own_hour_worth(economy, cloud), own_hour_running(economy, cloud))
    shares = strategies.sourcing(cloud.strategies["sourcing"], seen)
    cloud.chip_share = {sheet["vendor"].name: share for sheet, share in zip(sheets, shares, strict=True)}
    return shares


def enterprises_order_machines(economy: Economy, enterprise: Enterprise) -> tuple[Enterprise, int, int, Mix] | None:
    sheets = [sheet for sheet in economy.sheets.values() if may_sell(sheet, enterprise)]
    if not sheets:
        return None
    needed = need(economy, enterprise)
    worth, running = worths_of_owning(enterprise, needed)
    shares = logit(strategies.worths(vendors_view(enterprise, sheets, worth, running)))
    enterprise.chip_share = {sheet["vendor"].name: share for sheet, share in zip(sheets, shares, strict=True)}
    mix = Mix(sheets, shares)
    if needed is None:
        return None
    aim = hours_aimed_at(enterprise, needed, mix)
    for sheet, share in zip(sheets, shares, strict=True):
        sheet["vendor"].choices.append((aim * share, share))
    affordable = max(
        0.0, economy.books.free_cash(enterprise.account) / 100 - economy.committed(enterprise.account) / 10**9
    )
    machines = int(min(machines_missing(economy, enterprise, aim, mix), affordable / mix.of("price")))
    return enterprise, OPERATING_COST, machines, mix


def worths_of_owning(enterprise: Enterprise, needed: Need | None) -> tuple[float, float]:
    numbers = enterprise.numbers
    rent = needed.rent if needed else 0.0
    worth = hour_worth(enterprise, int(numbers["life"]), numbers["own_use"] * rent, numbers["running_cost"])
    return worth, running_worth(enterprise, int(numbers["life"]), numbers["running_cost"])


def hours_aimed_at(enterprise: Enterprise, needed: Need, mix: Mix) -> float:
    numbers = enterprise.numbers
    worth, running = worths_of_owning(enterprise, needed)
    gain = mix.gain(enterprise, worth + mix.saved() * running)
    return needed.wanted * logit([numbers["own_sensitivity"] * math.log(gain), 0.0])[0] if gain > 0 else 0.0


def machines_missing(economy: Economy, enterprise: Enterprise, aim: float, mix: Mix) -> float:
    numbers = enterprise.numbers
    running = sum(lot.units * lot.hours for lot in in_service(economy, enterprise))
    later = sum(lot.units * lot.hours for lot in economy.lots if lot.owner is enterprise and lot.opens > economy.month)
    have = numbers["own_use"] * (running + (economy.on_order(enterprise.account) + later))
    return max(0.0, aim - have) / numbers["catch_up"] / (numbers["own_use"] * mix.of("hours"))


def capacity_view(economy: Economy, cloud: Cloud, trend: float, mix: Mix, gain: float) -> View:
    horizon, ordered = cloud.numbers["horizon"], economy.on_order(cloud.account)
    own = [lot for lot in economy.lots if lot.owner is cloud]
    leaving = [lot for lot in in_service(economy, cloud) if lot.opens + lot.service_life < economy.month + int(horizon)]
    opens = economy.month + 1 + int(mix.of("wait")) + int(cloud.numbers["build_lag"])
    return {
        "asked": cloud.asked.level,
        "growth": cloud.asked.growth,
        "trend": trend,
        "capacity": cloud.capacity,
        "coming": ordered / cloud.order_inflation
        + sum(lot.units * lot.hours for lot in own if lot.opens > economy.month),
        "leaving": sum(lot.units * lot.hours for lot in leaving),
        "contracted": reserved_hours.hours_under_contract(economy, cloud, opens),
        "horizon": horizon,
        "return_on_cost": gain,
        "outlook": shocks.feeling(economy, economy.numbers["sentiment_building"]),
    }

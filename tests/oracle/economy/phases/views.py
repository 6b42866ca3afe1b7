"""Chapter 7.4 of the rules: the information of each kind of firm when it decides."""

import math
from typing import Any

from tests.oracle.economy.arithmetic import annuity, elasticity
from tests.oracle.economy.formulas import shares_of_purchases, stretch, throughput, tokens
from tests.oracle.economy.mechanisms import (
    distillation_and_revenue_sharing,
    marketing_trust_transactions,
    search_and_calls,
)
from tests.oracle.economy.mechanisms.generations import unit_cost, worth_at
from tests.oracle.economy.participants import App, Cloud, Lab, Vendor
from tests.oracle.economy.state import Economy, alive
from tests.oracle.economy.strategies import Tangent, View


def machine_hours(e: Economy, vendor: Vendor) -> int:
    """Hours per month of a vendor's machine, in hours of the first month's machine."""
    return round(730 * vendor.n["performance"] * (1 + vendor.n["performance_growth"]) ** e.month)


def vendor_view(e: Economy, vendor: Vendor) -> View:
    n, backlog = vendor.n, e.waiting(vendor)
    felt = elasticity(vendor.choices, n["sensitivity"], n["market_elasticity"])
    return {
        "unit_cost": unit_cost(vendor),
        "full_cost": unit_cost(vendor) / (1 - n["research_share"]),
        "last_price": vendor.price,
        "dearest": 1e8,
        "elasticity": felt,
        "demand": Tangent(vendor.price, vendor.orders.level, felt),
        "worth": worth_at(e, n["power"]) * machine_hours(e, vendor) * n["software"],
        "wait": max(0.0, backlog / vendor.capacity - 1) if vendor.capacity else 0.0,
        "capacity": vendor.capacity,
        "coming": sum(units for _, units in vendor.pipeline),
        "orders": vendor.orders.level,
        "growth": vendor.orders.growth,
        "backlog": backlog,
        "lead": n["lead"],
    }


def sheet(e: Economy, vendor: Vendor) -> dict[str, Any]:
    """A vendor's product sheet."""
    shown = {name: vendor.n[name] for name in ("software", "lock_in", "sensitivity", "exports", "power")}
    hours = machine_hours(e, vendor)
    wait = e.waiting(vendor) / vendor.capacity
    return {**shown, "price": vendor.price, "hours": hours, "capacity": vendor.capacity, "region": vendor.region,
            "vendor": vendor, "wait": wait}  # fmt: skip


def cloud_view(e: Economy, cloud: Cloud) -> View:
    n = cloud.n
    bought = shares_of_purchases(e, cloud, "hours", "hours")
    felt = elasticity(bought, n["sensitivity"], n["market_elasticity"])
    machine = n["machine_price"] * (1 + n["building_share"]) / annuity(n["discount"], int(n["book_life"]))
    return {
        "unit_cost": n["power_cost"],
        "full_cost": n["power_cost"] + (machine + n["site_cost"] * 730) / 730,
        "last_price": cloud.price,
        "dearest": 1e5,
        "elasticity": felt,
        "demand": Tangent(cloud.price, cloud.asked.level, felt),
        "capacity": cloud.capacity,
        "used_share": cloud.used_share,
    }


def rental(cloud: Cloud) -> dict[str, Any]:
    """A cloud's offer of hours."""
    return {"price": cloud.price, "capacity": cloud.capacity, "region": cloud.region, "owner": cloud.owner,
            "sells": cloud.n["sells"] > 0, "cloud": cloud}  # fmt: skip


def lab_view(e: Economy, lab: Lab) -> View:
    n = lab.n
    load = max(lab.load, n["half_load"]) or 1.0
    unit_cost = lab.hour_price * (load * stretch(lab) + n["half_load"]) / load / throughput(e, lab) * 1_000_000
    unit_cost = unit_cost / (1 - distillation_and_revenue_sharing.shared_rate(e, lab))
    bought = shares_of_purchases(e, lab, "tokens", "tokens_output")
    felt = elasticity(bought, n["sensitivity"], n["market_elasticity"])
    return {
        "unit_cost": unit_cost,
        "full_cost": unit_cost,
        "last_price": lab.price,
        "dearest": 1e6,
        "elasticity": felt,
        "demand": Tangent(lab.price, lab.load, felt),
        "capacity": math.inf,
        "rival_price": rival_price(e, lab),
    }


def rival_price(e: Economy, lab: Lab) -> float:
    """The lowest price among labs of the region that are about as good (9.8)."""
    least = lab.quality - lab.n["like_quality"]
    there = [one for name, one in e.cards.items() if name != lab.name and one["region"] == lab.region]
    return min([one["price"] for one in there if one["quality"] >= least], default=math.inf)


def host_price(e: Economy, lab: Lab) -> float:
    """Price that clouds could offer for an open model that is as good, or no limit."""
    as_good = [one for one in alive(e.labs) if one.n["open_weights"] > 0 and one.quality >= lab.quality]
    hours = [
        one["price"]
        for one in e.rentals.values()
        if one["sells"] and one["capacity"] > 0 and one["region"] == lab.region
    ]
    hosted = any(one["region"] == lab.region and isinstance(one["lab"], Cloud) for one in e.cards.values())
    if not as_good or not hours or hosted:
        return math.inf
    best = max(throughput(e, one) for one in as_good)
    return min(hours) / best * 1_000_000 * (1 + lab.n["host_margin"])


def cost_on(app: App, card_: dict[str, Any]) -> float:
    """What a query costs an app with the tokens of this price card, in USD."""
    work = sum(count * weight for count, weight in zip(tokens(app), card_["weights"], strict=True))
    return card_["price"] * work / 1_000_000


def app_view(e: Economy, app: App) -> View:
    n = app.n
    paid_use = app.served_paid / app.seats if app.seats else app.quota
    return {
        "unit_cost": search_and_calls.query_cost(app) * paid_use,
        "full_cost": search_and_calls.query_cost(app) * paid_use
        + min(search_and_calls.overhead(app) / max(app.seats, 1), n["list_price"]),
        "last_price": app.price,
        "dearest": 1e5,
        "list_price": n["list_price"],
        "elasticity": n["seat_elasticity"],
        "demand": Tangent(app.price, app.seats, n["seat_elasticity"]),
        "capacity": math.inf,
        "quota": app.quota,
        "list_quota": n["list_quota"],
        "query_cost": search_and_calls.query_cost(app),
        "free_queries": app.served_free,
        "revenue": e.last_month(app, "revenue") / 100,
        "last_costs": e.last_month(app, "costs") / 100,
        "cash": e.last_month(app, "cash") / 100,
        "list_marketing": n["list_marketing"],
        "rivals_marketing": marketing_trust_transactions.mean_rival_spending(app, e.spending, alive(e.apps)),
    }

"""Chapter 7.4 of the rules: the information of each kind of firm when it decides."""

import math
from typing import Any

from tests.oracle.economy import answers_of_customers
from tests.oracle.economy.arithmetic import annuity, elasticity
from tests.oracle.economy.formulas import engine_speed, shares_of_purchases, stretch, throughput, tokens
from tests.oracle.economy.mechanisms import (
    distillation_and_revenue_sharing,
    marketing_trust_transactions,
    reserved_hours,
    search_and_calls,
)
from tests.oracle.economy.mechanisms.generations import cheapest, is_barred, machine_hours, unit_cost, worth_at
from tests.oracle.economy.mechanisms.shortage import part_of_idle
from tests.oracle.economy.model_lines import SUFFIXES, OnSale, line, price_of
from tests.oracle.economy.participants import App, Cloud, Lab, Vendor
from tests.oracle.economy.state import Economy, alive
from tests.oracle.economy.strategies import Tangent, View


def vendor_view(economy: Economy, vendor: Vendor) -> View:
    numbers, backlog = vendor.numbers, economy.waiting(vendor)
    felt = elasticity(vendor.choices, numbers["sensitivity"], numbers["market_elasticity"])
    return {
        "unit_cost": unit_cost(vendor),
        "full_cost": unit_cost(vendor) / (1 - numbers["research_share"]),
        "last_price": vendor.price,
        "dearest": 1e8,
        "cheapest": 1.0,
        "elasticity": felt,
        "demand": Tangent(vendor.price, vendor.orders.level, felt),
        "worth": worth_at(economy, vendor) * machine_hours(economy, vendor) * numbers["software"],
        "wait": max(0.0, backlog / vendor.capacity - 1) if vendor.capacity else 0.0,
        "capacity": vendor.capacity,
        "coming": sum(units for _, units in vendor.pipeline),
        "orders": vendor.orders.level,
        "growth": vendor.orders.growth,
        "backlog": backlog,
        "lead": numbers["lead"],
        "idle": max(0.0, 1 - backlog / vendor.capacity) if vendor.capacity else 0.0,
        "marginal_cost": unit_cost(vendor) * (1 - numbers["take_or_pay"]),
        "prepayment": unit_cost(vendor) * numbers["prepaid_months"],
        "speed_price": economy.numbers["speed_price"],
        "hours": machine_hours(economy, vendor) * numbers["software"],
        "rival_price": cheapest(economy, vendor),
        "idle_lines": part_of_idle(economy, vendor.region),
    }


def sheet(economy: Economy, vendor: Vendor) -> dict[str, Any]:
    """A vendor's product sheet."""
    told = ("software", "lock_in", "sensitivity", "at_home", "group_only", "power")
    shown = {name: vendor.numbers[name] for name in told}
    hours = machine_hours(economy, vendor)
    wait = economy.waiting(vendor) / vendor.capacity
    abroad = vendor.numbers["exports"] > 0 and not is_barred(economy, vendor)
    longest = vendor.numbers["longest_wait"]
    takes = max(0, int(longest * vendor.capacity) - economy.waiting(vendor)) if longest > 0 else math.inf
    return {**shown, "takes": takes, "abroad": abroad, "price": vendor.price, "hours": hours, "region": vendor.region,
            "capacity": vendor.capacity, "vendor": vendor, "wait": wait}  # fmt: skip


def cloud_view(economy: Economy, cloud: Cloud) -> View:
    numbers = cloud.numbers
    bought = shares_of_purchases(economy, cloud, "hours", "hours")
    felt = elasticity(bought, numbers["sensitivity"], numbers["market_elasticity"])
    machine = (
        numbers["machine_price"]
        * (1 + numbers["building_share"])
        / annuity(numbers["discount"], int(numbers["book_life"]))
    )
    return {
        "unit_cost": numbers["power_cost"],
        "full_cost": numbers["power_cost"] + (machine + numbers["site_cost"] * 730) / 730,
        "last_price": cloud.price,
        "dearest": 1e5,
        "cheapest": 1e-3,
        "elasticity": felt,
        "demand": Tangent(cloud.price, cloud.asked.level, felt),
        "capacity": cloud.capacity,
        "used_share": spot_share(economy, cloud),
    }


def spot_share(economy: Economy, cloud: Cloud) -> float:
    """Share of the hours that contracts leave for which customers asked; the region's where they leave none."""
    if left_by_contracts(economy, cloud) > 0:
        return (cloud.asked_last - cloud.called_last) / left_by_contracts(economy, cloud)
    others = [one for one in alive(economy.clouds) if one.region == cloud.region]
    others = [one for one in others if left_by_contracts(economy, one) > 0]
    if not others:
        return float(min(1.0, cloud.used_share))
    asked = sum(one.asked_last - one.called_last for one in others)
    return asked / sum(left_by_contracts(economy, one) for one in others)


def left_by_contracts(economy: Economy, cloud: Cloud) -> int:
    return cloud.capacity - reserved_hours.hours_under_contract(economy, cloud, economy.month)


def rental(cloud: Cloud) -> dict[str, Any]:
    """A cloud's offer of hours."""
    return {"price": cloud.price, "capacity": cloud.capacity, "region": cloud.region, "owner": cloud.owner,
            "sells": cloud.numbers["sells"] > 0, "cloud": cloud}  # fmt: skip


def cost_of_tokens(economy: Economy, lab: Lab, model: OnSale) -> float:
    """Dollars per million output tokens at last month's load, or this month's once it is known."""
    load, speed = max(lab.loads.get(model.place, 0.0), lab.half_load) or 1.0, throughput(economy, lab) / model.hours
    return float(lab.hour_price * (load * stretch(lab) + lab.half_load) / load / speed * 1_000_000)


def lab_view(economy: Economy, lab: Lab, model: OnSale) -> View:
    numbers, kept = lab.numbers, 1 - distillation_and_revenue_sharing.shared_rate(economy, lab)
    unit_cost = cost_of_tokens(economy, lab, model) / kept
    ordered, last = lab.loads.get(model.place, 0.0), price_of(lab, model)
    margins = {each.place: price_of(lab, each) - cost_of_tokens(economy, lab, each) / kept for each in line(lab)}
    bought = shares_of_purchases(economy, lab, "tokens", "tokens_output" + SUFFIXES[model.place])
    felt = elasticity(bought, numbers["sensitivity"], numbers["market_elasticity"])
    return {
        "unit_cost": unit_cost,
        "full_cost": unit_cost,
        "last_price": last,
        "dearest": 1e6,
        "cheapest": 1e-3,
        "elasticity": felt,
        "demand": Tangent(last, ordered, felt),
        "capacity": math.inf,
        "rival_price": rival_price(economy, lab, model),
        "elasticity_seen": answers_of_customers.elasticity_seen(economy, lab, model),
        "siblings_gain": answers_of_customers.siblings_gain(economy, lab, model, margins),
        "diverted": answers_of_customers.diverted(economy, lab, model, margins, last),
    }


def withdraw(economy: Economy, lab: Lab) -> None:
    """Take models off the market that do not pay (9.58)."""
    if economy.month == 0 or lab.months_on_sale == 0 or lab.hour_price <= 0:
        return
    for model in line(lab)[1:]:
        if model.place in lab.other_prices and not answers_of_customers.is_offered(
            lab.strategies["offering"], lab_view(economy, lab, model)
        ):
            lab.withdrawn.append(model.place)


def rival_price(economy: Economy, lab: Lab, model: OnSale) -> float:
    """The lowest price among labs of the region that are about as good (9.8)."""
    least = model.quality - lab.numbers["like_quality"]
    cards_here = [card for card in economy.cards.values() if card["lab"] is not lab and card["region"] == lab.region]
    return min([card["price"] for card in cards_here if card["quality"] >= least], default=math.inf)


def open_models(economy: Economy, quality: float) -> list[Lab]:
    """Labs whose open models are at least of this quality."""
    return [lab for lab in alive(economy.labs) if lab.numbers["open_weights"] > 0 and lab.quality >= quality]


def open_speed(economy: Economy, quality: float) -> float:
    """Work that an hour does with the fastest of these, 0 if there is none."""
    opened = open_models(economy, quality)
    return max([engine_speed(economy, lab) / line(lab)[0].weight for lab in opened], default=0.0)


def serve_open_models(economy: Economy) -> None:
    """Let each lab serve open models in place of its own, where they are as good and faster."""
    for lab in alive(economy.labs):
        lab.faster = {}
        for model in line(lab):
            gain = open_speed(economy, model.quality) / (engine_speed(economy, lab) / model.weight)
            if gain > 1:
                lab.faster[model.place] = gain


def host_price(economy: Economy, lab: Lab, model: OnSale) -> float:
    """Price that clouds could offer for an open model that is as good, or no limit."""
    hours = [
        rental["price"]
        for rental in economy.rentals.values()
        if rental["sells"] and rental["capacity"] > 0 and rental["region"] == lab.region
    ]
    hosted = any(card["region"] == lab.region and isinstance(card["lab"], Cloud) for card in economy.cards.values())
    best = open_speed(economy, model.quality)
    if not best or not hours or hosted:
        return math.inf
    return max(1e-3, min(hours) / best * 1_000_000 * (1 + lab.numbers["host_margin"]))


def cost_on(app: App, card: dict[str, Any]) -> float:
    """What a query costs an app with the tokens of this price card, in USD."""
    work = sum(count * weight for count, weight in zip(tokens(app), card["weights"], strict=True))
    return card["price"] * work / 1_000_000


def app_view(economy: Economy, app: App) -> View:
    numbers = app.numbers
    paid_use = app.served_paid / app.seats if app.seats else app.quota
    return {
        "unit_cost": search_and_calls.query_cost(app) * paid_use,
        "full_cost": search_and_calls.query_cost(app) * paid_use
        + min(search_and_calls.overhead(app) / max(app.seats, 1), numbers["list_price"]),
        "last_price": app.price,
        "dearest": 1e5,
        "cheapest": 1e-9,
        "list_price": numbers["list_price"],
        "elasticity": numbers["seat_elasticity"],
        "demand": Tangent(app.price, app.seats, numbers["seat_elasticity"]),
        "capacity": math.inf,
        "quota": app.quota,
        "list_quota": numbers["list_quota"],
        "query_cost": search_and_calls.query_cost(app),
        "token_cost": app.query_cost,
        "free_queries": app.served_free,
        "revenue": economy.last_month(app, "revenue") / 100,
        "last_costs": economy.last_month(app, "costs") / 100,
        "cash": economy.last_month(app, "cash") / 100,
        "list_marketing": numbers["list_marketing"],
        "marketing": app.marketing,
        "gross_profit": economy.last_month(app, "gross") / 100,
        "rivals_marketing": marketing_trust_transactions.mean_rival_spending(
            app, economy.spending, alive(economy.apps)
        ),
    }

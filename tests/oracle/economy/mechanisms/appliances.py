"""Chapters 9.24 and 9.25 of the rules: appliances, seats for staff, and how enterprises share a budget over them."""

import math
from typing import Any

from tests.oracle.economy import formulas, strategies
from tests.oracle.economy.arithmetic import annuity, dollars, logit, nano, path
from tests.oracle.economy.books import CHIP_STOCK, COST_OF_SALES, GOOD, OPERATING_COST, WORLD, Order, Row
from tests.oracle.economy.mechanisms import refused_sales_and_batches, search_and_calls
from tests.oracle.economy.participants import App, Enterprise, Lab
from tests.oracle.economy.state import Economy, alive

APPLIANCES, SEATS_BUSINESS, QUERIES_BUSINESS = (
    GOOD[name] for name in ("appliances", "seats_business", "queries_business")
)


def may_sell_appliances(app: App) -> bool:
    return app.alive and app.n["sells_appliances"] > 0 and app.n["staff"] >= app.n["appliance_threshold"]


def sellers(e: Economy) -> list[App]:
    """Apps that a scenario lets sell appliances."""
    return [app for app in alive(e.apps) if app.n["sells_appliances"] > 0]


def machines_in_one(app: App) -> int:
    return int(app.n["appliance_machines"])


def machines_stored(e: Economy, account: int) -> int:
    return sum(lot["units"] for lot in e.appliance_lots if lot["owner"] == account)


# --- arrivals ---


def prepare_month(e: Economy) -> None:
    buyers = [one.account for one in e.enterprises]
    e.appliance_lots = [
        lot for lot in e.appliance_lots if lot["owner"] not in buyers or lot["opens"] + lot["life"] > e.month
    ]
    for app in alive(e.apps):
        if app.n["sells_appliances"] > 0:
            app.spendable = max(0, e.books.cash(app.account) - e.last_month(app, "costs"))


# --- prices ---


def post_prices(e: Economy) -> None:
    e.appliances_on_sale = []
    for app in alive(e.apps):
        sheet, lab = cheapest_sheet(e, app), model_for(e, app)
        if may_sell_appliances(app) and sheet and lab:
            n = lab.n
            offer: dict[str, Any] = {
                "app": app,
                "hours": float(machines_in_one(app) * sheet["hours"]),
                "output": formulas.throughput(e, lab) * app.n["appliance_efficiency"],
                "works": (n["cached_work"], n["input_work"], 1.0),
                "quality": lab.quality,
            }
            cost = machines_in_one(app) * sheet["price"] + app.n["appliance_assembly"]
            worth = [0.0]
            for one in e.enterprises:
                known = token_purchase(e, one)
                if known and app.n[one.region] > 0:
                    worth.append(appliance_worth(one, offer, known[2]))
            rule, seen = app.strategies["appliance_pricing"], {"full_cost": cost, "worth": max(worth)}
            price = strategies.appliance_pricing(rule, seen)
            offer["price"] = dollars(max(1, nano(price)))
            e.appliances_on_sale.append(offer)


def model_for(e: Economy, app: App) -> Lab | None:
    """The best model that an app may put into an appliance: an open one, or one of its own group."""
    best = None
    for lab in alive(e.labs):
        if (lab.n["open_weights"] > 0 or lab.owner == app.owner) and (best is None or lab.quality > best.quality):
            best = lab
    return best


def cheapest_sheet(e: Economy, app: App) -> dict[str, Any] | None:
    """The product sheet with the cheapest work, among vendors that the app may buy from."""
    best, least = None, math.inf
    for sheet in e.sheets.values():
        listed = app.partners.get("chips")
        open_to_it = (sheet["exports"] > 0 or sheet["region"] == app.region) and (
            not listed or sheet["vendor"].name in listed
        )
        if open_to_it and (best is None or sheet["price"] / (sheet["hours"] * sheet["software"]) < least):
            best, least = sheet, sheet["price"] / (sheet["hours"] * sheet["software"])
    return best


# --- shares of the budget ---


def token_purchase(e: Economy, one: Enterprise) -> tuple[list[Any], list[float], float, float] | None:
    """What enterprises would buy by use: price cards, shares, mean price and mean quality."""
    n = one.n
    there = [card for card in e.cards.values() if card["region"] == one.region]
    cards = [card for card in there if refused_sales_and_batches.sells_to(card, one.account)]
    if not cards:
        return None
    shares = logit([refused_sales_and_batches.worth(one, card, budget_for_routes(e, one)) for card in cards])
    pairs = list(zip(cards, shares, strict=True))
    mixes = (n["cached_mix"], n["input_mix"], 1.0)
    prices = [sum(dollars(o) * mix for o, mix in zip(c["offers"], mixes, strict=True)) / 1_000_000 for c in cards]
    price = sum(share * paid for paid, share in zip(prices, shares, strict=True))
    return cards, shares, price, sum(share * card["quality"] for card, share in pairs)


def appliance_worth(one: Enterprise, offer: dict[str, Any], price: float) -> float:
    """Worth of an appliance to an enterprise: the tokens that it saves, less running costs, in USD."""
    n = one.n
    used = n["own_use"] * offer["hours"]
    work = sum(work * mix for work, mix in zip(offer["works"], (n["cached_mix"], n["input_mix"], 1.0), strict=True))
    saved = used * offer["output"] / work * price
    falling = annuity((1 + n["discount"]) / (1 - n["token_decline"]) - 1, int(n["life"]))
    return falling * saved - annuity(n["discount"], int(n["life"])) * used * n["running_cost"]


Shared = list[tuple[Any, float]]


def budget_shares(e: Economy, one: Enterprise) -> tuple[float, Shared, Shared]:
    """Shares of a budget for tokens by use, for each appliance, and for each app's seats."""
    known, n = token_purchase(e, one), one.n
    if known is None:
        return 1.0, [], []
    kept: list[Any] = []
    worth = [0.0]
    for offer in e.appliances_on_sale:
        gain = appliance_worth(one, offer, known[2]) / offer["price"]
        if offer["app"].n[one.region] > 0 and gain > 0:
            kept.append(offer)
            better = n["quality_weight"] * (offer["quality"] - known[3])
            worth.append(n["route_sensitivity"] * math.log(gain) + better)
    seats = [app for app in e.staff_seats if app.n[one.region] > 0]
    for app in seats:
        better = n["quality_weight"] * (search_and_calls.quality(app) - known[3])
        worth.append(n["route_sensitivity"] * math.log(n["seat_worth"] / app.staff_price) + better)
    first, *shares = logit(worth)
    return first, list(zip(kept, shares, strict=False)), list(zip(seats, shares[len(kept) :], strict=True))


# --- 9.25 Seats for staff ---


def post_seats(e: Economy) -> None:
    selling = [app for app in alive(e.apps) if app.n["business_price"] > 0]
    e.staff_seats = [app for app in selling if app.lab_share or app.hosted_share > 0]
    for app in e.staff_seats:
        cost = search_and_calls.query_cost(app) * app.n["business_use"]
        view = {"list_price": app.n["business_price"], "unit_cost": cost}
        app.staff_price = dollars(max(1, nano(strategies.business(app.strategies["business"], view))))


def order_seats(e: Economy, one: Enterprise) -> None:
    for app, share in budget_shares(e, one)[2]:
        seats = int(budget_for_routes(e, one) * share / app.staff_price)
        e.add_order("apps", one.account, OPERATING_COST, app.account, SEATS_BUSINESS, seats, nano(app.staff_price))
        queries = int(seats * app.n["business_use"])
        e.add_order("apps", one.account, OPERATING_COST, app.account, QUERIES_BUSINESS, queries, 0)


def budget_for_routes(e: Economy, one: Enterprise) -> float:
    """What enterprises spend on tokens, appliances and seats this month, in USD."""
    n = one.n
    return path(
        n["tokens_low"], n["tokens_high"], n["middle"], n["width"], e.month
    ) - search_and_calls.budget_for_answers(e, one)


# --- orders, goods ---


def order(e: Economy, one: Enterprise) -> None:
    for offer, share in budget_shares(e, one)[1]:
        units = int(budget_for_routes(e, one) * share / offer["price"])
        e.add_order(
            "appliances", one.account, OPERATING_COST, offer["app"].account, APPLIANCES, units, nano(offer["price"])
        )


def limit_sales(e: Economy, given: dict[tuple[int, int], int]) -> None:
    for app in alive(e.apps):
        app.appliances_asked = sum(one.quantity for one in e.asked["appliances"] if one.seller == app.account)
        given[app.account, APPLIANCES] = machines_stored(e, app.account) // machines_in_one(app)


def deliver(e: Economy) -> None:
    """Hand appliances over, the oldest machines in the store first."""
    for app in e.apps:
        app.appliances_sold = app.appliances_cost = 0
    for one in e.deals["appliances"]:
        app = next(firm for firm in e.apps if firm.account == one.seller)
        buyer = next(participant for participant in e.enterprises if participant.account == one.buyer)
        app.appliances_sold += one.quantity
        left = one.quantity * machines_in_one(app)
        for lot in [lot for lot in e.appliance_lots if lot["owner"] == app.account]:
            took = min(left, lot["units"])
            part = lot["cost"] * took // lot["units"]
            lot["units"], lot["cost"], left = lot["units"] - took, lot["cost"] - part, left - took
            app.appliances_cost += part
            if took > 0:
                gone = {"owner": buyer.account, "opens": e.month + 1, "life": int(buyer.n["life"]), "cost": 0}
                e.appliance_lots.append({**lot, **gone, "units": took})
        e.appliance_lots = [lot for lot in e.appliance_lots if lot["units"] > 0]


# --- money, investment ---


def pay_bills(e: Economy) -> None:
    sold = [app for app in e.apps if app.appliances_cost > 0]
    e.books.write([Row(a.account, COST_OF_SALES, a.account, CHIP_STOCK, APPLIANCES, a.appliances_cost) for a in sold])
    bills = []
    for app in alive(e.apps):
        price = nano(app.n["appliance_assembly"])
        bills.append(Order(app.account, COST_OF_SALES, WORLD, APPLIANCES, app.appliances_sold, price))
    for one in e.enterprises:
        mine = [lot for lot in e.appliance_lots if lot["owner"] == one.account and lot["opens"] <= e.month]
        used = int(one.n["own_use"] * sum(lot["units"] * lot["hours"] for lot in mine))
        bills.append(Order(one.account, OPERATING_COST, WORLD, GOOD["power"], used, nano(one.n["running_cost"])))
    e.pay(bills)


def invest(e: Economy) -> None:
    for app in alive(e.apps):
        sheet = cheapest_sheet(e, app)
        if may_sell_appliances(app) and sheet:
            waiting = sum(pending.units for (buyer, _), pending in e.backlog.items() if buyer == app.account)
            aim = app.appliances_asked * machines_in_one(app) * (app.n["appliance_stock"] + sheet["wait"])
            missing = max(0.0, aim - (machines_stored(e, app.account) + waiting))
            free = max(0.0, e.books.cash(app.account) / 100 - e.committed(app.account) / 10**9)
            units = int(min(missing, free / sheet["price"]))
            sheet["vendor"].choices.append((float(units * sheet["hours"]), 1.0))
            if units > 0:
                e.place_order(app.account, sheet["vendor"], CHIP_STOCK, units, nano(sheet["price"]))
                sheet["vendor"].newly_ordered += units

"""Sections 9.11 to 9.13 of the decision log: searches, answers sold by the call, publishers and walls."""

import math
from collections.abc import Callable
from typing import Any

from tests.oracle.arithmetic import cents, logit, nano, path
from tests.oracle.books import COST_OF_SALES, GOOD, ONE_CENT, OPERATING_COST, WORLD, Order, deal
from tests.oracle.strategies import name
from tests.oracle.world import App, Economy, Enterprise, alive

SEARCH_CALLS = GOOD["search_calls"]
Put = Callable[..., None]

# --- 9.11 Tariffs ---


def bill(n: dict[str, float], what: str, calls: float) -> float:
    low = min(calls, int(n[f"{what}_block"]))
    return sum([low * n[f"{what}_price"], (calls - low) * n[f"{what}_beyond"]])


# --- 9.11 Search by the call ---


def asked(app: App) -> int:
    return app.asked_paid + app.asked_free + app.asked_calls + app.asked_pages


def search(e: Economy, app: App, put: Put) -> None:
    """The searches that an app's queries take: those that it buys are ordered, the others are its own."""
    calls = int(asked(app) * app.n["search_calls"])
    app.own_calls = calls
    sellers = [one for one in alive(e.apps) if one.n["search_price"] > 0 and one.name in app.partners.get("apps", ())]
    if calls == 0 or not sellers:
        return
    bills = [bill(one.n, "search", calls) for one in sellers]
    seller = sellers[bills.index(min(bills))]
    bought = min(calls, int(index(app.strategies["index"], app.n, seller.n, calls)))
    app.own_calls = calls - bought
    low = min(bought, int(seller.n["search_block"]))
    for units, price in ((low, seller.n["search_price"]), (bought - low, seller.n["search_beyond"])):
        put(e, "search", app.place, COST_OF_SALES, seller.place, SEARCH_CALLS, units, nano(price))


def index(strategy: Any, n: dict[str, float], seller: dict[str, float], calls: int) -> float:
    match name(strategy):
        case "OwnIndex":
            return 0.0
        case "BuyCalls":
            return calls
        case "CheapestCalls":
            choices = [calls, min(calls, int(seller["search_block"])), 0]
            due = []
            for x in choices:
                own = n["index_cost"] + n["index_call_cost"] * (calls - x) if x < calls else 0.0
                due.append(bill(seller, "search", x) + own)
            return choices[due.index(min(due))]
    raise ValueError(name(strategy))


def note_searches(e: Economy) -> None:
    for app in e.apps:
        app.sold_calls = sum(one.quantity for one in e.deals["search"] if one.seller == app.place)
    for app in alive(e.apps):
        paid = sum(one.cents for one in e.deals["search"] if one.buyer == app.place) / 100
        paid = paid + app.own_calls * app.n["index_call_cost"]
        app.search_cost = paid / asked(app) if asked(app) else 0.0


def query_cost(app: App) -> float:
    """Wherever 7.4 and 7.9 show an app what a query costs."""
    return app.query_cost + app.search_cost + app.n["content_price"]


def overhead(app: App) -> float:
    return app.n["staff"] + app.marketing + (app.n["index_cost"] if app.own_calls > 0 else 0.0)


def pay_for_searches(e: Economy) -> None:
    bills = []
    for app in alive(e.apps):
        made, kept = app.own_calls + app.sold_calls, 1 if app.own_calls > 0 else 0
        for item, units, price in ((COST_OF_SALES, made, "index_call_cost"), (OPERATING_COST, kept, "index_cost")):
            bills.append(Order(app.place, item, WORLD, SEARCH_CALLS, units, nano(app.n[price])))
    e.books.settle([deal(one, one.quantity) for one in bills if one.quantity > 0], e.settle_order)


# --- 9.12 Answers sold by the call ---


def cards(e: Economy, enterprise: Enterprise) -> list[App]:
    return [app for app in alive(e.apps) if app.n["answer_price"] > 0 and app.offered(enterprise.region)]


def for_answers(e: Economy, enterprise: Enterprise) -> float:
    n = enterprise.n
    tokens = path(n["tokens_low"], n["tokens_high"], n["middle"], n["width"], e.month)
    return tokens * n["answer_share"] if cards(e, enterprise) else 0.0


def enterprises_call(e: Economy, enterprise: Enterprise, put: Put) -> None:
    n, budget = enterprise.n, for_answers(e, enterprise)
    if budget <= 0:
        return
    each = budget / n["answer_customers"]
    bought = [affordable(app.n, each) for app in cards(e, enterprise)]
    worth = [
        n["quality_weight"] * quality(app) - n["sensitivity"] * math.log(each / calls)
        for app, calls in zip(cards(e, enterprise), bought, strict=True)
    ]
    for app, calls, share in zip(cards(e, enterprise), bought, logit(worth), strict=True):
        low = min(calls, int(app.n["answer_block"]))
        for units, price in ((low, "answer_price"), (calls - low, "answer_beyond")):
            order = int(n["answer_customers"] * share * units), nano(app.n[price])
            put(e, "apps", enterprise.place, OPERATING_COST, app.place, SEARCH_CALLS, *order)


def affordable(n: dict[str, float], each: float) -> float:
    block = int(n["answer_block"])
    if each <= block * n["answer_price"]:
        return each / n["answer_price"]
    return block + (each - block * n["answer_price"]) / n["answer_beyond"]


# --- 9.13 Publishers and walls ---


def quality(app: App) -> float:
    return app.quality * (1 - app.n["walled"])


def slots(app: App) -> float:
    return app.n["ad_load"] * (1 - app.n["walled"])


def pay_publishers(e: Economy) -> None:
    bills = []
    for app in alive(e.apps):
        answered = app.served_paid + app.served_free + app.served_calls + app.served_pages
        due = round(app.n["publisher_share"] * e.books.revenue(app.place)) + cents(app.n["content_price"] * answered)
        bills.append(Order(app.place, COST_OF_SALES, WORLD, GOOD["content"], due, ONE_CENT))
    e.books.settle([deal(one, one.quantity) for one in bills if one.quantity > 0], e.settle_order)

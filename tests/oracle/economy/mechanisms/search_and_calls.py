"""Chapters 9.11 to 9.13 of the rules: searches, answers sold by the call, publishers and walls."""

import math
from typing import Any

from tests.oracle.economy.arithmetic import cents, logit, nano, path
from tests.oracle.economy.books import COST_OF_SALES, GOOD, ONE_CENT, OPERATING_COST, WORLD, Order
from tests.oracle.economy.participants import App, Enterprise
from tests.oracle.economy.state import Economy, alive
from tests.oracle.economy.strategies import name

SEARCH_CALLS = GOOD["search_calls"]
SEARCH_INDEX = GOOD["search_index"]

# --- 9.11 Tariffs ---


def bill_for_calls(n: dict[str, float], what: str, calls: float) -> float:
    """Cost of calls by a tariff with one block, in USD."""
    low = min(calls, int(n[f"{what}_block"]))
    return sum([low * n[f"{what}_price"], (calls - low) * n[f"{what}_beyond"]])


# --- 9.11 Search by the call ---


def queries_asked(app: App) -> int:
    return app.asked_paid + app.asked_free + app.asked_calls + app.asked_staff + app.asked_pages


def order_searches(e: Economy, app: App) -> None:
    """Order the searches that an app buys for its queries; the others it makes itself."""
    calls = int(queries_asked(app) * app.n["search_calls"])
    app.own_calls = calls
    sellers = [one for one in alive(e.apps) if one.n["search_price"] > 0 and one.name in app.partners.get("apps", ())]
    if calls == 0 or not sellers:
        return
    bills = [bill_for_calls(one.n, "search", calls) for one in sellers]
    seller = sellers[bills.index(min(bills))]
    bought = min(calls, int(calls_to_buy(app.strategies["index"], app.n, seller.n, calls)))
    app.own_calls = calls - bought
    low = min(bought, int(seller.n["search_block"]))
    for units, price in ((low, seller.n["search_price"]), (bought - low, seller.n["search_beyond"])):
        e.add_order("search", app.account, COST_OF_SALES, seller.account, SEARCH_CALLS, units, nano(price))


def calls_to_buy(strategy: Any, n: dict[str, float], seller: dict[str, float], calls: int) -> float:
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
                due.append(bill_for_calls(seller, "search", x) + own)
            return choices[due.index(min(due))]
    raise ValueError(name(strategy))


def note_search_costs(e: Economy) -> None:
    """Note what searches cost each app per query."""
    for app in e.apps:
        app.sold_calls = sum(one.quantity for one in e.deals["search"] if one.seller == app.account)
    for app in alive(e.apps):
        paid = sum(one.cents for one in e.deals["search"] if one.buyer == app.account) / 100
        paid = paid + app.own_calls * app.n["index_call_cost"]
        app.search_cost = paid / queries_asked(app) if queries_asked(app) else 0.0


def query_cost(app: App) -> float:
    """Cost of a query, as 7.4 and 7.9 show it to an app, in USD."""
    return app.query_cost + app.search_cost + app.n["content_price"]


def overhead(app: App) -> float:
    """An app's fixed costs this month, in USD."""
    index = app.n["index_cost"] if app.own_calls > 0 else 0.0
    return app.n["staff"] + app.marketing + index + (app.n["host_team"] if app.hosted_share > 0 else 0.0)


def pay_for_searches(e: Economy) -> None:
    bills = []
    for app in alive(e.apps):
        made, kept = app.own_calls + app.sold_calls, 1 if app.own_calls > 0 else 0
        for item, good, units, price in (
            (COST_OF_SALES, SEARCH_CALLS, made, "index_call_cost"),
            (OPERATING_COST, SEARCH_INDEX, kept, "index_cost"),
        ):
            bills.append(Order(app.account, item, WORLD, good, units, nano(app.n[price])))
    e.pay(bills)


# --- 9.12 Answers sold by the call ---


def apps_that_answer(e: Economy, enterprise: Enterprise) -> list[App]:
    return [app for app in alive(e.apps) if app.n["answer_price"] > 0 and app.offered(enterprise.region)]


def budget_for_answers(e: Economy, enterprise: Enterprise) -> float:
    """What the enterprises of a region spend on answers by the call, in USD."""
    n = enterprise.n
    tokens = path(n["tokens_low"], n["tokens_high"], n["middle"], n["width"], e.month)
    return tokens * n["answer_share"] if apps_that_answer(e, enterprise) else 0.0


def order_answers(e: Economy, enterprise: Enterprise) -> None:
    n, budget = enterprise.n, budget_for_answers(e, enterprise)
    if budget <= 0:
        return
    each = budget / n["answer_customers"]
    bought = [affordable_calls(app.n, each) for app in apps_that_answer(e, enterprise)]
    worth = [
        n["quality_weight"] * quality(app) - n["sensitivity"] * math.log(each / calls)
        for app, calls in zip(apps_that_answer(e, enterprise), bought, strict=True)
    ]
    for app, calls, share in zip(apps_that_answer(e, enterprise), bought, logit(worth), strict=True):
        low = min(calls, int(app.n["answer_block"]))
        for units, price in ((low, "answer_price"), (calls - low, "answer_beyond")):
            order = int(n["answer_customers"] * share * units), nano(app.n[price])
            e.add_order("apps", enterprise.account, OPERATING_COST, app.account, SEARCH_CALLS, *order)


def affordable_calls(n: dict[str, float], each: float) -> float:
    """Calls that a sum of USD buys by a tariff with one block."""
    block = int(n["answer_block"])
    if each <= block * n["answer_price"]:
        return each / n["answer_price"]
    return block + (each - block * n["answer_price"]) / n["answer_beyond"]


# --- 9.13 Publishers and walls ---


def quality(app: App) -> float:
    """Quality of an app's answers, without walled content (9.13)."""
    return app.quality * (1 - app.n["walled"])


def slots_per_query(app: App) -> float:
    return app.n["ad_load"] * (1 - app.n["walled"])


def pay_publishers(e: Economy) -> None:
    bills = []
    for app in alive(e.apps):
        answered = app.served_paid + app.served_free + app.served_calls + app.served_staff + app.served_pages
        due = round(app.n["publisher_share"] * e.books.revenue(app.account)) + cents(app.n["content_price"] * answered)
        bills.append(Order(app.account, COST_OF_SALES, WORLD, GOOD["content"], due, ONE_CENT))
    e.pay(bills)

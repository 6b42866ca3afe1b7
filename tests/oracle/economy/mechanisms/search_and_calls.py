"""Chapters 9.11 to 9.13 of the rules: searches, answers sold by the call, publishers and walls."""

import math
from typing import Any

from tests.oracle.economy import handed_over_work
from tests.oracle.economy.arithmetic import cents, logit, nano
from tests.oracle.economy.books import COST_OF_SALES, GOOD, ONE_CENT, OPERATING_COST, WORLD, Order
from tests.oracle.economy.participants import App, Enterprise
from tests.oracle.economy.state import Economy, alive
from tests.oracle.economy.strategies import name

SEARCH_CALLS = GOOD["search_calls"]
SEARCH_INDEX = GOOD["search_index"]

# --- 9.11 Tariffs ---


def bill_for_calls(numbers: dict[str, float], good: str, calls: float) -> float:
    """Cost of calls by a tariff with one block, in USD."""
    low = min(calls, int(numbers[f"{good}_block"]))
    return sum([low * numbers[f"{good}_price"], (calls - low) * numbers[f"{good}_beyond"]])


# --- 9.11 Search by the call ---


def queries_asked(app: App) -> int:
    return app.asked_paid + app.asked_free + app.asked_calls + app.asked_staff + app.asked_pages


def order_searches(economy: Economy, app: App) -> None:
    """Order the searches that an app buys for its queries; the others it makes itself."""
    calls = int(queries_asked(app) * app.numbers["search_calls"])
    app.own_calls = calls
    sellers = [
        other
        for other in alive(economy.apps)
        if other.numbers["search_price"] > 0 and other.name in app.partners.get("apps", ())
    ]
    if calls == 0 or not sellers:
        return
    bills = [bill_for_calls(seller.numbers, "search", calls) for seller in sellers]
    seller = sellers[bills.index(min(bills))]
    bought = min(calls, int(calls_to_buy(app.strategies["index"], app.numbers, seller.numbers, calls)))
    app.own_calls = calls - bought
    low = min(bought, int(seller.numbers["search_block"]))
    for units, price in ((low, seller.numbers["search_price"]), (bought - low, seller.numbers["search_beyond"])):
        economy.add_order("search", app.account, COST_OF_SALES, seller.account, SEARCH_CALLS, units, nano(price))


def calls_to_buy(strategy: Any, numbers: dict[str, float], seller: dict[str, float], calls: int) -> float:
    match name(strategy):
        case "OwnIndex":
            return 0.0
        case "BuyCalls":
            return calls
        case "CheapestCalls":
            choices = [calls, min(calls, int(seller["search_block"])), 0]
            due = []
            for bought in choices:
                own = numbers["index_cost"] + numbers["index_call_cost"] * (calls - bought) if bought < calls else 0.0
                due.append(bill_for_calls(seller, "search", bought) + own)
            return choices[due.index(min(due))]
    raise ValueError(name(strategy))


def note_search_costs(economy: Economy) -> None:
    """Note what searches cost each app per query."""
    for app in economy.apps:
        app.sold_calls = sum(deal.quantity for deal in economy.deals["search"] if deal.seller == app.account)
    for app in alive(economy.apps):
        cost = sum(deal.cents for deal in economy.deals["search"] if deal.buyer == app.account) / 100
        cost = cost + app.own_calls * app.numbers["index_call_cost"]
        app.search_cost = cost / queries_asked(app) if queries_asked(app) else 0.0


def query_cost(app: App) -> float:
    """Cost of a query, as 7.4 and 7.9 show it to an app, in USD."""
    return app.query_cost + app.search_cost + app.numbers["content_price"]


def overhead(app: App) -> float:
    """An app's fixed costs this month, in USD."""
    index = app.numbers["index_cost"] if app.own_calls > 0 else 0.0
    return app.numbers["staff"] + app.marketing + index + (app.numbers["host_team"] if app.hosted_share > 0 else 0.0)


def pay_for_searches(economy: Economy) -> None:
    bills = []
    for app in alive(economy.apps):
        calls, indexes = app.own_calls + app.sold_calls, 1 if app.own_calls > 0 else 0
        for item, good, units, price in (
            (COST_OF_SALES, SEARCH_CALLS, calls, "index_call_cost"),
            (OPERATING_COST, SEARCH_INDEX, indexes, "index_cost"),
        ):
            bills.append(Order(app.account, item, WORLD, good, units, nano(app.numbers[price])))
    economy.pay(bills)


# --- 9.12 Answers sold by the call ---


def apps_that_answer(economy: Economy, enterprise: Enterprise) -> list[App]:
    return [app for app in alive(economy.apps) if app.numbers["answer_price"] > 0 and app.offered(enterprise.region)]


def budget_for_answers(economy: Economy, enterprise: Enterprise) -> float:
    """What the enterprises of a region spend on answers by the call, in USD."""
    if not apps_that_answer(economy, enterprise):
        return 0.0
    return handed_over_work.whole_budget(economy, enterprise) * enterprise.numbers["answer_share"]


def order_answers(economy: Economy, enterprise: Enterprise) -> None:
    numbers, budget = enterprise.numbers, budget_for_answers(economy, enterprise)
    if budget <= 0:
        return
    budget_of_one = budget / numbers["answer_customers"]
    bought = [affordable_calls(app.numbers, budget_of_one) for app in apps_that_answer(economy, enterprise)]
    utilities = [
        numbers["quality_weight"] * quality(app) - numbers["sensitivity"] * math.log(budget_of_one / calls)
        for app, calls in zip(apps_that_answer(economy, enterprise), bought, strict=True)
    ]
    for app, calls, share in zip(apps_that_answer(economy, enterprise), bought, logit(utilities), strict=True):
        low = min(calls, int(app.numbers["answer_block"]))
        for units, price in ((low, "answer_price"), (calls - low, "answer_beyond")):
            order = int(numbers["answer_customers"] * share * units), nano(app.numbers[price])
            economy.add_order("apps", enterprise.account, OPERATING_COST, app.account, SEARCH_CALLS, *order)


def affordable_calls(numbers: dict[str, float], budget: float) -> float:
    """Calls that a sum of USD buys by a tariff with one block."""
    block = int(numbers["answer_block"])
    if budget <= block * numbers["answer_price"]:
        return budget / numbers["answer_price"]
    return block + (budget - block * numbers["answer_price"]) / numbers["answer_beyond"]


# --- 9.13 Publishers and walls ---


def quality(app: App) -> float:
    """Quality of an app's answers, with reasoning (9.43) and without walled content (9.13)."""
    return (app.quality + app.reasoned) * (1 - app.numbers["walled"])


def slots_per_query(app: App) -> float:
    return app.ad_load * (1 - app.numbers["walled"])


def pay_publishers(economy: Economy) -> None:
    bills = []
    for app in alive(economy.apps):
        answered = app.served_paid + app.served_free + app.served_calls + app.served_staff + app.served_pages
        due = round(app.numbers["publisher_share"] * economy.books.revenue(app.account)) + cents(
            app.numbers["content_price"] * answered
        )
        bills.append(Order(app.account, COST_OF_SALES, WORLD, GOOD["content"], due, ONE_CENT))
    economy.pay(bills)

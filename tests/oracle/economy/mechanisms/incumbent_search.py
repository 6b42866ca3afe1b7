"""Chapter 9.29 of the rules: incumbent search, its result pages, and answers on them."""

from tests.oracle.economy.arithmetic import nano
from tests.oracle.economy.books import (
    COST_OF_SALES,
    DIVIDENDS,
    GOOD,
    INCOME,
    OLDER,
    OPERATING_COST,
    WORLD,
    Order,
    Transfer,
)
from tests.oracle.economy.mechanisms import search_and_calls
from tests.oracle.economy.mechanisms.multihoming_and_friends import apps_used
from tests.oracle.economy.participants import App
from tests.oracle.economy.state import Economy
from tests.oracle.economy.strategies import name


def apps_with_pages(e: Economy) -> list[App]:
    return [app for app in e.apps if app.page_account]


def share_of_users_elsewhere(e: Economy, app: App) -> float:
    region = next(one for one in e.regions if one.region == app.region)
    mine = e.apps.index(app)
    users = [user for user in e.users if user.region is region and apps_used(user) and user.app != mine]
    return sum(user.weight for user in users) / region.n["people"]


def expect_pages(e: Economy) -> None:
    for app in apps_with_pages(e):
        lost = app.n["page_loss"] * share_of_users_elsewhere(e, app)
        kept = app.served_pages / app.pages if app.pages else 0.0
        app.pages = int(app.n["opening_pages"] * (1 - lost * (1 - kept)))
        app.asked_pages = app.served_pages = 0
        if app.alive:
            app.asked_pages = min(app.pages, int(pages_to_answer(app, lost)))


def pages_to_answer(app: App, lost: float) -> float:
    match name(app.strategies["answering"]):
        case "NoPages":
            return 0.0
        case "AllPages":
            return float(app.pages)
        case "WhereItPays":
            cost = app.query_cost + app.search_cost + app.n["content_price"]
            answer = app.page_price * search_and_calls.slots_per_query(app) - cost
            page = app.page_price * app.n["page_slots"] * (1 - lost)
            return float(app.pages) if answer > page else 0.0
    raise ValueError(name(app.strategies["answering"]))


def sell_attention(e: Economy) -> None:
    bills = []
    for region in e.advertisers:
        here = [app for app in apps_with_pages(e) if app.region == region.region]
        shown = []
        for app in here:
            shown.append((app.page_account, int((app.pages - app.served_pages) * app.n["page_slots"])))
            shown.append((app.account, int(app.served_pages * search_and_calls.slots_per_query(app))))
        slots, price = sum(count for _, count in shown), 0.0
        if slots > 0 and region.n["page_bidders"] > 0:
            cleared = region.n["worth"] * max(0.0, 1 - slots / region.n["page_bidders"])
            price = min(cleared, region.n["page_budget"] / slots)
        for app in here:
            app.page_price = price
        for account, count in shown if price > 0 else []:
            bills.append(Order(region.account, OPERATING_COST, account, GOOD["attention"], count, nano(price)))
    e.pay(bills)


def pay_bills(e: Economy) -> None:
    bills = []
    for app in apps_with_pages(e):
        price = nano(app.n["page_cost"])
        bills.append(Order(app.page_account, COST_OF_SALES, WORLD, GOOD["search_calls"], app.pages, price))
    e.pay(bills)


def pay_owners(e: Economy) -> None:
    rows = [
        Transfer(app.page_account, OLDER, e.books.cash(app.page_account))
        for app in apps_with_pages(e)
        if e.books.cash(app.page_account) > 0
    ]
    e.books.transfer(rows, DIVIDENDS, INCOME, "dividend")

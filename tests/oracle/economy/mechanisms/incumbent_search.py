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


def apps_with_pages(economy: Economy) -> list[App]:
    return [app for app in economy.apps if app.page_account]


def share_of_users_elsewhere(economy: Economy, app: App) -> float:
    region = next(region for region in economy.regions if region.region == app.region)
    number = economy.apps.index(app)
    users = [user for user in economy.users if user.region is region and apps_used(user) and user.app != number]
    return sum(user.weight for user in users) / region.numbers["people"]


def expect_pages(economy: Economy) -> None:
    for app in apps_with_pages(economy):
        lost = app.numbers["page_loss"] * share_of_users_elsewhere(economy, app)
        answered = app.served_pages / app.pages if app.pages else 0.0
        app.pages = int(app.numbers["opening_pages"] * (1 - lost * (1 - answered)))
        app.asked_pages = app.served_pages = 0
        if app.alive:
            app.asked_pages = min(app.pages, int(pages_to_answer(app, lost)))


def pages_to_answer(app: App, lost: float) -> float:
    match name(app.strategies["answering"]):
        case "NoPages":
            return 0.0
        case "AllPages":
            return float(app.pages)
        case "PartOfPages":
            return app.strategies["answering"].share * float(app.pages)
        case "WhereItPays":
            cost = app.query_cost + app.search_cost + app.numbers["content_price"]
            answer = app.page_price * search_and_calls.slots_per_query(app) - cost
            page = app.page_price * app.numbers["page_slots"] * (1 - lost)
            return float(app.pages) if answer > page else 0.0
    raise ValueError(name(app.strategies["answering"]))


def sell_attention(economy: Economy) -> None:
    bills = []
    for region in economy.advertisers:
        apps = [app for app in apps_with_pages(economy) if app.region == region.region]
        shown = []
        for app in apps:
            shown.append((app.page_account, int((app.pages - app.served_pages) * app.numbers["page_slots"])))
            shown.append((app.account, int(app.served_pages * search_and_calls.slots_per_query(app))))
        slots, price = sum(count for _, count in shown), 0.0
        if slots > 0 and region.numbers["page_bidders"] > 0:
            cleared = region.numbers["worth"] * max(0.0, 1 - slots / region.numbers["page_bidders"])
            price = min(cleared, region.numbers["page_budget"] / slots)
        for app in apps:
            app.page_price = price
        for account, count in shown if price > 0 else []:
            bills.append(Order(region.account, OPERATING_COST, account, GOOD["attention"], count, nano(price)))
    economy.pay(bills)


def pay_bills(economy: Economy) -> None:
    bills = []
    for app in apps_with_pages(economy):
        price = nano(app.numbers["page_cost"])
        bills.append(Order(app.page_account, COST_OF_SALES, WORLD, GOOD["search_calls"], app.pages, price))
    economy.pay(bills)


def pay_owners(economy: Economy) -> None:
    rows = [
        Transfer(app.page_account, OLDER, economy.books.cash(app.page_account))
        for app in apps_with_pages(economy)
        if economy.books.cash(app.page_account) > 0
    ]
    economy.books.transfer(rows, DIVIDENDS, INCOME, "dividend")

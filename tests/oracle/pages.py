"""Section 9.29 of the decision log: an owner's older search business, its pages, and answers to them."""

from tests.oracle import calls
from tests.oracle.arithmetic import nano
from tests.oracle.books import (
    COST_OF_SALES,
    DIVIDENDS,
    GOOD,
    INCOME,
    OLDER,
    OPERATING_COST,
    WORLD,
    Order,
    Transfer,
    deal,
)
from tests.oracle.people import used
from tests.oracle.strategies import name
from tests.oracle.world import App, Economy


def lines(e: Economy) -> list[App]:
    return [app for app in e.apps if app.line]


def elsewhere(e: Economy, app: App) -> float:
    region = next(one for one in e.regions if one.region == app.region)
    mine = e.apps.index(app)
    users = [user for user in e.users if user.region is region and used(user) and user.app != mine]
    return sum(user.weight for user in users) / region.n["people"]


def expect(e: Economy) -> None:
    for app in lines(e):
        lost = app.n["page_loss"] * elsewhere(e, app)
        kept = app.served_pages / app.pages if app.pages else 0.0
        app.pages = int(app.n["opening_pages"] * (1 - lost * (1 - kept)))
        app.asked_pages = app.served_pages = 0
        if app.alive:
            app.asked_pages = min(app.pages, int(answering(app, lost)))


def answering(app: App, lost: float) -> float:
    match name(app.strategies["answering"]):
        case "NoPages":
            return 0.0
        case "AllPages":
            return float(app.pages)
        case "WhereItPays":
            cost = app.query_cost + app.search_cost + app.n["content_price"]
            answer = app.page_price * calls.slots(app) - cost
            page = app.page_price * app.n["page_slots"] * (1 - lost)
            return float(app.pages) if answer > page else 0.0
    raise ValueError(name(app.strategies["answering"]))


def attention(e: Economy) -> None:
    deals = []
    for region in e.advertisers:
        here = [app for app in lines(e) if app.region == region.region]
        shown = []
        for app in here:
            shown.append((app.line, int((app.pages - app.served_pages) * app.n["page_slots"])))
            shown.append((app.place, int(app.served_pages * calls.slots(app))))
        slots, price = sum(count for _, count in shown), 0.0
        if slots > 0 and region.n["page_bidders"] > 0:
            cleared = region.n["worth"] * max(0.0, 1 - slots / region.n["page_bidders"])
            price = min(cleared, region.n["page_budget"] / slots)
        for app in here:
            app.page_price = price
        for place, count in shown if price > 0 else []:
            order = Order(region.place, OPERATING_COST, place, GOOD["attention"], count, nano(price))
            deals += [deal(order, count)] if count > 0 else []
    e.books.settle(deals, e.settle_order)


def pay(e: Economy) -> None:
    bills = []
    for app in lines(e):
        price = nano(app.n["page_cost"])
        bills.append(Order(app.line, COST_OF_SALES, WORLD, GOOD["search_calls"], app.pages, price))
    e.books.settle([deal(one, one.quantity) for one in bills if one.quantity > 0], e.settle_order)


def hand_over(e: Economy) -> None:
    rows = [Transfer(app.line, OLDER, e.books.cash(app.line)) for app in lines(e) if e.books.cash(app.line) > 0]
    e.books.transfer(rows, DIVIDENDS, INCOME, "dividend")

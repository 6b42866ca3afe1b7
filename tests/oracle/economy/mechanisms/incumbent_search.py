"""Chapters 9.29 and 9.66 of the rules: incumbent search, its result pages, answers on them, and ads where they pay."""

from collections.abc import Callable
from typing import Any

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
from tests.oracle.economy.elementary import exp64
from tests.oracle.economy.mechanisms import search_and_calls
from tests.oracle.economy.mechanisms.multihoming_and_friends import apps_used
from tests.oracle.economy.participants import App
from tests.oracle.economy.state import Economy, alive
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


# --- 9.66 Ads where they pay ---

Income = Callable[[float], float]  # of a number of slots of the app's own, USD


def decide_ads(economy: Economy) -> None:
    decided = {app.name: ads(economy, app) for app in alive(economy.apps)}
    for app in alive(economy.apps):
        if decided[app.name] != app.ad_load:
            app.ad_load, economy.ads_moved[app.name] = decided[app.name], economy.month


def ads(economy: Economy, app: App) -> float:
    strategy, most = app.strategies["advertising"], app.numbers["most_slots"]
    if name(strategy) != "AdsWhereTheyPay":
        return app.numbers["ad_load"]
    now = round(app.ad_load / strategy.step)
    waits = app.name in economy.ads_moved and economy.month - economy.ads_moved[app.name] < strategy.wait
    steps = (now - 1, now) if waits else (now - 1, now, now + 1)
    loads = [min(most, max(0, number) * strategy.step) for number in steps]
    earned = [months_ahead(economy, app, one) for one in loads]
    return float(loads[earned.index(max(earned))])


def months_ahead(economy: Economy, app: App, load: float) -> float:
    """What ads and users bring in the months ahead, in USD."""
    own, strategy = app.numbers, app.strategies["advertising"]
    regions = [region for region in economy.regions if own[region.region] > 0]
    used = {region.region: users_in(economy, app, region.region) for region in regions}
    users, people = sum(used.values()), sum(region.numbers["people"] for region in regions)
    mind = sum(used[each.region] * each.numbers["ad_aversion"] for each in regions) / users if users else 0.0
    erosion = own["trust_erosion"] + own["scandal_hazard"] * own["scandal_depth"]
    share = users / people if people > users else 1.0
    worth = max(0.0, margin(app, users)) + max(0.0, page_margin(economy, app))
    beside, on_pages = slots_beside(economy, app), slots_on_pages(economy, app)
    from_pages = sum(income(answers * load) for answers, income in on_pages)
    earned, felt = 0.0, 0.0
    for _ in range(int(strategy.months)):
        felt = 1 + (1 - economy.numbers["trust_recovery"]) * felt
        left = 1 / (share + (1 - share) * exp64((load - app.ad_load) * (mind + erosion * felt)))
        ads = from_pages + sum(income(answers * left * load) for answers, income in beside)
        earned += ads + left * users * worth
    return earned


def users_in(economy: Economy, app: App, region: str) -> int:
    number = economy.apps.index(app)
    return sum(
        user.weight
        for user in economy.users
        if user.region.region == region and number in [used for used, _, _ in apps_used(user)]
    )


def margin(app: App, users: int) -> float:
    if not users:
        return 0.0
    own = app.numbers
    seats = (1 - own["publisher_share"]) * app.price * app.seats
    cost = app.query_cost + app.search_cost + own["content_price"]
    return (seats - cost * (app.served_paid + app.served_free)) / users + own["take_rate"] * own["transactions"]


def page_margin(economy: Economy, app: App) -> float:
    if not app.page_account:
        return 0.0
    own = app.numbers
    people = next(region.numbers["people"] for region in economy.regions if region.region == app.region)
    unanswered = 1 - app.served_pages / app.pages if app.pages else 1.0
    earned = own["page_slots"] * app.page_price - own["page_cost"]
    return own["page_loss"] * own["opening_pages"] * unanswered / people * earned


def market(bids: tuple[float, float, float], others: float, older: float, kept: float) -> Income:
    worth, bidders, budget = bids

    def income(slots: float) -> float:
        shown = others + older + slots
        if shown <= 0 or bidders <= 0:
            return 0.0
        return min(worth * max(0.0, 1 - shown / bidders), budget / shown) * (older + kept * slots)

    return income


def slots_beside(economy: Economy, app: App) -> list[tuple[float, Income]]:
    found = []
    for region in economy.advertisers:
        if app.numbers[region.region] > 0:
            others = sum(
                slots for (where, who), slots in economy.slots.items() if where == region.region and who != app.name
            )
            bids = region.numbers["worth"], region.numbers["bidders"], region.numbers["budget"]
            answers = app.shown.get(region.region, 0) * (1 - app.numbers["walled"])
            found.append((answers, market(bids, others, 0.0, 1 - app.numbers["publisher_share"])))
    return found


def slots_on_pages(economy: Economy, app: App) -> list[tuple[float, Income]]:
    if not app.page_account:
        return []
    numbers: dict[str, Any] = next(each.numbers for each in economy.advertisers if each.region == app.region)
    rivals = [other for other in apps_with_pages(economy) if other.region == app.region and other is not app]
    others = sum(
        older_slots(other) + int(other.served_pages * search_and_calls.slots_per_query(other)) for other in rivals
    )
    bids = numbers["worth"], numbers["page_bidders"], numbers["page_budget"]
    answers = app.served_pages * (1 - app.numbers["walled"])
    return [(answers, market(bids, others, older_slots(app), 1 - app.numbers["publisher_share"]))]


def older_slots(app: App) -> int:
    return int((app.pages - app.served_pages) * app.numbers["page_slots"])

"""Chapters 9.24 and 9.25 of the rules: appliances, seats for staff, and how enterprises share a budget over them."""

import math
from typing import Any

from tests.oracle.economy import formulas, handed_over_work, strategies
from tests.oracle.economy.arithmetic import annuity, dollars, logit, nano, split
from tests.oracle.economy.books import CHIP_STOCK, COST_OF_SALES, GOOD, OPERATING_COST, WORLD, Order, Row
from tests.oracle.economy.mechanisms import refused_sales_and_batches, search_and_calls
from tests.oracle.economy.mechanisms.generations import may_sell
from tests.oracle.economy.mechanisms.machine_choice import Mix, place_orders
from tests.oracle.economy.model_lines import shares_of_best
from tests.oracle.economy.participants import App, Cloud, Enterprise, Lab
from tests.oracle.economy.state import Economy, alive

APPLIANCES, SEATS_BUSINESS, QUERIES_BUSINESS = (
    GOOD[name] for name in ("appliances", "seats_business", "queries_business")
)


def may_sell_appliances(app: App) -> bool:
    return (
        app.alive and app.numbers["sells_appliances"] > 0 and app.numbers["staff"] >= app.numbers["appliance_threshold"]
    )


def sellers(economy: Economy) -> list[App]:
    """Apps that a scenario lets sell appliances."""
    return [app for app in alive(economy.apps) if app.numbers["sells_appliances"] > 0]


def machines_in_one(app: App) -> int:
    return int(app.numbers["appliance_machines"])


def machines_stored(economy: Economy, account: int) -> int:
    return sum(lot["units"] for lot in economy.appliance_lots if lot["owner"] == account)


# --- arrivals ---


def prepare_month(economy: Economy) -> None:
    buyers = [enterprise.account for enterprise in economy.enterprises]
    economy.appliance_lots = [
        lot
        for lot in economy.appliance_lots
        if lot["owner"] not in buyers or lot["opens"] + lot["life"] > economy.month
    ]
    for app in alive(economy.apps):
        if app.numbers["sells_appliances"] > 0:
            app.spendable = max(0, economy.books.free_cash(app.account) - economy.last_month(app, "costs"))


# --- prices ---


def post_prices(economy: Economy) -> None:
    economy.appliances_on_sale = []
    for app in alive(economy.apps):
        sheet, lab = cheapest_sheet(economy, app), model_for(economy, app)
        if may_sell_appliances(app) and sheet and lab:
            numbers = lab.numbers
            offer: dict[str, Any] = {
                "app": app,
                "hours": float(machines_in_one(app) * sheet["hours"]),
                "output": formulas.throughput(economy, lab) * app.numbers["appliance_efficiency"],
                "works": (numbers["cached_work"], numbers["input_work"], 1.0),
                "quality": lab.quality,
            }
            cost = machines_in_one(app) * sheet["price"] + app.numbers["appliance_assembly"]
            worths = [0.0]
            for enterprise in economy.enterprises:
                purchase = token_purchase(economy, enterprise)
                if purchase and app.numbers[enterprise.region] > 0:
                    worths.append(appliance_worth(enterprise, offer, purchase[2]))
            rule, seen = app.strategies["appliance_pricing"], {"full_cost": cost, "worth": max(worths)}
            price = strategies.appliance_pricing(rule, seen)
            offer["price"] = dollars(nano(max(1.0, price)))
            economy.appliances_on_sale.append(offer)


def model_for(economy: Economy, app: App) -> Lab | None:
    """The best model that an app may put into an appliance: an open one, or one of its own group."""
    best = None
    for lab in alive(economy.labs):
        if (lab.numbers["open_weights"] > 0 or lab.owner == app.owner) and (best is None or lab.quality > best.quality):
            best = lab
    return best


def cheapest_sheet(economy: Economy, app: App) -> dict[str, Any] | None:
    """The product sheet with the cheapest work, among vendors that the app may buy from."""
    best, least = None, math.inf
    for sheet in economy.sheets.values():
        listed = app.partners.get("chips")
        open_to_it = may_sell(sheet, app) and (not listed or sheet["vendor"].name in listed)
        if open_to_it and (best is None or sheet["price"] / (sheet["hours"] * sheet["software"]) < least):
            best, least = sheet, sheet["price"] / (sheet["hours"] * sheet["software"])
    return best


# --- shares of the budget ---


def token_purchase(economy: Economy, enterprise: Enterprise) -> tuple[list[Any], list[float], float, float] | None:
    """What enterprises would buy by use: price cards, shares, mean price and mean quality."""
    numbers = enterprise.numbers
    cards = handed_over_work.cards_for(economy, enterprise)
    if not cards:
        return None
    shares = shares_of_best(
        cards,
        [refused_sales_and_batches.worth(enterprise, card, budget_for_routes(economy, enterprise)) for card in cards],
    )
    pairs = list(zip(cards, shares, strict=True))
    mixes = (numbers["cached_mix"], numbers["input_mix"], 1.0)
    prices = [
        sum(dollars(offer) * mix for offer, mix in zip(card["offers"], mixes, strict=True)) / 1_000_000
        for card in cards
    ]
    price = sum(share * card_price for card_price, share in zip(prices, shares, strict=True))
    return cards, shares, price, sum(share * card["quality"] for card, share in pairs)


def appliance_worth(enterprise: Enterprise, offer: dict[str, Any], price: float) -> float:
    """Worth of an appliance to an enterprise: the tokens that it saves, less running costs, in USD."""
    numbers = enterprise.numbers
    used = numbers["own_use"] * offer["hours"]
    work = sum(
        work * mix for work, mix in zip(offer["works"], (numbers["cached_mix"], numbers["input_mix"], 1.0), strict=True)
    )
    saved = used * offer["output"] / work * price
    falling = annuity((1 + numbers["discount"]) / (1 - numbers["token_decline"]) - 1, int(numbers["life"]))
    return falling * saved - annuity(numbers["discount"], int(numbers["life"])) * used * numbers["running_cost"]


Shared = list[tuple[Any, float]]


def budget_shares(economy: Economy, enterprise: Enterprise) -> tuple[float, Shared, Shared]:
    """Shares of a budget for tokens by use, for each appliance, and for each app's seats."""
    purchase, numbers = token_purchase(economy, enterprise), enterprise.numbers
    if purchase is None:
        return 1.0, [], []
    offers = [offer for offer in economy.appliances_on_sale if offer["app"].numbers[enterprise.region] > 0]
    parts, paying, utilities = [0.0 for _ in offers], [], [0.0]
    for place, offer in enumerate(offers):
        gain = appliance_worth(enterprise, offer, purchase[2]) / offer["price"]
        if gain > 0:
            paying.append(place)
            better = numbers["quality_weight"] * (offer["quality"] - purchase[3])
            utilities.append(numbers["route_sensitivity"] * math.log(gain) + better)
    seats = [app for app in economy.staff_seats if app.numbers[enterprise.region] > 0]
    for app in seats:
        better = numbers["quality_weight"] * (search_and_calls.quality(app) - purchase[3])
        utilities.append(numbers["route_sensitivity"] * math.log(numbers["seat_worth"] / app.staff_price) + better)
    kept = numbers["private_share"]
    first, *shares = [(1 - kept) * share for share in logit(utilities)]
    for place, share in zip(paying, shares, strict=False):
        parts[place] = share
    if kept and offers:
        likings = [
            numbers["route_sensitivity"] * math.log(offer["hours"] * offer["output"] / offer["price"])
            + numbers["quality_weight"] * offer["quality"]
            for offer in offers
        ]
        for place, share in enumerate(logit(likings)):
            parts[place] += kept * share
    bought = [(offer, part) for offer, part in zip(offers, parts, strict=True) if part > 0]
    return first, bought, list(zip(seats, shares[len(paying) :], strict=True))


# --- 9.25 Seats for staff ---


def post_seats(economy: Economy) -> None:
    selling = [app for app in alive(economy.apps) if app.numbers["business_price"] > 0]
    economy.staff_seats = [app for app in selling if app.lab_share or app.hosted_share > 0]
    for app in economy.staff_seats:
        cost = search_and_calls.query_cost(app) * app.numbers["business_use"]
        view = {"list_price": app.numbers["business_price"], "unit_cost": cost}
        app.staff_price = dollars(max(1, nano(strategies.business(app.strategies["business"], view))))


def order_seats(economy: Economy, enterprise: Enterprise) -> None:
    offers = budget_shares(economy, enterprise)[2]
    wanted = [int(budget_for_routes(economy, enterprise) * share / app.staff_price) for app, share in offers]
    people = int(enterprise.numbers["exposed_hours"] / enterprise.numbers["staff_hours"])
    if enterprise.numbers["exposed_hours"] > 0 and people < sum(wanted):
        wanted = split(people, wanted, [app.key for app, _ in offers])
    for (app, _), seats in zip(offers, wanted, strict=True):
        economy.add_order(
            "apps", enterprise.account, OPERATING_COST, app.account, SEATS_BUSINESS, seats, nano(app.staff_price)
        )
        queries = int(seats * app.numbers["business_use"])
        economy.add_order("apps", enterprise.account, OPERATING_COST, app.account, QUERIES_BUSINESS, queries, 0)


def budget_for_routes(economy: Economy, enterprise: Enterprise) -> float:
    """What enterprises spend on tokens, appliances and seats this month, in USD."""
    whole = handed_over_work.whole_budget(economy, enterprise)
    return whole - search_and_calls.budget_for_answers(economy, enterprise)


# --- orders, goods ---


def order(economy: Economy, enterprise: Enterprise) -> None:
    for offer, share in budget_shares(economy, enterprise)[1]:
        units = int(budget_for_routes(economy, enterprise) * share / offer["price"])
        economy.add_order(
            "appliances",
            enterprise.account,
            OPERATING_COST,
            offer["app"].account,
            APPLIANCES,
            units,
            nano(offer["price"]),
        )


def limit_sales(economy: Economy, limits: dict[tuple[int, int], int]) -> None:
    for app in alive(economy.apps):
        app.appliances_asked = sum(
            order.quantity for order in economy.asked["appliances"] if order.seller == app.account
        )
        limits[app.account, APPLIANCES] = machines_stored(economy, app.account) // machines_in_one(app)


def deliver(economy: Economy) -> None:
    """Hand appliances over, the oldest machines in the store first."""
    for app in economy.apps:
        app.appliances_sold = app.appliances_cost = 0
    for deal in economy.deals["appliances"]:
        app = next(firm for firm in economy.apps if firm.account == deal.seller)
        buyer = next(participant for participant in economy.enterprises if participant.account == deal.buyer)
        app.appliances_sold += deal.quantity
        machines = deal.quantity * machines_in_one(app)
        for lot in [lot for lot in economy.appliance_lots if lot["owner"] == app.account]:
            taken = min(machines, lot["units"])
            part = lot["cost"] * taken // lot["units"]
            lot["units"], lot["cost"], machines = lot["units"] - taken, lot["cost"] - part, machines - taken
            app.appliances_cost += part
            if taken > 0:
                with_buyer = {
                    "owner": buyer.account,
                    "opens": economy.month + 1,
                    "life": int(buyer.numbers["life"]),
                    "cost": 0,
                }
                economy.appliance_lots.append({**lot, **with_buyer, "units": taken})
        economy.appliance_lots = [lot for lot in economy.appliance_lots if lot["units"] > 0]


# --- money, investment ---


def pay_bills(economy: Economy) -> None:
    sold = [app for app in economy.apps if app.appliances_cost > 0]
    economy.books.write(
        [Row(app.account, COST_OF_SALES, app.account, CHIP_STOCK, APPLIANCES, app.appliances_cost) for app in sold]
    )
    bills = []
    for app in alive(economy.apps):
        price = nano(app.numbers["appliance_assembly"])
        bills.append(Order(app.account, COST_OF_SALES, WORLD, APPLIANCES, app.appliances_sold, price))
    for enterprise in economy.enterprises:
        lots = [
            lot
            for lot in economy.appliance_lots
            if lot["owner"] == enterprise.account and lot["opens"] <= economy.month
        ]
        used = int(enterprise.numbers["own_use"] * sum(lot["units"] * lot["hours"] for lot in lots))
        bills.append(
            Order(
                enterprise.account, OPERATING_COST, WORLD, GOOD["power"], used, nano(enterprise.numbers["running_cost"])
            )
        )
    economy.pay(bills)


def invest(economy: Economy) -> None:
    orders: list[tuple[Cloud | App | Enterprise, int, int, Mix]] = []
    for app in alive(economy.apps):
        sheet = cheapest_sheet(economy, app)
        if may_sell_appliances(app) and sheet:
            waiting = sum(pending.units for (buyer, _), pending in economy.backlog.items() if buyer == app.account)
            aim = app.appliances_asked * machines_in_one(app) * (app.numbers["appliance_stock"] + sheet["wait"])
            missing = max(0.0, aim - (machines_stored(economy, app.account) + waiting))
            free = max(0.0, economy.books.free_cash(app.account) / 100 - economy.committed(app.account) / 10**9)
            units = int(min(missing, free / sheet["price"]))
            sheet["vendor"].choices.append((float(units * sheet["hours"]), 1.0))
            orders.append((app, CHIP_STOCK, units, Mix([sheet], [1.0])))
    place_orders(economy, orders)

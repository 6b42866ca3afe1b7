"""Sections 9.24 and 9.25 of the decision log: appliances, and how enterprises split what they spend."""

import math
from typing import Any

from tests.oracle import calls, morning, sales, strategies
from tests.oracle.arithmetic import annuity, dollars, logit, nano, path
from tests.oracle.books import CHIP_STOCK, COST_OF_SALES, GOOD, OPERATING_COST, WORLD, Order, Row, deal
from tests.oracle.world import App, Economy, Enterprise, Lab, alive

APPLIANCES, SEATS_BUSINESS, QUERIES_BUSINESS = (
    GOOD[name] for name in ("appliances", "seats_business", "queries_business")
)


def may_box(app: App) -> bool:
    return app.alive and app.n["sells_appliances"] > 0 and app.n["staff"] >= app.n["appliance_threshold"]


def told(e: Economy) -> list[App]:
    return [app for app in alive(e.apps) if app.n["sells_appliances"] > 0]


def each(app: App) -> int:
    return int(app.n["appliance_machines"])


def stored(e: Economy, place: int) -> int:
    return sum(lot["units"] for lot in e.boxed if lot["owner"] == place)


# --- arrivals ---


def arrive(e: Economy) -> None:
    sold = [one.place for one in e.enterprises]
    e.boxed = [lot for lot in e.boxed if lot["owner"] not in sold or lot["opens"] + lot["life"] > e.month]
    for app in alive(e.apps):
        if app.n["sells_appliances"] > 0:
            app.purse = max(0, e.books.cash(app.place) - e.last_month(app, "costs"))


# --- prices ---


def post(e: Economy) -> None:
    e.boxes = []
    for app in alive(e.apps):
        sheet, lab = cheapest(e, app), model(e, app)
        if may_box(app) and sheet and lab:
            n = lab.n
            box: dict[str, Any] = {
                "app": app,
                "hours": float(each(app) * sheet["hours"]),
                "output": morning.throughput(e, lab) * app.n["appliance_efficiency"],
                "works": (n["cached_work"], n["input_work"], 1.0),
                "quality": lab.quality,
            }
            cost = each(app) * sheet["price"] + app.n["appliance_assembly"]
            worth = [0.0]
            for one in e.enterprises:
                known = usual(e, one)
                if known and app.n[one.region] > 0:
                    worth.append(box_worth(one, box, known[2]))
            price = strategies.boxing(app.strategies["boxing"], {"full_cost": cost, "worth": max(worth)})
            box["price"] = dollars(max(1, nano(price)))
            e.boxes.append(box)


def model(e: Economy, app: App) -> Lab | None:
    best = None
    for lab in alive(e.labs):
        if (lab.n["open_weights"] > 0 or lab.owner == app.owner) and (best is None or lab.quality > best.quality):
            best = lab
    return best


def cheapest(e: Economy, app: App) -> dict[str, Any] | None:
    best, least = None, math.inf
    for sheet in e.sheets.values():
        listed = app.partners.get("chips")
        open_to_it = (sheet["exports"] > 0 or sheet["region"] == app.region) and (
            not listed or sheet["vendor"].name in listed
        )
        if open_to_it and (best is None or sheet["price"] / (sheet["hours"] * sheet["software"]) < least):
            best, least = sheet, sheet["price"] / (sheet["hours"] * sheet["software"])
    return best


# --- the split ---


def usual(e: Economy, one: Enterprise) -> tuple[list[Any], list[float], float, float] | None:
    n = one.n
    there = [card for card in e.cards.values() if card["region"] == one.region]
    cards = [card for card in there if sales.sells_to(card, one.place)]
    if not cards:
        return None
    shares = logit([sales.worth(one, card, for_routes(e, one)) for card in cards])
    pairs = list(zip(cards, shares, strict=True))
    mixes = (n["cached_mix"], n["input_mix"], 1.0)
    prices = [sum(dollars(o) * mix for o, mix in zip(c["offers"], mixes, strict=True)) / 1_000_000 for c in cards]
    price = sum(share * paid for paid, share in zip(prices, shares, strict=True))
    return cards, shares, price, sum(share * card["quality"] for card, share in pairs)


def box_worth(one: Enterprise, box: dict[str, Any], price: float) -> float:
    n = one.n
    used = n["own_use"] * box["hours"]
    work = sum(work * mix for work, mix in zip(box["works"], (n["cached_mix"], n["input_mix"], 1.0), strict=True))
    saved = used * box["output"] / work * price
    falling = annuity((1 + n["discount"]) / (1 - n["token_decline"]) - 1, int(n["life"]))
    return falling * saved - annuity(n["discount"], int(n["life"])) * used * n["running_cost"]


Shared = list[tuple[Any, float]]


def split(e: Economy, one: Enterprise) -> tuple[float, Shared, Shared]:
    """The share of tokens by use, of each appliance, and of each app's seats."""
    known, n = usual(e, one), one.n
    if known is None:
        return 1.0, [], []
    kept: list[Any] = []
    worth = [0.0]
    for box in e.boxes:
        gain = box_worth(one, box, known[2]) / box["price"]
        if box["app"].n[one.region] > 0 and gain > 0:
            kept.append(box)
            better = n["quality_weight"] * (box["quality"] - known[3])
            worth.append(n["route_sensitivity"] * math.log(gain) + better)
    seats = [app for app in e.staff_seats if app.n[one.region] > 0]
    for app in seats:
        better = n["quality_weight"] * (calls.quality(app) - known[3])
        worth.append(n["route_sensitivity"] * math.log(n["seat_worth"] / app.staff_price) + better)
    first, *shares = logit(worth)
    return first, list(zip(kept, shares, strict=False)), list(zip(seats, shares[len(kept) :], strict=True))


# --- 9.25 Seats for staff ---


def post_seats(e: Economy) -> None:
    selling = [app for app in alive(e.apps) if app.n["business_price"] > 0]
    e.staff_seats = [app for app in selling if app.lab_share or app.hosted_share > 0]
    for app in e.staff_seats:
        cost = calls.query_cost(app) * app.n["business_use"]
        view = {"list_price": app.n["business_price"], "unit_cost": cost}
        app.staff_price = dollars(max(1, nano(strategies.business(app.strategies["business"], view))))


def ask_seats(e: Economy, one: Enterprise, put: calls.Put) -> None:
    for app, share in split(e, one)[2]:
        seats = int(for_routes(e, one) * share / app.staff_price)
        put(e, "apps", one.place, OPERATING_COST, app.place, SEATS_BUSINESS, seats, nano(app.staff_price))
        queries = int(seats * app.n["business_use"])
        put(e, "apps", one.place, OPERATING_COST, app.place, QUERIES_BUSINESS, queries, 0)


def for_routes(e: Economy, one: Enterprise) -> float:
    n = one.n
    return path(n["tokens_low"], n["tokens_high"], n["middle"], n["width"], e.month) - calls.for_answers(e, one)


# --- orders, goods ---


def ask(e: Economy, one: Enterprise, put: calls.Put) -> None:
    for box, share in split(e, one)[1]:
        units = int(for_routes(e, one) * share / box["price"])
        put(e, "appliances", one.place, OPERATING_COST, box["app"].place, APPLIANCES, units, nano(box["price"]))


def limits(e: Economy, given: dict[tuple[int, int], int]) -> None:
    for app in alive(e.apps):
        app.boxes_asked = sum(one.quantity for one in e.asked["appliances"] if one.seller == app.place)
        given[app.place, APPLIANCES] = stored(e, app.place) // each(app)


def hand_over(e: Economy) -> None:
    for app in e.apps:
        app.boxes_sold = app.boxes_cost = 0
    for one in e.deals["appliances"]:
        app = next(firm for firm in e.apps if firm.place == one.seller)
        buyer = next(party for party in e.enterprises if party.place == one.buyer)
        app.boxes_sold += one.quantity
        left = one.quantity * each(app)
        for lot in [lot for lot in e.boxed if lot["owner"] == app.place]:
            took = min(left, lot["units"])
            part = lot["cost"] * took // lot["units"]
            lot["units"], lot["cost"], left = lot["units"] - took, lot["cost"] - part, left - took
            app.boxes_cost += part
            if took > 0:
                gone = {"owner": buyer.place, "opens": e.month + 1, "life": int(buyer.n["life"]), "cost": 0}
                e.boxed.append({**lot, **gone, "units": took})
        e.boxed = [lot for lot in e.boxed if lot["units"] > 0]


# --- money, investment ---


def pay(e: Economy) -> None:
    sold = [app for app in e.apps if app.boxes_cost > 0]
    e.books.write([Row(a.place, COST_OF_SALES, a.place, CHIP_STOCK, APPLIANCES, a.boxes_cost) for a in sold])
    bills = []
    for app in alive(e.apps):
        price = nano(app.n["appliance_assembly"])
        bills.append(Order(app.place, COST_OF_SALES, WORLD, APPLIANCES, app.boxes_sold, price))
    for one in e.enterprises:
        mine = [lot for lot in e.boxed if lot["owner"] == one.place and lot["opens"] <= e.month]
        used = int(one.n["own_use"] * sum(lot["units"] * lot["hours"] for lot in mine))
        bills.append(Order(one.place, OPERATING_COST, WORLD, GOOD["power"], used, nano(one.n["running_cost"])))
    e.books.settle([deal(one, one.quantity) for one in bills if one.quantity > 0], e.settle_order)


def invest(e: Economy) -> None:
    for app in alive(e.apps):
        sheet = cheapest(e, app)
        if may_box(app) and sheet:
            waiting = sum(pending.units for (buyer, _), pending in e.backlog.items() if buyer == app.place)
            aim = app.boxes_asked * each(app) * (app.n["appliance_stock"] + sheet["wait"])
            missing = max(0.0, aim - (stored(e, app.place) + waiting))
            free = max(0.0, e.books.cash(app.place) / 100 - e.committed(app.place) / 10**9)
            units = int(min(missing, free / sheet["price"]))
            sheet["vendor"].bought.append((float(units * sheet["hours"]), 1.0))
            if units > 0:
                e.place_order(app.place, sheet["vendor"], CHIP_STOCK, units, nano(sheet["price"]))
                sheet["vendor"].noted += units

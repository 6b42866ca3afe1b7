"""Sections 7.5 to 7.8 of the decision log: orders, goods, attention, money."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tests.oracle import (
    boxing,
    calls,
    crowding,
    devices,
    hosting,
    lending,
    own_models,
    pages,
    patrons,
    people,
    reserving,
    sales,
)
from tests.oracle.arithmetic import apportion, cents, dollars, exp32, logit, nano
from tests.oracle.books import (
    CONSUMPTION,
    COST_OF_SALES,
    GOOD,
    OLDER,
    ONE_CENT,
    OPERATING_COST,
    WORLD,
    Deal,
    Order,
    deal,
)
from tests.oracle.generations import hunger, unit_cost
from tests.oracle.morning import TOKENS, budget, in_service, own_use, stretch, throughput, tokens
from tests.oracle.shortage import rank, serve
from tests.oracle.world import (
    FREE,
    PAID,
    App,
    Cloud,
    Economy,
    Enterprise,
    Lab,
    Lot,
    Party,
    User,
    Vendor,
    alive,
    serves,
)

SEATS, QUERIES_PAID, QUERIES_FREE = GOOD["seats"], GOOD["queries_paid"], GOOD["queries_free"]
ZERO = np.float32(0)
float32 = np.float32


def orders(e: Economy) -> None:
    e.asked = {"appliances": [], "apps": [], "search": [], "tokens": [], "hours": [], "machines": []}
    for enterprise in e.enterprises:
        boxing.ask(e, enterprise, put)
    with np.errstate(over="ignore", under="ignore"):
        for region in e.regions:
            users_choose(e, region)
    for region in e.regions:
        users_order(e, region)
    for enterprise in e.enterprises:
        calls.enterprises_call(e, enterprise, put)
    for enterprise in e.enterprises:
        boxing.ask_seats(e, enterprise, put)
    with np.errstate(over="ignore", under="ignore"):
        devices.buy(e, put)
    for app in alive(e.apps):
        app.asked_calls = asked_of(e, app, calls.SEARCH_CALLS)
        app.asked_staff = asked_of(e, app, boxing.QUERIES_BUSINESS)
        apps_ask(e, app)
        calls.search(e, app, put)
    for enterprise in e.enterprises:
        enterprises_ask_tokens(e, enterprise)
    e.idle = {}
    for lab in alive(e.labs):
        labs_ask(e, lab)
    hosting.set_aside(e)
    older_businesses_ask(e)
    for enterprise in e.enterprises:
        enterprises_ask_hours(e, enterprise)
    own_models.ask(e, put)
    call_machines(e)


def put(e: Economy, market: str, *order: int) -> None:
    one = Order(*order)
    if one.quantity > 0:
        e.asked[market].append(one)


# --- 7.5 Users ---


def users_choose(e: Economy, region: Party) -> None:
    users = [user for user in e.users if user.region is region]
    share = people.shares(e, region)
    rates = hazards(e, region, share)
    last = {user.key: [a for a, _, _ in people.used(user)] for user in users}
    good = {a: goodness(app, region, share[a]) for a, app in enumerate(e.apps) if app.offered(region.region)}
    best = max([*good.values(), region.n["outside"]])
    terms = {a: terms_of(e.apps[a], region, base - best) for a, base in good.items()}
    outside = float32(region.n["outside"] - best)
    for user in users:
        hears(e, user, people.heard(e, user, rates, last))
        chooses(e, user, terms, outside)


def hazards(e: Economy, region: Party, share: list[float]) -> list[np.float32]:
    here = [app.offered(region.region) for app in e.apps]
    rates = [crowding.heard_rate(e, region, share, app) if on else 0.0 for app, on in zip(e.apps, here, strict=True)]
    return [float32(rate) for rate in rates]


def hears(e: Economy, user: User, number: int) -> None:
    if number < len(e.apps):
        user.known[number] = True


def goodness(app: App, region: Party, share: float) -> float:
    n, own = region.n, app.n
    asked = calls.asked(app) - app.asked_pages
    served = (app.served_paid + app.served_free + app.served_calls + app.served_staff) / asked if asked else 1.0
    good = n["quality_weight"] * calls.quality(app) + own["appeal"] + crowding.trust(app) + n["network"] * share
    return good - n["ad_aversion"] * own["ad_load"] - n["limit_aversion"] * (1 - served)


Terms = tuple[np.float32, np.float32, np.float32, np.float32]


def terms_of(app: App, region: Party, base: float) -> Terms:
    """Base, price, log_quota, device: computed in float64, then float32."""
    price = region.n["price_weight"] * app.price
    device = float32(app.n["device_habit"])
    return float32(base), float32(price), float32(math.log(max(int(app.quota), 1))), device


def chooses(e: Economy, user: User, terms: dict[int, Terms], outside: np.float32) -> None:
    weights = {
        (a, tier): exp32(utility(user, a, tier, terms[a])) if a in terms and user.known[a] else ZERO
        for a in range(len(e.apps))
        for tier in (FREE, PAID)
    }
    people.take_up(e, user, weights, outside)


def utility(user: User, a: int, tier: int, terms: Terms) -> np.float32:
    n, (base, price, log_quota, device) = user.region.n, terms
    stay = float32(n["habit"]) if people.holds(user, a, tier) else ZERO
    own = device if a in user.devices else ZERO
    common = base + (user.taste[a] + own) + stay
    if tier == PAID:
        return common + float32(n["paid_bonus"]) - price / user.worth
    return common - float32(n["quota_weight"]) * max(user.log_use - log_quota, ZERO)


def users_order(e: Economy, region: Party) -> None:
    for a, app in enumerate(e.apps):
        here = [(user, *one) for user in e.users if user.region is region for one in people.used(user) if one[0] == a]
        seats = sum(user.weight for user, _, tier, _ in here if tier == PAID)
        paid = sum(use * user.weight for user, _, tier, use in here if tier == PAID)
        free = sum(min(use, int(app.quota)) * user.weight for user, _, tier, use in here if tier == FREE)
        put(e, "apps", region.place, CONSUMPTION, app.place, SEATS, seats, nano(app.price))
        put(e, "apps", region.place, CONSUMPTION, app.place, QUERIES_PAID, paid, 0)
        put(e, "apps", region.place, CONSUMPTION, app.place, QUERIES_FREE, free, 0)


# --- 7.5 Tokens ---


def asked_of(e: Economy, app: App, good: int) -> int:
    return sum(one.quantity for one in e.asked["apps"] if (one.seller, one.good) == (app.place, good))


def apps_ask(e: Economy, app: App) -> None:
    app.asked_paid = asked_of(e, app, QUERIES_PAID)
    app.asked_free = asked_of(e, app, QUERIES_FREE)
    cards = [e.cards[name] for name in app.lab_share]
    order = [e.hash("labs", card["lab"].key) for card in cards]
    app.own_queries = int(app.hosted_share * calls.asked(app))
    parts = apportion(calls.asked(app) - app.own_queries, list(app.lab_share.values()), order)
    for card, queries in zip(cards, parts, strict=True):
        for good, count, offer in zip(TOKENS, tokens(app), card["offers"], strict=True):
            put(e, "tokens", app.place, COST_OF_SALES, card["lab"].place, GOOD[good], queries * count, offer)


def enterprises_ask_tokens(e: Economy, enterprise: Enterprise) -> None:
    n = enterprise.n
    there = [card for card in e.cards.values() if card["region"] == enterprise.region]
    cards = [card for card in there if sales.sells_to(card, enterprise.place)]
    if not cards:
        return
    mixes = (n["cached_mix"], n["input_mix"], 1.0)
    for_tokens = boxing.for_routes(e, enterprise)
    shares = logit([sales.worth(enterprise, card, for_tokens) for card in cards])
    for card, share in zip(cards, shares, strict=True):
        each = sum(dollars(offer) * mix for offer, mix in zip(card["offers"], mixes, strict=True)) / 1_000_000
        output = for_tokens * boxing.split(e, enterprise)[0] * share / each
        for good, mix, offer in zip(TOKENS, mixes, card["offers"], strict=True):
            put(e, "tokens", enterprise.place, OPERATING_COST, card["lab"].place, GOOD[good], int(output * mix), offer)
        if for_tokens > 0:
            sales.give(e, enterprise, card, share, put)


# --- 7.5 Hours ---


def labs_ask(e: Economy, lab: Lab) -> None:
    works = dict(zip(TOKENS, (lab.n["cached_work"], lab.n["input_work"], 1.0), strict=True))
    lab.load = sum(
        sum(one.quantity for one in e.asked["tokens"] if (one.seller, one.good) == (lab.place, GOOD[good])) * work
        for good, work in works.items()
    )
    if lab.hour_price == 0:
        return
    serving = math.ceil((lab.load * stretch(lab) + lab.n["half_load"]) / throughput(e, lab)) if lab.load > 0 else 0
    training = int(lab.budget / lab.hour_price)
    lab.hours_used = serving + training
    serving, training = reserving.call(e, lab, serving, training)
    clouds = [e.rentals[name]["cloud"] for name in lab.cloud_share]
    order = [e.hash("clouds", cloud.key) for cloud in clouds]
    for item, hours in ((COST_OF_SALES, serving), (OPERATING_COST, training)):
        parts = apportion(hours, list(lab.cloud_share.values()), order)
        for cloud, part in zip(clouds, parts, strict=True):
            put(e, "hours", lab.place, item, cloud.place, GOOD["hours"], part, nano(cloud.price))


def older_businesses_ask(e: Economy) -> None:
    share = own_use(e)
    for cloud in alive(e.clouds):
        if cloud.price > 0:
            hours = int(cloud.n["older_revenue"] * share / cloud.price)
            put(e, "hours", OLDER, OPERATING_COST, cloud.place, GOOD["hours"], hours, nano(cloud.price))


class Need(NamedTuple):
    clouds: list[Cloud]
    shares: list[float]
    rent: float
    wanted: float
    owned: float


def need(e: Economy, enterprise: Enterprise) -> Need | None:
    n = enterprise.n
    clouds = [
        one["cloud"]
        for one in e.rentals.values()
        if one["region"] == enterprise.region and one["capacity"] > 0 and one["sells"]
    ]
    compute = budget(e, enterprise, "compute")
    if not clouds or compute <= 0:
        return None
    shares = logit([math.log(cloud.capacity) - n["hour_sensitivity"] * math.log(cloud.price) for cloud in clouds])
    rent = sum(share * cloud.price for share, cloud in zip(shares, clouds, strict=True))
    owned = n["own_use"] * sum(lot.units * lot.hours for lot in in_service(e, enterprise))
    return Need(clouds, shares, rent, compute / rent, owned)


def enterprises_ask_hours(e: Economy, enterprise: Enterprise) -> None:
    needed = need(e, enterprise)
    if needed is None:
        return
    rented = max(0.0, 1 - needed.owned / needed.wanted)
    for cloud, share in zip(needed.clouds, needed.shares, strict=True):
        hours = int(budget(e, enterprise, "compute") * rented * share / cloud.price)
        put(e, "hours", enterprise.place, OPERATING_COST, cloud.place, GOOD["hours"], hours, nano(cloud.price))


# --- 7.5 Machines are called ---


def call_machines(e: Economy) -> None:
    owners: list[Cloud | App] = [*alive(e.clouds), *(app for app in alive(e.apps) if app not in boxing.told(e))]
    for cloud in sorted(owners, key=lambda one: one.place):
        call(e, cloud.place, cloud.purse * ONE_CENT)
    for enterprise in sorted(e.enterprises, key=lambda one: one.place):
        call(e, enterprise.place, e.committed(enterprise.place))
    for app in boxing.told(e):
        call(e, app.place, app.purse * ONE_CENT)


def call(e: Economy, who: int, purse: int) -> None:
    committed = e.committed(who)
    for (buyer, vendor), pending in sorted(e.backlog.items(), key=lambda one: one[0]):
        if buyer == who and pending.units > 0:
            units = pending.units * min(purse, committed) // committed if committed else pending.units
            put(e, "machines", buyer, pending.item, vendor, GOOD["accelerators"], units, pending.value // pending.units)


# --- 7.6 Goods ---


def goods(e: Economy) -> None:
    e.deals = {}
    limits: dict[tuple[int, int], int] = {}
    for vendor in alive(e.vendors):
        limits[vendor.place, GOOD["accelerators"]] = int(vendor.capacity)
    e.deals["machines"] = ration(e, "machines", limits)
    deliver_machines(e)
    for cloud in alive(e.clouds):
        limits[cloud.place, GOOD["hours"]] = cloud.capacity - cloud.hosting
    reserving.limits(e, limits)
    e.deals["hours"] = ration(e, "hours", limits)
    deliver_hours(e)
    own_models.make(e)
    for lab in alive(e.labs):
        limit_tokens(e, lab, limits)
    hosting.limits(e, limits)
    e.deals["tokens"] = ration(e, "tokens", limits)
    e.deals["search"] = ration(e, "search", limits)
    calls.note_searches(e)
    for app in alive(e.apps):
        limit_queries(e, app, limits)
    e.deals["apps"] = ration(e, "apps", limits)
    for app in alive(e.apps):
        count_queries(e, app)
    devices.count(e)
    boxing.limits(e, limits)
    e.deals["appliances"] = ration(e, "appliances", limits)
    boxing.hand_over(e)


def ration(e: Economy, market: str, limits: dict[tuple[int, int], int]) -> list[Deal]:
    asked = e.asked[market]
    got = [one.quantity for one in asked]
    for seller, good in dict.fromkeys((one.seller, one.good) for one in asked):
        rows = [i for i, one in enumerate(asked) if (one.seller, one.good) == (seller, good)]
        wanted = [asked[i].quantity for i in rows]
        if (seller, good) in limits and sum(wanted) > limits[seller, good]:
            order = [e.hash("ration", e.keys[asked[i].buyer], e.keys[seller], good, asked[i].item) for i in rows]
            vendor = e.firm_at.get(seller)
            ranks = [rank(e, vendor, asked[i].buyer) for i in rows]
            for i, part in zip(rows, serve(wanted, ranks, limits[seller, good], order), strict=True):
                got[i] = part
    return [deal(one, quantity) for one, quantity in zip(asked, got, strict=True) if quantity > 0]


def deliver_machines(e: Economy) -> None:
    for cloud in e.clouds:
        called = sum(one.quantity for one in e.asked["machines"] if one.buyer == cloud.place)
        came = sum(one.quantity for one in e.deals["machines"] if one.buyer == cloud.place)
        cloud.ration = came / called if called else 1.0
    clouds_first = sorted(e.deals["machines"], key=lambda one: one.buyer not in e.firm_at)
    for one in clouds_first:
        pending = e.backlog[one.buyer, one.seller]
        pending.units -= one.quantity
        pending.value -= one.quantity * one.price
        vendor = e.firm_at[one.seller]
        assert isinstance(vendor, Vendor)
        sheet = e.sheets[vendor.name]
        if e.firm_at.get(one.buyer) in boxing.told(e):
            vendor.made += one.quantity
            lots = {"owner": one.buyer, "opens": e.month, "life": 0, "hours": sheet["hours"]}
            e.boxed.append({**lots, "units": one.quantity, "cost": one.cents})
            continue
        lot = lot_of(e, one, sheet["hours"])
        lot.vendor = vendor.place
        lot.serves = serves(lot.owner) if isinstance(lot.owner, Cloud) else lot.life
        lot.power = round(sheet["power"] * 1_000_000)
        vendor.made += one.quantity
        e.lots.append(lot)


def lot_of(e: Economy, one: Deal, hours: int) -> Lot:
    cloud = e.firm_at.get(one.buyer)
    if isinstance(cloud, Cloud | App):
        opens, life = e.month + int(cloud.n["build_lag"]), int(cloud.n["book_life"])
        return Lot(cloud, opens, life, one.quantity, hours, one.cents, 0)
    owner = next(party for party in e.enterprises if party.place == one.buyer)
    return Lot(owner, e.month + int(owner.n["build_lag"]), int(owner.n["life"]), one.quantity, hours, 0, 0)


def deliver_hours(e: Economy) -> None:
    for cloud in alive(e.clouds):
        cloud.asked_last = sum(one.quantity for one in e.asked["hours"] if one.seller == cloud.place)
        cloud.asked_last += cloud.token_hours - reserving.returned(e, cloud)
    for lab in alive(e.labs):
        lab.trained = hours_got(e, lab, OPERATING_COST)
        needed = math.ceil((lab.load * stretch(lab) + lab.n["half_load"]) / throughput(e, lab)) if lab.load > 0 else 0
        lab.moved = sales.moved(lab, needed, hours_got(e, lab, COST_OF_SALES), lab.trained)
        lab.trained -= lab.moved


def hours_got(e: Economy, lab: Lab, item: int) -> int:
    return sum(one.quantity for one in e.deals["hours"] if (one.buyer, one.item) == (lab.place, item))


def limit_tokens(e: Economy, lab: Lab, limits: dict[tuple[int, int], int]) -> None:
    served = 1.0
    if lab.load > 0:
        work = (hours_got(e, lab, COST_OF_SALES) + lab.moved) * throughput(e, lab)
        served = min(1.0, max(0.0, work - lab.n["half_load"]) / (lab.load * stretch(lab)))
    lab.served = served
    for good in TOKENS:
        asked = sum(o.quantity for o in e.asked["tokens"] if (o.seller, o.good) == (lab.place, GOOD[good]))
        limits[lab.place, GOOD[good]] = int(served * asked)


def limit_queries(e: Economy, app: App, limits: dict[tuple[int, int], int]) -> None:
    able = calls.asked(app)
    for good, count in zip(TOKENS, tokens(app), strict=True):
        if count > 0:
            got = sum(o.quantity for o in e.deals["tokens"] if (o.buyer, o.good) == (app.place, GOOD[good]))
            able = min(able, (got + app.made.get(GOOD[good], 0)) // count)
    paid = min(app.asked_paid, able)
    limits[app.place, QUERIES_PAID] = paid
    seats = sum(o.quantity for o in e.asked["apps"] if (o.seller, o.good) == (app.place, SEATS))
    limits[app.place, SEATS] = seats * paid // app.asked_paid if app.asked_paid else 0
    staff = min(app.asked_staff, able - paid)
    limits[app.place, boxing.QUERIES_BUSINESS] = staff
    seats = sum(o.quantity for o in e.asked["apps"] if (o.seller, o.good) == (app.place, boxing.SEATS_BUSINESS))
    limits[app.place, boxing.SEATS_BUSINESS] = seats * staff // app.asked_staff if app.asked_staff else 0
    answered = min(app.asked_calls, able - paid - staff)
    limits[app.place, calls.SEARCH_CALLS] = answered
    limits[app.place, QUERIES_FREE] = min(app.asked_free, able - paid - staff - answered)
    app.served_pages = min(app.asked_pages, able - paid - staff - answered - limits[app.place, QUERIES_FREE])


def count_queries(e: Economy, app: App) -> None:
    own = [one for one in e.deals["apps"] if one.seller == app.place]
    app.seats = sum(one.quantity for one in own if one.good == SEATS)
    app.served_paid = sum(one.quantity for one in own if one.good == QUERIES_PAID)
    app.served_free = sum(one.quantity for one in own if one.good == QUERIES_FREE)
    app.served_calls = sum(one.quantity for one in own if one.good == calls.SEARCH_CALLS)
    app.served_staff = sum(one.quantity for one in own if one.good == boxing.QUERIES_BUSINESS)
    app.shown = {}
    for region in e.regions:
        answered = sum(one.quantity for one in own if (one.buyer, one.good) == (region.place, QUERIES_FREE))
        app.shown[region.region] = app.shown.get(region.region, 0) + answered


# --- 7.7 Attention ---


def attention(e: Economy) -> None:
    deals = []
    for region in e.advertisers:
        slots = {app.place: int(app.shown.get(region.region, 0) * calls.slots(app)) for app in alive(e.apps)}
        price = auction(region.n["worth"], region.n["bidders"], sum(slots.values()), region.n["budget"])
        if price <= 0:
            continue
        for place, count in slots.items():
            order = Order(region.place, OPERATING_COST, place, GOOD["attention"], count, nano(price))
            deals += [deal(order, count)] if count > 0 else []
    e.books.settle(deals, e.settle_order)
    pages.attention(e)


def auction(worth: float, bidders: float, slots: int, budget: float) -> float:
    if slots <= 0 or bidders <= 0:
        return 0.0
    cleared = worth * max(0.0, 1 - slots / bidders)
    return min(cleared, budget / slots)


# --- 7.8 Money ---


def money(e: Economy) -> None:
    for market in ("appliances", "apps", "search", "tokens", "hours", "machines"):
        e.books.settle(e.deals[market], e.settle_order)
    bills: list[Callable[[Economy], list[Order]]] = [
        vendors_bills,
        clouds_bills,
        lending.interest,
        labs_bills,
        apps_bills,
    ]
    for layer in bills:
        due = [deal(order, order.quantity) for order in layer(e) if order.quantity > 0]
        e.books.settle(due, e.settle_order)
    calls.pay_for_searches(e)
    calls.pay_publishers(e)
    crowding.pay_takes(e)
    patrons.shares(e)
    pages.pay(e)
    boxing.pay(e)
    devices.pay_makers(e)
    own_models.bills(e)
    reserving.pay_back(e)


def bill(firm: Party, item: int, good: str, quantity: int, price: int = ONE_CENT) -> Order:
    return Order(firm.place, item, WORLD, GOOD[good], quantity, price)


def vendors_bills(e: Economy) -> list[Order]:
    bills = []
    for vendor in alive(e.vendors):
        n = vendor.n
        sold = [one for one in e.deals["machines"] if one.seller == vendor.place]
        units, invoiced = sum(one.quantity for one in sold), sum(one.cents for one in sold)
        bills.append(bill(vendor, COST_OF_SALES, "foundry", units, nano(unit_cost(vendor))))
        bills.append(bill(vendor, OPERATING_COST, "research", round(n["research_share"] * invoiced)))
        bills.append(bill(vendor, OPERATING_COST, "wages", cents(n["staff"])))
    return bills


def clouds_bills(e: Economy) -> list[Order]:
    bills = []
    for cloud in alive(e.clouds):
        n = cloud.n
        ran = cloud.hosting + sum(one.quantity for one in e.deals["hours"] if one.seller == cloud.place)
        ran -= reserving.resold(e, cloud)
        wages = round(n["staff_share"] * e.books.revenue(cloud.place))
        lots = in_service(e, cloud)
        power, site = n["power_cost"] * hunger(lots, ran), n["site_cost"] * hunger(lots, cloud.capacity)
        bills.append(bill(cloud, COST_OF_SALES, "power", ran, nano(power)))
        bills.append(bill(cloud, COST_OF_SALES, "site", cloud.capacity, nano(site)))
        bills.append(bill(cloud, OPERATING_COST, "wages", wages))
    return bills


def wages(e: Economy, firm: Party) -> Order:
    paid = cents(firm.n["staff"]) + round(firm.n["staff_share"] * e.books.revenue(firm.place))
    return bill(firm, OPERATING_COST, "wages", paid)


def labs_bills(e: Economy) -> list[Order]:
    return [wages(e, lab) for lab in alive(e.labs)]


def apps_bills(e: Economy) -> list[Order]:
    bills = []
    for app in alive(e.apps):
        bills += crowding.media(e, app)
        bills.append(wages(e, app))
    return bills

"""Chapter 7.6 of the rules: goods are delivered, from machines down to queries."""

import math

from tests.oracle.economy.books import COST_OF_SALES, GOOD, OPERATING_COST, Deal, deal
from tests.oracle.economy.formulas import QUERIES_FREE, QUERIES_PAID, SEATS, TOKENS, stretch, throughput, tokens
from tests.oracle.economy.mechanisms import (
    appliances,
    devices,
    open_weight_hosts,
    refused_sales_and_batches,
    reserved_hours,
    search_and_calls,
    self_hosted_models,
)
from tests.oracle.economy.mechanisms.shortage import buyer_rank, serve_by_rank
from tests.oracle.economy.participants import App, Cloud, Lab, Lot, Vendor
from tests.oracle.economy.state import Economy, alive, service_months


def goods(e: Economy) -> None:
    e.deals = {}
    limits: dict[tuple[int, int], int] = {}
    for vendor in alive(e.vendors):
        limits[vendor.account, GOOD["accelerators"]] = int(vendor.capacity)
    e.deals["machines"] = ration(e, "machines", limits)
    deliver_machines(e)
    for cloud in alive(e.clouds):
        limits[cloud.account, GOOD["hours"]] = cloud.capacity - cloud.hosting
    reserved_hours.limit_sales(e, limits)
    e.deals["hours"] = ration(e, "hours", limits)
    deliver_hours(e)
    self_hosted_models.make_tokens(e)
    for lab in alive(e.labs):
        limit_tokens(e, lab, limits)
    open_weight_hosts.limit_sales(e, limits)
    e.deals["tokens"] = ration(e, "tokens", limits)
    e.deals["search"] = ration(e, "search", limits)
    search_and_calls.note_search_costs(e)
    for app in alive(e.apps):
        limit_queries(e, app, limits)
    e.deals["apps"] = ration(e, "apps", limits)
    for app in alive(e.apps):
        count_queries(e, app)
    devices.count_sales(e)
    appliances.limit_sales(e, limits)
    e.deals["appliances"] = ration(e, "appliances", limits)
    appliances.deliver(e)


def ration(e: Economy, market: str, limits: dict[tuple[int, int], int]) -> list[Deal]:
    """Serve the orders of a market in full, or split short goods over them."""
    asked = e.asked[market]
    got = [one.quantity for one in asked]
    for seller, good in dict.fromkeys((one.seller, one.good) for one in asked):
        rows = [i for i, one in enumerate(asked) if (one.seller, one.good) == (seller, good)]
        wanted = [asked[i].quantity for i in rows]
        if (seller, good) in limits and sum(wanted) > limits[seller, good]:
            order = [e.hash("ration", e.keys[asked[i].buyer], e.keys[seller], good, asked[i].item) for i in rows]
            vendor = e.firm_by_account.get(seller)
            ranks = [buyer_rank(e, vendor, asked[i].buyer) for i in rows]
            for i, part in zip(rows, serve_by_rank(wanted, ranks, limits[seller, good], order), strict=True):
                got[i] = part
    return [deal(one, quantity) for one, quantity in zip(asked, got, strict=True) if quantity > 0]


def deliver_machines(e: Economy) -> None:
    for cloud in e.clouds:
        called = sum(one.quantity for one in e.asked["machines"] if one.buyer == cloud.account)
        came = sum(one.quantity for one in e.deals["machines"] if one.buyer == cloud.account)
        cloud.fill_rate = came / called if called else 1.0
    clouds_first = sorted(e.deals["machines"], key=lambda one: one.buyer not in e.firm_by_account)
    for one in clouds_first:
        pending = e.backlog[one.buyer, one.seller]
        pending.units -= one.quantity
        pending.value -= one.quantity * one.price
        vendor = e.firm_by_account[one.seller]
        assert isinstance(vendor, Vendor)
        sheet = e.sheets[vendor.name]
        if e.firm_by_account.get(one.buyer) in appliances.sellers(e):
            vendor.made += one.quantity
            lots = {"owner": one.buyer, "opens": e.month, "life": 0, "hours": sheet["hours"]}
            e.appliance_lots.append({**lots, "units": one.quantity, "cost": one.cents})
            continue
        lot = lot_of(e, one, sheet["hours"])
        lot.vendor = vendor.account
        lot.service_life = service_months(lot.owner) if isinstance(lot.owner, Cloud) else lot.life
        lot.power = round(sheet["power"] * 1_000_000)
        vendor.made += one.quantity
        e.lots.append(lot)


def lot_of(e: Economy, one: Deal, hours: int) -> Lot:
    cloud = e.firm_by_account.get(one.buyer)
    if isinstance(cloud, Cloud | App):
        opens, life = e.month + int(cloud.n["build_lag"]), int(cloud.n["book_life"])
        return Lot(cloud, opens, life, one.quantity, hours, one.cents, 0)
    owner = next(participant for participant in e.enterprises if participant.account == one.buyer)
    return Lot(owner, e.month + int(owner.n["build_lag"]), int(owner.n["life"]), one.quantity, hours, 0, 0)


def deliver_hours(e: Economy) -> None:
    for cloud in alive(e.clouds):
        cloud.asked_last = sum(one.quantity for one in e.asked["hours"] if one.seller == cloud.account)
        cloud.asked_last += cloud.token_hours - reserved_hours.hours_returned(e, cloud)
    for lab in alive(e.labs):
        lab.trained = hours_got(e, lab, OPERATING_COST)
        needed = math.ceil((lab.load * stretch(lab) + lab.n["half_load"]) / throughput(e, lab)) if lab.load > 0 else 0
        lab.moved = refused_sales_and_batches.training_hours_that_serve(
            lab, needed, hours_got(e, lab, COST_OF_SALES), lab.trained
        )
        lab.trained -= lab.moved


def hours_got(e: Economy, lab: Lab, item: int) -> int:
    return sum(one.quantity for one in e.deals["hours"] if (one.buyer, one.item) == (lab.account, item))


def limit_tokens(e: Economy, lab: Lab, limits: dict[tuple[int, int], int]) -> None:
    """Limit a lab's tokens to the share of its load that its hours can serve."""
    served = 1.0
    if lab.load > 0:
        work = (hours_got(e, lab, COST_OF_SALES) + lab.moved) * throughput(e, lab)
        served = min(1.0, max(0.0, work - lab.n["half_load"]) / (lab.load * stretch(lab)))
    lab.served = served
    for good in TOKENS:
        asked = sum(o.quantity for o in e.asked["tokens"] if (o.seller, o.good) == (lab.account, GOOD[good]))
        limits[lab.account, GOOD[good]] = int(served * asked)


def limit_queries(e: Economy, app: App, limits: dict[tuple[int, int], int]) -> None:
    """Limit an app's queries to those for which it has tokens: paid first, then staff, calls, free and pages."""
    able = search_and_calls.queries_asked(app)
    for good, count in zip(TOKENS, tokens(app), strict=True):
        if count > 0:
            got = sum(o.quantity for o in e.deals["tokens"] if (o.buyer, o.good) == (app.account, GOOD[good]))
            able = min(able, (got + app.made.get(GOOD[good], 0)) // count)
    paid = min(app.asked_paid, able)
    limits[app.account, QUERIES_PAID] = paid
    seats = sum(o.quantity for o in e.asked["apps"] if (o.seller, o.good) == (app.account, SEATS))
    limits[app.account, SEATS] = seats * paid // app.asked_paid if app.asked_paid else 0
    staff = min(app.asked_staff, able - paid)
    limits[app.account, appliances.QUERIES_BUSINESS] = staff
    seats = sum(o.quantity for o in e.asked["apps"] if (o.seller, o.good) == (app.account, appliances.SEATS_BUSINESS))
    limits[app.account, appliances.SEATS_BUSINESS] = seats * staff // app.asked_staff if app.asked_staff else 0
    answered = min(app.asked_calls, able - paid - staff)
    limits[app.account, search_and_calls.SEARCH_CALLS] = answered
    limits[app.account, QUERIES_FREE] = min(app.asked_free, able - paid - staff - answered)
    app.served_pages = min(app.asked_pages, able - paid - staff - answered - limits[app.account, QUERIES_FREE])


def count_queries(e: Economy, app: App) -> None:
    own = [one for one in e.deals["apps"] if one.seller == app.account]
    app.seats = sum(one.quantity for one in own if one.good == SEATS)
    app.served_paid = sum(one.quantity for one in own if one.good == QUERIES_PAID)
    app.served_free = sum(one.quantity for one in own if one.good == QUERIES_FREE)
    app.served_calls = sum(one.quantity for one in own if one.good == search_and_calls.SEARCH_CALLS)
    app.served_staff = sum(one.quantity for one in own if one.good == appliances.QUERIES_BUSINESS)
    app.shown = {}
    for region in e.regions:
        answered = sum(one.quantity for one in own if (one.buyer, one.good) == (region.account, QUERIES_FREE))
        app.shown[region.region] = app.shown.get(region.region, 0) + answered

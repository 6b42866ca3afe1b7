"""Chapter 7.6 of the rules: goods are delivered, from machines down to queries."""

import math

from tests.oracle.economy import model_lines
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
from tests.oracle.economy.phases import own_use
from tests.oracle.economy.state import Economy, alive, service_months


def goods(economy: Economy) -> None:
    economy.deals = {}
    limits: dict[tuple[int, int], int] = {}
    for vendor in alive(economy.vendors):
        limits[vendor.account, GOOD["accelerators"]] = int(vendor.capacity)
    economy.deals["machines"] = ration(economy, "machines", limits)
    deliver_machines(economy)
    for cloud in alive(economy.clouds):
        limits[cloud.account, GOOD["hours"]] = cloud.capacity - cloud.hosting
    reserved_hours.limit_sales(economy, limits)
    economy.deals["hours"] = ration(economy, "hours", limits)
    deliver_hours(economy)
    own_use.learn(economy)
    self_hosted_models.make_tokens(economy)
    for lab in alive(economy.labs):
        limit_tokens(economy, lab, limits)
    open_weight_hosts.limit_sales(economy, limits)
    economy.deals["tokens"] = ration(economy, "tokens", limits)
    economy.deals["search"] = ration(economy, "search", limits)
    search_and_calls.note_search_costs(economy)
    for app in alive(economy.apps):
        limit_queries(economy, app, limits)
    economy.deals["apps"] = ration(economy, "apps", limits)
    for app in alive(economy.apps):
        count_queries(economy, app)
    devices.count_sales(economy)
    appliances.limit_sales(economy, limits)
    economy.deals["appliances"] = ration(economy, "appliances", limits)
    appliances.deliver(economy)


def ration(economy: Economy, market: str, limits: dict[tuple[int, int], int]) -> list[Deal]:
    """Serve the orders of a market in full, or split short goods over them."""
    orders = economy.asked[market]
    served = [order.quantity for order in orders]
    for seller, good in dict.fromkeys((order.seller, order.good) for order in orders):
        rows = [row for row, order in enumerate(orders) if (order.seller, order.good) == (seller, good)]
        wanted = [orders[row].quantity for row in rows]
        if (seller, good) in limits and sum(wanted) > limits[seller, good]:
            ties = [
                economy.hash("ration", economy.keys[orders[row].buyer], economy.keys[seller], good, orders[row].item)
                for row in rows
            ]
            vendor = economy.firm_by_account.get(seller)
            ranks = [buyer_rank(economy, vendor, orders[row].buyer) for row in rows]
            for row, part in zip(rows, serve_by_rank(wanted, ranks, limits[seller, good], ties), strict=True):
                served[row] = part
    return [deal(order, quantity) for order, quantity in zip(orders, served, strict=True) if quantity > 0]


def deliver_machines(economy: Economy) -> None:
    for cloud in economy.clouds:
        called = sum(order.quantity for order in economy.asked["machines"] if order.buyer == cloud.account)
        came = sum(delivery.quantity for delivery in economy.deals["machines"] if delivery.buyer == cloud.account)
        cloud.fill_rate = came / called if called else 1.0
    clouds_first = sorted(economy.deals["machines"], key=lambda delivery: delivery.buyer not in economy.firm_by_account)
    for delivery in clouds_first:
        pending = economy.backlog[delivery.buyer, delivery.seller]
        pending.units -= delivery.quantity
        pending.value -= delivery.quantity * delivery.price
        vendor = economy.firm_by_account[delivery.seller]
        assert isinstance(vendor, Vendor)
        sheet = economy.sheets[vendor.name]
        if economy.firm_by_account.get(delivery.buyer) in appliances.sellers(economy):
            vendor.made += delivery.quantity
            lots = {"owner": delivery.buyer, "opens": economy.month, "life": 0, "hours": sheet["hours"]}
            economy.appliance_lots.append({**lots, "units": delivery.quantity, "cost": delivery.cents})
            continue
        lot = lot_of(economy, delivery, sheet["hours"])
        lot.vendor = vendor.account
        lot.service_life = service_months(lot.owner) if isinstance(lot.owner, Cloud) else lot.life
        lot.power = round(sheet["power"] * 1_000_000)
        vendor.made += delivery.quantity
        economy.lots.append(lot)
    for vendor in economy.vendors:
        if vendor.capacity:
            sold = [deal for deal in economy.deals["machines"] if deal.seller == vendor.account]
            vendor.room.append(int(vendor.capacity))
            vendor.output.append(sum(deal.quantity for deal in sold))


def lot_of(economy: Economy, deal: Deal, hours: int) -> Lot:
    cloud = economy.firm_by_account.get(deal.buyer)
    if isinstance(cloud, Cloud | App):
        opens, life = economy.month + int(cloud.numbers["build_lag"]), int(cloud.numbers["book_life"])
        return Lot(cloud, opens, life, deal.quantity, hours, deal.cents, 0)
    owner = next(participant for participant in economy.enterprises if participant.account == deal.buyer)
    return Lot(
        owner, economy.month + int(owner.numbers["build_lag"]), int(owner.numbers["life"]), deal.quantity, hours, 0, 0
    )


def deliver_hours(economy: Economy) -> None:
    for cloud in alive(economy.clouds):
        cloud.asked_last = sum(order.quantity for order in economy.asked["hours"] if order.seller == cloud.account)
        back = reserved_hours.hours_returned(economy, cloud)
        cloud.asked_last += cloud.token_hours - back
        called = [order for order in economy.asked["hours"] if order.good == GOOD["hours_reserved"]]
        cloud.called_last = sum(order.quantity for order in called if order.seller == cloud.account) - back
    for lab in alive(economy.labs):
        lab.trained = hours_got(economy, lab, OPERATING_COST)
        lab.moved = refused_sales_and_batches.training_hours_that_serve(
            lab, hours_to_serve(economy, lab), hours_got(economy, lab, COST_OF_SALES), lab.trained
        )
        lab.trained -= lab.moved


def hours_to_serve(economy: Economy, lab: Lab) -> int:
    """Hours that the tokens ordered from a lab need this month."""
    load, running = model_lines.load(lab), model_lines.running(lab)
    return math.ceil((load * stretch(lab) + running) / throughput(economy, lab)) if load > 0 else 0


def hours_got(economy: Economy, lab: Lab, item: int) -> int:
    return sum(deal.quantity for deal in economy.deals["hours"] if (deal.buyer, deal.item) == (lab.account, item))


def limit_tokens(economy: Economy, lab: Lab, limits: dict[tuple[int, int], int]) -> None:
    """Limit a lab's tokens to the share of its load that its hours can serve."""
    served, load = 1.0, model_lines.load(lab)
    if load > 0:
        work = (hours_got(economy, lab, COST_OF_SALES) + lab.moved) * throughput(economy, lab)
        served = min(1.0, max(0.0, work - model_lines.running(lab)) / (load * stretch(lab)))
    lab.served = served
    for good in [GOOD[good + suffix] for suffix in model_lines.SUFFIXES for good in TOKENS]:
        asked = sum(
            order.quantity for order in economy.asked["tokens"] if (order.seller, order.good) == (lab.account, good)
        )
        limits[lab.account, good] = int(served * asked)


def limit_queries(economy: Economy, app: App, limits: dict[tuple[int, int], int]) -> None:
    """Limit an app's queries to those for which it has tokens: paid first, then staff, calls, free and pages."""
    able = search_and_calls.queries_asked(app)
    for good, count in zip(TOKENS, tokens(app), strict=True):
        if count > 0:
            kinds = [GOOD[good + suffix] for suffix in model_lines.SUFFIXES]
            got = sum(
                order.quantity
                for order in economy.deals["tokens"]
                if order.buyer == app.account and order.good in kinds
            )
            able = min(able, (got + app.made.get(GOOD[good], 0)) // count)
    paid = min(app.asked_paid, able)
    limits[app.account, QUERIES_PAID] = paid
    seats = sum(order.quantity for order in economy.asked["apps"] if (order.seller, order.good) == (app.account, SEATS))
    limits[app.account, SEATS] = seats * paid // app.asked_paid if app.asked_paid else 0
    staff = min(app.asked_staff, able - paid)
    limits[app.account, appliances.QUERIES_BUSINESS] = staff
    seats = sum(
        order.quantity
        for order in economy.asked["apps"]
        if (order.seller, order.good) == (app.account, appliances.SEATS_BUSINESS)
    )
    limits[app.account, appliances.SEATS_BUSINESS] = seats * staff // app.asked_staff if app.asked_staff else 0
    answered = min(app.asked_calls, able - paid - staff)
    limits[app.account, search_and_calls.SEARCH_CALLS] = answered
    limits[app.account, QUERIES_FREE] = min(app.asked_free, able - paid - staff - answered)
    app.served_pages = min(app.asked_pages, able - paid - staff - answered - limits[app.account, QUERIES_FREE])


def count_queries(economy: Economy, app: App) -> None:
    own = [deal for deal in economy.deals["apps"] if deal.seller == app.account]
    app.seats = sum(deal.quantity for deal in own if deal.good == SEATS)
    app.served_paid = sum(deal.quantity for deal in own if deal.good == QUERIES_PAID)
    app.served_free = sum(deal.quantity for deal in own if deal.good == QUERIES_FREE)
    app.served_calls = sum(deal.quantity for deal in own if deal.good == search_and_calls.SEARCH_CALLS)
    app.served_staff = sum(deal.quantity for deal in own if deal.good == appliances.QUERIES_BUSINESS)
    app.shown = {}
    for region in economy.regions:
        answered = sum(deal.quantity for deal in own if (deal.buyer, deal.good) == (region.account, QUERIES_FREE))
        app.shown[region.region] = app.shown.get(region.region, 0) + answered

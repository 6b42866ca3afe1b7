"""Chapter 7.5 of the rules: orders, from users up to machines."""

import math
from typing import NamedTuple

import numpy as np

from tests.oracle.economy.arithmetic import apportion, dollars, logit, nano
from tests.oracle.economy.books import CONSUMPTION, COST_OF_SALES, GOOD, OLDER, ONE_CENT, OPERATING_COST
from tests.oracle.economy.formulas import (
    QUERIES_FREE,
    QUERIES_PAID,
    SEATS,
    TOKENS,
    budget,
    in_service,
    own_use,
    stretch,
    throughput,
    tokens,
)
from tests.oracle.economy.mechanisms import (
    appliances,
    devices,
    multihoming_and_friends,
    open_weight_hosts,
    refused_sales_and_batches,
    reserved_hours,
    search_and_calls,
    self_hosted_models,
)
from tests.oracle.economy.participants import FREE, PAID, App, Cloud, Enterprise, Lab, Participant
from tests.oracle.economy.phases.user_choice import users_choose
from tests.oracle.economy.state import Economy, alive


def orders(e: Economy) -> None:
    e.asked = {"appliances": [], "apps": [], "search": [], "tokens": [], "hours": [], "machines": []}
    for enterprise in e.enterprises:
        appliances.order(e, enterprise)
    with np.errstate(over="ignore", under="ignore"):
        for region in e.regions:
            users_choose(e, region)
    for region in e.regions:
        users_order(e, region)
    for enterprise in e.enterprises:
        search_and_calls.order_answers(e, enterprise)
    for enterprise in e.enterprises:
        appliances.order_seats(e, enterprise)
    with np.errstate(over="ignore", under="ignore"):
        devices.order(e)
    for app in alive(e.apps):
        app.asked_calls = asked_of(e, app, search_and_calls.SEARCH_CALLS)
        app.asked_staff = asked_of(e, app, appliances.QUERIES_BUSINESS)
        apps_ask(e, app)
        search_and_calls.order_searches(e, app)
    for enterprise in e.enterprises:
        enterprises_ask_tokens(e, enterprise)
    e.idle = {}
    for lab in alive(e.labs):
        labs_ask(e, lab)
    open_weight_hosts.set_hours_aside(e)
    older_businesses_ask(e)
    for enterprise in e.enterprises:
        enterprises_ask_hours(e, enterprise)
    self_hosted_models.order_hours(e)
    call_off_machines(e)


def users_order(e: Economy, region: Participant) -> None:
    for a, app in enumerate(e.apps):
        here = [
            (user, *one)
            for user in e.users
            if user.region is region
            for one in multihoming_and_friends.apps_used(user)
            if one[0] == a
        ]
        seats = sum(user.weight for user, _, tier, _ in here if tier == PAID)
        paid = sum(use * user.weight for user, _, tier, use in here if tier == PAID)
        free = sum(min(use, int(app.quota)) * user.weight for user, _, tier, use in here if tier == FREE)
        e.add_order("apps", region.account, CONSUMPTION, app.account, SEATS, seats, nano(app.price))
        e.add_order("apps", region.account, CONSUMPTION, app.account, QUERIES_PAID, paid, 0)
        e.add_order("apps", region.account, CONSUMPTION, app.account, QUERIES_FREE, free, 0)


def asked_of(e: Economy, app: App, good: int) -> int:
    return sum(one.quantity for one in e.asked["apps"] if (one.seller, one.good) == (app.account, good))


def apps_ask(e: Economy, app: App) -> None:
    app.asked_paid = asked_of(e, app, QUERIES_PAID)
    app.asked_free = asked_of(e, app, QUERIES_FREE)
    cards = [e.cards[name] for name in app.lab_share]
    order = [e.hash("labs", card["lab"].key) for card in cards]
    app.own_queries = int(app.hosted_share * search_and_calls.queries_asked(app))
    parts = apportion(search_and_calls.queries_asked(app) - app.own_queries, list(app.lab_share.values()), order)
    for card, queries in zip(cards, parts, strict=True):
        for good, count, offer in zip(TOKENS, tokens(app), card["offers"], strict=True):
            e.add_order("tokens", app.account, COST_OF_SALES, card["lab"].account, GOOD[good], queries * count, offer)


def enterprises_ask_tokens(e: Economy, enterprise: Enterprise) -> None:
    n = enterprise.n
    there = [card for card in e.cards.values() if card["region"] == enterprise.region]
    cards = [card for card in there if refused_sales_and_batches.sells_to(card, enterprise.account)]
    if not cards:
        return
    mixes = (n["cached_mix"], n["input_mix"], 1.0)
    for_tokens = appliances.budget_for_routes(e, enterprise)
    shares = logit([refused_sales_and_batches.worth(enterprise, card, for_tokens) for card in cards])
    for card, share in zip(cards, shares, strict=True):
        each = sum(dollars(offer) * mix for offer, mix in zip(card["offers"], mixes, strict=True)) / 1_000_000
        output = for_tokens * appliances.budget_shares(e, enterprise)[0] * share / each
        for good, mix, offer in zip(TOKENS, mixes, card["offers"], strict=True):
            e.add_order(
                "tokens",
                enterprise.account,
                OPERATING_COST,
                card["lab"].account,
                GOOD[good],
                int(output * mix),
                offer,
            )
        if for_tokens > 0:
            refused_sales_and_batches.order_free_tokens(e, enterprise, card, share)


def labs_ask(e: Economy, lab: Lab) -> None:
    works = dict(zip(TOKENS, (lab.n["cached_work"], lab.n["input_work"], 1.0), strict=True))
    lab.load = sum(
        sum(one.quantity for one in e.asked["tokens"] if (one.seller, one.good) == (lab.account, GOOD[good])) * work
        for good, work in works.items()
    )
    if lab.hour_price == 0:
        return
    serving = math.ceil((lab.load * stretch(lab) + lab.n["half_load"]) / throughput(e, lab)) if lab.load > 0 else 0
    training = int(lab.budget / lab.hour_price)
    lab.hours_used = serving + training
    serving, training = reserved_hours.use_contracts(e, lab, serving, training)
    clouds = [e.rentals[name]["cloud"] for name in lab.cloud_share]
    order = [e.hash("clouds", cloud.key) for cloud in clouds]
    for item, hours in ((COST_OF_SALES, serving), (OPERATING_COST, training)):
        parts = apportion(hours, list(lab.cloud_share.values()), order)
        for cloud, part in zip(clouds, parts, strict=True):
            e.add_order("hours", lab.account, item, cloud.account, GOOD["hours"], part, nano(cloud.price))


def older_businesses_ask(e: Economy) -> None:
    share = own_use(e)
    for cloud in alive(e.clouds):
        if cloud.price > 0:
            hours = int(cloud.n["older_revenue"] * share / cloud.price)
            e.add_order("hours", OLDER, OPERATING_COST, cloud.account, GOOD["hours"], hours, nano(cloud.price))


class Need(NamedTuple):
    """Hours that the enterprises of a region want, own, and can rent."""

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
        e.add_order("hours", enterprise.account, OPERATING_COST, cloud.account, GOOD["hours"], hours, nano(cloud.price))


def call_off_machines(e: Economy) -> None:
    owners: list[Cloud | App] = [*alive(e.clouds), *(app for app in alive(e.apps) if app not in appliances.sellers(e))]
    for cloud in sorted(owners, key=lambda one: one.account):
        call_off(e, cloud.account, cloud.spendable * ONE_CENT)
    for enterprise in sorted(e.enterprises, key=lambda one: one.account):
        call_off(e, enterprise.account, e.committed(enterprise.account))
    for app in appliances.sellers(e):
        call_off(e, app.account, app.spendable * ONE_CENT)


def call_off(e: Economy, caller: int, spendable: int) -> None:
    """Call off a buyer's open orders, as far as it can pay for them."""
    committed = e.committed(caller)
    for (buyer, vendor), pending in sorted(e.backlog.items(), key=lambda one: one[0]):
        if buyer == caller and pending.units > 0:
            units = pending.units * min(spendable, committed) // committed if committed else pending.units
            e.add_order(
                "machines", buyer, pending.item, vendor, GOOD["accelerators"], units, pending.value // pending.units
            )

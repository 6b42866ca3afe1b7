"""Chapter 7.5 of the rules: orders, from users up to machines."""

import math
from typing import NamedTuple

import numpy as np

from tests.oracle.economy import answers_of_customers, handed_over_work, model_lines
from tests.oracle.economy.arithmetic import apportion, logit, nano, uniform
from tests.oracle.economy.books import CONSUMPTION, COST_OF_SALES, GOOD, OLDER, ONE_CENT, OPERATING_COST
from tests.oracle.economy.formulas import (
    QUERIES_FREE,
    QUERIES_PAID,
    SEATS,
    TOKENS,
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
from tests.oracle.economy.participants import FREE, PAID, App, Cloud, Enterprise, Lab, Participant, State
from tests.oracle.economy.phases import own_use as own_use_by_return
from tests.oracle.economy.phases.user_choice import users_choose
from tests.oracle.economy.state import Economy, alive


def orders(economy: Economy) -> None:
    economy.asked = {"appliances": [], "apps": [], "search": [], "tokens": [], "hours": [], "machines": []}
    for enterprise in economy.enterprises:
        appliances.order(economy, enterprise)
    with np.errstate(over="ignore", under="ignore"):
        for region in economy.regions:
            users_choose(economy, region)
    for region in economy.regions:
        users_order(economy, region)
    for enterprise in economy.enterprises:
        search_and_calls.order_answers(economy, enterprise)
    for enterprise in economy.enterprises:
        appliances.order_seats(economy, enterprise)
    with np.errstate(over="ignore", under="ignore"):
        devices.order(economy)
    for app in alive(economy.apps):
        app.asked_calls = asked_of(economy, app, search_and_calls.SEARCH_CALLS)
        app.asked_staff = asked_of(economy, app, appliances.QUERIES_BUSINESS)
        apps_ask(economy, app)
        search_and_calls.order_searches(economy, app)
    for enterprise in economy.enterprises:
        enterprises_ask_tokens(economy, enterprise)
    economy.idle = {}
    for lab in alive(economy.labs):
        labs_ask(economy, lab)
    open_weight_hosts.set_hours_aside(economy)
    older_businesses_ask(economy)
    own_use_by_return.order(economy)
    for enterprise in economy.enterprises:
        enterprises_ask_hours(economy, enterprise)
    states_ask(economy)
    self_hosted_models.order_hours(economy)
    call_off_machines(economy)


def users_order(economy: Economy, region: Participant) -> None:
    region.paid_seats = 0
    for number, app in enumerate(economy.apps):
        seats_taken = [
            (user, *seat)
            for user in economy.users
            if user.region is region
            for seat in multihoming_and_friends.apps_used(user)
            if seat[0] == number
        ]
        seats = sum(user.weight for user, _, tier, _ in seats_taken if tier == PAID)
        paid = sum(
            multihoming_and_friends.queries_paid(user, app, use) * user.weight
            for user, _, tier, use in seats_taken
            if tier == PAID
        )
        free = sum(min(use, int(app.quota)) * user.weight for user, _, tier, use in seats_taken if tier == FREE)
        region.paid_seats += seats
        economy.add_order("apps", region.account, CONSUMPTION, app.account, SEATS, seats, nano(app.price))
        economy.add_order("apps", region.account, CONSUMPTION, app.account, QUERIES_PAID, paid, nano(app.query_price))
        economy.add_order("apps", region.account, CONSUMPTION, app.account, QUERIES_FREE, free, 0)


def asked_of(economy: Economy, app: App, good: int) -> int:
    return sum(order.quantity for order in economy.asked["apps"] if (order.seller, order.good) == (app.account, good))


def apps_ask(economy: Economy, app: App) -> None:
    app.asked_paid = asked_of(economy, app, QUERIES_PAID)
    app.asked_free = asked_of(economy, app, QUERIES_FREE)
    cards = [economy.cards[name] for name in app.lab_share]
    order = [economy.hash("labs", card["lab"].key) for card in cards]
    app.own_queries = int(app.hosted_share * search_and_calls.queries_asked(app))
    parts = apportion(search_and_calls.queries_asked(app) - app.own_queries, list(app.lab_share.values()), order)
    for card, queries in zip(cards, parts, strict=True):
        for good, count, offer in zip(card["goods"], tokens(app), card["offers"], strict=True):
            economy.add_order("tokens", app.account, COST_OF_SALES, card["lab"].account, good, queries * count, offer)


def enterprises_ask_tokens(economy: Economy, enterprise: Enterprise) -> None:
    cards = handed_over_work.cards_for(economy, enterprise)
    for_routes = appliances.budget_for_routes(economy, enterprise)
    spent = for_routes * appliances.budget_shares(economy, enterprise)[0]
    by_path = handed_over_work.by_path(economy, enterprise, spent)
    worths = [refused_sales_and_batches.worth(enterprise, card, for_routes) for card in cards]
    shares = model_lines.shares_of_best(cards, worths) if cards else []
    for card, share in zip(cards, shares, strict=True):
        handed_over_work.buy_basket(economy, enterprise, card, by_path * share)
        if for_routes > 0:
            refused_sales_and_batches.order_free_tokens(economy, enterprise, card, share)
    handed_over_work.order_tokens(economy, enterprise, spent - by_path)
    answers_of_customers.note(economy, enterprise, cards, [by_path * share for share in shares], spent - by_path)


def labs_ask(economy: Economy, lab: Lab) -> None:
    works = dict(zip(TOKENS, (lab.numbers["cached_work"], lab.numbers["input_work"], 1.0), strict=True))
    for place, suffix in enumerate(model_lines.SUFFIXES):
        lab.loads[place] = sum(
            sum(
                asked.quantity
                for asked in economy.asked["tokens"]
                if (asked.seller, asked.good) == (lab.account, GOOD[good + suffix])
            )
            * work
            for good, work in works.items()
        )
    if lab.hour_price == 0:
        return
    load, running = model_lines.load(lab), model_lines.running(lab)
    serving = math.ceil((load * stretch(lab) + running) / throughput(economy, lab)) if load > 0 else 0
    training = int(lab.budget / lab.hour_price)
    lab.hours_used = serving + training
    serving, training = reserved_hours.use_contracts(economy, lab, serving, training)
    clouds = [economy.rentals[name]["cloud"] for name in lab.cloud_share]
    order = [economy.hash("clouds", cloud.key) for cloud in clouds]
    for item, hours in ((COST_OF_SALES, serving), (OPERATING_COST, training)):
        parts = apportion(hours, list(lab.cloud_share.values()), order)
        for cloud, part in zip(clouds, parts, strict=True):
            economy.add_order("hours", lab.account, item, cloud.account, GOOD["hours"], part, nano(cloud.price))


def older_businesses_ask(economy: Economy) -> None:
    share = own_use(economy)
    for cloud in alive(economy.clouds):
        if cloud.price > 0:
            hours = int(cloud.numbers["older_revenue"] * share / cloud.price)
            hours += cloud.set_aside * own_use_by_return.NANO_A_CENT // nano(cloud.price)
            economy.add_order("hours", OLDER, OPERATING_COST, cloud.account, GOOD["hours"], hours, nano(cloud.price))


class Need(NamedTuple):
    """Hours that the enterprises of a region want, own, and can rent."""

    clouds: list[Cloud]
    shares: list[float]
    rent: float
    wanted: float
    owned: float


def need(economy: Economy, enterprise: Enterprise) -> Need | None:
    numbers = enterprise.numbers
    clouds = [
        rental["cloud"]
        for rental in economy.rentals.values()
        if rental["region"] == enterprise.region and rental["capacity"] > 0 and rental["sells"]
    ]
    compute = handed_over_work.compute_budget(economy, enterprise)
    if not clouds or compute <= 0:
        return None
    shares = logit([math.log(cloud.capacity) - numbers["hour_sensitivity"] * math.log(cloud.price) for cloud in clouds])
    rent = sum(share * cloud.price for share, cloud in zip(shares, clouds, strict=True))
    owned = numbers["own_use"] * sum(lot.units * lot.hours for lot in in_service(economy, enterprise))
    return Need(clouds, shares, rent, compute / rent, owned)


def enterprises_ask_hours(economy: Economy, enterprise: Enterprise) -> None:
    needed = need(economy, enterprise)
    if needed is None:
        return
    rented = max(0.0, 1 - needed.owned / needed.wanted)
    for cloud, share in zip(needed.clouds, shares_with_projects(economy, enterprise, needed), strict=True):
        hours = int(handed_over_work.compute_budget(economy, enterprise) * rented * share / cloud.price)
        economy.add_order(
            "hours", enterprise.account, OPERATING_COST, cloud.account, GOOD["hours"], hours, nano(cloud.price)
        )


def shares_with_projects(economy: Economy, enterprise: Enterprise, needed: Need) -> list[float]:
    """Shares of clouds in rented hours, once each project has a cloud (9.65)."""
    numbers, accounts = enterprise.numbers, [cloud.account for cloud in needed.clouds]
    count, part = int(numbers["projects"]), numbers["project_share"]
    if count == 0 or part == 0:
        return needed.shares
    won = dict.fromkeys(accounts, 0)
    for place in range(count):
        cloud, ends = economy.projects.get((enterprise.account, place), (-1, 0))
        if ends <= economy.month or cloud not in accounts:
            left = float(uniform(economy.hash("tender", enterprise.key, place)))
            months = int(numbers["project_months"])
            if (enterprise.account, place) not in economy.projects:
                months = 1 + int(float(uniform(economy.hash("under_way", enterprise.key, place))) * months)
            cloud = accounts[-1]
            for account, share in zip(accounts, needed.shares, strict=True):
                left -= share
                if left < 0:
                    cloud = account
                    break
            economy.projects[enterprise.account, place] = cloud, economy.month + months
        won[cloud] += 1
    return [
        share * (1 - part) + part * won[account] / count for account, share in zip(accounts, needed.shares, strict=True)
    ]


def states_ask(economy: Economy) -> None:
    for state in economy.states:
        state_asks(economy, state)


def state_asks(economy: Economy, state: State) -> None:
    clouds = [
        rental["cloud"]
        for rental in economy.rentals.values()
        if rental["region"] == state.region
        and rental["capacity"] > 0
        and (rental["sells"] or rental["cloud"].owner == state.name)
    ]
    if state.purse <= 0 or not clouds:
        return
    worth = [math.log(cloud.capacity) - state.numbers["hour_sensitivity"] * math.log(cloud.price) for cloud in clouds]
    for cloud, share in zip(clouds, logit(worth), strict=True):
        hours = int(state.purse * share) * own_use_by_return.NANO_A_CENT // nano(cloud.price)
        economy.add_order(
            "hours", state.account, OPERATING_COST, cloud.account, GOOD["hours"], hours, nano(cloud.price)
        )


def call_off_machines(economy: Economy) -> None:
    owners: list[Cloud | App] = [
        *alive(economy.clouds),
        *(app for app in alive(economy.apps) if app not in appliances.sellers(economy)),
    ]
    for cloud in sorted(owners, key=lambda buyer: buyer.account):
        call_off(economy, cloud.account, cloud.spendable * ONE_CENT)
    for enterprise in sorted(economy.enterprises, key=lambda buyer: buyer.account):
        call_off(economy, enterprise.account, economy.committed(enterprise.account))
    for app in appliances.sellers(economy):
        call_off(economy, app.account, app.spendable * ONE_CENT)


def call_off(economy: Economy, caller: int, spendable: int) -> None:
    """Call off a buyer's open orders, as far as it can pay for them."""
    committed = economy.committed(caller)
    for (buyer, vendor), pending in sorted(economy.backlog.items(), key=lambda entry: entry[0]):
        if buyer == caller and pending.units > 0:
            units = pending.units * min(spendable, committed) // committed if committed else pending.units
            economy.add_order(
                "machines", buyer, pending.item, vendor, GOOD["accelerators"], units, pending.value // pending.units
            )

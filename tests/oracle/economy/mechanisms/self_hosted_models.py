"""Chapters 9.21 and 9.43 of the rules: apps that serve an open model themselves, and how long models reason."""

import math

from tests.oracle.economy import formulas, strategies
from tests.oracle.economy.arithmetic import apportion, cents, nano
from tests.oracle.economy.books import CHIP_STOCK, COST_OF_SALES, GOOD, ONE_CENT, OPERATING_COST, WORLD, Order
from tests.oracle.economy.mechanisms import machine_choice, search_and_calls
from tests.oracle.economy.mechanisms.generations import hunger
from tests.oracle.economy.participants import App, Cloud, Enterprise, Lab
from tests.oracle.economy.state import Economy, alive

LONGEST = 100  # times the output tokens of an answer, 9.43


def work_per_token(lab: Lab) -> tuple[float, float, float]:
    return lab.numbers["cached_work"], lab.numbers["input_work"], 1.0


def work_of_a_query(app: App, lab: Lab) -> float:
    counts = formulas.tokens_at(app, lab.quality)
    return sum(count * work for count, work in zip(counts, work_per_token(lab), strict=True))


def hours_for(economy: Economy, lab: Lab, load: float) -> int:
    if load <= 0:
        return 0
    return math.ceil((load * (1 / lab.numbers["peak"]) + lab.numbers["half_load"]) / formulas.throughput(economy, lab))


def cost_of_load(economy: Economy, app: App, lab: Lab, load: float) -> float:
    hours = hours_for(economy, lab, load)
    own = min(hours, app.capacity)
    return own * app.numbers["power_cost"] + (hours - own) * app.hour_price


def asked(app: App) -> int:
    return search_and_calls.queries_asked(app)


def choose_hosting(economy: Economy, app: App) -> None:
    """Choose the share of queries that an app serves itself, after it has chosen its labs."""
    best: Lab | None = None
    for lab in alive(economy.labs):
        if lab.numbers["open_weights"] > 0 and (best is None or lab.quality > best.quality):
            best = lab
    formulas.choose_clouds(economy, app)
    share, app.model = 0.0, None
    if best is not None and (app.cloud_share or app.capacity):
        share = min(1.0, wanted_share(economy, app, best))
    app.hosted_share = share
    if best is None or share <= 0:
        app.cloud_share = {}
        return
    app.model = best
    work = work_of_a_query(app, best)
    load = max(1.0, asked(app) * work, best.numbers["half_load"])
    app.query_cost = share * (cost_of_load(economy, app, best, load) * work / load) + (1 - share) * app.query_cost
    app.quality = share * best.quality + (1 - share) * app.quality


def wanted_share(economy: Economy, app: App, lab: Lab) -> float:
    match strategies.name(app.strategies["hosting"]):
        case "ApiOnly":
            return 0.0
        case "OwnModel":
            return 1.0
        case "BreakEven":
            api = asked(app) * app.query_cost if app.lab_share else math.inf
            own = cost_of_load(economy, app, lab, asked(app) * work_of_a_query(app, lab))
            step = app.strategies["hosting"].step
            if own + app.numbers["host_team"] < api:
                return min(1.0, app.hosted_share + step)
            return max(0.0, app.hosted_share - step)
    raise ValueError(app.strategies["hosting"])


def load_of(app: App, lab: Lab) -> float:
    return sum(
        app.own_queries * count * work for count, work in zip(formulas.tokens(app), work_per_token(lab), strict=True)
    )


def order_hours(economy: Economy) -> None:
    for app in economy.apps:
        app.host_hours = 0
        if app.model is None or not app.alive:
            continue
        app.host_hours = hours_for(economy, app.model, load_of(app, app.model))
        clouds = [economy.rentals[name]["cloud"] for name in app.cloud_share]
        order = [economy.hash("clouds", cloud.key) for cloud in clouds]
        parts = apportion(max(0, app.host_hours - app.capacity), list(app.cloud_share.values()), order)
        for cloud, part in zip(clouds, parts, strict=True):
            economy.add_order(
                "hours", app.account, COST_OF_SALES, cloud.account, GOOD["hours"], part, nano(cloud.price)
            )


def make_tokens(economy: Economy) -> None:
    for app in economy.apps:
        app.made = {}
        if app.model is None or not app.alive:
            continue
        rented = sum(deal.quantity for deal in economy.deals["hours"] if deal.buyer == app.account)
        load, served = load_of(app, app.model), 1.0
        if load > 0:
            work = (min(app.host_hours, app.capacity) + rented) * formulas.throughput(economy, app.model)
            able = max(0.0, work - app.model.numbers["half_load"])
            served = min(1.0, able / (load * (1 / app.model.numbers["peak"])))
        for good, count in zip(formulas.TOKENS, formulas.tokens(app), strict=True):
            app.made[GOOD[good]] = int(served * (app.own_queries * count))


def pay_bills(economy: Economy) -> None:
    due = []
    for app in economy.apps:
        if not app.alive:
            continue
        numbers, ran = app.numbers, min(app.host_hours, app.capacity)
        if app.model is not None:
            due.append(Order(app.account, OPERATING_COST, WORLD, GOOD["wages"], cents(numbers["host_team"]), ONE_CENT))
        if app.capacity:
            lots = formulas.in_service(economy, app)
            for good, hours, cost in (
                ("power", ran, numbers["power_cost"]),
                ("site", app.capacity, numbers["site_cost"]),
            ):
                price = nano(cost * hunger(lots, hours))
                due.append(Order(app.account, COST_OF_SALES, WORLD, GOOD[good], hours, price))
    economy.pay(due)


def order_machines(economy: Economy) -> None:
    orders: list[tuple[Cloud | App | Enterprise, int, int, machine_choice.Mix]] = []
    for app in alive(economy.apps):
        sheets = [sheet for sheet in economy.sheets.values() if machine_choice.may_order(app, sheet)]
        if app.model is None or not sheets or app.numbers["sells_appliances"] > 0:
            continue
        numbers = app.numbers
        running = numbers["power_cost"] + numbers["site_cost"]
        worth = formulas.hour_worth(app, int(numbers["book_life"]), app.hour_price, running)
        takes = formulas.running_worth(app, int(numbers["book_life"]), running)
        view = machine_choice.vendors_view(app, sheets, worth, takes)
        mix = machine_choice.Mix(sheets, strategies.sourcing(app.strategies["sourcing"], view))
        gain = mix.gain(app, worth + mix.saved() * takes)
        if strategies.name(app.strategies["owning"]) != "OwnMachines" or gain <= 1:
            continue
        later = sum(lot.units * lot.hours for lot in economy.lots if lot.owner is app and lot.opens > economy.month)
        hours = max(0.0, app.host_hours - app.capacity - (economy.on_order(app.account) + later))
        if hours > 0:
            orders.append((app, CHIP_STOCK, machines_for(economy, app, hours, mix), mix))
    machine_choice.place_orders(economy, orders)


def machines_for(economy: Economy, app: App, hours: float, mix: "machine_choice.Mix") -> int:
    app.chip_share = {sheet["vendor"].name: share for sheet, share in zip(mix.sheets, mix.shares, strict=True)}
    for sheet, share in zip(mix.sheets, mix.shares, strict=True):
        sheet["vendor"].choices.append((hours * share, share))
    cash = economy.books.free_cash(app.account) / 100 - economy.committed(app.account) / 10**9
    most = max(0.0, cash) / (mix.of("price") * (1 + app.numbers["building_share"]))
    return int(min(hours / mix.of("hours"), most))


# --- 9.43 Reasoning ---


def choose_effort(economy: Economy, app: App) -> None:
    app.effort, seen = effort(economy, app), app.numbers["reasoning_gain"]
    app.reasoned = seen * math.log(app.effort)


def effort(economy: Economy, app: App) -> float:
    strategy = app.strategies["effort"]
    if strategies.name(strategy) != "BestEffort":
        return strategy.multiple if strategies.name(strategy) == "FixedEffort" else 1.0
    power = strategy.response * app.numbers["reasoning_gain"]
    spare = economy.last_month(app, "revenue") / 100 - other_cost(economy, app)
    wanted, cost = power / (1 + power) * max(0.0, spare), output_cost(economy, app)
    if wanted <= cost:
        return 1.0
    return min(wanted / cost, LONGEST) if cost > 0 else LONGEST


def answered(app: App) -> int:
    return app.served_paid + app.served_free + app.served_calls + app.served_staff + app.asked_pages


def bought(economy: Economy, app: App) -> list[tuple[float, tuple[float, float, float]]]:
    """Last month's answers at each lab at this month's price of a million output tokens, and the card's weights."""
    cards = [(economy.cards[lab], share) for lab, share in app.lab_share.items() if lab in economy.cards]
    return [(share * answered(app) / 1_000_000 * card["price"], card["weights"]) for card, share in cards]


def output_cost(economy: Economy, app: App) -> float:
    _, _, written = formulas.tokens(app)
    return sum(usd * written * weights[2] for usd, weights in bought(economy, app)) / app.effort


def other_cost(economy: Economy, app: App) -> float:
    cached, read, _ = formulas.tokens(app)
    beside = (app.search_cost + app.numbers["content_price"]) * answered(app)
    return beside + sum(usd * (cached * each[0] + read * each[1]) for usd, each in bought(economy, app))

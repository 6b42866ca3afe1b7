"""Chapters 9.27, 9.28, 9.41, 9.42 and 9.71 of the rules: several apps, friends, budgets, bad debts, pay by use."""

import math

import numpy as np

from tests.oracle.economy.arithmetic import exp32, hashed, normal, uniform
from tests.oracle.economy.books import CONSUMPTION, GOOD, INCOME, OPERATING_COST, PAYABLES, RECEIVABLES, REVENUE, Row
from tests.oracle.economy.participants import FREE, NONE, PAID, App, Participant, User
from tests.oracle.economy.state import Economy

float32 = np.float32
ZERO = np.float32(0)
Weights = dict[tuple[int, int], np.float32]


def further_use(user: User) -> int:
    """Queries that a user puts to each further app."""
    return int(user.use * user.region.numbers["part"])


def apps_used(user: User) -> list[tuple[int, int, int]]:
    """App, tier and queries of each of a user's apps."""
    if user.app == NONE:
        return []
    main_use = user.use - further_use(user) * len(user.further)
    return [
        (user.app, user.tier, main_use),
        *((app, tier, further_use(user)) for app, tier in user.further),
    ]


def uses(user: User, number: int, tier: int) -> bool:
    return (number, tier) in [(app, used_tier) for app, used_tier, _ in apps_used(user)]


def pick(weights: dict[tuple[int, int], np.float32], outside: np.float32, draw: np.float32) -> tuple[int, int] | None:
    """Choose the app and tier in whose interval the draw falls; beyond the last, choose none."""
    sums, so_far = [], ZERO
    for weight in weights.values():
        so_far = so_far + weight
        sums.append(so_far)
    goal = draw * (so_far + exp32(outside))
    choice = sum(1 for end in sums if end <= goal)
    return None if choice == len(sums) else list(weights)[choice]


def choose_apps(economy: Economy, user: User, weights: dict[tuple[int, int], np.float32], outside: np.float32) -> None:
    """Choose a user's main app, then up to two further ones."""
    left = has_for_apps(economy, user)
    weights = within(economy, user, weights, left)
    seat = pick(weights, outside, uniform(economy.hash("choose", user.key)))
    user.app, user.tier = (NONE, FREE) if seat is None else seat
    user.further = []
    several = user.region.numbers["multihoming"]
    open_to = uniform(hashed(economy.seed, -1, "several", user.key))
    for step in (1, 2):
        if seat is None or several == 0 or further_use(user) == 0 or not open_to < float32(several**step):
            return
        weights = weights | dict.fromkeys([(seat[0], FREE), (seat[0], PAID)], ZERO)
        left = after(economy, user, seat, left)
        weights = within(economy, user, weights, left)
        seat = pick(weights, outside, uniform(economy.hash("choose_more", user.key, step)))
        if seat is not None:
            user.further.append(seat)


def shares_of_users(economy: Economy, region: Participant) -> list[float]:
    """Share of a region's people that uses each app."""
    users = [user for user in economy.users if user.region is region]
    return [
        sum(user.weight for user in users if number in [app for app, _, _ in apps_used(user)])
        / region.numbers["people"]
        for number in range(len(economy.apps))
    ]


def app_heard_of(economy: Economy, user: User, rates: list[np.float32], used_last: dict[int, list[int]]) -> int:
    """Number of the app that a user hears of: the one in whose interval of the hazards the draw falls."""
    draw, heard, so_far = uniform(economy.hash("hear", user.key)), 0, ZERO
    for number, app in enumerate(economy.apps):
        rate = rates[number]
        if user.friends and app.offered(user.region.region):
            voice = float32(user.region.numbers["imitators"] / len(user.friends))
            rate = rate + voice * float32(sum(1 for friend in user.friends if number in used_last[friend.key]))
        so_far = so_far + rate
        heard += int(so_far <= draw)
    return heard


# --- 9.41 Incomes and budgets ---


def keeps_budget(economy: Economy, user: User) -> bool:
    return bool(uniform(hashed(economy.seed, -1, "budgeted", user.key)) < float32(user.region.numbers["budgeted"]))


def budget(economy: Economy, user: User) -> np.float32:
    numbers = user.region.numbers
    tie, own = float32(numbers["income_worth"]), normal(uniform(hashed(economy.seed, -1, "income", user.key)))
    place = tie * user.likes + np.sqrt(float32(1) - tie * tie) * own
    return float32(numbers["budget_share"]) * (
        float32(numbers["income_median"]) * exp32(float32(numbers["income_spread"]) * place)
    )


def has_for_apps(economy: Economy, user: User) -> np.float32:
    """Dollars that a user can pay for apps this month."""
    if user.barred_until > economy.month:
        return float32(0)
    return budget(economy, user) if keeps_budget(economy, user) else float32(math.inf)


def within(economy: Economy, user: User, weights: Weights, left: np.float32) -> Weights:
    """Set the weights of paid seats to 0 that cost more than is left."""
    return {
        (number, tier): float32(0) if tier == PAID and outlay(user, economy.apps[number]) > left else weight
        for (number, tier), weight in weights.items()
    }


def after(economy: Economy, user: User, seat: tuple[int, int], left: np.float32) -> np.float32:
    return left - outlay(user, economy.apps[seat[0]]) if seat[1] == PAID else left


def income(economy: Economy, region: Participant) -> float:
    numbers = region.numbers
    keepers = [user for user in economy.users if user.region is region and keeps_budget(economy, user)]
    others = 1 - sum(user.weight for user in keepers) / numbers["people"]
    budgets = math.fsum(user.weight * float(budget(economy, user)) for user in keepers)
    return numbers["income"] * numbers["people"] * others + budgets


# --- 9.71 Apps that users pay by use ---


def unpaid(user: User, app: App) -> np.float32:
    """Log units by which a user's use exceeds what it pays for."""
    numbers = user.region.numbers
    rate = numbers["price_weight"] * app.query_price
    if rate <= 0 or numbers["quota_weight"] <= 0:
        return ZERO
    worth = float32(math.log(numbers["worth_median"])) + float32(numbers["worth_spread"]) * user.likes
    return max((user.log_use + float32(math.log(rate / numbers["quota_weight"]))) - worth, ZERO)


def asked_for_money(user: User, app: App) -> np.float32:
    return float32(user.use) * exp32(-unpaid(user, app))


def outlay(user: User, app: App) -> np.float32:
    """Dollars a month for an app with all queries asked there."""
    return float32(app.price) + float32(app.query_price) * asked_for_money(user, app)


def queries_paid(user: User, app: App, asks: int) -> int:
    less = unpaid(user, app)
    return int(float32(asks) * exp32(-less)) if less > 0 else asks


def loss_of_paying(user: User, app: App, price: np.float32) -> tuple[np.float32, np.float32]:
    """Utility that a paying user lacks for want of queries, and what it pays loses it."""
    numbers = user.region.numbers
    per_query = float32(numbers["price_weight"] * app.query_price)
    paid = (price + per_query * asked_for_money(user, app)) / user.worth
    return float32(numbers["quota_weight"]) * unpaid(user, app), paid


# --- 9.42 Bad debts ---


def write_off_bad_debts(economy: Economy) -> None:
    owed = {region.account: economy.books.debts(region.account, PAYABLES) for region in economy.regions}
    for region in economy.regions:
        debts, numbers = owed[region.account], region.numbers
        region.months_owing = region.months_owing + 1 if debts else 0
        region.billed = region.billed + invoiced(economy, region) if debts else 0
        if region.months_owing < numbers["overdue"] or numbers["written_off"] == 0:
            continue
        lost = 0
        for creditor, cents in debts:
            amount, good = round(numbers["written_off"] * cents), GOOD["bad_debts"]
            lost += amount
            economy.books.write([Row(creditor, OPERATING_COST, creditor, RECEIVABLES, good, amount, region.account)])
            economy.books.write([Row(region.account, PAYABLES, region.account, INCOME, good, amount, creditor)])
        share = min(1.0, lost / region.billed) if region.billed else 1.0
        region.billed = 0
        for user in economy.users:
            tiers = [user.tier] * (user.app >= 0) + [tier for _, tier in user.further]
            if user.region is region and PAID in tiers and uniform(economy.hash("default", user.key)) < float32(share):
                user.barred_until = economy.month + 1 + int(numbers["barred"])


def invoiced(economy: Economy, region: Participant) -> int:
    """Cents of this month's bills for what the region's people bought."""
    return sum(
        row[-1]
        for row in economy.books.journal
        if row[0] == economy.month and row[3:7:2] == (region.account, row[5]) and row[4] == CONSUMPTION
        and row[6] == REVENUE
    )  # fmt: skip

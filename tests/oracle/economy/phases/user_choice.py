"""Chapter 7.5 of the rules: how users hear of apps and choose, one user at a time."""

import math

import numpy as np

from tests.oracle.economy.arithmetic import exp32
from tests.oracle.economy.mechanisms import marketing_trust_transactions, multihoming_and_friends, search_and_calls
from tests.oracle.economy.participants import FREE, PAID, App, Participant, User
from tests.oracle.economy.state import Economy

ZERO = np.float32(0)
float32 = np.float32


def users_choose(economy: Economy, region: Participant) -> None:
    users = [user for user in economy.users if user.region is region]
    share = multihoming_and_friends.shares_of_users(economy, region)
    rates = hazards(economy, region, share)
    last = {user.key: [number for number, _, _ in multihoming_and_friends.apps_used(user)] for user in users}
    good = {
        number: goodness(app, region, share[number])
        for number, app in enumerate(economy.apps)
        if app.offered(region.region)
    }
    best = max([*good.values(), region.numbers["outside"]])
    terms = {number: terms_of(economy.apps[number], region, base - best) for number, base in good.items()}
    outside = float32(region.numbers["outside"] - best)
    for user in users:
        hear(economy, user, multihoming_and_friends.app_heard_of(economy, user, rates, last))
        choose(economy, user, terms, outside)


def hazards(economy: Economy, region: Participant, share: list[float]) -> list[np.float32]:
    """How likely a user is to hear of each app this month."""
    offered = [app.offered(region.region) for app in economy.apps]
    rates = [
        marketing_trust_transactions.heard_rate(economy, region, share, app) if is_offered else 0.0
        for app, is_offered in zip(economy.apps, offered, strict=True)
    ]
    return [float32(rate) for rate in rates]


def hear(economy: Economy, user: User, number: int) -> None:
    if number < len(economy.apps):
        user.known[number] = True


def goodness(app: App, region: Participant, share: float) -> float:
    """The part of an app's utility that all users of a region share."""
    numbers, own = region.numbers, app.numbers
    asked = search_and_calls.queries_asked(app) - app.asked_pages
    served = (app.served_paid + app.served_free + app.served_calls + app.served_staff) / asked if asked else 1.0
    good = (
        numbers["quality_weight"] * search_and_calls.quality(app)
        + own["appeal"]
        + marketing_trust_transactions.trust(app)
        + numbers["network"] * share
    )
    return good - numbers["ad_aversion"] * app.ad_load - numbers["limit_aversion"] * (1 - served)


Terms = tuple[np.float32, np.float32, np.float32, np.float32]


def terms_of(app: App, region: Participant, base: float) -> Terms:
    """Base, price, log quota and device term, each computed in float64 and cast to float32."""
    price = region.numbers["price_weight"] * app.price
    device = float32(app.numbers["device_habit"])
    return float32(base), float32(price), float32(math.log(max(int(app.quota), 1))), device


def choose(economy: Economy, user: User, terms: dict[int, Terms], outside: np.float32) -> None:
    weights = {
        (number, tier): exp32(utility(user, economy.apps[number], (number, tier), terms[number]))
        if number in terms and user.known[number]
        else ZERO
        for number in range(len(economy.apps))
        for tier in (FREE, PAID)
    }
    multihoming_and_friends.choose_apps(economy, user, weights, outside)


def utility(user: User, app: App, seat: tuple[int, int], terms: Terms) -> np.float32:
    numbers, (base, price, log_quota, device), (number, tier) = user.region.numbers, terms, seat
    stay = float32(numbers["habit"]) if multihoming_and_friends.uses(user, number, tier) else ZERO
    own = device if number in user.devices else ZERO
    common = base + (user.taste[number] + own) + stay
    if tier == PAID:
        lacked, paid = multihoming_and_friends.loss_of_paying(user, app, price)
        return common + float32(numbers["paid_bonus"]) - lacked - paid
    return common - float32(numbers["quota_weight"]) * max(user.log_use - log_quota, ZERO)

"""Chapter 7.5 of the rules: how users hear of apps and choose, one user at a time."""

import math

import numpy as np

from tests.oracle.economy.arithmetic import exp32
from tests.oracle.economy.mechanisms import marketing_trust_transactions, multihoming_and_friends, search_and_calls
from tests.oracle.economy.participants import FREE, PAID, App, Participant, User
from tests.oracle.economy.state import Economy

ZERO = np.float32(0)
float32 = np.float32


def users_choose(e: Economy, region: Participant) -> None:
    users = [user for user in e.users if user.region is region]
    share = multihoming_and_friends.shares_of_users(e, region)
    rates = hazards(e, region, share)
    last = {user.key: [a for a, _, _ in multihoming_and_friends.apps_used(user)] for user in users}
    good = {a: goodness(app, region, share[a]) for a, app in enumerate(e.apps) if app.offered(region.region)}
    best = max([*good.values(), region.n["outside"]])
    terms = {a: terms_of(e.apps[a], region, base - best) for a, base in good.items()}
    outside = float32(region.n["outside"] - best)
    for user in users:
        hear(e, user, multihoming_and_friends.app_heard_of(e, user, rates, last))
        choose(e, user, terms, outside)


def hazards(e: Economy, region: Participant, share: list[float]) -> list[np.float32]:
    """How likely a user is to hear of each app this month."""
    here = [app.offered(region.region) for app in e.apps]
    rates = [
        marketing_trust_transactions.heard_rate(e, region, share, app) if on else 0.0
        for app, on in zip(e.apps, here, strict=True)
    ]
    return [float32(rate) for rate in rates]


def hear(e: Economy, user: User, number: int) -> None:
    if number < len(e.apps):
        user.known[number] = True


def goodness(app: App, region: Participant, share: float) -> float:
    """The part of an app's utility that all users of a region share."""
    n, own = region.n, app.n
    asked = search_and_calls.queries_asked(app) - app.asked_pages
    served = (app.served_paid + app.served_free + app.served_calls + app.served_staff) / asked if asked else 1.0
    good = (
        n["quality_weight"] * search_and_calls.quality(app)
        + own["appeal"]
        + marketing_trust_transactions.trust(app)
        + n["network"] * share
    )
    return good - n["ad_aversion"] * own["ad_load"] - n["limit_aversion"] * (1 - served)


Terms = tuple[np.float32, np.float32, np.float32, np.float32]


def terms_of(app: App, region: Participant, base: float) -> Terms:
    """Base, price, log quota and device term, each computed in float64 and cast to float32."""
    price = region.n["price_weight"] * app.price
    device = float32(app.n["device_habit"])
    return float32(base), float32(price), float32(math.log(max(int(app.quota), 1))), device


def choose(e: Economy, user: User, terms: dict[int, Terms], outside: np.float32) -> None:
    weights = {
        (a, tier): exp32(utility(user, a, tier, terms[a])) if a in terms and user.known[a] else ZERO
        for a in range(len(e.apps))
        for tier in (FREE, PAID)
    }
    multihoming_and_friends.choose_apps(e, user, weights, outside)


def utility(user: User, a: int, tier: int, terms: Terms) -> np.float32:
    n, (base, price, log_quota, device) = user.region.n, terms
    stay = float32(n["habit"]) if multihoming_and_friends.uses(user, a, tier) else ZERO
    own = device if a in user.devices else ZERO
    common = base + (user.taste[a] + own) + stay
    if tier == PAID:
        return common + float32(n["paid_bonus"]) - price / user.worth
    return common - float32(n["quota_weight"]) * max(user.log_use - log_quota, ZERO)

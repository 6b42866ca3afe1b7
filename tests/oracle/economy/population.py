"""Chapter 5.5 of the rules: the population is drawn, one user at a time."""

import math

import numpy as np

from tests.oracle.economy.arithmetic import exp32, hashed, normal, split, uniform
from tests.oracle.economy.participants import App, Participant, User
from tests.oracle.economy.state import Economy


def draw_population(e: Economy, users: int) -> None:
    weights = [round(region.n["sample"] * 1_000_000) for region in e.regions]
    more = split(users - len(e.regions), weights, [region.key for region in e.regions])
    for region, n in zip(e.regions, more, strict=True):
        e.users += draw_users(e, region, 1 + n)


def draw_users(e: Economy, region: Participant, n: int) -> list[User]:
    users = [User(region, j + region.key * 2**40) for j in range(n)]
    top = max(1, min(n - 1, round(n * region.n["top_sample"]))) if n > 1 else 0
    share = np.float32(region.n["top_share"] if top > 0 else 0)
    draw_weights(e, region, users, top)
    for j, user in enumerate(users):
        u = uniform(drawn(e, "worth", user.key))
        quantile = np.float32(1) - share * u if j < top else (np.float32(1) - share) * u
        spread = np.float32(region.n["worth_spread"])
        user.worth = np.float32(region.n["worth_median"]) * exp32(spread * normal(quantile))
        bent = normal(uniform(drawn(e, "use", user.key))) * np.float32(region.n["use_spread"])
        user.use = max(1, int(np.rint(np.float32(region.n["use_median"]) * exp32(bent))))
        user.log_use = np.float32(math.log(user.use))
        for app in e.apps:
            draw_app(e, region, user, app)
    draw_friends(e, region, users)
    return users


def draw_friends(e: Economy, region: Participant, users: list[User]) -> None:
    """Draw friends: neighbours on a ring, some of them rewired to anybody (9.28)."""
    everybody = sum(user.weight for user in users)
    for number in range(int(region.n["friends"])):
        step = (number // 2 + 1) * (-1 if number % 2 else 1)
        for j, user in enumerate(users):
            one = (j + step) % len(users)
            if uniform(drawn(e, "rewired", user.key, number)) < np.float32(region.n["rewired"]):
                ticket, one = drawn(e, "friend", user.key, number) % everybody, 0
                while ticket >= users[one].weight:
                    ticket -= users[one].weight
                    one += 1
                one = (one + 1) % len(users) if one == j else one
            user.friends.append(users[one])


def draw_weights(e: Economy, region: Participant, users: list[User], top: int) -> None:
    people = int(region.n["people"])
    few = round(people * region.n["top_share"]) if top > 0 else 0
    ties = [drawn(e, "weights", user.key) for user in users]
    weights = split(few, [1] * top, ties[:top])
    weights += split(people - few, [1] * (len(users) - top), ties[top:])
    for user, weight in zip(users, weights, strict=True):
        user.weight = weight


def draw_app(e: Economy, region: Participant, user: User, app: App) -> None:
    own = normal(uniform(drawn(e, "taste", user.key, app.key)))
    user.taste.append(own * np.float32(region.n["taste"]))
    share = app.n["opening_known"] if app.n[region.region] > 0 else 0.0
    user.known.append(bool(uniform(drawn(e, "known", user.key, app.key)) < np.float32(share)))


def drawn(e: Economy, purpose: str, *keys: int) -> int:
    return hashed(e.seed, -1, purpose, *keys)

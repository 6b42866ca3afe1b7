"""Chapter 5.5 of the rules: the population is drawn, one user at a time."""

import math

import numpy as np

from tests.oracle.economy.arithmetic import exp32, hashed, normal, split, uniform
from tests.oracle.economy.participants import App, Participant, User
from tests.oracle.economy.state import Economy


def draw_population(economy: Economy, users: int) -> None:
    weights = [round(region.numbers["sample"] * 1_000_000) for region in economy.regions]
    more = split(users - len(economy.regions), weights, [region.key for region in economy.regions])
    for region, count in zip(economy.regions, more, strict=True):
        economy.users += draw_users(economy, region, 1 + count)


def draw_users(economy: Economy, region: Participant, count: int) -> list[User]:
    users = [User(region, row + region.key * 2**40) for row in range(count)]
    top = max(1, min(count - 1, round(count * region.numbers["top_sample"]))) if count > 1 else 0
    share = np.float32(region.numbers["top_share"] if top > 0 else 0)
    draw_weights(economy, region, users, top)
    for row, user in enumerate(users):
        quantile_draw = uniform(drawn(economy, "worth", user.key))
        quantile = np.float32(1) - share * quantile_draw if row < top else (np.float32(1) - share) * quantile_draw
        spread = np.float32(region.numbers["worth_spread"])
        user.likes = normal(quantile)
        user.worth = np.float32(region.numbers["worth_median"]) * exp32(spread * user.likes)
        bent = normal(uniform(drawn(economy, "use", user.key))) * np.float32(region.numbers["use_spread"])
        user.use = max(1, int(np.rint(np.float32(region.numbers["use_median"]) * exp32(bent))))
        user.log_use = np.float32(math.log(user.use))
        for app in economy.apps:
            draw_app(economy, region, user, app)
    draw_friends(economy, region, users)
    return users


def draw_friends(economy: Economy, region: Participant, users: list[User]) -> None:
    """Draw friends: neighbours on a ring, some of them rewired to anybody (9.28)."""
    everybody = sum(user.weight for user in users)
    for number in range(int(region.numbers["friends"])):
        step = (number // 2 + 1) * (-1 if number % 2 else 1)
        for row, user in enumerate(users):
            friend = (row + step) % len(users)
            if uniform(drawn(economy, "rewired", user.key, number)) < np.float32(region.numbers["rewired"]):
                ticket, friend = drawn(economy, "friend", user.key, number) % everybody, 0
                while ticket >= users[friend].weight:
                    ticket -= users[friend].weight
                    friend += 1
                friend = (friend + 1) % len(users) if friend == row else friend
            user.friends.append(users[friend])


def draw_weights(economy: Economy, region: Participant, users: list[User], top: int) -> None:
    people = int(region.numbers["people"])
    rich = round(people * region.numbers["top_share"]) if top > 0 else 0
    ties = [drawn(economy, "weights", user.key) for user in users]
    weights = split(rich, [1] * top, ties[:top])
    weights += split(people - rich, [1] * (len(users) - top), ties[top:])
    for user, weight in zip(users, weights, strict=True):
        user.weight = weight


def draw_app(economy: Economy, region: Participant, user: User, app: App) -> None:
    own = normal(uniform(drawn(economy, "taste", user.key, app.key)))
    user.taste.append(own * np.float32(region.numbers["taste"]))
    share = app.numbers["opening_known"] if app.numbers[region.region] > 0 else 0.0
    user.known.append(bool(uniform(drawn(economy, "known", user.key, app.key)) < np.float32(share)))


def drawn(economy: Economy, purpose: str, *keys: int) -> int:
    return hashed(economy.seed, -1, purpose, *keys)

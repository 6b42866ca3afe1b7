"""Chapters 9.27 and 9.28 of the rules: several apps at once, and friends."""

import numpy as np

from tests.oracle.economy.arithmetic import exp32, hashed, uniform
from tests.oracle.economy.participants import FREE, NONE, PAID, Participant, User
from tests.oracle.economy.state import Economy

float32 = np.float32
ZERO = np.float32(0)


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
    seat = pick(weights, outside, uniform(economy.hash("choose", user.key)))
    user.app, user.tier = (NONE, FREE) if seat is None else seat
    user.further = []
    several = user.region.numbers["multihoming"]
    open_to = uniform(hashed(economy.seed, -1, "several", user.key))
    for step in (1, 2):
        if seat is None or several == 0 or further_use(user) == 0 or not open_to < float32(several**step):
            return
        weights = weights | dict.fromkeys([(seat[0], FREE), (seat[0], PAID)], ZERO)
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

"""Sections 9.27 and 9.28 of the decision log: several apps at once, and friends."""

import numpy as np

from tests.oracle.arithmetic import exp32, hashed, uniform
from tests.oracle.world import FREE, NONE, PAID, Economy, Party, User

float32 = np.float32
ZERO = np.float32(0)


def part(user: User) -> int:
    """Queries that go to each further app."""
    return int(user.use * user.region.n["part"])


def used(user: User) -> list[tuple[int, int, int]]:
    """App, tier and queries of each of a user's apps."""
    if user.app == NONE:
        return []
    rest = user.use - part(user) * len(user.further)
    return [(user.app, user.tier, rest), *((app, tier, part(user)) for app, tier in user.further)]


def holds(user: User, a: int, tier: int) -> bool:
    return (a, tier) in [(app, one) for app, one, _ in used(user)]


def pick(weights: dict[tuple[int, int], np.float32], outside: np.float32, draw: np.float32) -> tuple[int, int] | None:
    """The seat whose stretch the draw falls into, none beyond the last."""
    sums, so_far = [], ZERO
    for weight in weights.values():
        so_far = so_far + weight
        sums.append(so_far)
    goal = draw * (so_far + exp32(outside))
    choice = sum(1 for one in sums if one <= goal)
    return None if choice == len(sums) else list(weights)[choice]


def take_up(e: Economy, user: User, weights: dict[tuple[int, int], np.float32], outside: np.float32) -> None:
    """Choose the main app, then the further ones that a user is ready for."""
    seat = pick(weights, outside, uniform(e.hash("choose", user.key)))
    user.app, user.tier = (NONE, FREE) if seat is None else seat
    user.further = []
    several = user.region.n["several"]
    open_to = uniform(hashed(e.seed, -1, "several", user.key))
    for step in (1, 2):
        if seat is None or several == 0 or part(user) == 0 or not open_to < float32(several**step):
            return
        weights = weights | dict.fromkeys([(seat[0], FREE), (seat[0], PAID)], ZERO)
        seat = pick(weights, outside, uniform(e.hash("choose_more", user.key, step)))
        if seat is not None:
            user.further.append(seat)


def shares(e: Economy, region: Party) -> list[float]:
    """Share of a region's people who use each app."""
    users = [user for user in e.users if user.region is region]
    return [
        sum(user.weight for user in users if a in [app for app, _, _ in used(user)]) / region.n["people"]
        for a in range(len(e.apps))
    ]


def heard(e: Economy, user: User, rates: list[np.float32], used_last: dict[int, list[int]]) -> int:
    """The number of the app whose stretch of the hazards the draw falls into."""
    u, number, so_far = uniform(e.hash("hear", user.key)), 0, ZERO
    for a, app in enumerate(e.apps):
        rate = rates[a]
        if user.friends and app.offered(user.region.region):
            voice = float32(user.region.n["imitators"] / len(user.friends))
            rate = rate + voice * float32(sum(1 for friend in user.friends if a in used_last[friend.key]))
        so_far = so_far + rate
        number += int(so_far <= u)
    return number

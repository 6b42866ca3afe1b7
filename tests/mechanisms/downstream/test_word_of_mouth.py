"""Word of mouth among friends: the network, its limit of many friends, and how few friends slow an app down."""

from typing import Any

import numpy as np
import pytest

from tests.mechanisms.downstream.alike_users import terms, users_alike
from watersellers import World, run
from watersellers.agents.users.kernel.with_numpy import hear
from watersellers.agents.users.month import Users
from watersellers.agents.users.word_of_mouth import acquaint
from watersellers.market.chance import Chance
from watersellers.market.exact import whole

PEOPLE, MONTHS, SEEDS = 3_000, 16, 12
KNOW, IMITATORS = 0.05, 0.6
BRIEF: dict[str, Any] = {"months": 12, "users": 300}


def curve(seed: int, friends: int, rewired: float) -> list[float]:
    """Share of people who use the one app, month by month, if whoever hears of it uses it; 0 friends: all alike."""
    people, way = users_alike(PEOPLE, 1), []
    people.known[:, 0] = Chance(seed, -1).uniform("known", people.key) < np.float32(KNOW)
    table = acquaint(people.key, whole([1] * PEOPLE), friends, rewired, Chance(seed, -1))
    people = people._replace(friends=np.ascontiguousarray(table.T))
    voice = np.array([IMITATORS / max(friends, 1)], dtype=np.float32)
    for month in range(MONTHS):
        people.app[people.known[:, 0] == 1] = 0
        way.append(float(people.known.mean()))
        rate = np.array([0.0 if friends else IMITATORS * way[-1]], dtype=np.float32)
        last = np.column_stack([people.app, people.further // 2])
        dice = Chance(seed, month).hashes("h")
        hear(people, terms([0.0])._replace(rates=rate, voice=voice, hear=dice, last=last))
    return way


def curves(friends: int, rewired: float) -> np.ndarray:
    """Curves of all seeds, shape (seeds, months); each way of hearing has seeds of its own."""
    first = 1000 * friends + round(100 * rewired)
    return np.array([curve(first + seed, friends, rewired) for seed in range(SEEDS)])


def apart(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Distance of the mean curves in standard errors of that distance, month by month."""
    error = np.sqrt((some.var(axis=0, ddof=1) + others.var(axis=0, ddof=1)) / SEEDS)
    distance: np.ndarray = (some.mean(axis=0) - others.mean(axis=0)) / error
    return distance


def test_many_friends_drawn_from_all_are_the_mean_field():
    distance = apart(curves(100, 1.0), curves(0, 1.0))
    assert np.abs(distance).max() < 4  # standard errors: beyond is less than one in ten thousand of a month


@pytest.mark.parametrize(("friends", "rewired"), [(2, 1.0), (4, 0.0)])
def test_few_friends_or_neighbours_alone_are_slower_and_far_from_it(friends, rewired):
    assert apart(curves(friends, rewired), curves(0, 1.0)).min() < -8  # standard errors


def test_shortcuts_make_a_small_world_faster_than_a_ring():
    ring, small = curves(4, 0.0), curves(4, 0.2)
    assert apart(small, ring).max() > 8  # standard errors


def test_a_friend_is_somebody_else_and_the_ring_is_mutual():
    key, weight = whole(range(50)), whole([1] * 49 + [10**6])
    ring = acquaint(key, weight, 4, 0.0, Chance(1, -1))
    assert ring[:, 0].tolist() == [1, 49, 2, 48]
    assert all(mine in ring[:, one] for mine in range(50) for one in ring[:, mine])
    anybody = acquaint(key, weight, 4, 1.0, Chance(1, -1))
    assert (anybody != np.arange(50)).all()
    assert (anybody[:, :49] == 49).mean() > 0.99  # a row that stands for many is a friend of many


def test_off_is_off_and_a_network_is_not():
    usual = run("plain", **BRIEF).manifest["digest"]
    assert run("plain", **BRIEF, set={"users.rewired": 0.9}).manifest["digest"] == usual
    assert run("plain", **BRIEF, set={"users.friends": 4}).manifest["digest"] != usual


def test_an_app_says_nothing_where_it_is_not_offered():
    world = World("plain", rng=1, users=100, set={"users.friends": 3})
    world.step()
    users = world.parts[Users]
    plans = {users.row_of[plan.app]: plan for plan in world.parts.registers.public.plans}
    voice = users.voice(plans, 0)
    silent = {row for row in range(len(users.apps)) if row not in plans or "west" not in plans[row].regions}
    assert set(np.flatnonzero(voice == 0).tolist()) == silent

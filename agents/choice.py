"""The users' month in columns: who hears of what, and who chooses what. This file is the kernel."""

from dataclasses import dataclass

import numpy as np

from agents.friends import Circle
from agents.population import FREE, NO_APP, PAID, Population
from market.dice import exp32
from market.units import Column

ZERO = np.float32(0)


@dataclass(frozen=True, slots=True)
class Terms:
    """What users of one region face this month; ``apps`` are rows of the list of apps on offer there, in order.

    Shape (len(apps),), float32: ``base`` is an app's utility apart from taste, habit, quota and price,
    ``price`` dollars a seat times the price weight, ``log_quota`` the logarithm of free queries a month.
    The rest are float32 weights of what differs by user.
    """

    apps: list[int]
    base: Column
    price: Column
    log_quota: Column
    quota_weight: np.float32
    paid_bonus: np.float32
    habit: np.float32
    outside: np.float32


@dataclass(frozen=True, slots=True)
class Further:
    """The choice of one more app: which users of a region are ready for it, and what decides, shape (rows,)."""

    ready: Column
    draw: Column


def hear(people: Population, rows: slice, rates: Column, draw: Column, circle: Circle | None = None) -> None:
    """Let each user of a region hear of at most one app this month; ``rates`` (apps,) are hazards, added up by app.

    One uniform number a user decides: it falls into one app's stretch of the hazards or beyond them all. A circle
    of friends adds hazards of each user's own.
    """
    if circle is None:
        reach = np.cumsum(rates, dtype=np.float32)
        heard = np.searchsorted(reach, draw[rows], side="right")
    else:
        reach = np.cumsum(rates[:, np.newaxis] + circle.told(people, rows), axis=0, dtype=np.float32)
        heard = (reach <= draw[rows]).sum(axis=0)
    hit = np.flatnonzero(heard < len(reach))
    people.known[heard[hit], rows.start + hit] = True


def choose(people: Population, rows: slice, terms: Terms, draw: Column, further: tuple[Further, ...] = ()) -> None:
    """Let each user of a region choose one app and tier, or none, by a multinomial logit over what is known.

    The utility of a free seat is base + taste + habit, less what the quota keeps from those who would use
    more; of a paid seat base + taste + habit + bonus less price over one's worth of money. One uniform
    number a user picks from the cumulated weights, in the apps' order, free before paid, none last. Who is
    ready for a further app chooses again, by the same weights, among the apps not taken yet, or none.

    Shapes: ``draw`` (n,) float32 in (0, 1). Writes ``people.app``, ``people.tier`` and ``people.further`` of the rows.
    """
    weights = _weights(people, rows, terms)
    listed = np.array([*terms.apps, NO_APP], dtype=np.int64)
    picked = _pick(weights, terms.outside, draw[rows])
    none = picked == len(weights)
    people.app[rows], people.tier[rows] = listed[picked // 2], np.where(none, FREE, picked % 2)
    people.further[:, rows] = NO_APP
    for number, more in enumerate(further):
        _leave_out(weights, picked)
        picked = np.where(more.ready & ~none, _pick(weights, terms.outside, more.draw), len(weights))
        none = picked == len(weights)
        people.further[number, rows] = np.where(none, NO_APP, 2 * listed[picked // 2] + picked % 2)


def _weights(people: Population, rows: slice, terms: Terms) -> Column:
    """Weights of every seat, shape (2 x apps, users), float32, the free one of an app before the paid one."""
    weights = np.zeros((2 * len(terms.apps), rows.stop - rows.start), dtype=np.float32)
    others = [column for column in people.further[:, rows] if (column != NO_APP).any()]
    for place in range(len(terms.apps)):
        weights[2 * place : 2 * place + 2] = _weigh(people, rows, terms, place, others)
    return weights


def _pick(weights: Column, outside: np.float32, draw: Column) -> Column:
    """Pick a seat for every user by one number each: the number of the seat, or that of all seats for none."""
    reach = np.cumsum(weights, axis=0, dtype=np.float32)
    total = reach[-1] if len(reach) else np.zeros(weights.shape[1], dtype=np.float32)
    goal = draw * (total + exp32(outside))
    picked: Column = (goal >= reach).sum(axis=0)
    return picked


def _leave_out(weights: Column, picked: Column) -> None:
    """Take the app that each user has just picked out of what it may still choose."""
    users = np.flatnonzero(picked < len(weights))
    for tier in (FREE, PAID):
        weights[picked[users] // 2 * 2 + tier, users] = ZERO


def _weigh(people: Population, rows: slice, terms: Terms, place: int, others: list[Column]) -> tuple[Column, Column]:
    """Weights of an app's free and paid seat for every user: exp of utility, 0 where the app is not known."""
    app = terms.apps[place]
    known = people.known[app, rows]
    liking = terms.base[place] + people.taste[app, rows]
    using, tier = people.app[rows] == app, people.tier[rows]
    over = np.maximum(people.log_use[rows] - terms.log_quota[place], ZERO)
    held = [using & (tier == kind) for kind in (FREE, PAID)]
    for column in others:  # what was used besides is used to as well
        held = [had | (column == 2 * app + kind) for kind, had in enumerate(held)]
    habit = [np.where(had, terms.habit, ZERO) for had in held]
    free = liking + habit[FREE] - terms.quota_weight * over
    paid = liking + habit[PAID] + terms.paid_bonus - terms.price[place] / people.worth[rows]
    return np.where(known, exp32(free), ZERO), np.where(known, exp32(paid), ZERO)

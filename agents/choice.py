"""The users' month in columns: who hears of what, and who chooses what. This file is the kernel."""

from dataclasses import dataclass

import numpy as np

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


def hear(people: Population, rows: slice, rates: Column, draw: Column) -> None:
    """Let each user of a region hear of at most one app this month; ``rates`` (apps,) are hazards, added up by app.

    One uniform number a user decides: it falls into one app's stretch of the hazards or beyond them all.
    """
    reach = np.cumsum(rates, dtype=np.float32)
    heard = np.searchsorted(reach, draw[rows], side="right")
    hit = np.flatnonzero(heard < len(reach))
    people.known[heard[hit], rows.start + hit] = True


def choose(people: Population, rows: slice, terms: Terms, draw: Column) -> None:
    """Let each user of a region choose one app and tier, or none, by a multinomial logit over what is known.

    The utility of a free seat is base + taste + habit, less what the quota keeps from those who would use
    more; of a paid seat base + taste + habit + bonus less price over one's worth of money. One uniform
    number a user picks from the cumulated weights, in the apps' order, free before paid, none last.

    Shapes: ``draw`` (n,) float32 in (0, 1). Writes ``people.app`` and ``people.tier`` of the rows.
    """
    reach = np.zeros((2 * len(terms.apps), rows.stop - rows.start), dtype=np.float32)
    running = np.zeros(rows.stop - rows.start, dtype=np.float32)
    for place in range(len(terms.apps)):
        for tier, weight in zip((FREE, PAID), _weigh(people, rows, terms, place), strict=True):
            running = running + weight
            reach[2 * place + tier] = running
    goal = draw[rows] * (running + exp32(terms.outside))
    picked = (goal >= reach).sum(axis=0)
    none = picked == len(reach)
    listed = np.array([*terms.apps, NO_APP], dtype=np.int64)
    people.app[rows] = listed[picked // 2]
    people.tier[rows] = np.where(none, FREE, picked % 2)


def _weigh(people: Population, rows: slice, terms: Terms, place: int) -> tuple[Column, Column]:
    """Weights of an app's free and paid seat for every user: exp of utility, 0 where the app is not known."""
    app = terms.apps[place]
    known = people.known[app, rows]
    liking = terms.base[place] + people.taste[app, rows]
    using, tier = people.app[rows] == app, people.tier[rows]
    over = np.maximum(people.log_use[rows] - terms.log_quota[place], ZERO)
    habit = [np.where(using & (tier == kind), terms.habit, ZERO) for kind in (FREE, PAID)]
    free = liking + habit[FREE] - terms.quota_weight * over
    paid = liking + habit[PAID] + terms.paid_bonus - terms.price[place] / people.worth[rows]
    return np.where(known, exp32(free), ZERO), np.where(known, exp32(paid), ZERO)

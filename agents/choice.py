"""The users' month in columns: who hears of what, and who chooses what. This file is the kernel."""

from dataclasses import dataclass

import numpy as np

from agents.population import FREE, NO_APP, PAID, Population
from market.dice import exp32
from market.units import Column


@dataclass(frozen=True, slots=True)
class Terms:
    """What users of each region face this month: float32, shape (apps, regions) unless said otherwise.

    ``base`` is an app's utility apart from taste, habit, quota and price; ``price`` dollars times the
    price weight; ``log_quota`` shape (apps,); the rest, shape (regions,), weigh what differs by user.
    """

    offered: Column  # bool
    base: Column
    price: Column
    log_quota: Column
    quota_weight: Column
    paid_bonus: Column
    habit: Column
    outside: Column


def hear(people: Population, rates: Column, draw: Column) -> None:
    """Let each user hear of at most one app this month; ``rates`` (apps, regions) are hazards, added up by app.

    One uniform number a user decides: it falls into one app's stretch of the hazards or beyond them all.
    """
    reach = np.cumsum(rates, axis=0, dtype=np.float32)
    heard = np.zeros(len(people), dtype=np.int64)
    for row in reach:
        heard += draw >= row[people.region]
    hit = np.flatnonzero(heard < len(reach))
    people.known[heard[hit], hit] = True


def choose(people: Population, terms: Terms, draw: Column) -> None:
    """Let each user choose one app and tier, or none, by a multinomial logit over what is known and offered.

    The utility of a free seat is base + taste + habit, less what the quota keeps from those who would use
    more; of a paid seat base + taste + habit + bonus less price over one's worth of money. One uniform
    number a user picks from the cumulated weights, in the apps' order, free before paid, none last.

    Shapes: ``draw`` (n,) float32 in (0, 1). Writes ``people.app`` and ``people.tier``.
    """
    region = people.region
    weights = [_weigh(people, terms, place, tier) for place in range(len(terms.base)) for tier in (FREE, PAID)]
    total = exp32(terms.outside)[region]
    sums = []
    running = np.zeros(len(people), dtype=np.float32)
    for weight in weights:
        running = running + weight
        sums.append(running)
    goal = draw * (running + total)
    picked = np.zeros(len(people), dtype=np.int64)
    for reach in sums:
        picked += goal >= reach
    none = picked == len(sums)
    people.app = np.where(none, NO_APP, picked // 2)
    people.tier = np.where(none, FREE, picked % 2)


def _weigh(people: Population, terms: Terms, place: int, tier: int) -> Column:
    """Weight of one app and tier for every user: exp of its utility, 0 where it is not known or not offered."""
    region = people.region
    here = (people.app == place) & (people.tier == tier)
    utility = terms.base[place][region] + people.taste[place] + np.where(here, terms.habit[region], np.float32(0))
    if tier == FREE:
        over = np.maximum(people.log_use - terms.log_quota[place], np.float32(0))
        utility = utility - terms.quota_weight[region] * over
    else:
        utility = utility + terms.paid_bonus[region] - terms.price[place][region] / people.worth
    open_to = people.known[place] & terms.offered[place][region]
    return np.where(open_to, exp32(utility), np.float32(0))

"""The kernel in numpy: always there, and the one to read. Every step is one line of columns, for a block of users."""

from collections.abc import Iterator

import numpy as np

from agents.kernel.contract import COUNTS, FREE, NO_APP, PAID, WORD, Rows, Terms
from market.dice import exp32, normal, stir, unit
from market.units import Column

BLOCK = 32_768  # users whose working columns stay near the processor, and are long enough for numpy
ZERO = np.float32(0)

Weighed = tuple[int, Column, Column, Column]  # an app, who knows it, what its free and its paid seat weigh to them


def live(rows: Rows, terms: Terms) -> Column:
    """Let users of a region hear of apps, choose one and a tier, or none, and count them.

    Returns
    -------
    Column
        Whole people with free and paid seats and the queries they ask, shape (apps, COUNTS), int64.
    """
    counted = np.zeros((len(terms.base), COUNTS), dtype=np.int64)
    for start in range(0, len(rows.key), BLOCK):
        block = rows.between(start, start + BLOCK)
        hear(block, terms)
        choose(block, terms)
        counted += count(block, terms)
    return counted


def hear(rows: Rows, terms: Terms) -> None:
    """Let each user hear of at most one app this month.

    One uniform number a user decides: it falls into one app's stretch of the hazards or beyond them all.
    """
    heard = np.searchsorted(terms.reach, unit(stir(terms.hear, rows.key)), side="right")
    hit = np.flatnonzero(heard < len(terms.reach))
    rows.known[hit, heard[hit] // WORD] |= _bit(heard[hit])


def choose(rows: Rows, terms: Terms) -> None:
    """Let each user choose one app and tier, or none, by a multinomial logit over what it knows.

    The utility of a free seat is base + taste + habit, less what the quota keeps from those who would use
    more; of a paid seat base + taste + habit + bonus less price over one's worth of money. One uniform
    number a user picks from the cumulated weights, in the apps' order, free before paid, none last.
    """
    weighed = list(_weigh(rows, terms))
    running = np.zeros(len(rows.key), dtype=np.float32)
    for _, who, free, paid in weighed:
        running[who] = running[who] + free + paid
    goal = unit(stir(terms.choose, rows.key)) * (running + exp32(terms.outside))
    none = goal >= running
    seat = _picked(weighed, goal)
    rows.app[:] = np.where(none, NO_APP, seat // 2)
    rows.tier[:] = np.where(none, FREE, seat % 2)


def _weigh(rows: Rows, terms: Terms) -> Iterator[Weighed]:
    """Weigh each app on offer for those who know it: exp of the utilities of a free and of a paid seat."""
    likes = stir(terms.like, rows.key)
    seat = 2 * rows.app.astype(np.int32) + rows.tier
    for app in np.flatnonzero(terms.offered).tolist():
        who = np.flatnonzero(rows.known[:, app // WORD] & _bit(app))
        taste = normal(unit(stir(likes[who], terms.key[app]))) * terms.taste
        liking = terms.base[app] + taste
        over = np.maximum(rows.log_use[who] - terms.log_quota[app], ZERO)
        stay = [np.where(seat[who] == 2 * app + tier, terms.habit, ZERO) for tier in (FREE, PAID)]
        free = liking + stay[FREE] - terms.quota_weight * over
        paid = liking + stay[PAID] + terms.paid_bonus - terms.price[app] / rows.worth[who]
        yield app, who, exp32(free), exp32(paid)


def _picked(weighed: list[Weighed], goal: Column) -> Column:
    """Find for each user the seat in whose stretch of the cumulated weights its goal falls: 2 x app + tier."""
    running, seat = np.zeros(len(goal), dtype=np.float32), np.zeros(len(goal), dtype=np.int32)
    for app, who, *weights in weighed:
        for tier, weight in zip((FREE, PAID), weights, strict=True):
            seat[who[running[who] <= goal[who]]] = 2 * app + tier  # until a later stretch begins below the goal too
            running[who] += weight
    return seat


def count(rows: Rows, terms: Terms) -> Column:
    """Add up people and queries by app, in whole numbers, so that no order of adding moves a last bit."""
    counted = np.zeros((len(terms.base), COUNTS), dtype=np.int64)
    using = np.flatnonzero(rows.app != NO_APP)
    app, tier, weight, use = rows.app[using], rows.tier[using], rows.weight[using], rows.use[using]
    asked = np.where(tier == FREE, np.minimum(use, terms.quota[app]), use)
    np.add.at(counted, (app, tier), weight)
    np.add.at(counted, (app, 2 + tier), weight * asked)
    return counted


def _bit(app: Column | int) -> Column:
    """The bit of an app in its word."""
    return np.uint32(1) << np.asarray(app % WORD, dtype=np.uint32)

"""The kernel in numpy: always available, and the one to read. It works on columns of a block of users."""

from typing import NamedTuple

import numpy as np

from watersellers.agents.users.kernel.contract import (
    BESIDES,
    COUNTS,
    FREE,
    LEFT,
    NO_APP,
    PAID,
    QUERIES,
    SEVERAL,
    WORD,
    Rows,
    Terms,
)
from watersellers.market.chance import exp32, normal, stir, unit
from watersellers.market.exact import Column

BLOCK = 2_048  # users per block: tables of seats fit into the cache, and are long enough for numpy
ZERO = np.float32(0)


class Weighed(NamedTuple):
    """Seats, numbered 2 x app + tier, as users weigh them: both of shape (seats, n)."""

    weights: Column  # float32, 0 of what a user does not choose from
    known: Column  # bool: the app is on offer, and the user has heard of it


def live(rows: Rows, terms: Terms) -> Column:
    """Let users of a region hear of apps, choose an app and a tier, or none, and count them.

    Returns
    -------
    Column
        Whole people and queries, shape (apps, COUNTS), int64.
    """
    counted = np.zeros((len(terms.base), COUNTS), dtype=np.int64)
    for start in range(0, len(rows.key), BLOCK):
        block = rows.between(start, start + BLOCK)
        before = block.app.copy()
        hear(block, terms)
        choose(block, terms)
        counted += count(block, terms)
        switched = (before != NO_APP) & (before != block.app)
        np.add.at(counted[:, LEFT], before[switched], block.weight[switched])
    return counted


def hear(rows: Rows, terms: Terms) -> None:
    """Let each user hear of at most one app this month.

    One uniform number per user decides: it falls into one app's interval of the cumulated hazards, or beyond them all.
    Friends who used an app last month raise a user's hazard of hearing of it.
    """
    draw = unit(stir(terms.hear, rows.key))
    if rows.friends.shape[1]:
        rates = terms.rates[:, np.newaxis] + terms.voice[:, np.newaxis] * _friends_using(rows, terms)
        heard = (np.cumsum(rates, axis=0, dtype=np.float32) <= draw).sum(axis=0)
    else:
        heard = np.searchsorted(np.cumsum(terms.rates, dtype=np.float32), draw, side="right")
    hit = np.flatnonzero(heard < len(terms.rates))
    rows.known[hit, heard[hit] // WORD] |= _bit(heard[hit])


def _friends_using(rows: Rows, terms: Terms) -> Column:
    """Number of each user's friends who used each app last month, shape (apps, n), float32."""
    using = np.zeros((len(terms.rates), len(rows.key)), dtype=np.float32)
    for friend in rows.friends.T:
        for app in terms.last[friend].T:
            users = np.flatnonzero(app != NO_APP)
            using[app[users], users] += 1
    return using


def choose(rows: Rows, terms: Terms) -> None:
    """Let each user choose one app and tier, or none, by a multinomial logit over the apps that it knows.

    The utility of a free seat is base + taste + habit, less a penalty if the user would ask more than the quota; of a
    paid seat base + taste + habit + bonus, less price over the dollars that a unit of utility is worth. One uniform
    number per user picks from the cumulated weights, in the order of apps, free before paid, none last. A user who is
    ready for a further app chooses again, with the same weights, among the apps not taken yet, or none. Paid seats
    that cost more than what is left of a user's budget are no choice.
    """
    weighed, left = _weigh(rows, terms), rows.budget.copy()
    _leave_unaffordable(weighed, rows, terms, left)
    seat = _pick(weighed, unit(stir(terms.choose, rows.key)), terms.outside)
    rows.app[:], rows.tier[:] = seat // 2, np.where(seat == NO_APP, FREE, seat % 2)
    rows.further[:] = NO_APP
    if not terms.ready.any():
        return
    open_to, asks = unit(stir(terms.several, rows.key)), _asks(rows, terms) > 0
    for step, ready in enumerate(terms.ready):
        _leave_out(weighed, seat)
        _pay(left, seat, rows, terms)
        _leave_unaffordable(weighed, rows, terms, left)
        choice = _pick(weighed, unit(stir(stir(terms.more, rows.key), step + 1)), terms.outside)
        seat = np.where(asks & (open_to < ready) & (seat != NO_APP), choice, NO_APP)
        rows.further[:, step] = seat


def _leave_out(weighed: Weighed, seat: Column) -> None:
    """Set the weights of the app that each user has just taken to 0."""
    users = np.flatnonzero(seat != NO_APP)
    for tier in (FREE, PAID):
        weighed.weights[2 * (seat[users] // 2) + tier, users] = ZERO


def _pay(left: Column, seat: Column, rows: Rows, terms: Terms) -> None:
    """Take what the paid seat that each user has just taken costs it off its budget."""
    if left.shape[1]:
        paying = np.flatnonzero((seat != NO_APP) & (seat % 2 == PAID))
        left[paying, 0] -= _outlay(rows, terms, seat[paying] // 2, paying)


def _leave_unaffordable(weighed: Weighed, rows: Rows, terms: Terms, left: Column) -> None:
    """Set the weights of paid seats to 0 that cost more than what is left of a user's budget."""
    if not left.shape[1]:
        return
    if not rows.log_worth.shape[1]:
        weighed.weights[PAID::2][terms.dollars[:, np.newaxis] > left[:, 0]] = ZERO
        return
    users = np.arange(len(rows.key))
    for app in np.flatnonzero(terms.offered):
        outlay = _outlay(rows, terms, np.full(len(users), app), users)
        weighed.weights[2 * app + PAID][outlay > left[:, 0]] = ZERO


def _outlay(rows: Rows, terms: Terms, app: Column, who: Column) -> Column:
    """Dollars a month that a paid seat costs users, with the queries that they pay for if they ask all there."""
    if not rows.log_worth.shape[1]:
        return terms.dollars[app]
    asked = rows.use[who].astype(np.float32) * exp32(-_beyond(rows, terms, app, who))
    outlay: Column = terms.dollars[app] + terms.query_dollars[app] * asked
    return outlay


def _asks(rows: Rows, terms: Terms) -> Column:
    """Queries that each user would ask of each further app."""
    asks: Column = (rows.use * terms.part).astype(np.int64)
    return asks


def _weigh(rows: Rows, terms: Terms) -> Weighed:
    """Weigh each app on offer for the users who know it: exp of the utilities of a free and of a paid seat."""
    users, offered = len(rows.key), np.flatnonzero(terms.offered)
    known = np.zeros((len(terms.base), users), dtype=bool)
    known[offered] = rows.known.T[offered // WORD] & _bit(offered)[:, np.newaxis]
    place = np.flatnonzero(known)
    app, who = np.divmod(place, users)
    free_seat = place + app * users  # its place in a flat table of seats by users
    paid_seat = free_seat + users
    taste = normal(unit(stir(stir(terms.like, rows.key)[who], terms.key[app]))) * terms.taste
    if rows.owned.any():
        taste = taste + np.where(rows.owned[who, app // WORD] & _bit(app), terms.device[app], ZERO)
    liking, stay = terms.base[app] + taste, _habits(rows, terms).ravel()
    over = np.maximum(rows.log_use[who] - terms.log_quota[app], ZERO)
    free = liking + stay[free_seat] - terms.quota_weight * over
    paid = liking + stay[paid_seat] + terms.paid_bonus
    if rows.log_worth.shape[1]:
        beyond = _beyond(rows, terms, app, who)
        asked = rows.use[who].astype(np.float32) * exp32(-beyond)
        paid = paid - terms.quota_weight * beyond
        paid = paid - (terms.price[app] + terms.query_price[app] * asked) / rows.worth[who]
    else:
        paid = paid - terms.price[app] / rows.worth[who]
    weights = np.zeros_like(stay)
    weights[free_seat], weights[paid_seat] = exp32(free), exp32(paid)
    return Weighed(weights.reshape(-1, users), np.repeat(known, 2, axis=0))


def _beyond(rows: Rows, terms: Terms, app: Column, who: Column) -> Column:
    """By how many log units a user's use exceeds what it pays for in an app that asks a price for a query; 0 if flat.

    A query less costs quota_weight / queries of utility, and saves its price over what a unit of utility is worth.
    """
    beyond: Column = np.maximum((rows.log_use[who] + terms.log_rate[app]) - rows.log_worth[who, 0], ZERO)
    return beyond


def _paid_for(rows: Rows, terms: Terms, asks: Column, app: Column, who: Column) -> Column:
    """Whole queries that users pay for in an app, of those that they would ask there."""
    if not rows.log_worth.shape[1]:
        return asks
    beyond = _beyond(rows, terms, app, who)
    paid: Column = np.where(beyond > ZERO, (asks.astype(np.float32) * exp32(-beyond)).astype(np.int64), asks)
    return paid


def _habits(rows: Rows, terms: Terms) -> Column:
    """What each seat is worth to the users who have it, from habit: float32, shape (seats, n)."""
    stay = np.zeros((2 * len(terms.base), len(rows.key)), dtype=np.float32)
    for seat in (2 * rows.app.astype(np.int32) + rows.tier, *rows.further.T):
        users = np.flatnonzero(seat >= 0)
        stay[seat[users], users] = terms.habit
    return stay


def _pick(weighed: Weighed, draw: Column, outside: np.float32) -> Column:
    """Pick for each user the seat into whose interval of the cumulated weights its draw falls, or none."""
    seats = np.flatnonzero(weighed.known.any(axis=1))  # all others have no weight
    known, weights = weighed.known[seats], weighed.weights[seats]
    begin, begins = np.zeros(len(draw), dtype=np.float32), np.empty_like(weights)
    for weight, row in zip(weights, begins, strict=True):
        row[:], begin = begin, begin + weight
    total = begin
    goal = draw * (total + exp32(outside))
    below = (known & (begins <= goal)).astype(np.int16)  # of these the last begins nearest to the goal
    below *= (seats + 1).astype(np.int16)[:, np.newaxis]
    seat: Column = below.max(axis=0, initial=0).astype(np.int32) + NO_APP  # they are numbered from 1 on, 0 is none
    seat[goal >= total] = NO_APP
    return seat


def count(rows: Rows, terms: Terms) -> Column:
    """Add up people and queries by app, in whole numbers, so that the order of addition changes no bit."""
    counted = np.zeros((len(terms.base), COUNTS), dtype=np.int64)
    asks, more = _asks(rows, terms), (rows.further != NO_APP).sum(axis=1)
    _add(counted, rows, terms, (rows.app, rows.tier, rows.use - asks * more))
    for seat in rows.further.T:
        if (seat != NO_APP).any():
            _add(counted, rows, terms, (seat // 2, seat % 2, asks))
            users = np.flatnonzero(seat != NO_APP)
            np.add.at(counted, (seat[users] // 2, BESIDES + seat[users] % 2), rows.weight[users])
    users = np.flatnonzero(more)
    np.add.at(counted[:, SEVERAL], rows.app[users], rows.weight[users])
    return counted


def _add(counted: Column, rows: Rows, terms: Terms, seats: tuple[Column, Column, Column]) -> None:
    """Add the people and queries of some seats: app, tier, and queries asked there, of each user."""
    using = np.flatnonzero(seats[0] != NO_APP)
    app, tier, use = (column[using] for column in seats)
    asked = np.where(tier == FREE, np.minimum(use, terms.quota[app]), _paid_for(rows, terms, use, app, using))
    people, flat, place = rows.weight[using], counted.reshape(-1), app.astype(np.int64) * COUNTS + tier
    np.add.at(flat, place, people)
    np.add.at(flat, place + QUERIES, people * asked)


def _bit(app: Column | int) -> Column:
    """Return the bit of an app in its word."""
    return np.uint32(1) << np.asarray(app % WORD, dtype=np.uint32)

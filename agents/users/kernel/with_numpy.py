"""The kernel in numpy: always available, and the one to read. It works on columns of a block of users."""

from collections.abc import Iterator

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

BLOCK = 32_768  # users per block: columns fit into the cache, and are long enough for numpy
ZERO = np.float32(0)

Weighed = tuple[int, Column, Column, Column]  # an app, the users who know it, weights of its free and its paid seat


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
    weighed, left = list(_weigh(rows, terms)), rows.budget.copy()
    _leave_unaffordable(weighed, terms, left)
    seat = _pick(weighed, unit(stir(terms.choose, rows.key)), terms.outside)
    rows.app[:], rows.tier[:] = seat // 2, np.where(seat == NO_APP, FREE, seat % 2)
    rows.further[:] = NO_APP
    if not terms.ready.any():
        return
    open_to, asks = unit(stir(terms.several, rows.key)), _asks(rows, terms) > 0
    for step, ready in enumerate(terms.ready):
        _leave_out(weighed, seat // 2)
        _pay(left, seat, terms)
        _leave_unaffordable(weighed, terms, left)
        choice = _pick(weighed, unit(stir(stir(terms.more, rows.key), step + 1)), terms.outside)
        seat = np.where(asks & (open_to < ready) & (seat != NO_APP), choice, NO_APP)
        rows.further[:, step] = seat


def _leave_out(weighed: list[Weighed], taken: Column) -> None:
    """Set the weights of the app that each user has just taken to 0."""
    for app, who, *weights in weighed:
        for weight in weights:
            weight[taken[who] == app] = ZERO


def _pay(left: Column, seat: Column, terms: Terms) -> None:
    """Take the price of the paid seat that each user has just taken off its budget."""
    if left.shape[1]:
        paying = np.flatnonzero((seat != NO_APP) & (seat % 2 == PAID))
        left[paying, 0] -= terms.dollars[seat[paying] // 2]


def _leave_unaffordable(weighed: list[Weighed], terms: Terms, left: Column) -> None:
    """Set the weights of paid seats to 0 that cost more than what is left of a user's budget."""
    for app, who, _, paid in weighed if left.shape[1] else ():
        paid[terms.dollars[app] > left[who, 0]] = ZERO


def _asks(rows: Rows, terms: Terms) -> Column:
    """Queries that each user would ask of each further app."""
    asks: Column = (rows.use * terms.part).astype(np.int64)
    return asks


def _weigh(rows: Rows, terms: Terms) -> Iterator[Weighed]:
    """Weigh each app on offer for the users who know it: exp of the utilities of a free and of a paid seat."""
    likes = stir(terms.like, rows.key)
    main = 2 * rows.app.astype(np.int32) + rows.tier
    seats = np.column_stack([main, *(each for each in rows.further.T if (each != NO_APP).any())])
    for app in np.flatnonzero(terms.offered).tolist():
        who = np.flatnonzero(rows.known[:, app // WORD] & _bit(app))
        taste = normal(unit(stir(likes[who], terms.key[app]))) * terms.taste
        has = rows.owned[who, app // WORD] & _bit(app)
        liking = terms.base[app] + (taste + np.where(has, terms.device[app], ZERO))
        over = np.maximum(rows.log_use[who] - terms.log_quota[app], ZERO)
        held = [(seats[who] == 2 * app + tier).any(axis=1) for tier in (FREE, PAID)]
        stay = [np.where(had, terms.habit, ZERO) for had in held]
        free = liking + stay[FREE] - terms.quota_weight * over
        paid = liking + stay[PAID] + terms.paid_bonus - terms.price[app] / rows.worth[who]
        yield app, who, exp32(free), exp32(paid)


def _pick(weighed: list[Weighed], draw: Column, outside: np.float32) -> Column:
    """Pick for each user the seat, 2 x app + tier, into whose interval of the weights its draw falls, or none."""
    total = np.zeros(len(draw), dtype=np.float32)
    for _, who, free, paid in weighed:
        total[who] = total[who] + free + paid
    goal = draw * (total + exp32(outside))
    running, seat = np.zeros(len(draw), dtype=np.float32), np.full(len(draw), NO_APP, dtype=np.int32)
    for app, who, *weights in weighed:
        for tier, weight in zip((FREE, PAID), weights, strict=True):
            seat[who[running[who] <= goal[who]]] = 2 * app + tier  # until a later interval begins below the goal too
            running[who] += weight
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
    asked = np.where(tier == FREE, np.minimum(use, terms.quota[app]), use)
    np.add.at(counted, (app, tier), rows.weight[using])
    np.add.at(counted, (app, QUERIES + tier), rows.weight[using] * asked)


def _bit(app: Column | int) -> Column:
    """Return the bit of an app in its word."""
    return np.uint32(1) << np.asarray(app % WORD, dtype=np.uint32)

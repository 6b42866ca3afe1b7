"""The kernel in numba: the rules of ``with_numpy``, compiled, one user at a time where that is faster.

Loops that a processor can vectorise over users stand alone, over contiguous columns and without branches. Fast-math is
off, so that each operation rounds as in numpy. No rule is imported from another file, whose change it would miss.
"""

import numpy as np
from numba import njit

from watersellers.agents.users.kernel import contract
from watersellers.agents.users.kernel.contract import NO_APP, WORD, Rows, Terms
from watersellers.market.chance import QUANTILES
from watersellers.market.exact import Column

BESIDES, COUNTS, FREE, FURTHER = contract.BESIDES, contract.COUNTS, contract.FREE, contract.FURTHER
LEFT, QUERIES, SEVERAL = contract.LEFT, contract.QUERIES, contract.SEVERAL
BLOCK = 1024  # users per block: columns fit into the nearest cache
F, I, U = np.float32, np.int32, np.uint64  # noqa: E741
ZERO, HALF, STEP, STEPS = F(0), F(0.5), F(2.0**-23), F(len(QUANTILES) - 1)
GOLDEN, MIX_1, MIX_2 = U(0x9E3779B97F4A7C15), U(0xBF58476D1CE4E5B9), U(0x94D049BB133111EB)
LOG2_E, LN2_HIGH, LN2_LOW, NOTHING = F(1.4426950408889634), F(0.693359375), F(-2.12194440e-4), F(-104)
E7, E6, E5, E4, E3 = F(1 / 5040), F(1 / 720), F(1 / 120), F(1 / 24), F(1 / 6)
ONE, ROUND = F(1), F(1.5 * 2**23)  # a float32 of this size has no room for fractions: adding it rounds half to even
BIAS, MANTISSA = I(127), I(23)  # of a float32


def live(rows: Rows, terms: Terms) -> Column:
    """Let users of a region hear of apps, choose an app and a tier, or none, and count them: shape (apps, COUNTS)."""
    return _live(rows, terms, QUANTILES)


@njit(nogil=True, error_model="numpy", cache=True)
def _live(rows, terms, quantiles):
    """Compute the month block by block, in working columns that are allocated once."""
    counted = np.zeros((len(terms.base), COUNTS), np.int64)
    reach = terms.rates.copy()
    for app in range(1, len(reach)):
        reach[app] = reach[app - 1] + terms.rates[app]
    most = min(BLOCK, len(rows.key))
    users = np.empty((2, most), F)
    entries = np.empty((3, most * len(terms.base)), F)
    who = np.empty(most * len(terms.base), np.uint32)
    for start in range(0, len(rows.key), BLOCK):
        stop = min(start + BLOCK, len(rows.key))
        block = _between(rows, start, stop)
        before = block.app.copy()
        _hear(block, terms, reach)
        first = _line_up(block.known, terms.offered, who)
        free, paid = entries[0, : first[-1]], entries[1, : first[-1]]
        _utilities(block, terms, quantiles, (first, who), entries)
        for column in (free, paid):
            for entry in range(len(column)):
                column[entry] = _exp(column[entry])
        _choose(block, terms, (first, who), (free, paid), (users[0, : stop - start], users[1, : stop - start]))
        _count(block, terms, before, counted)
    return counted


@njit(error_model="numpy")
def _between(rows, a, b):
    """The users from one row up to another."""
    return Rows(
        rows.key[a:b], rows.weight[a:b], rows.use[a:b], rows.worth[a:b], rows.log_use[a:b], rows.app[a:b],
        rows.tier[a:b], rows.known[a:b], rows.further[a:b], rows.friends[a:b], rows.owned[a:b], rows.budget[a:b],
        rows.log_worth[a:b],
    )  # fmt: skip


@njit(error_model="numpy")
def _stir(word, key):
    """Hash a word with a key."""
    word = word + GOLDEN * (U(key) + U(1))
    word = (word ^ (word >> U(30))) * MIX_1
    word = (word ^ (word >> U(27))) * MIX_2
    return word ^ (word >> U(31))


@njit(error_model="numpy")
def _unit(word):
    """Turn a hash into a number between 0 and 1."""
    return (F(I(word >> U(41))) + HALF) * STEP


@njit(error_model="numpy")
def _exp(x):
    """Exponential as in ``market.chance``; 2^k is made from its bits in two factors, for k may lie below -126."""
    x = x if x > NOTHING else NOTHING
    k = (x * LOG2_E + ROUND) - ROUND
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    value = ((((((E7 * r + E6) * r + E5) * r + E4) * r + E3) * r + HALF) * r + ONE) * r + ONE
    half = I(I(k) >> I(1))
    return value * I(I(half + BIAS) << MANTISSA).view(F) * I(I(I(I(k) - half) + BIAS) << MANTISSA).view(F)


@njit(error_model="numpy")
def _hear(rows, terms, reach):
    """Let each user hear of at most one app this month, from all users alike or also from its friends."""
    most, using = reach[-1] if len(reach) else ZERO, np.zeros(len(reach), F)
    for row in range(len(rows.key)):
        draw = _unit(_stir(terms.hear[0], rows.key[row]))
        app = len(reach)
        if rows.friends.shape[1]:
            app = _heard_of_friends(rows.friends[row], terms, draw, using)
        elif draw < most:
            app = np.searchsorted(reach, draw, side="right")
        if app < len(reach):
            rows.known[row, app // WORD] |= np.uint32(1) << np.uint32(app % WORD)


@njit(error_model="numpy")
def _heard_of_friends(friends, terms, draw, using):
    """The app into whose interval of a user's own hazards its number falls; the number of apps for none."""
    using[:] = ZERO
    for friend in friends:
        for app in terms.last[friend]:
            if app != NO_APP:
                using[app] += ONE
    running, heard = ZERO, 0
    for app in range(len(using)):
        running = running + (terms.rates[app] + terms.voice[app] * using[app])
        heard += running <= draw
    return heard


@njit(error_model="numpy")
def _line_up(known, offered, who):
    """List the users who know each app, ``who[first[app] : first[app + 1]]``; a float32 gives a word's lowest bit."""
    mask = np.zeros(known.shape[1], np.uint32)
    for app in range(len(offered)):
        mask[app // WORD] |= np.uint32(offered[app]) << np.uint32(app % WORD)
    first, end = np.zeros(len(offered) + 1, np.int64), np.zeros(len(offered) + 1, np.int64)
    for filling in (False, True):
        for row, word in np.ndindex(known.shape):
            bits = known[row, word] & mask[word]
            while bits:
                lowest = F(bits & (~bits + np.uint32(1)))
                app = WORD * word + (lowest.view(I) >> MANTISSA) - BIAS
                if filling:
                    who[end[app]] = row
                end[app] += 1
                bits &= bits - np.uint32(1)
        if not filling:
            first[1:] = np.cumsum(end[:-1])
            end[:] = first
    return first


@njit(error_model="numpy")
def _utilities(rows, terms, quantiles, lines, entries):
    """Compute the utilities of a free and a paid seat for all users who know an app, app by app."""
    first, who = lines
    seat, likes = np.empty(len(rows.key), I), np.empty(len(rows.key), U)
    for row in range(len(rows.key)):
        seat[row] = I(2) * I(rows.app[row]) + I(rows.tier[row])
        likes[row] = _stir(terms.like[0], rows.key[row])
    for app in range(len(terms.base)):
        start, stop = first[app], first[app + 1]
        some = who[start:stop]
        free, paid, worth = entries[0, start:stop], entries[1, start:stop], entries[2, start:stop]
        for entry in range(len(some)):
            row = some[entry]
            at = _unit(_stir(likes[row], terms.key[app])) * STEPS
            node = np.uint32(at)
            low = quantiles[node]
            taste = (low + (quantiles[node + np.uint32(1)] - low) * (at - F(node))) * terms.taste
            has = rows.owned[row, app // WORD] >> np.uint32(app % WORD) & np.uint32(1)
            liking = terms.base[app] + (taste + (terms.device[app] if has else ZERO))
            free[entry] = liking + (terms.habit if _held(seat[row], rows.further[row], 2 * app) else ZERO)
            paid[entry] = liking + (terms.habit if _held(seat[row], rows.further[row], 2 * app + 1) else ZERO)
            free[entry] -= terms.quota_weight * max(rows.log_use[row] - terms.log_quota[app], ZERO)
            worth[entry] = rows.worth[row]
        if not (rows.log_worth.shape[1] and terms.query_price[app] > ZERO):  # a loop that can be vectorised
            for entry in range(len(some)):
                paid[entry] = paid[entry] + terms.paid_bonus - terms.price[app] / worth[entry]
            continue
        for entry in range(len(some)):
            beyond = _beyond(rows, terms, app, some[entry])
            outlay = terms.price[app] + terms.query_price[app] * (F(rows.use[some[entry]]) * _exp(-beyond))
            paid[entry] = paid[entry] + terms.paid_bonus - terms.quota_weight * beyond - outlay / worth[entry]


@njit(error_model="numpy")
def _beyond(rows, terms, app, row):
    """By how many log units a user's use exceeds what it pays for in an app that asks a price for a query."""
    metered = rows.log_worth.shape[1] and terms.query_price[app] > ZERO
    return max((rows.log_use[row] + terms.log_rate[app]) - rows.log_worth[row, 0], ZERO) if metered else ZERO


@njit(error_model="numpy")
def _outlay(rows, terms, app, row):
    """Dollars a month that a paid seat costs a user, with the queries that it pays for if it asks all of them there."""
    asked = F(rows.use[row]) * _exp(-_beyond(rows, terms, app, row)) if terms.query_dollars[app] > ZERO else ZERO
    return terms.dollars[app] + terms.query_dollars[app] * asked


@njit(error_model="numpy")
def _held(main, further, seat):
    """Whether a user had a seat last month."""
    held = main == seat
    for step in range(FURTHER):
        held = held or further[step] == seat
    return held


@njit(error_model="numpy")
def _choose(rows, terms, lines, weights, columns):
    """Choose the main app, and further apps for users who are ready, among those not taken yet."""
    seat = np.full(len(rows.key), NO_APP, I)
    goal, left = columns[1], rows.budget.copy()
    for row in range(len(seat)):
        goal[row] = _unit(_stir(terms.choose[0], rows.key[row]))
    if left.size:
        _leave_out(rows, terms, lines, weights, seat, left)
    _pick(terms, lines, weights, columns, seat)
    for row in range(len(seat)):
        rows.app[row], rows.tier[row] = seat[row] >> 1, FREE if seat[row] == NO_APP else seat[row] & 1
        rows.further[row, :] = NO_APP
    for step in range(FURTHER if terms.ready[0] > ZERO else 0):
        _choose_more(rows, terms, lines, weights, columns, (seat, left), step)


@njit(error_model="numpy")
def _choose_more(rows, terms, lines, weights, columns, chosen, step):
    """Let users who are ready choose one more app, with what the seats that they have taken leave of their budgets."""
    seat, left = chosen
    for row in range(left.size):  # none without budgets
        if seat[row] != NO_APP and seat[row] & 1:
            left[row, 0] -= _outlay(rows, terms, seat[row] >> 1, row)
    _leave_out(rows, terms, lines, weights, seat, left)
    before, goal = seat.copy(), columns[1]
    for row in range(len(seat)):
        goal[row] = _unit(_stir(_stir(terms.more[0], rows.key[row]), step + 1))
    _pick(terms, lines, weights, columns, seat)
    for row in range(len(seat)):
        ready = _unit(_stir(terms.several[0], rows.key[row])) < terms.ready[step]
        if not (ready and before[row] != NO_APP and np.int64(rows.use[row] * terms.part) > 0):
            seat[row] = NO_APP
        rows.further[row, step] = seat[row]


@njit(error_model="numpy")
def _leave_out(rows, terms, lines, weights, seat, left):
    """Set the weights of the app that each user has just taken to 0, and of paid seats beyond its budget."""
    (first, who), (free, paid) = lines, weights
    for app in range(len(terms.base)):
        for entry in range(first[app], first[app + 1]):
            if seat[who[entry]] >> 1 == app:
                free[entry] = paid[entry] = ZERO
            elif left.size and _outlay(rows, terms, app, who[entry]) > left[who[entry], 0]:
                paid[entry] = ZERO


@njit(error_model="numpy")
def _pick(terms, lines, weights, columns, seat):
    """Pick for each user the seat in whose interval of the cumulated weights its number falls, or none beyond them."""
    (first, who), (free, paid), (running, goal) = lines, weights, columns
    running[:] = ZERO
    for entry in range(len(free)):
        running[who[entry]] = running[who[entry]] + free[entry] + paid[entry]
    beyond = _exp(terms.outside)
    for row in range(len(seat)):
        goal[row] = goal[row] * (running[row] + beyond)
        seat[row] = NO_APP
        goal[row] = -ONE if goal[row] >= running[row] else goal[row]  # below every interval
        running[row] = ZERO
    for app in range(len(terms.base)):
        for entry in range(first[app], first[app + 1]):
            row = who[entry]
            middle = running[row] + free[entry]
            if running[row] <= goal[row]:
                seat[row] = 2 * app + (middle <= goal[row])
            running[row] = middle + paid[entry]


@njit(error_model="numpy")
def _count(rows, terms, before, counted):
    """Add up people and queries by app, in whole numbers."""
    for row in range(len(rows.key)):
        app, weight, rest = rows.app[row], rows.weight[row], rows.use[row]
        if before[row] != NO_APP and before[row] != app:
            counted[before[row], LEFT] += weight
        if app == NO_APP:
            continue
        asks = np.int64(rows.use[row] * terms.part)
        for seat in rows.further[row]:
            if seat != NO_APP:
                rest -= asks
                _add(counted[seat >> 1], seat & 1, weight, asks, (rows, terms, seat >> 1, row))
                counted[seat >> 1, BESIDES + (seat & 1)] += weight
        counted[app, SEVERAL] += weight if rows.further[row, 0] != NO_APP else 0
        _add(counted[app], rows.tier[row], weight, rest, (rows, terms, app, row))


@njit(error_model="numpy")
def _add(counted, tier, weight, asks, place):
    """Add the people and queries of a seat."""
    beyond, terms, app = _beyond(*place) if tier else ZERO, place[1], place[2]
    paid = np.int64(F(asks) * _exp(-beyond)) if beyond > ZERO else asks
    counted[tier] += weight
    counted[QUERIES + tier] += weight * (min(asks, terms.quota[app]) if tier == FREE else paid)

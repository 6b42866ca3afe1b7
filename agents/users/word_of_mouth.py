"""Word of mouth: a network of friends, drawn once, as columns of rows."""

import numpy as np

from watersellers.market.chance import Chance
from watersellers.market.exact import Column


def acquaint(key: Column, weight: Column, friends: int, rewired: float, born: Chance) -> Column:
    """Draw the friends of each user of a region, shape (friends, n): neighbours on a ring, some replaced at random.

    The replacement is drawn in proportion to the people that a row represents; if all are replaced, a friend is a
    random person.
    """
    rows, reach = np.arange(len(key)), np.cumsum(weight)
    table = np.zeros((friends, len(key)), dtype=np.int32)
    for number in range(friends):
        step = (number // 2 + 1) * (1 if number % 2 == 0 else -1)
        lot = (born.hashes("friend", key, number) % np.uint64(reach[-1])).astype(np.int64)
        anybody = np.searchsorted(reach, lot, side="right")
        anybody = np.where(anybody == rows, (anybody + 1) % len(key), anybody)
        far = born.uniform("rewired", key, number) < np.float32(rewired)
        table[number] = np.where(far, anybody, (rows + step) % len(key))
    return table

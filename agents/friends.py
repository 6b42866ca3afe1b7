"""Whom people hear from: a network of friends, drawn once, as columns of rows."""

from dataclasses import dataclass

import numpy as np

from agents.population import NO_APP, Population
from market.dice import Chance
from market.units import Column


@dataclass(frozen=True, slots=True)
class Circle:
    """Friends of a region's users, shape (friends, n), as rows counted from the region's first; what one who uses says.

    ``voice`` (apps,) float32 is the hazard of hearing of an app from one friend who uses it.
    """

    friends: Column
    voice: Column

    def told(self, people: Population, rows: slice) -> Column:
        """Hazard that each user hears of each app from friends who used it last month, shape (apps, n), float32."""
        using = np.zeros((len(self.voice), rows.stop - rows.start), dtype=np.float32)
        users = np.arange(using.shape[1])
        apps = [people.app[rows], *(seat // 2 for seat in people.further[:, rows] if (seat != NO_APP).any())]
        for friend in self.friends:
            for app in apps:
                theirs = app[friend]
                found = np.flatnonzero(theirs >= 0)
                using[theirs[found], users[found]] += 1
        return self.voice[:, np.newaxis] * using


def acquaint(key: Column, weight: Column, friends: int, rewired: float, born: Chance) -> Column:
    """Give each user of a region so many friends, shape (friends, n): neighbours on a ring, some replaced by anybody.

    Anybody is drawn by the people that a row stands for, so that with all replaced a friend is a person like any.
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

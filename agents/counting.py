"""What the people's choices come to: people and queries of each app, and a summary of each region, in whole numbers."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from agents.population import FREE, NO_APP, PAID, Population
from market.units import Column, whole


@dataclass(frozen=True, slots=True)
class Counted:
    """Whole people and queries by app and region, shape (apps, regions).

    Who uses two apps is counted with both; ``further`` are those people for whom an app is not the main one.
    """

    free: Column
    paid: Column
    queries_free: Column
    queries_paid: Column
    further: Column

    @property
    def people(self) -> Column:
        """People who use each app, whatever else they use."""
        total: Column = self.free + self.paid
        return total


@dataclass(frozen=True, slots=True)
class Summary:
    """Whole people of each region: by the tier of their main app, those with more apps, and those who left theirs."""

    free: Column
    paid: Column
    several: Column
    left: Column

    @classmethod
    def of(cls, people: Population, before: Column) -> Self:
        """Add up the people of each region; ``before`` is everybody's main app of last month."""
        using = people.app != NO_APP
        who = (
            using & (people.tier == FREE),
            using & (people.tier == PAID),
            people.further[0] != NO_APP,
            (before != NO_APP) & (before != people.app),
        )
        sums = ([int(people.weight[rows][of[rows]].sum()) for rows in people.spans] for of in who)
        return cls(*map(whole, sums))


@dataclass(frozen=True, slots=True)
class Seat:
    """A place that an app may have with people: which app, which tier, and how many queries they ask there."""

    app: Column
    tier: Column
    use: Column


def seats_of(people: Population, part: Column) -> list[Seat]:
    """List everybody's main app and, where anybody has them, the further ones; ``part`` of the queries goes to each."""
    more = [column for column in people.further if (column != NO_APP).any()]
    rest = people.use - part * sum((column != NO_APP).astype(np.int64) for column in more) if more else people.use
    further = [Seat(column // 2, column % 2, part) for column in more]  # of NO_APP, -1, the app is -1 too
    return [Seat(people.app, people.tier, rest), *further]


def count(people: Population, part: Column, quotas: Column) -> Counted:
    """Add up people and queries by app and region; free queries end at each app's quota."""
    shape = (len(quotas), people.regions)
    totals = np.zeros((5, shape[0] * shape[1]), dtype=np.int64)
    for number, seat in enumerate(seats_of(people, part)):
        for tier in (FREE, PAID):
            rows = np.flatnonzero((seat.app != NO_APP) & (seat.tier == tier))
            app, weight = seat.app[rows], people.weight[rows]
            cell = app * shape[1] + people.region[rows]
            asked = seat.use[rows] if tier == PAID else np.minimum(seat.use[rows], quotas[app])
            np.add.at(totals[tier], cell, weight)
            np.add.at(totals[2 + tier], cell, weight * asked)
            if number:
                np.add.at(totals[4], cell, weight)
    return Counted(*(total.reshape(shape) for total in totals))

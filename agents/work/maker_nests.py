"""The nests of the choice of models: which offers are models of one maker, and which of these one seller offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np

from watersellers.market.exact import Column


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Rows in groups, which are numbered in the order of their kinds."""

    first: Column  # the first row of each group
    others: list[tuple[int, int]]  # all other rows: their group, and the row
    of_row: Column  # group of each row

    @classmethod
    def of[K: (int, tuple[int, int])](cls, kinds: Sequence[K]) -> Self:
        """Group rows by their kinds."""
        groups = {kind: group for group, kind in enumerate(sorted(set(kinds)))}
        of_row, first = [groups[kind] for kind in kinds], [kinds.index(kind) for kind in groups]
        others = [(group, row) for row, group in enumerate(of_row) if row != first[group]]
        return cls(np.array(first), others, np.array(of_row))

    def sums(self, rows: Column) -> Column:
        """Sum the rows of each group, from its first row on."""
        return self._reduced(np.add, rows)

    def largest(self, rows: Column) -> Column:
        """Return the largest of the rows of each group."""
        return self._reduced(np.maximum, rows)

    def _reduced(self, by: np.ufunc, rows: Column) -> Column:
        """Put the rows of each group together, one after the other."""
        total = rows[self.first]
        for group, row in self.others:
            by(total[group], rows[row], out=total[group])
        return total


@dataclass(frozen=True, slots=True, eq=False)
class Nests:
    """Offers in nests, one for each maker, and in lines: what one seller offers of a maker's models."""

    makers: Groups
    among: Groups  # all makers in one group
    lines: Groups
    siblings: list[list[int]]  # for each offer, the places of all others of its line


@lru_cache(maxsize=256)
def nests_of(sold: tuple[tuple[int, int], ...]) -> Nests:
    """Group offers, each of them given by its maker and its seller."""
    makers = Groups.of([maker for maker, _ in sold])
    siblings = [
        [other for other, offer in enumerate(sold) if offer == mine and other != place]
        for place, mine in enumerate(sold)
    ]
    return Nests(makers, Groups.of([0] * len(makers.first)), Groups.of(sold), siblings)

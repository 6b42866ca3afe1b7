"""The nests of the choice of models: which offers are models of one maker, and which of these one seller offers."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from watersellers.market.exact import Column


@dataclass(frozen=True, slots=True, eq=False)
class Nests:
    """Offers by maker, as rows that stand together: ``order`` are the offers' places, nest by nest.

    ``starts`` is the first row of each nest, ``sizes`` their number, and ``of_row`` the nest of a row.
    """

    order: Column
    back: Column  # rows of the offers, in the order in which these were given
    starts: Column
    sizes: Column
    of_row: Column
    lines: list[list[int]]  # rows of each line: the models of one maker at one seller
    siblings: list[list[int]]  # for each offer, the places of all others of its line

    def sums(self, rows: Column) -> Column:
        """Sum the rows of each nest, from its first row on."""
        total = rows[self.starts]
        for place, (start, size) in enumerate(zip(self.starts.tolist(), self.sizes.tolist(), strict=True)):
            for row in rows[start + 1 : start + size]:
                total[place] += row
        return total

    def sums_of_lines(self, rows: Column) -> Column:
        """For each row, sum the rows of its line, from the first on."""
        total = rows.copy()
        for first, *others in self.lines:
            for place in others:
                total[first] += rows[place]
            total[others] = total[first]
        return total


@lru_cache(maxsize=64)
def nests_of(sold: tuple[tuple[int, int], ...]) -> Nests:
    """Group offers, each of them given by its maker and its seller."""
    makers = np.array([maker for maker, _ in sold])
    order = np.argsort(makers, kind="stable")
    _, starts, of_row, sizes = np.unique(makers[order], return_index=True, return_inverse=True, return_counts=True)
    lines, places = _alike([sold[place] for place in order]), _alike(sold)
    siblings = [[other for other in places[offer] if other != place] for place, offer in enumerate(sold)]
    return Nests(order, np.argsort(order), starts, sizes, of_row, list(lines.values()), siblings)


def one_nest(rows: int) -> Nests:
    """Put so many rows into one nest, each of them a line of its own."""
    return nests_of(tuple((0, row) for row in range(rows)))


def _alike(sold: Iterable[tuple[int, int]]) -> dict[tuple[int, int], list[int]]:
    """Places of each line."""
    lines: dict[tuple[int, int], list[int]] = {}
    for place, offer in enumerate(sold):
        lines.setdefault(offer, []).append(place)
    return lines

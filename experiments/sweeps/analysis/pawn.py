"""PAWN: how far a measure's distribution moves when one parameter is held (Pianosi and Wagener 2018, from memory).

A parameter of few values is held at each of them; of many values, in slices of about equally many points. Each column
is sliced by itself, so that no parameter changes another's answer, and runs of one value are never parted. A mirrored
table has mirrored slices, and gives the same answer.

What chance alone makes is computed from draws, not from points. A design may use a draw again: Saltelli's sets each
value of a parameter at several points, and points are the same where lists of values are short. A parameter of many
values has as many draws as distinct values, in each slice. One of few values has as many as there are distinct points,
or distinct values of the parameter that has the fewest of those with many; they are spread over its slices as the
points are.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from watersellers.experiments.sweeps.analysis.reliability import with_reliability

FEW = 20  # values of a parameter up to which each is a slice of its own, if its points repeat them
MOST_SLICES = 11  # of a parameter of many values; odd, so that the middle point is never on an edge of two slices
FEWEST_SLICES = 3
POINTS_A_SLICE = 15  # points that a slice of a parameter of many values has, if there are enough for three slices
SHUFFLES = 100  # of the points over the slices, each taken forwards and backwards, to say what chance alone makes
RARE = 0.95  # share of shuffles whose distance is below what is called ``by_chance``
COLUMNS = (
    *("parameter", "least", "middle", "most", "slices", "fewest"),
    *("by_chance", "least_by_chance", "most_by_chance"),
)
SEED = 1  # of the shuffles, so that the same points give the same answer


def pawn(points: pl.DataFrame, names: Sequence[str], design: Mapping[str, Any]) -> pl.DataFrame:
    """Compute the Kolmogorov-Smirnov distances between a measure's values in each slice of a parameter and in all.

    Columns: parameter; least, middle (median) and most of the distances over its slices, each from 0 to 1; slices;
    fewest (points in a slice); by_chance, least_by_chance, most_by_chance (what the middle, the least and the most stay
    below in 95 of 100 shuffles of as many values as there are draws: a parameter without any effect shows as much, so
    these are their errors); and those of ``with_reliability``, for which each of the three has to be precise.
    """
    order, last = _order_of(points["value"].to_numpy())
    rows: list[tuple[Any, ...]] = []
    for name in names:
        slices = slices_of(points[name].to_numpy())
        least, middle, most = _summary(_distances(slices[order], last))
        low, usual, high = _by_chance(_draws(points, names, name, slices), last)
        sizes = np.bincount(slices)
        rows.append((name, least, middle, most, len(sizes), int(sizes.min()), usual, low, high))
    table = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    errors = (("least", "least_by_chance"), ("middle", "by_chance"), ("most", "most_by_chance"))
    estimates = [[(row[index], row[error]) for index, error in errors] for row in table.iter_rows(named=True)]
    return with_reliability(table, estimates, len(points))


def _of_many_values(values: pl.Series) -> bool:
    """Whether a parameter has too many values for each to be a slice of its own."""
    return values.n_unique() > min(FEW, len(values) // 2)


def _draws(points: pl.DataFrame, names: Sequence[str], name: str, slices: np.ndarray) -> np.ndarray:
    """Count the draws in each slice of a parameter, at least one; as many as points where no draw was used again."""
    if _of_many_values(points[name]):
        first = points.select(pl.col(name).is_first_distinct()).to_series().to_numpy()
        return np.bincount(slices[first])
    many = [points[each].n_unique() for each in names if _of_many_values(points[each])]
    distinct, sizes = min(points.select(names).n_unique(), *many, len(points)), np.bincount(slices)
    return np.maximum(1, sizes * distinct // len(points))


def _summary(distances: np.ndarray) -> tuple[float, float, float]:
    """Return the least, the median and the most of the distances."""
    return float(distances.min()), float(np.median(distances)), float(distances.max())


def slices_of(values: np.ndarray) -> np.ndarray:
    """Assign each point to the slice of its parameter's value: whole numbers from 0, without gaps; shape as ``values``.

    Points are ranked, and a value's rank is the middle of its points'. A value in the middle of an edge between two
    slices belongs to the inner one, from either side.
    """
    order, place, repeats = np.unique(values, return_inverse=True, return_counts=True)
    total = len(values)
    if len(order) <= min(FEW, total // 2):
        return place
    wanted = min(MOST_SLICES, max(FEWEST_SLICES, total // POINTS_A_SLICE))
    wanted -= 1 - wanted % 2
    last = np.cumsum(repeats)
    middle = (2 * last - repeats) * wanted  # of each value's ranks, in units of 1 / (2 * total) of a slice
    index, rest = np.divmod(middle, 2 * total)
    index -= (rest == 0) & (2 * index > wanted)
    return np.unique(index, return_inverse=True)[1][place]


def _order_of(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the order of the points by value, and the last place of each distinct value in that order."""
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
    return order, last


def _distances(ranked: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Compute the largest difference between the shares of points up to each value, in each slice and in all points.

    ``ranked`` are the slices of the points in the order of their values, ``last`` the last place of each value.
    """
    sizes, total = np.bincount(ranked), len(ranked)
    inside = np.cumsum(ranked[:, None] == np.arange(len(sizes)), axis=0, dtype=np.int64)[last]
    apart = np.abs(inside * total - (last + 1)[:, None] * sizes)  # in whole numbers, so that no order of sums matters
    distances: np.ndarray = apart.max(axis=0) / (sizes * total)
    return distances


def _by_chance(draws: np.ndarray, last: np.ndarray) -> tuple[float, float, float]:
    """Compute what the least, the median and the most distance rarely exceed if the parameter has no effect.

    ``draws`` counts those in each slice. Where they are as many as the points, equal values of the measure count as
    equal; where draws were used again, all count as different, which makes the distances larger if anything.
    """
    if len(draws) == 1:
        return 0.0, 0.0, 0.0
    total = int(draws.sum())
    places = last if total == last[-1] + 1 else np.arange(total)
    labels, chance = np.repeat(np.arange(len(draws)), np.sort(draws)), np.random.Generator(np.random.PCG64(SEED))
    shuffled = [chance.permutation(labels) for _ in range(SHUFFLES)]  # of sorted slices, as those of a mirrored table
    both = (ranked for each in shuffled for ranked in (each, each[::-1]))  # so that mirrored values have the same
    found = np.array([_summary(_distances(ranked, places)) for ranked in both])
    least, middle, most = np.quantile(found, RARE, axis=0)
    return float(least), float(middle), float(most)

"""PAWN: how far a measure's distribution moves when one parameter is held (Pianosi and Wagener 2018, from memory).

A parameter of few values is held at each of them; of many values, in slices of about equally many points. Each column
is sliced by itself, so that no parameter changes another's answer, and runs of one value are never parted. A mirrored
table has mirrored slices, and gives the same answer.
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
SEED = 1  # of the shuffles, so that the same points give the same answer


def pawn(points: pl.DataFrame, names: Sequence[str], design: Mapping[str, Any]) -> pl.DataFrame:
    """Compute the Kolmogorov-Smirnov distances between a measure's values in each slice of a parameter and in all.

    Columns: parameter; least, middle (median) and most of the distances over its slices, each from 0 to 1; slices;
    fewest (points in a slice); by_chance (what the middle stays below in 95 of 100 shuffles of the measure's values: a
    parameter without any effect shows as much, so it is the error of the middle); and those of ``with_reliability``.
    """
    order, last = _order_of(points["value"].to_numpy())
    rows: list[tuple[Any, ...]] = []
    for name in names:
        slices = slices_of(points[name].to_numpy())
        found = _distances(slices[order], last)
        middle, by_chance = float(np.median(found)), _middle_by_chance(slices, last)
        ends = (float(found.min()), middle, float(found.max()))
        sizes = np.bincount(slices)
        rows.append((name, *ends, len(sizes), int(sizes.min()), by_chance))
    columns = ("parameter", "least", "middle", "most", "slices", "fewest", "by_chance")
    table = pl.DataFrame(rows, schema=columns, orient="row")
    return with_reliability(table, [[each] for each in table.select("middle", "by_chance").rows()], len(points))


def slices_of(values: np.ndarray) -> np.ndarray:
    """Assign each point to the slice of its parameter's value: whole numbers from 0, without gaps; shape as ``values``.

    Points are ranked, and a value's rank is the middle of its points'. A value in the middle of an edge between two
    slices belongs to the inner one, from either side.
    """
    order, place, repeats = np.unique(values, return_inverse=True, return_counts=True)
    total = len(values)
    if len(order) <= FEW and 2 * len(order) <= total:
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


def _middle_by_chance(slices: np.ndarray, last: np.ndarray) -> float:
    """Compute the median distance that is rarely exceeded if the parameter has nothing to do with the measure."""
    if not slices.any():
        return 0.0
    sizes = np.sort(np.bincount(slices))  # sorted, so that a mirrored table has the same shuffles
    labels, chance = np.repeat(np.arange(len(sizes)), sizes), np.random.Generator(np.random.PCG64(SEED))
    shuffled = [chance.permutation(labels) for _ in range(SHUFFLES)]
    both = (ranked for each in shuffled for ranked in (each, each[::-1]))  # so that mirrored values have the same
    return float(np.quantile([np.median(_distances(ranked, last)) for ranked in both], RARE))

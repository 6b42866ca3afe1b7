"""Bands over seeds or runs: between which values so many of them lie, and how many it takes to say so.

A band leaves a share of the values out at each end: the band of nine in ten one in twenty, the band of half one in
four. Of fewer values than that (19 seeds, 3 runs) there is no whole one to leave out, and a quantile would only be a
point between the two outermost. So with fewer values the range of all of them is given, and is said to be that.
"""

import math
from collections.abc import Sequence

import polars as pl

BAND = (0.05, 0.95)  # quantiles between which nine in ten lie
EIGHT_IN_TEN = (0.1, 0.9)
HALF = (0.25, 0.75)  # quantiles between which half lie
NINE_IN_TEN, ALL = "nine in ten", "all"
LAST_BIT = 1e-9  # 1 - 0.95 is not 0.05 to the last bit


def least_number(ends: tuple[float, float]) -> int:
    """Return the number of values from which on the band between these quantiles leaves out a whole one at each end."""
    return math.ceil(1 / min(ends[0], 1 - ends[1]) - LAST_BIT)


LEAST_SEEDS = least_number(BAND)  # 20


def band_kind(number: int) -> str:
    """Say what is between the ends of a band over so many seeds or runs: nine in ten of them, or all."""
    return NINE_IN_TEN if number >= LEAST_SEEDS else ALL


def band_ends(ends: tuple[float, float], number: int) -> tuple[float, float]:
    """Return the quantiles that are the ends of a band of so many values: those of the range if they are too few."""
    return ends if number >= least_number(ends) else (0.0, 1.0)


def band_in_words(number: int) -> str:
    """Head a column of bands over seeds."""
    return "nine seeds in ten" if band_kind(number) == NINE_IN_TEN else f"range of all {number} seeds"


def band_of(values: Sequence[float]) -> tuple[float, float] | None:
    """Return the band of nine in ten, or with too few values their range; None of no values."""
    if not values:
        return None
    ordered = sorted(values)
    low, high = (quantile(ordered, at) for at in band_ends(BAND, len(ordered)))
    return (low, high) if low is not None and high is not None else None


def expected_band(values: Sequence[float], ends: tuple[float, float] = EIGHT_IN_TEN) -> tuple[float, float] | None:
    """Return the band in which a further seed is expected to lie as often as the band says; None of too few values.

    The p-quantile is the value with the rank p (n + 1), interpolated linearly: a further value of the same kind is as
    likely to fall into any of the n + 1 gaps. The band between the quantiles of the values themselves is narrower.
    """
    ordered, number = sorted(values), len(values)
    ranks = [end * (number + 1) - 1 for end in ends]
    if ranks[0] < -LAST_BIT or ranks[1] > number - 1 + LAST_BIT:
        return None
    low, high = (quantile(ordered, min(1.0, max(0.0, rank / max(1, number - 1)))) for rank in ranks)
    return (low, high) if low is not None and high is not None else None


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """Return a quantile of ordered values, interpolated linearly between neighbours; None if there is no value."""
    if not ordered:
        return None
    rank = share * (len(ordered) - 1)
    below = int(rank)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (rank - below) * (ordered[above] - ordered[below])


def band_columns(column: str, ends: tuple[float, float]) -> tuple[pl.Expr, pl.Expr]:
    """Compute the two ends of a band of a column in each group, as expressions; missing values do not count."""
    values = pl.col(column)
    enough = values.count() >= least_number(ends)
    low, high = (values.quantile(at, "linear") for at in ends)
    return pl.when(enough).then(low).otherwise(values.min()), pl.when(enough).then(high).otherwise(values.max())


def kind_column(column: str) -> pl.Expr:
    """Say for each group what is between the ends of its band, as an expression: ``band_kind`` of its values."""
    return pl.when(pl.col(column).count() >= LEAST_SEEDS).then(pl.lit(NINE_IN_TEN)).otherwise(pl.lit(ALL))

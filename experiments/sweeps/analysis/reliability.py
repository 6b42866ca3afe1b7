"""Reliability: whether an index means anything beside its own error, and how many points would make it so."""

import math
from collections.abc import Callable, Sequence

import polars as pl

SMALL = 0.1  # an error of an index from 0 to 1 that is small in any case
PART = 0.5  # of the index itself: a larger index may have a larger error

type Estimate = tuple[float, float]  # an index, a share from 0 to 1, and its error
type Rounding = Callable[[int], int]


def with_reliability(
    table: pl.DataFrame, estimates: Sequence[Sequence[Estimate]], base: int, round_up: Rounding = int
) -> pl.DataFrame:
    """Add to a table of indices the columns precise, needed (null if that can't be said) and base.

    An index is precise if its error is at most a tenth, or half of the index itself. Errors shrink with the root of the
    number of points; ``needed`` is the number at which the least precise index of the row would be precise.

    Parameters
    ----------
    table : pl.DataFrame
        The indices.
    estimates : sequence
        The estimates of each row; an index outside of 0 to 1 has at least the error by which it is outside.
    base : int
        The number of points, or of trajectories, that the indices were computed from.
    round_up : callable
        Returns the next number of points that a design can have.
    """
    worst = [max(_excess(*each) for each in of_row) for of_row in estimates]
    needed = [round_up(math.ceil(base * max(1.0, each) ** 2)) if math.isfinite(each) else None for each in worst]
    precise = pl.Series([each <= 1 for each in worst], dtype=pl.Boolean)
    return table.with_columns(precise=precise, needed=pl.Series(needed, dtype=pl.Int64), base=pl.lit(base, pl.Int64))


def _excess(index: float, error: float) -> float:
    """Divide the error of an index by the largest one at which the index means something; infinite if it has none."""
    if not (math.isfinite(index) and math.isfinite(error)):
        return math.inf
    outside = max(0.0, -index, index - 1)
    return max(error, outside) / max(SMALL, PART * min(index, 1.0))


def next_power_of_two(points: int) -> int:
    """Return the smallest power of two that is not smaller."""
    return 1 << (points - 1).bit_length()

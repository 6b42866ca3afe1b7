"""When a boom in machines turns, if it does: the month is found in a run, and no input names it."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from watersellers.experiments.runs.result import Result

QUARTER, YEAR = 3, 12  # months
HALF = 0.5


def turning_month(result: Result) -> date | None:
    """Return the month in which vendors' boom turns; None if it has not turned by the end of the run."""
    rows = result.layers.filter(pl.col("layer") == "chips").sort("month")
    place = turn_of(rows["revenue"].to_list())
    return None if place is None else rows["month"][place]


def turn_of(sales: Sequence[int]) -> int | None:
    """Find the turn of a series of monthly sales: the place of the last month of its best quarter.

    A quarter is three months in a row. The best one is a turn if a quarter that ends within twelve months of it has at
    most half of its sales: a dip that is made up for is none, and of a fall that is not over it can't be told.
    """
    quarters = [sum(sales[last - QUARTER + 1 : last + 1]) for last in range(QUARTER - 1, len(sales))]
    best = max(quarters, default=0)
    if best <= 0:
        return None
    place = quarters.index(best)
    later = quarters[place + 1 : place + 1 + YEAR]
    return place + QUARTER - 1 if later and min(later) <= HALF * best else None

"""When a boom in machines turns, if it does: the month is found in a run, and is nowhere an input."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from watersellers.experiments.runs.result import Result

QUARTER, YEAR = 3, 12  # months
HALF = 0.5


def turning_month(result: Result) -> date | None:
    """Return the last month of the quarter in which vendors sold most before a year brought them to half of it.

    None if no quarter is followed by one, at most twelve months later, in which revenue is at most half as high.
    """
    rows = result.layers.filter(pl.col("layer") == "chips").sort("month")
    place = turn_of(rows["revenue"].to_list())
    return None if place is None else rows["month"][place]


def turn_of(sales: Sequence[int]) -> int | None:
    """Find the first turn of a series of monthly sales: the place of the last month of its best quarter.

    A quarter is three months in a row. Of all quarters up to the first that is at most half of one within the twelve
    months before it, the turn is the best.
    """
    quarters = [sum(sales[last - QUARTER + 1 : last + 1]) for last in range(QUARTER - 1, len(sales))]
    for place, sold in enumerate(quarters):
        before = quarters[max(0, place - YEAR) : place]
        if before and sold <= HALF * max(before) and max(before) > 0:
            return place - len(before) + before.index(max(before)) + QUARTER - 1
    return None

"""How a measure's values are written: shares for people, cents as dollars, other numbers in few digits."""

import math
from collections.abc import Callable

from viz.words import MINUS, MISSING, count, money, share

SHARES = ("_over_final_spending", "_share", "margin")  # how the names of shares end
COUNTS = ("quantity", "customers", "price")
DIGITS = 3
SMALL = 1000

type Written = Callable[[float | None], str]


def written(measure: str) -> Written:
    """Find how to write the values of a measure, by its name without whose it is and when."""
    name = measure.partition(":")[0].partition("@")[0]
    if name.endswith(SHARES):
        return share
    if "." not in name or name.startswith(("firms.", "year.")):
        return plain if name.endswith(COUNTS) else money
    return plain


def plain(value: float | None) -> str:
    """Write a number with three digits, large ones in few signs."""
    if value is None or not math.isfinite(value):
        return MISSING
    if abs(value) >= SMALL:
        return count(value)
    return f"{value:.{DIGITS}g}".replace("-", MINUS)

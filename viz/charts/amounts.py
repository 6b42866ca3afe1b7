"""How a measure's values are written: shares for people, cents as dollars, other numbers in few digits."""

from collections.abc import Callable

from watersellers.viz.words import Words

SHARES = ("_over_final_spending", "_share", "margin")  # how the names of shares end
COUNTS = ("quantity", "customers", "price")

type Written = Callable[[float | None], str]


def written(measure: str, say: Words) -> Written:
    """Find how to write the values of a measure, by its name without whose it is and when."""
    name = measure.partition(":")[0].partition("@")[0]
    if name.endswith(SHARES):
        return say.share
    if "." not in name or name.startswith(("firms.", "year.")):
        return say.plain if name.endswith(COUNTS) else say.money
    return say.plain

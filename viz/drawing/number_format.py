"""The number format of each measure: shares as percentages, cents as dollars, other numbers in few digits."""

from collections.abc import Callable

from watersellers.viz.words.catalogue import Words

SHARES = ("_over_final_spending", "_share", "margin")  # endings of the names of shares
COUNTS = ("quantity", "customers", "price")

type NumberWriter = Callable[[float | None], str]


def number_writer(measure: str, say: Words) -> NumberWriter:
    """Return the function that writes the values of a measure, chosen by the measure's name."""
    name = measure.partition(":")[0].partition("@")[0]
    if name.endswith(SHARES):
        return say.share
    if "." not in name or name.startswith(("firms.", "year.")):
        return say.plain if name.endswith(COUNTS) else say.money
    return say.plain

"""The number format of each measure: shares as percentages, cents as dollars, other numbers in few digits."""

from collections.abc import Callable

from watersellers.experiments.analysis.windows import split_window
from watersellers.viz.words.catalogue import Words

SHARES = ("_over_final_spending", "_share", "margin")  # endings of the names of shares
COUNTS = ("quantity", "customers", "price")

type NumberWriter = Callable[[float | None], str]


def number_writer(measure: str, say: Words) -> NumberWriter:
    """Return the function that writes the values of a measure, chosen by the measure's name."""
    window, name = split_window(measure.partition(":")[0].partition("@")[0])
    if name.endswith(SHARES):
        return say.share
    if window or "." not in name or name.startswith("firms."):
        return say.plain if name.endswith(COUNTS) else say.money
    return say.plain

"""The number format of each measure: shares as percentages, cents as dollars, other numbers in few digits."""

from collections.abc import Callable

from watersellers.experiments.analysis.windows import split_window
from watersellers.experiments.sweeps.analysis.selected_measure import SelectedMeasure
from watersellers.viz.words.catalogue import Words

SHARES = ("_over_final_spending", "_share", "margin")  # endings of the names of shares
COUNTS = ("quantity", "customers", "price")

type NumberWriter = Callable[[float | None], str]


def number_writer(measure: str, say: Words) -> NumberWriter:
    """Return the function that writes the values of a measure, chosen by the measure's name.

    Of a user's own measure (module:function) nothing but a share is known: its numbers are no amounts of money.
    """
    full = SelectedMeasure.read(measure).measure
    window, name = split_window(full)
    if name.endswith(SHARES):
        return say.share
    if ":" in full:
        return say.plain
    if window or "." not in name or name.startswith("firms."):
        return say.plain if name.endswith(COUNTS) else say.money
    return say.plain

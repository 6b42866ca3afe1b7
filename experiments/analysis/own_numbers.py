"""Does a firm's margin come from numbers of its own? Each of them is replaced by that of its whole layer."""

from collections.abc import Mapping

import polars as pl

from watersellers.experiments.analysis.verdicts import RunSeries, Verdict
from watersellers.experiments.analysis.windows import CALIBRATED_YEAR
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.loading.parameters import Parameters
from watersellers.experiments.runs.result import Result

GROUP, FIRM = "chips", "nvidia"  # the firm whose margin the story is about
POINTS = 0.05  # most by which its margin may fall: the tolerance of a published margin
NEEDED = 0.95
MONTHS = 26  # to February 2025


def vendor_rows(result: Result) -> pl.DataFrame:
    """Return NVIDIA's months of the year to February 2025."""
    return CALIBRATED_YEAR.rows(result.firms).filter(pl.col("firm") == FIRM)


def vendor_margin(result: Result) -> float:
    """Return NVIDIA's gross margin in that year."""
    year = vendor_rows(result)
    return 1 - int(year["cost_of_sales"].sum()) / int(year["revenue"].sum())


def own_numbers() -> Mapping[str, float]:
    """Return the numbers that the table has for NVIDIA alone, each with the value of its whole layer, by path."""
    table = Parameters.load()
    layer = table.numbers(GROUP)
    return {f"{GROUP}.{FIRM}.{name}": layer[name].value for name in table.own(GROUP)[FIRM]}


def number_of_runs() -> int:
    """Return the number of runs for each seed."""
    return 2 + len(own_numbers())


def own_number_verdicts(runs: RunSeries, seeds: int) -> list[Verdict]:
    """Judge, number by number, whether NVIDIA's margin is as high with the number that all vendors have.

    Its capacity and what it had ordered before the start say how large it was, and not what it asks: without them it
    is a small firm, whose machines are scarcer.
    """
    layer, spec = own_numbers(), load_scenario("baseline")
    own = next(each for each in spec.groups[GROUP] if each.name == FIRM).numbers
    changes = {path: {path: value} for path, value in layer.items()}
    specs = [spec, *(load_scenario("baseline", change) for change in (*changes.values(), dict(layer)))]
    before, *others = runs.of_each(specs, seeds, MONTHS, vendor_margin)
    names = [f"{path} of {own[path.rpartition('.')[2]]:g} (all vendors: {layer[path]:g})" for path in layer]
    verdicts = []
    for name, after in zip((*names, "any number of its own"), others, strict=True):
        held = sum(one - other <= POINTS for one, other in zip(before, after, strict=True))
        claim = f"NVIDIA's gross margin without {name}: at most five points lower"
        moved = f"{sum(before) / seeds:.1%} to {sum(after) / seeds:.1%}"
        verdicts.append(Verdict("own numbers", claim, held, seeds, NEEDED, figure=moved))
    return verdicts

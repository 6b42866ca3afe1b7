"""Does a margin come from numbers that a firm has alone? They are replaced by those of its whole layer, and handed out.

Numbers that say how large NVIDIA was at the start are told apart from those that say how it sells: no small firm sells
like a large one. And what a layer has may have been NVIDIA's all the time, so that a rival is given all of it, too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from watersellers.experiments.analysis.targets import TOLERANCES
from watersellers.experiments.analysis.verdicts import RunSeries, Verdict
from watersellers.experiments.analysis.windows import CALIBRATED_YEAR
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.loading.parameters import Parameters
from watersellers.experiments.runs.result import Result

GROUP, FIRM, RIVAL = "chips", "nvidia", "amd"  # the firm whose margin the story is about, and its rival
SIZE = ("opening_capacity", "opening_pipeline", "opening_wait")  # how large it was
OUTSIDE = ("staff", "opening_cash", "payout")  # no gross margin has them
NEEDED, MONTHS = 0.95, 26  # to February 2025


@dataclass(frozen=True)
class OwnChange:
    """Numbers that are set otherwise, by path, and what that is; judged if the margin is to stay as high."""

    claim: str
    settings: Mapping[str, float]
    judged: bool


def vendor_rows(result: Result) -> pl.DataFrame:
    """Return NVIDIA's months of the year to February 2025."""
    return CALIBRATED_YEAR.rows(result.firms).filter(pl.col("firm") == FIRM)


def vendor_margin(result: Result) -> float:
    """Return NVIDIA's gross margin in that year."""
    year = vendor_rows(result)
    return 1 - int(year["cost_of_sales"].sum()) / int(year["revenue"].sum())


def own_numbers(firm: str = FIRM) -> Mapping[str, tuple[float, float]]:
    """Return the numbers that the table has for a vendor alone, each with its value and that of all vendors, by name.

    Those that no gross margin has are left out.
    """
    table = Parameters.load()
    layer, own = table.numbers(GROUP), table.own(GROUP)[firm]
    return {name: (each.value, layer[name].value) for name, each in own.items() if name not in OUTSIDE}


def own_changes() -> list[OwnChange]:
    """List what is changed: each number of NVIDIA's own, those of how it sells together, its size, and its rival's."""
    return list(_changes())


def _changes() -> Iterator[OwnChange]:
    mine, rivals = own_numbers(), own_numbers(RIVAL)
    layer = {f"{GROUP}.{FIRM}.{name}": value for name, (_, value) in mine.items()}
    sells = {path: value for path, value in layer.items() if path.rpartition(".")[2] not in SIZE}
    for path, value in sells.items():
        own, _ = mine[path.rpartition(".")[2]]
        yield OwnChange(f"without its own {path} of {own:g} (all vendors: {value:g})", {path: value}, judged=True)
    yield OwnChange("without any own number of how it sells", sells, judged=True)
    size = {path: value for path, value in layer.items() if path not in sells}
    yield OwnChange("without its size at the start", size, judged=False)
    equal = {f"{GROUP}.{RIVAL}.{name}": value for name, (_, value) in rivals.items()}
    yield OwnChange(
        f"where {RIVAL} has all of NVIDIA's numbers",
        equal | {f"{GROUP}.{RIVAL}.{name}": value for name, (value, _) in mine.items()},
        judged=False,
    )


def number_of_runs() -> int:
    """Return the number of runs for each seed."""
    return 1 + len(own_changes())


def own_number_verdicts(runs: RunSeries, seeds: int) -> list[Verdict]:
    """Judge whether NVIDIA's gross margin is as high, to the tolerance of a published one, without its own numbers.

    What its size and a rival like itself do to the margin is printed, and asked of nobody.
    """
    changes, most = own_changes(), TOLERANCES["margin"]
    specs = [load_scenario("baseline"), *(load_scenario("baseline", change.settings) for change in changes)]
    before, *others = runs.of_each(specs, seeds, MONTHS, vendor_margin)
    verdicts = []
    for change, after in zip(changes, others, strict=True):
        held = sum(one - other <= most for one, other in zip(before, after, strict=True))
        ending = f"at most {100 * most:g} points lower" if change.judged else "reported, not asked"
        claim = f"NVIDIA's gross margin {change.claim}: {ending}"
        moved = f"{sum(before) / seeds:.1%} to {sum(after) / seeds:.1%}"
        verdicts.append(Verdict("own numbers", claim, held, seeds, NEEDED if change.judged else 0.0, figure=moved))
    return verdicts

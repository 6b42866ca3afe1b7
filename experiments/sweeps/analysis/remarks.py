"""Remarks on the tables of analyses: what was left out of them, and what rests on too little.

Each is made of what the table itself holds, so that the command line, the charts and the pages say the same.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from watersellers.experiments.analysis.bands_over_runs import LEAST_SEEDS
from watersellers.experiments.sweeps.analysis.phases import Phases
from watersellers.experiments.sweeps.analysis.remark_sentences import SENTENCES

UNSURE_SPREAD = 10  # replicates below which the spread, and what is reckoned from it, is known only roughly
UNITS = {"sobol": "points", "morris": "trajectories"}
NAMED = 4  # rows that a sentence names


@dataclass(frozen=True)
class Remark:
    """A remark: the key of its sentence, and the numbers and names in it."""

    key: str
    values: Mapping[str, Any]

    def __str__(self) -> str:
        return SENTENCES[self.key].format(**self.values)


def remarks_on_bands(found: pl.DataFrame) -> Iterator[Remark]:
    """Say what the result of ``bands`` or ``quantiles_by`` leaves out, and whether its bands rest on few runs."""
    lacking = found.filter(pl.col("left_out") > 0).sort("left_out", descending=True, maintain_order=True)
    if len(lacking):
        worst = lacking.row(0, named=True)
        where = [str(worst["who"])] if "who" in worst else []
        where += [f"{worst['month']:%Y-%m}"] if worst.get("month") is not None else []
        counts = {"rows": len(lacking), "all": len(found), "most": worst["left_out"]}
        place = ", ".join(where) or str(worst[found.columns[0]])
        yield Remark("bands.left_out", counts | {"runs": worst["left_out"] + worst["runs"], "where": place})
    fewest = found.filter(pl.col("runs") > 0)["runs"].min()
    if fewest is not None and int(fewest) < LEAST_SEEDS:  # type: ignore[arg-type]
        yield Remark("bands.few", {"runs": fewest, "enough": LEAST_SEEDS})


def remarks_on_convergence(found: pl.DataFrame) -> Iterator[Remark]:
    """Say how many runs the result of ``convergence`` leaves out, and how uncertain its spread is."""
    last = found.row(-1, named=True)
    if last["left_out"]:
        yield Remark("enough.left_out", {"left_out": last["left_out"], "all": last["left_out"] + last["runs"]})
    if last["replicates"] < UNSURE_SPREAD:
        off = round(100 / math.sqrt(2 * (last["replicates"] - 1)))
        yield Remark("enough.few", {"replicates": last["replicates"], "off": off})


def remarks_on_sensitivity(found: pl.DataFrame, method: str) -> Iterator[Remark]:
    """Say what the result of ``sensitivity`` leaves out, which of its rows mean nothing, and how many points do."""
    left_out, points = found.select("left_out", "points").row(0)
    if left_out:
        yield Remark("sensitivity.left_out", {"left_out": left_out, "all": left_out + points})
    unsure = found.filter(~pl.col("precise"))
    if unsure.is_empty():
        return
    pairs = unsure["pair"].to_list() if "pair" in unsure.columns else [None] * len(unsure)
    named = [f"{one} & {other}" if other else one for one, other in zip(unsure["parameter"], pairs, strict=True)]
    names = ", ".join(named[:NAMED]) + (", ..." if len(named) > NAMED else "")
    counts = {"count": len(unsure), "all": len(found), "names": names}
    needed = None if unsure["needed"].has_nulls() else unsure["needed"].max()
    if needed is None:
        yield Remark("sensitivity.unsure_open", counts)
    else:
        unit = UNITS.get(method, "points")
        yield Remark("sensitivity.unsure", counts | {"base": found["base"][0], "unit": unit, "needed": needed})


def remarks_on_map(found: Phases) -> Iterator[Remark]:
    """Say how many runs and cells a map leaves out, and whether its cells have more than one run."""
    if found.left_out:
        yield Remark("map.left_out", {"left_out": found.left_out, "all": found.runs})
    if found.empty:
        yield Remark("map.empty", {"cells": found.empty, "all": found.empty + len(found.cells)})
    if len(found.cells) and int(found.cells["runs"].max()) == 1:  # type: ignore[arg-type]
        yield Remark("map.one_run", {})


def remarks_on_calibration(losses: pl.DataFrame) -> Iterator[Remark]:
    """Say how many points of a calibration have no loss."""
    if left_out := losses["loss"].null_count():
        yield Remark("calibrate.left_out", {"left_out": left_out, "all": len(losses)})

"""A sweep folder whose runs were never made: its parts are written as workers do, with values that a test chooses."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from watersellers import Sweep, Swept
from watersellers.experiments.sweeps.folder.folder import write_study
from watersellers.experiments.sweeps.folder.run_record import COLUMNS, OK, Outcome, write_part
from watersellers.experiments.sweeps.study.plan import PlannedRun

MONTH = date(2024, 12, 1)
LAYERS = ("chips", "cloud", "labs", "apps")

type Values = Mapping[str, float] | float | None


def rows(run: str, measure: str, values: Values) -> pl.DataFrame:
    """One measure of a run: of each layer, or of no one."""
    listed = values.items() if isinstance(values, Mapping) else [(None, values)]
    table = [(run, MONTH, layer, None, measure, value) for layer, value in listed]
    return pl.DataFrame(table, schema=COLUMNS, orient="row")


def pretended(
    folder: Path, sweep: Sweep, of: Callable[[PlannedRun], Values], measure: str = "calibrated.upstream_share"
) -> Swept:
    """Pretend that a sweep was carried out: ``of`` gives what a run measured; None leaves it unmade."""
    plan = sweep.plan()
    write_study(folder, plan)
    for each in plan.runs():
        if (values := of(each)) is not None:
            write_part(folder, Outcome(each.run, OK, 1.0, each.run), rows(each.run, measure, values))
    return Swept.open(folder)

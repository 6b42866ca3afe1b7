"""Bands over runs: a measure month by month with its spread, and the number of runs that is enough."""

import math

import polars as pl

from watersellers.experiments.analysis.bands_over_runs import BAND, HALF, band_columns, kind_column
from watersellers.experiments.input.errors import BadInput, shown, unknown
from watersellers.experiments.input.optional_packages import load_optional
from watersellers.experiments.sweeps.analysis.selected_measure import SelectedMeasure, all_rows_of, selected_values
from watersellers.experiments.sweeps.folder.run_record import OK
from watersellers.experiments.sweeps.folder.swept_runs import SweptRuns

CONFIDENCE = 0.95
MOST = 1_000_000_000  # the largest number of replicates that is estimated
LEAST = 2  # the smallest number of replicates that has a spread


def bands(swept: SweptRuns, measure: str = "profit_over_final_spending", by: str | None = None) -> pl.DataFrame:
    """Compute quantiles of a measure over runs, month by month, for all runs or for each value of a parameter.

    Parameters
    ----------
    swept : SweptRuns
        The sweep.
    measure : str
        A monthly measure, with ``:who`` for one layer or firm.
    by : str, optional
        A parameter of the sweep.

    Returns
    -------
    pl.DataFrame
        The parameter if one is given, month, who (layer or firm), lowest, low, median, high, highest (null if no run
        has a value), runs (that have one), band, left_out (runs of the sweep that have no value, for whatever reason).
        Between lowest and highest lie nine runs in ten, or all of fewer than 20 (``band`` says which: "nine in ten" or
        "all"); between low and high half of the runs, or all of fewer than 4.

    Raises
    ------
    BadInput
        If there is no such measure or parameter.
    """
    selected = SelectedMeasure.read(measure)
    rows = all_rows_of(swept, selected.measure)
    names = [axis.name for axis in swept.plan.axes]
    if by is not None and by not in names:
        raise BadInput(f"{swept.folder}: {unknown('parameter of this sweep', by, names)}")
    keys = [by] if by else []
    who = pl.coalesce("firm", "layer", pl.lit("all"))
    runs = swept.runs.filter(status=OK).select("run", *keys).unique("run", maintain_order=True)
    joined = rows.with_columns(who=who).join(runs, on="run")
    if selected.who:
        joined = joined.filter(who=selected.who)
        if joined.is_empty():
            raise BadInput(f"measure: {unknown('layer or firm', selected.who, rows.select(who).to_series().to_list())}")
    return bands_of(joined, keys, swept.runs.unique("run"))


def quantiles_by(swept: SweptRuns, measure: str, by: str) -> pl.DataFrame:
    """Compute quantiles of a measure over runs for each value of a parameter.

    Columns: the parameter, lowest, low, median, high, highest, runs, band, left_out (as in ``bands``).

    Raises
    ------
    BadInput
        If there is no such measure or parameter.
    """
    axes = {axis.name: axis for axis in swept.plan.axes}
    if by not in axes:
        raise BadInput(f"{swept.folder}: {unknown('parameter of this sweep', by, axes)}")
    rows = selected_values(swept, SelectedMeasure.read(measure)).group_by(by, maintain_order=True)
    return _with_left_out(rows.agg(**_quantiles()), [by], swept.runs)


def bands_of(rows: pl.DataFrame, keys: list[str], planned: pl.DataFrame) -> pl.DataFrame:
    """Compute quantiles over runs from rows of month, who, value and the keys; ``planned`` are all runs."""
    order = ["who", *keys, "month"]
    return _with_left_out(rows.group_by(order).agg(**_quantiles()), keys, planned).sort(order)


def _quantiles() -> dict[str, pl.Expr]:
    """Quantiles over the runs that have a value, their number, and what the outer band holds."""
    (lowest, highest), (low, high) = band_columns("value", BAND), band_columns("value", HALF)
    middle = pl.col("value").drop_nulls().quantile(0.5, "linear")
    levels = {"lowest": lowest, "low": low, "median": middle, "high": high, "highest": highest}
    return levels | {"runs": pl.col("value").count(), "band": kind_column("value")}


def _with_left_out(found: pl.DataFrame, keys: list[str], planned: pl.DataFrame) -> pl.DataFrame:
    """Count the planned runs of each group that have no value."""
    left_out = (pl.col("planned").cast(pl.Int64) - pl.col("runs")).alias("left_out")
    if not keys:
        return found.with_columns(planned=pl.lit(len(planned))).with_columns(left_out).drop("planned")
    counts = planned.group_by(keys).agg(planned=pl.len())
    joined = found.join(counts, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(left_out).drop("planned")


def convergence(swept: SweptRuns, measure: str, within: float | None = None) -> pl.DataFrame:
    """Compute how the confidence interval of a point's mean narrows with the number of replicates.

    Parameters
    ----------
    swept : SweptRuns
        The sweep.
    measure : str
        The measure and its layer or firm, as ``calibrated.profit_over_final_spending:chips``.
    within : float, optional
        The half-width that the interval should have.

    Returns
    -------
    pl.DataFrame
        replicates, points (that have as many), mean (over points), half_width (of the 95 % interval of a point's mean;
        the median over points), widest (the largest of all points); needed (replicates for ``within`` at the widest
        point, estimated from the spread so far; null without ``within``), runs (that have a value), left_out (that have
        none, for whatever reason).

    Raises
    ------
    BadInput
        If no point has two replicates, or ``within`` is not above 0.
    """
    if within is not None and not 0 < within < math.inf:
        raise BadInput(f"within: found {shown(within)}, expected a number above 0, as 0.01")
    rows = selected_values(swept, SelectedMeasure.read(measure)).drop_nulls("value")
    counts = rows.group_by("point").len()
    most = int(counts["len"].max() or 0)  # type: ignore[arg-type]
    if most < LEAST:
        lacking, cure = len(swept.runs) - len(rows), f"expected {LEAST} or more, as replications = 20"
        valued = f"{most} replicates with a value at a point ({lacking} of {len(swept.runs)} runs have none)"
        raise BadInput(f"{swept.folder}: found {valued}, {cure}")
    found = convergence_of(rows.select("point", "replicate", "value"), most, within)
    return found.with_columns(runs=pl.lit(len(rows), pl.Int64), left_out=pl.lit(len(swept.runs) - len(rows), pl.Int64))


def convergence_of(rows: pl.DataFrame, most: int, within: float | None) -> pl.DataFrame:
    """Compute the table of ``convergence`` for 2, 3 and more replicates, from rows of point, replicate, value."""
    students = load_optional("scipy.stats", "fit").t
    ranked = rows.with_columns(pl.col("replicate").rank("ordinal").over("point").alias("place"))
    table = []
    for number in range(LEAST, most + 1):
        first = ranked.filter(pl.col("place") <= number).group_by("point")
        points = first.agg(pl.col("value").mean().alias("mean"), pl.col("value").std().alias("sd"), pl.len().alias("n"))
        points = points.filter(n=number)
        reach = float(students.ppf((1 + CONFIDENCE) / 2, number - 1))
        half = points["sd"] * reach / math.sqrt(number)
        wanted = None if within is None else _replicates_for(float(points["sd"].max() or 0.0), within, students)  # type: ignore[arg-type]
        table.append((number, len(points), points["mean"].mean(), half.median(), half.max(), wanted))
    columns = ["replicates", "points", "mean", "half_width", "widest", "needed"]
    found = pl.DataFrame(table, schema=columns, orient="row", infer_schema_length=None)
    return found.with_columns(pl.col("needed").cast(pl.Int64))


def _replicates_for(spread: float, within: float, students: object) -> int:
    """Find the number of replicates whose interval is narrow enough, given the spread of those at hand."""
    number = LEAST
    ppf = getattr(students, "ppf")  # noqa: B009
    while ppf((1 + CONFIDENCE) / 2, number - 1) * spread / math.sqrt(number) > within:
        number += max(1, number // 20)
        if number > MOST:
            cure = f"take one nearer to {spread:.2g}, the standard deviation over runs"
            raise BadInput(f"within: found {within:g}, which would take more than {MOST:,} replicates; {cure}")
    return number

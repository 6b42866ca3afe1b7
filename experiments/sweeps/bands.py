"""Bands over runs: what a measure is month by month, and how far it scatters; and how many runs are enough."""

import math

import polars as pl

from watersellers.experiments.comparing import BAND
from watersellers.experiments.errors import BadInput, shown, unknown
from watersellers.experiments.sweeps.extras import needed
from watersellers.experiments.sweeps.observing import Look, observed
from watersellers.experiments.sweeps.parts import OK
from watersellers.experiments.sweeps.swept import Swept

INNER = (0.25, 0.75)  # quantiles between which half of the runs lie
CONFIDENCE = 0.95
MOST = 1_000_000_000  # replicates that are reckoned with
LEAST = 2  # replicates, below which nothing scatters


def bands(swept: Swept, measure: str = "profit_over_final_spending", by: str | None = None) -> pl.DataFrame:
    """Say what a measure is month by month over all runs of a sweep, or for each value of a parameter.

    Parameters
    ----------
    swept : Swept
        The sweep.
    measure : str
        A measure by month, with ``:who`` for one layer or firm.
    by : str, optional
        A parameter of the sweep.

    Returns
    -------
    pl.DataFrame
        The parameter if one is given, month, who (layer or firm), lowest, low, median, high, highest (quantiles 0.05,
        0.25, 0.5, 0.75, 0.95 over runs), runs.

    Raises
    ------
    BadInput
        If there is no such measure or parameter.
    """
    look = Look.read(measure)
    rows = swept.scan().filter(measure=look.measure).collect()
    if rows.is_empty():
        known = swept.scan().select(pl.col("measure").unique()).collect()["measure"].to_list()
        raise BadInput(f"{swept.folder}: {unknown('measure', look.measure, known)}")
    names = [axis.name for axis in swept.plan.axes]
    if by is not None and by not in names:
        raise BadInput(f"{swept.folder}: {unknown('parameter of this sweep', by, names)}")
    keys = [by] if by else []
    who = pl.coalesce("firm", "layer", pl.lit("all"))
    runs = swept.runs.filter(status=OK).select("run", *keys).unique("run", maintain_order=True)
    joined = rows.with_columns(who=who).join(runs, on="run")
    if look.who:
        joined = joined.filter(who=look.who)
        if joined.is_empty():
            raise BadInput(f"measure: {unknown('layer or firm', look.who, rows.select(who).to_series().to_list())}")
    return bands_of(joined, keys)


def summed(swept: Swept, look: str, by: str) -> pl.DataFrame:
    """Say what is looked at for each value of a parameter: the parameter, lowest, low, median, high, highest, runs.

    Raises
    ------
    BadInput
        If there is no such measure or parameter.
    """
    axes = {axis.name: axis for axis in swept.plan.axes}
    if by not in axes:
        raise BadInput(f"{swept.folder}: {unknown('parameter of this sweep', by, axes)}")
    rows = observed(swept, Look.read(look)).drop_nulls("value").group_by(by, maintain_order=True)
    return rows.agg(**_levels(), runs=pl.len())


def bands_of(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Take quantiles over runs of rows of month, who, value and the keys."""
    order = ["who", *keys, "month"]
    return rows.drop_nulls("value").group_by(order).agg(**_levels(), runs=pl.len()).sort(order)


def _levels() -> dict[str, pl.Expr]:
    """Quantiles over runs."""
    levels = {"lowest": BAND[0], "low": INNER[0], "median": 0.5, "high": INNER[1], "highest": BAND[1]}
    return {name: pl.col("value").quantile(level, "linear") for name, level in levels.items()}


def enough(swept: Swept, look: str, within: float | None = None) -> pl.DataFrame:
    """Say how an estimate narrows with replications: the mean at a point, from the first few of its replicates.

    Parameters
    ----------
    swept : Swept
        The sweep.
    look : str
        What is looked at, as ``year.profit_over_final_spending:chips``.
    within : float, optional
        How far off a mean may be.

    Returns
    -------
    pl.DataFrame
        replicates, points (that have as many), mean (over points), half_width (of the 95 % interval of a point's mean;
        the median over points), widest (of all points); needed (replicates for ``within`` at the widest point, by the
        scatter seen so far; null without it).

    Raises
    ------
    BadInput
        If no point has two replicates, or ``within`` is no distance.
    """
    if within is not None and not 0 < within < math.inf:
        raise BadInput(f"within: found {shown(within)}, expected a number above 0, as 0.01")
    rows = observed(swept, Look.read(look)).drop_nulls("value")
    counts = rows.group_by("point").len()
    most = int(counts["len"].max() or 0)  # type: ignore[arg-type]
    if most < LEAST:
        cure = f"expected {LEAST} or more, as replications = 20"
        raise BadInput(f"{swept.folder}: found {most} replicates at a point, {cure}")
    return narrowing(rows.select("point", "replicate", "value"), most, within)


def narrowing(rows: pl.DataFrame, most: int, within: float | None) -> pl.DataFrame:
    """Narrow an estimate: for 2, 3 and more replicates, as ``enough`` says; rows are of point, replicate, value."""
    students = needed("scipy.stats", "fit").t
    ranked = rows.with_columns(pl.col("replicate").rank("ordinal").over("point").alias("place"))
    table = []
    for number in range(LEAST, most + 1):
        first = ranked.filter(pl.col("place") <= number).group_by("point")
        points = first.agg(pl.col("value").mean().alias("mean"), pl.col("value").std().alias("sd"), pl.len().alias("n"))
        points = points.filter(n=number)
        reach = float(students.ppf((1 + CONFIDENCE) / 2, number - 1))
        half = points["sd"] * reach / math.sqrt(number)
        wanted = None if within is None else _wanted(float(points["sd"].max() or 0.0), within, students)  # type: ignore[arg-type]
        table.append((number, len(points), points["mean"].mean(), half.median(), half.max(), wanted))
    columns = ["replicates", "points", "mean", "half_width", "widest", "needed"]
    return pl.DataFrame(table, schema=columns, orient="row", infer_schema_length=None)


def _wanted(spread: float, within: float, students: object) -> int:
    """Find the number of replicates whose interval is narrow enough, by the scatter of those that there are."""
    number = LEAST
    ppf = getattr(students, "ppf")  # noqa: B009
    while ppf((1 + CONFIDENCE) / 2, number - 1) * spread / math.sqrt(number) > within:
        number += max(1, number // 20)
        if number > MOST:
            cure = f"take one nearer to {spread:.2g}, as far as runs scatter"
            raise BadInput(f"within: found {within:g}, which would take more than {MOST:,} replicates; {cure}")
    return number

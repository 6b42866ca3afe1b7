"""The selected measure of a sweep: of one layer or firm, in one month, for each run and for each point."""

from dataclasses import dataclass
from datetime import date
from typing import Self

import polars as pl

from watersellers.experiments.input.errors import BadInput, shown, unknown
from watersellers.experiments.sweeps.folder.run_record import OK
from watersellers.experiments.sweeps.measures import MEASURES
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.study.axes import Axis

EVERYONE = ""  # for a measure that is not by layer or firm


@dataclass(frozen=True, slots=True)
class SelectedMeasure:
    """A measure, its layer or firm, and its month (the last one if None); written measure:who@2025-02.

    A measure of the user's own keeps its full name, module:function, and is written module:function:who@2025-02.
    """

    measure: str
    who: str = EVERYONE
    month: date | None = None

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a measure as it is written.

        Raises
        ------
        BadInput
            If the month is not written as a month.
        """
        rest, at, month = text.partition("@")
        measure, _, who = rest.partition(":")
        if who and measure not in MEASURES:
            function, _, who = who.partition(":")
            measure = f"{measure}:{function}"
        try:
            return cls(measure, who, date.fromisoformat(f"{month}-01") if at else None)
        except ValueError:
            raise BadInput(f"measure: found the month {shown(month)}, expected one as in {rest}@2025-02") from None

    def __str__(self) -> str:
        who = f":{self.who}" if self.who else ""
        return f"{self.measure}{who}" + (f"@{self.month:%Y-%m}" if self.month else "")


def rows_of(swept: Swept, selected: SelectedMeasure) -> pl.DataFrame:
    """Take the rows of a measure in one month: run, layer, firm, value.

    Raises
    ------
    BadInput
        If the sweep lacks the measure, or has no value of it in that month.
    """
    measured = swept.scan()
    rows = measured.filter(measure=selected.measure).collect()
    if rows.is_empty():
        known = measured.select(pl.col("measure").unique()).collect()["measure"].to_list()
        raise BadInput(f"{swept.folder}: {unknown('measure', selected.measure, known)}")
    month = selected.month or rows["month"].max()
    in_month = rows.filter(pl.col("month").eq_missing(month))  # a measure of a whole run has no month
    if in_month.is_empty():
        first, last = rows["month"].min(), rows["month"].max()
        raise BadInput(
            f"measure: nothing was measured in {selected.month}; expected a month from {first!s} to {last!s}"
        )
    return in_month.select("run", "layer", "firm", "value")


def selected_values(swept: Swept, selected: SelectedMeasure) -> pl.DataFrame:
    """Take the value of a measure in every run that ended well: run, point, replicate, parameters, value.

    Raises
    ------
    BadInput
        If the sweep lacks the measure, its layer or firm, or its month; or if one of several has to be named.
    """
    rows = rows_of(swept, selected)
    whose = pl.coalesce("firm", "layer")
    known = rows.select(whose.unique()).to_series().drop_nulls().sort().to_list()
    if selected.who and selected.who not in known:
        raise BadInput(
            f"measure: {selected.measure} is not measured of that: {unknown('layer or firm', selected.who, known)}"
        )
    if not selected.who and known:
        raise BadInput(
            f"measure: {selected.measure} is measured of several; write one, as in {selected.measure}:{known[0]}"
        )
    mine = rows.filter(whose == selected.who) if selected.who else rows
    kept = [column for column in swept.runs.columns if column not in ("status", "seconds", "digest", "error")]
    done = swept.runs.filter(status=OK).select(kept)
    return done.join(mine.select("run", "value"), on="run", how="left", maintain_order="left")


def means_by_point(rows: pl.DataFrame, axes: tuple[Axis, ...], replicates: int) -> pl.DataFrame:
    """Average over the replicates of every point that has them all: point, parameters, value."""
    known = rows.drop_nulls("value")
    names = [axis.name for axis in axes]
    means = known.group_by("point", *names).agg(pl.col("value").mean(), runs=pl.len()).sort("point")
    return means.filter(runs=replicates).drop("runs")


def unit_shares(rows: pl.DataFrame, axes: tuple[Axis, ...]) -> pl.DataFrame:
    """Map each parameter's values to 0 to 1: their position in its range, or in its list of values."""
    return rows.with_columns(_share(rows[axis.name], axis) for axis in axes)


def _share(values: pl.Series, axis: Axis) -> pl.Series:
    if not axis.is_range:
        listed = list(axis.values)
        centres = [(listed.index(value) + 1 / 2) / len(listed) for value in values]
        return pl.Series(axis.name, centres, dtype=pl.Float64)
    low, high = (pl.Series([end], dtype=pl.Float64) for end in (axis.low, axis.high))
    if axis.log:
        values, low, high = values.log(), low.log(), high.log()
    return ((values - low[0]) / (high[0] - low[0])).rename(axis.name)

"""What is looked at in a sweep: one measure of a layer or a firm in a month, for each run and for each point."""

from dataclasses import dataclass
from datetime import date
from typing import Self

import polars as pl

from watersellers.experiments.errors import BadInput, shown, unknown
from watersellers.experiments.sweeps.axes import Axis
from watersellers.experiments.sweeps.parts import OK
from watersellers.experiments.sweeps.swept import Swept

ALL = ""  # of a measure that is not by layer or firm


@dataclass(frozen=True, slots=True)
class Look:
    """A measure, of whom, and in which month (the last one if None); written measure:who@2025-02."""

    measure: str
    who: str = ALL
    month: date | None = None

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what to look at.

        Raises
        ------
        BadInput
            If the month is none.
        """
        rest, at, month = text.partition("@")
        measure, _, who = rest.partition(":")
        try:
            return cls(measure, who, date.fromisoformat(f"{month}-01") if at else None)
        except ValueError:
            raise BadInput(f"measure: found the month {shown(month)}, expected one as in {rest}@2025-02") from None

    def __str__(self) -> str:
        who = f":{self.who}" if self.who else ""
        return f"{self.measure}{who}" + (f"@{self.month:%Y-%m}" if self.month else "")


def rows_of(swept: Swept, look: Look) -> pl.DataFrame:
    """Take the rows of a measure in one month: run, layer, firm, value.

    Raises
    ------
    BadInput
        If nothing was measured by that name, of them, or in that month.
    """
    measured = swept.scan()
    rows = measured.filter(measure=look.measure).collect()
    if rows.is_empty():
        known = measured.select(pl.col("measure").unique()).collect()["measure"].to_list()
        raise BadInput(f"{swept.folder}: {unknown('measure', look.measure, known)}")
    month = look.month or rows["month"].max()
    in_month = rows.filter(pl.col("month").eq_missing(month))  # a measure of a whole run is of no month
    if in_month.is_empty():
        first, last = rows["month"].min(), rows["month"].max()
        raise BadInput(f"measure: nothing was measured in {look.month}; expected a month from {first!s} to {last!s}")
    return in_month.select("run", "layer", "firm", "value")


def observed(swept: Swept, look: Look) -> pl.DataFrame:
    """Take what is looked at of every run that came to a good end: run, point, replicate, parameters, value.

    Raises
    ------
    BadInput
        If nothing was measured by that name, of them, or in that month; or of several, and none is named.
    """
    rows = rows_of(swept, look)
    whose = pl.coalesce("firm", "layer")
    known = rows.select(whose.unique()).to_series().drop_nulls().sort().to_list()
    if look.who and look.who not in known:
        raise BadInput(f"measure: {look.measure} is not measured of that: {unknown('layer or firm', look.who, known)}")
    if not look.who and known:
        raise BadInput(f"measure: {look.measure} is measured of several; write one, as in {look.measure}:{known[0]}")
    mine = rows.filter(whose == look.who) if look.who else rows
    kept = [column for column in swept.runs.columns if column not in ("status", "seconds", "digest", "error")]
    done = swept.runs.filter(status=OK).select(kept)
    return done.join(mine.select("run", "value"), on="run", how="left", maintain_order="left")


def by_point(rows: pl.DataFrame, axes: tuple[Axis, ...], replicates: int) -> pl.DataFrame:
    """Take the mean over replicates of every point all of whose replicates are there: point, parameters, value."""
    known = rows.filter(pl.col("value").is_not_null() & pl.col("value").is_finite())
    names = [axis.name for axis in axes]
    means = known.group_by("point", *names).agg(pl.col("value").mean(), runs=pl.len()).sort("point")
    return means.filter(runs=replicates).drop("runs")


def shares(rows: pl.DataFrame, axes: tuple[Axis, ...]) -> pl.DataFrame:
    """Place each parameter's values between 0 and 1: where in its range, or in its list of values."""
    return rows.with_columns(_share(rows[axis.name], axis) for axis in axes)


def _share(values: pl.Series, axis: Axis) -> pl.Series:
    if not axis.ranges:
        listed = list(axis.values)
        places = [(listed.index(value) + 1 / 2) / len(listed) for value in values]
        return pl.Series(axis.name, places, dtype=pl.Float64)
    low, high = (pl.Series([end], dtype=pl.Float64) for end in (axis.low, axis.high))
    if axis.log:
        values, low, high = values.log(), low.log(), high.log()
    return ((values - low[0]) / (high[0] - low[0])).rename(axis.name)

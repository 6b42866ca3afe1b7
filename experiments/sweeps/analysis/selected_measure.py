"""The selected measure of a sweep: of one layer or firm, in one month, for each run and for each point."""

from dataclasses import dataclass
from datetime import date
from typing import Self

import polars as pl

from watersellers.experiments.analysis.windows import CALIBRATED, split_window
from watersellers.experiments.input.errors import OLD_YEAR, BadInput, shown, unknown
from watersellers.experiments.input.months import first_of_month
from watersellers.experiments.sweeps.folder.run_record import OK
from watersellers.experiments.sweeps.folder.swept_runs import SweptRuns
from watersellers.experiments.sweeps.measures import of_a_year, on_menu
from watersellers.experiments.sweeps.study.axes import Axis

EVERYONE = ""  # for a measure that is not by layer or firm


@dataclass(frozen=True, slots=True)
class SelectedMeasure:
    """A measure, its layer or firm, and its month (None if it is not monthly); written measure:who@2025-02.

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
            If the month is not written as a month, or the measure does not say over which months it is taken.
        """
        rest, at, month = text.partition("@")
        measure, _, who = rest.partition(":")
        if measure.startswith(OLD_YEAR):
            raise BadInput(f"measure: {of_a_year(measure)}")
        if who and on_menu(measure) is None:
            function, _, who = who.partition(":")
            measure = f"{measure}:{function}"
        try:
            return cls(measure, who, first_of_month(month) if at else None)
        except ValueError:
            raise BadInput(f"measure: found the month {shown(month)}, expected one as in {rest}@2025-02") from None

    def __str__(self) -> str:
        who = f":{self.who}" if self.who else ""
        return f"{self.measure}{who}" + (f"@{self.month:%Y-%m}" if self.month else "")


def headline_measure(swept: SweptRuns, of: str) -> str:
    """Return the measure that an analysis takes if none is named: over the calibrated year, or over another window.

    Another one only if this was measured and the calibrated year was not, as in runs that do not cover it.
    """
    usual, measured = f"{CALIBRATED}.{of}", _measured(swept)
    others = [name for name in measured if split_window(name)[1] == of != name]
    return others[0] if others and usual not in measured else usual


def _measured(swept: SweptRuns) -> list[str]:
    """Return the names of all measures that runs have."""
    return swept.scan().select(pl.col("measure").unique().sort()).collect()["measure"].to_list()


def all_rows_of(swept: SweptRuns, measure: str) -> pl.DataFrame:
    """Take all rows of a measure: run, month, layer, firm, measure, value.

    Raises
    ------
    BadInput
        If there are none: it says whether the measure is not of this study, or why its table is empty.
    """
    rows = swept.scan().filter(measure=measure).collect()
    if rows.is_empty():
        raise BadInput(f"{swept.folder}: {_without_rows(swept, measure)}")
    return rows


def rows_of(swept: SweptRuns, selected: SelectedMeasure) -> pl.DataFrame:
    """Take the rows of a measure in one month: run, layer, firm, value.

    Raises
    ------
    BadInput
        If the sweep lacks the measure, or has no value of it in that month, or if one of several months has to be
        named: the last one would be another in longer runs.
    """
    rows = all_rows_of(swept, selected.measure)
    first, last = rows["month"].min(), rows["month"].max()
    if selected.month is None and first != last:
        example = f"{selected}@{last!s:.7}"
        raise BadInput(f"measure: {selected.measure} is monthly; name the month, as in {example}")
    month = selected.month or last
    in_month = rows.filter(pl.col("month").eq_missing(month))  # a measure of a whole run has no month
    if in_month.is_empty():
        raise BadInput(
            f"measure: nothing was measured in {selected.month}; expected a month from {first!s} to {last!s}"
        )
    return in_month.select("run", "layer", "firm", "value")


def _without_rows(swept: SweptRuns, measure: str) -> str:
    """Say why a sweep holds no row of a measure: it is not of this study, no run ended well, or its table is empty."""
    asked = list(swept.provenance["measures"])
    if measure not in asked:
        return unknown("measure", measure, {*asked, *_measured(swept)})
    runs = swept.finished()
    if runs.is_empty():
        counts = ", ".join(f"{count} {status}" for status, count in swept.counted().items())
        return f"the table of {measure} has no rows, for no run ended well (runs: {counts}); --rerun-failed makes them"
    by = "no firm or layer of the world has it" if on_menu(measure) else "its function answered a table without rows"
    return f"the table of {measure} has no rows: in all {len(runs)} runs that ended well {by}"


def selected_values(swept: SweptRuns, selected: SelectedMeasure) -> pl.DataFrame:
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

"""Phase diagrams: the layer that profits most, over two parameters, and the boundary where that changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from watersellers.experiments.analysis.windows import DatedMeasure, Period
from watersellers.experiments.input.errors import BadInput, unknown
from watersellers.experiments.sweeps.analysis.selected_measure import (
    SelectedMeasure,
    headline_measure,
    rows_of,
    unit_shares,
)
from watersellers.experiments.sweeps.folder.swept_runs import SweptRuns
from watersellers.experiments.sweeps.study.axes import Axis

CELLS = 8  # along each parameter, if points do not lie on a grid
MOST_VALUES = 40  # of a parameter; up to this number each value has its own row of cells
LAYERS_OF = "profit_over_final_spending"  # over the window of the headline, if no measure is named
NOBODY, ABOVE, BELOW = "nobody", "above 0", "0 or less"  # phases that are no layer


@dataclass(frozen=True, eq=False)
class Phases:
    """A phase diagram.

    ``cells``: x, y (indices of the cell, from 0), x_value, y_value (at its middle), phase (the layer with the highest
    value, or nobody if none is above 0; for a measure not by layer: above 0, or 0 or less), value (of that layer, mean
    over runs), margin (distance to the next layer, or to 0), agree (share of the cell's runs that have this phase by
    themselves), runs, left_out (runs of the cell that lack a value). Cells in which no run has a value are not there.

    ``boundary``: one row per edge between neighbours of different phases: x0, y0, x1, y1 (in cells), one, other.
    """

    x: str
    y: str
    measure: str
    cells: pl.DataFrame
    boundary: pl.DataFrame
    averaged: tuple[str, ...]  # other parameters that vary; the cells are means over them
    months: Period | None = None  # over which the measure is taken; None if it names its month
    runs: int = 0  # of the sweep
    left_out: int = 0  # runs that lack a value, or keep the scenario's own value of one of the parameters
    empty: int = 0  # cells without any value

    @property
    def dated(self) -> DatedMeasure:
        """The measure with its months."""
        return DatedMeasure(self.measure, self.months)


def phases(swept: SweptRuns, x: str, y: str, measure: str | None = None) -> Phases:
    """Map which layer profits most, over two parameters of a sweep; see ``headline_measure`` if no measure is named.

    Raises
    ------
    BadInput
        If one of them was not varied, or the sweep lacks the measure.
    """
    axes = {axis.name: axis for axis in swept.plan.axes}
    wrong = [name for name in (x, y) if name not in axes]
    if wrong:
        raise BadInput(f"{swept.folder}: {unknown('parameter of this sweep', wrong[0], axes)}")
    if x == y:
        raise BadInput(f"{swept.folder}: found {x!r} twice, expected two parameters")
    look = measure or headline_measure(swept, LAYERS_OF)
    rows, runs = _rows(swept, look, x, y), swept.runs["run"].n_unique()
    found = phase_map(rows, (axes[x], axes[y]), look, tuple(name for name in axes if name not in (x, y)))
    left_out = found.left_out + runs - rows["run"].n_unique()
    return replace(found, months=swept.dated(look).months, runs=runs, left_out=left_out)


def phase_map(rows: pl.DataFrame, axes: tuple[Axis, Axis], measure: str, averaged: tuple[str, ...] = ()) -> Phases:
    """Map values by layer over two parameters.

    Parameters
    ----------
    rows : pl.DataFrame
        run, layer (or firm; null for a measure of neither), value (null where there is none), and a column for each of
        the two parameters.
    axes : tuple of Axis
        The two parameters, across and up.
    measure : str
        The measure that the values are of.
    averaged : tuple of str
        Other parameters that vary.
    """
    placed, middles = rows, []
    for name, axis in zip(("x", "y"), axes, strict=True):
        placed, middle = _with_cells(placed, name, axis)
        middles.append((name, middle))
    lacking = placed.filter(pl.col("value").is_null()).group_by("x", "y").agg(left_out=pl.col("run").n_unique())
    known = placed.drop_nulls("value")
    means = known.group_by("x", "y", "layer").agg(pl.col("value").mean(), runs=pl.len())
    cells = _winners(means, ["x", "y"]).join(_agreement(known, means), on=["x", "y"], how="left")
    cells = cells.join(lacking, on=["x", "y"], how="left").with_columns(pl.col("left_out").fill_null(0))
    for name, middle in middles:
        cells = cells.join(middle, on=name, how="left")
    columns = ("x", "y", "x_value", "y_value", "phase", "value", "margin", "agree", "runs", "left_out")
    cells = cells.select(columns).sort("x", "y")
    found = Phases(axes[0].name, axes[1].name, measure, cells, boundary_of(cells), averaged)
    empty = placed.select("x", "y").n_unique() - len(cells) if len(placed) else 0
    return replace(found, runs=rows["run"].n_unique(), left_out=int(lacking["left_out"].sum()), empty=empty)


def _winners(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Find the layer with the highest value of each group and its margin; for a measure not by layer, the side of 0."""
    ranked = rows.sort(*keys, "value", "layer", descending=[*[False] * len(keys), True, False])
    top = ranked.group_by(keys, maintain_order=True).agg(
        pl.col("layer").first(),
        pl.col("value").first(),
        next=pl.col("value").slice(1, 1).first(),
        runs=pl.col("runs").first() if "runs" in rows.columns else pl.lit(1),
    )
    above = pl.col("value") > 0
    one = pl.when(above).then(pl.lit(ABOVE)).otherwise(pl.lit(BELOW))
    layer = pl.when(above).then(pl.col("layer")).otherwise(pl.lit(NOBODY))
    phase = pl.when(pl.col("layer").is_null()).then(one).otherwise(layer)
    margin = pl.when(above).then(pl.col("value") - pl.max_horizontal("next", 0.0)).otherwise(-pl.col("value"))
    return top.with_columns(phase=phase, margin=margin).drop("layer", "next")


def _agreement(rows: pl.DataFrame, means: pl.DataFrame) -> pl.DataFrame:
    """Find the share of each cell's runs that have the cell's phase by themselves: x, y, agree."""
    winner = _winners(means, ["x", "y"]).select("x", "y", winner="phase")
    own = _winners(rows.select("run", "x", "y", "layer", "value"), ["run", "x", "y"]).join(winner, on=["x", "y"])
    return own.group_by("x", "y").agg(agree=(pl.col("phase") == pl.col("winner")).mean())


def boundary_of(cells: pl.DataFrame) -> pl.DataFrame:
    """Find the edges between neighbouring cells of different phases: x0, y0, x1, y1, one, other."""
    phase = {(x, y): phase for x, y, phase in cells.select("x", "y", "phase").iter_rows()}
    columns = {**dict.fromkeys(("x0", "y0", "x1", "y1"), pl.Int64), "one": pl.String, "other": pl.String}
    return pl.DataFrame(list(_edges(phase)), schema=columns, orient="row")


def _edges(phase: dict[tuple[int, int], str]) -> Iterator[tuple[int, int, int, int, str, str]]:
    for (x, y), here in phase.items():
        right, above = phase.get((x + 1, y)), phase.get((x, y + 1))
        if right is not None and right != here:
            yield x + 1, y, x + 1, y + 1, here, right
        if above is not None and above != here:
            yield x, y + 1, x + 1, y + 1, here, above


def _rows(swept: SweptRuns, measure: str, x: str, y: str) -> pl.DataFrame:
    """Take the values of a measure with their runs' two parameters; ``layer`` is null if one layer is selected."""
    wanted = SelectedMeasure.read(measure)
    rows = rows_of(swept, wanted).with_columns(layer=pl.coalesce("firm", "layer"))
    if wanted.who:
        rows = rows.filter(layer=wanted.who).with_columns(layer=pl.lit(None, pl.String))
        if rows.is_empty():
            raise BadInput(f"{swept.folder}: {wanted.measure} is not measured of {wanted.who!r}")
    runs = swept.runs.select("run", x, y).unique("run", maintain_order=True).drop_nulls([x, y])
    done = rows.join(swept.finished().select("run").unique(), on="run")
    joined = runs.join(done, on="run", how="left", maintain_order="left")  # a run that did not end well has no value
    return joined.select("run", "layer", "value", x, y)


def _with_cells(rows: pl.DataFrame, name: str, axis: Axis) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the index of each row's cell along a parameter, and tabulate the value at the middle of each cell as text."""
    found = rows[axis.name].unique().to_list()
    order: Sequence = [value for value in axis.values if value in found] or sorted(found)
    if len(order) <= MOST_VALUES:
        cell = pl.col(axis.name).replace_strict(order, range(len(order)), return_dtype=pl.Int64)
        middle = order
    else:
        share = unit_shares(rows, (axis,))[axis.name]
        cell = (pl.lit(share) * CELLS).floor().clip(0, CELLS - 1).cast(pl.Int64)  # 1 itself lies in the last cell
        middle = [axis.at((cell + 1 / 2) / CELLS) for cell in range(CELLS)]
    labels = [value if isinstance(value, str) else f"{value:g}" for value in middle]
    if len(set(labels)) < len(labels):  # in six digits two values would look the same
        labels = [str(value) for value in middle]
    table = pl.DataFrame({name: range(len(labels)), f"{name}_value": labels}, schema_overrides={name: pl.Int64})
    return rows.with_columns(cell.alias(name)), table

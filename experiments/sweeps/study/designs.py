"""Designs: the points of the parameter space at which the model is run, as a table with one column per parameter."""

import csv
import math
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from watersellers.experiments.input.errors import BadInput, shown
from watersellers.experiments.input.text_files import read_csv, read_text
from watersellers.experiments.sweeps.study.axes import Axis, Column, column
from watersellers.experiments.sweeps.study.schema import (
    Grid,
    OneAtATime,
    PointList,
    PointTable,
    Scalar,
)

SAMPLED = ("latin_hypercube", "sobol", "saltelli", "morris")


def lay_out(design: Any, axes: Sequence[Axis], seed: int) -> pl.DataFrame:
    """Lay out a design.

    Parameters
    ----------
    design : one of the designs of ``schema``
        Its kind and its size.
    axes : sequence of Axis
        The parameters.
    seed : int
        The seed of a sampled design.

    Returns
    -------
    pl.DataFrame
        point (from 1), and a column for each parameter; null keeps the scenario's own value.

    Raises
    ------
    BadInput
        If the design does not fit the parameters.
    """
    if design.kind in SAMPLED:
        from watersellers.experiments.sweeps.study.samples import draw_design

        columns: Iterable[Column] = draw_design(design, axes, seed)
    else:
        columns = LAID_OUT[design.kind](design, axes)
    laid = {axis.name: column for axis, column in zip(axes, columns, strict=True)}
    number = len(next(iter(laid.values()))) if laid else _points_without_parameters(design)
    return pl.DataFrame({"point": pl.Series(range(1, number + 1), dtype=pl.Int64)} | laid)


def _points_without_parameters(design: Any) -> int:
    """Count the points of a design without parameters: the unchanged scenario, once or as often as it is listed."""
    return len(design.points) if isinstance(design, PointList) else 1


def _grid(design: Grid, axes: Sequence[Axis]) -> list[Column]:
    """Combine every value of each parameter with every value of each other; the last one changes fastest."""
    spread = [column(axis.spread(design.levels)) for axis in axes]
    total, block, columns = math.prod(len(each) for each in spread), 1, []
    for values in reversed(spread):
        levels = np.arange(total) // block % len(values)
        block *= len(values)
        columns.append(values.gather(levels))
    return columns[::-1]


def _one_at_a_time(design: OneAtATime, axes: Sequence[Axis]) -> list[Column]:
    """Move each parameter alone, after one point with the unchanged scenario."""
    spread = [axis.spread(design.levels) for axis in axes]
    total, before, columns = 1 + sum(map(len, spread)), 1, []
    for values in spread:
        after = total - before - len(values)
        columns.append(column([*[None] * before, *values, *[None] * after]))
        before += len(values)
    return columns


def _listed(design: PointList, axes: Sequence[Axis]) -> list[Column]:
    """Take points as they are written."""
    return [column([point.get(axis.name) for point in design.points]) for axis in axes]


LAID_OUT: dict[str, Callable[[Any, Sequence[Axis]], Sequence[Column]]] = {
    "grid": _grid,
    "one_at_a_time": _one_at_a_time,
    "list": _listed,
}


def read_points(design: PointTable, folder: Path, texts: Iterable[str] = ()) -> PointList:
    """Read the points of a CSV file: one row per point, one column per parameter.

    An empty cell keeps the scenario's value. ``texts`` are columns whose cells are names, even if one looks like a
    number.

    Raises
    ------
    BadInput
        If there is no such file, it holds no point, or a cell is an infinite number or NaN.
    """
    file, names = folder / design.file, set(texts)
    try:
        header, rows = read_csv(file, "expected a CSV table of points")
    except BadInput as error:
        raise BadInput(f"design.file: {error}") from None
    if not rows:
        raise BadInput(f"design.file: {file} holds no point; expected a head of parameters and a line for each point")
    if "" in header:
        at = header.index("") + 1
        raise BadInput(f"design.file: {file}, line 1: column {at} has no name, expected a parameter's")
    points = []
    for number, row in enumerate(rows):
        point = {key: cell if key in names else _cell(cell) for key, cell in row.items() if cell}
        if wrong := [key for key, cell in point.items() if isinstance(cell, float) and not math.isfinite(cell)]:
            place = f"{file}, line {_line_of(file, number)}, column {shown(wrong[0])}"
            raise BadInput(f"design.file: {place}: found {shown(row[wrong[0]])}, expected a finite number")
        points.append(point)
    return PointList.model_construct(kind="list", points=points)  # each cell is a scalar


def _line_of(file: Path, row: int) -> int:
    """Find the line of a table on which a row ends, counted from 0 under the head."""
    reader = csv.reader(StringIO(read_text(file), newline=""), strict=True)
    for number, _ in enumerate(cells for cells in reader if cells):
        if number == row + 1:
            break
    return reader.line_num


def _cell(text: str) -> Scalar:
    """Read a cell: a number, true or false, or text."""
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text)
    except ValueError:
        return text


def values_by_parameter(design: PointList) -> dict[str, list[Scalar]]:
    """Return the parameters that listed points name, each with its values in the order of their first use."""
    found: dict[str, dict[Scalar, None]] = {}
    for point in design.points:
        for name, value in point.items():
            found.setdefault(name, {})[value] = None
    return {name: list(values) for name, values in found.items()}

"""Designs: at which points of the parameters' space the model is run. Each is a table with a column a parameter."""

import csv
import math
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from watersellers.experiments.errors import BadInput, shown
from watersellers.experiments.sweeps.axes import Axis
from watersellers.experiments.sweeps.schema import (
    Grid,
    Listed,
    OneAtATime,
    Scalar,
    Tabled,
)
from watersellers.experiments.text_files import read_csv, read_text

type Column = pl.Series  # of one parameter's values; null leaves the parameter as the scenario has it
SAMPLED = ("latin_hypercube", "sobol", "saltelli", "morris")


def points_of(design: Any, axes: Sequence[Axis], seed: int) -> pl.DataFrame:
    """Lay out a design.

    Parameters
    ----------
    design : one of the designs of ``schema``
        Its kind and its size.
    axes : sequence of Axis
        The parameters.
    seed : int
        What a sampled design is drawn with.

    Returns
    -------
    pl.DataFrame
        point (from 1), and a column for each parameter; null where the scenario's own value stays.

    Raises
    ------
    BadInput
        If the design needs what the parameters do not give.
    """
    if design.kind in SAMPLED:
        from watersellers.experiments.sweeps.samples import sampled

        columns: Iterable[Column] = sampled(design, axes, seed)
    else:
        columns = LAID_OUT[design.kind](design, axes)
    laid = {axis.name: column for axis, column in zip(axes, columns, strict=True)}
    number = len(next(iter(laid.values()))) if laid else _unvaried(design)
    return pl.DataFrame({"point": pl.Series(range(1, number + 1), dtype=pl.Int64)} | laid)


def _unvaried(design: Any) -> int:
    """Count the points of a design without parameters: the scenario as it is, as often as it is listed."""
    return len(design.points) if isinstance(design, Listed) else 1


def column(values: Sequence[Scalar | None]) -> Column:
    """Make a column of numbers where all are numbers, of truths where all are such, else of texts."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float}:
        return pl.Series([None if value is None else float(value) for value in values], dtype=pl.Float64)
    if kinds == {bool}:
        return pl.Series(values, dtype=pl.Boolean)
    if kinds == {str}:
        return pl.Series(values, dtype=pl.String)
    raise BadInput(
        f"found values of several kinds, {shown(values[: len(SAMPLED)])}; expected only numbers or only texts"
    )


def _grid(design: Grid, axes: Sequence[Axis]) -> list[Column]:
    """Combine every value of each parameter with every value of each other; the last one changes fastest."""
    spread = [column(axis.spread(design.levels)) for axis in axes]
    total, block, columns = math.prod(len(each) for each in spread), 1, []
    for values in reversed(spread):
        places = np.arange(total) // block % len(values)
        block *= len(values)
        columns.append(values.gather(places))
    return columns[::-1]


def _one_at_a_time(design: OneAtATime, axes: Sequence[Axis]) -> list[Column]:
    """Move each parameter alone, after one point where the scenario stays as it is."""
    spread = [axis.spread(design.levels) for axis in axes]
    total, before, columns = 1 + sum(map(len, spread)), 1, []
    for values in spread:
        after = total - before - len(values)
        columns.append(column([*[None] * before, *values, *[None] * after]))
        before += len(values)
    return columns


def _listed(design: Listed, axes: Sequence[Axis]) -> list[Column]:
    """Take points as they are written."""
    return [column([point.get(axis.name) for point in design.points]) for axis in axes]


LAID_OUT: dict[str, Callable[[Any, Sequence[Axis]], Sequence[Column]]] = {
    "grid": _grid,
    "one_at_a_time": _one_at_a_time,
    "list": _listed,
}


def read_points(design: Tabled, folder: Path, texts: Iterable[str] = ()) -> Listed:
    """Read the points of a CSV file: a row a point, a column a parameter; an empty cell leaves the scenario's value.

    ``texts`` are columns whose cells are names, also where one looks like a number.

    Raises
    ------
    BadInput
        If there is no such file, it holds no point, or a cell is no number that a computer can hold.
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
    return Listed.model_construct(kind="list", points=points)  # each cell is a scalar


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


def named(design: Listed) -> dict[str, list[Scalar]]:
    """Give the parameters that listed points name, each with its values in the order of their first use."""
    found: dict[str, dict[Scalar, None]] = {}
    for point in design.points:
        for name, value in point.items():
            found.setdefault(name, {})[value] = None
    return {name: list(values) for name, values in found.items()}

"""Designs: at which points of the parameters' space the model is run. Each is a table with a column a parameter."""

import csv
import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from experiments.errors import BadInput, shown
from experiments.sweeps.axes import Axis
from experiments.sweeps.schema import (
    Grid,
    Listed,
    OneAtATime,
    Scalar,
    Tabled,
)

type Point = Mapping[str, Scalar | None]  # None leaves the parameter as the scenario has it
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
        from experiments.sweeps.samples import sampled

        rows: list[Point] = [dict(zip(_names(axes), row, strict=True)) for row in sampled(design, axes, seed)]
    else:
        rows = list(LAID_OUT[design.kind](design, axes))
    columns = {axis.name: _column([row[axis.name] for row in rows]) for axis in axes}
    return pl.DataFrame({"point": pl.Series(range(1, len(rows) + 1), dtype=pl.Int64)} | columns)


def _names(axes: Sequence[Axis]) -> list[str]:
    return [axis.name for axis in axes]


def _column(values: Sequence[Scalar | None]) -> pl.Series:
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


def _grid(design: Grid, axes: Sequence[Axis]) -> list[Point]:
    """Combine every value of each parameter with every value of each other."""
    spread = [axis.spread(design.levels) for axis in axes]
    return [dict(zip(_names(axes), row, strict=True)) for row in itertools.product(*spread)]


def _one_at_a_time(design: OneAtATime, axes: Sequence[Axis]) -> list[Point]:
    """Move each parameter alone, after one point where the scenario stays as it is."""
    still: dict[str, Scalar | None] = dict.fromkeys(_names(axes))
    return [still, *(still | {axis.name: value} for axis in axes for value in axis.spread(design.levels))]


def _listed(design: Listed, axes: Sequence[Axis]) -> list[Point]:
    """Take points as they are written."""
    return [{axis.name: point.get(axis.name) for axis in axes} for point in design.points]


LAID_OUT: dict[str, Callable[[Any, Sequence[Axis]], Sequence[Point]]] = {
    "grid": _grid,
    "one_at_a_time": _one_at_a_time,
    "list": _listed,
}


def read_points(design: Tabled, folder: Path) -> Listed:
    """Read the points of a CSV file: a row a point, a column a parameter; an empty cell leaves the scenario's value.

    Raises
    ------
    BadInput
        If there is no such file, or it holds no point.
    """
    file = folder / design.file
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"design.file: {file} can't be read as a table: {error}") from None
    if not rows:
        raise BadInput(f"design.file: {file} holds no point; expected a head of parameters and a line for each point")
    ragged = [number for number, row in enumerate(rows, start=2) if None in row or None in row.values()]
    if ragged:
        raise BadInput(f"design.file: {file}, line {ragged[0]}: expected as many cells as the head has")
    return Listed(kind="list", points=[{key: _cell(cell) for key, cell in row.items() if cell} for row in rows])


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

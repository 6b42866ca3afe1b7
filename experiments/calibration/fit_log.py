"""The log of a fit: one row per step, with its distance from the targets.

A search continues where its log ends, and the log shows how the numbers of ``parameters.csv`` with the source
``calibrated`` were found.
"""

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import zip_longest
from math import inf, isfinite
from pathlib import Path

from watersellers.experiments.calibration.fit import Fit, Point
from watersellers.experiments.calibration.fit_file import STEP_COLUMNS, STEPS_LIMIT
from watersellers.experiments.input.errors import BadInput, refuse, shown, unknown
from watersellers.experiments.input.text_files import read_csv, read_text
from watersellers.experiments.saving.atomic_files import write_atomically

DESIGN, DESCENT, SEARCH = WAYS_CHOSEN = ("design", "descent", "search")  # how a step was chosen


@dataclass(frozen=True)
class Step:
    """A point that was tried, how it was chosen, and its distance from the targets."""

    how: str
    loss: float
    inside: int
    near: int
    outside: int
    point: Point


def log_columns(fit: Fit) -> list[str]:
    """Return the columns of a fit's log."""
    return [*STEP_COLUMNS, *(free.name for free in fit.free)]


def read_log(file: Path, fit: Fit) -> list[Step]:
    """Read the steps that were made already; none if there is no log.

    Raises
    ------
    BadInput
        If the file is no log or the log of another fit, or if cells are wrong; all at once.
    """
    if not os.path.lexists(file):
        return []
    header, rows = read_csv(file)
    if header != log_columns(fit):
        found, expected = _first_difference(header, log_columns(fit))
        raise BadInput(f"{file}, line 1: found {found}, expected {expected}: this is no log of this fit; name another")
    refuse(
        f"{file}, line {line}, {problem}"
        for line, row in enumerate(rows, start=2)
        for problem in _wrong_cells(row, line, fit)
    )
    return [_read_step(row, fit) for row in rows]


def _first_difference(header: list[str], expected: list[str]) -> tuple[str, str]:
    """Return the first column in which a table differs from a log, as found and as expected."""
    for found, name in zip_longest(header, expected):
        if found != name:
            return f"the column {shown(found)}" if found else "no more columns", f"{name!r}" if name else "no more"
    return "", ""


def _wrong_cells(row: Mapping[str, str], line: int, fit: Fit) -> Iterator[str]:
    """Yield the wrong cells in a line of a log."""
    if row["step"] != str(line - 1):
        yield f"step: found {shown(row['step'])}, expected {line - 1}; steps stand in their order"
    if row["how"] not in WAYS_CHOSEN:
        yield f"how: {unknown('way of choosing', row['how'], WAYS_CHOSEN)}"
    for name in ("inside", "near", "outside"):
        if not (row[name].isascii() and row[name].isdecimal() and len(row[name]) < len(str(STEPS_LIMIT))):
            yield f"{name}: found {shown(row[name])}, expected how many targets"
    least = {"loss": 0.0} | {free.name: 0.0 if free.ratios else -inf for free in fit.free}
    for name, lowest in least.items():
        value = _number(row[name])
        if value is None or value < lowest or (value == 0 and name != "loss" and lowest == 0):
            yield f"{name}: found {shown(row[name])}, expected a number{'' if lowest else ' above 0'}"


def _number(text: str) -> float | None:
    """Read a finite number; None if the text is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _read_step(row: Mapping[str, str], fit: Fit) -> Step:
    inside, near, outside = (int(row[name]) for name in ("inside", "near", "outside"))
    point = {free.name: float(row[free.name]) for free in fit.free}
    return Step(row["how"], float(row["loss"]), inside, near, outside, point)


def append_steps(file: Path, fit: Fit, done: Sequence[Step]) -> None:
    """Write the steps that the log lacks; the whole file is replaced, so that no line is ever incomplete.

    Raises
    ------
    BadInput
        If the file is no log of this fit; it is left unchanged.
    """
    kept = read_log(file, fit)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if not kept:
        writer.writerow(log_columns(fit))
    for number, each in enumerate(done[len(kept) :], start=len(kept) + 1):
        values = [f"{each.point[free.name]:.6g}" for free in fit.free]
        writer.writerow([number, each.how, f"{each.loss:.5f}", each.inside, each.near, each.outside, *values])
    before = read_text(file) if kept else ""
    write_atomically(file, f"{before}{text.getvalue()}".encode())

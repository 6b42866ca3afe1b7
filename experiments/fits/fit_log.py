"""The log of a fit: what each step tried and how far it stood from the targets, a row each.

A search goes on where its log stops, and anybody can read how the numbers of ``parameters.csv`` that say ``calibrated``
were found.
"""

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import zip_longest
from math import inf, isfinite
from pathlib import Path

from watersellers.experiments.errors import BadInput, refuse, shown, unknown
from watersellers.experiments.fits.fit_text import OF_A_STEP, STEPS_LIMIT
from watersellers.experiments.fits.fitting import Fit, Point
from watersellers.experiments.saving.drafts import write_whole
from watersellers.experiments.text_files import read_csv, read_text

DESIGN, DESCENT, SEARCH = HOW = ("design", "descent", "search")  # how a step was chosen


@dataclass(frozen=True)
class Step:
    """A point that was tried, how it was chosen, and how far it stood from the targets."""

    how: str
    loss: float
    inside: int
    near: int
    outside: int
    point: Point


def columns(fit: Fit) -> list[str]:
    """Columns of a fit's log."""
    return [*OF_A_STEP, *(free.name for free in fit.free)]


def read_log(file: Path, fit: Fit) -> list[Step]:
    """Read the steps that were made already; none where there is no log.

    Raises
    ------
    BadInput
        If it is no log, that of another fit, or a cell of it is wrong: all of them at once.
    """
    if not os.path.lexists(file):
        return []
    header, rows = read_csv(file)
    if header != columns(fit):
        found, expected = _differing(header, columns(fit))
        raise BadInput(f"{file}, line 1: found {found}, expected {expected}: this is no log of this fit; name another")
    refuse(f"{file}, line {line}, {said}" for line, row in enumerate(rows, start=2) for said in _wrong(row, line, fit))
    return [_read(row, fit) for row in rows]


def _differing(header: list[str], expected: list[str]) -> tuple[str, str]:
    """The first column in which a table differs from a log, as it was found and as it should be."""
    for found, name in zip_longest(header, expected):
        if found != name:
            return f"the column {shown(found)}" if found else "no more columns", f"{name!r}" if name else "no more"
    return "", ""


def _wrong(row: Mapping[str, str], line: int, fit: Fit) -> Iterator[str]:
    """Say which cells of a log's line are wrong."""
    if row["step"] != str(line - 1):
        yield f"step: found {shown(row['step'])}, expected {line - 1}; steps stand in their order"
    if row["how"] not in HOW:
        yield f"how: {unknown('way of choosing', row['how'], HOW)}"
    for name in ("inside", "near", "outside"):
        if not (row[name].isascii() and row[name].isdecimal() and len(row[name]) < len(str(STEPS_LIMIT))):
            yield f"{name}: found {shown(row[name])}, expected how many targets"
    least = {"loss": 0.0} | {free.name: 0.0 if free.ratios else -inf for free in fit.free}
    for name, lowest in least.items():
        value = _number(row[name])
        if value is None or value < lowest or (value == 0 and name != "loss" and lowest == 0):
            yield f"{name}: found {shown(row[name])}, expected a number{'' if lowest else ' above 0'}"


def _number(text: str) -> float | None:
    """Read a finite number; None where it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _read(row: Mapping[str, str], fit: Fit) -> Step:
    inside, near, outside = (int(row[name]) for name in ("inside", "near", "outside"))
    point = {free.name: float(row[free.name]) for free in fit.free}
    return Step(row["how"], float(row["loss"]), inside, near, outside, point)


def append(file: Path, fit: Fit, done: Sequence[Step]) -> None:
    """Write the steps that the log does not have yet; the file is replaced whole, so that no line of it is ever half.

    Raises
    ------
    BadInput
        If what stands there is no log of this fit; it is left as it is.
    """
    kept = read_log(file, fit)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if not kept:
        writer.writerow(columns(fit))
    for number, each in enumerate(done[len(kept) :], start=len(kept) + 1):
        values = [f"{each.point[free.name]:.6g}" for free in fit.free]
        writer.writerow([number, each.how, f"{each.loss:.5f}", each.inside, each.near, each.outside, *values])
    before = read_text(file) if kept else ""
    write_whole(file, f"{before}{text.getvalue()}".encode())

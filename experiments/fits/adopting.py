"""Write what a fit found into the table of numbers: three digits of each, and by what it was found."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from watersellers.experiments.errors import refuse, shown
from watersellers.experiments.fits.fitting import Fit, Point
from watersellers.experiments.parameters import COLUMNS, OURS, Parameter, Parameters
from watersellers.experiments.saving.drafts import write_whole
from watersellers.experiments.text_files import read_csv

CALIBRATED = "calibrated"
BEFORE = "around "  # the evidence for the range, in the note


def adopt(fit: Fit, point: Point, by: str, table: Path = OURS) -> list[str]:
    """Write the values of a point into the table, each with the source ``calibrated`` and by which fit.

    A number that moved on several paths is written to each. Where a member has no row of its own, its group's row is
    meant, for the default is the value of the member that the fit names.

    Returns
    -------
    list of str
        The rows that were written.

    Raises
    ------
    BadInput
        If the table can't be read, or a number has no row or lies outside its range; nothing is written then.
    """
    by_name = Parameters.load(table).by_name  # what can't be read whole is not written either
    _, rows = read_csv(table)
    cells = {row["name"]: row for row in rows}
    found = {path: point[free.name] for free in fit.free for path in free.paths}
    written = {path: path if path in by_name else _without_member(path) for path in found}
    refuse(said for path, name in written.items() for said in _wrong(path, found[path], by_name.get(name)))
    for path, name in written.items():
        cells[name] |= _found(cells[name], _rounded(found[path], by_name[name]), by)
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_whole(table, text.getvalue().encode())
    return list(written.values())


def _wrong(path: str, value: float, row: Parameter | None) -> Iterator[str]:
    """Say why a value can't be written."""
    if row is None:
        yield f"{path}: found no row of the table, expected one"
    elif not row.low <= value <= row.high:
        yield f"{path}: found {shown(value)}, expected {row.low:g} to {row.high:g} {row.unit}"


def _rounded(value: float, row: Parameter) -> str:
    """Three digits, or as many as there are where three would lie outside the row's range."""
    short = written_as(value)
    return short if row.low <= float(short) <= row.high else repr(value)


def _found(row: dict[str, str], value: str, by: str) -> dict[str, str]:
    """A row with the value that was found; a source that its value had before stays in the note."""
    source, note = f"{CALIBRATED}, {by}", row["note"]
    before = row["source"]
    if not before.startswith((CALIBRATED, "assumption", "as ")) and before not in note:
        note = f"{note}; {BEFORE}{before}" if note else f"{BEFORE}{before}"
    return {"value": value, "source": source, "note": note}


def _without_member(path: str) -> str:
    group, *rest = path.split(".")
    return ".".join([group, rest[-1]])


def written_as(value: float) -> str:
    """Three digits, whole where it is large."""
    rounded = float(f"{value:.3g}")
    return str(int(rounded)) if rounded.is_integer() else repr(rounded)

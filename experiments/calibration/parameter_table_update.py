"""The adoption of a fit: its values are written into the parameter table, with three digits and the fit as source."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from watersellers.experiments.calibration.fit import Fit, Point
from watersellers.experiments.input.errors import refuse, shown
from watersellers.experiments.input.text_files import read_csv
from watersellers.experiments.loading.parameters import COLUMNS, OURS, Parameter, Parameters
from watersellers.experiments.saving.atomic_files import write_atomically

CALIBRATED = "calibrated"
RANGE_SOURCE = "around "  # precedes the source of the range in the note


def adopt(fit: Fit, point: Point, by: str, table: Path = OURS) -> list[str]:
    """Write the values of a point into the table, each with the source ``calibrated`` and the name of the fit.

    A number with several paths is written to each. For a member without a row of its own the group's row is written:
    the group's default is the value of the member that the fit names.

    Returns
    -------
    list of str
        The names of the rows that were written.

    Raises
    ------
    BadInput
        If the table can't be read, or a number has no row or lies outside its range; nothing is written then.
    """
    by_name = Parameters.load(table).by_name  # checks the whole table before it is written
    _, rows = read_csv(table)
    cells = {row["name"]: row for row in rows}
    found = {path: point[free.name] for free in fit.free for path in free.paths}
    written = {path: path if path in by_name else _group_row(path) for path in found}
    refuse(problem for path, name in written.items() for problem in _wrong(path, found[path], by_name.get(name)))
    for path, name in written.items():
        cells[name] |= _calibrated_row(cells[name], _rounded(found[path], by_name[name]), by)
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_atomically(table, text.getvalue().encode())
    return list(written.values())


def _wrong(path: str, value: float, row: Parameter | None) -> Iterator[str]:
    """Yield the reason why a value can't be written."""
    if row is None:
        yield f"{path}: found no row of the table, expected one"
    elif not row.low <= value <= row.high:
        yield f"{path}: found {shown(value)}, expected {row.low:g} to {row.high:g} {row.unit}"


def _rounded(value: float, row: Parameter) -> str:
    """Write a value with three digits, or with all digits if three would lie outside the row's range."""
    short = three_digits(value)
    return short if row.low <= float(short) <= row.high else repr(value)


def _calibrated_row(row: dict[str, str], value: str, by: str) -> dict[str, str]:
    """Return the changed cells of a row; a source that its value had before is kept in the note."""
    source, note = f"{CALIBRATED}, {by}", row["note"]
    before = row["source"]
    if not before.startswith((CALIBRATED, "assumption", "as ")) and before not in note:
        note = f"{note}; {RANGE_SOURCE}{before}" if note else f"{RANGE_SOURCE}{before}"
    return {"value": value, "source": source, "note": note}


def _group_row(path: str) -> str:
    group, *rest = path.split(".")
    return ".".join([group, rest[-1]])


def three_digits(value: float) -> str:
    """Write a value with three digits; a large one as a whole number."""
    rounded = float(f"{value:.3g}")
    return str(int(rounded)) if rounded.is_integer() else repr(rounded)

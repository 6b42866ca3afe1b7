"""Write what a fit found into the table of numbers: three digits of each, and by what it was found."""

import csv
from io import StringIO
from pathlib import Path

from experiments.errors import BadInput
from experiments.fits.fitting import Fit, Point
from experiments.parameters import COLUMNS, OURS

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
        If a number has no row; nothing is written then.
    """
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    by_name = {row["name"]: row for row in rows}
    written = []
    for free in fit.free:
        for path in free.paths:
            name = path if path in by_name else _without_member(path)
            if name not in by_name:
                raise BadInput(f"{path}: found no row of the table, expected one")
            by_name[name] |= _found(by_name[name], point[free.name], by)
            written.append(name)
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    table.write_text(text.getvalue(), encoding="utf-8")
    return written


def _found(row: dict[str, str], value: float, by: str) -> dict[str, str]:
    """A row with the value that was found; a source that its value had before stays in the note."""
    source, note = f"{CALIBRATED}, {by}", row["note"]
    before = row["source"]
    if not before.startswith((CALIBRATED, "assumption", "as ")) and before not in note:
        note = f"{note}; {BEFORE}{before}" if note else f"{BEFORE}{before}"
    return {"value": written_as(value), "source": source, "note": note}


def _without_member(path: str) -> str:
    group, *rest = path.split(".")
    return ".".join([group, rest[-1]])


def written_as(value: float) -> str:
    """Three digits, whole where it is large."""
    rounded = float(f"{value:.3g}")
    return str(int(rounded)) if rounded.is_integer() else repr(rounded)

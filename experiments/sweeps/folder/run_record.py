"""The record of a run: one file per finished run, written whole or not at all.

A part is a Parquet file of the run's measures, with the run's outcome and a seal in its metadata. A damaged part does
not count: its run is missing, and is made again.
"""

import io
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.saving.atomic_files import PART, write_atomically
from watersellers.experiments.sweeps.folder.table_seal import bytes_are_intact, check_regular_file, sealed_table

OK, FAILED, TIMED_OUT, LOST, MISSING = "ok", "failed", "timed out", "lost", "missing"
ENDED_BADLY = (FAILED, TIMED_OUT, LOST)
FOLDER = "parts"
KEY = "outcome"  # in a part's metadata
COLUMNS = pl.Schema(
    {
        "run": pl.String,
        "month": pl.Date,
        "layer": pl.String,
        "firm": pl.String,
        "measure": pl.String,
        "value": pl.Float64,
    }
)


def without_value() -> pl.Expr:
    """Turn every value that is no number (NaN, infinite) into null: "no value" has one face in every analysis."""
    value = pl.col("value")
    return pl.when(value.is_finite()).then(value)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a run: ok, failed (it raised), timed out, or lost (its process died, twice)."""

    run: str
    status: str
    seconds: float | None = None
    digest: str | None = None
    error: str | None = None


def write_part(folder: Path, outcome: Outcome, measures: pl.DataFrame | None = None) -> None:
    """Write a part to the disk, first under a temporary name.

    Raises
    ------
    OSError
        If it can't be written; no file is left then.
    """
    frame = pl.DataFrame(schema=COLUMNS) if measures is None else measures
    data = sealed_table(frame, **{KEY: json.dumps(asdict(outcome), allow_nan=False)})
    write_atomically(part_of(folder, outcome.run), data)


def read_part(file: Path) -> Outcome | None:
    """Read the outcome of a run from its part; None if there is no intact part of that run.

    Raises
    ------
    BadInput
        If the path is taken by something other than a regular file.
    """
    if not os.path.lexists(file):
        return None
    check_regular_file(file)
    try:
        data = file.read_bytes()
        if not bytes_are_intact(data):
            return None
        outcome = Outcome(**json.loads(pl.read_parquet_metadata(io.BytesIO(data))[KEY]))
    except (OSError, KeyError, TypeError, ValueError, pl.exceptions.PolarsError):
        return None
    return outcome if outcome.run == file.stem else None


def part_of(folder: Path, run: str) -> Path:
    """Return the path of a run's part."""
    return folder / FOLDER / f"{run}.parquet"


def parts_in(folder: Path) -> Iterator[tuple[Path, Outcome]]:
    """Yield every intact part of a sweep folder with its outcome.

    Raises
    ------
    BadInput
        If the path of the parts is no folder.
    """
    path = folder / FOLDER
    if os.path.lexists(path) and not path.is_dir():
        raise BadInput(f"{path}: found no folder, expected the one that parts of runs are in; move it away")
    for file in sorted(path.glob("*.parquet")):
        if not file.name.startswith(".") and (outcome := read_part(file)):
            yield file, outcome


def remove_temporary_files(folder: Path, runs: set[str]) -> None:
    """Remove the temporary files that killed processes left of these runs, which no other process is making."""
    for draft in (folder / FOLDER).glob(f".*{PART}"):
        if draft.name.split(".")[1] in runs:
            draft.unlink(missing_ok=True)

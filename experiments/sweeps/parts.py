"""What is known of each run as it ends: one file a run, there whole or not at all, so that no end can tear it.

A part is a Parquet file of the run's measures; what became of the run stands in the file's metadata, with its seal. One
that is not whole is none: its run is missing, and is made again.
"""

import io
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from watersellers.experiments.errors import BadInput
from watersellers.experiments.saving.drafts import DRAFT, write_whole
from watersellers.experiments.sweeps.sealing import bytes_are_whole, regular, sealed_table

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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a run: ok, failed (it raised), timed out, or lost (it took its process with it twice)."""

    run: str
    status: str
    seconds: float | None = None
    digest: str | None = None
    error: str | None = None


def write_part(folder: Path, outcome: Outcome, measures: pl.DataFrame | None = None) -> None:
    """Write a part and see it on the disk, under another name first.

    Raises
    ------
    OSError
        If it can't be written; nothing of it is left then.
    """
    frame = pl.DataFrame(schema=COLUMNS) if measures is None else measures
    data = sealed_table(frame, **{KEY: json.dumps(asdict(outcome))})
    write_whole(part_of(folder, outcome.run), data)


def read_part(file: Path) -> Outcome | None:
    """Read what became of a run from its part; None where there is no whole part of that run.

    Raises
    ------
    BadInput
        If something else than a regular file stands there.
    """
    if not os.path.lexists(file):
        return None
    regular(file)
    try:
        data = file.read_bytes()
        if not bytes_are_whole(data):
            return None
        outcome = Outcome(**json.loads(pl.read_parquet_metadata(io.BytesIO(data))[KEY]))
    except (OSError, KeyError, TypeError, ValueError, pl.exceptions.PolarsError):
        return None
    return outcome if outcome.run == file.stem else None


def part_of(folder: Path, run: str) -> Path:
    """Give the place of a run's part."""
    return folder / FOLDER / f"{run}.parquet"


def parts_in(folder: Path) -> Iterator[tuple[Path, Outcome]]:
    """Give every whole part of a sweep folder.

    Raises
    ------
    BadInput
        If something else stands where the parts belong.
    """
    place = folder / FOLDER
    if os.path.lexists(place) and not place.is_dir():
        raise BadInput(f"{place}: found no folder, expected the one that parts of runs are in; move it away")
    for file in sorted(place.glob("*.parquet")):
        if not file.name.startswith(".") and (outcome := read_part(file)):
            yield file, outcome


def remove_drafts(folder: Path, runs: set[str]) -> None:
    """Remove what killed processes left half written of these runs, which nobody else is making."""
    for draft in (folder / FOLDER).glob(f".*{DRAFT}"):
        if draft.name.split(".")[1] in runs:
            draft.unlink(missing_ok=True)

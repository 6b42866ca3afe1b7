"""What is known of each run as it ends: one file a run, there whole or not at all, so that no end can tear it.

A part is a Parquet file of the run's measures; what became of the run stands in the file's metadata.
"""

import io
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

OK, FAILED, TIMED_OUT, LOST, MISSING = "ok", "failed", "timed out", "lost", "missing"
ENDED_BADLY = (FAILED, TIMED_OUT, LOST)
FOLDER = "parts"
KEY = "outcome"  # in a part's metadata
DRAFT = ".part"
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
    buffer = io.BytesIO()
    frame.write_parquet(buffer, metadata={KEY: json.dumps(asdict(outcome))})
    write_whole(folder / FOLDER / f"{outcome.run}.parquet", buffer.getvalue())


def write_whole(file: Path, data: bytes) -> None:
    """Put a file in its place, whole or not at all.

    Raises
    ------
    OSError
        If it can't be written; nothing of it is left then.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}-{time.monotonic_ns()}{DRAFT}")
    try:
        with draft.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())  # a power cut may not leave a name without its content
        os.replace(draft, file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def read_part(file: Path) -> Outcome | None:
    """Read what became of a run from its part; None where there is no whole part."""
    try:
        return Outcome(**json.loads(pl.read_parquet_metadata(file)[KEY]))
    except (OSError, KeyError, TypeError, ValueError, pl.exceptions.PolarsError):
        return None


def part_of(folder: Path, run: str) -> Path:
    """Give the place of a run's part."""
    return folder / FOLDER / f"{run}.parquet"


def parts_in(folder: Path) -> Iterator[tuple[Path, Outcome]]:
    """Give every whole part of a sweep folder."""
    for file in sorted((folder / FOLDER).glob("*.parquet")):
        if not file.name.startswith(".") and (outcome := read_part(file)):
            yield file, outcome


def remove_drafts(folder: Path, runs: set[str]) -> None:
    """Remove what killed processes left half written of these runs, which nobody else is making."""
    for draft in (folder / FOLDER).glob(f".*{DRAFT}"):
        if draft.name.split(".")[1] in runs:
            draft.unlink(missing_ok=True)

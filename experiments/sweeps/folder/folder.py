"""The sweep folder: the study, its design, the outcome of each run, and its measures.

While runs are made, each writes a part of its own. The tables are made from the parts at the end, or by ``compact``. A
part is removed only when both tables hold it, and until then it takes precedence over them, so that an interruption at
any moment loses nothing and counts nothing twice.
"""

import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from itertools import batched
from pathlib import Path

import polars as pl

from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.saving.atomic_files import PART, clear_leftovers, write_atomically
from watersellers.experiments.saving.provenance import model_code, revision, versions
from watersellers.experiments.saving.seal import SEAL, sealed_bytes, sha256
from watersellers.experiments.sweeps.folder.integrity import (
    BEFORE,
    DESIGN_TABLE,
    FILES,
    MEASURES_TABLE,
    OUTCOME,
    RUNS_TABLE,
    SCHEMA,
    SEALED,
    check_runs_belong,
    hashes_of_known_files,
    is_sweep,
    outcomes,
    read_provenance,
)
from watersellers.experiments.sweeps.folder.run_record import (
    COLUMNS,
    FOLDER,
    MISSING,
    Outcome,
    part_of,
    parts_in,
    without_value,
)
from watersellers.experiments.sweeps.folder.table_seal import BLANK, check_regular_file, seal_table, sealed_table
from watersellers.experiments.sweeps.study import writer as study_text
from watersellers.experiments.sweeps.study.plan import (
    PROVENANCE,
    SCENARIO,
    STUDY,
    Plan,
    PlannedRun,
    model_version,
    runs_frame,
)

LOCK, STUDY_LOCK = ".lock", ".writing"  # locked by the process that makes runs, and by the one that writes the study
CHUNK = 500  # runs whose measures are in memory at a time


def write_study(folder: Path, plan: Plan) -> None:
    """Write a study into its folder before its first run; a study that has grown replaces its smaller version.

    The provenance is written first, with the hashes of the new files and of those already there.
    """
    there = hashes_of_known_files(folder, read_provenance(folder)) if is_sweep(folder) else {}
    for name in (*SEALED, PROVENANCE):
        if os.path.lexists(folder / name):
            check_regular_file(folder / name)
    files = {
        SCENARIO: plan.text.encode(),
        DESIGN_TABLE: _parquet_bytes(plan.design),
        STUDY: study_text.text_of(plan).encode(),
    }
    provenance = {
        "schema": SCHEMA,
        "scenario": plan.name,
        "label": plan.label,
        "model": model_version(),
        "code": model_code(),
        "versions": versions(),
        "git": revision(),
        "runs": len(plan),
        "design": plan.study.design.kind,
        "measures": list(plan.study.measures),
        "rules": {name: dict(record) for name, record in plan.rules.items()},
        FILES: {name: sha256(data) for name, data in files.items()},
        BEFORE: there,
    }
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for name in (*SEALED, PROVENANCE, RUNS_TABLE):
        clear_leftovers(folder / name)
    write_atomically(folder / PROVENANCE, sealed_bytes(provenance))
    for name, data in files.items():
        write_atomically(folder / name, data)


@contextmanager
def lock_folder(folder: Path, shard: tuple[int, int] | None = None, alone: bool = True) -> Iterator[None]:
    """Lock a sweep folder for one process; shards share it, but no two processes may make the same shard.

    The system releases the lock of a process that dies.

    Raises
    ------
    BadInput
        If another process has locked it.
    """
    try:
        import fcntl
    except ImportError:  # Windows has no such lock
        yield
        return
    shared = shard is not None or not alone
    with _open_lock(folder / LOCK) as common, _open_lock(folder / (f"{LOCK}-{shard[0]}" if shard else LOCK)) as own:
        try:
            fcntl.flock(common, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            if shard:
                fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(f"{folder}: another process is at work there; wait for it, or stop it") from None
        yield


@contextmanager
def lock_study(folder: Path) -> Iterator[None]:
    """Wait until no other shard that shares the folder is writing its study, and lock the study."""
    try:
        import fcntl
    except ImportError:  # Windows has no such lock
        yield
        return
    with _open_lock(folder / STUDY_LOCK) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def _open_lock(file: Path) -> Iterator[int]:
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise BadInput(f"{file}: can't be written: {error.strerror}; move it away, or choose another path") from None
    try:
        yield handle
    finally:
        os.close(handle)


def runs_table(runs: Iterable[PlannedRun], plan: Plan, known: Mapping[str, Outcome]) -> pl.DataFrame:
    """Tabulate all runs of a plan with their outcomes: run, point, replicate, seed, parameters, status and more."""
    frame = runs_frame(plan, runs)
    rows = [known.get(run) or Outcome(run, MISSING) for run in frame["run"]]
    columns = {name: pl.Series([getattr(row, name) for row in rows], dtype=kind) for name, kind in OUTCOME.items()}
    return frame.with_columns(**columns)


def measures(folder: Path) -> pl.LazyFrame:
    """Return all measurements as a lazy table: run, month, layer, firm, measure, value (null where there is none)."""
    parts = [file for file, _ in parts_in(folder)]
    tables = [pl.LazyFrame(schema=COLUMNS)]
    if (folder / MEASURES_TABLE).is_file():
        newer = [file.stem for file in parts]
        tables.append(pl.scan_parquet(folder / MEASURES_TABLE).filter(~pl.col("run").is_in(newer)))
    if parts:
        tables.append(pl.scan_parquet(parts))
    return pl.concat(tables).with_columns(value=without_value())  # parts of earlier builds may hold NaN


def compact(folder: Path, plan: Plan) -> pl.DataFrame:
    """Write the tables, remove the parts that they now hold, and return the table of runs.

    Measures stand in the order of the plan. Only ``CHUNK`` runs are in memory at a time.
    """
    known, parts = outcomes(folder), [file for file, _ in parts_in(folder)]
    table = runs_table(plan.runs(), plan, known)
    check_runs_belong(folder, known, table["run"])
    order = table["run"].unique(maintain_order=True).to_list()
    if parts or not (folder / MEASURES_TABLE).is_file():
        _write_measures(folder, order, {file.stem for file in parts})
    write_atomically(folder / RUNS_TABLE, sealed_table(table))
    for file in parts:
        file.unlink()
    return table


def _write_measures(folder: Path, order: Sequence[str], newer: Set[str]) -> None:
    """Write the table of measures, a chunk of runs at a time; ``newer`` are the runs that have an intact part."""
    (folder / FOLDER).mkdir(exist_ok=True)  # a copy of the sweep may lack the folder if it was empty
    for left in (folder / FOLDER).glob(f".measures.*{PART}"):  # of a killed process; this one has the lock
        left.unlink()
    pieces: list[Path] = []
    try:
        for number, runs in enumerate(batched(order, CHUNK)):
            piece = folder / FOLDER / f".measures.{os.getpid()}-{number}{PART}"
            pieces.append(piece)
            piece.write_bytes(_parquet_bytes(_measures_of(folder, runs, newer)))
        whole = folder / FOLDER / f".measures.{os.getpid()}{PART}"
        pieces.append(whole)
        rows = pl.scan_parquet(pieces[:-1]) if len(pieces) > 1 else pl.LazyFrame(schema=COLUMNS)
        rows.sink_parquet(whole, metadata={SEAL: BLANK.decode()})
        seal_table(whole)
        os.replace(whole, folder / MEASURES_TABLE)
    finally:
        for piece in pieces:
            piece.unlink(missing_ok=True)


def _parquet_bytes(frame: pl.DataFrame) -> bytes:
    """Write a table into memory, since Polars raises no error on a full disk."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def _measures_of(folder: Path, runs: Sequence[str], newer: Set[str]) -> pl.DataFrame:
    """Gather the measurements of some runs in the order of the runs, the rows of each as they were measured."""
    parts = [part_of(folder, run) for run in runs if run in newer]
    old = [run for run in runs if run not in newer]
    frames = [pl.DataFrame(schema=COLUMNS), *(pl.read_parquet(file) for file in parts)]
    if old and (folder / MEASURES_TABLE).is_file():
        frames.append(pl.scan_parquet(folder / MEASURES_TABLE).filter(pl.col("run").is_in(old)).collect())
    order = pl.col("run").replace_strict(list(runs), range(len(runs)), return_dtype=pl.Int64)
    return pl.concat(frames).sort(order, maintain_order=True)

"""The sweep folder: the study, its design, what became of each run, and what was measured of it.

While runs are made, each has a part of its own. The tables are made of the parts at the end, or by ``compact``: a part
goes only when both tables hold it, and until then it counts more than they do, so that an end at any moment loses
nothing and counts nothing twice.
"""

import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from itertools import batched
from pathlib import Path

import polars as pl

from watersellers.experiments.errors import BadInput
from watersellers.experiments.saving.drafts import DRAFT, clear, write_whole
from watersellers.experiments.saving.provenance import revision, versions
from watersellers.experiments.saving.seal import SEAL, sealed, sha256
from watersellers.experiments.sweeps import study_text
from watersellers.experiments.sweeps.checking import (
    BEFORE,
    DESIGN_TABLE,
    FILES,
    MEASURES_TABLE,
    OUTCOME,
    RUNS_TABLE,
    SCHEMA,
    SEALED,
    check_belongs,
    hashes_there,
    is_sweep,
    outcomes,
    read_provenance,
)
from watersellers.experiments.sweeps.parts import COLUMNS, FOLDER, MISSING, Outcome, part_of, parts_in
from watersellers.experiments.sweeps.plan import PROVENANCE, SCENARIO, STUDY, Plan, Planned, model_version, runs_frame
from watersellers.experiments.sweeps.sealing import BLANK, regular, seal_table, sealed_table

LOCK, WRITING = ".lock", ".writing"  # who holds the folder, and who writes its study just now
CHUNK = 500  # runs whose measures are in memory at a time


def create(folder: Path, plan: Plan) -> None:
    """Write a study into its folder, before its first run; also over a smaller one of the same study.

    The provenance comes first, with the hashes of the files that are to come and of those that are there.
    """
    there = hashes_there(folder, read_provenance(folder)) if is_sweep(folder) else {}
    for name in (*SEALED, PROVENANCE):
        if os.path.lexists(folder / name):
            regular(folder / name)
    files = {
        SCENARIO: plan.text.encode(),
        DESIGN_TABLE: _bytes(plan.design),
        STUDY: study_text.text_of(plan).encode(),
    }
    said = {
        "schema": SCHEMA,
        "scenario": plan.name,
        "label": plan.label,
        "model": model_version(),
        "versions": versions(),
        "git": revision(),
        "runs": len(plan),
        "design": plan.study.design.kind,
        "measures": list(plan.study.measures),
        FILES: {name: sha256(data) for name, data in files.items()},
        BEFORE: there,
    }
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for name in (*SEALED, PROVENANCE, RUNS_TABLE):
        clear(folder / name)
    write_whole(folder / PROVENANCE, sealed(said))
    for name, data in files.items():
        write_whole(folder / name, data)


@contextmanager
def held(folder: Path, shard: tuple[int, int] | None = None, alone: bool = True) -> Iterator[None]:
    """Keep a sweep folder for one process: shards share it, each with itself alone; the system lets go for the dead.

    Raises
    ------
    BadInput
        If another process has it.
    """
    try:
        import fcntl
    except ImportError:  # Windows: nobody is kept out
        yield
        return
    shared = shard is not None or not alone
    with _opened(folder / LOCK) as common, _opened(folder / (f"{LOCK}-{shard[0]}" if shard else LOCK)) as own:
        try:
            fcntl.flock(common, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            if shard:
                fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(f"{folder}: another process is at work there; wait for it, or stop it") from None
        yield


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Wait until nobody else, of the shards that share a folder, is writing its study."""
    try:
        import fcntl
    except ImportError:  # Windows: nobody is kept out
        yield
        return
    with _opened(folder / WRITING) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def _opened(file: Path) -> Iterator[int]:
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise BadInput(f"{file}: can't be written: {error.strerror}; move it away, or name another place") from None
    try:
        yield handle
    finally:
        os.close(handle)


def runs_table(runs: Iterable[Planned], plan: Plan, known: Mapping[str, Outcome]) -> pl.DataFrame:
    """Table all runs of a plan with what became of each: run, point, replicate, seed, parameters, status and more."""
    frame = runs_frame(plan, runs)
    rows = [known.get(run) or Outcome(run, MISSING) for run in frame["run"]]
    columns = {name: pl.Series([getattr(row, name) for row in rows], dtype=kind) for name, kind in OUTCOME.items()}
    return frame.with_columns(**columns)


def measures(folder: Path) -> pl.LazyFrame:
    """Give all that was measured, as a table to be asked: run, month, layer, firm, measure, value."""
    parts = [file for file, _ in parts_in(folder)]
    tables = [pl.LazyFrame(schema=COLUMNS)]
    if (folder / MEASURES_TABLE).is_file():
        newer = [file.stem for file in parts]
        tables.append(pl.scan_parquet(folder / MEASURES_TABLE).filter(~pl.col("run").is_in(newer)))
    if parts:
        tables.append(pl.scan_parquet(parts))
    return pl.concat(tables)


def compact(folder: Path, plan: Plan) -> pl.DataFrame:
    """Make the tables of what is known, remove the parts that are in them, and give the table of runs.

    Measures stand in the order of the plan. However many runs there are, only some are in memory at a time.
    """
    known, parts = outcomes(folder), [file for file, _ in parts_in(folder)]
    table = runs_table(plan.runs(), plan, known)
    check_belongs(folder, known, table["run"])
    order = table["run"].unique(maintain_order=True).to_list()
    if parts or not (folder / MEASURES_TABLE).is_file():
        _write_measures(folder, order, {file.stem for file in parts})
    write_whole(folder / RUNS_TABLE, sealed_table(table))
    for file in parts:
        file.unlink()
    return table


def _write_measures(folder: Path, order: Sequence[str], newer: Set[str]) -> None:
    """Write the table of measures, a chunk of runs at a time; ``newer`` are the runs that have a whole part."""
    (folder / FOLDER).mkdir(exist_ok=True)  # a copy may have left it out, empty as it was
    for left in (folder / FOLDER).glob(f".measures.*{DRAFT}"):  # of a process that was killed: no other is at it now
        left.unlink()
    pieces: list[Path] = []
    try:
        for number, runs in enumerate(batched(order, CHUNK)):
            piece = folder / FOLDER / f".measures.{os.getpid()}-{number}{DRAFT}"
            pieces.append(piece)
            piece.write_bytes(_bytes(_measures_of(folder, runs, newer)))
        whole = folder / FOLDER / f".measures.{os.getpid()}{DRAFT}"
        pieces.append(whole)
        rows = pl.scan_parquet(pieces[:-1]) if len(pieces) > 1 else pl.LazyFrame(schema=COLUMNS)
        rows.sink_parquet(whole, metadata={SEAL: BLANK.decode()})
        seal_table(whole)
        os.replace(whole, folder / MEASURES_TABLE)
    finally:
        for piece in pieces:
            piece.unlink(missing_ok=True)


def _bytes(frame: pl.DataFrame) -> bytes:
    """Write a table into memory: Polars does not say that a disk is full."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def _measures_of(folder: Path, runs: Sequence[str], newer: Set[str]) -> pl.DataFrame:
    """Gather what was measured of some runs, in their order, each run's rows as they were measured."""
    parts = [part_of(folder, run) for run in runs if run in newer]
    old = [run for run in runs if run not in newer]
    frames = [pl.DataFrame(schema=COLUMNS), *(pl.read_parquet(file) for file in parts)]
    if old and (folder / MEASURES_TABLE).is_file():
        frames.append(pl.scan_parquet(folder / MEASURES_TABLE).filter(pl.col("run").is_in(old)).collect())
    place = pl.col("run").replace_strict(list(runs), range(len(runs)), return_dtype=pl.Int64)
    return pl.concat(frames).sort(place, maintain_order=True)

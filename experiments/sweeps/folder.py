"""The sweep folder: the study, its design, what became of each run, and what was measured of it.

While runs are made, each has a part of its own. The tables are made of the parts at the end, or by ``compact``: a part
goes only when both tables hold it, and until then it counts more than they do, so that an end at any moment loses
nothing and counts nothing twice.
"""

import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import fields
from itertools import batched
from pathlib import Path
from typing import Any

import polars as pl

from experiments.errors import BadInput
from experiments.saving.provenance import revision, versions
from experiments.sweeps import study_text
from experiments.sweeps.parts import COLUMNS, DRAFT, FOLDER, MISSING, Outcome, part_of, parts_in, write_whole
from experiments.sweeps.plan import PROVENANCE, SCENARIO, STUDY, Plan, Planned, model_version, runs_frame

SCHEMA = 1
DESIGN_TABLE, RUNS_TABLE, MEASURES_TABLE = "design.parquet", "runs.parquet", "measures.parquet"
LOCK = ".lock"
CHUNK = 500  # runs whose measures are in memory at a time
OUTCOME: dict[str, type[pl.DataType]] = {
    "status": pl.String,
    "seconds": pl.Float64,
    "digest": pl.String,
    "error": pl.String,
}


def create(folder: Path, plan: Plan) -> None:
    """Write a study into its folder, before its first run; also over a smaller one of the same study."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    write_whole(folder / SCENARIO, plan.text.encode())
    write_table(folder / DESIGN_TABLE, plan.design)
    said = {
        "schema": SCHEMA,
        "scenario": plan.name,
        "label": plan.label,
        "model": model_version(),
        "versions": versions(),
        "git": revision(),
        "runs": len(plan),
        "design": plan.study.design.kind,
    }
    write_whole(folder / PROVENANCE, (json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode())
    write_whole(folder / STUDY, study_text.text_of(plan).encode())  # the last: with it the folder is one


def write_table(file: Path, frame: pl.DataFrame) -> None:
    """Write a table whole or not at all."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    write_whole(file, buffer.getvalue())


def read_provenance(folder: Path) -> dict[str, Any]:
    """Read what a sweep was made with.

    Raises
    ------
    BadInput
        If the folder is no sweep folder, or one of another schema.
    """
    if not folder.is_dir() or not (folder / STUDY).is_file():
        raise BadInput(f"{folder}: is no sweep folder; `watersellers sweep STUDY.toml` makes one")
    try:
        said = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
        schema = said["schema"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{folder / PROVENANCE}: can't be read: {error}") from None
    if schema != SCHEMA:
        raise BadInput(f"{folder}: sweep schema {schema}; this version reads {SCHEMA}. Its study.toml makes it again")
    provenance: dict[str, Any] = said
    return provenance


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
def _opened(file: Path) -> Iterator[int]:
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        yield handle
    finally:
        os.close(handle)


def outcomes(folder: Path) -> dict[str, Outcome]:
    """Give what is known of each run: from the table, and from parts that are not in it yet."""
    found: dict[str, Outcome] = {}
    names = [field.name for field in fields(Outcome)]
    if (folder / RUNS_TABLE).is_file():
        rows = pl.read_parquet(folder / RUNS_TABLE, columns=names).filter(pl.col("status") != MISSING)
        found = {row["run"]: Outcome(**row) for row in rows.iter_rows(named=True)}
    return found | {outcome.run: outcome for _, outcome in parts_in(folder)}


def runs_table(runs: Iterable[Planned], plan: Plan, known: Mapping[str, Outcome]) -> pl.DataFrame:
    """Table all runs of a plan with what became of each: run, point, replicate, seed, parameters, status and more."""
    frame = runs_frame(plan, list(runs))
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
    order = table["run"].unique(maintain_order=True).to_list()
    if parts or not (folder / MEASURES_TABLE).is_file():
        _write_measures(folder, order, {file.stem for file in parts})
    write_table(folder / RUNS_TABLE, table)
    for file in parts:
        file.unlink()
    return table


def _write_measures(folder: Path, order: Sequence[str], newer: Set[str]) -> None:
    """Write the table of measures, a chunk of runs at a time; ``newer`` are the runs that have a whole part."""
    pieces: list[Path] = []
    try:
        for number, runs in enumerate(batched(order, CHUNK)):
            piece = folder / FOLDER / f".measures.{os.getpid()}-{number}{DRAFT}"
            pieces.append(piece)
            write_table(piece, _measures_of(folder, runs, newer))
        whole = folder / FOLDER / f".measures.{os.getpid()}{DRAFT}"
        pieces.append(whole)
        if len(pieces) > 1:
            pl.scan_parquet(pieces[:-1]).sink_parquet(whole)
        else:
            write_table(whole, pl.DataFrame(schema=COLUMNS))
        with whole.open("rb+") as stream:
            os.fsync(stream.fileno())
        os.replace(whole, folder / MEASURES_TABLE)
    finally:
        for piece in pieces:
            piece.unlink(missing_ok=True)


def _measures_of(folder: Path, runs: Sequence[str], newer: Set[str]) -> pl.DataFrame:
    """Gather what was measured of some runs, in their order, each run's rows as they were measured."""
    parts = [part_of(folder, run) for run in runs if run in newer]
    old = [run for run in runs if run not in newer]
    frames = [pl.DataFrame(schema=COLUMNS), *(pl.read_parquet(file) for file in parts)]
    if old and (folder / MEASURES_TABLE).is_file():
        frames.append(pl.scan_parquet(folder / MEASURES_TABLE).filter(pl.col("run").is_in(old)).collect())
    place = pl.col("run").replace_strict(list(runs), range(len(runs)), return_dtype=pl.Int64)
    return pl.concat(frames).sort(place, maintain_order=True)

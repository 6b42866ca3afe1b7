"""The door to a sweep folder: all that read one come through here, and what is not whole is refused by its file's name.

What never changes between runs (the scenario, the design, the study) is named with its hash in provenance.json, which
has a seal of its own. A study that grows writes provenance.json first, with the hashes of the files as they are to be
and as they were before, so that an end at any moment leaves a folder that is known for what it is. The tables of what
came out change all the time: each is whole by its own seal.
"""

import io
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from watersellers.experiments.errors import BadInput, shown
from watersellers.experiments.saving.seal import sha256, unbroken
from watersellers.experiments.sweeps.parts import COLUMNS, ENDED_BADLY, MISSING, OK, Outcome, part_of, parts_in
from watersellers.experiments.sweeps.plan import PROVENANCE, SCENARIO, STUDY
from watersellers.experiments.sweeps.sealing import bytes_are_whole, is_whole, regular
from watersellers.experiments.text_files import read_bytes, read_json

SCHEMA = 2
DESIGN_TABLE, RUNS_TABLE, MEASURES_TABLE = "design.parquet", "runs.parquet", "measures.parquet"
SEALED = (SCENARIO, DESIGN_TABLE, STUDY)
FILES, BEFORE = "files", "before"  # keys of the hashes in provenance.json
STATUSES = (OK, *ENDED_BADLY, MISSING)
RUN: dict[str, type[pl.DataType]] = {"run": pl.String, "point": pl.Int64, "replicate": pl.Int64, "seed": pl.Int64}
OUTCOME: dict[str, type[pl.DataType]] = {
    "status": pl.String,
    "seconds": pl.Float64,
    "digest": pl.String,
    "error": pl.String,
}
NOT_THE_ONE = "was changed, cut, or copied from another sweep"
ANEW = "put the right one back, or carry the study out with --resume, which writes it anew"
AGAIN = "put the right one back, or go on with --resume, which makes its runs again"


class Damaged(BadInput):
    """A table of what came out can't be used, so that its runs have to be made again."""


def is_sweep(folder: Path) -> bool:
    """Whether a folder is meant to hold a sweep, whole or damaged."""
    return any(os.path.lexists(folder / name) for name in (STUDY, PROVENANCE))


def read_provenance(folder: Path) -> dict[str, Any]:
    """Read what a sweep was made with.

    Raises
    ------
    BadInput
        If the folder is no sweep folder, one of another schema, or its provenance is not the one that was written.
    """
    if not folder.is_dir() or not is_sweep(folder):
        raise BadInput(f"{folder}: is no sweep folder; `watersellers sweep STUDY.toml` makes one")
    file = folder / PROVENANCE
    cure = "put it back, or carry the study out in another place with --out: without it nothing says what made the runs"
    if not os.path.lexists(file):
        raise BadInput(f"{file}: is missing; {cure}")
    said = read_json(file)
    schema = said.get("schema") if isinstance(said, dict) else None
    if type(schema) is not int:
        raise BadInput(f"{file}: found the schema {shown(schema)}, expected {SCHEMA}; {NOT_THE_ONE}; {cure}")
    if schema != SCHEMA:
        raise BadInput(f"{folder}: sweep schema {schema}; this version reads {SCHEMA}. Its study.toml makes it again")
    if not unbroken(said):
        raise BadInput(f"{file}: is not the one that was written: it {NOT_THE_ONE}; {cure}")
    found: dict[str, Any] = said
    return found


def read_sealed(folder: Path, name: str, said: Mapping[str, Any]) -> bytes:
    """Read a file of a sweep that never changes between runs.

    Raises
    ------
    BadInput
        If it is not the one that the sweep was written with.
    """
    data = read_known(folder, name, said)
    if sha256(data) != said[FILES][name]:
        cure = "--resume goes on with it"
        raise BadInput(f"{folder / name}: its study was being changed when that was stopped; {cure}")
    return data


def read_known(folder: Path, name: str, said: Mapping[str, Any]) -> bytes:
    """Read a file as it is meant to be, or as it was before a change in whose middle somebody was stopped.

    Raises
    ------
    BadInput
        If it is neither.
    """
    file = folder / name
    data = read_bytes(file, cure=ANEW)
    if sha256(data) not in (said[FILES][name], said[BEFORE].get(name)):
        raise BadInput(f"{file}: is not the one that {PROVENANCE} was written with: it {NOT_THE_ONE}; {ANEW}")
    return data


def hashes_there(folder: Path, said: Mapping[str, Any]) -> dict[str, str]:
    """Give the hashes of the files that never change between runs, of those that are known for what they are."""
    found = {}
    for name in SEALED:
        if (folder / name).is_file():
            there = sha256(read_bytes(folder / name))
            if there in (said[FILES][name], said[BEFORE].get(name)):
                found[name] = there
    return found


def outcomes(folder: Path) -> dict[str, Outcome]:
    """Give what is known of each run: from the table, and from parts that are not in it yet.

    Raises
    ------
    Damaged
        If a table can't be used.
    BadInput
        If something else stands where the parts belong.
    """
    parts = {outcome.run: outcome for _, outcome in parts_in(folder)}
    table, measured = _table(folder), _measured(folder)
    if table is None and measured is not None and (lost := measured - parts.keys()):
        raise Damaged(f"{folder / RUNS_TABLE}: is missing, and with it what became of {len(lost)} runs; {AGAIN}")
    rows = table or {}
    if measured is None and (lost := {run for run, row in rows.items() if row.status == OK} - parts.keys()):
        raise Damaged(f"{folder / MEASURES_TABLE}: is missing, and with it what {len(lost)} runs measured; {AGAIN}")
    return rows | parts


def _table(folder: Path) -> dict[str, Outcome] | None:
    """Read the table of runs: what became of those that are not missing; None where there is no table."""
    file = folder / RUNS_TABLE
    if not os.path.lexists(file):
        return None
    try:
        data = read_bytes(file)
    except BadInput as error:
        raise Damaged(f"{error}; {AGAIN}") from None
    if not bytes_are_whole(data):
        raise Damaged(f"{file}: is not whole: it {NOT_THE_ONE}; {AGAIN}")
    frame = pl.read_parquet(io.BytesIO(data))
    _check_columns(file, frame.schema, RUN | OUTCOME)
    _check_statuses(file, frame)
    rows = frame.select("run", *OUTCOME).filter(pl.col("status") != MISSING)
    return {row["run"]: Outcome(**row) for row in rows.iter_rows(named=True)}


def _measured(folder: Path) -> set[str] | None:
    """List the runs that are in the table of measures; None where there is no table."""
    file = folder / MEASURES_TABLE
    if not os.path.lexists(file):
        return None
    try:
        regular(file)
        whole = is_whole(file)
    except OSError as error:
        raise BadInput(f"{file}: can't be read: {error.strerror}") from None
    except BadInput as error:
        raise Damaged(f"{error}; {AGAIN}") from None
    if not whole:
        raise Damaged(f"{file}: is not whole: it {NOT_THE_ONE}; {AGAIN}")
    scan = pl.scan_parquet(file)
    _check_columns(file, scan.collect_schema(), COLUMNS, exactly=True)
    return set(scan.select(pl.col("run").unique()).collect()["run"])


def _check_columns(file: Path, found: pl.Schema, expected: Mapping[str, Any], exactly: bool = False) -> None:
    """Refuse a table that lacks a column, or has one of another type, or of another name where it has only these."""
    for name, kind in expected.items():
        if found.get(name) != kind:
            has = f"of type {found[name]}" if name in found else "missing"
            raise Damaged(f"{file}: its column {name!r} is {has}, expected type {kind}: it {NOT_THE_ONE}; {AGAIN}")
    if exactly and (more := [name for name in found if name not in expected]):
        raise Damaged(f"{file}: has a column {more[0]!r}, expected {', '.join(expected)}: it {NOT_THE_ONE}; {AGAIN}")


def _check_statuses(file: Path, frame: pl.DataFrame) -> None:
    """Refuse a table of runs that says what nothing can have become of a run."""
    strange = frame.filter(~pl.col("status").is_in(STATUSES) | pl.col("status").is_null() | pl.col("run").is_null())
    negative = frame.filter(~(pl.col("seconds") >= 0) | ~pl.col("seconds").is_finite())  # NaN is above 0 to Polars
    if len(strange):
        raise Damaged(f"{file}: found the status {shown(strange['status'][0])}, expected one of {STATUSES}; {AGAIN}")
    if len(negative):
        raise Damaged(f"{file}: found {negative['seconds'][0]:g} seconds, expected 0 or more; {AGAIN}")


def check_belongs(folder: Path, known: Mapping[str, Outcome], runs: Iterable[str]) -> None:
    """Refuse outcomes of runs that are not of the study: they were copied from another sweep.

    Raises
    ------
    BadInput
        If there are any.
    """
    strangers = sorted(known.keys() - set(runs))
    if strangers:
        part = part_of(folder, strangers[0])
        file = part if os.path.lexists(part) else folder / RUNS_TABLE
        more = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
        cure = "it was copied from another sweep; move it away"
        raise BadInput(f"{file}: is of the run {strangers[0]}{more}, which this study does not have; {cure}")


def set_aside(folder: Path) -> None:
    """Move both tables of what came out away, under names of their own, where one of them can't be used.

    What is in parts stays as it is; the other runs are made again. Nothing is removed.
    """
    try:
        outcomes(folder)
    except Damaged:
        number = 1 + max((int(found[1]) for each in folder.iterdir() if (found := _aside(each.name))), default=0)
        for name in (RUNS_TABLE, MEASURES_TABLE):
            if os.path.lexists(folder / name):
                os.replace(folder / name, folder / f"damaged-{number}-{name}")


def _aside(name: str) -> re.Match[str] | None:
    return re.match(r"damaged-(\d{1,9})-", name)

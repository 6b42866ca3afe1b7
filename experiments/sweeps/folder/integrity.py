"""The integrity of a sweep folder: every reader checks the files here, and damaged files are refused by name.

Files that never change between runs (the scenario, the design, the study) are listed with their hashes in
provenance.json, which has a seal of its own. A study that grows writes provenance.json first, with the hashes of the
files as they will be and as they were before, so that the folder can be checked after an interruption at any moment.
The tables of results change as runs end, so each carries its own seal.
"""

import io
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from watersellers.experiments.input.errors import OLD_YEAR, BadInput, renamed, shown
from watersellers.experiments.input.text_files import read_bytes, read_json
from watersellers.experiments.saving.seal import seal_holds, sha256
from watersellers.experiments.sweeps.folder.run_record import (
    COLUMNS,
    ENDED_BADLY,
    MISSING,
    OK,
    Outcome,
    part_of,
    parts_in,
)
from watersellers.experiments.sweeps.folder.table_seal import bytes_are_intact, check_regular_file, is_intact
from watersellers.experiments.sweeps.study.plan import PROVENANCE, SCENARIO, STUDY

SCHEMA = 3
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
ALTERED = "was changed, cut, or copied from another sweep"
REWRITE_CURE = "put the right one back, or carry the study out with --resume, which writes it anew"
RERUN_CURE = "put the right one back, or go on with --resume, which makes its runs again"


class DamagedFolder(BadInput):
    """A table of results can't be used, so its runs have to be made again."""


def is_sweep(folder: Path) -> bool:
    """Whether a folder holds a sweep, intact or damaged."""
    return any(os.path.lexists(folder / name) for name in (STUDY, PROVENANCE))


def read_provenance(folder: Path) -> dict[str, Any]:
    """Read what a sweep was made with.

    Raises
    ------
    BadInput
        If the folder is no sweep folder or has another schema, if its provenance was changed, or if its measures have
        names of earlier versions, which do not say over which months they were taken.
    """
    if not folder.is_dir() or not is_sweep(folder):
        raise BadInput(f"{folder}: is no sweep folder; `watersellers sweep STUDY.toml` makes one")
    file = folder / PROVENANCE
    cure = "put it back, or carry the study out in another place with --out: without it nothing says what made the runs"
    if not os.path.lexists(file):
        raise BadInput(f"{file}: is missing; {cure}")
    provenance = read_json(file)
    schema = provenance.get("schema") if isinstance(provenance, dict) else None
    if type(schema) is not int:
        raise BadInput(f"{file}: found the schema {shown(schema)}, expected {SCHEMA}; {ALTERED}; {cure}")
    if schema != SCHEMA:
        raise BadInput(f"{folder}: sweep schema {schema}; this version reads {SCHEMA}. Its study.toml makes it again")
    if not seal_holds(provenance):
        raise BadInput(f"{file}: is not the one that was written: it {ALTERED}; {cure}")
    found: dict[str, Any] = provenance
    _check_dated(folder, found)
    return found


def _check_dated(folder: Path, provenance: Mapping[str, Any]) -> None:
    """Refuse a sweep of earlier versions whose measures do not say over which months they were taken."""
    old = [name for name in provenance["measures"] if name.startswith(OLD_YEAR)]
    if old:
        taken = "were over the last twelve months of its runs, or over all of shorter ones"
        again = f"carry its {STUDY} out again in another place with new names, as {renamed(old[0])}"
        raise BadInput(f"{folder}: its measures {', '.join(old)} {taken}, which their names do not say; {again}")


def read_sealed(folder: Path, name: str, provenance: Mapping[str, Any]) -> bytes:
    """Read a file of a sweep that never changes between runs.

    Raises
    ------
    BadInput
        If it is not the file that the sweep was written with.
    """
    data = read_current_or_previous(folder, name, provenance)
    if sha256(data) != provenance[FILES][name]:
        cure = "--resume goes on with it"
        raise BadInput(f"{folder / name}: its study was being changed when that was stopped; {cure}")
    return data


def read_current_or_previous(folder: Path, name: str, provenance: Mapping[str, Any]) -> bytes:
    """Read a file that is in its current version, or in the previous one if a change of the study was interrupted.

    Raises
    ------
    BadInput
        If it is neither.
    """
    file = folder / name
    data = read_bytes(file, cure=REWRITE_CURE)
    if sha256(data) not in (provenance[FILES][name], provenance[BEFORE].get(name)):
        raise BadInput(f"{file}: is not the one that {PROVENANCE} was written with: it {ALTERED}; {REWRITE_CURE}")
    return data


def hashes_of_known_files(folder: Path, provenance: Mapping[str, Any]) -> dict[str, str]:
    """Return the hashes of those unchanging files that are in their current or previous version."""
    found = {}
    for name in SEALED:
        if (folder / name).is_file():
            there = sha256(read_bytes(folder / name))
            if there in (provenance[FILES][name], provenance[BEFORE].get(name)):
                found[name] = there
    return found


def outcomes(folder: Path) -> dict[str, Outcome]:
    """Return the known outcome of each run: from the table, and from parts that are not in it yet.

    Raises
    ------
    DamagedFolder
        If a table can't be used.
    BadInput
        If the path of the parts is no folder.
    """
    parts = {outcome.run: outcome for _, outcome in parts_in(folder)}
    table, measured = _outcomes_in_table(folder), _measured_runs(folder)
    if table is None and measured is not None and (lost := measured - parts.keys()):
        raise DamagedFolder(
            f"{folder / RUNS_TABLE}: is missing, and with it what became of {len(lost)} runs; {RERUN_CURE}"
        )
    rows = table or {}
    if measured is None and (lost := {run for run, row in rows.items() if row.status == OK} - parts.keys()):
        raise DamagedFolder(
            f"{folder / MEASURES_TABLE}: is missing, and with it what {len(lost)} runs measured; {RERUN_CURE}"
        )
    return rows | parts


def _outcomes_in_table(folder: Path) -> dict[str, Outcome] | None:
    """Read the outcomes of the runs that are not missing from the table of runs; None if there is no table."""
    file = folder / RUNS_TABLE
    if not os.path.lexists(file):
        return None
    try:
        data = read_bytes(file)
    except BadInput as error:
        raise DamagedFolder(f"{error}; {RERUN_CURE}") from None
    if not bytes_are_intact(data):
        raise DamagedFolder(f"{file}: is not whole: it {ALTERED}; {RERUN_CURE}")
    frame = pl.read_parquet(io.BytesIO(data))
    _check_columns(file, frame.schema, RUN | OUTCOME)
    _check_statuses(file, frame)
    rows = frame.select("run", *OUTCOME).filter(pl.col("status") != MISSING)
    return {row["run"]: Outcome(**row) for row in rows.iter_rows(named=True)}


def _measured_runs(folder: Path) -> set[str] | None:
    """Return the runs that are in the table of measures; None if there is no table."""
    file = folder / MEASURES_TABLE
    if not os.path.lexists(file):
        return None
    try:
        check_regular_file(file)
        whole = is_intact(file)
    except OSError as error:
        raise BadInput(f"{file}: can't be read: {error.strerror}") from None
    except BadInput as error:
        raise DamagedFolder(f"{error}; {RERUN_CURE}") from None
    if not whole:
        raise DamagedFolder(f"{file}: is not whole: it {ALTERED}; {RERUN_CURE}")
    scan = pl.scan_parquet(file)
    _check_columns(file, scan.collect_schema(), COLUMNS, exactly=True)
    return set(scan.select(pl.col("run").unique()).collect()["run"])


def _check_columns(file: Path, found: pl.Schema, expected: Mapping[str, Any], exactly: bool = False) -> None:
    """Refuse a table that lacks a column or has one of another type, or with ``exactly`` any further column."""
    for name, kind in expected.items():
        if found.get(name) != kind:
            has = f"of type {found[name]}" if name in found else "missing"
            raise DamagedFolder(
                f"{file}: its column {name!r} is {has}, expected type {kind}: it {ALTERED}; {RERUN_CURE}"
            )
    if exactly and (more := [name for name in found if name not in expected]):
        raise DamagedFolder(
            f"{file}: has a column {more[0]!r}, expected {', '.join(expected)}: it {ALTERED}; {RERUN_CURE}"
        )


def _check_statuses(file: Path, frame: pl.DataFrame) -> None:
    """Refuse a table of runs with an impossible status or time."""
    strange = frame.filter(~pl.col("status").is_in(STATUSES) | pl.col("status").is_null() | pl.col("run").is_null())
    negative = frame.filter(~(pl.col("seconds") >= 0) | ~pl.col("seconds").is_finite())  # NaN is above 0 to Polars
    if len(strange):
        raise DamagedFolder(
            f"{file}: found the status {shown(strange['status'][0])}, expected one of {STATUSES}; {RERUN_CURE}"
        )
    if len(negative):
        raise DamagedFolder(f"{file}: found {negative['seconds'][0]:g} seconds, expected 0 or more; {RERUN_CURE}")


def check_runs_belong(folder: Path, known: Mapping[str, Outcome], runs: Iterable[str]) -> None:
    """Refuse outcomes of runs that do not belong to the study: they were copied from another sweep.

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


def move_damaged_tables_aside(folder: Path) -> None:
    """Rename both tables of results if one of them can't be used.

    Runs that have a part keep it; the other runs are made again. Nothing is removed.
    """
    try:
        outcomes(folder)
    except DamagedFolder:
        number = 1 + max((int(found[1]) for each in folder.iterdir() if (found := _aside_number(each.name))), default=0)
        for name in (RUNS_TABLE, MEASURES_TABLE):
            if os.path.lexists(folder / name):
                os.replace(folder / name, folder / f"damaged-{number}-{name}")


def _aside_number(name: str) -> re.Match[str] | None:
    return re.match(r"damaged-(\d{1,9})-", name)

"""Checkpoints: a half-run world in a folder of JSON and Parquet, from which it continues as if it had never stopped."""

import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.input.errors import BadInput, refuse, shown
from watersellers.experiments.input.text_files import read_bytes, read_json
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.writer import scenario_toml
from watersellers.experiments.loading.written_scenario import (
    own_of_events,
    own_strategies,
    read_scenario,
    silent_decisions,
    strategies_of,
)
from watersellers.experiments.saving.digest import digest
from watersellers.experiments.saving.manifest_form import CheckpointForm, manifest_problems
from watersellers.experiments.saving.own_source import described, provenance, same_strategy
from watersellers.experiments.saving.packing import Misfit
from watersellers.experiments.saving.provenance import model_code, versions
from watersellers.experiments.saving.run_folder import FILES, MANIFEST, new_folder, version_of
from watersellers.experiments.saving.seal import json_bytes, seal_holds, sealed_bytes, sha256
from watersellers.experiments.saving.world_state import capture, restore

SCHEMA = "checkpoint 2"
STATE = "state.json"
AGAIN = "save the world again"


@dataclass(frozen=True)
class SavedWorld:
    """A checkpoint as it was read: its path, its manifest, the state and the tables."""

    path: Path
    manifest: dict[str, Any]
    state: dict[str, Any]
    tables: dict[str, pl.DataFrame]


def save(world: Any, path: Path, force: bool) -> None:
    """Write a world between two months as a folder, whole or not at all.

    Raises
    ------
    BadInput
        If the world broke off inside a month, holds something that can't be saved, or the path can't be written.
    """
    _refuse_path(path, force)
    if broken := world.broken_off():
        raise BadInput(f"{path}: {broken}; there is nothing to go on from")
    files = files_of(world, str(path))
    with new_folder(path, force, schema=str) as folder:
        try:
            for name, data in files.items():
                (folder / name).write_bytes(data)
        except OSError as error:
            raise BadInput(f"{path}: can't be written: {error.strerror}; choose another path") from None


def files_of(world: Any, place: str) -> dict[str, bytes]:
    """Write a world between two months as the files of a checkpoint, in memory; ``place`` begins the refusals.

    Raises
    ------
    BadInput
        If the world holds something that can't be saved.
    """
    world.refuse_changed(place)
    try:
        state, tables = capture(world)
    except Misfit as error:
        raise BadInput(f"{place}: can't hold this world: {error}") from None
    files = {f"{name}.parquet": _parquet(frame) for name, frame in tables.items()} | {STATE: json_bytes(state)}
    files[MANIFEST] = sealed_bytes(_manifest(world) | {FILES: {name: sha256(data) for name, data in files.items()}})
    return files


def _refuse_path(path: Path, force: bool) -> None:
    """Refuse a path whose content may not be replaced."""
    if os.path.lexists(path) and not force:
        raise BadInput(f"{path}: exists already; force=True replaces a checkpoint, or choose another path")
    if os.path.lexists(path):
        _read_manifest(path)


def _manifest(world: Any) -> dict[str, Any]:
    """Describe what the world was built from, and how far it has come."""
    spec, menus = world.spec, builtin_catalogue().menus
    scenario = {"name": spec.scenario, "question": spec.question, "text": scenario_toml(spec, menus)}
    mine = own_strategies(spec)
    passed = {path: mine[path] for path in silent_decisions(scenario["text"])}
    try:
        same = read_scenario(scenario, passed, passed) == spec
    except BadInput as error:
        raise BadInput(
            *(f"scenario: can't be written so that it reads back: {problem}" for problem in error.problems)
        ) from None
    if not same:
        raise BadInput("scenario: reads back as a different scenario, so a loaded world would differ from this one")
    return {
        "schema": SCHEMA,
        "scenario": scenario,
        "seed": world.seed,
        "months": spec.months,
        "users": world.given.users,
        "set": dict(world.given.set),
        "changes": [dict(each) for each in world.given.changes],
        "month": world.month,
        "notes": list(spec.notes),
        "warnings": list(spec.warnings),
        "strategies": {path: provenance(strategy) for path, strategy in (mine | own_of_events(spec)).items()},
        "versions": versions(),
        "code": model_code(),
        "saved": datetime.now(UTC).isoformat(timespec="seconds"),
        "digest": digest(world._economy.ledger.journal()),
    }


def read(path: Path) -> SavedWorld:
    """Read a checkpoint, and check that it is whole and unchanged.

    Raises
    ------
    BadInput
        If there is no checkpoint, it has another schema, or something in it is missing or was changed.
    """
    manifest = _read_manifest(path)
    files = {name: _read_unchanged(path / name, expected) for name, expected in manifest["files"].items()}
    return _decoded(path, manifest, files)


def from_files(files: Mapping[str, bytes], place: str) -> SavedWorld:
    """Read a checkpoint from memory, as ``files_of`` wrote it.

    Raises
    ------
    BadInput
        If another version wrote it, or it was changed.
    """
    found = dict(files)
    manifest = _checked(json.loads(found.pop(MANIFEST)), Path(place))
    for name, data in found.items():
        if manifest[FILES].get(name) != sha256(data):
            raise BadInput(f"{place}, {name}: is not the file that was written; {AGAIN}")
    return _decoded(Path(place), manifest, found)


def _decoded(path: Path, manifest: dict[str, Any], files: dict[str, bytes]) -> SavedWorld:
    """Turn a checkpoint's files into its state and its tables."""
    try:
        state = json.loads(files.pop(STATE))  # its hash was checked, so any size is fine
        tables = {name.removesuffix(".parquet"): pl.read_parquet(io.BytesIO(data)) for name, data in files.items()}
    except (KeyError, ValueError, PolarsError) as error:
        raise BadInput(f"{path}: can't be read: {error}; {AGAIN}") from None
    return SavedWorld(path, manifest, state, tables)


def _read_manifest(path: Path) -> dict[str, Any]:
    """Read and check the manifest of a checkpoint."""
    if not path.is_dir():
        raise BadInput(f"{path}: there is no such folder; World.save makes one")
    if not os.path.lexists(path / MANIFEST):
        raise BadInput(f"{path}: holds no {MANIFEST}, so it is not a whole checkpoint")
    try:
        manifest = read_json(path / MANIFEST)
    except BadInput as error:
        raise BadInput(f"{error}; {AGAIN}") from None
    return _checked(manifest, path)


def _checked(manifest: Any, path: Path) -> dict[str, Any]:
    """Check the manifest of a checkpoint."""
    schema = manifest.get("schema") if isinstance(manifest, dict) else None
    if isinstance(schema, int):
        raise BadInput(f"{path}: is the folder of a run, expected a checkpoint; Result.open reads a run")
    if not isinstance(schema, str) or not schema.startswith("checkpoint"):
        raise BadInput(
            f"{path / MANIFEST}: found the schema {shown(schema)}, expected {SCHEMA!r}: this is not a checkpoint"
        )
    if schema != SCHEMA:
        raise BadInput(
            f"{path}: found {shown(schema)}, written by version {version_of(manifest)}; this version reads {SCHEMA!r}."
            f" The manifest holds the scenario and the seed, so the world can be simulated again"
        )
    if not seal_holds(manifest):
        raise BadInput(f"{path / MANIFEST}: was changed or cut after it was written; {AGAIN}")
    refuse(f"{path / MANIFEST}, {problem}; {AGAIN}" for problem in manifest_problems(manifest, CheckpointForm))
    checked: dict[str, Any] = manifest
    return checked


def _read_unchanged(file: Path, expected: str) -> bytes:
    """Read a file, and check that it is the one that was written."""
    try:
        data = read_bytes(file)
    except BadInput as error:
        raise BadInput(f"{error}; the checkpoint is not whole, {AGAIN}") from None
    if sha256(data) != expected:
        raise BadInput(f"{file}: is not the file that was written; {AGAIN}")
    return data


def scenario_spec_of(saved: SavedWorld, strategies: Mapping[str, Any]) -> ScenarioSpec:
    """Resolve the scenario of a checkpoint, with the user's own strategies that it needs.

    Raises
    ------
    BadInput
        If this version can't read the scenario, or a strategy is missing or differs from the saved one.
    """
    scenario, needed = saved.manifest["scenario"], saved.manifest["strategies"]
    silent = silent_decisions(scenario["text"])
    try:
        listed = strategies_of(read_scenario(scenario, silent, {}))
    except BadInput as error:
        written = f"{saved.path}: its scenario, written by version {version_of(saved.manifest)}, does not fit this one"
        raise BadInput(*(f"{written}: {problem}" for problem in error.problems)) from None
    spec = read_scenario(scenario, silent, strategies)
    given, problems = own_strategies(spec), []
    for path, chosen in (strategies_of(spec) | own_of_events(spec)).items():
        if path in silent and path not in given:
            expected = (
                f"expected {described(needed[path])}; pass it again: World.load(..., strategies={{{path!r}: ...}})"
            )
            problems.append(f"strategies, {path}: is missing, {expected}")
        elif path in needed and not same_strategy(provenance(chosen), needed[path]):
            problems.append(
                f"strategies, {path}: found {described(provenance(chosen))}, expected {described(needed[path])}"
            )
        elif path not in needed and chosen != listed[path]:
            problems.append(f"strategies, {path}: found {shown(chosen)}, expected none: it was {shown(listed[path])}")
    if problems:
        raise BadInput(*(f"{saved.path}, {problem}" for problem in problems))
    notes, warnings = (tuple(saved.manifest.get(key, ())) for key in ("notes", "warnings"))
    return replace(spec, notes=notes, warnings=warnings)  # they were said when it was loaded first


def resume(world: Any, saved: SavedWorld) -> None:
    """Put the saved state into a world that has just been built.

    Raises
    ------
    BadInput
        If it does not fit, because the rules have changed since it was written.
    """
    try:
        with world._economy.ledger.clock.unsealed():
            restore(world, saved.state, saved.tables)
    except Misfit as error:
        written = f"written by version {version_of(saved.manifest)}"
        raise BadInput(f"{saved.path}: {written}, does not fit this one: {error}; simulate the world again") from None


def _parquet(frame: pl.DataFrame) -> bytes:
    """Write a table as Parquet into memory."""
    data = io.BytesIO()
    frame.write_parquet(data)
    return data.getvalue()

"""The checkpoint: a half-run world in a folder of JSON and Parquet, from which it goes on as if it never stopped."""

import io
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from watersellers.agents.setting import Setting
from watersellers.experiments.catalogue import ours
from watersellers.experiments.errors import BadInput, refuse, shown
from watersellers.experiments.fits.fingerprint import digest
from watersellers.experiments.saving.manifest_form import CheckpointForm, wrong_in
from watersellers.experiments.saving.packing import Misfit
from watersellers.experiments.saving.provenance import provenance, versions
from watersellers.experiments.saving.seal import json_bytes, sealed, sha256, unbroken
from watersellers.experiments.saving.state import capture, restore
from watersellers.experiments.saving.store import FILES, MANIFEST, new_folder, version_of
from watersellers.experiments.scenario import load_scenario
from watersellers.experiments.scenario_text import text_of
from watersellers.experiments.text_files import parse_toml, read_bytes, read_json

SCHEMA = "checkpoint 2"
STATE = "state.json"
AGAIN = "save the world again"


@dataclass(frozen=True)
class Saved:
    """A checkpoint as it was read: where it stands, what its manifest says, the state, and the tables."""

    path: Path
    manifest: dict[str, Any]
    state: dict[str, Any]
    tables: dict[str, pl.DataFrame]


def save(world: Any, path: Path, force: bool) -> None:
    """Write a world between two months as a folder, whole or not at all.

    Raises
    ------
    BadInput
        If the world broke off inside a month, holds what no file can bring back, or the place can't be written.
    """
    _refuse_place(path, force)
    if broken := world.broken_off():
        raise BadInput(f"{path}: {broken}; there is nothing to go on from")
    try:
        state, tables = capture(world)
    except Misfit as error:
        raise BadInput(f"{path}: can't hold this world: {error}") from None
    files = {f"{name}.parquet": _parquet(frame) for name, frame in tables.items()} | {STATE: json_bytes(state)}
    files[MANIFEST] = sealed(_manifest(world) | {FILES: {name: sha256(data) for name, data in files.items()}})
    with new_folder(path, force, schema=str) as folder:
        try:
            for name, data in files.items():
                (folder / name).write_bytes(data)
        except OSError as error:
            raise BadInput(f"{path}: can't be written: {error.strerror}; name another place") from None


def _refuse_place(path: Path, force: bool) -> None:
    """Refuse a place where something stands that may not be replaced."""
    if os.path.lexists(path) and not force:
        raise BadInput(f"{path}: something stands there; force=True replaces a checkpoint, or name another place")
    if os.path.lexists(path):
        _read_manifest(path)


def _manifest(world: Any) -> dict[str, Any]:
    """Say what the world was built from, and how far it has come."""
    setting, menus = world.setting, ours().menus
    scenario = {"name": setting.scenario, "question": setting.question, "text": text_of(setting, menus)}
    mine = _own(setting)
    try:
        same = _setting(scenario, mine, mine) == setting
    except BadInput as error:
        raise BadInput(
            *(f"scenario: can't be written so that it reads back: {said}" for said in error.problems)
        ) from None
    if not same:
        raise BadInput("scenario: reads back as another one, so that a loaded world would not be this one")
    return {
        "schema": SCHEMA,
        "scenario": scenario,
        "seed": world.seed,
        "months": setting.months,
        "users": world.given.users,
        "set": dict(world.given.set),
        "month": world.month,
        "strategies": {path: provenance(strategy) for path, strategy in mine.items()},
        "versions": versions(),
        "saved": datetime.now(UTC).isoformat(timespec="seconds"),
        "digest": digest(world.economy.ledger.journal()),
    }


def _strategies(setting: Setting) -> dict[str, Any]:
    """Every choice of a scenario by its path."""
    members = [member for group in setting.groups.values() for member in group]
    return {f"{m.layer}.{m.name}.{slot}": chosen for m in members for slot, chosen in m.strategies.items()}


def _own(setting: Setting) -> dict[str, Any]:
    """Strategies that are on no menu, by their paths."""
    menus = ours().menus
    listed = {id(cls) for slots in menus.values() for menu in slots.values() for cls in menu.values()}
    return {path: chosen for path, chosen in _strategies(setting).items() if id(type(chosen)) not in listed}


def _setting(scenario: Mapping[str, str], own: Iterable[str], strategies: Mapping[str, Any]) -> Setting:
    """Read a scenario's text again; ``own`` are the choices that the text leaves to strategies from a script."""
    doc = parse_toml(scenario["text"], "scenario")
    if "extends" in doc:
        raise BadInput(f"scenario, extends: found {shown(doc['extends'])}, expected a scenario that is whole by itself")
    for path in own:
        group, member, slot = path.split(".")
        doc[group][member][slot] = next(iter(ours().menus[group][slot]))
    return load_scenario({**doc, "name": scenario["name"], "question": scenario["question"]}, strategies=strategies)


def read(path: Path) -> Saved:
    """Read a checkpoint, sure that it is whole and as it was written.

    Raises
    ------
    BadInput
        If there is none, it is of another schema, or something in it is missing or was changed.
    """
    manifest = _read_manifest(path)
    files = {name: _intact(path / name, expected) for name, expected in manifest["files"].items()}
    try:
        state = json.loads(files.pop(STATE))  # its hash is that of what was written, however large it is
        tables = {name.removesuffix(".parquet"): pl.read_parquet(io.BytesIO(data)) for name, data in files.items()}
    except (KeyError, ValueError, PolarsError) as error:
        raise BadInput(f"{path}: can't be read: {error}; {AGAIN}") from None
    return Saved(path, manifest, state, tables)


def _read_manifest(path: Path) -> dict[str, Any]:
    """Read what a checkpoint says of itself."""
    if not path.is_dir():
        raise BadInput(f"{path}: there is no such folder; World.save makes one")
    if not os.path.lexists(path / MANIFEST):
        raise BadInput(f"{path}: holds no {MANIFEST}, so it is no checkpoint, or only a part of one")
    try:
        manifest = read_json(path / MANIFEST)
    except BadInput as error:
        raise BadInput(f"{error}; {AGAIN}") from None
    schema = manifest.get("schema") if isinstance(manifest, dict) else None
    if isinstance(schema, int):
        raise BadInput(f"{path}: is the folder of a run, expected a checkpoint; Result.open reads a run")
    if not isinstance(schema, str) or not schema.startswith("checkpoint"):
        raise BadInput(
            f"{path / MANIFEST}: found the schema {shown(schema)}, expected {SCHEMA!r}: this is no checkpoint"
        )
    if schema != SCHEMA:
        raise BadInput(
            f"{path}: found {shown(schema)}, written by version {version_of(manifest)}; this version reads {SCHEMA!r}."
            f" The manifest holds the scenario and the seed, so that the world can be lived again"
        )
    if not unbroken(manifest):
        raise BadInput(f"{path / MANIFEST}: was changed or cut after it was written; {AGAIN}")
    refuse(f"{path / MANIFEST}, {said}; {AGAIN}" for said in wrong_in(manifest, CheckpointForm))
    return manifest


def _intact(file: Path, expected: str) -> bytes:
    """Read a file that must be the one that was written."""
    try:
        data = read_bytes(file)
    except BadInput as error:
        raise BadInput(f"{error}; the checkpoint is not whole, {AGAIN}") from None
    if sha256(data) != expected:
        raise BadInput(f"{file}: is not the file that was written; {AGAIN}")
    return data


def setting_of(saved: Saved, strategies: Mapping[str, Any]) -> Setting:
    """Resolve the scenario of a checkpoint, with the strategies of one's own that it needs.

    Raises
    ------
    BadInput
        If this version can't read the scenario, or a strategy is missing, or is not the one that was there.
    """
    scenario, needed = saved.manifest["scenario"], saved.manifest["strategies"]
    try:
        listed = _strategies(_setting(scenario, needed, {}))
    except BadInput as error:
        written = f"{saved.path}: its scenario, written by version {version_of(saved.manifest)}, does not fit this one"
        raise BadInput(*(f"{written}: {said}" for said in error.problems)) from None
    setting = _setting(scenario, needed, strategies)
    given, problems = _own(setting), []
    for path, chosen in _strategies(setting).items():
        if path in needed and path not in given:
            expected = f"expected {_told(needed[path])}; pass it again: World.load(..., strategies={{{path!r}: ...}})"
            problems.append(f"strategies, {path}: is missing, {expected}")
        elif path in needed and provenance(chosen) != needed[path]:
            problems.append(f"strategies, {path}: found {_told(provenance(chosen))}, expected {_told(needed[path])}")
        elif path not in needed and chosen != listed[path]:
            problems.append(f"strategies, {path}: found {shown(chosen)}, expected none: it was {shown(listed[path])}")
    if problems:
        raise BadInput(*(f"{saved.path}, {said}" for said in problems))
    return setting


def _told(strategy: Mapping[str, Any]) -> str:
    """Tell which strategy it is: module, name, numbers, and the beginning of its source's hash."""
    numbers = ", ".join(f"{name}={value}" for name, value in strategy["numbers"].items())
    source = strategy["source_sha256"]
    return f"{strategy['module']}.{strategy['name']}({numbers}), source {source[:12] if source else 'unknown'}"


def go_on(world: Any, saved: Saved) -> None:
    """Put the saved state into a world that has just been built.

    Raises
    ------
    BadInput
        If it does not fit: the rules have changed since it was written.
    """
    try:
        restore(world, saved.state, saved.tables)
    except Misfit as error:
        written = f"written by version {version_of(saved.manifest)}"
        raise BadInput(f"{saved.path}: {written}, does not fit this one: {error}; live the world again") from None


def _parquet(frame: pl.DataFrame) -> bytes:
    """Write a table into memory."""
    data = io.BytesIO()
    frame.write_parquet(data)
    return data.getvalue()

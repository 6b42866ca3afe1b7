"""The run folder: written whole or not at all, and refused with a sentence where it is not whole."""

import hashlib
import io
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from experiments.errors import BadFolder, BadInput, shown
from market.ledger import Journal
from market.statements import MONEY, OPERATIONS

SCHEMA = 2
MANIFEST = "manifest.json"
FILES = "files"  # the manifest's key for the sha256 of each table
COLUMNS: dict[str, tuple[str, ...]] = {  # those without which a table is not whole; more may be there
    "journal": (*[field.name for field in fields(Journal) if field.name != "price"], "entry", "price_nano"),
    "flows": ("entry", "month", "payer", "payee", "payer_layer", "payee_layer", "good", "quantity", "price", "cents"),
    "balances": ("month", "account", "layer", "item", "counterparty", "cents"),
    "firms": ("month", "firm", "layer", "owner", "region", *OPERATIONS, *MONEY),
    "layers": ("month", "layer", *MONEY, "operating_margin", "profit_over_final_spending", "share_of_positive_profit"),
    "owners": ("month", "owner", *MONEY),
    "apps": ("month", "app", "region", "tier", "users", "queries", "tokens", "ads", "trust"),
    "users": ("month", "region"),
    "events": ("month", "what", "who", "text"),
}
type Frames = Mapping[str, pl.DataFrame]


@contextmanager
def new_folder(path: Path, force: bool = False) -> Iterator[Path]:
    """Give a folder to write into, which takes its place at ``path`` when the block ends well, and else is gone.

    Raises
    ------
    BadInput
        Before anything is written, if something stands at the path (``force`` lets a run folder be replaced),
        or if nothing can be written there.
    """
    _refuse_to_overwrite(path, force)
    place = Path(os.path.abspath(path))
    made = [each for each in place.parents if not each.exists()]
    part = place.with_name(f".{place.name}.{os.getpid()}-{time.monotonic_ns()}.part")
    try:
        part.mkdir(parents=True)
    except OSError as error:
        _remove(made)
        raise BadFolder(f"{path}: can't be written: {error.strerror}", "closed") from None
    try:
        yield part
        _refuse_to_overwrite(path, force)
        _take_place(part, place)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        _remove(made)
        raise


def _refuse_to_overwrite(path: Path, force: bool) -> None:
    """Refuse a place where something stands that may not be replaced."""
    if not os.path.lexists(path):
        return
    if not (path / MANIFEST).is_file() or path.is_symlink():
        raise BadFolder(f"{path}: something else than a run folder stands there", "closed")
    if not force:
        raise BadFolder(f"{path}: there is a run already", "taken")


def _take_place(part: Path, path: Path) -> None:
    """Move a finished folder to its place; a run folder that stands there goes only when the new one is in place."""
    old = part.with_suffix(".old")
    replaces = path.exists()
    if replaces:
        path.replace(old)
    try:
        part.replace(path)
    except BaseException:
        if replaces:
            old.replace(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _remove(folders: list[Path]) -> None:
    """Remove folders that were made on the way, innermost first, as far as nobody else put anything into them."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return


def write(folder: Path, frames: Frames, manifest: Mapping[str, Any]) -> None:
    """Write a run's tables and then its manifest, with the hash of each, into a folder that is there."""
    hashes = {}
    for name, frame in frames.items():
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        data = buffer.getvalue()  # written by hand: Polars does not say that a disk is full
        (folder / f"{name}.parquet").write_bytes(data)
        hashes[f"{name}.parquet"] = _sha256(data)
    text = json.dumps({**manifest, FILES: hashes}, indent=2, ensure_ascii=False, allow_nan=False, default=str)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(path: Path) -> dict[str, Any]:
    """Read the manifest of a run folder.

    Raises
    ------
    BadInput
        If there is no run folder, it is of another schema, or its run did not end.
    """
    if path.is_file():
        raise BadInput(f"{path}: found a file, expected a run folder; `watersellers run` makes one")
    if not path.is_dir():
        raise BadInput(f"{path}: there is no such folder; `watersellers run` makes one")
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(f"{path}: holds no {MANIFEST}, so it is no run folder, or only a part of one") from None
    except (OSError, ValueError) as error:
        raise BadFolder(f"{path / MANIFEST}: can't be read as JSON: {error}", "torn") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("schema"), int):
        raise BadInput(f"{path / MANIFEST}: names no schema, so this is no run folder")
    if manifest["schema"] != SCHEMA:
        version = manifest.get("versions", {}).get("watersellers", "unknown")
        raise BadInput(
            f"{path}: schema {manifest['schema']}, written by version {version}; this version reads schema {SCHEMA}."
            f" The manifest holds the scenario and the seed, so the run can be made again"
        )
    if manifest.get("status") != "done":
        raise BadFolder(f"{path}: its status is {shown(manifest.get('status'))}, expected 'done'", "torn")
    return manifest


def read(path: Path) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
    """Read a run folder's tables and its manifest.

    Raises
    ------
    BadInput
        If it is not a whole run folder of the schema that this version reads.
    """
    manifest = read_manifest(path)
    hashes = manifest.pop(FILES, None)
    if not isinstance(hashes, dict):
        raise BadFolder(f"{path / MANIFEST}: names no {FILES!r} with their hashes", "torn")
    return {name: _table(path / f"{name}.parquet", columns, hashes) for name, columns in COLUMNS.items()}, manifest


def _table(file: Path, columns: tuple[str, ...], hashes: Mapping[str, str]) -> pl.DataFrame:
    """Read one table and see that it is the one that was written, and its columns are there."""
    try:
        data = file.read_bytes()
        if _sha256(data) != hashes.get(file.name):
            changed = "it was changed, cut, or copied from another run"
            raise BadFolder(f"{file}: is not the table that {MANIFEST} was written with: {changed}", "torn")
        frame = pl.read_parquet(io.BytesIO(data))
    except FileNotFoundError:
        raise BadFolder(f"{file}: is missing, so the run folder is not whole", "torn") from None
    except (OSError, PolarsError) as error:
        reason = str(error).partition("\n")[0]
        raise BadFolder(f"{file}: can't be read as Parquet: {reason}", "torn") from None
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise BadFolder(f"{file}: has no column {missing[0]!r}, so the run folder is not whole", "torn")
    return frame


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

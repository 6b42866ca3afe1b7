"""The run folder: written whole or not at all, and refused with a sentence where it is not whole."""

import io
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from watersellers.experiments.errors import BadFolder, BadInput, shown
from watersellers.experiments.saving.drafts import LOCK, clear, draft_folder
from watersellers.experiments.saving.manifest_form import wrong_in
from watersellers.experiments.saving.places import PAGE, is_ours
from watersellers.experiments.saving.seal import SEAL, sealed, sha256, unbroken
from watersellers.experiments.text_files import LIMIT, read_bytes, read_json
from watersellers.market.ledger import Journal
from watersellers.market.statements import MONEY, OPERATIONS

SCHEMA = 3
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
def new_folder(path: Path, force: bool = False, schema: type = int) -> Iterator[Path]:
    """Give a folder to write into, which takes its place at ``path`` when the block ends well, and else is gone.

    ``schema`` is the type of the schema of what it may replace: a number for runs, text for checkpoints.

    Raises
    ------
    BadInput
        Before anything is written, if something stands at the path (``force`` lets a run folder be replaced),
        or if nothing can be written there.
    """
    with suppress(OSError, ValueError):  # what can't be cleared is said below
        clear(Path(os.path.abspath(path)))
    _refuse_to_overwrite(path, force, schema)
    with ExitStack() as stack:
        try:
            draft = stack.enter_context(draft_folder(Path(os.path.abspath(path))))
        except (OSError, ValueError) as error:
            raise BadFolder(
                f"{path}: can't be written: {getattr(error, 'strerror', None) or error}", "closed"
            ) from None
        yield draft
        _refuse_to_overwrite(path, force, schema)


def _refuse_to_overwrite(path: Path, force: bool, schema: type) -> None:
    """Refuse a place where something stands that may not be replaced: all but a folder that the program wrote."""
    if not os.path.lexists(path):
        return
    if path.is_symlink() or not path.is_dir() or not _wrote(path, schema):
        raise BadFolder(f"{path}: something else than a run folder stands there", "closed")
    if not force:
        raise BadFolder(f"{path}: there is a run already", "taken")
    if strangers := _strangers(path):
        others = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
        kept = f"holds {shown(strangers[0])}{others}, which no run wrote and which would be lost"
        raise BadFolder(f"{path}: {kept}", "shared")


def _wrote(folder: Path, schema: type) -> bool:
    """Whether a folder is of a run or a checkpoint: by its manifest, where that is damaged by the tables beside it."""
    try:
        said = read_json(folder / MANIFEST)
    except BadInput:
        return (folder / MANIFEST).is_file() and any((folder / f"{name}.parquet").is_file() for name in COLUMNS)
    return isinstance(said, dict) and type(said.get("schema")) is schema and "seed" in said


def _strangers(folder: Path) -> list[str]:
    """Name what stands in a run folder beside what the program puts there."""
    known = {MANIFEST, LOCK, *(f"{name}.parquet" for name in COLUMNS)}
    with suppress(BadInput):
        said = read_json(folder / MANIFEST)
        known |= set(said[FILES]) if isinstance(said, dict) and unbroken(said) else set()
    return sorted(
        each.name
        for each in folder.iterdir()
        if not (each.name in known and each.is_file()) and not is_ours(each, PAGE)
    )


def write(folder: Path, frames: Frames, manifest: Mapping[str, Any]) -> None:
    """Write a run's tables and then its manifest, with the hash of each and its own seal, into a folder that is there.

    Raises
    ------
    BadFolder
        If the manifest is larger than what is ever read back.
    """
    hashes = {}
    for name, frame in frames.items():
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        data = buffer.getvalue()  # written by hand: Polars does not say that a disk is full
        (folder / f"{name}.parquet").write_bytes(data)
        hashes[f"{name}.parquet"] = sha256(data)
    text = sealed({**manifest, FILES: hashes})
    check_text(text)
    (folder / MANIFEST).write_bytes(text)


def check_text(text: bytes) -> None:
    """Refuse a manifest that would be too large to be read back.

    Raises
    ------
    BadFolder
        If it is.
    """
    if len(text) > LIMIT:
        size = f"found {len(text) / 1e6:.1f} MB, expected at most {LIMIT / 1e6:g} MB"
        raise BadFolder(f"{MANIFEST}: {size}: its scenario has too many firms for the run to be read back", "large")


def read_manifest(path: Path) -> dict[str, Any]:
    """Read the manifest of a run folder.

    Raises
    ------
    BadInput
        If there is no run folder, it is of another schema, its run did not end, or it was changed after it was written.
    """
    if path.is_file():
        raise BadInput(f"{path}: found a file, expected a run folder; `watersellers run` makes one")
    if not path.is_dir():
        raise BadInput(f"{path}: there is no such folder; `watersellers run` makes one")
    if not os.path.lexists(path / MANIFEST):
        raise BadInput(f"{path}: holds no {MANIFEST}, so it is no run folder, or only a part of one")
    try:
        manifest = read_json(path / MANIFEST)
    except BadInput as error:
        raise BadFolder(str(error), "torn") from None
    if not isinstance(manifest, dict) or not _is_number(manifest.get("schema")):
        raise BadInput(f"{path / MANIFEST}: names no schema, so this is no run folder")
    if manifest["schema"] != SCHEMA:
        raise BadInput(
            f"{path}: schema {shown(manifest['schema'])}, written by version {version_of(manifest)}; this version reads"
            f" schema {SCHEMA}. The manifest holds the scenario and the seed, so the run can be made again"
        )
    if not unbroken(manifest):
        raise BadFolder(f"{path / MANIFEST}: was changed or cut after it was written", "torn")
    problems = list(wrong_in(manifest))
    if problems:
        raise BadFolder(f"{path / MANIFEST}, {problems[0]}", "torn")
    return {key: value for key, value in manifest.items() if key != SEAL}


def version_of(manifest: Mapping[str, Any]) -> str:
    """The version of Water Sellers that wrote a manifest, as far as it says so."""
    found = manifest.get("versions")
    return str(found.get("watersellers", "unknown")) if isinstance(found, dict) else "unknown"


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def read(path: Path) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
    """Read a run folder's tables and its manifest.

    Raises
    ------
    BadInput
        If it is not a whole run folder of the schema that this version reads.
    """
    manifest = read_manifest(path)
    hashes = manifest.pop(FILES)
    return {name: _table(path / f"{name}.parquet", columns, hashes) for name, columns in COLUMNS.items()}, manifest


def _table(file: Path, columns: tuple[str, ...], hashes: Mapping[str, str]) -> pl.DataFrame:
    """Read one table and see that it is the one that was written, and its columns are there."""
    if not os.path.lexists(file):
        raise BadFolder(f"{file}: is missing, so the run folder is not whole", "torn")
    try:
        data = read_bytes(file)
    except BadInput as error:
        raise BadFolder(str(error), "torn") from None
    if sha256(data) != hashes.get(file.name):
        changed = "it was changed, cut, or copied from another run"
        raise BadFolder(f"{file}: is not the table that {MANIFEST} was written with: {changed}", "torn")
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except PolarsError as error:
        reason = str(error).partition("\n")[0]
        raise BadFolder(f"{file}: can't be read as Parquet: {reason}", "torn") from None
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise BadFolder(f"{file}: has no column {missing[0]!r}, so the run folder is not whole", "torn")
    return frame

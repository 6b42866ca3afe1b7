"""The run folder: written whole or not at all, and refused with a sentence if it is damaged."""

import io
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from watersellers.experiments.input.errors import BadFolder, BadInput, refuse, shown
from watersellers.experiments.input.text_files import LIMIT, read_bytes, read_json
from watersellers.experiments.saving.atomic_files import LOCK, clear_leftovers, temporary_folder
from watersellers.experiments.saving.manifest_form import manifest_problems
from watersellers.experiments.saving.output_files import PAGE, has_mark
from watersellers.experiments.saving.provenance import versions
from watersellers.experiments.saving.seal import SEAL, seal_holds, sealed_bytes, sha256
from watersellers.market.accounting.consolidation import CHAIN_COLUMNS
from watersellers.market.accounting.ledger import Journal
from watersellers.market.accounting.statements import MONEY, OPERATIONS

SCHEMA = 6
MANIFEST = "manifest.json"
FILES = "files"  # the manifest's key for the SHA-256 of each table
RATIOS = (
    "profit_over_final_spending",
    "share_of_positive_profit",
    "external_revenue",
    "received",
    "input_share",
    "ceiling_share",
)
LATER = ("quality", "backlog")  # columns that tables of earlier versions lack
CONTRACT = ("seller", "buyer", "backlog", "delivered", "signed", "price", "begins", "ends")
SHOCK = ("sentiment", "breakthroughs", "breakthrough_progress")
OF_POOLS = ("signed", "released", "called", "distributed", "uncalled", "outside", "held")
BELIEF = ("made", "hype", "news")
QUEUES = ("capacity", "backlog", "wait", "used_share")
COLUMNS: dict[str, tuple[str, ...]] = {  # the columns that a table needs; it may have more
    "journal": (*[field.name for field in fields(Journal) if field.name != "price"], "entry", "price_nano"),
    "flows": ("entry", "month", "payer", "payee", "payer_layer", "payee_layer", "good", "quantity", "price", "cents"),
    "balances": ("month", "account", "layer", "item", "counterparty", "cents"),
    "firms": ("month", "firm", "layer", "owner", "region", *(name for name in OPERATIONS if name not in LATER), *MONEY),
    "layers": ("month", "layer", *MONEY, "operating_margin", *RATIOS),
    "owners": ("month", "owner", *MONEY),
    "apps": ("month", "app", "region", "tier", "users", "queries", "tokens", "ads", "trust"),
    "users": ("month", "region"),
    "markets": ("month", "good", "region", "price", "constant_quality_price", "asked", "delivered", *QUEUES),
    "adoption": ("month", "region", "segment", "firms", "depth", "work", "horizon", "tokens_per_hour"),
    "chain": ("month", *CHAIN_COLUMNS),
    "contracts": ("month", *CONTRACT),
    "shocks": ("month", *SHOCK),
    "pools": ("month", "pool", *OF_POOLS, *BELIEF),
    "shadows": ("month", "payer", "payee", "use", "cents", "held"),
    "events": ("month", "what", "who", "text"),
}
ADDED = {  # tables that folders of earlier versions may lack, with their columns
    "contracts": {
        "month": pl.Date,
        **dict.fromkeys(CONTRACT[:2], pl.String),
        **dict.fromkeys(CONTRACT[2:5], pl.Int64),
        "price": pl.Float64,
        **dict.fromkeys(CONTRACT[6:], pl.Date),
    },
    "shocks": {"month": pl.Date, **dict(zip(SHOCK, (pl.Float64, pl.Int64, pl.Float64), strict=True))},
    "pools": {
        "month": pl.Date,
        "pool": pl.String,
        **dict.fromkeys(OF_POOLS, pl.Int64),
        **dict.fromkeys(BELIEF, pl.Float64),
    },
}
type Frames = Mapping[str, pl.DataFrame]


@contextmanager
def new_folder(path: Path, force: bool = False, schema: type = int) -> Iterator[Path]:
    """Yield a temporary folder, which replaces ``path`` when the block ends well, and is removed otherwise.

    ``schema`` is the type of the schema of a folder that it may replace: a number for runs, text for checkpoints.

    Raises
    ------
    BadInput
        Before anything is written, if the path exists (with ``force`` a run folder is replaced), or can't be
        written.
    """
    with suppress(OSError, ValueError):  # what can't be removed is reported below
        clear_leftovers(Path(os.path.abspath(path)))
    _refuse_to_overwrite(path, force, schema)
    with ExitStack() as stack:
        try:
            temporary = stack.enter_context(temporary_folder(Path(os.path.abspath(path))))
        except (OSError, ValueError) as error:
            raise BadFolder(
                f"{path}: can't be written: {getattr(error, 'strerror', None) or error}", "unwritable"
            ) from None
        yield temporary
        _refuse_to_overwrite(path, force, schema)


def _refuse_to_overwrite(path: Path, force: bool, schema: type) -> None:
    """Refuse a path that exists, unless it is a folder of the program and ``force`` allows to replace it."""
    if not os.path.lexists(path):
        return
    if path.is_symlink() or not path.is_dir() or not _wrote(path, schema):
        raise BadFolder(f"{path}: is not a run folder", "unwritable")
    if not force:
        raise BadFolder(f"{path}: holds a run already", "exists")
    if foreign := _foreign_files(path):
        others = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        kept = f"holds {shown(foreign[0])}{others}, which no run wrote and which would be lost"
        raise BadFolder(f"{path}: {kept}", "foreign_files")


def _wrote(folder: Path, schema: type) -> bool:
    """Say whether a folder holds a run or a checkpoint: by its manifest, or if that is damaged, by its tables."""
    try:
        manifest = read_json(folder / MANIFEST)
    except BadInput:
        return (folder / MANIFEST).is_file() and any((folder / f"{name}.parquet").is_file() for name in COLUMNS)
    return isinstance(manifest, dict) and type(manifest.get("schema")) is schema and "seed" in manifest


def _foreign_files(folder: Path) -> list[str]:
    """List the files in a run folder that the program did not write."""
    known = {MANIFEST, LOCK, *(f"{name}.parquet" for name in COLUMNS)}
    with suppress(BadInput):
        manifest = read_json(folder / MANIFEST)
        known |= set(manifest[FILES]) if isinstance(manifest, dict) and seal_holds(manifest) else set()
    return sorted(
        each.name
        for each in folder.iterdir()
        if not (each.name in known and each.is_file()) and not has_mark(each, PAGE)
    )


def write(folder: Path, frames: Frames, manifest: Mapping[str, Any]) -> None:
    """Write a run's tables into an existing folder, and then its manifest with the hash of each table and a seal.

    Raises
    ------
    BadFolder
        If the manifest is too large to be read back.
    """
    hashes = {}
    for name, frame in frames.items():
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        data = buffer.getvalue()  # in memory first: Polars does not report a full disk
        (folder / f"{name}.parquet").write_bytes(data)
        hashes[f"{name}.parquet"] = sha256(data)
    text = sealed_bytes({**manifest, FILES: hashes})
    check_text(text)
    (folder / MANIFEST).write_bytes(text)


def check_text(text: bytes) -> None:
    """Refuse a manifest that would be too large to be read back.

    Raises
    ------
    BadFolder
        If it is too large.
    """
    if len(text) > LIMIT:
        size = f"found {len(text) / 1e6:.1f} MB, expected at most {LIMIT / 1e6:g} MB"
        raise BadFolder(f"{MANIFEST}: {size}: its scenario has too many firms for the run to be read back", "too_large")


def read_manifest(path: Path) -> dict[str, Any]:
    """Read the manifest of a run folder.

    Raises
    ------
    BadInput
        If there is no run folder, it has another schema, its run did not end, or it was changed afterwards.
    """
    if path.is_file():
        raise BadInput(f"{path}: found a file, expected a run folder; `watersellers run` makes one")
    if not path.is_dir():
        raise BadInput(f"{path}: there is no such folder; `watersellers run` makes one")
    if not os.path.lexists(path / MANIFEST):
        raise BadInput(f"{path}: holds no {MANIFEST}, so it is not a whole run folder")
    manifest = _read_json(path / MANIFEST)
    _check_schema(manifest, path)
    if not seal_holds(manifest):
        raise BadFolder(f"{path / MANIFEST}: was changed or cut after it was written", "damaged")
    problems = list(manifest_problems(manifest))
    if problems:
        raise BadFolder(f"{path / MANIFEST}, {problems[0]}", "damaged")
    return {key: value for key, value in manifest.items() if key != SEAL}


def read_loose_manifest(path: Path) -> dict[str, Any]:
    """Read a manifest from its file or its run folder, also one that somebody has changed since it was written.

    Raises
    ------
    BadInput
        If it is torn, has another schema, comes from a later version, or holds what no run writes.
    """
    file = path / MANIFEST if path.is_dir() else path
    if not os.path.lexists(file):
        raise BadInput(f"{file}: there is no such manifest; expected the {MANIFEST} of a run, or its folder")
    manifest = _read_json(file)
    _check_schema(manifest, file)
    if _release(version_of(manifest)) > _release(versions()["watersellers"]):
        ours = f"this is version {versions()['watersellers']}; use that one"
        raise BadInput(f"{file}: was written by the later version {version_of(manifest)}, {ours}")
    refuse(f"{file}, {problem}" for problem in manifest_problems(manifest))
    return manifest


def _release(version: str) -> list[int]:
    """Read the numbers of a version, as 0.2.1; none if it names no version."""
    found = re.match(r"\d+(\.\d+)*", version)
    return [int(part) for part in found[0].split(".")] if found else []


def _read_json(file: Path) -> Any:
    """Read a manifest's file."""
    try:
        return read_json(file)
    except BadInput as error:
        raise BadFolder(str(error), "damaged") from None


def _check_schema(manifest: Any, path: Path) -> None:
    """Refuse what is not the manifest of a run with the schema of this version."""
    if not isinstance(manifest, dict) or not _is_number(manifest.get("schema")):
        place = path / MANIFEST if path.is_dir() else path
        raise BadInput(f"{place}: names no schema, so this is not a run folder")
    if manifest["schema"] != SCHEMA:
        raise BadInput(
            f"{path}: schema {shown(manifest['schema'])}, written by version {version_of(manifest)}; this version reads"
            f" schema {SCHEMA}. The manifest holds the scenario and the seed, so the run can be repeated"
        )


def version_of(manifest: Mapping[str, Any]) -> str:
    """Return the version of Water Sellers that wrote a manifest, if it names one."""
    found = manifest.get("versions")
    return str(found.get("watersellers", "unknown")) if isinstance(found, dict) else "unknown"


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def read(path: Path) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
    """Read a run folder's tables and its manifest.

    Raises
    ------
    BadInput
        If it is not a whole run folder with the schema of this version.
    """
    manifest = read_manifest(path)
    hashes = manifest.pop(FILES)
    kept = {name: columns for name, columns in COLUMNS.items() if name not in ADDED or f"{name}.parquet" in hashes}
    frames = {name: _table(path / f"{name}.parquet", columns, hashes) for name, columns in kept.items()}
    return {name: frames[name] if name in frames else pl.DataFrame(schema=ADDED[name]) for name in COLUMNS}, manifest


def _table(file: Path, columns: tuple[str, ...], hashes: Mapping[str, str]) -> pl.DataFrame:
    """Read one table, and check that it is unchanged and has its columns."""
    if not os.path.lexists(file):
        raise BadFolder(f"{file}: is missing, so the run folder is not whole", "damaged")
    try:
        data = read_bytes(file)
    except BadInput as error:
        raise BadFolder(str(error), "damaged") from None
    if sha256(data) != hashes.get(file.name):
        changed = "it was changed, cut, or copied from another run"
        raise BadFolder(f"{file}: is not the table that {MANIFEST} was written with: {changed}", "damaged")
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except PolarsError as error:
        reason = str(error).partition("\n")[0]
        raise BadFolder(f"{file}: can't be read as Parquet: {reason}", "damaged") from None
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise BadFolder(f"{file}: has no column {missing[0]!r}, so the run folder is not whole", "damaged")
    return frame

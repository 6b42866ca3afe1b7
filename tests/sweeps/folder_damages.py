"""Damages of the files in a sweep folder."""

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from watersellers import Sweep

LOCK, SEATS = "chips.nvidia.lock_in", "apps.seat_elasticity"
VARIED = {LOCK: [0.0, 1.0, 2.0, 3.0], SEATS: [2.0, 2.5, 3.0]}
STUDY = Sweep("plain", VARIED, months=1, users=10, replications=2)
TABLES = ("runs.parquet", "measures.parquet")
FILES = ("study.toml", "scenario.toml", "provenance.json", "design.parquet", *TABLES, "parts")
READERS = (
    ("map", "s", LOCK, SEATS, "calibrated.upstream_share", "--json"),
    ("sensitivity", "s", "--method", "pawn", "--json"),
    ("bands", "s", "--measure", "calibrated.upstream_share", "--json"),
    ("enough", "s", "--json"),
    ("report", "s"),
)


def cut(share: float) -> Callable[[Path], None]:
    def shorten(file: Path) -> None:
        file.write_bytes(file.read_bytes()[: int(share * file.stat().st_size)])

    return shorten


def flipped(seed: int) -> Callable[[Path], None]:
    def flip(file: Path) -> None:
        data, chance = bytearray(file.read_bytes()), random.Random(seed)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        file.write_bytes(data)

    return flip


def other_of(kind: str) -> Callable[[Path], None]:
    """Put the content of another file of the folder in its place."""

    def put(file: Path) -> None:
        root = file.parent.parent if file.parent.name == "parts" else file.parent
        other = next(each for each in sorted(root.glob(f"*{kind}")) if each.name != file.name)
        shutil.copy(other, file)

    return put


def table(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Callable[[Path], None]:
    return lambda file: change(pl.read_parquet(file)).write_parquet(file)


def retyped(frame: pl.DataFrame) -> pl.DataFrame:
    first = frame.columns[0]
    return frame.cast({first: pl.Binary if frame.dtypes[0] == pl.String else pl.Float32})


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


ANY = {
    "missing": Path.unlink,
    "emptied": lambda file: file.write_bytes(b""),
    **{f"cut at {share}": cut(share) for share in (0.1, 0.5, 0.999)},
    **{f"a bit flipped ({seed})": flipped(seed) for seed in range(3)},
    "an other table": other_of(".parquet"),
    "an other text": other_of(".toml"),
    "longer": lambda file: file.write_bytes(file.read_bytes() + b"\n"),
    "a folder": a_folder,
    "a pipe": pipe,
}
OF_TABLES = {
    "a column dropped": table(lambda frame: frame.drop(frame.columns[-1])),
    "a column renamed": table(lambda frame: frame.rename({frame.columns[0]: "id"})),
    "a column retyped": table(retyped),
    "no rows": table(pl.DataFrame.clear),
    "a row less": table(lambda frame: frame[1:]),
}
DAMAGES = [
    pytest.param(name, change, id=f"{name}: {kind}")
    for name in FILES
    for kind, change in (ANY | (OF_TABLES if "parquet" in name or name == "parts" else {})).items()
]


def file_of(folder: Path, name: str) -> Path:
    return min((folder / "parts").glob("*.parquet")) if name == "parts" else folder / name


def same(file: Path, before: bytes) -> bool:
    """Whether a document says what it said before: a line's end more or less is no damage."""
    if file.name != "provenance.json" or not file.is_file():
        return False
    try:
        return json.loads(file.read_bytes()) == json.loads(before)
    except ValueError:
        return False


def there(folder: Path, but: Path) -> dict[str, bytes]:
    """What is in the other files, but for the locks, which are empty."""
    files = [each for each in sorted(folder.rglob("*")) if each.is_file() and each != but]
    return {str(each): data for each in files if (data := each.read_bytes())}

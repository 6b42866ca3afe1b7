"""The provenance of a run: the hash of the model's code, package versions, and the revision of the source."""

import hashlib
import platform
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("watersellers", "mesa", "networkx", "numpy", "polars", "pydantic")


def model_code() -> str:
    """Return the hash of the model's code and data, as they stood on the disk when this process loaded them."""
    return _LOADED


def code_hash(root: Path = ROOT) -> str:
    """Hash everything that decides a run: the rules, the loading of scenarios, their files and the parameter table.

    The same in a checkout and in an installed wheel. Documents do not enter, and line endings make no difference.
    """
    total = hashlib.sha256()
    for file in sorted(_code_files(root), key=lambda file: file.relative_to(root).as_posix()):
        data = file.read_bytes().replace(b"\r\n", b"\n")
        total.update(f"{file.relative_to(root).as_posix()} {len(data)}\n".encode() + data)
    return total.hexdigest()


def _code_files(root: Path) -> Iterator[Path]:
    """Find the files of the rooms that decide a run; hidden ones, as editors leave them, are none of it."""
    for pattern in ("market/**/*.py", "agents/**/*.py", "experiments/**/*.py", "experiments/**/*.c"):
        yield from (file for file in root.glob(pattern) if not file.name.startswith("."))
    yield from (root / "experiments" / "scenarios").glob("[!.]*.toml")
    yield root / "experiments" / "parameters.csv"


_LOADED = code_hash()  # now, while Python loads it: who edits a file later has not changed what runs


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that a run depends on."""
    return dict(_versions())


@cache
def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed as a package"
    return found


def revision() -> str | None:
    """Return the Git revision of the source, with ``-dirty`` if it was changed; None if it is not a checkout."""
    if not (ROOT / ".git").exists():
        return None
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None

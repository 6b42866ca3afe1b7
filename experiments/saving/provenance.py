"""The provenance of a run: the hash of the model's code, package versions, and the revision of the source."""

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {"market": (".py",), "agents": (".py",), "experiments": (".py", ".c")}  # what decides a run in each room
SCENARIOS = "experiments/scenarios"
PACKAGES = ("watersellers", "mesa", "networkx", "numpy", "polars", "pydantic")


def model_code() -> str:
    """Return the hash of the model's code and data, as they stood on the disk when this process loaded them."""
    return _LOADED


def code_hash(root: Path = ROOT) -> str:
    """Hash everything that decides a run: the rules, the loading of scenarios, their files and the parameter table.

    The same in a checkout and in an installed wheel. Documents do not enter, and line endings make no difference.
    """
    total = hashlib.sha256()
    for name in sorted(_code_files(str(root))):
        with open(os.path.join(root, name), "rb", buffering=0) as file:
            data = file.read().replace(b"\r\n", b"\n")
        total.update(f"{name} {len(data)}\n".encode() + data)
    return total.hexdigest()


def _code_files(root: str) -> Iterator[str]:
    """Find the files of the rooms that decide a run, from the root on; hidden ones, as editors leave them, are none.

    Plain texts in place of paths: each process starts with this.
    """
    for room, endings in ROOMS.items():
        for folder, _, files in os.walk(os.path.join(root, room)):
            within = folder[len(root) + 1 :].replace(os.sep, "/")
            ends = (*endings, ".toml") if within == SCENARIOS else endings
            yield from (f"{within}/{file}" for file in files if file.endswith(ends) and not file.startswith("."))
    yield "experiments/parameters.csv"


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

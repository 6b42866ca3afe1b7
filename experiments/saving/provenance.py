"""The provenance of a run: a user's own strategies, package versions, and the revision of the source."""

import hashlib
import inspect
import platform
import subprocess
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("watersellers", "mesa", "networkx", "numpy", "polars", "pydantic")


def provenance(strategy: Any) -> dict[str, Any]:
    """Describe a user's own strategy: its module, name, numbers, and the hash of its source."""
    cls = type(strategy)
    try:
        source: str | None = hashlib.sha256(inspect.getsource(cls).encode()).hexdigest()
    except (OSError, TypeError):  # defined at a prompt, so without a source file
        source = None
    numbers = {name: repr(value) for name, value in asdict(strategy).items()}
    return {"module": cls.__module__, "name": cls.__qualname__, "numbers": numbers, "source_sha256": source}


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

"""The browser files that the lab's page needs: fetched once, checked by checksum, kept in the user's cache folder.

They belong to other projects (a page shell and a module loader, published as packages). Once they are in the cache,
the lab runs without any network.
"""

import csv
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from watersellers.experiments.input.errors import BadInput

CACHE = "WATERSELLERS_CACHE"  # environment variable that names another cache folder
PACK_SECONDS = 120

type Fetch = Callable[[str], bytes]


@dataclass(frozen=True)
class Asset:
    """One file: its package with the version, its path in the package, and its SHA-256 checksum."""

    package: str
    path: str
    sha256: str

    @property
    def cache_path(self) -> str:
        """The path in the cache, by which the page also requests it."""
        return f"{self.package}/{self.path}"


def pinned() -> list[Asset]:
    """List all files that the page may request."""
    text = (files("watersellers.viz.lab.server") / "assets.csv").read_text(encoding="utf-8")
    return [_asset(row["file"], row["sha256"]) for row in csv.DictReader(text.splitlines())]


def _asset(file: str, sha256: str) -> Asset:
    version = file.index("/", file.rindex("@"))
    return Asset(file[:version], file[version + 1 :], sha256)


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder where this user's programs keep files that can be fetched again."""
    if named := environment.get(CACHE):
        return Path(named)
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    elif sys.platform == "win32":
        base = Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "watersellers" / "page"


def missing(folder: Path, wanted: Iterable[Asset]) -> list[Asset]:
    """List the files that are missing from the folder or have a wrong checksum."""
    return [asset for asset in wanted if not _is_intact(folder / asset.cache_path, asset)]


def _is_intact(file: Path, asset: Asset) -> bool:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() == asset.sha256
    except OSError:
        return False


def prepare(folder: Path, sources: Iterable[Callable[[str], Fetch]], wanted: Iterable[Asset] | None = None) -> int:
    """Put every pinned file into the folder, and return how many were fetched.

    Parameters
    ----------
    folder : Path
        The cache.
    sources : iterable of callable
        Each maps a package with its version to a function from a path in it to bytes; tried in order.
    wanted : iterable of Asset, optional
        The files; by default all pinned ones.

    Raises
    ------
    BadInput
        If no source delivers a file, or none delivers the pinned version of it.
    """
    lacking = missing(folder, pinned() if wanted is None else wanted)
    refused: list[str] = []
    for source in sources:
        for package in sorted({asset.package for asset in missing(folder, lacking)}):
            try:
                refused += _take(folder, source(package), [each for each in lacking if each.package == package])
            except OSError as error:
                refused.append(f"{package}: {error}")
    if left := missing(folder, lacking):
        raise BadInput(_cure(folder, left, refused))
    return len(lacking)


def _cure(folder: Path, left: list[Asset], refused: list[str]) -> str:
    """Tell a user without network and cache what to do."""
    why = f" ({refused[0]})" if refused else ""
    return (
        f"{folder}: {len(left)} files of the page are missing and could not be fetched{why}; connect this machine"
        " to the internet once and run: watersellers view --prepare"
    )


def _take(folder: Path, fetch: Fetch, wanted: list[Asset]) -> list[str]:
    """Fetch files of a package, keep those with the right checksum, and return complaints about the others."""
    refused = []
    for asset in wanted:
        data = fetch(asset.path)
        if hashlib.sha256(data).hexdigest() == asset.sha256:
            _keep(folder / asset.cache_path, data)
        else:
            refused.append(f"{asset.cache_path}: not the file that is pinned")
    return refused


def _keep(file: Path, data: bytes) -> None:
    """Write a file completely or not at all, so that two labs may start at the same time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as draft:
        draft.write(data)
    os.replace(draft.name, file)


def from_packages(package: str) -> Fetch:
    """Fetch a package with npm.

    Raises
    ------
    OSError
        If npm is not installed, or cannot fetch the package.
    """
    program = shutil.which("npm")
    if not program:
        raise OSError("npm is not installed")
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "pack", "--silent", package, "--pack-destination", folder]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PACK_SECONDS, check=False, cwd=folder)
        packed = list(Path(folder).glob("*.tgz"))
        if done.returncode or not packed:
            raise OSError(f"npm could not fetch {package}")
        held = packed[0].read_bytes()
    return _unpacked(held)


def _unpacked(packed: bytes) -> Fetch:
    """Read the files of a package in memory; nothing is unpacked onto the disk."""
    contents: dict[str, bytes] = {}
    with tarfile.open(fileobj=BytesIO(packed), mode="r:gz") as archive:
        for member in archive:
            if file := archive.extractfile(member):
                contents[member.name.removeprefix("package/")] = file.read()

    def fetch(path: str) -> bytes:
        """Return one file of the package."""
        if path not in contents:
            raise OSError(f"the package holds no {path}")
        return contents[path]

    return fetch

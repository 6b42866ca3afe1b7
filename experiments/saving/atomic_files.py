"""Atomic writing: a file or folder is written under a temporary name, and renamed only when it is whole.

The writer holds a lock on its temporary file, which the system releases when the process ends, however it ends. So a
later writer of the same path can recognise and remove what a dead process left; a living process keeps its own.
"""

import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PART, OLD = ".part", ".old"  # endings of a temporary name, and of a folder that is being replaced
LOCK = ".lock"  # the file in a temporary folder that its writer locks
MOMENT = 60.0  # seconds in which a new folder gets its lock file
BLINK = 0.1  # seconds in which a new lock file is locked


def temporary_path(path: Path) -> Path:
    """Choose a temporary name for a file or folder: beside it, hidden and unique."""
    return path.with_name(f".{path.name}.{os.getpid()}-{time.monotonic_ns()}{PART}")


def write_atomically(file: Path, data: bytes) -> None:
    """Write a file to the disk whole, or not at all.

    Raises
    ------
    OSError
        If it can't be written; nothing is left of it then.
    """
    temporary = temporary_path(file)
    try:
        with temporary.open("wb") as stream:
            _lock(stream.fileno())
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())  # a power cut may not leave a name without its content
        os.replace(temporary, file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def temporary_folder(path: Path) -> Iterator[Path]:
    """Yield a temporary folder, which replaces ``path`` when the block ends well, and is removed otherwise.

    Raises
    ------
    OSError
        If nothing can be written there.
    """
    made = [each for each in path.parents if not each.exists()]
    temporary = temporary_path(path)
    try:
        clear_leftovers(path)
        temporary.mkdir(parents=True)
        with _holding_lock(temporary):
            yield temporary
            _take_place(temporary, path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        _remove(made)
        raise


def clear_leftovers(path: Path) -> None:
    """Remove half-written files of dead processes; restore what they had moved away."""
    if not path.parent.is_dir():
        return
    # names as ``temporary_path`` makes them
    ours = re.compile(rf"\.{re.escape(path.name)}\.\d+-\d+({re.escape(PART)}|{re.escape(OLD)})")
    for each in [one for one in path.parent.iterdir() if ours.fullmatch(one.name)]:
        if each.suffix == OLD and not each.with_suffix(PART).exists():
            _put_back(each, path)
        elif each.suffix == PART and _abandoned(each):
            _clear(each, path)


def _clear(temporary: Path, path: Path) -> None:
    """Remove a temporary file or folder, and restore what it was about to replace."""
    if temporary.is_dir():
        shutil.rmtree(temporary, ignore_errors=True)
    else:
        temporary.unlink(missing_ok=True)
    if (old := temporary.with_suffix(OLD)).exists():
        _put_back(old, path)


def _put_back(old: Path, path: Path) -> None:
    """Restore a folder that was moved away, or remove it if its replacement is there."""
    if path.exists():
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.replace(path)


def _abandoned(temporary: Path) -> bool:
    """Say whether no process writes a temporary file or folder any more: its lock is free."""
    lock = temporary / LOCK if temporary.is_dir() else temporary
    try:
        handle = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return _older(temporary, MOMENT)
    except OSError:
        return False
    try:
        return _older(lock, BLINK) and _lock(handle)
    finally:
        os.close(handle)


def _older(path: Path, seconds: float) -> bool:
    """Say whether a file or folder is older than so many seconds."""
    try:
        return time.time() - path.stat().st_mtime > seconds
    except OSError:
        return False


def _lock(handle: int) -> bool:
    """Lock a file, and say whether that succeeded; on a system without such locks it never does."""
    try:
        import fcntl
    except ImportError:  # Windows
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def _holding_lock(temporary: Path) -> Iterator[None]:
    """Hold the lock of a temporary folder."""
    handle = os.open(temporary / LOCK, os.O_RDWR | os.O_CREAT, stat.S_IRUSR | stat.S_IWUSR)
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


def _take_place(temporary: Path, path: Path) -> None:
    """Move a finished folder to its path; an old one is removed only afterwards."""
    old = temporary.with_suffix(OLD)
    replaces = path.exists()
    if replaces:
        path.replace(old)
    try:
        temporary.replace(path)
    except BaseException:
        if replaces:
            old.replace(path)
        raise
    (path / LOCK).unlink(missing_ok=True)  # last: until now it shows that a process is writing
    shutil.rmtree(old, ignore_errors=True)


def _remove(folders: list[Path]) -> None:
    """Remove new parent folders, innermost first, as long as they are empty."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return

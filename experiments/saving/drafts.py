"""Drafts: what is being written stands under another name until it is whole, and only then takes its place.

Whoever writes a draft holds a lock on it, which the system lets go of when the process ends, however it ends. So a
later writer of the same place can tell the draft of a dead process, and clears it; that of a living one stays.
"""

import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DRAFT, OLD = ".part", ".old"  # what a draft's name ends in, and that of a folder which makes way for one
LOCK = ".lock"  # the file in a draft folder that its writer holds
MOMENT = 60.0  # seconds in which a folder that was just made gets its lock
BLINK = 0.1  # seconds in which a lock that was just made is held


def named(place: Path) -> Path:
    """Name a new draft of a file or folder: beside it, hidden, and of nobody else's name."""
    return place.with_name(f".{place.name}.{os.getpid()}-{time.monotonic_ns()}{DRAFT}")


def write_whole(file: Path, data: bytes) -> None:
    """Put a file in its place, on the disk and whole, or not at all.

    Raises
    ------
    OSError
        If it can't be written; nothing of it is left then.
    """
    draft = named(file)
    try:
        with draft.open("wb") as stream:
            _locked(stream.fileno())
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())  # a power cut may not leave a name without its content
        os.replace(draft, file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def draft_folder(place: Path) -> Iterator[Path]:
    """Give a folder to write into, which takes the place of what stands there when the block ends well, else is gone.

    Raises
    ------
    OSError
        If nothing can be written there.
    """
    made = [each for each in place.parents if not each.exists()]
    draft = named(place)
    try:
        clear(place)
        draft.mkdir(parents=True)
        with _held(draft):
            yield draft
            _take_place(draft, place)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        _remove(made)
        raise


def clear(place: Path) -> None:
    """Clear what dead processes left of a file or folder half written; what they had moved away is put back."""
    if not place.parent.is_dir():
        return
    ours = re.compile(rf"\.{re.escape(place.name)}\.\d+-\d+({re.escape(DRAFT)}|{re.escape(OLD)})")  # as ``named`` does
    for each in [one for one in place.parent.iterdir() if ours.fullmatch(one.name)]:
        if each.suffix == OLD and not each.with_suffix(DRAFT).exists():
            _put_back(each, place)
        elif each.suffix == DRAFT and _abandoned(each):
            _clear(each, place)


def _clear(draft: Path, place: Path) -> None:
    """Remove a draft, and bring back what had made way for it."""
    if draft.is_dir():
        shutil.rmtree(draft, ignore_errors=True)
    else:
        draft.unlink(missing_ok=True)
    if (old := draft.with_suffix(OLD)).exists():
        _put_back(old, place)


def _put_back(old: Path, place: Path) -> None:
    """Bring back a folder that had made way for one that never came, or remove it where that one came."""
    if place.exists():
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.replace(place)


def _abandoned(draft: Path) -> bool:
    """Whether nobody writes a draft any more: its lock is free."""
    lock = draft / LOCK if draft.is_dir() else draft
    try:
        handle = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return _older(draft, MOMENT)
    except OSError:
        return False
    try:
        return _older(lock, BLINK) and _locked(handle)
    finally:
        os.close(handle)


def _older(place: Path, seconds: float) -> bool:
    """Whether a file or folder is no longer one that was just made."""
    try:
        return time.time() - place.stat().st_mtime > seconds
    except OSError:
        return False


def _locked(handle: int) -> bool:
    """Lock a file, if nobody holds it; on a system without such locks no draft is taken for a dead process's."""
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
def _held(draft: Path) -> Iterator[None]:
    """Hold the lock of a draft folder."""
    handle = os.open(draft / LOCK, os.O_RDWR | os.O_CREAT, stat.S_IRUSR | stat.S_IWUSR)
    try:
        _locked(handle)
        yield
    finally:
        os.close(handle)


def _take_place(draft: Path, place: Path) -> None:
    """Move a finished folder to its place; what stands there goes only when the new one is in place."""
    old = draft.with_suffix(OLD)
    replaces = place.exists()
    if replaces:
        place.replace(old)
    try:
        draft.replace(place)
    except BaseException:
        if replaces:
            old.replace(place)
        raise
    (place / LOCK).unlink(missing_ok=True)  # the last: as long as it is a draft, everybody can see whose
    shutil.rmtree(old, ignore_errors=True)


def _remove(folders: list[Path]) -> None:
    """Remove folders that were made on the way, innermost first, as far as nobody else put anything into them."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return

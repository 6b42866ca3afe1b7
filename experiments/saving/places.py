"""Files that the program writes where a user says: each carries a mark, and nothing without it is ever replaced.

A place is checked before any work: that what stands there is ours or nothing, and that a file can be written there.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from watersellers.experiments.errors import BadInput
from watersellers.experiments.saving.drafts import clear, named, write_whole

HEAD = 4096  # bytes of a file among which its mark stands


@dataclass(frozen=True)
class Kind:
    """A kind of file that the program writes: what sentences call it, and the mark near its beginning."""

    title: str
    mark: str


PAGE = Kind("a page", '<meta name="generator" content="watersellers"/>')
PICTURE = Kind("a picture", "<!-- made by watersellers -->")


def check_place(file: Path, kind: Kind, option: str = "--out") -> Path:
    """See that a file may and can be written at a place; nothing is left there.

    Parameters
    ----------
    file : Path
        The place.
    kind : Kind
        What is to stand there.
    option : str
        By which word of the command line another place is named.

    Raises
    ------
    BadInput
        If something stands there that the program did not write, or nothing can be written.
    """
    cure = f"name another file with {option}"
    if os.path.lexists(file) and (found := _found(file, kind)):
        raise BadInput(f"{file}: found {found}, expected nothing, or {kind.title} that watersellers wrote; {cure}")
    trial = named(Path(os.path.abspath(file)))
    try:
        trial.open("xb").close()
        trial.unlink()
    except (OSError, ValueError) as error:
        raise BadInput(f"{file}: can't be written: {getattr(error, 'strerror', None) or error}; {cure}") from None
    return file


def check_folder(folder: Path, files: Iterable[str], kind: Kind, option: str = "--out") -> Path:
    """See that files of a kind may and can be written into a folder, which need not be there yet.

    Raises
    ------
    BadInput
        If something else than a folder stands there, or one of the files may not be replaced or written.
    """
    if folder.is_dir():
        for name in files:
            check_place(folder / name, kind, option)
        return folder
    if os.path.lexists(folder):
        raise BadInput(f"{folder}: found a file, expected a folder or nothing; name another place with {option}")
    above = next(each for each in Path(os.path.abspath(folder)).parents if os.path.lexists(each))
    if not above.is_dir():
        raise BadInput(f"{folder}: {above} is a file, expected a folder; name another place with {option}")
    check_place(above / f".{os.getpid()}-trial", kind, option)
    return folder


def write_file(text: str, file: Path, kind: Kind, option: str = "--out") -> Path:
    """Write a file of a kind, whole or not at all, after a look at what stands there.

    Raises
    ------
    BadInput
        As ``check_place``.
    OSError
        If the disk is full or fails.
    """
    place = Path(os.path.abspath(check_place(file, kind, option)))
    clear(place)
    write_whole(place, text.encode("utf-8", "backslashreplace"))
    return file


def is_ours(file: Path, kind: Kind) -> bool:
    """Whether a regular file carries the mark of its kind."""
    if file.is_symlink() or not file.is_file():
        return False
    with file.open("rb") as stream:
        return kind.mark.encode() in stream.read(HEAD)


def _found(file: Path, kind: Kind) -> str:
    """Say what stands at a place, if it may not be replaced."""
    if file.is_symlink():
        return "a link"
    if file.is_dir():
        return "a folder"
    if not file.is_file():
        return "something that is no regular file"
    try:
        return "" if is_ours(file, kind) else f"a file without the mark of {kind.title} of ours"
    except OSError as error:
        return f"a file that can't be read ({error.strerror})"

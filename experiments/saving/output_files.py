"""Output files at paths that a user chooses: each carries a mark, and a file without one is never replaced.

A path is checked before any work: it is free or holds a file of the program, and it can be written.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from watersellers.experiments.input.errors import BadInput, shown
from watersellers.experiments.saving.atomic_files import clear_leftovers, temporary_path, write_atomically

HEAD = 4096  # bytes at the start of a file that contain its mark


@dataclass(frozen=True)
class OutputKind:
    """A kind of file that the program writes: its name in sentences, the mark near its beginning, and its endings."""

    title: str
    mark: str
    endings: tuple[str, ...]


PAGE = OutputKind("a page", '<meta name="generator" content="watersellers"/>', (".html", ".htm"))
EXAMPLE = OutputKind("a module", "def __call__(self, seen, chance)", (".py",))
PICTURE = OutputKind("a picture", "<!-- made by watersellers -->", (".svg",))


def check_output(file: Path, kind: OutputKind, option: str = "--out") -> Path:
    """Check that a file may and can be written to a path; nothing is left there.

    Parameters
    ----------
    file : Path
        The path of the file.
    kind : OutputKind
        The kind of file to write.
    option : str
        The option of the command line that chooses another path.

    Raises
    ------
    BadInput
        If the path has another ending than files of the kind, holds something that the program did not write, or can't
        be written.
    """
    cure = f"choose another file with {option}"
    if os.path.lexists(file) and (found := _obstacle(file, kind)):
        raise BadInput(f"{file}: found {found}, expected nothing, or {kind.title} that watersellers wrote; {cure}")
    if file.suffix.lower() not in kind.endings:
        expected = f"{kind.endings[0]} for {kind.title}"
        raise BadInput(f"{file}: found the ending {shown(file.suffix)}, expected {expected}; {cure}")
    trial = temporary_path(Path(os.path.abspath(file)))
    try:
        trial.open("xb").close()
        trial.unlink()
    except (OSError, ValueError) as error:
        raise BadInput(f"{file}: can't be written: {getattr(error, 'strerror', None) or error}; {cure}") from None
    return file


def check_folder(folder: Path, files: Iterable[str], kind: OutputKind, option: str = "--out") -> Path:
    """Check that files of a kind may and can be written into a folder, which need not exist yet.

    Raises
    ------
    BadInput
        If the path is not a folder, or one of the files may not be replaced or can't be written.
    """
    if folder.is_dir():
        for name in files:
            check_output(folder / name, kind, option)
        return folder
    if os.path.lexists(folder):
        raise BadInput(f"{folder}: found a file, expected a folder or nothing; choose another path with {option}")
    above = next(each for each in Path(os.path.abspath(folder)).parents if os.path.lexists(each))
    if not above.is_dir():
        raise BadInput(f"{folder}: {above} is a file, expected a folder; choose another path with {option}")
    check_output(above / f".{os.getpid()}-trial{kind.endings[0]}", kind, option)
    return folder


def write_file(text: str, file: Path, kind: OutputKind, option: str = "--out") -> Path:
    """Write a file of a kind, whole or not at all, after a check of its path.

    Raises
    ------
    BadInput
        As ``check_output``.
    OSError
        If the disk is full or fails.
    """
    path = Path(os.path.abspath(check_output(file, kind, option)))
    clear_leftovers(path)
    write_atomically(path, text.encode("utf-8", "backslashreplace"))
    return file


def write_new(text: str, file: Path, kind: OutputKind, option: str = "--out") -> Path:
    """Write a file that its user goes on with, and replace none, not even one that the program wrote.

    Raises
    ------
    BadInput
        As ``check_output``, and if anything stands there.
    """
    if os.path.lexists(file):
        raise BadInput(f"{file}: exists already, and you may have changed it; choose another file with {option}")
    return write_file(text, file, kind, option)


def has_mark(file: Path, kind: OutputKind) -> bool:
    """Say whether a regular file carries the mark of its kind."""
    if file.is_symlink() or not file.is_file():
        return False
    with file.open("rb") as stream:
        return kind.mark.encode() in stream.read(HEAD)


def _obstacle(file: Path, kind: OutputKind) -> str:
    """Describe what is at a path, if it may not be replaced; else an empty text."""
    if file.is_symlink():
        return "a link"
    if file.is_dir():
        return "a folder"
    if not file.is_file():
        return "something that is no regular file"
    try:
        return "" if has_mark(file, kind) else f"a file without the mark of {kind.title} from watersellers"
    except OSError as error:
        return f"a file that can't be read ({error.strerror})"

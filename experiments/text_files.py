"""Read the files that a user gives: regular files of at most 10 MB of text, and nothing else.

A pipe would keep the reader waiting, a device would fill the memory, and a folder is no text: none of them is opened
for reading. All text that the program reads comes through here, so that each refusal is said once.
"""

import codecs
import csv
import json
import os
import re
import stat
import tomllib
from io import StringIO
from pathlib import Path
from typing import Any

from experiments.errors import BadInput

LIMIT = 10_000_000  # bytes of text
DEEPEST = 40  # tables and lists in one another; a scenario needs five
LONGEST_NUMBER = 300  # digits; the largest number that a computer's floating point holds has 309
HUGE = (10**LONGEST_NUMBER).bit_length()
KINDS = (  # what else than a regular file may stand at a path
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NO_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def read_bytes(path: Path, most: int | None = None, cure: str = "") -> bytes:
    """Read a regular file.

    Parameters
    ----------
    path : Path
        Where it stands.
    most : int, optional
        Bytes that it may have; any number if None, for tables that the program wrote itself.
    cure : str
        What to do where there is no such file.

    Raises
    ------
    BadInput
        If there is none, it is no regular file, is too large, or can't be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | NO_WAITING)
    except FileNotFoundError:
        raise BadInput(f"{path}: there is no such file{f'; {cure}' if cure else ''}") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: can't be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            found = next((name for fits, name in KINDS if fits(mode)), "something else")
            raise BadInput(f"{path}: found {found}, expected a regular file")
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read() if most is None else file.read(most + 1)
    except OSError as error:
        raise BadInput(f"{path}: can't be read: {error.strerror}") from None
    finally:
        os.close(handle)
    if most is not None and len(data) > most:
        raise BadInput(f"{path}: found more than {most / 1e6:g} MB, expected at most that much text")
    return data


def read_text(path: Path, cure: str = "") -> str:
    """Read a text file in UTF-8, with or without a mark at its beginning.

    Raises
    ------
    BadInput
        As ``read_bytes``, and if it is not in UTF-8: with the line and the byte.
    """
    data = read_bytes(path, LIMIT, cure)
    if data.startswith(UTF16):
        write = "in PowerShell, `... | Out-File -Encoding utf8 FILE` writes it so, where `>` may write UTF-16"
        raise BadInput(f"{path}: found text in UTF-16, expected UTF-8; save it as UTF-8 ({write})")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, byte = data.count(b"\n", 0, error.start) + 1, data[error.start]
        raise BadInput(f"{path}, line {line}: found the byte 0x{byte:02x}, expected UTF-8; save it as UTF-8") from None
    if (at := text.find("\0")) >= 0:
        raise BadInput(f"{path}, line {text.count(chr(10), 0, at) + 1}: found a NUL character, expected text")
    return text.replace("\r\n", "\n")


def read_toml(path: Path, cure: str = "") -> dict[str, Any]:
    """Read a TOML file; see ``read_text`` and ``parse_toml``."""
    return parse_toml(read_text(path, cure), str(path))


def parse_toml(text: str, label: str) -> dict[str, Any]:
    """Parse TOML; ``label`` is what sentences call its file.

    Raises
    ------
    BadInput
        If it does not parse, with the line; or nests too deeply, or has a number of too many digits.
    """
    try:
        doc = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"line {line[1]}" if line else "at its end"
        raise BadInput(f"{label}, {where}: does not parse as TOML: {error}") from None
    except (RecursionError, ValueError):
        raise BadInput(_unreadable(text, label)) from None
    if _unusable(doc):
        raise BadInput(_unreadable(text, label))
    return doc


def read_json(path: Path, cure: str = "") -> Any:
    """Read a JSON file; see ``read_text``.

    Raises
    ------
    BadInput
        If it does not parse, nests too deeply, or has a number of too many digits.
    """
    text = read_text(path, cure)
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"{path}, line {error.lineno}: does not parse as JSON: {error.msg}") from None
    except (RecursionError, ValueError):
        raise BadInput(_unreadable(text, str(path))) from None
    if _unusable(found):
        raise BadInput(_unreadable(text, str(path)))
    return found


def read_csv(path: Path, cure: str = "") -> tuple[list[str], list[dict[str, str]]]:
    """Read a CSV table: its header, and a row for each line under it, with as many cells as the header.

    Raises
    ------
    BadInput
        As ``read_text``; and if the table has no header, names a column twice, or has a line with more or fewer cells.
    """
    reader = csv.reader(StringIO(read_text(path, cure), newline=""), strict=True)
    rows: list[dict[str, str]] = []
    try:
        header = next(reader, [])
        if not any(header):
            raise BadInput(f"{path}, line 1: found no header, expected the names of the columns")
        for name in header:
            if header.count(name) > 1:
                raise BadInput(f"{path}, line 1: names the column {name!r} twice; each needs a name of its own")
        for cells in reader:
            if cells and len(cells) != len(header):
                found = f"found {len(cells)} cells, expected {len(header)}, as many as the header has"
                raise BadInput(f"{path}, line {reader.line_num}: {found}; put text with commas in quotes")
            if cells:
                rows.append(dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise BadInput(f"{path}, line {reader.line_num}: does not parse as CSV: {error}") from None
    return header, rows


def _unusable(value: Any) -> bool:
    """Say whether tables and lists lie too deeply in one another, or a whole number is larger than any number."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(DEEPEST):
        inner = [each for outer in level for each in (outer.values() if isinstance(outer, dict) else outer)]
        if any(isinstance(each, int) and each.bit_length() > HUGE for each in inner):
            return True
        level = [each for each in inner if isinstance(each, dict | list)]
        if not level:
            return False
    return True


def _unreadable(text: str, label: str) -> str:
    """Say of a text that no parser takes whether a number or the nesting is at fault."""
    if number := re.search(rf"(?<![\w\"'])[+-]?[0-9][0-9_]{{{LONGEST_NUMBER},}}", text):
        line, digits = text.count("\n", 0, number.start()) + 1, len(number[0])
        return f"{label}, line {line}: found a number of {digits} digits, expected at most {LONGEST_NUMBER}"
    return f"{label}: found more than {DEEPEST} tables or lists in one another, expected fewer"

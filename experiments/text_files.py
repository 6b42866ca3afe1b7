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
from collections.abc import Iterator
from io import StringIO
from math import log10
from pathlib import Path
from typing import Any

from watersellers.experiments.errors import LONGEST, BadInput, shown, word

LIMIT = 10_000_000  # bytes of text
DEEPEST = 40  # tables and lists in one another; a scenario needs five
LONGEST_NUMBER = 300  # digits; the largest number that a computer's floating point holds has 309
LONGEST_PATH = 500  # characters of a file's path that a sentence shows
LONGEST_REASON = 200  # characters of a parser's sentence
NAMED = 6  # keys by which a place is called
TOO_DEEP = f"found more than {DEEPEST} tables or lists in one another, expected fewer"
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


def called(path: Path) -> str:
    """Write a path on one line, whatever letters are in its names; its end is cut off where nobody would read it."""
    found = str(path)
    found = found if len(found) <= LONGEST_PATH else f"{found[:LONGEST_PATH]}..."
    return found if found.isprintable() else repr(found)[1:-1]


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
        raise BadInput(f"{called(path)}: there is no such file{f'; {cure}' if cure else ''}") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{called(path)}: can't be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            found = next((name for fits, name in KINDS if fits(mode)), "something else")
            raise BadInput(f"{called(path)}: found {found}, expected a regular file")
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read() if most is None else file.read(most + 1)
    except OSError as error:
        raise BadInput(f"{called(path)}: can't be read: {error.strerror}") from None
    finally:
        os.close(handle)
    if most is not None and len(data) > most:
        raise BadInput(f"{called(path)}: found more than {most / 1e6:g} MB, expected at most that much text")
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
        raise BadInput(f"{called(path)}: found text in UTF-16, expected UTF-8; save it as UTF-8 ({write})")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, byte = data.count(b"\n", 0, error.start) + 1, data[error.start]
        found = f"found the byte 0x{byte:02x}, expected UTF-8; save it as UTF-8"
        raise BadInput(f"{called(path)}, line {line}: {found}") from None
    if (at := text.find("\0")) >= 0:
        line = text.count("\n", 0, at) + 1
        raise BadInput(f"{called(path)}, line {line}: found a NUL character, expected text in UTF-8, and no UTF-16")
    return text.replace("\r\n", "\n")


def read_toml(path: Path, cure: str = "") -> dict[str, Any]:
    """Read a TOML file; see ``read_text`` and ``parse_toml``."""
    return parse_toml(read_text(path, cure), called(path))


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
        raise BadInput(f"{label}, {_stopped(text, str(error))}") from None
    except (RecursionError, ValueError):
        raise BadInput(f"{label}, {_unreadable(text)}") from None
    if said := _unusable(doc):
        raise BadInput(f"{label}, {said}")
    return doc


def _stopped(text: str, reason: str) -> str:
    """Say at which line the parser of TOML stopped, why, and what stands there."""
    reason = reason if len(reason) <= LONGEST_REASON else f"{reason[:LONGEST_REASON]}..."
    line = re.search(r"at line (\d+)", reason)
    where = f"line {line[1]}" if line else "at its end"
    there = text.split("\n")[int(line[1]) - 1] if line else text.rstrip().rpartition("\n")[2]
    return f"{where}: does not parse as TOML: {reason}; found {shown(there.strip())}"


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
        raise BadInput(f"{called(path)}, line {error.lineno}: does not parse as JSON: {error.msg}") from None
    except (RecursionError, ValueError):
        raise BadInput(f"{called(path)}, {_unreadable(text)}") from None
    if said := _unusable(found):
        raise BadInput(f"{called(path)}, {said}")
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
            raise BadInput(f"{called(path)}, line 1: found no header, expected the names of the columns")
        for name in header:
            if header.count(name) > 1:
                raise BadInput(f"{called(path)}, line 1: names the column {name!r} twice; each needs a name of its own")
        for cells in reader:
            if cells and len(cells) != len(header):
                found = f"found {len(cells)} cells, expected {len(header)}, as many as the header has"
                raise BadInput(f"{called(path)}, line {reader.line_num}: {found}; put text with commas in quotes")
            if cells:
                rows.append(dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise BadInput(f"{called(path)}, line {reader.line_num}: does not parse as CSV: {error}") from None
    return header, rows


def _unusable(doc: Any) -> str:
    """Say where tables and lists lie too deeply in one another, or a whole number is too large; nothing otherwise."""
    if _sound(doc):
        return ""
    level: list[tuple[str, Any]] = [("", doc)]
    for _ in range(DEEPEST):
        inner = [each for place, outer in level for each in _inside(place, outer)]
        for place, value in inner:
            if isinstance(value, int) and value.bit_length() > HUGE:
                return f"{place}: {_too_long(_digits(value))}"
        level = [(place, value) for place, value in inner if isinstance(value, dict | list)]
        if not level:
            return ""
    return f"{level[0][0]}: {TOO_DEEP}"


def _sound(doc: Any) -> bool:
    """Whether nothing is too deep or too large: as good as always, and found quickly."""
    level = [doc] if isinstance(doc, dict | list) else []
    for _ in range(DEEPEST):
        inner = [each for outer in level for each in (outer.values() if isinstance(outer, dict) else outer)]
        if any(type(each) is int and each.bit_length() > HUGE for each in inner):
            return False
        level = [each for each in inner if type(each) in (dict, list)]
        if not level:
            return True
    return False


def _inside(place: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Give what a table or a list holds, with its place; of one far below, the keys above it are its place."""
    if isinstance(value, list):
        for number, each in enumerate(value, start=1):
            yield (f"{place} {number}" if isinstance(each, dict) else place), each
    elif isinstance(value, dict):
        for key, each in value.items():
            named = word(key) if len(key) <= LONGEST else f"{word(key[:LONGEST])}..."
            yield (place if place.count(".") >= NAMED - 1 else f"{place}.{named}" if place else named), each


def _digits(number: int) -> int:
    """Count the digits of a number that may have too many to be written."""
    digits = int(number.bit_length() * log10(2))
    return digits + (abs(number) >= 10**digits)


def _too_long(digits: int) -> str:
    return f"found a number of {digits} digits, expected at most {LONGEST_NUMBER}"


def _unreadable(text: str) -> str:
    """Say of a text that no parser takes at which line a number has too many digits, or the nesting is too deep."""
    if number := re.search(rf"(?<![\w\"'])[+-]?[0-9][0-9_]{{{LONGEST_NUMBER},}}", text):
        line, digits = text.count("\n", 0, number.start()) + 1, sum(sign.isdigit() for sign in number[0])
        return f"line {line}: {_too_long(digits)}"
    depth = 0
    for line, found in enumerate(text.split("\n"), start=1):
        depth += sum((sign in "[{") - (sign in "]}") for sign in found)
        if depth > DEEPEST or found.count("[") + found.count("{") > DEEPEST:
            return f"line {line}: {TOO_DEEP}"
    return f"at its end: {TOO_DEEP}"

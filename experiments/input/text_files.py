"""Read text files of users: regular files of at most 10 MB, and nothing else.

A pipe would keep the reader waiting, a device could fill the memory, and a folder is not text: none of them is opened
for reading. All text that the program reads comes through this module, so each refusal is written once.
"""

import codecs
import csv
import json
import os
import re
import stat
import tomllib
from collections.abc import Iterator, Sequence
from io import StringIO
from math import log10
from pathlib import Path
from typing import Any

from watersellers.experiments.input.errors import LONGEST, BadInput, on_one_line, shown

LIMIT = 10_000_000  # bytes of text
DEEPEST = 40  # levels of nested tables and lists; a scenario needs five
LONGEST_NUMBER = 300  # digits; the largest number that a computer's floating point holds has 309
LONGEST_PATH = 500  # characters of a file's path that a sentence shows
LONGEST_REASON = 200  # characters of a parser's sentence
KEYS_NAMED = 6  # keys of a place that a sentence names
TOO_DEEP = f"found more than {DEEPEST} nested tables or lists, expected fewer"
HUGE = (10**LONGEST_NUMBER).bit_length()
KINDS = (  # what may stand at a path instead of a regular file
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NO_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def path_text(path: Path) -> str:
    """Write a path on one line, whatever characters it contains; a very long one is cut off."""
    found = str(path)
    found = found if len(found) <= LONGEST_PATH else f"{found[:LONGEST_PATH]}..."
    return found if found.isprintable() else repr(found)[1:-1]


def read_bytes(path: Path, most: int | None = None, cure: str = "") -> bytes:
    """Read a regular file.

    Parameters
    ----------
    path : Path
        The file.
    most : int, optional
        Maximum size in bytes; unlimited if None, for tables that the program wrote itself.
    cure : str
        What the user can do if there is no such file.

    Raises
    ------
    BadInput
        If the file is missing, not regular, too large, or can't be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | NO_WAITING)
    except FileNotFoundError:
        raise BadInput(f"{path_text(path)}: there is no such file{f'; {cure}' if cure else ''}") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{path_text(path)}: can't be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            found = next((name for fits, name in KINDS if fits(mode)), "something else")
            raise BadInput(f"{path_text(path)}: found {found}, expected a regular file")
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read() if most is None else file.read(most + 1)
    except OSError as error:
        raise BadInput(f"{path_text(path)}: can't be read: {error.strerror}") from None
    finally:
        os.close(handle)
    if most is not None and len(data) > most:
        raise BadInput(f"{path_text(path)}: found more than {most / 1e6:g} MB, expected at most that much text")
    return data


def read_text(path: Path, cure: str = "") -> str:
    """Read a text file in UTF-8, with or without a byte order mark.

    Raises
    ------
    BadInput
        As ``read_bytes``; and if it is not in UTF-8, with the line and the byte.
    """
    data = read_bytes(path, LIMIT, cure)
    if data.startswith(UTF16):
        write = "in PowerShell, `... | Out-File -Encoding utf8 FILE` writes it so, where `>` may write UTF-16"
        raise BadInput(f"{path_text(path)}: found text in UTF-16, expected UTF-8; save it as UTF-8 ({write})")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, byte = data.count(b"\n", 0, error.start) + 1, data[error.start]
        found = f"found the byte 0x{byte:02x}, expected UTF-8; save it as UTF-8"
        raise BadInput(f"{path_text(path)}, line {line}: {found}") from None
    if (at := text.find("\0")) >= 0:
        line = text.count("\n", 0, at) + 1
        raise BadInput(f"{path_text(path)}, line {line}: found a NUL character, expected text in UTF-8, not UTF-16")
    return text.replace("\r\n", "\n")


def read_toml(path: Path, cure: str = "") -> dict[str, Any]:
    """Read a TOML file; see ``read_text`` and ``parse_toml``."""
    return parse_toml(read_text(path, cure), path_text(path))


def parse_toml(text: str, label: str) -> dict[str, Any]:
    """Parse TOML; ``label`` names its file in sentences.

    Raises
    ------
    BadInput
        If it does not parse (with the line), is nested too deeply, or has a number of too many digits.
    """
    try:
        doc = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{label}, {_parse_error(text, str(error))}") from None
    except (RecursionError, ValueError):
        raise BadInput(f"{label}, {_unreadable(text)}") from None
    if problem := _beyond_limits(doc):
        raise BadInput(f"{label}, {problem}")
    return doc


def _parse_error(text: str, reason: str) -> str:
    """Say at which line the TOML parser stopped, why, and what is written there."""
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
        If it does not parse, names a key of one object twice, is nested too deeply, or has a number of too many digits.
    """
    text = read_text(path, cure)
    try:
        found = json.loads(text, object_pairs_hook=_each_key_once)
    except _KeyTwice as error:
        raise BadInput(
            f"{path_text(path)}: names the key {shown(error.args[0])} twice; each needs its own name"
        ) from None
    except json.JSONDecodeError as error:
        raise BadInput(f"{path_text(path)}, line {error.lineno}: does not parse as JSON: {error.msg}") from None
    except (RecursionError, ValueError):
        raise BadInput(f"{path_text(path)}, {_unreadable(text)}") from None
    if problem := _beyond_limits(found):
        raise BadInput(f"{path_text(path)}, {problem}")
    return found


class _KeyTwice(Exception):
    """A JSON object names a key twice."""


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make the table of a JSON object, in which a later value of the same key would replace an earlier one unseen."""
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _KeyTwice(next(key for key in keys if keys.count(key) > 1))
    return table


def read_csv(path: Path, cure: str = "") -> tuple[list[str], list[dict[str, str]]]:
    """Read a CSV table: its header, and a row of as many cells for each line below.

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
            raise BadInput(f"{path_text(path)}, line 1: found no header, expected the names of the columns")
        if named := [name for name in header if header.count(name) > 1]:
            places = [str(number) for number, name in enumerate(header, start=1) if name == named[0]]
            found = f"names the column {named[0]!r} twice, in columns {', '.join(places[:-1])} and {places[-1]}"
            raise BadInput(f"{path_text(path)}, line 1: {found}; each needs its own name")
        for cells in reader:
            if cells and len(cells) != len(header):
                found = f"found {len(cells)} cells, expected {len(header)}, as many as the header has"
                raise BadInput(f"{path_text(path)}, line {reader.line_num}: {found}; put text with commas in quotes")
            if cells:
                rows.append(dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise BadInput(f"{path_text(path)}, line {reader.line_num}: does not parse as CSV: {error}") from None
    return header, rows


def rows_named_twice(label: str, names: Sequence[str]) -> Iterator[str]:
    """Yield a sentence for each row of a table, from line 2 on, whose name an earlier row has."""
    first: dict[str, int] = {}
    for line, name in enumerate(names, start=2):
        if name in first:
            yield f"{label}, line {line}: is of {shown(name)}, as line {first[name]} is; each has one row"
        first.setdefault(name, line)


def _beyond_limits(doc: Any) -> str:
    """Say where nesting is too deep or a whole number too large; an empty text if nowhere."""
    if _within_limits(doc):
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


def _within_limits(doc: Any) -> bool:
    """Whether no nesting is too deep and no number too large: a quick check that almost every file passes."""
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
    """Yield the contents of a table or list with their places; deep ones share the place of the keys above them."""
    if isinstance(value, list):
        for number, each in enumerate(value, start=1):
            yield (f"{place} {number}" if isinstance(each, dict) else place), each
    elif isinstance(value, dict):
        for key, each in value.items():
            named = on_one_line(key) if len(key) <= LONGEST else f"{on_one_line(key[:LONGEST])}..."
            yield (place if place.count(".") >= KEYS_NAMED - 1 else f"{place}.{named}" if place else named), each


def _digits(number: int) -> int:
    """Count the digits of a number that may be too long to write."""
    digits = int(number.bit_length() * log10(2))
    return digits + (abs(number) >= 10**digits)


def _too_long(digits: int) -> str:
    return f"found a number of {digits} digits, expected at most {LONGEST_NUMBER}"


def _unreadable(text: str) -> str:
    """Say at which line of an unreadable text a number has too many digits or the nesting is too deep."""
    if number := re.search(rf"(?<![\w\"'])[+-]?[0-9][0-9_]{{{LONGEST_NUMBER},}}", text):
        line, digits = text.count("\n", 0, number.start()) + 1, sum(sign.isdigit() for sign in number[0])
        return f"line {line}: {_too_long(digits)}"
    depth = 0
    for line, found in enumerate(text.split("\n"), start=1):
        depth += sum((sign in "[{") - (sign in "]}") for sign in found)
        if depth > DEEPEST or found.count("[") + found.count("{") > DEEPEST:
            return f"line {line}: {TOO_DEEP}"
    return f"at its end: {TOO_DEEP}"

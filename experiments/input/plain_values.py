"""Plain values: copy nested mappings from a script, refusing everything else, and copy facts for JSON."""

from ast import literal_eval
from collections.abc import Mapping
from math import inf, isfinite, nan
from typing import Any

import numpy as np
import polars as pl

from watersellers.experiments.input.errors import BadInput, on_one_line, shown
from watersellers.experiments.input.months import month_text
from watersellers.experiments.input.text_files import DEEPEST, LONGEST_NUMBER

HUGE = (10**LONGEST_NUMBER).bit_length()


NOT_LITERAL = {"inf": inf, "-inf": -inf, "nan": nan}  # numbers that Python can't read back as it writes them


def plain_value(value: Any) -> Any:
    """Turn a value, an array or a column of numpy or Polars into Python's; return any other value as it is."""
    if isinstance(value, np.datetime64):
        return month_text(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, range):
        return list(value)
    return value.to_list() if isinstance(value, pl.Series) else value


def plain_values(*values: Any) -> tuple[Any, ...]:
    """Turn values of numpy or Polars into Python's."""
    return tuple(map(plain_value, values))


def json_value(value: Any) -> Any:
    """Copy tables and lists for JSON: a number that is NaN or infinite becomes None, which JSON writes as null."""
    if isinstance(value, Mapping):
        return {key: json_value(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(each) for each in value]
    value = plain_value(value)
    return None if isinstance(value, float) and not isfinite(value) else value


def plain_table(label: str, given: Any) -> dict[str, Any]:
    """Copy a mapping, nested mappings included, as plain dictionaries with Python's numbers and lists.

    Raises
    ------
    BadInput
        If it is not a mapping, a key is not text, a number has hundreds of digits, or it is nested too deeply.
    """
    if not isinstance(given, Mapping):
        raise BadInput(f"{label}: found {shown(given)}, expected values by name, as in a table")
    table: dict[str, Any] = _copied(label, given, 0)
    return table


def values_by_path(label: str, given: Any) -> dict[str, Any]:
    """Copy a mapping of values by path, as ``{"chips.lock_in": 0.5}``; None gives an empty one.

    Raises
    ------
    BadInput
        If it is not a mapping, or ``plain_table`` refuses it.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise BadInput(
            f"{label}: found {shown(given)}, expected values by path, as {{'chips.lock_in': 0.5}};"
            f" mesa.batch_run takes a list of them, also for a single one"
        )
    return plain_table(label, given)


def _copied(place: str, value: Any, depth: int) -> Any:
    """Copy nested tables and lists."""
    if depth > DEEPEST:
        raise BadInput(f"{place[:80]}...: found more than {DEEPEST} nested tables or lists, expected fewer")
    if isinstance(value, Mapping):
        return {
            _key(place, key): _copied(f"{place}, {on_one_line(key)}", each, depth + 1) for key, each in value.items()
        }
    value = plain_value(value)
    if isinstance(value, list | tuple):
        copied = [_copied(place, each, depth + 1) for each in value]
        return tuple(copied) if isinstance(value, tuple) else copied
    if isinstance(value, int) and value.bit_length() > HUGE:
        raise BadInput(f"{place}: found a number of more than {LONGEST_NUMBER} digits, expected fewer")
    return value


def _key(place: str, key: Any) -> str:
    """Refuse a key that is not text."""
    if not isinstance(key, str):
        raise BadInput(f"{place}: found the key {shown(key)}, expected text")
    return key


def number_read(name: str, text: Any) -> Any:
    """Read a plain value as ``repr`` wrote it, without running anything.

    Raises
    ------
    BadInput
        If it is not one.
    """
    try:
        return NOT_LITERAL[text] if text in NOT_LITERAL else literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise BadInput(f"{name}: found {shown(text)}, expected a number, a text or a list of them") from None

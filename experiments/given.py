"""What a script gives: mappings of plain values, of any depth and size, before anything is made of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from watersellers.experiments.errors import BadInput, shown, word
from watersellers.experiments.text_files import DEEPEST, LONGEST_NUMBER

HUGE = (10**LONGEST_NUMBER).bit_length()


def plain(value: Any) -> Any:
    """Take numpy's numbers as Python's."""
    return value.item() if isinstance(value, np.generic) else value


def plain_table(label: str, given: Any) -> dict[str, Any]:
    """Copy a mapping with all mappings in it as plain dictionaries, and numpy's numbers as Python's.

    Raises
    ------
    BadInput
        If it is no mapping, a key in it is no text, a number has hundreds of digits, or it nests too deeply.
    """
    if not isinstance(given, Mapping):
        raise BadInput(f"{label}: found {shown(given)}, expected values by name, as in a table")
    table: dict[str, Any] = _copied(label, given, 0)
    return table


def by_path(label: str, given: Any) -> dict[str, Any]:
    """Take what is given by paths, as ``{"chips.lock_in": 0.5}``; None is nothing.

    Raises
    ------
    BadInput
        If it is no mapping, or ``plain_table`` refuses it.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise BadInput(
            f"{label}: found {shown(given)}, expected values by path, as {{'chips.lock_in': 0.5}};"
            f" mesa.batch_run takes a list of such, and one alone in a list too"
        )
    return plain_table(label, given)


def _copied(place: str, value: Any, depth: int) -> Any:
    """Copy tables and lists in one another."""
    if depth > DEEPEST:
        raise BadInput(f"{place[:80]}...: found more than {DEEPEST} tables or lists in one another, expected fewer")
    if isinstance(value, Mapping):
        return {_key(place, key): _copied(f"{place}, {word(key)}", each, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [_copied(place, each, depth + 1) for each in value]
    if isinstance(value, int) and value.bit_length() > HUGE:
        raise BadInput(f"{place}: found a number of more than {LONGEST_NUMBER} digits, expected fewer")
    return plain(value)


def _key(place: str, key: Any) -> str:
    """Refuse a key that is no text."""
    if not isinstance(key, str):
        raise BadInput(f"{place}: found the key {shown(key)}, expected text")
    return key

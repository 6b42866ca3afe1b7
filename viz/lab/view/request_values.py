"""Checks of the values that a page sends: anybody can send anything, so each value is checked before use."""

import math
from contextlib import suppress

from watersellers.experiments.input.errors import BadInput, shown

DIGITS = 20  # of a whole number at most: the length of the largest seed


def whole_number(key: str, value: object) -> int:
    """Read a whole number, at least 0, from a control or an address.

    Raises
    ------
    BadInput
        If the value is no such number, or is too long.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**DIGITS:
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= DIGITS:
        return int(value)
    raise BadInput(f"{key}: found {shown(value)}, expected a whole number from 0 on")


def finite_number(key: str, value: object) -> float:
    """Read a finite number from a control.

    Raises
    ------
    BadInput
        If the value is no finite number.
    """
    try:
        found = float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise BadInput(f"{key}: found {shown(value)}, expected a number")
    return found


def text(key: str, value: object) -> str:
    """Read a text or number from a control, as text.

    Raises
    ------
    BadInput
        If the value is neither.
    """
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        with suppress(ValueError):  # a number with thousands of digits has no text
            return str(value)
    raise BadInput(f"{key}: found {shown(value)}, expected a text or a number")


def one_line(error: BadInput) -> str:
    """Write an error in one line."""
    return "; ".join(str(error).splitlines())

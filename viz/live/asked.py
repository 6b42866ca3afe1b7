"""Read what a page asks for: anybody can send anything, so each value is looked at before it is used."""

import math
from contextlib import suppress

from watersellers.experiments.errors import BadInput, shown

DIGITS = 20  # of a whole number: as many as the largest seed has


def whole(key: str, value: object) -> int:
    """Read a whole number from 0 on, as a control or an address gives it.

    Raises
    ------
    BadInput
        If it is none, or has more digits than any number that a page knows.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**DIGITS:
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= DIGITS:
        return int(value)
    raise BadInput(f"{key}: found {shown(value)}, expected a whole number from 0 on")


def amount(key: str, value: object) -> float:
    """Read a number, as a control gives it.

    Raises
    ------
    BadInput
        If it is none, or no finite one.
    """
    try:
        found = float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise BadInput(f"{key}: found {shown(value)}, expected a number")
    return found


def text(key: str, value: object) -> str:
    """Read what a control gives as text.

    Raises
    ------
    BadInput
        If it is no text and no number.
    """
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        with suppress(ValueError):  # a whole number of thousands of digits
            return str(value)
    raise BadInput(f"{key}: found {shown(value)}, expected a text or a number")


def in_a_line(error: BadInput) -> str:
    """Write what is wrong as one paragraph."""
    return "; ".join(str(error).splitlines())

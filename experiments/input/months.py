"""Months as people write them: 2025-02, any day of it, or a date of Python, numpy or TOML."""

import re
from datetime import date, datetime
from typing import Any

import numpy as np

_MONTH = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])")


def month_text(value: Any) -> Any:
    """Write a month as 2025-02; a value that is neither a date nor a month with a day is returned as it is."""
    if isinstance(value, np.datetime64):
        return month_text(value.astype("datetime64[D]").item())
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    if isinstance(value, str) and not _MONTH.fullmatch(value):
        try:
            return f"{datetime.fromisoformat(value):%Y-%m}" if _MONTH.match(value) else value
        except ValueError:
            return value
    return value


def first_of_month(value: Any) -> date:
    """Return the first day of a month.

    Raises
    ------
    ValueError
        If the value is no month.
    """
    text = month_text(value)
    if not isinstance(text, str) or not _MONTH.fullmatch(text):
        raise ValueError(f"no month: {value!r}")
    return date.fromisoformat(f"{text}-01")

"""Windows: the months over which figures of a run are added up, and the names by which measures call them.

A measure over a window begins with the window's name and a point: ``calibrated.upstream_share``. The calibrated year is
the same twelve months however long a run is; ``2026`` are the months of a calendar year; only ``last12`` moves with the
end of the run, and says so. A window that a run does not cover has no figure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

import polars as pl

from watersellers.experiments.loading.schema import MONTHS_LIMIT, calendar_month

YEAR = 12
CALIBRATED = "calibrated"
CALENDAR_YEAR = re.compile(r"[12]\d{3}", re.ASCII)
LAST_MONTHS = re.compile(r"last([1-9]\d{0,3})", re.ASCII)
WINDOW_NAMES = f"{CALIBRATED}, a calendar year as 2026, or last12 for the last twelve months of each run"


@dataclass(frozen=True, slots=True)
class Period:
    """Months from the first to the last, both included; each is the first day of its month."""

    first: date
    last: date

    @classmethod
    def of(cls, months: Sequence[date] | pl.Series) -> Self | None:
        """Return the period from the earliest to the latest of some months; None if there are none."""
        listed = list(months)
        return cls(min(listed), max(listed)) if listed else None

    @classmethod
    def lived(cls, start: date, months: int) -> Self:
        """Return the months of a run from its start and its length."""
        return cls(start, _later(start, months - 1))

    def __len__(self) -> int:
        return (self.last.year - self.first.year) * YEAR + self.last.month - self.first.month + 1

    def __str__(self) -> str:
        if self.first == self.last:
            return f"{self.last:%Y-%m}"
        return f"{self.first:%Y-%m} to {self.last:%Y-%m}"

    def covers(self, other: "Period") -> bool:
        """Whether it has every month of another period."""
        return self.first <= other.first and other.last <= self.last

    def rows(self, table: pl.DataFrame) -> pl.DataFrame:
        """Keep the rows of its months."""
        return table.filter(pl.col("month").is_between(self.first, self.last))

    @property
    def months(self) -> list[date]:
        """All its months, in order."""
        return [_later(self.first, number) for number in range(len(self))]

    @property
    def facts(self) -> dict[str, Any]:
        """Its first and last month, for JSON."""
        return {"since": f"{self.first:%Y-%m}", "until": f"{self.last:%Y-%m}"}


CALIBRATED_YEAR = Period(date(2024, 3, 1), date(2025, 2, 1))  # the last one that is fitted to published figures


@dataclass(frozen=True, slots=True)
class Window:
    """A window by its name: its own months, or the last ``count`` months of each run if it has none."""

    name: str
    own: Period | None = None
    count: int = YEAR

    @classmethod
    def read(cls, name: str) -> Self | None:
        """Read the name of a window; None if it is none."""
        if name == CALIBRATED:
            return cls(name, CALIBRATED_YEAR)
        if CALENDAR_YEAR.fullmatch(name):
            return cls(name, Period(date(int(name), 1, 1), date(int(name), YEAR, 1)))
        found = LAST_MONTHS.fullmatch(name)
        if found and int(found[1]) <= MONTHS_LIMIT:
            return cls(name, count=int(found[1]))
        return None

    @property
    def words(self) -> str:
        """Name it as in a title, beside its months."""
        named = {CALIBRATED: "the calibrated year"}.get(self.name, self.name)
        last = "the last month" if self.count == 1 else f"the last {self.count} months"
        return named if self.own else last

    def months(self, lived: Period) -> Period:
        """Return its months in a run, of which it may have more than the run lived."""
        return self.own or Period(_later(lived.last, 1 - self.count), lived.last)


def headline_window(lived: Period) -> Window:
    """Return the window of headlines: the calibrated year if a run covers it, or else its last twelve months.

    A run that is shorter than that has a window of its own length, which is named so: ``last5``.
    """
    if lived.covers(CALIBRATED_YEAR):
        return Window(CALIBRATED, CALIBRATED_YEAR)
    return last_months(min(YEAR, len(lived)))


def last_months(count: int) -> Window:
    """Return the window of so many last months of each run."""
    return Window(f"last{count}", count=count)


def headline_months(lived: Period) -> Period:
    """Return the months of a run's headline; see ``headline_window``."""
    return headline_window(lived).months(lived)


def split_window(measure: str) -> tuple[Window | None, str]:
    """Split a measure's name into its window and the rest; a name without a window is all rest."""
    head, point, rest = measure.partition(".")
    window = Window.read(head) if point else None
    return (window, rest) if window else (None, measure)


def uncovered(measure: str, lived: Period) -> str | None:
    """Say that runs do not cover the window of a measure, and which windows they do; None if they cover it."""
    window, rest = split_window(measure)
    if window is None or lived.covers(window.months(lived)):
        return None
    needed = f"{measure} needs the months {window.months(lived)}, but the runs live {lived}"
    fits = " or ".join(f"{name}.{rest}" for name in _fitting(lived))
    return f"{needed}; measure {fits}{_longer(window, lived)}"


def _longer(window: Window, lived: Period) -> str:
    """Say how long runs would cover a window, if longer ones would."""
    if window.own is None or window.own.first < lived.first:
        return ""
    needed = len(Period(lived.first, window.own.last))
    return f", or make the runs {needed} months long" if needed <= MONTHS_LIMIT else ""


def _fitting(lived: Period) -> Iterator[str]:
    """Yield windows that a run covers: its last whole calendar year, if it has one, and its last months."""
    years = range(lived.first.year, lived.last.year + 1)
    whole = [year for year in years if lived.covers(Period(date(year, 1, 1), date(year, YEAR, 1)))]
    yield from map(str, whole[-1:])
    yield f"last{min(YEAR, len(lived))}"


@dataclass(frozen=True, slots=True)
class DatedMeasure:
    """A measure as it is written, and the months of its figures; None if these are in the table beside it."""

    text: str
    months: Period | None = None

    @classmethod
    def of(cls, text: str, lived: Period) -> Self:
        """Find the months of a measure, as it is written with its layer or firm and its month."""
        window, _ = split_window(text)
        if window is not None:
            return cls(text, window.months(lived))
        return cls(text)

    @property
    def facts(self) -> dict[str, Any]:
        """Its name, and its months if they are not in the table, for JSON."""
        return {"measure": self.text} | (self.months.facts if self.months else {})

    def __str__(self) -> str:
        return f"{self.text} ({self.months})" if self.months else self.text


def calendar_year_names(lived: Period) -> dict[int, str]:
    """Name each calendar year of a run: 2024, or its months in the run where these are not all twelve."""
    return {year: _year_name(year, lived) for year in range(lived.first.year, lived.last.year + 1)}


def _year_name(year: int, lived: Period) -> str:
    first, last = max(date(year, 1, 1), lived.first), min(date(year, YEAR, 1), lived.last)
    return str(year) if (first.month, last.month) == (1, YEAR) else str(Period(first, last))


def _later(month: date, by: int) -> date:
    """Return the month that is so many months later."""
    return date.fromisoformat(f"{calendar_month(month, by)}-01")

"""The parameter table: each number with its unit, range and source.

A name has two parts for a number of a whole group (``cloud.power_cost``), three for one member's own value
(``cloud.aws.older_revenue``), four for a strategy's (``cloud.pricing.follow_use.target``).
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from math import exp, isfinite
from math import log as log_of
from pathlib import Path
from typing import Self

from watersellers.experiments.input.errors import BadInput, likely_name, refuse, shown, unknown
from watersellers.experiments.input.text_files import read_text
from watersellers.market.goods import CHAIN, SECTORS

OURS = Path(__file__).parents[1] / "parameters.csv"
COLUMNS = ["name", "unit", "value", "low", "high", "source", "as_of", "note"]
FIRMS = CHAIN
WORK = "work"  # the group of segments of work
STATES = "states"  # the group of states with programmes
NAMED = (
    *FIRMS,
    "investors",
    "owners",
    STATES,
    WORK,
)  # groups whose members have names of their own, and not those of regions
GROUPS = (*FIRMS, *SECTORS, "investors", "owners", STATES, WORK)
WORLD = "world"  # the group without members
STRUCTURE = "firms"  # the table of how many equal firms a layer has
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,3}")


def at_share(share: float, low: float, high: float, log: bool = False) -> float:
    """Return the number at a share, 0 to 1, of the way from ``low`` to ``high``; on a log scale if so.

    Shares 0 and 1 give the ends themselves, and rounding never steps over one: exp(log(100)) is more than 100.
    """
    if share in (0, 1):
        return high if share else low
    value = exp(log_of(low) + share * (log_of(high) - log_of(low))) if log else low + share * (high - low)
    return min(max(value, low), high)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number with its unit, its range (both ends included) and its source."""

    name: str
    unit: str
    value: float
    low: float
    high: float
    source: str
    as_of: str
    note: str


@dataclass(frozen=True)
class Parameters:
    """All rows of the table, in its order."""

    rows: tuple[Parameter, ...]

    @classmethod
    def load(cls, path: Path = OURS) -> Self:
        """Read the table.

        Raises
        ------
        BadInput
            If the table can't be read, or a row lacks its unit, number, range or source; all rows at once.
        """
        table: dict[str, Parameter] = {}
        problems = []
        for line, cells in _lines(path):
            try:
                row = _row(cells, table)
                if row.name in table:
                    raise ValueError(f"{row.name} has a row already; each number has one row")
                table[row.name] = row
            except ValueError as error:
                problems.append(f"{path.name}, line {line}: {error}")
        refuse(problems)
        return cls(tuple(table.values()))

    @cached_property
    def by_name(self) -> dict[str, Parameter]:
        """Rows by their full name."""
        return {row.name: row for row in self.rows}

    @cached_property
    def _by_place(self) -> dict[tuple[str, int], list[tuple[tuple[str, ...], Parameter]]]:
        """Rows and the words of their names, by group and number of words."""
        found: dict[tuple[str, int], list[tuple[tuple[str, ...], Parameter]]] = {}
        for row in self.rows:
            parts = tuple(row.name.split("."))
            found.setdefault((parts[0], len(parts)), []).append((parts, row))
        return found

    def numbers(self, group: str) -> dict[str, Parameter]:
        """Return the row of each number of a group: the group's default, or a member's own row if there is none."""
        members = {parts[2]: row for parts, row in self._by_place.get((group, 3), [])}
        return members | {parts[1]: row for parts, row in self._by_place.get((group, 2), [])}

    def own(self, group: str) -> dict[str, dict[str, Parameter]]:
        """Return the members' own rows in a group, by member and number."""
        found: dict[str, dict[str, Parameter]] = {}
        for (_, member, number), row in self._by_place.get((group, 3), []):
            found.setdefault(member, {})[number] = row
        return found

    def value(self, group: str, member: str, number: str) -> float | None:
        """Return the value of a member's number: its own row's, else the group's, else None."""
        row = self.by_name.get(f"{group}.{member}.{number}") or self.by_name.get(f"{group}.{number}")
        return row.value if row else None

    def search(self, word: str = "") -> list[Parameter]:
        """Find the rows with a word in their name, unit, source or note, in upper or lower case.

        Raises
        ------
        BadInput
            If there is no such row.
        """
        sought = word.lower()
        found = [row for row in self.rows if sought in f"{row.name} {row.unit} {row.source} {row.note}".lower()]
        if not found:
            words = {part for row in self.rows for part in row.name.split(".")}
            meant = likely_name(sought, words)
            cure = (
                f"Did you mean {meant!r}?" if meant else f"A group's name finds its rows: {', '.join((*GROUPS, WORLD))}"
            )
            raise BadInput(f"parameters: no row has {shown(word)} in its name, unit, source or note. {cure}")
        return found


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Check the header, and yield the line number and the cells of each row."""
    reader = csv.DictReader(StringIO(read_text(path), newline=""), strict=True)
    try:
        if reader.fieldnames != COLUMNS:
            raise BadInput(f"{path.name}, line 1: columns {shown(reader.fieldnames)}, expected {','.join(COLUMNS)}")
        yield from ((reader.line_num, cells) for cells in reader)
    except csv.Error as error:
        raise BadInput(f"{path.name}, line {reader.line_num}: can't be read as a table: {error}") from error


def _row(cells: dict[str, str], table: dict[str, Parameter]) -> Parameter:
    """Read one row; where a member's row leaves unit or range empty, it takes them from its group's row."""
    if None in cells or None in cells.values():
        raise ValueError(f"{shown(cells.get('name'))}: expected {len(COLUMNS)} cells; put text with commas in quotes")
    name = cells["name"]
    if not _NAME.fullmatch(name):
        raise ValueError(f"name {shown(name)}: expected 2 to 4 lower-case words joined by dots")
    group, *rest = name.split(".")
    if group not in (*GROUPS, WORLD):
        raise ValueError(f"{name}: {unknown('group', group, (*GROUPS, WORLD))}")
    default = table.get(f"{group}.{rest[1]}") if len(rest) == 2 else None
    unit = cells["unit"] or (default.unit if default else "")
    for column, text in (("unit", unit), ("source", cells["source"])):
        if not text:
            raise ValueError(f"{name}: has no {column}; every number needs one")
    value = _number(name, "value", cells["value"])
    low = default.low if default and not cells["low"] else _number(name, "low", cells["low"])
    high = default.high if default and not cells["high"] else _number(name, "high", cells["high"])
    if not low <= value <= high:
        raise ValueError(f"{name}: value {value:g} is outside its own range, {low:g} to {high:g}")
    return Parameter(name, unit, value, low, high, cells["source"], cells["as_of"], cells["note"])


def _number(name: str, column: str, text: str) -> float:
    """Read a finite number."""
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{name}: {column} is {shown(text)}, expected a number") from None
    if not isfinite(value):
        raise ValueError(f"{name}: {column} is {shown(text)}, expected a finite number")
    return value

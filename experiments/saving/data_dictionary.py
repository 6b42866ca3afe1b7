"""The data dictionary: every column of every table that a user can get, with its type, unit and meaning.

The table is ``experiments/columns.csv``. A column in braces is one of many: ``{parameter}`` stands for a column
for each parameter of a study.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path

from watersellers.experiments.input.errors import BadInput, unknown
from watersellers.experiments.input.text_files import read_text

TABLE = Path(__file__).parents[1] / "columns.csv"
TYPES = {  # the types of the tables' columns, and what Polars calls them
    "int64": ("Int64", "UInt32"),
    "float64": ("Float64",),
    "text": ("String",),
    "bool": ("Boolean",),
    "date": ("Date",),
    "number, bool or text": ("Int64", "Float64", "Boolean", "String"),
}


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """A column: its table, name, type, unit (empty where it has none), why it may be null (empty: never), meaning."""

    table: str
    column: str
    type: str
    unit: str
    null: str
    meaning: str


@cache
def data_dictionary() -> tuple[ColumnMeaning, ...]:
    """Read all columns, in the order of their tables."""
    rows = csv.DictReader(StringIO(read_text(TABLE)))
    return tuple(ColumnMeaning(**row) for row in rows)


def columns_of(table: str) -> tuple[ColumnMeaning, ...]:
    """Return the columns of a table, in its order.

    Raises
    ------
    BadInput
        If there is no such table.
    """
    found = tuple(row for row in data_dictionary() if row.table == table)
    if not found:
        names = dict.fromkeys(row.table for row in data_dictionary())
        raise BadInput(unknown("table", table, names))
    return found


def find_columns(word: str) -> tuple[ColumnMeaning, ...]:
    """Return the columns of a table by its name, or of a group of tables, or all that have a word in them.

    Raises
    ------
    BadInput
        If there is none.
    """
    rows = data_dictionary()
    of_table = tuple(row for row in rows if row.table == word or row.table.partition(".")[0] == word)
    found = of_table or tuple(row for row in rows if _has(row, word.casefold()))
    return found or columns_of(word)


def _has(row: ColumnMeaning, word: str) -> bool:
    return any(word in text.casefold() for text in (row.table, row.column, row.unit, row.meaning))


def meaning_of(column: str, rows: Sequence[ColumnMeaning]) -> ColumnMeaning | None:
    """Find what says of a table's column what it means: the row of its name, or one in braces that stands for it."""
    named = {row.column: row for row in rows}
    if column in named:
        return named[column]
    return next((row for row in rows if "{" in row.column and re.fullmatch(_pattern(row.column), column)), None)


def _pattern(column: str) -> str:
    """Turn a name with braces into a pattern; a year is four digits, or those of its months that a run has."""
    kinds = {"year": r"\d{4}(-\d\d( to \d{4}-\d\d)?)?", "layer": r"[a-z]+"}
    parts = re.split(r"\{(\w+)\}", column)
    return "".join(kinds.get(part, ".+") if number % 2 else re.escape(part) for number, part in enumerate(parts))

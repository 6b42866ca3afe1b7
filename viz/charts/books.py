"""A firm's income statement, cash-flow statement and balance sheet, by month, quarter or year.

The same aggregated lines feed the table in the page and, as JSON, the script that shows other firms.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import polars as pl

from watersellers.viz.drawing.chart import Table
from watersellers.viz.words.catalogue import ENGLISH, MISSING, Words

STATEMENTS = ("income", "cash_flow", "balance_sheet")
ENDS = ("cash", "equity")  # lines of income and cash flow that are balances at the end and not flows
TOTALS = {
    *("operating_profit", "net_income", "equity", "assets", "cash"),
    *("operating_cash_flow", "investing_cash_flow", "financing_cash_flow"),
}
SIZES = {"months": 1, "quarters": 3, "years": 12}  # months in a column
# From which largest amount in cents a table uses a unit, the unit's key, and its cents.
UNITS = ((10**11, "m", 10**8), (10**8, "k", 10**5), (0, "1", 10**2))


@dataclass(frozen=True)
class Part:
    """A part of a line: the good traded, the partner, and cents by month; an empty kind means all other trades."""

    kind: str
    other: str
    cents: Sequence[int]


type Parts = Mapping[str, Sequence[Part]]  # by line
WHOLE: Parts = MappingProxyType({})  # no line has parts


@dataclass(frozen=True)
class Column:
    """A period of a statement: its name, and the row indices of its months."""

    name: str
    months: Sequence[int]


def rolling(statement: str, line: str) -> str:
    """Return how months combine into a longer period: by sum, first or last."""
    if line.endswith("_opening"):
        return "first"
    return "last" if statement == "balance_sheet" or line in ENDS else "sum"


def unit_of(statement: pl.DataFrame) -> tuple[str, int]:
    """Choose a statement's unit by its largest amount; return its key and its cents."""
    lines = statement.drop("month")
    largest = max((abs(value) for column in lines for value in column.to_list() if value is not None), default=0)
    return next((key, cents) for least, key, cents in UNITS if largest >= least)


def columns_of(months: Sequence[date], size: int) -> list[Column]:
    """Group months into calendar periods; mark an incomplete period with a star."""
    groups: dict[tuple[int, int], list[int]] = {}
    for index, month in enumerate(months):
        groups.setdefault((month.year, (month.month - 1) // size), []).append(index)
    return [Column(_period(*key, size) + ("" if len(found) == size else "*"), found) for key, found in groups.items()]


def periods_of(statement: str, months: Sequence[date], size: int, say: Words = ENGLISH) -> list[Column]:
    """Return the columns of a statement; a balance sheet starts with the opening balances."""
    if statement != "balance_sheet":
        return columns_of(months, size)
    later = [Column(column.name, [index + 1 for index in column.months]) for column in columns_of(months[1:], size)]
    return [Column(say("books.opening"), [0]), *later]


def _period(year: int, part: int, size: int) -> str:
    if size == SIZES["years"]:
        return str(year)
    return f"{year} Q{part + 1}" if size == SIZES["quarters"] else f"{year}-{part + 1:02d}"


def rolled(values: Sequence[int | None], how: str) -> int | None:
    """Combine a period's months into one amount; None if a month that counts is None."""
    if how == "sum":
        return None if None in values else sum(value for value in values if value is not None)
    return values[0] if how == "first" else values[-1]


def amount(cents: int | None, unit: int, say: Words = ENGLISH) -> str:
    """Write cents in a unit, rounded; a dash for exactly 0, an empty text for None."""
    if cents is None:
        return ""
    if cents == 0:
        return MISSING
    size = f"{abs(cents) / unit:,.0f}"
    return say.number(f"-{size}" if cents < 0 and size != "0" else size)


def part_name(part: Part, say: Words = ENGLISH) -> str:
    """Name a part of a line: the good and the partner."""
    if not part.kind:
        return say("books.others")
    return say("books.part", kind=say.kind(part.kind), other=say.name(part.other))


def books_table(
    frame: pl.DataFrame, statement: str, period: str = "years", say: Words = ENGLISH, parts: Parts = WHOLE
) -> Table:
    """Make the table of a statement: lines down, periods across; lines without any amount are left out.

    Parameters
    ----------
    frame : pl.DataFrame
        month (Date) and one column per line, in cents.
    statement : str
        income, cash_flow or balance_sheet.
    period : str
        months, quarters or years.
    say : Words
        The language.
    parts : mapping of a line to a sequence of Part
        The parts of lines, shown below each.
    """
    frame = frame.sort("month")
    columns = periods_of(statement, frame["month"].to_list(), SIZES[period], say)
    shown = [line for line in frame.columns[1:] if _has_any(frame[line].to_list())]
    rows: list[tuple[str, str, Sequence[int | None], str]] = []
    for line in shown:
        rows.append((say.line(line), rolling(statement, line), frame[line].to_list(), "total" * (line in TOTALS)))
        rows += [(part_name(part, say), "sum", part.cents, "part") for part in parts.get(line, ())]
    unit = unit_of(frame)[1]
    cells = [[name, *_amounts(cents, how, columns, unit, say)] for name, how, cents, _ in rows]
    kinds = {index: kind for index, (*_, kind) in enumerate(rows) if kind}
    return Table([say("table.line"), *(column.name for column in columns)], cells, kinds=kinds)


def _has_any(cents: Sequence[int | None]) -> bool:
    return any(cents) or None in cents


def _amounts(cents: Sequence[int | None], how: str, columns: Sequence[Column], unit: int, say: Words) -> list[str]:
    return [amount(rolled([cents[index] for index in column.months], how), unit, say) for column in columns]


def books_data(frame: pl.DataFrame, say: Words = ENGLISH, parts: Parts = WHOLE) -> dict:
    """Return a statement as plain data: months, unit, cents and parts by line; 0 stands for a line without amounts."""
    frame = frame.sort("month")
    key, cents = unit_of(frame)
    lines = {line: frame[line].to_list() for line in frame.columns[1:]}
    packed = {line: values if _has_any(values) else 0 for line, values in lines.items()}
    parts_by_line = {line: [[part_name(part, say), part.cents] for part in found] for line, found in parts.items()}
    months = [f"{month:%Y-%m}" for month in frame["month"]]
    return {"months": months, "unit": say(f"unit.{key}"), "cents": cents, "lines": packed, "parts": parts_by_line}


def line_data(statement: str, lines: Sequence[str], say: Words = ENGLISH) -> list[dict]:
    """Return the name of each line of a statement, how its months combine, and whether it is a total."""
    return [
        {"key": line, "name": say.line(line), "roll": rolling(statement, line), "total": line in TOTALS}
        for line in lines
    ]

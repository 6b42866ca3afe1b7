"""A firm's income statement, cash-flow statement and balance sheet, by month, quarter or year.

The same rolled-up lines feed the table that stands in the page and, as JSON, the script that shows other firms.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from viz.charts.chart import Table
from viz.words import ENGLISH, MINUS, MISSING, Words

STATEMENTS = ("income", "cash_flow", "balance_sheet")
ENDS = ("cash", "equity")  # lines of income and cash flow that are a stock at the end and not a flow
TOTALS = {
    *("operating_profit", "net_income", "equity", "assets", "cash"),
    *("operating_cash_flow", "investing_cash_flow", "financing_cash_flow"),
}
SIZES = {"months": 1, "quarters": 3, "years": 12}  # months in a column
# A table's largest amount in cents from which it is shown in this unit, and the cents in that unit.
UNITS = ((10**11, "m", 10**8), (10**8, "k", 10**5), (0, "1", 10**2))


INDENT = "\N{EM SPACE}"  # before what a line is made of
PARTS = 6  # named under a line; the rest is told together


@dataclass(frozen=True)
class Part:
    """What a line is made of: a good sold to or bought from somebody, with the cents of each month."""

    name: str
    cents: Sequence[int]


type Parts = Mapping[str, Sequence[Part]]  # by line


@dataclass(frozen=True)
class Column:
    """A period of a statement: its name, and the places of its months in the table."""

    name: str
    months: Sequence[int]


def rolling(statement: str, line: str) -> str:
    """Say how a line's months make a longer period: their sum, the first, or the last."""
    if line.endswith("_opening"):
        return "first"
    return "last" if statement == "balance_sheet" or line in ENDS else "sum"


def unit_of(statement: pl.DataFrame) -> tuple[str, int]:
    """Choose the unit of a statement, by its largest amount: its key and how many cents it is."""
    lines = statement.drop("month")
    largest = max((abs(value) for column in lines for value in column.to_list() if value is not None), default=0)
    return next((key, cents) for least, key, cents in UNITS if largest >= least)


def columns_of(months: Sequence[date], size: int, opening: str = "") -> list[Column]:
    """Group months into periods of the calendar; a period that is not whole is marked with a star.

    ``opening`` names the first month where that is the morning before the first.
    """
    groups: dict[tuple[int, int], list[int]] = {}
    for index, month in list(enumerate(months))[1 if opening else 0 :]:
        groups.setdefault((month.year, (month.month - 1) // size), []).append(index)
    first = [Column(opening, [0])] if opening else []
    periods = [Column(_period(*key, size) + ("" if len(of) == size else "*"), of) for key, of in groups.items()]
    return first + periods


def _period(year: int, part: int, size: int) -> str:
    if size == SIZES["years"]:
        return str(year)
    return f"{year} Q{part + 1}" if size == SIZES["quarters"] else f"{year}-{part + 1:02d}"


def rolled(values: Sequence[int | None], how: str) -> int | None:
    """Make one amount of a period's months; unknown where one that is needed is unknown."""
    if how == "sum":
        return None if None in values else sum(value for value in values if value is not None)
    return values[0] if how == "first" else values[-1]


def amount(cents: int | None, unit: int) -> str:
    """Write cents in a unit, rounded; nothing at all is a dash, what is unknown is empty."""
    if cents is None:
        return ""
    if cents == 0:
        return MISSING
    size = f"{abs(cents) / unit:,.0f}"
    return f"{MINUS}{size}" if cents < 0 and size != "0" else size


def parts_of(sold: pl.DataFrame, months: Sequence[date], say: Words = ENGLISH) -> dict[str, list[Part]]:
    """Say what a firm's lines are made of, the largest first: what it sold to whom, what it bought from whom.

    Parameters
    ----------
    sold : pl.DataFrame
        The firm's invoices: month, line, good, other, cents.
    months : sequence of date
        The months of the statement, in order.
    say : Words
        The language.
    """
    place = {month: index for index, month in enumerate(months)}
    lines: dict[str, dict[tuple[str, str], list[int]]] = {}
    for month, line, good, other, cents in sold.select("month", "line", "good", "other", "cents").iter_rows():
        row = lines.setdefault(line, {}).setdefault((good, other), [0] * len(months))
        row[place[month]] += cents
    return {line: _largest(line, rows, say) for line, rows in lines.items()}


def _largest(line: str, rows: Mapping[tuple[str, str], Sequence[int]], say: Words) -> list[Part]:
    """Name the largest parts of a line, and put the rest together."""
    ranked = sorted(rows.items(), key=lambda row: (-sum(row[1]), row[0]))
    parts = [Part(say.dealt(line, *key), cents) for key, cents in ranked[:PARTS]]
    rest = [cents for _, cents in ranked[PARTS:]]
    return (
        [*parts, Part(say("books.rest", count=len(rest)), [sum(each) for each in zip(*rest, strict=True)])]
        if rest
        else parts
    )


def books_table(
    frame: pl.DataFrame, statement: str, period: str = "years", parts: Parts | None = None, say: Words = ENGLISH
) -> Table:
    """Lay out a statement with its lines down the side and periods across; a line of nothing is left out.

    Parameters
    ----------
    frame : pl.DataFrame
        month (Date) and one column a line, in cents.
    statement : str
        income, cash_flow or balance_sheet.
    period : str
        months, quarters or years.
    parts : mapping of line to parts
        What some lines are made of, shown under them.
    say : Words
        The language.
    """
    frame = frame.sort("month")
    opening = say("books.opening") if statement == "balance_sheet" else ""
    columns = columns_of(frame["month"].to_list(), SIZES[period], opening)
    rows: list[list[str]] = []
    unit, totals = unit_of(frame)[1], []
    for line in frame.columns[1:]:
        cents = frame[line].to_list()
        if any(cents) or None in cents or line in TOTALS:
            totals += [len(rows)] if line in TOTALS else []
            rows.append([say.line(line), *_cells(cents, rolling(statement, line), columns, unit)])
            rows += [
                [INDENT + part.name, *_cells(part.cents, "sum", columns, unit)] for part in (parts or {}).get(line, ())
            ]
    return Table([say("table.line"), *(column.name for column in columns)], rows, totals=totals)


def _cells(cents: Sequence[int | None], how: str, columns: Sequence[Column], unit: int) -> list[str]:
    """Write a line's amount of each period."""
    return [amount(rolled([cents[index] for index in column.months], how), unit) for column in columns]


def books_data(frame: pl.DataFrame, parts: Parts | None = None, say: Words = ENGLISH) -> dict:
    """Give a statement as plain data: its months, its unit, each line's cents (0 for a line of nothing), its parts."""
    frame = frame.sort("month")
    key, cents = unit_of(frame)
    lines = {line: frame[line].to_list() for line in frame.columns[1:]}
    packed = {line: values if any(values) or None in values else 0 for line, values in lines.items()}
    months = [f"{month:%Y-%m}" for month in frame["month"]]
    made_of = {line: [[part.name, part.cents] for part in each] for line, each in (parts or {}).items()}
    return {"months": months, "unit": say(f"unit.{key}"), "cents": cents, "lines": packed, "parts": made_of}


def line_data(statement: str, lines: Sequence[str], say: Words = ENGLISH) -> list[dict]:
    """Give how each line of a statement is called, how it adds up over months, and whether it is a total."""
    return [
        {"key": line, "name": say.line(line), "roll": rolling(statement, line), "total": line in TOTALS}
        for line in lines
    ]

"""The part of the report with the books: those of one firm to read, those of all as data for the script."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from viz.charts.books import SIZES, STATEMENTS, Parts, books_data, books_table, line_data, parts_of, unit_of
from viz.charts.chart import html_table
from viz.charts.svg import Markup, element
from viz.pieces import paragraph, section, sideways
from viz.tables import Run, group_sums, invoices
from viz.words import Words

FIRST = "revenue"  # the firm with the largest sum of this is the one shown first
PERIOD = "years"  # the columns shown first


@dataclass(frozen=True)
class Shelf:
    """The statements of a firm, and what the lines of its income are made of."""

    frames: Mapping[str, pl.DataFrame]  # by statement
    parts: Parts  # of the income statement

    def parts_in(self, statement: str) -> Parts:
        """What the lines of a statement are made of."""
        return self.parts if statement == "income" else {}


def books(run: Run, say: Words) -> Markup:
    """Show the books of the largest firm, and carry those of all others for the script to show."""
    ranked = group_sums(run.firms, "firm").sort([FIRST, "firm"], descending=[True, False])["firm"].to_list()
    if not ranked:
        return section("books", say, paragraph(say("books.none")))
    shelves = _shelves(run, ranked, say)
    tables = [_statement(shelves[ranked[0]], key, ranked[0], say) for key in STATEMENTS]
    shown = element("div", {"id": "statements"}, *tables)
    noscript = element("noscript", {}, paragraph(say("books.noscript"), "note"))
    note = paragraph(say("books.partial"), "note")
    data = _books_json(shelves, say)
    return section("books", say, _choices(run, ranked[0], say), noscript, shown, note, data)


def _shelves(run: Run, firms: Sequence[str], say: Words) -> dict[str, Shelf]:
    """Give the books of every firm."""
    sold = {str(firm): rows for (firm,), rows in invoices(run.journal).partition_by("account", as_dict=True).items()}
    shelves = {}
    for firm in firms:
        frames = _statements(run, firm)
        months = frames["income"]["month"].sort().to_list()
        shelves[firm] = Shelf(frames, parts_of(sold[firm], months, say) if firm in sold else {})
    return shelves


def _statements(run: Run, firm: str) -> dict[str, pl.DataFrame]:
    """Give a firm's three statements, in a balance sheet the sum of assets below the assets."""
    sheet = run.balance_sheet(firm)
    if {"assets", "payables"} <= set(sheet.columns):
        names = [name for name in sheet.columns if name != "assets"]
        at = names.index("payables")
        sheet = sheet.select(*names[:at], "assets", *names[at:])
    return {"income": run.income(firm), "cash_flow": run.cash_flow(firm), "balance_sheet": sheet}


def _statement(shelf: Shelf, key: str, firm: str, say: Words) -> Markup:
    frame = shelf.frames[key]
    title = say("books.title", statement=say(f"books.{key}"), firm=say.name(firm))
    unit = say("books.unit", unit=say(f"unit.{unit_of(frame)[0]}"))
    table = html_table(books_table(frame, key, PERIOD, shelf.parts_in(key), say), kind="books")
    heading = element("h3", {}, title, " ", element("span", {"class": "note"}, unit))
    return element("div", {"class": "statement"}, heading, sideways(say("table.scroll", title=title), table))


def _choices(run: Run, first: str, say: Words) -> Markup:
    """Let the reader choose a firm, by layer, and the columns."""
    firms = run.firms.select("firm", "layer").unique(maintain_order=True)
    groups = []
    for layer in firms["layer"].unique(maintain_order=True):
        names = sorted(firms.filter(pl.col("layer") == layer)["firm"].to_list(), key=say.name)
        options = [_option(firm, say.name(firm), firm == first) for firm in names]
        groups.append(element("optgroup", {"label": say.name(layer)}, *options))
    periods = [_option(period, say(f"books.{period}"), period == PERIOD) for period in SIZES]
    choices = [*_choice("firm", say("books.choose"), groups), *_choice("period", say("books.period"), periods)]
    return element("div", {"class": "control scripted"}, *choices)


def _option(value: str, name: str, chosen: bool) -> Markup:
    return element("option", {"value": value, "selected": "selected" if chosen else None}, name)


def _choice(key: str, name: str, options: Sequence[Markup]) -> list[Markup]:
    return [element("label", {"for": key}, name), element("select", {"id": key}, *options)]


def _books_json(shelves: Mapping[str, Shelf], say: Words) -> Markup:
    """Carry all firms' books as data that no browser takes for markup or script."""
    some = next(iter(shelves.values())).frames
    statements = [
        {"key": key, "name": say(f"books.{key}"), "lines": line_data(key, some[key].columns[1:], say)}
        for key in STATEMENTS
    ]
    patterns = {"title": "books.title", "unit": "books.unit", "line": "table.line", "scroll": "table.scroll"}
    patterns["opening"] = "books.opening"
    data = {
        "statements": statements,
        "words": {name: say.table[key] for name, key in patterns.items()},
        "names": {firm: say.name(firm) for firm in shelves},
        "firms": {
            firm: {key: books_data(shelf.frames[key], shelf.parts_in(key), say) for key in STATEMENTS}
            for firm, shelf in shelves.items()
        },
    }
    return element("script", {"type": "application/json", "id": "books-data"}, inert_json(data))


def inert_json(data: object) -> Markup:
    """Write JSON for a script element: nothing in it can end the element or start another."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))

"""The part of the report with the books: those of one firm to read, those of all as data for the script."""

import json
from collections.abc import Mapping, Sequence

import polars as pl

from viz.charts.books import SIZES, STATEMENTS, books_data, books_table, line_data, unit_of
from viz.charts.chart import html_table
from viz.charts.svg import Markup, element
from viz.pieces import paragraph, section, sideways
from viz.tables import Run, group_sums
from viz.words import Words

FIRST = "revenue"  # the firm with the largest sum of this is the one shown first
PERIOD = "quarters"  # the columns shown first
type Frames = Mapping[str, Mapping[str, pl.DataFrame]]  # by firm and statement


def books(run: Run, say: Words) -> Markup:
    """Show the books of the largest firm, and carry those of all others for the script to show."""
    ranked = group_sums(run.firms, "firm").sort([FIRST, "firm"], descending=[True, False])["firm"].to_list()
    if not ranked:
        return section("books", say, paragraph(say("books.none")))
    frames = {firm: _statements(run, firm) for firm in ranked}
    tables = [_statement(frames[ranked[0]][key], key, ranked[0], say) for key in STATEMENTS]
    shown = element("div", {"id": "statements"}, *tables)
    noscript = element("noscript", {}, paragraph(say("books.noscript"), "note"))
    note = paragraph(say("books.partial"), "note")
    data = _books_json(frames, say)
    return section("books", say, _choices(run, ranked[0], say), noscript, shown, note, data)


def _statements(run: Run, firm: str) -> dict[str, pl.DataFrame]:
    """Give a firm's three statements, in a balance sheet the sum of assets below the assets."""
    sheet = run.balance_sheet(firm)
    if {"assets", "payables"} <= set(sheet.columns):
        names = [name for name in sheet.columns if name != "assets"]
        at = names.index("payables")
        sheet = sheet.select(*names[:at], "assets", *names[at:])
    return {"income": run.income(firm), "cash_flow": run.cash_flow(firm), "balance_sheet": sheet}


def _statement(frame: pl.DataFrame, key: str, firm: str, say: Words) -> Markup:
    title = say("books.title", statement=say(f"books.{key}"), firm=say.name(firm))
    unit = say("books.unit", unit=say(f"unit.{unit_of(frame)[0]}"))
    table = html_table(books_table(frame, key, PERIOD, say), kind="books")
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


def _books_json(frames: Frames, say: Words) -> Markup:
    """Carry all firms' books as data that no browser takes for markup or script."""
    some = next(iter(frames.values()))
    statements = [
        {"key": key, "name": say(f"books.{key}"), "lines": line_data(key, some[key].columns[1:], say)}
        for key in STATEMENTS
    ]
    patterns = {"title": "books.title", "unit": "books.unit", "line": "table.line", "scroll": "table.scroll"}
    data = {
        "statements": statements,
        "words": {name: say.table[key] for name, key in patterns.items()},
        "names": {firm: say.name(firm) for firm in frames},
        "firms": {firm: {key: books_data(kinds[key], say) for key in STATEMENTS} for firm, kinds in frames.items()},
    }
    return element("script", {"type": "application/json", "id": "books-data"}, inert_json(data))


def inert_json(data: object) -> Markup:
    """Write JSON for a script element: nothing in it can end the element or start another."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))

"""The section with the books: one firm's statements as tables, and all firms' statements as data for the script."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from watersellers.viz.charts.books import (
    SIZES,
    STATEMENTS,
    WHOLE,
    Parts,
    books_data,
    books_table,
    columns_of,
    line_data,
    unit_of,
)
from watersellers.viz.drawing.chart import html_table
from watersellers.viz.drawing.svg import Markup, element
from watersellers.viz.reports.firms_section import books_anchor
from watersellers.viz.reports.html_parts import paragraph, section, sideways
from watersellers.viz.reports.purchases import parts_of
from watersellers.viz.reports.run_tables import Run, group_sums, months_of
from watersellers.viz.words.catalogue import Words

FIRST = "revenue"  # the firm with the largest sum of it is shown first
PERIOD = "years"  # the columns shown first


@dataclass(frozen=True)
class Statement:
    """A statement of a firm, with the parts of its lines."""

    key: str
    frame: pl.DataFrame
    parts: Parts = WHOLE


type StatementsByFirm = Mapping[str, Sequence[Statement]]


def books(run: Run, say: Words) -> Markup:
    """Make the section: the statements of the largest firm as tables, and those of all firms as data."""
    ranked = group_sums(run.firms, "firm").sort([FIRST, "firm"], descending=[True, False])["firm"].to_list()
    if not ranked:
        return section("books", say, paragraph(say("books.none")))
    trades = parts_of(run.journal, months_of(run.firms))
    by_firm = {firm: _statements(run, firm, trades.get(firm, WHOLE)) for firm in ranked}
    tables = [_statement(statement, ranked[0], say) for statement in by_firm[ranked[0]]]
    shown = element("div", {"id": "statements"}, *tables)
    noscript = element("noscript", {}, paragraph(say("books.noscript"), "note"))
    notes = [paragraph(say("books.key"), "note")]
    if any(column.name.endswith("*") for column in columns_of(months_of(run.firms), SIZES["years"])):
        notes.append(paragraph(say("books.partial"), "note"))
    anchors = [element("span", {"id": books_anchor(firm)}) for firm in ranked]
    parts = [*anchors, _choices(run, ranked[0], say), noscript, *notes, shown, _books_json(by_firm, say)]
    return section("books", say, *parts)


def _statements(run: Run, firm: str, parts: Parts) -> list[Statement]:
    """Return a firm's three statements; in the balance sheet the sum of assets stands below the assets."""
    sheet = run.balance_sheet(firm)
    if {"assets", "payables"} <= set(sheet.columns):
        names = [name for name in sheet.columns if name != "assets"]
        at = names.index("payables")
        sheet = sheet.select(*names[:at], "assets", *names[at:])
    frames = (run.income(firm), run.cash_flow(firm), sheet)
    return [
        Statement(key, frame, parts if key == "income" else WHOLE)
        for key, frame in zip(STATEMENTS, frames, strict=True)
    ]


def _statement(statement: Statement, firm: str, say: Words) -> Markup:
    title = say("books.title", statement=say(f"books.{statement.key}"), firm=say.name(firm))
    unit = say("books.unit", unit=say(f"unit.{unit_of(statement.frame)[0]}"))
    table = html_table(books_table(statement.frame, statement.key, PERIOD, say, statement.parts), kind="books")
    heading = element("h3", {}, title, " ", element("span", {"class": "note"}, unit))
    return element("div", {"class": "statement"}, heading, sideways(title, table, say))


def _choices(run: Run, first: str, say: Words) -> Markup:
    """Make the controls for the firm, grouped by layer, and for the period of the columns."""
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


def _books_json(by_firm: StatementsByFirm, say: Words) -> Markup:
    """Embed all firms' statements as data that no browser takes for markup or script."""
    statements = [
        {"key": each.key, "name": say(f"books.{each.key}"), "lines": line_data(each.key, each.frame.columns[1:], say)}
        for each in next(iter(by_firm.values()))
    ]
    patterns = {"title": "books.title", "unit": "books.unit", "line": "table.line", "scroll": "table.scroll"}
    patterns |= {"opening": "books.opening", "hint": "scroll.hint"}
    data = {
        "statements": statements,
        "words": {name: say.table[key] for name, key in patterns.items()},
        "names": {firm: say.name(firm) for firm in by_firm},
        "firms": {
            firm: {each.key: books_data(each.frame, say, each.parts) for each in found}
            for firm, found in by_firm.items()
        },
    }
    return element("script", {"type": "application/json", "id": "books-data"}, inert_json(data))


def inert_json(data: object) -> Markup:
    """Write JSON for a script element, so that nothing in it can end the element or start another."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))

"""The section between the answer and the books: the firms of each layer, whose figures add up to the layer's."""

from datetime import date
from itertools import groupby
from urllib.parse import quote

import polars as pl

from watersellers.market.goods import CHAIN
from watersellers.viz.drawing.chart import Table
from watersellers.viz.drawing.period_words import period_words
from watersellers.viz.drawing.svg import Markup, element
from watersellers.viz.reports.html_parts import paragraph, section, shown_table
from watersellers.viz.reports.run_tables import Run, headline_year, months_of
from watersellers.viz.words.catalogue import Words

# From revenue to operating profit: revenue less the four lines between.
STEPS = ("revenue", "cost_of_sales", "operating_cost", "depreciation", "impairment", "operating_profit")

MONTHS = 12  # of a year
ENDS = ("revenue", "operating_profit")  # shown even if all firms have 0


def by_firm(run: Run, say: Words) -> Markup:
    """Make the section: from revenue to operating profit of each firm, by layer, over the headline's year."""
    year = headline_year(run.firms)
    steps = [name for name in STEPS if name in year.columns]
    sums = year.group_by("layer", "firm").agg(pl.col(steps).sum())
    period = period_words(months_of(year), say) if not year.is_empty() else ""
    parts = [_layer(layer, sums.filter(layer=layer), period, say) for layer in CHAIN if layer in sums["layer"]]
    return section("firms", say, paragraph(say("firms.key"), "note"), *parts, *_overridden(run.firms, say))


def _layer(layer: str, sums: pl.DataFrame, period: str, say: Words) -> Markup:
    """Show a layer's firms, the most profitable first, and their sum."""
    ranked = sums.sort("operating_profit", "firm", descending=[True, False])
    steps = [step for step in ranked.columns[2:] if step in ENDS or (ranked[step] != 0).any()]
    shown = ranked.select("firm", *steps)
    rows = [[books_link(firm, say), *(say.money(cents) for cents in each)] for firm, *each in shown.iter_rows()]
    rows.append([say("firms.total", layer=say.name(layer)), *(say.money(int(ranked[step].sum())) for step in steps)])
    table = Table([say("table.firm"), *(say.line(step) for step in steps)], rows, kinds={len(rows) - 1: "total"})
    title = say("firms.title", layer=say.name(layer), period=period)
    heading = element("h3", {"id": f"firms-{layer}"}, say.name(layer))
    return element("div", {"class": "layer"}, heading, shown_table(table, title, say))


def _overridden(firms: pl.DataFrame, say: Words) -> list[Markup]:
    """List the decisions of which a rule changed the answer, with the months; nothing if there are none."""
    if "overridden" not in firms.columns or firms["overridden"].is_null().all():
        return []
    told = firms.filter(pl.col("overridden").is_not_null()).with_columns(pl.col("overridden").str.split(", "))
    by_decision = told.explode("overridden").group_by("layer", "firm", "overridden").agg(pl.col("month").sort())
    ranked = sorted(by_decision.iter_rows(), key=lambda row: (CHAIN.index(row[0]), row[1], row[2]))
    rows = [
        [books_link(firm, say), say.name(decision), str(len(months)), _spans(months, say)]
        for _, firm, decision, months in ranked
    ]
    heads = [say("table.firm"), *(say(f"firms.overridden.{key}") for key in ("decision", "count", "when"))]
    title = say("firms.overridden")
    heading = element("h3", {"id": "firms-overridden"}, title)
    table = shown_table(Table(heads, rows, len(heads)), title, say)
    return [element("div", {"class": "layer"}, heading, paragraph(say("firms.overridden.key"), "note"), table)]


def _spans(months: list[date], say: Words) -> str:
    """Write months in their order, those that follow each other as the first to the last."""
    numbered = enumerate(month.year * MONTHS + month.month for month in months)
    spans = [[months[place] for place, _ in same] for _, same in groupby(numbered, key=lambda each: each[1] - each[0])]
    return ", ".join(
        say.month(span[0]) if len(span) == 1 else say("firms.span", first=say.month(span[0]), last=say.month(span[-1]))
        for span in spans
    )


def layer_link(layer: str, text: str) -> Markup:
    """Make a link from a layer's name or figure to its firms."""
    return element("a", {"href": f"#firms-{layer}"}, text) if layer in CHAIN else element("span", {}, text)


def books_link(firm: str, say: Words) -> Markup:
    """Make a link from a firm's name to its books."""
    return element("a", {"href": f"#{quote(books_anchor(firm), safe='')}"}, say.name(firm))


def books_anchor(firm: str) -> str:
    """Return the anchor of a firm's books."""
    return f"books-of-{firm}"

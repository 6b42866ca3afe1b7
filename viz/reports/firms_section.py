"""The section between the answer and the books: the firms of each layer, whose figures add up to the layer's."""

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

ENDS = ("revenue", "operating_profit")  # shown even if all firms have 0


def by_firm(run: Run, say: Words) -> Markup:
    """Make the section: from revenue to operating profit of each firm, by layer, over the headline's year."""
    year = headline_year(run.firms)
    steps = [name for name in STEPS if name in year.columns]
    sums = year.group_by("layer", "firm").agg(pl.col(steps).sum())
    period = period_words(months_of(year), say) if not year.is_empty() else ""
    parts = [_layer(layer, sums.filter(layer=layer), period, say) for layer in CHAIN if layer in sums["layer"]]
    return section("firms", say, paragraph(say("firms.key"), "note"), *parts)


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


def layer_link(layer: str, text: str) -> Markup:
    """Make a link from a layer's name or figure to its firms."""
    return element("a", {"href": f"#firms-{layer}"}, text) if layer in CHAIN else element("span", {}, text)


def books_link(firm: str, say: Words) -> Markup:
    """Make a link from a firm's name to its books."""
    return element("a", {"href": f"#{quote(books_anchor(firm), safe='')}"}, say.name(firm))


def books_anchor(firm: str) -> str:
    """Return the anchor of a firm's books."""
    return f"books-of-{firm}"

"""The dollar page: the holders of each source's money in the end, and the sources of each layer's money."""

from functools import lru_cache

import polars as pl

from watersellers.experiments.analysis.money_trace import MoneyTrace, follow_money
from watersellers.experiments.runs.result import Result
from watersellers.market.goods import CHAIN
from watersellers.viz.charts.bars import Bar, bars_chart
from watersellers.viz.charts.sankey import sankey_chart
from watersellers.viz.drawing.chart import Table
from watersellers.viz.drawing.svg import Markup, element
from watersellers.viz.drawing.theme import style_of
from watersellers.viz.lab.pages.controls import changed, choice, figure, link, table_figure
from watersellers.viz.lab.view.scene import Scene
from watersellers.viz.reports.html_parts import paragraph
from watersellers.viz.reports.run_tables import last_full_year, months_of

KEPT = 4  # traces that stay in memory
DEFAULT = "users"
WIDE, NARROW = 1000.0, 560.0


@lru_cache(maxsize=KEPT)
def traced(result: Result, by: str) -> MoneyTrace:
    """Trace the money of a run, once for each convention."""
    return follow_money(result, by)


def page(scene: Scene) -> Markup:
    """Make the page for the chosen source and convention."""
    say = scene.words
    head = [element("h1", {}, say("dollar.title")), paragraph(say("dollar.key"))]
    if scene.books is None or scene.month is None:
        wait = say("dollar.none") if not scene.view.snapshots else say("drawer.opening")
        return element(
            "article", {}, *head, paragraph(wait, "lead"), link(say("dollar.live"), changed(scene.address, page="live"))
        )
    result, months = scene.books
    found = traced(result, scene.address.by)
    sources = sorted(set(found.held["source"]))
    source = scene.address.look if scene.address.look in sources else (DEFAULT if DEFAULT in sources else sources[0])
    picks = [
        choice("source", say("dollar.source"), [(key, say.name(key)) for key in sources], source),
        choice("by", say("dollar.by"), [(key, say(f"dollar.{key}")) for key in ("pro-rata", "fifo")], scene.address.by),
    ]
    until = paragraph(say("drawer.until", month=say.month(scene.view.snapshots[months - 1].day)), "note")
    parts = [
        element("div", {"class": "control"}, *picks),
        until,
        _holders(found, source, scene),
        _sources(found, scene),
    ]
    return element("article", {}, *head, *parts, _year(result, scene))


def _holders(found: MoneyTrace, source: str, scene: Scene) -> Markup:
    """Show the holders of a source's money at the end, in cents of each dollar."""
    say = scene.words
    layer = dict(found.trace.held.select("account", "layer").unique().iter_rows())
    held = found.held.filter(source=source).sort("cents", descending=True)
    total = int(held["cents"].sum())
    bars = [
        Bar(say.name(holder), cents, style_of(layer.get(holder, holder)))
        for holder, cents in held.select("holder", "cents").iter_rows()
    ]
    notes = [
        say("dollar.cents", cents=say.cents_of_a_dollar(bar.cents / total), amount=say.money(bar.cents)) for bar in bars
    ]
    title = say("dollar.ends", source=say.name(source), total=say.money(total))
    return figure("dollar_ends", bars_chart(title, bars, NARROW if scene.narrow else WIDE, notes, say), scene, "wide")


def _sources(found: MoneyTrace, scene: Scene) -> Markup:
    """Show by source what each layer received, what it paid for goods, and what is left."""
    say = scene.words
    rows = [
        [say.name(layer), say.name(source), say.money(received), say.money(paid), say.money(kept)]
        for layer in CHAIN
        for _, source, received, paid, kept in found.earned.filter(layer=layer)
        .sort("received", descending=True)
        .select("layer", "source", "received", "paid", "kept")
        .iter_rows()
    ]
    head = [say(f"dollar.col_{key}") for key in ("layer", "source", "received", "paid", "kept")]
    return table_figure("dollar_lives", Table(head, rows, 2), say("dollar.lives"), scene)


def _year(result: Result, scene: Scene) -> Markup:
    """Draw the payments of the last full year."""
    say = scene.words
    months = last_full_year(months_of(result.layers))
    period = say("sankey.months", first=say.month(months[0]), last=say.month(months[-1]))
    chart = sankey_chart(result.flows.filter(pl.col("month").is_in(months)), period, say)
    box = {"class": "scroll wide", "tabindex": "0", "role": "region", "aria-label": chart.title}
    return element("div", box, figure("dollar_year", chart, scene, "sankey"))

"""The table of clouds' segments: what stays inside the group, at list prices and at cost, and what others buy."""

from datetime import date
from typing import Any

import polars as pl

from watersellers.market.accounting.segments import INSIDE
from watersellers.viz.drawing.chart import Table
from watersellers.viz.drawing.period_words import period_words
from watersellers.viz.drawing.svg import Markup, joined
from watersellers.viz.reports.html_parts import paragraph, shown_table
from watersellers.viz.reports.run_tables import Run, headline_year, months_of
from watersellers.viz.words.catalogue import Words


def segments(run: Run, say: Words) -> Markup:
    """Show what clouds sold to their own groups and to others over the headline's year, and what it cost them."""
    months = months_of(headline_year(run.layers))
    year = run.segments.filter(pl.col("month").is_in(months))
    revenue = int(year["revenue"].sum())
    if revenue <= 0:
        return Markup("")
    sums = year.group_by("segment").agg(pl.col("hours", "revenue", "cost", "operating_profit").sum())
    inside = pl.col("segment").is_in(INSIDE)
    ranked = [*_ranked(sums.filter(inside)), *_ranked(sums.filter(~inside))]
    rows = [_row(say.segment(row["segment"]), row, say) for row in ranked]
    total = sums.select(pl.exclude("segment").sum()).row(0, named=True)
    rows.append(_row(say("segments.total"), total, say))
    keys = ("table.segment", "table.hours", "segments.list", "segments.cost", "operating_profit", "operating_margin")
    title = say("segments.title", period=period_words(months, say))
    table = Table([say(key) for key in keys], rows, 1, {len(rows) - 1: "total"})
    share = int(sums.filter(inside)["revenue"].sum()) / revenue
    note = paragraph(say("segments.note", share=say.share(share)), "note")
    return joined([shown_table(table, title, say), note, _backlog(run.firms, months[-1], say)])


def _backlog(firms: pl.DataFrame, month: date, say: Words) -> Markup:
    """Say for how much customers have signed that is still to come, and with which cloud the most."""
    signed = firms.filter((pl.col("month") == month) & (pl.col("backlog") > 0)).sort("backlog", "firm", descending=True)
    if signed.is_empty():
        return Markup("")
    firm, most = signed.select("firm", "backlog").row(0)
    amounts = {"amount": say.money(int(signed["backlog"].sum())), "most": say.money(most)}
    return paragraph(say("segments.backlog", month=say.month(month), cloud=say.name(firm), **amounts))


def _ranked(sums: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of segments, the largest first."""
    return sums.sort("revenue", "segment", descending=[True, False]).to_dicts()


def _row(name: str, sums: dict[str, Any], say: Words) -> list[str]:
    """Write a segment's hours, revenue, cost, profit and margin."""
    money = [say.money(sums[key]) for key in ("revenue", "cost", "operating_profit")]
    margin = say.share(sums["operating_profit"] / sums["revenue"]) if sums["revenue"] else ""
    return [name, say.count(sums["hours"]), *money, margin]

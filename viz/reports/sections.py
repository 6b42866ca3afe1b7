"""The sections of the report with charts: functions from a run's tables to markup."""

import polars as pl

from watersellers.market.accounting.accounts import sector_of
from watersellers.market.goods import CHAIN, LAYERS
from watersellers.viz.charts.lines import MEASURES, NARROW, WIDE, Measure, lines_chart
from watersellers.viz.charts.network import layout, network_chart
from watersellers.viz.charts.sankey import sankey_chart
from watersellers.viz.charts.sankey_layout import SHAREHOLDERS
from watersellers.viz.drawing.chart import Table
from watersellers.viz.drawing.period_words import period_words
from watersellers.viz.drawing.svg import Markup, element, joined
from watersellers.viz.reports.final_spending_tables import as_one_company, inputs, profits, segments, spending
from watersellers.viz.reports.firms_section import layer_link
from watersellers.viz.reports.headline import headline
from watersellers.viz.reports.html_parts import figure, paragraph, section, shown_table
from watersellers.viz.reports.run_tables import (
    Run,
    chosen_months,
    group_sums,
    headline_year,
    latest_year,
    layer_sums,
    months_of,
    yearly_profit,
)
from watersellers.viz.words.catalogue import Words


def answer(run: Run, say: Words) -> Markup:
    """Make the section with the answer: which layers made or lost money."""
    first, second, *others = [*headline(run.layers, run.firms, say), ""]
    lead = [paragraph(text, "lead") for text in (first, second) if text]
    notes = [paragraph(say("answer.chain"), "note"), *(paragraph(text) for text in others if text)]
    outside = (as_one_company(run, say), spending(run, say), segments(run, say), inputs(run, say))
    return section("answer", say, *lead, _goes_on(run, say), *notes, profits(run, say), *outside)


def _goes_on(run: Run, say: Words) -> Markup:
    """Say that the run goes on after the months of the answer, if it does."""
    last = months_of(run.layers)[-1]
    if months_of(headline_year(run.layers))[-1] == last:
        return Markup("")
    return element(
        "p", {"class": "note"}, element("a", {"href": "#layers"}, say("answer.goes_on", month=say.month(last)))
    )


def by_layer(run: Run, say: Words) -> Markup:
    """Make the section with each layer's sums: over the headline's year, the last one if it is another, and by year."""
    year, latest = headline_year(run.layers), latest_year(run.layers)
    shown = [_layer_table(rows, say) for rows in ((year,) if year.equals(latest) else (year, latest))]
    profits = yearly_profit(run.layers)
    rows = [
        [layer_link(layer, say.name(layer)), *(say.money(cents) for cents in sums)] for layer, *sums in profits.rows()
    ]
    by_year = Table([say("table.layer"), *profits.columns[1:]], rows)
    years = shown_table(by_year, say("layers.years"), say) if len(profits.columns) > 2 else Markup("")
    return section("layers", say, *shown, paragraph(say("layers.note"), "note"), years)


def _layer_table(rows: pl.DataFrame, say: Words) -> Markup:
    caption = say("table.caption", period=period_words(months_of(rows), say))
    return shown_table(_sums_table(layer_sums(rows), "layer", say), caption, say)


COLUMNS = {
    "revenue": Words.money,
    "operating_profit": Words.money,
    "operating_margin": Words.share,
    "free_cash_flow": Words.money,
    "share_of_positive_profit": Words.share,
    "intra_group": Words.money,
}


def _sums_table(sums: pl.DataFrame, by: str, say: Words) -> Table:
    columns = [name for name in COLUMNS if name in sums.columns]
    rows = []
    for row in sums.iter_rows(named=True):
        name = layer_link(row[by], say.name(row[by])) if by == "layer" else say.name(row[by])
        rows.append([name, *(COLUMNS[column](say, row[column]) for column in columns)])
    return Table([say(f"table.{by}"), *(say(name) for name in columns)], rows)


def over_time(run: Run, say: Words) -> Markup:
    """Make the section with the layers' cash, profit over final spending and margin, by month."""
    return section("over_time", say, *(_lines(run.layers, measure, say) for measure in MEASURES))


def _lines(layers: pl.DataFrame, measure: Measure, say: Words) -> Markup:
    wide, narrow = (lines_chart(layers, measure, size, say) for size in (WIDE, NARROW))
    drawn = [element("div", {"class": kind}, chart.svg) for kind, chart in (("roomy", wide), ("tight", narrow))]
    axis = paragraph(say(f"lines.{measure.column}_axis"), "tight note")
    return figure(wide, say, joined([axis, *drawn]))


def supply_graph(run: Run, say: Words) -> Markup:
    """Make the section with the supply graph of several months, shown one at a time."""
    months = chosen_months(months_of(run.layers))
    graphs = {month: run.graph_at(f"{month:%Y-%m}") for month in months}
    plan = layout(graphs.values())
    shown = []
    for month, graph in graphs.items():
        hidden = None if month == months[-1] else "hidden"
        drawn = figure(network_chart(graph, month, plan, say), say)
        shown.append(element("div", {"class": "month", "data-month": say.month(month), "hidden": hidden}, drawn))
    key = paragraph(say("graph.key"), "note")
    slider = _slider(len(months), say.month(months[-1]), say)
    return section("graph", say, key, slider, *shown, _outside(run, say))


def _outside(run: Run, say: Words) -> Markup:
    """Explain the sectors outside the chain that paid or received money."""
    sides = [run.flows.select(name=side, layer=f"{side}_layer", good="good") for side in ("payer", "payee")]
    found = dict(pl.concat(sides).filter(~pl.col("layer").is_in(CHAIN)).select("name", "layer").unique().iter_rows())
    found |= {SHAREHOLDERS: "investors"} if "dividend" in run.flows["good"] else {}
    order = sorted(found, key=lambda name: (LAYERS.index(found[name]) if found[name] in LAYERS else 0, name))
    owners = {row["name"]: row["owner"] for row in run.manifest["accounts"]}
    names_by_text: dict[str, list[str]] = {}
    for name in order:
        kind = sector_of(name, found[name], owners.get(name, ""))
        text = say.table.get(f"outside.{name}") or say.table.get(f"outside.{kind}") or say("outside.world")
        names_by_text.setdefault(text, []).append(say.name(name))
    pairs = [
        part
        for text, names in names_by_text.items()
        for part in (element("dt", {}, say.together(names)), element("dd", {}, text))
    ]
    return joined([paragraph(say("outside.key")), element("dl", {"class": "outside"}, *pairs)])


def _slider(count: int, last: str, say: Words) -> Markup:
    if count == 1:
        return Markup("")
    steps = {"type": "range", "id": "month", "min": 0, "max": count - 1, "value": count - 1, "step": 1}
    name = element("label", {"for": "month"}, say("graph.month"))
    slider = element("input", steps | {"aria-valuetext": last})
    control = element("div", {"class": "control scripted"}, name, slider, element("output", {"for": "month"}, last))
    return joined([control, element("noscript", {}, paragraph(say("graph.more"), "note"))])


def years_money(run: Run, say: Words) -> Markup:
    """Make the section with the Sankey chart of the headline's year."""
    months = months_of(headline_year(run.layers))
    flows = run.flows.filter(pl.col("month").is_in(months))
    if len(months) > 1 and months[0].month == 1 and months[-1].month == 12:
        period = say("sankey.year", year=months[0].year)
    else:
        period = say("sankey.months", first=say.month(months[0]), last=say.month(months[-1]))
    chart = sankey_chart(flows, period, say)
    return section("money", say, paragraph(say("sankey.key"), "note"), figure(chart, say))


def by_owner(run: Run, say: Words) -> Markup:
    """Make the section with each owner's sums over the headline's year, across its layers."""
    year = headline_year(run.owners)
    period = period_words(months_of(year), say) if not year.is_empty() else ""
    sums = group_sums(year, "owner")
    active = dict(year.select("owner", "layers").iter_rows())
    table = _sums_table(sums, "owner", say)
    names = [_layer_names(active[owner], say) for owner in sums["owner"]]
    rows = [[row[0], name, *row[1:]] for row, name in zip(table.rows, names, strict=True)]
    shown = Table([table.head[0], say("table.layers"), *table.head[1:]], rows, 2)
    title = say("owners.sums", period=period, count=len(rows))
    return section("owners", say, paragraph(say("owners.note"), "note"), shown_table(shown, title, say))


def _layer_names(layers: str | None, say: Words) -> str:
    return ", ".join(say.name(layer) for layer in (layers or "").split("+") if layer)

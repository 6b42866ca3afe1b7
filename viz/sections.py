"""The parts of the report, each a function from a run's tables to a piece of the page."""

import json
from collections.abc import Mapping, Sequence

import polars as pl

from viz.answer import headline, period_words
from viz.charts.books import STATEMENTS, TOTALS, books_data, books_table, line_data, unit_of
from viz.charts.chart import Chart, Table, html_table
from viz.charts.lines import MEASURES, NARROW, WIDE, Measure, lines_chart
from viz.charts.network import layout, network_chart
from viz.charts.sankey import sankey_chart
from viz.charts.svg import Markup, element, escaped, joined
from viz.tables import Run, chosen_months, group_sums, last_full_year, last_year, layer_sums, months_of
from viz.words import MINUS, MISSING, Words, money, share

JOINER = "\N{WORD JOINER}"
FIRST = "revenue"  # the firm with the largest sum of this is the one shown first


def section(key: str, say: Words, *parts: str) -> Markup:
    """Make a part of the page under its heading."""
    title = element("h2", {"id": f"{key}-title"}, say(key))
    return element("section", {"id": key, "aria-labelledby": f"{key}-title"}, title, *parts)


def paragraph(text: str, kind: str | None = None) -> Markup:
    """Make a paragraph, in which no line breaks between a minus and its amount."""
    return element("p", {"class": kind}, text.replace(MINUS, MINUS + JOINER))


def sideways(title: str, inside: str, kind: str = "table") -> Markup:
    """Put something wide where it can be scrolled sideways, by keyboard too."""
    attributes = {"class": f"scroll {kind}", "tabindex": "0", "role": "region", "aria-label": title}
    return element("div", attributes, inside)


def shown_table(table: Table, title: str, say: Words, kind: str = "") -> Markup:
    """Show a table, or say that there is nothing in it."""
    if not table.rows:
        return paragraph(say("table.none"))
    return sideways(say("table.scroll", title=title), html_table(table, title, kind))


def figure(chart: Chart, say: Words, drawn: Markup | None = None) -> Markup:
    """Show a chart under its title, with its summary in words and its data to open."""
    caption = element("figcaption", {}, element("h3", {}, chart.title), paragraph(chart.summary, "summary"))
    picture = drawn or sideways(say("chart.scroll", title=chart.title), chart.svg, "wide")
    head = element("summary", {}, say("table.data", rows=len(chart.data.rows)))
    data = element("details", {}, head, shown_table(chart.data, chart.title, say))
    return element("figure", {}, caption, picture, data)


def answer(run: Run, say: Words) -> Markup:
    """Say who made money and who lost it."""
    first, second, *others = [*headline(run.layers, run.firms, say), ""]
    lead = [paragraph(text, "lead") for text in (first, second) if text]
    return section("answer", say, *lead, *(paragraph(text) for text in others if text))


def by_layer(run: Run, say: Words) -> Markup:
    """Show what each layer of the chain earned over the last twelve months."""
    period = period_words(months_of(last_year(run.layers)), say)
    table = _sums_table(layer_sums(last_year(run.layers)), "layer", say)
    return section(
        "layers",
        say,
        shown_table(table, say("table.caption", period=period), say),
        paragraph(say("layers.note"), "note"),
    )


COLUMNS = {
    "revenue": money,
    "operating_profit": money,
    "operating_margin": share,
    "free_cash_flow": money,
    "profit_over_final_spending": share,
    "share_of_positive_profit": share,
    "intra_group": money,
}


def _sums_table(sums: pl.DataFrame, by: str, say: Words) -> Table:
    columns = [name for name in COLUMNS if name in sums.columns]
    rows = [[say.name(row[by]), *(COLUMNS[name](row[name]) for name in columns)] for row in sums.iter_rows(named=True)]
    return Table([say(f"table.{by}"), *(say(name) for name in columns)], rows)


def over_time(run: Run, say: Words) -> Markup:
    """Draw cash, profit over final spending and margin of the layers, month by month, for wide and narrow screens."""
    return section("over_time", say, *(_lines(run.layers, measure, say) for measure in MEASURES))


def _lines(layers: pl.DataFrame, measure: Measure, say: Words) -> Markup:
    wide, narrow = (lines_chart(layers, measure, size, say) for size in (WIDE, NARROW))
    drawn = [element("div", {"class": kind}, chart.svg) for kind, chart in (("roomy", wide), ("tight", narrow))]
    axis = paragraph(say(f"lines.{measure.column}_axis"), "tight note")
    return figure(wide, say, joined([axis, *drawn]))


def supply_graph(run: Run, say: Words) -> Markup:
    """Draw the supply graph of several months, one of which is shown at a time."""
    months = chosen_months(months_of(run.layers))
    graphs = {month: run.graph_at(f"{month:%Y-%m}") for month in months}
    plan = layout(graphs.values())
    shown = []
    for month, graph in graphs.items():
        hidden = None if month == months[-1] else "hidden"
        drawn = figure(network_chart(graph, month, plan, say), say)
        shown.append(element("div", {"class": "month", "data-month": say.month(month), "hidden": hidden}, drawn))
    key = paragraph(say("graph.key"), "note")
    return section("graph", say, key, _slider(len(months), say.month(months[-1]), say), *shown)


def _slider(count: int, last: str, say: Words) -> Markup:
    if count == 1:
        return Markup("")
    attributes = {
        "type": "range",
        "id": "month",
        "min": 0,
        "max": count - 1,
        "value": count - 1,
        "step": 1,
        "aria-valuetext": last,
    }
    name = element("label", {"for": "month"}, say("graph.month"))
    control = element(
        "div",
        {"class": "control scripted"},
        name,
        element("input", attributes),
        element("output", {"for": "month"}, last),
    )
    return joined([control, element("noscript", {}, paragraph(say("graph.more"), "note"))])


def years_money(run: Run, say: Words) -> Markup:
    """Draw where the money of the last full year went."""
    months = last_full_year(months_of(run.layers))
    flows = run.flows.filter(pl.col("month").is_in(months))
    if len(months) > 1 and months[0].month == 1 and months[-1].month == 12:
        period = say("sankey.year", year=months[0].year)
    else:
        period = say("sankey.months", first=say.month(months[0]), last=say.month(months[-1]))
    chart = sankey_chart(flows, period, say)
    return section("money", say, paragraph(say("sankey.key"), "note"), figure(chart, say))


def by_owner(run: Run, say: Words) -> Markup:
    """Show what each owner earned over the last twelve months, over all layers it is active in."""
    year = last_year(run.owners)
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


def events(run: Run, say: Words) -> Markup:
    """List what happened out of the ordinary."""
    if run.events.is_empty():
        return section("events", say, paragraph(say("events.none")))
    told = run.events.sort("month", maintain_order=True).select("month", "who", "text", "what").iter_rows()
    rows = [[f"{month:%Y-%m}", say.name(who or ""), text or say.name(what or "")] for month, who, text, what in told]
    head = [say("table.month"), say("table.who"), say("table.text")]
    return section("events", say, shown_table(Table(head, rows, 3), say("events"), say, "told"))


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
    data = _books_json(run, frames, say)
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
    table = html_table(books_table(frame, key, "quarters", say), kind="books")
    totals = {say.line(line) for line in TOTALS}
    for name in totals:
        table = Markup(
            table.replace(
                f'<tr><th scope="row" class="name">{escaped(name)}<',
                f'<tr class="total"><th scope="row" class="name">{escaped(name)}<',
            )
        )
    heading = element("h3", {}, title, " ", element("span", {"class": "note"}, unit))
    return element("div", {"class": "statement"}, heading, sideways(say("table.scroll", title=title), table))


def _choices(run: Run, first: str, say: Words) -> Markup:
    firms = run.firms.select("firm", "layer").unique(maintain_order=True)
    groups = []
    for layer in firms["layer"].unique(maintain_order=True):
        names = sorted(firms.filter(pl.col("layer") == layer)["firm"].to_list(), key=say.name)
        options = [
            element("option", {"value": firm, "selected": "selected" if firm == first else None}, say.name(firm))
            for firm in names
        ]
        groups.append(element("optgroup", {"label": say.name(layer)}, *options))
    periods = [
        element(
            "option",
            {"value": period, "selected": "selected" if period == "quarters" else None},
            say(f"books.{period}"),
        )
        for period in ("months", "quarters", "years")
    ]
    return element(
        "div",
        {"class": "control scripted"},
        *_choice("firm", "books.choose", groups, say),
        *_choice("period", "books.period", periods, say),
    )


def _choice(key: str, words: str, options: Sequence[Markup], say: Words) -> list[Markup]:
    return [element("label", {"for": key}, say(words)), element("select", {"id": key}, *options)]


def _books_json(run: Run, frames: Mapping[str, Mapping[str, pl.DataFrame]], say: Words) -> Markup:
    """Carry all firms' books as data that no browser takes for markup or script."""
    some = next(iter(frames.values()))
    data = {
        "statements": [
            {"key": key, "name": say(f"books.{key}"), "lines": line_data(key, some[key].columns[1:], say)}
            for key in STATEMENTS
        ],
        "words": {key: say.table[f"books.{key}"] for key in ("title", "unit")}
        | {"line": say("table.line"), "scroll": say.table["table.scroll"]},
        "names": {firm: say.name(firm) for firm in frames},
        "firms": {
            firm: {key: books_data(frame, say) for key, frame in kinds.items()} for firm, kinds in frames.items()
        },
    }
    return element("script", {"type": "application/json", "id": "books-data"}, inert_json(data))


def inert_json(data: object) -> Markup:
    """Write JSON for a script element: nothing in it can end the element or start another."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def sources(run: Run, say: Words) -> Markup:
    """Say which run this is, how to repeat it, and what it does not claim."""
    name, text = scenario_of(run)
    versions = run.manifest.get("versions")
    version = versions.get("watersellers") if isinstance(versions, Mapping) else versions
    facts = {"scenario": name, "question": question(run), "version": version, "seed": str(run.manifest.get("seed"))}
    facts |= {
        key: run.manifest.get(key)
        for key in ("months", "users", "set", "strategies", "backend", "digest", "started", "status")
    }
    known = [(say(f"sources.{key}"), _plain(value, say)) for key, value in facts.items() if value is not None]
    listed = element(
        "dl", {}, *(part for term, value in known for part in (element("dt", {}, term), element("dd", {}, value)))
    )
    full = element(
        "details", {}, element("summary", {}, say("sources.text")), element("pre", {"tabindex": "0"}, str(text))
    )
    parts = [paragraph(say("sources.all")), listed, paragraph(say("sources.parameters")), *([full] if text else [])]
    return section("sources", say, *parts, paragraph(say("sources.not"), "claim"))


def scenario_of(run: Run) -> tuple[str, str]:
    """Give the scenario's name and its full text."""
    scenario = run.manifest.get("scenario") or {}
    return str(scenario.get("name", MISSING)), str(scenario.get("text", ""))


def question(run: Run) -> str | None:
    """Give the scenario's question: the comment in the first line of its text."""
    first = scenario_of(run)[1].lstrip().split("\n")[0]
    return first.lstrip("# ").strip() if first.startswith("#") else None


def _plain(value: object, say: Words) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {each}" for key, each in value.items()) or say("sources.nothing")
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value) or say("sources.nothing")
    return f"{value:,}" if isinstance(value, int) else str(value)

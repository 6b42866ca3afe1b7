"""Small pieces that every part of a page is made of."""

from watersellers.viz.charts.chart import Chart, Table, html_table
from watersellers.viz.charts.svg import Markup, element, joined
from watersellers.viz.words import MINUS, Words

JOINER = "\N{WORD JOINER}"


def section(key: str, say: Words, *parts: str) -> Markup:
    """Make a part of the page under its heading."""
    title = element("h2", {"id": f"{key}-title"}, say(key))
    return element("section", {"id": key, "aria-labelledby": f"{key}-title"}, title, *parts)


def paragraph(text: str, kind: str | None = None) -> Markup:
    """Make a paragraph, in which no line breaks between a minus and its amount."""
    return element("p", {"class": kind}, text.replace(MINUS, MINUS + JOINER))


def sideways(title: str, inside: str, say: Words, kind: str = "table") -> Markup:
    """Put a table or a wide picture where it can be scrolled sideways, by keyboard too, and say so where it must be."""
    hint = element("p", {"class": "hint"}, say("scroll.hint"))
    name = say("table.scroll" if kind == "table" else "chart.scroll", title=title)
    attributes = {"class": f"scroll {kind}", "tabindex": "0", "role": "region", "aria-label": name}
    return joined([hint, element("div", attributes, inside)])


def shown_table(table: Table, title: str, say: Words, kind: str = "") -> Markup:
    """Show a table, or say that there is nothing in it."""
    if not table.rows:
        return paragraph(say("table.none"))
    return sideways(title, html_table(table, title, kind), say)


def figure(chart: Chart, say: Words, drawn: Markup | None = None) -> Markup:
    """Show a chart under its title, with its summary in words and its data to open."""
    caption = element("figcaption", {}, element("h3", {}, chart.title), paragraph(chart.summary, "summary"))
    picture = drawn or sideways(chart.title, chart.svg, say, "wide")
    head = element("summary", {}, say("table.data", rows=len(chart.data.rows)))
    data = element("details", {}, head, shown_table(chart.data, chart.title, say))
    return element("figure", {}, caption, picture, data)

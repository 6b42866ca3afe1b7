"""Small pieces that every part of a page is made of."""

from viz.charts.chart import Chart, Table, html_table
from viz.charts.svg import Markup, element, joined
from viz.words import MINUS, Words

NARROW = 4  # columns that a narrow screen shows whole
JOINER = "\N{WORD JOINER}"


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


def swipe_hint(say: Words) -> Markup:
    """Tell readers with a narrow screen that there is more beside what they see."""
    return paragraph(say("page.swipe"), "swipe note")


def shown_table(table: Table, title: str, say: Words, kind: str = "") -> Markup:
    """Show a table, or say that there is nothing in it."""
    if not table.rows:
        return paragraph(say("table.none"))
    shown = sideways(say("table.scroll", title=title), html_table(table, title, kind))
    return joined([swipe_hint(say), shown]) if len(table.head) > NARROW else shown


def figure(chart: Chart, say: Words, drawn: Markup | None = None) -> Markup:
    """Show a chart under its title, with its summary in words and its data to open."""
    caption = element("figcaption", {}, element("h3", {}, chart.title), paragraph(chart.summary, "summary"))
    wide = sideways(say("chart.scroll", title=chart.title), chart.svg, "wide")
    picture = drawn or joined([swipe_hint(say), wide])
    head = element("summary", {}, say("table.data", rows=len(chart.data.rows)))
    data = element("details", {}, head, shown_table(chart.data, chart.title, say))
    return element("figure", {}, caption, picture, data)

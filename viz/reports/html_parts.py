"""The small elements of all report sections."""

from watersellers.viz.drawing.chart import Chart, Table, html_table
from watersellers.viz.drawing.svg import Markup, element, joined
from watersellers.viz.words.catalogue import MINUS, Words

JOINER = "\N{WORD JOINER}"


def section(key: str, say: Words, *parts: str) -> Markup:
    """Make a section of the page with its heading."""
    title = element("h2", {"id": f"{key}-title"}, say(key))
    return element("section", {"id": key, "aria-labelledby": f"{key}-title"}, title, *parts)


def paragraph(text: str, kind: str | None = None) -> Markup:
    """Make a paragraph without line breaks between a minus sign and its amount."""
    return element("p", {"class": kind}, text.replace(MINUS, MINUS + JOINER))


def sideways(title: str, inside: str, say: Words, kind: str = "table") -> Markup:
    """Wrap a table or wide picture for sideways scrolling, also by keyboard, with a hint where it is needed."""
    hint = element("p", {"class": "hint"}, say("scroll.hint"))
    name = say("table.scroll" if kind == "table" else "chart.scroll", title=title)
    attributes = {"class": f"scroll {kind}", "tabindex": "0", "role": "region", "aria-label": name}
    return joined([hint, element("div", attributes, inside)])


def shown_table(table: Table, title: str, say: Words, kind: str = "") -> Markup:
    """Show a table, or a note that it is empty."""
    if not table.rows:
        return paragraph(say("table.none"))
    return sideways(title, html_table(table, title, kind), say)


def figure(chart: Chart, say: Words, drawn: Markup | None = None) -> Markup:
    """Show a chart with its title, its summary, its notes and its data."""
    notes = [paragraph(note, "note") for note in chart.notes]
    caption = element("figcaption", {}, element("h3", {}, chart.title), paragraph(chart.summary, "summary"), *notes)
    picture = drawn or sideways(chart.title, chart.svg, say, "wide")
    head = element("summary", {}, say("table.data", rows=len(chart.data.rows)))
    data = element("details", {}, head, shown_table(chart.data, chart.title, say))
    return element("figure", {}, caption, picture, data)

"""The small controls of all pages: buttons, links, sliders, choices, and charts with downloads."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from watersellers.viz.drawing.chart import Chart, Table, html_table
from watersellers.viz.drawing.svg import Markup, element, joined
from watersellers.viz.lab.view.address import Address
from watersellers.viz.lab.view.scene import Scene
from watersellers.viz.reports.html_parts import paragraph
from watersellers.viz.words.catalogue import Words

FILES = ("csv", "json", "svg", "png")


def button(text: str, do: str, value: object = None, **more: object) -> Markup:
    """Make a button that sends a request to the lab."""
    given = {"type": "button", "data-do": do, "data-value": value}
    return element("button", given | {key.replace("_", "-"): each for key, each in more.items()}, text)


def link(text: str, address: Address, current: bool = False, kind: str = "") -> Markup:
    """Make a link within the lab, which also works as an ordinary link."""
    given = {"href": f"/?{address.query()}", "data-do": "go", "aria-current": "page" if current else None}
    return element("a", given | {"class": kind or None}, text)


def choice(key: str, name: str, options: Iterable[tuple[str, str]], chosen: str, hidden: bool = False) -> Markup:
    """Make a labelled list to choose from."""
    made = [
        element("option", {"value": value, "selected": "selected" if value == chosen else None}, text)
        for value, text in options
    ]
    named = element("label", {"for": key, "class": "unseen" if hidden else None}, name)
    return joined([named, element("select", {"id": key, "data-set": key}, *made)])


def number_field(key: str, name: str, value: int, ends: tuple[int, int]) -> Markup:
    """Make a labelled field for a whole number."""
    given = {"id": key, "type": "number", "min": ends[0], "max": ends[1], "step": 1, "value": value, "data-set": key}
    return joined([element("label", {"for": key}, name), element("input", given)])


def figure(key: str, chart: Chart, scene: Scene, kind: str = "") -> Markup:
    """Show a chart with its title, summary, data and downloads."""
    scene.charts[key] = chart
    say = scene.words
    notes = [paragraph(note, "note") for note in chart.notes]
    caption = element("figcaption", {}, element("h3", {}, chart.title), paragraph(chart.summary, "summary"), *notes)
    rows = say("table.data", rows=len(chart.data.rows))
    inside = [files(key, FILES, say)]
    if not scene.view.playing:  # nobody reads a table that changes ten times per second
        inside.append(html_table(chart.data) if chart.data.rows else paragraph(say("table.none")))
    data = element("details", {"data-key": f"data-{key}"}, element("summary", {}, rows), *inside)
    return element("figure", {"class": kind or None, "data-key": key}, caption, chart.svg, data)


def table_figure(key: str, table: Table, title: str, scene: Scene) -> Markup:
    """Show a table with its title and downloads."""
    scene.charts[key] = table
    say = scene.words
    name = say("table.scroll", title=title)
    box = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": name}
    shown = element("div", box, html_table(table, title)) if table.rows else paragraph(say("table.none"))
    return element("div", {"class": "tabled", "data-key": key}, shown, files(key, FILES[:2], say))


def files(key: str, kinds: Iterable[str], say: Words) -> Markup:
    """Offer a chart or table as downloads."""
    made = [
        button(kind.upper(), "file", f"{key}.{kind}", aria_label=say("file.as", kind=kind.upper())) for kind in kinds
    ]
    return element("p", {"class": "files"}, say("file.take"), " ", *made)


def changed(address: Address, **what: object) -> Address:
    """Return an address with some parts changed."""
    changes: Mapping[str, object] = what
    return replace(address, **changes)  # type: ignore[arg-type]


def slider(key: str, name: str, ends: tuple[float, float, float], value: float, shown: str) -> Markup:
    """Make a labelled slider with its value in words."""
    given = {"id": key, "type": "range", "min": f"{ends[0]:g}", "max": f"{ends[1]:g}", "step": f"{ends[2]:g}"}
    given |= {"value": f"{value:g}", "data-set": key, "aria-valuetext": shown}
    value_text = element("output", {"for": key}, shown)
    return joined([element("label", {"for": key}, name), value_text, element("input", given)])

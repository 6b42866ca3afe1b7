"""Small controls that pages are made of: buttons, links, sliders, choices, and pictures that can be taken away."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from watersellers.viz.charts.chart import Chart, Table, html_table
from watersellers.viz.charts.svg import Markup, element, joined
from watersellers.viz.live.address import Address
from watersellers.viz.live.scene import Scene
from watersellers.viz.pieces import paragraph
from watersellers.viz.words import Words

FILES = ("csv", "json", "svg", "png")


def button(text: str, do: str, value: object = None, **more: object) -> Markup:
    """Make a button that asks the lab to do something."""
    given = {"type": "button", "data-do": do, "data-value": value}
    return element("button", given | {key.replace("_", "-"): said for key, said in more.items()}, text)


def link(text: str, address: Address, current: bool = False, kind: str = "") -> Markup:
    """Make a link within the lab; it works as a link of its own too."""
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
    """Show a chart under its title with its summary, its data to open, and what can be taken away."""
    scene.charts[key] = chart
    say = scene.words
    caption = element("figcaption", {}, element("h3", {}, chart.title), paragraph(chart.summary, "summary"))
    rows = say("table.data", rows=len(chart.data.rows))
    inside = [files(key, FILES, say)]
    if not scene.view.playing:  # nobody reads a table that changes ten times a second
        inside.append(html_table(chart.data) if chart.data.rows else paragraph(say("table.none")))
    data = element("details", {"data-key": f"data-{key}"}, element("summary", {}, rows), *inside)
    return element("figure", {"class": kind or None, "data-key": key}, caption, chart.svg, data)


def table_figure(key: str, table: Table, title: str, scene: Scene) -> Markup:
    """Show a table under its title, which can be taken away too."""
    scene.charts[key] = table
    say = scene.words
    name = say("table.scroll", title=title)
    box = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": name}
    shown = element("div", box, html_table(table, title)) if table.rows else paragraph(say("table.none"))
    return element("div", {"class": "tabled", "data-key": key}, shown, files(key, FILES[:2], say))


def files(key: str, kinds: Iterable[str], say: Words) -> Markup:
    """Offer a chart or table as files."""
    made = [
        button(kind.upper(), "file", f"{key}.{kind}", aria_label=say("file.as", kind=kind.upper())) for kind in kinds
    ]
    return element("p", {"class": "files"}, say("file.take"), " ", *made)


def at(address: Address, **what: object) -> Address:
    """Give an address that differs in something."""
    changes: Mapping[str, object] = what
    return replace(address, **changes)  # type: ignore[arg-type]


def slider(key: str, name: str, ends: tuple[float, float, float], value: float, shown: str) -> Markup:
    """Make a labelled slider with what it stands at in words."""
    given = {"id": key, "type": "range", "min": f"{ends[0]:g}", "max": f"{ends[1]:g}", "step": f"{ends[2]:g}"}
    given |= {"value": f"{value:g}", "data-set": key, "aria-valuetext": shown}
    said = element("output", {"for": key}, shown)
    return joined([element("label", {"for": key}, name), said, element("input", given)])

"""The parts of every chart: a title, a summary in words, the picture, and its data as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from types import MappingProxyType

from watersellers.experiments.saving.output_files import PICTURE
from watersellers.viz.drawing.svg import Markup, element, joined, label
from watersellers.viz.drawing.theme import chart_css

TITLE_ROOM = 40.0  # above the picture in a file of its own
NOTE_ROOM = 20.0  # below it for each line of its notes
MARGIN = 12.0
LETTER = 7.0  # width of a letter of a note
NOTHING_SPECIAL: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True)
class Table:
    """A table of texts: the head, the rows, how many columns from the left are names, and the kinds of rows."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    names: int = 1
    kinds: Mapping[int, str] = NOTHING_SPECIAL  # total, or part of the row above


@dataclass(frozen=True)
class Chart:
    """A complete chart: its title, its summary, the SVG, and the data it is drawn from.

    ``notes`` say what the chart leaves out and what of it rests on too little; they are shown wherever the chart is.
    """

    title: str
    summary: str
    svg: Markup
    data: Table
    notes: tuple[str, ...] = ()


def picture(title: str, summary: str, size: tuple[float, float], parts: Sequence[str]) -> Markup:
    """Wrap the parts of a chart into an SVG that carries its title and summary for screen readers."""
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "chart",
        "viewBox": f"0 0 {size[0]:g} {size[1]:g}",
        "role": "img",
        "aria-label": title,
    }
    return element("svg", attributes, element("desc", {}, summary), *parts)


def standalone(chart: Chart) -> str:
    """Return a chart as an SVG file with its title, its style, its notes, and a light or dark background."""
    start = chart.svg.index("viewBox=") + len('viewBox="')
    width, height = (float(number) for number in chart.svg[start : chart.svg.index('"', start)].split()[2:])
    lines = [line for note in chart.notes for line in wrap(note, int((width - 2 * MARGIN) / LETTER))]
    total = height + TITLE_ROOM + NOTE_ROOM * len(lines)
    notes = [
        label(MARGIN, height + TITLE_ROOM + NOTE_ROOM * (number + 0.5), line, "quiet")
        for number, line in enumerate(lines)
    ]
    title = element("text", {"x": 12.0, "y": TITLE_ROOM / 2, "dy": ".35em", "font-weight": "bold"}, chart.title)
    back = element("rect", {"width": "100%", "height": "100%", "fill": "var(--paper)"})
    inner = Markup(chart.svg.replace("<svg ", f'<svg y="{TITLE_ROOM:g}" width="{width:g}" height="{height:g}" ', 1))
    style = element("style", {}, Markup(chart_css()))
    written = [element("g", {"class": "chart"}, *notes)] if notes else []
    parts = [Markup(PICTURE.mark), style, back, title, inner, *written]
    return picture(chart.title, " ".join([chart.summary, *chart.notes]), (width, total), parts)


def html_table(table: Table, caption: str = "", kind: str = "") -> Markup:
    """Return a table as HTML, with a head for every column and every row."""
    head = element("tr", {}, *(_head_cell(cell, "col", index < table.names) for index, cell in enumerate(table.head)))
    rows = [_row(row, table.names, table.kinds.get(index)) for index, row in enumerate(table.rows)]
    parts = [element("thead", {}, head), element("tbody", {}, *rows)]
    captions = [element("caption", {}, element("span", {}, caption))] if caption else []
    return element("table", {"class": kind or None}, *captions, *parts)


def _head_cell(cell: str, scope: str, name: bool) -> Markup:
    return element("th", {"scope": scope, "class": "name" if name else None}, cell)


def _row(row: Sequence[str], names: int, kind: str | None) -> Markup:
    cells = [_head_cell(row[0], "row", name=True)] if names else []
    cells += [element("td", {"class": "name"}, cell) for cell in row[1:names]]
    return element("tr", {"class": kind}, *cells, *(element("td", {}, cell) for cell in row[names:]))


def empty_picture(title: str, summary: str, width: float) -> Markup:
    """Draw an empty chart: its summary in place of the picture."""
    return picture(title, summary, (width, 80.0), [label(12, 40, summary, "quiet")])


def stacked(parts: Sequence[str]) -> Markup:
    """Group parts that are drawn over earlier ones."""
    return element("g", {}, joined(parts))

"""The phase diagram: over two parameters, which layer profits most, with the boundary where that changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from watersellers.experiments.analysis.windows import DatedMeasure
from watersellers.market.goods import CHAIN
from watersellers.viz.drawing.chart import Chart, Table, empty_picture, picture
from watersellers.viz.drawing.number_format import number_writer
from watersellers.viz.drawing.period_words import measure_words
from watersellers.viz.drawing.short_labels import short_labels
from watersellers.viz.drawing.svg import Markup, element, label, marker, rule
from watersellers.viz.drawing.theme import LAYER_STYLES, style_of
from watersellers.viz.words.catalogue import ENGLISH, Words

SIZE = (760.0, 520.0)
LEFT, RIGHT, TOP, BOTTOM = 120.0, 150.0, 24.0, 64.0
MARK = 5.0
FAINT, STRONG = 0.12, 0.6  # opacity of a cell where half, or all, of its runs agree
MOST_LABELS = 12
LETTERS = 16  # of a value beside an axis
LEGEND_STEP = 24.0
PHASE_STYLES = {"above 0": "chips", "0 or less": "apps", "nobody": "world"}  # of phases that are no layer


@dataclass(frozen=True)
class _Grid:
    """The grid of cells."""

    columns: int
    rows: int

    @property
    def step(self) -> tuple[float, float]:
        return (SIZE[0] - LEFT - RIGHT) / self.columns, (SIZE[1] - TOP - BOTTOM) / self.rows

    def corner(self, x: int, y: int) -> tuple[float, float]:
        """Return the position of a cell's corner: columns from the left, rows from below."""
        return LEFT + x * self.step[0], SIZE[1] - BOTTOM - y * self.step[1]


class Phases(Protocol):
    """The content of a phase diagram: the names of its axes and of its measure, its cells and its boundary."""

    @property
    def x(self) -> str:
        """The parameter across."""

    @property
    def y(self) -> str:
        """The parameter upwards."""

    @property
    def dated(self) -> DatedMeasure:
        """The measure that is compared, with its months."""

    @property
    def cells(self) -> pl.DataFrame:
        """A row per cell: x, y, x_value, y_value, phase, value, margin, agree, runs."""

    @property
    def boundary(self) -> pl.DataFrame:
        """A row per edge between cells of different phases: x0, y0, x1, y1, one, other."""


def phases_chart(found: Phases, say: Words = ENGLISH) -> Chart:
    """Draw a phase diagram.

    Parameters
    ----------
    found : Phases
        The result of ``experiments.sweeps.phases``.
    say : Words
        The language.
    """
    title = say("phases.title", measure=measure_words(found.dated, say), x=found.x, y=found.y)
    data = _data(found, say)
    if found.cells.is_empty():
        return Chart(title, say("phases.empty"), empty_picture(title, say("phases.empty"), SIZE[0]), data)
    grid = _Grid(*(max(found.cells[axis].to_list()) + 1 for axis in ("x", "y")))
    summary = _summary(found, say)
    parts = [*_cells(found.cells, grid, say), *_edges(found.boundary, grid), *_axes(found, grid), *_legend(found, say)]
    return Chart(title, summary, picture(title, summary, SIZE, parts), data)


def _cells(cells: pl.DataFrame, grid: _Grid, say: Words) -> list[Markup]:
    wide, high = grid.step
    parts = []
    for row in cells.iter_rows(named=True):
        x, y = grid.corner(row["x"], row["y"] + 1)
        style = _style(row["phase"])
        strength = FAINT + (STRONG - FAINT) * max(0.0, 2 * row["agree"] - 1)
        text = f"{row['x_value']}, {row['y_value']}: {say.name(row['phase'])}"
        box = {
            "x": x,
            "y": y,
            "width": wide,
            "height": high,
            "class": f"f-{style}",
            "fill-opacity": f"{strength:.2f}",
        }
        parts.append(element("rect", box, element("title", {}, text)))
        shape = LAYER_STYLES[style].marker
        parts.append(marker(shape, x + wide / 2, y + high / 2, min(MARK, wide / 3, high / 3), f"f-{style}"))
    return parts


def _edges(boundary: pl.DataFrame, grid: _Grid) -> list[Markup]:
    lines = []
    for x0, y0, x1, y1 in boundary.select("x0", "y0", "x1", "y1").iter_rows():
        lines.append(rule(*grid.corner(x0, y0), *grid.corner(x1, y1), "edge"))
    return lines


def _axes(found: Phases, grid: _Grid) -> list[Markup]:
    """Write the names of both axes, and as many of their values as fit."""
    wide, high = grid.step
    parts = []
    for x, value in _some(found.cells, "x"):
        parts.append(label(grid.corner(x, 0)[0] + wide / 2, SIZE[1] - BOTTOM + 16, value, "quiet", "middle"))
    for y, value in _some(found.cells, "y"):
        parts.append(label(LEFT - 8, grid.corner(0, y)[1] - high / 2, value, "quiet", "end"))
    parts.append(label((LEFT + SIZE[0] - RIGHT) / 2, SIZE[1] - BOTTOM / 3, found.x, "", "middle"))
    parts.append(label(4, 10, found.y))
    return parts


def _some(cells: pl.DataFrame, axis: str) -> Sequence[tuple[int, str]]:
    values = list(cells.select(axis, f"{axis}_value").unique().sort(axis).iter_rows())
    labels = short_labels((value for _, value in values), LETTERS)
    values = [(number, labels[value]) for number, value in values]
    return values[:: -(-len(values) // MOST_LABELS)]


def _legend(found: Phases, say: Words) -> list[Markup]:
    parts = []
    for number, (phase, _) in enumerate(_counts(found.cells)):
        y = TOP + LEGEND_STEP * (number + 1 / 2)
        style = _style(phase)
        parts.append(marker(LAYER_STYLES[style].marker, SIZE[0] - RIGHT + 20, y, MARK, f"f-{style}"))
        parts.append(label(SIZE[0] - RIGHT + 34, y, say.name(phase)))
    return parts


def _style(phase: str) -> str:
    return PHASE_STYLES.get(phase, style_of(phase))


def _counts(cells: pl.DataFrame) -> list[tuple[str, int]]:
    """Count the cells of each phase, layers in the order of the chain."""
    counts: Mapping[str, int] = dict(cells["phase"].value_counts().iter_rows())
    order = {layer: number for number, layer in enumerate(CHAIN)}
    return sorted(counts.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))


def _summary(found: Phases, say: Words) -> str:
    counts = _counts(found.cells)
    phases = [say("phases.part", phase=say.name(phase), cells=cells, all=len(found.cells)) for phase, cells in counts]
    key = "phases.summary" if len(counts) > 1 else "phases.summary_one"
    return say(key, parts="; ".join(phases), edges=len(found.boundary))


def _data(found: Phases, say: Words) -> Table:
    write = number_writer(found.dated.text, say)
    rows = [
        [
            *(row["x_value"], row["y_value"], say.name(row["phase"]), write(row["value"]), write(row["margin"])),
            *(say.share(row["agree"]), str(row["runs"])),
        ]
        for row in found.cells.iter_rows(named=True)
    ]
    head = [found.x, found.y, *(say(f"phases.{key}") for key in ("phase", "value", "margin", "agree", "runs"))]
    return Table(head, rows, 2)

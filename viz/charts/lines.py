"""A line chart over time, one line per layer, with the names at the ends."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

import polars as pl

from watersellers.market.goods import CHAIN
from watersellers.viz.drawing.chart import Chart, Table, empty_picture, picture
from watersellers.viz.drawing.scales import month_number, month_ticks, position, spread, ticks
from watersellers.viz.drawing.svg import Markup, element, label, marker, point, rule
from watersellers.viz.drawing.theme import LAYER_STYLES, style_of
from watersellers.viz.words.catalogue import ENGLISH, MISSING, Words

WIDE, NARROW = (1080.0, 380.0), (360.0, 300.0)
ROOMY = 700.0  # wide enough for values beside the names
SLACK = 1.5  # an axis is cut only where holding all values would take more than so many times its reach
LABEL_GAP = 19.0
MARK = 4.0


@dataclass(frozen=True)
class Measure:
    """A column of the layers' table to draw: its name, how to write a value, and the reach of its axis.

    The reach is a multiple of the median absolute value; values beyond it go into the summary. None holds all values.
    """

    column: str
    write: Callable[[Words, float | None], str]
    reach: float | None = None


CASH = Measure("cash", Words.money)
PROFIT = Measure("profit_over_final_spending", Words.share, reach=12.0)
MARGIN = Measure("operating_margin", Words.share, reach=3.0)
MEASURES = (CASH, PROFIT, MARGIN)


@dataclass(frozen=True)
class Line:
    """One layer's values by month, in order; a month without a value is a gap."""

    layer: str
    name: str
    points: tuple[tuple[date, float | None], ...]

    @property
    def known(self) -> list[tuple[date, float]]:
        """The months that have a value."""
        return [(month, value) for month, value in self.points if value is not None]


@dataclass(frozen=True)
class Frame:
    """The position of the plot within the picture, and the domains of its two axes."""

    size: tuple[float, float]
    across: tuple[float, float]
    down: tuple[float, float]
    months: tuple[float, float]
    values: tuple[float, float]

    def x(self, month: date) -> float:
        """Return the position of a month."""
        return position(month_number(month), self.months, self.across)

    def y(self, value: float) -> float:
        """Return the position of a value; higher values lie higher."""
        return position(value, self.values, (self.down[1], self.down[0]))


def layer_lines(layers: pl.DataFrame, column: str, say: Words = ENGLISH) -> list[Line]:
    """Take each chain layer's values from the layers' table; months without a finite value are gaps."""
    known: dict[str, dict[date, float]] = {layer: {} for layer in CHAIN}
    for layer, month, value in zip(*(layers[name].to_list() for name in ("layer", "month", column)), strict=True):
        if layer in known and value is not None and math.isfinite(value):
            known[layer][month] = float(value)
    months = _months(layers)
    drawn = [(layer, values) for layer, values in known.items() if values]
    return [Line(layer, say.name(layer), tuple((m, values.get(m)) for m in months)) for layer, values in drawn]


def _months(layers: pl.DataFrame) -> list[date]:
    return sorted(set(layers["month"].to_list()))


def lines_chart(
    layers: pl.DataFrame,
    measure: Measure,
    size: tuple[float, float] = WIDE,
    say: Words = ENGLISH,
    beside: pl.DataFrame | None = None,
) -> Chart:
    """Draw one measure of the chain's layers over time.

    Parameters
    ----------
    layers : pl.DataFrame
        month (Date), layer, and the measure's column; null where it is undefined.
    measure : Measure
        The measure. Where outliers are cut, the summary says how many months lie beyond the edge.
    size : tuple
        Width and height of the picture.
    say : Words
        The language.
    beside : pl.DataFrame, optional
        All values that share the axes, where several charts stand side by side.
    """
    lines = layer_lines(layers, measure.column, say)
    title = say(f"lines.{measure.column}")
    data = _data(layers, lines, measure, say)
    if not lines:
        return Chart(title, say("lines.empty"), empty_picture(title, say("lines.empty"), size[0]), data)
    room = lines if beside is None else layer_lines(beside, measure.column, say)
    frame = _frame(room, measure, size)
    summary = _summary(lines, frame, measure, say)
    parts = [*_axes(frame, measure, say), *_strokes(lines, frame), *_names(lines, frame, measure, say)]
    return Chart(title, summary, picture(title, summary, size, parts), data)


def _frame(lines: Sequence[Line], measure: Measure, size: tuple[float, float]) -> Frame:
    values = [value for line in lines for _, value in line.known]
    low, high = _limits(values, measure.reach)
    chosen = ticks(min(low, 0.0), max(high, 0.0))
    months = [month_number(month) for month, _ in lines[0].points]
    across, down = (76.0, size[0] - (190.0 if size[0] >= ROOMY else 76.0)), (34.0, size[1] - 34.0)
    return Frame(size, across, down, (min(months), max(months)), (chosen[0], chosen[-1]))


def _limits(values: Sequence[float], times: float | None) -> tuple[float, float]:
    """Return the range to draw: all values, or at most so many times the median absolute value."""
    low, high = min(values), max(values)
    reach = (times or 0) * median(abs(value) for value in values)
    if not reach:
        return low, high
    return (-reach if low < -SLACK * reach else low), (reach if high > SLACK * reach else high)


def _axes(frame: Frame, measure: Measure, say: Words) -> list[Markup]:
    (left, right), bottom = frame.across, frame.down[1]
    parts = [label(4, 14, say(f"lines.{measure.column}_axis") if frame.size[0] >= ROOMY else "", "quiet")]
    for value in ticks(*frame.values):
        y = frame.y(value)
        parts.append(rule(left, y, right, y, "zero" if value == 0 else "rule"))
        parts.append(label(left - 8, y, say.brief(measure.write(say, value)), "quiet", "end"))
    for month in month_ticks(*_ends(frame), at_most=8 if frame.size[0] >= ROOMY else 5):
        x = frame.x(month)
        parts.append(rule(x, bottom, x, bottom + 6))
        parts.append(label(x, bottom + 18, say.short_month(month), "quiet", "middle"))
    return parts


def _ends(frame: Frame) -> tuple[date, date]:
    first, last = (int(number) for number in frame.months)
    return date(first // 12, first % 12 + 1, 1), date(last // 12, last % 12 + 1, 1)


def runs(line: Line) -> list[list[tuple[date, float]]]:
    """Cut a line at its gaps into runs of consecutive months."""
    pieces: list[list[tuple[date, float]]] = []
    for month, value in line.known:
        if pieces and month_number(month) - month_number(pieces[-1][-1][0]) == 1:
            pieces[-1].append((month, value))
        else:
            pieces.append([(month, value)])
    return pieces


def _strokes(lines: Sequence[Line], frame: Frame) -> list[Markup]:
    """Draw the lines in an inner SVG, which clips them at the axes."""
    (left, right), (top, bottom) = frame.across, frame.down
    room = {"x": left - MARK, "y": top - MARK, "width": right - left + 2 * MARK, "height": bottom - top + 2 * MARK}
    view = " ".join(point(room[key]) for key in ("x", "y", "width", "height"))
    drawn = [_stroke(piece, line, frame) for line in lines for piece in runs(line)]
    return [element("svg", room | {"viewBox": view}, *drawn)]


def _stroke(piece: Sequence[tuple[date, float]], line: Line, frame: Frame) -> Markup:
    style = style_of(line.layer)
    if len(piece) == 1:
        return marker(LAYER_STYLES[style].marker, frame.x(piece[0][0]), frame.y(piece[0][1]), MARK, f"f-{style}")
    corners = " ".join(f"{point(frame.x(month))} {point(frame.y(value))}" for month, value in piece)
    dash = LAYER_STYLES[style].dash or None
    return element("path", {"d": f"M{corners}", "class": f"line s-{style}", "stroke-dasharray": dash})


def _names(lines: Sequence[Line], frame: Frame, measure: Measure, say: Words) -> list[Markup]:
    """Write each line's name, mark and last value beside its end, without overlaps."""
    low, high = frame.values
    wanted = [frame.y(min(max(line.known[-1][1], low), high)) for line in lines]
    heights = spread(wanted, LABEL_GAP, (frame.down[0], frame.down[1]))
    parts = []
    for line, y in zip(lines, heights, strict=True):
        style, x = style_of(line.layer), frame.across[1] + 12
        value = f" {measure.write(say, line.known[-1][1])}" if frame.size[0] >= ROOMY else ""
        parts.append(marker(LAYER_STYLES[style].marker, x, y, MARK, f"f-{style}"))
        parts.append(label(x + 9, y, line.name + value))
    return parts


def _summary(lines: Sequence[Line], frame: Frame, measure: Measure, say: Words) -> str:
    first, last = _ends(frame)
    ends = [say("lines.end", name=line.name, value=measure.write(say, line.points[-1][1])) for line in lines]
    key = "lines.summary" if first != last else "lines.summary_one"
    text = say(key, first=say.month(first), last=say.month(last), ends=", ".join(ends))
    cut = [part for line in lines if (part := _beyond(line, frame, measure, say))]
    return f"{text} {say('lines.cut', parts=', '.join(cut))}" if cut else text


def _beyond(line: Line, frame: Frame, measure: Measure, say: Words) -> str:
    """Describe how many of a line's months lie beyond the axis, and the furthest."""
    low, high = frame.values
    outside = [(month, value) for month, value in line.known if not low <= value <= high]
    if not outside:
        return ""
    month, value = max(outside, key=lambda each: abs(each[1]))
    return say(
        "lines.cut_part", name=line.name, months=len(outside), value=measure.write(say, value), month=say.month(month)
    )


def _data(layers: pl.DataFrame, lines: Sequence[Line], measure: Measure, say: Words) -> Table:
    months = _months(layers)
    columns = [dict(line.points) for line in lines]
    cells = [[f"{month:%Y-%m}", *(_cell(column[month], measure, say) for column in columns)] for month in months]
    return Table([say("table.month"), *(line.name for line in lines)], cells)


def _cell(value: float | None, measure: Measure, say: Words) -> str:
    return MISSING if value is None else measure.write(say, value)

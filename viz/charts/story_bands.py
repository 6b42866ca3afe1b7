"""Charts of many seeds: bands over time for a story and its control, and a dot for each seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import wrap

from watersellers.viz.drawing.chart import Chart, Table, picture
from watersellers.viz.drawing.scales import month_number, month_ticks, position, spread, ticks
from watersellers.viz.drawing.svg import Markup, element, label, marker, point, rule
from watersellers.viz.drawing.theme import LAYER_STYLES, style_of
from watersellers.viz.words.catalogue import ENGLISH, Words

SIZE = (1080.0, 300.0)
ROW = 40.0  # height of a row of dots or bands
NAMES = 340.0  # room for the name of a row
LETTERS = 44  # of a name on one line
LINE = 9.0  # half the height of a line
LEFT, RIGHT, TOP, BOTTOM = 76.0, 150.0, 30.0, 34.0
MARK = 4.0

type Write = Callable[[float | None], str]


@dataclass(frozen=True)
class WorldSeries:
    """One world's values over time: month, low, middle and high."""

    name: str
    layer: str
    story: bool  # the world is the story's, not its control's
    points: tuple[tuple[date, float, float, float], ...]


@dataclass(frozen=True)
class DotRow:
    """A row of dots, one for each value, over their band; the middle is marked."""

    name: str
    layer: str
    values: tuple[float, ...]
    low: float
    middle: float
    high: float
    note: str = ""  # text at the end of the row


def world_series_chart(title: str, series: Sequence[WorldSeries], write: Write, say: Words = ENGLISH) -> Chart:
    """Draw the bands of a story and of its control (dashed) over time."""
    months = [month_number(month) for world in series for month, *_ in world.points]
    values = [value for world in series for _, *three in world.points for value in three]
    chosen = ticks(min(*values, 0.0), max(*values, 0.0))
    across, down = (LEFT, SIZE[0] - RIGHT), (TOP, SIZE[1] - BOTTOM)

    def x(month: date) -> float:
        return position(month_number(month), (min(months), max(months)), across)

    def y(value: float) -> float:
        return position(value, (chosen[0], chosen[-1]), (down[1], down[0]))

    parts = [*_levels(chosen, y, across, write, say), *_months(series, x, down[1], say)]
    parts += [_band(world, x, y) for world in series]
    ends = spread([y(world.points[-1][2]) for world in series], 19.0, down)
    for world, height in zip(series, ends, strict=True):
        parts.append(marker(LAYER_STYLES[style_of(world.layer)].marker, across[1] + 12, height, MARK, _fill(world)))
        parts.append(label(across[1] + 21, height, world.name))
    summary = ", ".join(f"{world.name} {write(world.points[-1][2])}" for world in series)
    summary = say("bands.summary", month=say.month(series[0].points[-1][0]), ends=summary)
    return Chart(title, summary, picture(title, summary, SIZE, parts), _over_time(series, write, say))


def _fill(world: WorldSeries) -> str:
    return f"f-{style_of(world.layer)}" if world.story else "f-world"


def _levels(
    chosen: Sequence[float], y: Callable[[float], float], across: tuple[float, float], write: Write, say: Words
) -> list[Markup]:
    parts: list[Markup] = []
    for value in chosen:
        parts.append(rule(across[0], y(value), across[1], y(value), "zero" if value == 0 else "rule"))
        parts.append(label(across[0] - 8, y(value), say.brief(write(value)), "quiet", "end"))
    return parts


def _months(series: Sequence[WorldSeries], x: Callable[[date], float], bottom: float, say: Words) -> list[Markup]:
    points = series[0].points
    months = month_ticks(points[0][0], points[-1][0])
    drawn = [month for month in months if points[0][0] <= month <= points[-1][0]]
    return [label(x(month), bottom + 18, say.short_month(month), "quiet", "middle") for month in drawn]


def _band(world: WorldSeries, x: Callable[[date], float], y: Callable[[float], float]) -> Markup:
    """Draw a band and its middle line."""
    style = style_of(world.layer) if world.story else "world"
    upper = [f"{point(x(month))} {point(y(high))}" for month, _, _, high in world.points]
    lower = [f"{point(x(month))} {point(y(low))}" for month, low, _, _ in reversed(world.points)]
    middle = " ".join(f"{point(x(month))} {point(y(value))}" for month, _, value, _ in world.points)
    band = element("path", {"d": f"M{' '.join([*upper, *lower])}Z", "class": f"f-{style}", "fill-opacity": ".18"})
    dash = None if world.story else "5 4"
    return element(
        "g", {}, band, element("path", {"d": f"M{middle}", "class": f"line s-{style}", "stroke-dasharray": dash})
    )


def _over_time(series: Sequence[WorldSeries], write: Write, say: Words) -> Table:
    head = [say("table.month"), *(world.name for world in series)]
    rows = [
        [f"{month:%Y-%m}", *(write(world.points[index][2]) for world in series)]
        for index, (month, *_) in enumerate(series[0].points)
    ]
    return Table(head, rows)


def dots_chart(title: str, rows: Sequence[DotRow], write: Write, at: float = 0.0, say: Words = ENGLISH) -> Chart:
    """Draw a dot for each seed, row by row, on one axis, with a line at ``at``, where a claim turns."""
    values = [at, *(value for row in rows for value in (*row.values, row.low, row.high))]
    chosen = ticks(min(values), max(values))
    across, height = (NAMES, SIZE[0] - RIGHT), TOP + ROW * len(rows) + BOTTOM

    def x(value: float) -> float:
        return position(value, (chosen[0], chosen[-1]), across)

    bottom = height - BOTTOM
    parts = [rule(x(value), TOP, x(value), bottom, "rule") for value in chosen]
    parts += [label(x(value), bottom + 16, say.brief(write(value)), "quiet", "middle") for value in chosen]
    parts.append(rule(x(at), TOP, x(at), bottom, "zero"))
    for number, row in enumerate(rows):
        parts += _row(row, x, TOP + ROW * (number + 0.5), across[1])
    summary = "; ".join(f"{row.name}: {write(row.middle)}" for row in rows)
    size = (SIZE[0], height)
    data = Table(
        [say("bands.of"), say("bands.middle"), say("bands.low"), say("bands.high")],
        [[row.name, *(write(value) for value in (row.middle, row.low, row.high))] for row in rows],
    )
    return Chart(title, summary, picture(title, summary, size, parts), data)


def _row(row: DotRow, x: Callable[[float], float], y: float, end: float) -> list[Markup]:
    """Draw one row: its name, band, dots and middle."""
    style = style_of(row.layer)
    attributes = {"x1": x(row.low), "y1": y, "x2": x(row.high), "y2": y, "stroke-width": 8.0, "stroke-opacity": ".25"}
    parts = [*_name(row.name, y), element("line", attributes | {"class": f"s-{style}"})]
    for value in row.values:
        dot = {"cx": x(value), "cy": y, "r": 3.0, "class": f"f-{style}", "fill-opacity": ".6"}
        parts.append(element("circle", dot))
    parts.append(rule(x(row.middle), y - 9, x(row.middle), y + 9, "zero"))
    return [*parts, label(end + 12, y, row.note, "quiet")]


def _name(name: str, y: float) -> list[Markup]:
    """Write the name of a row on as many lines as it needs."""
    lines = wrap(name, LETTERS) or [""]
    first = y - LINE * (len(lines) - 1)
    return [label(4, first + 2 * LINE * number, line) for number, line in enumerate(lines)]

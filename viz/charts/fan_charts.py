"""Fan charts: the middle of many runs along an axis, with an inner and an outer band around it."""

from collections.abc import Sequence
from dataclasses import dataclass

from watersellers.viz.drawing.chart import Chart, Table, empty_picture, picture
from watersellers.viz.drawing.number_format import NumberWriter
from watersellers.viz.drawing.scales import position, ticks
from watersellers.viz.drawing.svg import Markup, element, label, marker, point, rule
from watersellers.viz.drawing.theme import LAYER_STYLES, style_of
from watersellers.viz.words.catalogue import ENGLISH, Words

PANEL = (380.0, 240.0)
ACROSS = 2  # panels side by side
LEFT, RIGHT, TOP, BOTTOM = 76.0, 16.0, 34.0, 34.0
LEVELS = ("lowest", "low", "median", "high", "highest")
MARK = 4.0
MAX_LABELS = 4  # along an axis
SHORTEST = 2  # points of a line


@dataclass(frozen=True)
class Fan:
    """The values of one layer, firm or case: positions along the axis, and five levels at each."""

    name: str
    style: str
    positions: tuple[float, ...]
    labels: tuple[str, ...]  # of each position
    levels: tuple[tuple[float, float, float, float, float], ...]
    end: str = ""  # where it ends, in words


def fans_chart(
    title: str, fans: Sequence[Fan], heads: Sequence[str], write: NumberWriter, say: Words = ENGLISH
) -> Chart:
    """Draw a panel for each fan, all on the same scale.

    Parameters
    ----------
    title : str
        The title of the chart.
    fans : sequence of Fan
        The fans; each has at least one position.
    heads : sequence of str
        What the axis and the five levels are, for the table under the chart.
    write : callable
        Writes a value as text.
    say : Words
        The language.
    """
    data = _data(fans, heads, write, say)
    if not fans:
        return Chart(title, say("fans.empty"), empty_picture(title, say("fans.empty"), PANEL[0] * ACROSS), data)
    rows = -(-len(fans) // ACROSS)
    size = (PANEL[0] * min(ACROSS, len(fans)), PANEL[1] * rows)
    values = [value for fan in fans for levels in fan.levels for value in levels]
    chosen = ticks(min(0.0, *values), max(0.0, *values))
    parts = []
    for number, fan in enumerate(fans):
        corner = (PANEL[0] * (number % ACROSS), PANEL[1] * (number // ACROSS))
        moved = {"transform": f"translate({point(corner[0])} {point(corner[1])})"}
        parts.append(element("g", moved, *_panel(fan, chosen, write, say)))
    summary = say("fans.summary", parts="; ".join(fan.end for fan in fans))
    return Chart(title, summary, picture(title, summary, size, parts), data)


def _panel(fan: Fan, chosen: Sequence[float], write: NumberWriter, say: Words) -> list[Markup]:
    domain, span = (chosen[0], chosen[-1]), (min(fan.positions), max(fan.positions))
    style = style_of(fan.style)
    parts = [marker(LAYER_STYLES[style].marker, LEFT, TOP / 2, MARK, f"f-{style}"), label(LEFT + 10, TOP / 2, fan.name)]
    for value in chosen:
        y = _y(value, domain)
        parts.append(rule(LEFT, y, PANEL[0] - RIGHT, y, "zero" if value == 0 else "rule"))
        parts.append(label(LEFT - 6, y, say.brief(write(value)), "quiet", "end"))
    step = max(1, -(-len(fan.positions) // MAX_LABELS))
    for at, text in list(zip(fan.positions, fan.labels, strict=True))[::step]:
        parts.append(label(_x(at, span), PANEL[1] - BOTTOM / 2, text, "quiet", "middle"))
    for low, high in (("lowest", "highest"), ("low", "high")):
        parts.append(_band(fan, (LEVELS.index(low), LEVELS.index(high)), domain, span))
    middle = [(_x(at, span), _y(levels[2], domain)) for at, levels in zip(fan.positions, fan.levels, strict=True)]
    if len(middle) < SHORTEST:
        parts.append(marker(LAYER_STYLES[style].marker, *middle[0], MARK, f"f-{style}"))
    corners = " ".join(f"{point(x)} {point(y)}" for x, y in middle)
    parts.append(element("path", {"d": f"M{corners}", "class": f"line s-{style}"}))
    return parts


def _band(fan: Fan, between: tuple[int, int], domain: tuple[float, float], span: tuple[float, float]) -> Markup:
    low, high = between
    lower = [(_x(at, span), _y(levels[low], domain)) for at, levels in zip(fan.positions, fan.levels, strict=True)]
    upper = [(_x(at, span), _y(levels[high], domain)) for at, levels in zip(fan.positions, fan.levels, strict=True)]
    corners = " ".join(f"{point(x)},{point(y)}" for x, y in [*lower, *reversed(upper)])
    return element("polygon", {"points": corners, "class": f"band f-{style_of(fan.style)}"})


def _x(at: float, span: tuple[float, float]) -> float:
    return position(at, span, (LEFT, PANEL[0] - RIGHT))


def _y(value: float, domain: tuple[float, float]) -> float:
    return position(value, domain, (PANEL[1] - BOTTOM, TOP))


def _data(fans: Sequence[Fan], heads: Sequence[str], write: NumberWriter, say: Words) -> Table:
    rows = [
        [fan.name, text, *map(write, levels)]
        for fan in fans
        for text, levels in zip(fan.labels, fan.levels, strict=True)
    ]
    return Table([say("fans.who"), *heads], rows, 2)

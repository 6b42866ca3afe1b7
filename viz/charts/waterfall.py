"""A waterfall: an amount, what each step adds to it or takes from it, with its band, and the amount at the end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from watersellers.viz.drawing.chart import Chart, Table, picture, stacked
from watersellers.viz.drawing.scales import position, ticks
from watersellers.viz.drawing.short_labels import short_labels
from watersellers.viz.drawing.svg import Markup, element, label, rule
from watersellers.viz.drawing.theme import style_of
from watersellers.viz.words.catalogue import ENGLISH, Words

WIDTH, ROW, TOP, BOTTOM = 1080.0, 30.0, 10.0, 34.0
NAMES, AMOUNTS, REMARKS = 236.0, 912.0, 926.0  # where names and amounts end, and remarks begin
LEFT, RIGHT = 256.0, 812.0  # the room of the bars
BAR, CAP = 16.0, 5.0  # the height of a bar, and half that of the end of a band
UNDER = 4.0  # width of the light line under a band, so that it is seen on a dark bar
LETTERS = 28  # of a name
OPACITY = {"level": "1", "step": ".7", "faint": ".28"}


@dataclass(frozen=True)
class WaterfallBar:
    """A bar: from where to where it leads, in cents, and the band of where it ends.

    A level leads from zero; a faint bar is a step that can't be told from chance.
    """

    name: str
    start: float
    end: float
    low: float
    high: float
    level: bool = False
    faint: bool = False
    remark: str = ""


def waterfall_chart(
    title: str, summary: str, bars: Sequence[WaterfallBar], layer: str, data: Table, say: Words = ENGLISH
) -> Chart:
    """Draw bars from top to bottom on one scale, each beginning where the one above it ends.

    Parameters
    ----------
    title, summary : str
        The title of the chart, and what it shows.
    bars : sequence of WaterfallBar
        The bars, from top to bottom.
    layer : str
        The layer, which gives the colour.
    data : Table
        The data of the chart.
    say : Words
        The language.
    """
    values = [0.0, *(value for bar in bars for value in (bar.start, bar.end, bar.low, bar.high))]
    chosen = ticks(min(values), max(values), about=6)
    bottom = TOP + ROW * len(bars)

    def x(value: float) -> float:
        return position(value, (chosen[0], chosen[-1]), (LEFT, RIGHT))

    names = short_labels([bar.name for bar in bars], LETTERS)
    parts = [rule(x(value), TOP, x(value), bottom, "rule") for value in chosen]
    parts += [label(x(value), bottom + 16, say.brief(say.money(value)), "quiet", "middle") for value in chosen]
    parts.append(rule(x(0.0), TOP, x(0.0), bottom, "zero"))
    for number, bar in enumerate(bars):
        y = TOP + ROW * (number + 0.5)
        parts += _texts(bar, names[bar.name], y, say)
        parts.append(_bar(bar, x, y, style_of(layer)))
        if number + 1 < len(bars):
            parts.append(rule(x(bar.end), y + BAR / 2, x(bar.end), y + ROW - BAR / 2, "rule"))
    return Chart(title, summary, picture(title, summary, (WIDTH, bottom + BOTTOM), parts), data)


def _texts(bar: WaterfallBar, name: str, y: float, say: Words) -> list[Markup]:
    """Write the name of a bar before it, and its amount and its remark behind."""
    amount = say.money(bar.end) if bar.level else say.change(bar.end - bar.start)
    return [
        label(NAMES, y, name, anchor="end"),
        label(AMOUNTS, y, amount, anchor="end"),
        *([label(REMARKS, y, bar.remark, "quiet")] if bar.remark else []),
    ]


def _bar(bar: WaterfallBar, x: Callable[[float], float], y: float, style: str) -> Markup:
    """Draw a bar and, over its end, its band."""
    left, right = sorted((x(bar.start), x(bar.end)))
    size = {"x": left, "y": y - BAR / 2, "width": max(1.5, right - left), "height": BAR}
    kind = "level" if bar.level else "faint" if bar.faint else "step"
    parts = [element("rect", size | {"class": f"f-{style}", "fill-opacity": OPACITY[kind]})]
    if bar.high > bar.low:
        low, high = x(bar.low), x(bar.high)
        under = {"x1": low, "y1": y, "x2": high, "y2": y, "stroke": "var(--paper)", "stroke-width": UNDER}
        parts += [element("line", under), rule(low, y, high, y, "zero")]
        parts += [rule(end, y - CAP, end, y + CAP, "zero") for end in (low, high)]
    return stacked(parts)

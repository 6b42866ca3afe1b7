"""A bar chart of how much each parameter matters, with confidence intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

from watersellers.viz.drawing.chart import Chart, Table, empty_picture, picture
from watersellers.viz.drawing.scales import position, ticks
from watersellers.viz.drawing.short_labels import short_labels
from watersellers.viz.drawing.svg import Markup, element, label, rule
from watersellers.viz.words.catalogue import ENGLISH, Words

WIDTH, ROW = 760.0, 30.0
LEFT, RIGHT, TOP, BOTTOM = 260.0, 90.0, 20.0, 40.0
THICK, THIN = 14.0, 6.0
NAME = 34  # letters of a parameter's path beside its bar


@dataclass(frozen=True, slots=True)
class Bar:
    """How much a parameter matters: the value, its interval, and a smaller value shown inside the bar."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    inner: float | None = None


def importance_chart(title: str, bars: Sequence[Bar], say: Words = ENGLISH) -> Chart:
    """Draw a bar for each parameter, the longest first.

    Parameters
    ----------
    title : str
        The title of the chart.
    bars : sequence of Bar
        The bars, in any order.
    say : Words
        The language.
    """
    ranked = sorted(bars, key=lambda bar: (-bar.value, bar.name))
    data = _data(ranked, say)
    if not ranked:
        return Chart(title, say("bars.empty"), empty_picture(title, say("bars.empty"), WIDTH), data)
    size = (WIDTH, TOP + BOTTOM + ROW * len(ranked))
    ends = [end for bar in ranked for end in (bar.value, bar.low, bar.high, bar.inner) if end is not None]
    chosen = ticks(min(0.0, *ends), max(0.0, *ends))
    domain = (chosen[0], chosen[-1])
    parts = [*_axis(chosen, domain, size[1], say), *_drawn(ranked, domain, say)]
    summary = _summary(ranked, say)
    return Chart(title, summary, picture(title, summary, size, parts), data)


def _x(value: float, domain: tuple[float, float]) -> float:
    return position(value, domain, (LEFT, WIDTH - RIGHT))


def _axis(chosen: Sequence[float], domain: tuple[float, float], bottom: float, say: Words) -> list[Markup]:
    parts = []
    for value in chosen:
        x = _x(value, domain)
        parts.append(rule(x, TOP, x, bottom - BOTTOM, "zero" if value == 0 else "rule"))
        parts.append(label(x, bottom - BOTTOM / 2, say.plain(value), "quiet", "middle"))
    return parts


def _drawn(bars: Sequence[Bar], domain: tuple[float, float], say: Words) -> list[Markup]:
    parts, names = [], short_labels((bar.name for bar in bars), NAME, keep_end=True)
    for number, bar in enumerate(bars):
        y = TOP + ROW * (number + 1 / 2)
        parts.append(label(LEFT - 10, y, names[bar.name], "", "end"))
        parts.append(_box(bar.value, y, THICK, domain, ".35"))
        if bar.inner is not None:
            parts.append(_box(bar.inner, y, THIN, domain, "1"))
        if bar.low is not None and bar.high is not None:
            parts.append(rule(_x(bar.low, domain), y, _x(bar.high, domain), y, "zero"))
        end = max(bar.value, bar.high or bar.value)
        parts.append(label(_x(end, domain) + 8, y, say.plain(bar.value), "quiet"))
    return parts


def _box(value: float, y: float, thick: float, domain: tuple[float, float], opacity: str) -> Markup:
    left, right = sorted((_x(0.0, domain), _x(value, domain)))
    box = {"x": left, "y": y - thick / 2, "width": right - left, "height": thick}
    return element("rect", box | {"class": "f-chips", "fill-opacity": opacity})


def _summary(bars: Sequence[Bar], say: Words) -> str:
    first = bars[0]
    unclear = sum(bar.low is not None and bar.low <= 0 for bar in bars[1:])
    key = "bars.summary_clear" if unclear else "bars.summary"
    return say(key, name=first.name, value=say.plain(first.value), rest=unclear)


def _data(bars: Sequence[Bar], say: Words) -> Table:
    rows = [[bar.name, *(say.plain(value) for value in (bar.value, bar.low, bar.high, bar.inner))] for bar in bars]
    head = [say("sweep.parameter"), *(say(f"bars.{key}") for key in ("value", "low", "high", "second"))]
    return Table(head, rows)

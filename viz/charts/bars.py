"""A bar chart of amounts, each bar with its name and a note."""

from collections.abc import Sequence
from typing import NamedTuple

from watersellers.viz.drawing.chart import Chart, Table, empty_picture, picture
from watersellers.viz.drawing.svg import element, label, rule
from watersellers.viz.words.catalogue import ENGLISH, Words

ROW, NAMES, AMOUNTS = 30.0, 190.0, 220.0
BAR = 16.0


class Bar(NamedTuple):
    """One bar: its name, its amount in cents, and the style of its layer."""

    name: str
    cents: int
    style: str


def bars_chart(title: str, bars: Sequence[Bar], width: float, notes: Sequence[str], say: Words = ENGLISH) -> Chart:
    """Draw amounts as bars on one scale; negative amounts go to the left of the zero line.

    Parameters
    ----------
    title : str
        The title of the chart.
    bars : sequence of Bar
        The bars, from top to bottom.
    width : float
        The width of the picture.
    notes : sequence of str
        The text at the end of each bar.
    say : Words
        The language.
    """
    head = [say("table.holder"), say("table.amount"), say("table.note")]
    data = Table(head, [[bar.name, say.dollars(bar.cents), note] for bar, note in zip(bars, notes, strict=True)])
    if not bars:
        return Chart(title, say("table.none"), empty_picture(title, say("table.none"), width), data)
    low, high = min(0, *(bar.cents for bar in bars)), max(1, *(bar.cents for bar in bars))
    room = width - NAMES - AMOUNTS
    zero = NAMES + room * -low / (high - low)
    parts = [rule(zero, 4, zero, ROW * len(bars) + 4, "zero")]
    for row, (bar, note) in enumerate(zip(bars, notes, strict=True)):
        y, reach = ROW * (row + 0.5) + 4, room * abs(bar.cents) / (high - low)
        x = zero if bar.cents >= 0 else zero - reach
        size = {"x": x, "y": y - BAR / 2, "width": max(1.0, reach), "height": BAR, "class": f"f-{bar.style}"}
        parts += [label(NAMES - 12, y, bar.name, anchor="end"), element("rect", size)]
        parts.append(label(max(zero, x + reach) + 8, y, note))
    summary = ", ".join(f"{bar.name} {say.money(bar.cents)}" for bar in bars)
    return Chart(title, summary, picture(title, summary, (width, ROW * len(bars) + 8), parts), data)

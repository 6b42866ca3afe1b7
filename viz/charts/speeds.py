"""A bar chart on a logarithmic scale: how many users per second each contender computes."""

import math

import polars as pl

from watersellers.viz.drawing.chart import Chart, Table, picture
from watersellers.viz.drawing.scales import position
from watersellers.viz.drawing.svg import element, label, rule

WIDTH, LEFT, RIGHT = 760.0, 210.0, 90.0  # the names stand left of the bars, the figures right
STEP, BAR, TOP, BOTTOM = 30.0, 18.0, 12.0, 34.0
TITLE = "Users whose month is computed in a second"


def speeds_chart(speeds: pl.DataFrame) -> Chart:
    """Draw how many users per second each contender computes; each step to the right is ten times as many.

    Parameters
    ----------
    speeds : pl.DataFrame
        who, users per second (above 0); one row each, in the order to be drawn.
    """
    rows = speeds.rows()
    data = Table(speeds.columns, [[who, f"{speed:,.0f}"] for who, speed in rows])
    height = TOP + STEP * len(rows) + BOTTOM
    if not rows:
        return Chart(TITLE, "Nothing was measured.", picture(TITLE, "Nothing was measured.", (WIDTH, height), []), data)
    summary = f"{rows[0][0]} computes most, {_figure(rows[0][1])}; {rows[-1][0]} least, {_figure(rows[-1][1])}."
    powers = [math.log10(speed) for _, speed in rows]
    domain = math.floor(min(powers) - 0.01), math.ceil(max(powers))
    room = (LEFT, WIDTH - RIGHT)
    parts = []
    for ten in range(domain[0], domain[1] + 1):
        x, foot = position(ten, domain, room), height - BOTTOM
        parts += [rule(x, TOP, x, foot), label(x, foot + BOTTOM / 2, _figure(10.0**ten), "quiet", "middle")]
    for number, ((who, speed), power) in enumerate(zip(rows, powers, strict=True)):
        middle, end = TOP + STEP * (number + 0.5), position(power, domain, room)
        bar = {"x": LEFT, "y": middle - BAR / 2, "width": end - LEFT, "height": BAR, "fill": "var(--link)"}
        parts += [element("rect", bar), label(LEFT - 8, middle, who, anchor="end")]
        parts += [label(end + 6, middle, _figure(speed))]
    return Chart(TITLE, summary, picture(TITLE, summary, (WIDTH, height), parts), data)


def _figure(value: float) -> str:
    """Write a number in three digits with its unit."""
    for size, unit in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.3g}"

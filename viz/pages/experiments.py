"""Designed experiments: the pictures of an opened sweep, handed in by what reads sweeps."""

from collections.abc import Callable, Sequence

from viz.charts.chart import Chart
from viz.charts.svg import Markup, element
from viz.live.scene import Scene
from viz.pages.controls import figure
from viz.pieces import paragraph

type Pictures = Callable[[Scene], Sequence[Chart]]
OPENED: list[Pictures] = []  # filled once, by the command that opens a sweep, before any page is there


def page(scene: Scene) -> Markup:
    """Show the pictures of the sweep that was opened, or say how to open one."""
    say = scene.words
    charts = [chart for pictures in OPENED for chart in pictures(scene)]
    drawn = [figure(f"sweep_{number}", chart, scene, "wide") for number, chart in enumerate(charts)]
    body = drawn or [paragraph(say("experiments.none"), "lead"), paragraph(say("experiments.how"))]
    return element("article", {}, element("h1", {}, say("page.experiments")), *body)

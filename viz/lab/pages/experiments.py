"""The experiments page: the charts of an opened sweep, passed in by the command that reads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from watersellers.viz.drawing.chart import Chart
from watersellers.viz.drawing.svg import Markup, element
from watersellers.viz.lab.pages.controls import figure
from watersellers.viz.lab.view.scene import Scene
from watersellers.viz.reports.html_parts import paragraph
from watersellers.viz.words.catalogue import Words

COMMANDS = "watersellers sweep study.toml\nwatersellers view sweeps/study"


@dataclass(frozen=True)
class OpenedSweep:
    """A sweep that pages can show: its name, its number of runs, and its charts by language."""

    name: str
    runs: int
    charts: Callable[[Words], Sequence[Chart]]


OPENED: list[OpenedSweep] = []  # filled once, by the command that opens a sweep, before any page opens


def page(scene: Scene) -> Markup:
    """Show the charts of the opened sweep, or say how to open one."""
    say = scene.words
    body = [_sweep(number, sweep, scene) for number, sweep in enumerate(OPENED)]
    if not OPENED:
        commands = element("pre", {}, COMMANDS)
        body = [paragraph(say("experiments.none"), "lead"), paragraph(say("experiments.how")), commands]
    return element("article", {}, element("h1", {}, say("page.experiments")), *body)


def _sweep(number: int, sweep: OpenedSweep, scene: Scene) -> Markup:
    """Show the charts of one sweep."""
    charts = enumerate(sweep.charts(scene.words))
    drawn = [figure(f"sweep_{number}_{index}", chart, scene, "wide") for index, chart in charts]
    title = scene.words("experiments.sweep", name=sweep.name, runs=sweep.runs)
    return element("section", {"class": "sweep"}, element("h2", {}, title), *drawn)

"""Designed experiments: the pictures of an opened sweep, handed in by what reads sweeps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from watersellers.viz.charts.chart import Chart
from watersellers.viz.charts.svg import Markup, element
from watersellers.viz.live.scene import Scene
from watersellers.viz.pages.controls import figure
from watersellers.viz.pieces import paragraph
from watersellers.viz.words import Words

COMMANDS = "watersellers sweep study.toml\nwatersellers view sweeps/study"


@dataclass(frozen=True)
class OpenedSweep:
    """A sweep that a page may show: its name, how many runs it has, and its pictures in a language."""

    name: str
    runs: int
    pictures: Callable[[Words], Sequence[Chart]]


OPENED: list[OpenedSweep] = []  # filled once, by the command that opens a sweep, before any page is there


def page(scene: Scene) -> Markup:
    """Show the pictures of the sweep that was opened, or say how to open one."""
    say = scene.words
    body = [_sweep(number, sweep, scene) for number, sweep in enumerate(OPENED)]
    if not OPENED:
        commands = element("pre", {}, COMMANDS)
        body = [paragraph(say("experiments.none"), "lead"), paragraph(say("experiments.how")), commands]
    return element("article", {}, element("h1", {}, say("page.experiments")), *body)


def _sweep(number: int, sweep: OpenedSweep, scene: Scene) -> Markup:
    """Show the pictures of one sweep."""
    charts = enumerate(sweep.pictures(scene.words))
    drawn = [figure(f"sweep_{number}_{place}", chart, scene, "wide") for place, chart in charts]
    title = scene.words("experiments.sweep", name=sweep.name, runs=sweep.runs)
    return element("section", {"class": "sweep"}, element("h2", {}, title), *drawn)

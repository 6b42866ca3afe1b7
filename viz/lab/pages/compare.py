"""The compare page: two worlds with the same seed and one difference, and its effect on each layer's profit."""

from dataclasses import replace

import polars as pl

from watersellers.experiments.input.errors import BadInput, refuse, unknown
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.runs.dated_changes import Change
from watersellers.experiments.runs.run_spec import RunSpec, unknown_scenario
from watersellers.market.goods import CHAIN
from watersellers.viz.charts.lines import CASH, PROFIT, Measure, lines_chart
from watersellers.viz.drawing.chart import Table
from watersellers.viz.drawing.svg import Markup, element
from watersellers.viz.lab.pages.controls import button, choice, figure, table_figure
from watersellers.viz.lab.view.scene import Scene
from watersellers.viz.reports.html_parts import paragraph
from watersellers.viz.words.catalogue import Words

COUNTERS: dict[str, dict[str, object]] = {
    "export_stop": {"changes": (Change("2023-10", "chips.nvidia.exports", 0.0),)},
    "free_choice": {"set": {"chips.nvidia.lock_in": 0.0}},
    "cheap_seats": {"set": {"apps.list_price": 10.0}},
    "sober_investors": {"set": {"investors.hype_pull": 0.0}},
    "no_race": {"set": {"labs.research": "within_revenue"}},
}
SCENARIO = "scenario:"
ROOMY, TIGHT = (500.0, 260.0), (350.0, 240.0)


def against(run_spec: RunSpec, name: str) -> RunSpec | None:
    """Return the second world's run specification: one difference, or another scenario; None for an empty name.

    Raises
    ------
    BadInput
        If the name is not one of the choices.
    """
    if name.startswith(SCENARIO):
        refuse(unknown_scenario(name.removeprefix(SCENARIO)))
        return RunSpec(name.removeprefix(SCENARIO), run_spec.seed, run_spec.users)
    if not name:
        return None
    if name not in COUNTERS:
        raise BadInput(f"with: {unknown('world to compare with', name, COUNTERS)}")
    difference = COUNTERS[name]
    more = difference.get("set", {})
    assert isinstance(more, dict)
    later = difference.get("changes", ())
    assert isinstance(later, tuple)
    return replace(run_spec, set={**run_spec.set, **more}, changes=(*run_spec.changes, *later))


def page(scene: Scene) -> Markup:
    """Make the page: both worlds and their difference."""
    say = scene.words
    chosen = _name_of(scene)
    options = [("", say("compare.choose")), *((key, say(f"compare.{key}")) for key in COUNTERS)]
    options += [(f"{SCENARIO}{name}", name.replace("_", " ")) for name in builtin_catalogue().names()]
    head = [
        element("h1", {}, say("compare.title")),
        paragraph(say("compare.key", seed=scene.view.run_spec.seed)),
        element("div", {"class": "control"}, choice("with", say("compare.with"), options, chosen)),
    ]
    if not scene.view.snapshots:
        return element("article", {}, *head, paragraph(say("compare.none"), "lead"), button(say("time.play"), "play"))
    other = scene.other
    if other is None or other.history is None or scene.history is None:
        return element("article", {}, *head, paragraph(say("compare.wait" if other else "compare.pick"), "lead"))
    return element("article", {}, *head, _difference(scene, other), _both(scene, other))


def _name_of(scene: Scene) -> str:
    """Return which of the choices the second world is."""
    known = [*COUNTERS, *(f"{SCENARIO}{name}" for name in builtin_catalogue().names())]
    return next(
        (n for n in known if scene.address.with_ and against(scene.view.run_spec, n) == scene.address.with_), ""
    )


def _difference(scene: Scene, other: Scene) -> Markup:
    """Show each layer's profit in both worlds over the months that both have, and the difference."""
    say = scene.words
    assert scene.history is not None
    assert other.history is not None
    months = min(len(scene.history.months), len(other.history.months))
    last = scene.history.months[months - 1].day
    sums = [_profits(history.layers.filter(pl.col("month") <= last)) for history in (scene.history, other.history)]
    rows = [
        [
            say.name(layer),
            say.money(sums[0][layer]),
            say.money(sums[1][layer]),
            _signed(sums[1][layer] - sums[0][layer], say),
        ]
        for layer in CHAIN
    ]
    head = [say("table.layer"), say("compare.first"), say("compare.second"), say("compare.difference")]
    title = say("compare.profits", month=say.month(last), months=months)
    return table_figure("compare", Table(head, rows), title, scene)


def _signed(cents: int, say: Words) -> str:
    return f"+{say.money(cents)}" if cents > 0 else say.money(cents)


def _profits(layers: pl.DataFrame) -> dict[str, int]:
    sums = dict(layers.group_by("layer").agg(pl.col("operating_profit").sum()).iter_rows())
    return {layer: int(sums.get(layer, 0)) for layer in CHAIN}


def _both(scene: Scene, other: Scene) -> Markup:
    """Draw both worlds side by side, on shared axes."""
    parts = [_pair(measure, scene, other) for measure in (CASH, PROFIT)]
    return element("div", {"class": "pairs"}, *parts)


def _pair(measure: Measure, scene: Scene, other: Scene) -> Markup:
    say = scene.words
    assert scene.history is not None
    assert other.history is not None
    shared = pl.concat([scene.history.layers, other.history.layers])
    size = TIGHT if scene.narrow else ROOMY
    drawn = []
    for key, history in (("first", scene.history), ("second", other.history)):
        chart = lines_chart(history.layers, measure, size, say, beside=shared)
        named = replace(chart, title=say("compare.of", title=chart.title, world=say(f"compare.{key}")))
        drawn.append(figure(f"{key}_{measure.column}", named, scene, "line"))
    return element("div", {"class": "pair"}, *drawn)

"""Two worlds beside each other: one seed, one thing different, and what that is worth to whom in dollars."""

from dataclasses import replace

import polars as pl

from watersellers.experiments.catalogue import ours
from watersellers.experiments.errors import BadInput, refuse, unknown
from watersellers.experiments.steering import Change, Recipe, unnamed
from watersellers.market.goods import CHAIN
from watersellers.viz.charts.chart import Table
from watersellers.viz.charts.lines import CASH, PROFIT, Measure, lines_chart
from watersellers.viz.charts.svg import Markup, element
from watersellers.viz.live.scene import Scene
from watersellers.viz.pages.controls import button, choice, figure, table_figure
from watersellers.viz.pieces import paragraph
from watersellers.viz.words import Words

COUNTERS: dict[str, dict[str, object]] = {
    "export_stop": {"changes": (Change("2023-10", "chips.nvidia.exports", 0.0),)},
    "free_choice": {"set": {"chips.nvidia.lock_in": 0.0}},
    "cheap_seats": {"set": {"apps.list_price": 10.0}},
    "sober_investors": {"set": {"investors.hype_pull": 0.0}},
    "no_race": {"set": {"labs.research": "within_revenue"}},
}
SCENARIO = "scenario:"
ROOMY, TIGHT = (500.0, 260.0), (350.0, 240.0)


def against(recipe: Recipe, name: str) -> Recipe | None:
    """Give the other world: the same seed and users with one thing different, or another scenario; none for no name.

    Raises
    ------
    BadInput
        If the name is none of those to choose from.
    """
    if name.startswith(SCENARIO):
        refuse(unnamed(name.removeprefix(SCENARIO)))
        return Recipe(name.removeprefix(SCENARIO), recipe.seed, recipe.users)
    if not name:
        return None
    if name not in COUNTERS:
        raise BadInput(f"with: {unknown('world to compare with', name, COUNTERS)}")
    found = COUNTERS[name]
    more = found.get("set", {})
    assert isinstance(more, dict)
    later = found.get("changes", ())
    assert isinstance(later, tuple)
    return replace(recipe, set={**recipe.set, **more}, changes=(*recipe.changes, *later))


def page(scene: Scene) -> Markup:
    """Show both worlds and their difference."""
    say = scene.words
    chosen = _name_of(scene)
    options = [("", say("compare.choose")), *((key, say(f"compare.{key}")) for key in COUNTERS)]
    options += [(f"{SCENARIO}{name}", name.replace("_", " ")) for name in ours().names()]
    head = [
        element("h1", {}, say("compare.title")),
        paragraph(say("compare.key", seed=scene.view.recipe.seed)),
        element("div", {"class": "control"}, choice("with", say("compare.with"), options, chosen)),
    ]
    if not scene.view.tape:
        return element("article", {}, *head, paragraph(say("compare.none"), "lead"), button(say("time.play"), "play"))
    other = scene.other
    if other is None or other.past is None or scene.past is None:
        return element("article", {}, *head, paragraph(say("compare.wait" if other else "compare.pick"), "lead"))
    return element("article", {}, *head, _difference(scene, other), _both(scene, other))


def _name_of(scene: Scene) -> str:
    """Find which of the choices the other world is."""
    known = [*COUNTERS, *(f"{SCENARIO}{name}" for name in ours().names())]
    return next((n for n in known if scene.address.with_ and against(scene.view.recipe, n) == scene.address.with_), "")


def _difference(scene: Scene, other: Scene) -> Markup:
    """Add up what each layer made in both worlds over the months that both have lived, and the difference."""
    say = scene.words
    assert scene.past is not None
    assert other.past is not None
    months = min(len(scene.past.months), len(other.past.months))
    last = scene.past.months[months - 1].day
    sums = [_profits(past.layers.filter(pl.col("month") <= last)) for past in (scene.past, other.past)]
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
    """Draw both worlds side by side on shared axes."""
    parts = [_pair(measure, scene, other) for measure in (CASH, PROFIT)]
    return element("div", {"class": "pairs"}, *parts)


def _pair(measure: Measure, scene: Scene, other: Scene) -> Markup:
    say = scene.words
    assert scene.past is not None
    assert other.past is not None
    shared = pl.concat([scene.past.layers, other.past.layers])
    size = TIGHT if scene.narrow else ROOMY
    drawn = []
    for key, past in (("first", scene.past), ("second", other.past)):
        chart = lines_chart(past.layers, measure, size, say, beside=shared)
        named = replace(chart, title=say("compare.of", title=chart.title, world=say(f"compare.{key}")))
        drawn.append(figure(f"{key}_{measure.column}", named, scene, "line"))
    return element("div", {"class": "pair"}, *drawn)

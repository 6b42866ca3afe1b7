"""The controls at the side: which world, and the knobs, each saying whether it acts now or at the next start."""

from watersellers.agents.setting import Setting
from watersellers.experiments.catalogue import ours
from watersellers.viz.charts.svg import Markup, element, joined
from watersellers.viz.live.address import MOST_USERS
from watersellers.viz.live.levers import AT_THE_START, CHOICES, LEVERS, Lever, chosen, reachable, strategies
from watersellers.viz.live.scene import Scene
from watersellers.viz.pages.controls import button, choice, number_field, slider
from watersellers.viz.pieces import paragraph
from watersellers.viz.words import Words


def side(scene: Scene) -> Markup:
    """Give the world's recipe and its knobs."""
    setting = scene.view.setting
    if setting is None:
        return Markup("")
    return joined([_now(scene, setting), _world(scene, setting)])


def _now(scene: Scene, setting: Setting) -> Markup:
    """Give the knobs that act from the next month on, and what was turned so far."""
    say, month = scene.words, scene.number + 1
    knobs = [_knob(lever, setting, month, say) for lever in reachable(setting, LEVERS)]
    turned = [
        element("li", {}, say("lever.turned", month=c.month, name=_name(c.path, say), value=f"{c.value:g}"))
        for c in scene.view.recipe.changes
    ]
    listed = [element("h3", {}, say("lever.so_far")), element("ul", {"class": "turned"}, *turned)] if turned else []
    note = paragraph(say("lever.now_note"), "note")
    return element("section", {"class": "knobs"}, element("h2", {}, say("lever.now")), note, *knobs, *listed)


def _knob(lever: Lever, setting: Setting, month: int, say: Words) -> Markup:
    value = lever.value_in(setting, month)
    ends = (lever.low, max(lever.high, value), lever.step)
    return element(
        "div",
        {"class": "knob"},
        slider(f"lever:{lever.path}", _name(lever.path, say), ends, value, _said(lever.path, value, say)),
    )


def _said(path: str, value: float, say: Words) -> str:
    """Write where a slider stands: a flag as yes or no, a number with its unit."""
    number = say.number(f"{value:,.2f}".rstrip("0").rstrip("."))
    unit = say.table.get(f"unit.{path}", "{value}")
    if unit == "flag":
        return say("lever.yes" if value else "lever.no")
    return unit.format(value=number, percent=say.number(f"{100 * value:g}"))


def _name(path: str, say: Words) -> str:
    return say.table.get(f"lever.{path}", path)


def _world(scene: Scene, setting: Setting) -> Markup:
    """Give what holds from the next start on: scenario, seed, users, and the numbers used up before the first month."""
    say, recipe = scene.words, scene.address.recipe
    scenarios = [(name, name.replace("_", " ")) for name in ours().names()]
    knobs = [_starter(lever, setting, recipe.set.get(lever.path), say) for lever in reachable(setting, AT_THE_START)]
    menus = strategies()
    picks = [
        choice(
            f"pick:{path}",
            say(f"pick.{path}"),
            [(name, say.name(name)) for name in menus[path]],
            str(recipe.set.get(path) or chosen(setting, path)),
        )
        for path in CHOICES
    ]
    parts = [
        element("h2", {}, say("start.title")),
        paragraph(say("start.note"), "note"),
        choice("scenario", say("start.scenario"), scenarios, recipe.scenario),
        number_field("seed", say("start.seed"), recipe.seed, (0, 2**32)),
        number_field("users", say("start.users"), recipe.users, (10, MOST_USERS)),
        *knobs,
        element("details", {"data-key": "picks"}, element("summary", {}, say("start.picks")), *picks),
        button(say("start.again"), "restart", **{"class": "wide"}),
    ]
    return element("section", {"class": "knobs"}, *parts)


def _starter(lever: Lever, setting: Setting, given: object, say: Words) -> Markup:
    value = float(given) if isinstance(given, int | float) else lever.value_in(setting, -1)
    ends = (lever.low, max(lever.high, value), lever.step)
    name, said = _name(lever.path, say), _said(lever.path, value, say)
    return element("div", {"class": "knob"}, slider(f"start:{lever.path}", name, ends, value, said))

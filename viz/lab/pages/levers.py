"""The controls at the side: the world, and the levers, each saying whether it acts now or at the next start."""

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.viz.drawing.svg import Markup, element, joined
from watersellers.viz.lab.pages.controls import button, choice, number_field, slider
from watersellers.viz.lab.view.address import MOST_USERS
from watersellers.viz.lab.view.levers import (
    AT_THE_START,
    CHOICES,
    LEVERS,
    Lever,
    available_levers,
    main_strategy,
    strategies,
)
from watersellers.viz.lab.view.scene import Scene
from watersellers.viz.reports.html_parts import paragraph
from watersellers.viz.words.catalogue import Words


def side(scene: Scene) -> Markup:
    """Make the controls of the run specification and of the levers."""
    spec = scene.view.spec
    if spec is None:
        return Markup("")
    return joined([_levers_now(scene, spec), _next_start(scene, spec)])


def _levers_now(scene: Scene, spec: ScenarioSpec) -> Markup:
    """Make the levers that act from the next month, and the list of changes so far."""
    say, month = scene.words, scene.number + 1
    levers = [_lever(lever, spec, month, say) for lever in available_levers(spec, LEVERS)]
    changes = [
        element("li", {}, say("lever.turned", month=c.month, name=_lever_name(c.path, say), value=f"{c.value:g}"))
        for c in scene.view.run_spec.changes
    ]
    listed = [element("h3", {}, say("lever.so_far")), element("ul", {"class": "changes"}, *changes)] if changes else []
    note = paragraph(say("lever.now_note"), "note")
    return element("section", {"class": "levers"}, element("h2", {}, say("lever.now")), note, *levers, *listed)


def _lever(lever: Lever, spec: ScenarioSpec, month: int, say: Words) -> Markup:
    value = lever.value_in(spec, month)
    ends = (lever.low, max(lever.high, value), lever.step)
    return element(
        "div",
        {"class": "lever"},
        slider(f"lever:{lever.path}", _lever_name(lever.path, say), ends, value, _value_text(lever.path, value, say)),
    )


def _value_text(path: str, value: float, say: Words) -> str:
    """Write a slider's value: a flag as yes or no, a number with its unit."""
    number = say.number(f"{value:,.2f}".rstrip("0").rstrip("."))
    unit = say.table.get(f"unit.{path}", "{value}")
    if unit == "flag":
        return say("lever.yes" if value else "lever.no")
    return unit.format(value=number, percent=say.number(f"{100 * value:g}"))


def _lever_name(path: str, say: Words) -> str:
    return say.table.get(f"lever.{path}", path)


def _next_start(scene: Scene, spec: ScenarioSpec) -> Markup:
    """Make the controls for the next start: scenario, seed, users, and numbers used only before the first month."""
    say, run_spec = scene.words, scene.address.run_spec
    scenarios = [(name, name.replace("_", " ")) for name in builtin_catalogue().names()]
    levers = [
        _start_lever(lever, spec, run_spec.set.get(lever.path), say) for lever in available_levers(spec, AT_THE_START)
    ]
    menus = strategies()
    picks = [
        choice(
            f"pick:{path}",
            say(f"pick.{path}"),
            [(name, say.name(name)) for name in menus[path]],
            str(run_spec.set.get(path) or main_strategy(spec, path)),
        )
        for path in CHOICES
    ]
    parts = [
        element("h2", {}, say("start.title")),
        paragraph(say("start.note"), "note"),
        choice("scenario", say("start.scenario"), scenarios, run_spec.scenario),
        number_field("seed", say("start.seed"), run_spec.seed, (0, 2**32)),
        number_field("users", say("start.users"), run_spec.users, (10, MOST_USERS)),
        *levers,
        element("details", {"data-key": "picks"}, element("summary", {}, say("start.picks")), *picks),
        button(say("start.again"), "restart", **{"class": "wide"}),
    ]
    return element("section", {"class": "levers"}, *parts)


def _start_lever(lever: Lever, spec: ScenarioSpec, given: object, say: Words) -> Markup:
    value = float(given) if isinstance(given, int | float) else lever.value_in(spec, -1)
    ends = (lever.low, max(lever.high, value), lever.step)
    name, value_text = _lever_name(lever.path, say), _value_text(lever.path, value, say)
    return element("div", {"class": "lever"}, slider(f"start:{lever.path}", name, ends, value, value_text))

"""A scenario with dated changes on top, and a world that is given them while it lives.

Who turns a knob in a running world writes an event into its calendar: the same that a scenario's file would say. So a
world that was steered by hand and one that was told beforehand are the same to the cent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from watersellers.agents.happenings import Happenings
from watersellers.agents.setting import Setting
from watersellers.experiments.catalogue import ours
from watersellers.experiments.errors import BadInput, refuse, unknown
from watersellers.experiments.scenario import lasting, load_scenario


@dataclass(frozen=True)
class Change:
    """A number that is another one from a month on: the month as in 2024-03, its path and its value."""

    month: str
    path: str
    value: float


@dataclass(frozen=True)
class Recipe:
    """All that makes a run, and so all that a link must hold; its scenario is one that has a name here."""

    scenario: str = "baseline"
    seed: int = 1
    users: int = 1000
    set: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()


def unnamed(scenario: str) -> list[str]:
    """Say so if a scenario is none that comes with the program.

    A recipe comes from an address, and anybody can write one: it never says where a file stands. What is said depends
    on the name alone, and not on what the disk holds.
    """
    names = ours().names()
    if scenario in names:
        return []
    cure = "a file of your own is run by `watersellers run FILE`, and its folder opened by `watersellers view FOLDER`"
    return [f"scenario: {unknown('scenario', scenario, names)}; {cure}"]


def setting_of(recipe: Recipe) -> Setting:
    """Resolve a recipe's scenario with its settings and its dated changes.

    Raises
    ------
    BadInput
        If the scenario is none that comes with the program, or a number or a change is not one that can be made.
    """
    refuse(unnamed(recipe.scenario))
    plain = load_scenario(recipe.scenario, recipe.set)
    if not recipe.changes:
        return plain
    events = [{"month": c.month, "what": "set", "path": c.path, "value": c.value} for c in recipe.changes]
    told = load_scenario({"extends": recipe.scenario, "event": events}, recipe.set)
    return replace(told, scenario=plain.scenario, question=plain.question)


def steer(world: Any, setting: Setting) -> None:
    """Give a living world the calendar of a setting that differs from its own only in what is still to come.

    Raises
    ------
    BadInput
        If the two differ in a month that is lived already.
    """
    told = lasting(setting, world.setting.months)
    if _past(told.events, world.month) != _past(world.setting.events, world.month):
        raise BadInput(f"changes: one lies before {world.month} months lived; branch from an earlier month")
    world.setting = replace(world.setting, events=told.events)
    world.parts[Happenings].events = told.events


def _past(events: Sequence[Any], month: int) -> list[Any]:
    return [event for event in events if event.month < month]

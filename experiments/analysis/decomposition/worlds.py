"""Worlds without some causes: settings and copies of firms laid over a scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from watersellers.agents.scenario_spec import ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies import MENUS
from watersellers.experiments.analysis.decomposition.causes import Cause
from watersellers.experiments.input.errors import BadInput, refuse, unknown
from watersellers.experiments.input.scenario_warnings import unsaid
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.loading.schema import calendar_month

FIRST_KEY = 9_001  # of firms that a switch adds

BUYERS = {"chips": "cloud", "cloud": "labs", "labs": "apps"}


def world_without(off: Sequence[Cause], scenario: str = "baseline", base: ScenarioSpec | None = None) -> ScenarioSpec:
    """Load the world without some causes; nobody is warned of what never happens there, since it was taken away.

    What a cause sets holds for the whole run: the scenario's events on the same number or choice do not happen.

    Parameters
    ----------
    off : sequence of Cause
        The causes that are taken away; their settings are applied in this order.
    scenario : str
        The scenario's name, or the path of its file.
    base : ScenarioSpec, optional
        The same scenario as it was loaded before, to save its loading.

    Raises
    ------
    BadInput
        If the scenario can't be read, or lacks what a cause's settings name.
    """
    overlay = Overlay(base or load_scenario(scenario), scenario)
    for cause in off:
        if cause.copies:
            overlay.copy(**cause.copies)
        for path, value in cause.settings.items():
            overlay.put(path, value)
    overlay.drop_events()
    dated = overlay.dated()
    with unsaid():
        world = load_scenario(
            overlay.doc, {path: value for path, value in overlay.settings.items() if path not in dated}
        )
    groups = {group: tuple(_with(one, group, dated) for one in there) for group, there in world.groups.items()}
    return replace(world, groups=groups, events=tuple(one for one in world.events if one.path not in overlay.held))


def _with(member: ParticipantSpec, group: str, given: Mapping[str, float]) -> ParticipantSpec:
    """Give a member other numbers, by path."""
    paths = {number: f"{group}.{member.name}.{number}" for number in member.numbers}
    return replace(member, numbers={**member.numbers, **{n: given[path] for n, path in paths.items() if path in given}})


class Overlay:
    """Changes to a scenario: added firms, and settings by path. No event changes the paths in ``held`` any more."""

    def __init__(self, base: ScenarioSpec, name: str):
        self.base = base
        self.doc: dict[str, Any] = {"extends": name, "name": base.scenario, "question": base.question}
        self.members = {group: [one.name for one in there] for group, there in base.groups.items()}
        self.settings: dict[str, Any] = {}
        self.held: set[str] = set()

    def put(self, path: str, value: Any) -> None:
        """Set a number or a choice.

        A star after the group stands for every member of it, and one after a decision (``work.adoption.*.imitators``)
        for every strategy that a member uses there and that has this number.
        """
        group, *rest = path.split(".")
        if "*" in rest and group not in self.members:
            raise BadInput(f"{path}: {unknown('group', group, self.members)}")
        found = [path]
        if rest[:1] == ["*"]:
            found = [".".join([group, one, *rest[1:]]) for one in self.members[group]]
            self.held.add(".".join([group, *rest[1:]]))
        elif rest[1:2] == ["*"] and len(rest) == 3:
            found = [f"{group}.{rest[0]}.{used}.{rest[2]}" for used in self._used(path, group, rest[0], rest[2])]
        self.settings |= dict.fromkeys(found, value)
        self.held |= set(found)

    def drop_events(self) -> None:
        """Leave out the events that have names and would change what is held."""
        dropped = [event.name for event in self.base.events if event.path in self.held and event.name]
        self.doc |= {"change": {name: {"drop": True} for name in dropped}} if dropped else {}

    def dated(self) -> dict[str, float]:
        """Give the settings that events without names change: the loader would refuse events that do not fit them."""
        changed = {event.path for event in self.base.events if event.what == "set" and not event.name}
        paths = {path: path.split(".") for path in self.settings if path.count(".") == 2}
        return {
            path: self.settings[path]
            for path, (group, _, number) in paths.items()
            if {path, f"{group}.{number}"} & changed
        }

    def _used(self, path: str, group: str, decision: str, number: str) -> list[str]:
        """Name the strategies that members use for a decision and that have a number, in the order of the menu."""
        menus = MENUS.get(group, {})
        if decision not in menus:
            raise BadInput(f"{path}: {unknown('choice of strategy', decision, menus)}")
        numbers = {name: [each.name for each in fields(kind)] for name, kind in menus[decision].items()}
        every = sorted({each for listed in numbers.values() for each in listed})
        if number not in every:
            raise BadInput(f"{path}: {unknown('number', number, every)}")
        chosen = {type(member.strategies[decision]) for member in self.base.groups[group]}
        return [name for name, kind in menus[decision].items() if kind in chosen and number in numbers[name]]

    def copy(self, of: str, number: int, divided: Sequence[str]) -> None:
        """Add copies of a firm that sell to all its buyers; the numbers in ``divided`` are split evenly among all.

        Copies of a firm that may enter may enter from the same month on, each by a decision of its own.
        """
        group, _, name = of.partition(".")
        whole = next((one for one in self.base.groups.get(group, ()) if one.name == name), None)
        if whole is None or group not in BUYERS:
            raise BadInput(
                f"copies, {of}: found no such firm in {self.base.scenario!r}, expected one of {'/'.join(BUYERS)}"
            )
        refuse(f"copies, {of}: {unknown('number', key, whole.numbers)}" for key in divided if key not in whole.numbers)
        names = [f"{name}_{copy}" for copy in range(2, number + 2)]
        parts = {key: whole.numbers[key] / (number + 1) for key in divided}
        entry = self._entry_of(whole) if whole.enters else {}
        for position, each in enumerate(names):
            copied = {"key": FIRST_KEY + position, "region": whole.region, **whole.numbers, **parts, **entry}
            self.doc.setdefault(group, {})[each] = copied
        self.members[group] += names
        self.settings |= {f"{of}.{key}": value for key, value in parts.items()}
        for buyer in self.base.groups[BUYERS[group]]:
            if name in buyer.partners.get(group, ()):
                self.settings[f"{BUYERS[group]}.{buyer.name}.{group}"] = [*buyer.partners[group], *names]

    def _entry_of(self, whole: ParticipantSpec) -> dict[str, str]:
        """Write from which month on a firm may enter, and who founds it."""
        founder = {"founder": whole.founder} if whole.founder else {}
        return {"enters": calendar_month(self.base.start, whole.enters)} | founder

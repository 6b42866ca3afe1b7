"""A run specification: a scenario with a seed, settings and dated changes, and a world that receives them as it runs.

Who turns a knob in a running world writes an event into its calendar: the same that a scenario's file would say. So a
world that was steered by hand and one that was told beforehand are the same to the cent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from watersellers.agents.scenario_events import ScenarioEvents
from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.input.errors import BadInput, refuse, unknown
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario, with_length


@dataclass(frozen=True)
class Change:
    """A number that changes from a month on: the month as in 2024-03, the path and the new value."""

    month: str
    path: str
    value: float


@dataclass(frozen=True)
class RunSpec:
    """Everything that determines a run, and so everything that a link holds; the scenario is a built-in one."""

    scenario: str = "baseline"
    seed: int = 1
    users: int = 1000
    set: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()


def unknown_scenario(scenario: str) -> list[str]:
    """Find out whether a scenario is not one of the built-in ones.

    A run specification comes from an address, which anybody can write: it never names a file. The answer depends on the
    name alone, and not on the files on the disk.
    """
    names = builtin_catalogue().names()
    if scenario in names:
        return []
    cure = "`watersellers run FILE` runs your own file, and `watersellers view FOLDER` opens the result"
    return [f"scenario: {unknown('scenario', scenario, names)}; {cure}"]


def scenario_spec_of(run_spec: RunSpec) -> ScenarioSpec:
    """Resolve the scenario of a run specification, with its settings and dated changes.

    Raises
    ------
    BadInput
        If the scenario is not a built-in one, or a setting or a change is impossible.
    """
    refuse(unknown_scenario(run_spec.scenario))
    plain = load_scenario(run_spec.scenario, run_spec.set)
    if not run_spec.changes:
        return plain
    events = [{"month": c.month, "what": "set", "path": c.path, "value": c.value} for c in run_spec.changes]
    changed = load_scenario({"extends": run_spec.scenario, "event": events}, run_spec.set)
    return replace(changed, scenario=plain.scenario, question=plain.question)


def steer(world: Any, spec: ScenarioSpec) -> None:
    """Give a running world the events of a scenario that differs from its own only in the future.

    Raises
    ------
    BadInput
        If the two differ in a month that has been simulated already.
    """
    steered = with_length(spec, world.spec.months)
    if _past(steered.events, world.month) != _past(world.spec.events, world.month):
        raise BadInput(
            f"changes: one lies in the first {world.month} months, which are over; branch from an earlier month"
        )
    world.spec = replace(world.spec, events=steered.events)
    world.parts[ScenarioEvents].events = steered.events


def _past(events: Sequence[Any], month: int) -> list[Any]:
    return [event for event in events if event.month < month]

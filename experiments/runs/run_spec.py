"""A run specification: a built-in scenario with a seed, settings and dated changes, as a link holds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.input.errors import refuse, unknown
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.runs.dated_changes import Change


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
    events = [change.event() for change in run_spec.changes]
    changed = load_scenario({"extends": run_spec.scenario, "event": events}, run_spec.set)
    return replace(changed, scenario=plain.scenario, question=plain.question)

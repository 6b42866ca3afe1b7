"""Dated changes: numbers of the world that somebody changes while it runs, each from a month on.

A change is written into the calendar of the running world as the event that a scenario's file would hold. So a world
that is changed by hand and a world whose scenario holds the same events are the same to the cent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from watersellers.agents.scenario_events import ScenarioEvents
from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.loading.loader import with_length


@dataclass(frozen=True)
class Change:
    """A number that changes from a month on: the month as in 2024-03, the path and the new value."""

    month: str
    path: str
    value: float


def steer(world: Any, spec: ScenarioSpec) -> None:
    """Give a running world the events of a scenario that differs from its own only in the future.

    Raises
    ------
    BadInput
        If the two differ in a month that has been simulated already.
    """
    changed = with_length(spec, world.spec.months)
    if _past(changed.events, world.month) != _past(world.spec.events, world.month):
        raise BadInput(
            f"changes: one lies in the first {world.month} months, which are over; branch from an earlier month"
        )
    world.spec = replace(world.spec, events=changed.events)
    world.parts[ScenarioEvents].events = changed.events


def _past(events: Sequence[Any], month: int) -> list[Any]:
    return [event for event in events if event.month < month]

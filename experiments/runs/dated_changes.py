"""Dated changes: what somebody changes in a world while it runs, each from a month on.

A change is written into the calendar of the running world as the event that a scenario's file would hold. So a world
that is changed by hand and a world whose scenario holds the same events are the same to the cent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from watersellers.agents.scenario_events import ScenarioEvents
from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.input.errors import BadInput, shown
from watersellers.experiments.input.plain_values import plain_value
from watersellers.experiments.loading.loader import with_length
from watersellers.experiments.loading.schema import calendar_month
from watersellers.experiments.loading.written_scenario import with_event
from watersellers.market.goods import CHAIN

EXPECTED = "a number, the name of a strategy (or its table with 'use'), or a list of partners"


@dataclass(frozen=True)
class Change:
    """What changes from a month on: the month as in 2024-03, the path, and the new number, strategy or partners."""

    month: str
    path: str
    value: Any

    def event(self) -> dict[str, Any]:
        """Return the event that a scenario's file would hold."""
        kind, key = _kind_of(self.value)
        return {"month": self.month, "what": kind, "path": self.path, key: self.value}


def _kind_of(value: Any) -> tuple[str, str]:
    """Tell the kind of an event from what it sets, and the key under which it holds that."""
    if isinstance(value, str | Mapping):
        return "strategy", "choice"
    if isinstance(value, list | tuple):
        return "partners", "names"
    return "set", "value"


def change_world(world: Any, path: str, value: Any) -> Change:
    """Change a number, a strategy or a list of partners of a world from the next month on, and return the change.

    Raises
    ------
    BadInput
        If no scenario may hold the event, a month is being lived, or there is no next month; nothing changed.
    """
    place = f"World.set({shown(path)})"
    if broken := world.broken_off():
        raise BadInput(f"{place}: {broken.replace('broke off', 'stands')}; call it between two steps")
    if world.month >= world.spec.months:
        raise BadInput(f"{place}: the world has lived all its {world.spec.months} months, so nothing would follow")
    if not isinstance(path, str):
        raise BadInput(f"{place}: expected the path of a number as text, as in 'chips.lock_in'")
    value = list(value) if isinstance(value, tuple) else plain_value(value)
    if not isinstance(value, str | dict | list | int | float | bool):
        raise BadInput(f"{place}, value: found {shown(value)}, expected {EXPECTED}")
    if path.rpartition(".")[2] in CHAIN and _is_edit(value):
        cure = "expected the names of all partners, as ['nvidia', 'amd']; only a scenario edits a list that it extends"
        raise BadInput(f"{place}, value: found {shown(value)}, {cure}")
    change = Change(calendar_month(world.spec.start, world.month), path, value)
    steer(world, with_event(world.spec, change.event(), place), change)
    return change


def _is_edit(value: Any) -> bool:
    """Whether a value edits a list of partners, as a scenario may: all, +name, -name."""
    names = value if isinstance(value, list) else [value]
    return any(isinstance(name, str) and (name == "all" or name[:1] in ("+", "-")) for name in names)


def steer(world: Any, spec: ScenarioSpec, *changes: Change) -> None:
    """Give a running world the events of a scenario that differs from its own only in the future.

    ``changes`` are those among them that nobody told beforehand; the world records them.

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
    world.refuse_changed("changes")
    world.take_events(changed.events, changes)
    world._parts[ScenarioEvents].take(changed.events)
    world.renew_notes()


def _past(events: Sequence[Any], month: int) -> list[Any]:
    return [event for event in events if event.month < month]


def recorded(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Write changes for a manifest."""
    return [asdict(each) for each in changes]

"""Dated events of a scenario and of those that it extends: each may have a name, by which later files change it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from watersellers.experiments.input.errors import shown
from watersellers.experiments.input.hints import Hints

KINDS = {"value": "set", "choice": "strategy", "names": "partners"}  # the kind of event that has a key


@dataclass(frozen=True)
class DatedEvent:
    """An event of a file, its place there, and the start and months that the file has."""

    place: str  # as in "mine.toml, event 2"
    content: dict[str, Any]
    top: Mapping[str, Any]  # start and months of that file; a scenario that extends it may have others
    of_absent: bool  # the event is about a member that this file leaves out

    @property
    def name(self) -> str:
        """The name by which a later file can change it; an empty text if it has none."""
        return str(self.content.get("name", ""))

    def changed_by(self, change: Mapping[str, Any], place: str, top: Mapping[str, Any]) -> "DatedEvent":
        """Return the event with other values; a text about an earlier value is forgotten."""
        about_value = bool(set(change) & set(KINDS))
        kept = {key: value for key, value in self.content.items() if key != "text" or not about_value}
        return replace(self, content=kept | {key: change[key] for key in change if key != "drop"}, place=place, top=top)


def change_events(
    events: Sequence[DatedEvent], changes: Mapping[str, Mapping[str, Any]], at: DatedEvent, hints: Hints
) -> tuple[list[DatedEvent], list[str]]:
    """Move, change or drop inherited events by their names; return the events, and what is wrong with the changes.

    Parameters
    ----------
    events : sequence of DatedEvent
        The events of the scenarios that are extended.
    changes : mapping
        New values of keys by name of event; ``drop = true`` drops it.
    at : DatedEvent
        Place, start and months of the file that changes them; it has no content.
    hints : Hints
        Gives the names that were perhaps meant.
    """
    kept = dict(enumerate(events))
    numbers, problems = {event.name: number for number, event in kept.items() if event.name}, []
    for name, change in changes.items():
        if name not in numbers:
            problems.append(f"change.{name}: {hints.unknown('inherited event', name, numbers)}")
            continue
        event = kept[numbers[name]]
        wrong = list(_misfits(event, change))
        problems += [f"change.{name}{each}" for each in wrong]
        if not wrong and change.get("drop"):
            del kept[numbers[name]]
        elif not wrong:
            kept[numbers[name]] = event.changed_by(change, f"{at.place}, change.{name}", at.top)
    return list(kept.values()), problems


def names_used_twice(events: Sequence[DatedEvent], new: Sequence[DatedEvent]) -> Iterator[str]:
    """Find new events that have the name of another one."""
    inherited = {event.name: event.place for event in events if event.name}
    taken: dict[str, str] = {}
    for number, event in enumerate(new, start=1):
        if event.name in inherited:
            other, cure = inherited[event.name], f"write [change.{event.name}] to change that one"
        elif event.name in taken:
            other, cure = taken[event.name], "each needs its own"
        else:
            taken |= {event.name: event.place} if event.name else {}
            continue
        yield f"event {number}.name: {event.name!r} is the name of {other} too; {cure}"


def _misfits(event: DatedEvent, change: Mapping[str, Any]) -> Iterator[str]:
    """Find keys that an event of this kind does not have, and changes that change nothing."""
    what = event.content["what"]
    for key in change:
        if KINDS.get(key, what) != what:
            own = next(own for own, kind in KINDS.items() if kind == what)
            found = f"found {shown(change[key])}, but {event.place} is of the kind {what!r}"
            yield f".{key}: {found}; give it another {own}"
    others = [key for key in change if key != "drop"]
    if change.get("drop") and others:
        yield f": found drop = true beside {', '.join(others)}; an event is either dropped or changed"
    elif not change.get("drop") and all(event.content.get(key) == change[key] for key in others):
        yield ": changes nothing; give it another month or value, or write drop = true"

"""Removal of firms from what a scenario extends: every list and event that names them is shortened."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from watersellers.experiments.loading.edits.dated_events import DatedEvent
from watersellers.experiments.loading.edits.partner_lists import names_in
from watersellers.experiments.loading.parameters import FIRMS

type Places = Mapping[str, dict[str, Any]]  # values of a member or a whole group by its path, as cloud.aws or cloud


@dataclass
class Removal:
    """What the removal of some firms changed, as paths and places: shortened, left without a name, and dropped."""

    names: Sequence[str]
    shortened: list[str] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def note(self, path: str, left: Sequence[str]) -> None:
        """Note a list that was shortened, and whether it has no name now."""
        self.shortened.append(path)
        if not left:
            self.emptied.append(path)

    def sentence(self) -> str:
        """Say what was removed, and what was shortened and dropped for it."""
        said = f"removed {', '.join(self.names)}"
        said += f"; shortened: {', '.join(self.shortened)}" if self.shortened else "; no list named it"
        return said + (f"; dropped: {', '.join(self.dropped)}" if self.dropped else "")


def remove_firms(
    names: Sequence[str], places: Places, events: Sequence[DatedEvent], path_of: Callable[[DatedEvent], list[str]]
) -> tuple[Removal, list[DatedEvent]]:
    """Strike firms and investors off all lists; return what changed, and the events that are left.

    Parameters
    ----------
    names : sequence of str
        Who is removed.
    places : mapping
        Values of everybody else; their lists are shortened in place.
    events : sequence of DatedEvent
        The events so far.
    path_of : callable
        Returns the keys of the path of an event.
    """
    removal, kept = Removal(names), []
    for path, own in places.items():
        for layer in FIRMS:
            if set(names) & set(own.get(layer, ())):
                own[layer] = [each for each in own[layer] if each not in names]
                removal.note(f"{path}.{layer}", own[layer])
        if own.get("patron") in names:
            removal.note(f"{path}.patron", [own.pop("patron")])
    for event in events:
        keys = path_of(event)
        if len(keys) > 2 and keys[1] in names:
            removal.dropped.append(event.place)
            continue
        entries = event.content.get("names", ())
        if set(names) & set(names_in(entries)):
            left = [each for each in entries if each.lstrip("+-") not in names]
            if not left and not set(names) & set(entries):  # an edit of nothing but who is gone
                removal.dropped.append(event.place)
                continue
            event = replace(event, content=event.content | {"names": left})
            removal.note(f"{event.place}.names", left)
        kept.append(event)
    return removal, kept


def needed_by_others(names: Sequence[str], places: Places) -> Iterator[str]:
    """Find members that belong to a removed firm, or that a removed investor pays for."""
    for role in ("owner", "founder"):
        for name in names:
            needing = [path for path, own in places.items() if own.get(role) == name]
            if needing:
                cure = f"remove {'it' if len(needing) == 1 else 'them'} too, or write another {needing[0]}.{role}"
                yield f"remove: {name!r} is the {role} of {', '.join(needing)}; {cure}"

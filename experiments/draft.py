"""A scenario being put together: what each file says laid over what it extends, then the settings of a run.

What is laid later wins. A value for a whole group replaces what earlier files said for its members.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from watersellers.experiments.catalogue import Catalogue, Document
from watersellers.experiments.errors import BadInput
from watersellers.experiments.hints import Hints
from watersellers.experiments.parameters import FIRMS, GROUPS, WORLD


@dataclass
class Group:
    """What is said of a group so far: values for all its members, and each member's own."""

    common: dict[str, Any] = field(default_factory=dict)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)

    def lay(self, table: Mapping[str, Any], shared: set[str]) -> None:
        """Lay a group's table over this; ``shared`` are the keys that are values for all members."""
        common = {key: value for key, value in table.items() if key in shared}
        self.common |= common
        for member in self.members.values():
            for key in common:
                member.pop(key, None)
        for name, own in table.items():
            if name not in shared:
                self.members.setdefault(name, {}).update(own)

    def value(self, member: str, key: str) -> Any:
        """What is said of a member's key: its own, else the group's, else nothing (None)."""
        return self.members[member].get(key, self.common.get(key))


@dataclass(frozen=True)
class Dated:
    """An event as a file says it: which file, the event's number in it, and the length of the world it was told for."""

    label: str
    number: int
    said: dict[str, Any]
    top: Mapping[str, Any]  # start and months as that file leaves them; what extends it may choose others
    of_absent: bool  # is about a member that this file leaves out


@dataclass
class Draft:
    """A scenario being put together."""

    catalogue: Catalogue
    top: dict[str, Any] = field(default_factory=dict)
    world: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=lambda: {group: Group() for group in GROUPS})
    events: list[Dated] = field(default_factory=list)
    entries: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)  # start and months, as of events
    hints: Hints = field(default_factory=Hints)

    def shared(self, group: str) -> set[str]:
        """Keys of a group that may be said for all its members at once: its numbers and its choices of strategy."""
        return {*self.catalogue.parameters.numbers(group), *self.catalogue.menus.get(group, {})}

    def lay(self, doc: Document, label: str = "") -> None:
        """Lay a document that has been found good over this; ``label`` is what sentences call its file."""
        said = self.catalogue.model.model_validate(doc).model_dump(exclude_unset=True)
        self.world |= said.pop(WORLD, {})
        events = said.pop("event", [])
        tables = {group: said.pop(group) for group in GROUPS if group in said}
        self.top |= said
        for group, table in tables.items():
            self.groups[group].lay(table, self.shared(group))
            entering = (name for name, own in table.items() if isinstance(own, dict) and "enters" in own)
            self.entries |= {(group, name): dict(self.top) for name in entering}
        for number, event in enumerate(events, start=1):
            self.events.append(
                Dated(label, number, event, dict(self.top), self.absent(self.full(event.get("path", ""))))
            )

    def absent(self, keys: list[str]) -> bool:
        """Whether a path names a member that is left out, by what has been laid so far."""
        group = self.groups.get(keys[0])
        return group is not None and len(keys) == 3 and bool(group.members.get(keys[1], {}).get("absent"))

    def full(self, path: str) -> list[str]:
        """Split a path into its keys, putting the group before a firm's or an investor's name."""
        first, *rest = path.split(".")
        if first not in GROUPS:
            for group in (*FIRMS, "investors"):
                if first in self.groups[group].members:
                    return [group, first, *rest]
        return [first, *rest]

    def unknown_member(self, keys: list[str]) -> str | None:
        """Say what is wrong if a path names a member that is not there, or nothing of a group at all."""
        group, *rest = keys
        if group not in GROUPS:
            known = [*GROUPS, WORLD, "months", "start"]
            return None if group in known else self.hints.unknown("group or firm", group, chain(known, self._firms()))
        members, shared = self.groups[group].members, self.shared(group)
        if not rest:
            return f"names a whole group; expected one of its numbers or choices: {', '.join(sorted(shared))}"
        if rest[0] in shared or (len(rest) > 1 and rest[0] in members):
            return None
        if len(rest) > 1:
            return self.hints.unknown("member", rest[0], chain(members, self.catalogue.menus.get(group, {})))
        if rest[0] in members:
            return f"names a whole member; expected one of its keys, as in {group}.{rest[0]}.key"
        return self.hints.unknown("key", rest[0], shared)

    def _firms(self) -> Iterator[str]:
        for group in (*FIRMS, "investors"):
            yield from self.groups[group].members

    def documents(self, keys: list[str], value: Any) -> list[Document]:
        """Write a setting as documents to lay over this; a strategy's number is put beside the strategy's name.

        Raises
        ------
        BadInput
            If a strategy's number is set where no member uses the strategy.
        """
        slots = self.catalogue.menus.get(keys[0], {})
        if len(keys) == 4 and keys[1] in slots:  # cloud.pricing.follow_use.target
            return self._for_users_of(keys[0], keys[1], keys[2], {keys[3]: value})
        if len(keys) == 4 and keys[2] in slots:  # cloud.aws.pricing.target
            choice = self.groups[keys[0]].value(keys[1], keys[2]) or {}
            return [{keys[0]: {keys[1]: {keys[2]: {**choice, keys[3]: value}}}}]
        return [nested(keys, value)]

    def _for_users_of(self, group: str, slot: str, strategy: str, number: dict[str, Any]) -> list[Document]:
        """Set a number of a strategy for all who use it."""
        menu = self.catalogue.menus[group][slot]
        if strategy not in menu:
            raise BadInput(self.hints.unknown("strategy", strategy, menu))
        said, documents = self.groups[group], []
        for member in said.members:
            choice = said.value(member, slot) or {}
            if choice.get("use") == strategy:
                documents.append({group: {member: {slot: {**choice, **number}}}})
        if not documents:
            used = sorted({(said.value(member, slot) or {}).get("use", "none") for member in said.members})
            raise BadInput(f"nobody in {group} uses {strategy!r} for {slot}, so it would change nothing; used: {used}")
        return documents


def nested(keys: list[str], value: Any) -> Document:
    """Write a value under its keys as tables in tables."""
    for key in reversed(keys):
        value = {key: value}
    tables: Document = value
    return tables

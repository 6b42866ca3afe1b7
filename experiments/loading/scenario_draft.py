"""Put a scenario together: its own keys over those of the scenario that it extends, and the settings of a run on top.

A later value wins. A value for a whole group replaces the earlier values of its members.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.input.hints import Hints
from watersellers.experiments.loading.catalogue import Catalogue
from watersellers.experiments.loading.parameters import FIRMS, GROUPS, WORLD
from watersellers.experiments.loading.scenario_source import Document


@dataclass
class Group:
    """The values of a group so far: those for all its members, and each member's own."""

    common: dict[str, Any] = field(default_factory=dict)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)

    def lay(self, table: Mapping[str, Any], shared: set[str]) -> None:
        """Apply a group's table; the keys in ``shared`` hold values for all members."""
        common = {key: value for key, value in table.items() if key in shared}
        self.common |= common
        for member in self.members.values():
            for key in common:
                member.pop(key, None)
        for name, own in table.items():
            if name not in shared:
                self.members.setdefault(name, {}).update(own)

    def value(self, member: str, key: str) -> Any:
        """Return the value of a member's key: its own, else the group's, else None."""
        return self.members[member].get(key, self.common.get(key))


@dataclass(frozen=True)
class DatedEvent:
    """An event of a file, with its number there, and the start and months that the file has."""

    label: str
    number: int
    content: dict[str, Any]
    top: Mapping[str, Any]  # start and months of that file; a scenario that extends it may have others
    of_absent: bool  # the event is about a member that this file leaves out


@dataclass
class ScenarioDraft:
    """A scenario that is being put together from documents."""

    catalogue: Catalogue
    top: dict[str, Any] = field(default_factory=dict)
    world: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=lambda: {group: Group() for group in GROUPS})
    events: list[DatedEvent] = field(default_factory=list)
    entries: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)  # start and months, as for events
    hints: Hints = field(default_factory=Hints)

    def shared(self, group: str) -> set[str]:
        """List the keys that a group can set for all its members at once: its numbers and decisions."""
        return {*self.catalogue.parameters.numbers(group), *self.catalogue.menus.get(group, {})}

    def lay(self, doc: Document, label: str = "") -> None:
        """Apply a valid document; ``label`` names its file in sentences."""
        content = self.catalogue.model.model_validate(doc).model_dump(exclude_unset=True)
        self.world |= content.pop(WORLD, {})
        events = content.pop("event", [])
        tables = {group: content.pop(group) for group in GROUPS if group in content}
        self.top |= content
        for group, table in tables.items():
            self.groups[group].lay(table, self.shared(group))
            entering = (name for name, own in table.items() if isinstance(own, dict) and "enters" in own)
            self.entries |= {(group, name): dict(self.top) for name in entering}
        for number, event in enumerate(events, start=1):
            self.events.append(
                DatedEvent(label, number, event, dict(self.top), self.absent(self.full(event.get("path", ""))))
            )

    def absent(self, keys: list[str]) -> bool:
        """Say whether a path names a member that is left out so far."""
        group = self.groups.get(keys[0])
        return group is not None and len(keys) == 3 and bool(group.members.get(keys[1], {}).get("absent"))

    def full(self, path: str) -> list[str]:
        """Split a path into its keys, and put the group before the name of a firm or an investor."""
        first, *rest = path.split(".")
        if first not in GROUPS:
            for group in (*FIRMS, "investors"):
                if first in self.groups[group].members:
                    return [group, first, *rest]
        return [first, *rest]

    def unknown_member(self, keys: list[str]) -> str | None:
        """Return a sentence if a path names an unknown group, member or key, else None."""
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
        """Write a setting as documents to apply; a strategy's number is put beside the strategy's name.

        Raises
        ------
        BadInput
            If it sets a number of a strategy that no member uses.
        """
        decisions = self.catalogue.menus.get(keys[0], {})
        if len(keys) == 4 and keys[1] in decisions:  # cloud.pricing.follow_use.target
            return self._for_users_of(keys[0], keys[1], keys[2], {keys[3]: value})
        if len(keys) == 4 and keys[2] in decisions:  # cloud.aws.pricing.target
            choice = self.groups[keys[0]].value(keys[1], keys[2]) or {}
            return [{keys[0]: {keys[1]: {keys[2]: {**choice, keys[3]: value}}}}]
        return [nested(keys, value)]

    def _for_users_of(self, group: str, decision: str, strategy: str, number: dict[str, Any]) -> list[Document]:
        """Set a number of a strategy for all members that use it."""
        menu = self.catalogue.menus[group][decision]
        if strategy not in menu:
            raise BadInput(self.hints.unknown("strategy", strategy, menu))
        values, documents = self.groups[group], []
        for member in values.members:
            choice = values.value(member, decision) or {}
            if choice.get("use") == strategy:
                documents.append({group: {member: {decision: {**choice, **number}}}})
        if not documents:
            used = sorted({(values.value(member, decision) or {}).get("use", "none") for member in values.members})
            raise BadInput(
                f"no member of {group} uses {strategy!r} for {decision}, so it would change nothing; used: {used}"
            )
        return documents


def nested(keys: list[str], value: Any) -> Document:
    """Write a value under its keys as nested tables."""
    for key in reversed(keys):
        value = {key: value}
    tables: Document = value
    return tables

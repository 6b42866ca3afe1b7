"""Put a scenario together: its own keys over those of the scenario that it extends, and the settings of a run on top.

A later value wins. A value for a whole group replaces the earlier values of its members. A list of partners may extend
or shorten the earlier one, for one member or for a whole group; ``remove`` strikes firms off all earlier lists,
``firms`` puts equal firms in place of a layer's earlier ones, and ``change`` changes earlier events.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from math import inf, nan
from pathlib import Path
from typing import Any

from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.input.hints import Hints
from watersellers.experiments.loading.catalogue import Catalogue
from watersellers.experiments.loading.edits.dated_events import DatedEvent, change_events, names_used_twice
from watersellers.experiments.loading.edits.equal_firms import Layer
from watersellers.experiments.loading.edits.group_values import Group, ListEdits, edit_lists
from watersellers.experiments.loading.edits.market_structure import Structure, makers_for_gone_clouds
from watersellers.experiments.loading.edits.removals import needed_by_others, remove_firms
from watersellers.experiments.loading.parameters import GROUPS, NAMED, STRUCTURE, WORLD, Parameter
from watersellers.experiments.loading.scenario_source import Document
from watersellers.experiments.loading.schema import BUYS
from watersellers.experiments.own_code.own_rules import RuleNumber, find_rule, is_rule_name, numbers_of

SETTING = "set"  # the label of a setting of a run
type Tables = Mapping[str, Mapping[str, Any]]  # values by group and by name


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
    notes: list[str] = field(default_factory=list)  # what was removed, and what was shortened for it
    emptied: dict[str, list[str]] = field(default_factory=dict)  # who is missing, by path of a list
    removed: dict[str, str] = field(default_factory=dict)  # by which file, by name
    replaced: dict[str, Structure] = field(default_factory=dict)  # by equal firms, by name
    losses: list[str] = field(default_factory=list)  # warnings of what is lost by replacing firms
    latest: str = ""  # the label of the file that was applied last
    told: Tables = field(default_factory=dict)  # what that file says of members, by group
    folders: tuple[Path, ...] = ()  # of its files, in which rules of the user's own are sought first
    given_to_absent: dict[tuple[str, str], str] = field(default_factory=dict)  # which file has values for who is absent

    def shared(self, group: str) -> set[str]:
        """List the keys that a group can set for all its members at once: its numbers and decisions."""
        return {*self.catalogue.parameters.numbers(group), *self.catalogue.menus.get(group, {})}

    def lay(self, doc: Document, label: str = SETTING) -> list[str]:
        """Apply a valid document, and return what is wrong with its edits; ``label`` names its file in sentences."""
        content = self.catalogue.model.model_validate(doc).model_dump(exclude_unset=True, warnings=False)
        self.world |= content.pop(WORLD, {})
        events, changes, removed = content.pop("event", []), content.pop("change", {}), content.pop("remove", [])
        counts = {layer: number for layer, number in content.pop(STRUCTURE, {}).items() if number is not None}
        tables = {group: content.pop(group) for group in GROUPS if group in content}
        self.top |= content
        names, problems = self._remove(removed, tables, label)
        problems += self._restructure(counts, tables, label)
        problems += self._about_replaced(tables, events)
        if label != SETTING:
            self.latest, self.told = label, tables
        edits = [ListEdits.taken_from(group, table) for group, table in tables.items()]
        for group, table in tables.items():
            for name, own in table.items():
                if isinstance(own, dict) and "absent" not in own and self.absent([group, name, "absent"]):
                    self.given_to_absent[group, name] = label
            self.groups[group].lay(table, self.shared(group))
            entering = (name for name, own in table.items() if isinstance(own, dict) and "enters" in own)
            self.entries |= {(group, name): dict(self.top) for name in entering}
        for each in edits:
            problems += edit_lists(self.groups, each)
            for path in each.paths():
                self.emptied.pop(path, None)  # whoever writes the list again knows what it says
        problems += needed_by_others(names, self._places())
        return problems + self._date(events, changes, label)

    def _remove(self, given: list[str], tables: Tables, label: str) -> tuple[list[str], list[str]]:
        """Remove firms, investors and owners with all mentions; return their names, and what is wrong."""
        problems = [f"remove: {problem}" for name in given if (problem := self._irremovable(name, tables))]
        problems += [f"remove: found {name!r} twice; leave one out" for name in given if given.count(name) > 1]
        if problems or not given:
            return [], list(dict.fromkeys(problems))
        paths = [self.full(name) for name in given]
        for group, name in paths:
            self.groups[group].members[name]["absent"] = True
        names = [name for _, name in paths]
        self.removed |= dict.fromkeys(names, label)
        removal, self.events = remove_firms(names, self._places(), self.events, self._path_of)
        self.notes.append(f"{label}: {removal.sentence()}")
        self.emptied |= dict.fromkeys(removal.emptied, names)
        return names, []

    def _restructure(self, counts: Mapping[str, int], tables: Tables, label: str) -> list[str]:
        """Put equal firms in place of those of layers, and return what is wrong with that."""
        problems: list[str] = []
        for layer, number in counts.items():
            added = [name for name, own in self.told.get(layer, {}).items() if isinstance(own, dict) and "key" in own]
            structure = Structure(self._layer(layer), number, label, self.latest, added)
            wrong = list(structure.problems(tables.get(layer, {})))
            if not wrong:
                self.events, wrong = structure.lay(self._places, self.events, self._path_of)
            problems += wrong or self._replace(structure, label)
        return problems

    def _replace(self, structure: Structure, label: str) -> list[str]:
        """Note who is replaced, and remove vendors of replaced clouds alone; return what is wrong with that."""
        layer, new = structure.layer.name, structure.names()
        gone = [name for name in structure.replaced if name not in new]
        self.replaced = {name: each for name, each in self.replaced.items() if name not in new}
        self.replaced |= dict.fromkeys(gone, structure)
        self.notes += structure.notes
        self.losses += structure.warnings
        self.emptied = {path: by for path, by in self.emptied.items() if path.rpartition(".")[2] != layer}
        idle = makers_for_gone_clouds(self._layer("chips"), self._layer("cloud")) if layer == "cloud" else []
        return self._remove(idle, {}, label)[1]

    def _layer(self, name: str) -> Layer:
        return Layer(name, self.groups[name], self.catalogue.parameters, str(self.top.get("start", "")))

    def _about_replaced(self, tables: Tables, events: list[dict[str, Any]]) -> list[str]:
        """Find values and events of a file about firms that equal ones have replaced."""
        named = [[group, name, ""] for group, table in tables.items() for name in table]
        paths = [(".".join(keys[:2]), keys) for keys in named]
        paths += [(f"event {number}.path", self.full(each.get("path", ""))) for number, each in enumerate(events, 1)]
        return [f"{place}: {problem}" for place, keys in paths if (problem := self._replaced_by(keys))]

    def _replaced_by(self, keys: list[str]) -> str | None:
        """Return a sentence if a path names a firm that equal ones have replaced, else None."""
        by = self.replaced.get(keys[1]) if len(keys) > 1 else None
        if by is None or by.layer.name != keys[0]:
            return None
        return f"{keys[1]!r} is replaced by {by.place} = {by.number} ({by.label}); {by.cure()}"

    def _path_of(self, event: DatedEvent) -> list[str]:
        return self.full(event.content.get("path", ""))

    def _irremovable(self, given: str, tables: Tables) -> str | None:
        """Return a sentence if there is no such firm, investor or owner to remove, else None."""
        group, *rest = self.full(given)
        if group not in NAMED or len(rest) != 1 or rest[0] not in self.groups[group].members:
            return self.hints.unknown("firm, investor or owner", given, (*self._firms(),))
        name = rest[0]
        if self.absent([group, name, "absent"]):
            by = f"removed already, by {self.removed[name]}" if name in self.removed else "absent already"
            return f"{name!r} is {by}; leave it out"
        if name in tables.get(group, {}):
            return f"{name!r} has values in {group}.{name} of the same file; leave out one of the two"
        return None

    def _places(self) -> dict[str, dict[str, Any]]:
        """Give the values of whole groups and of everybody who is present, by path."""
        groups = {name: group.common for name, group in self.groups.items()}
        members = (
            (f"{name}.{member}", own)
            for name, group in self.groups.items()
            for member, own in group.members.items()
            if not own.get("absent")
        )
        return groups | dict(members)

    def _date(self, events: list[dict[str, Any]], changes: Mapping[str, Any], label: str) -> list[str]:
        """Change inherited events, add those of a file, and return what is wrong."""
        here = DatedEvent(label, {}, dict(self.top), of_absent=False)
        self.events, problems = change_events(self.events, changes, here, self.hints)
        new = [
            replace(here, place=f"{label}, event {number}", content=event, of_absent=self._about_absent(event))
            for number, event in enumerate(events, start=1)
        ]
        problems += names_used_twice(self.events, new)
        self.events += new
        return problems

    def _about_absent(self, event: Mapping[str, Any]) -> bool:
        return self.absent(self.full(event.get("path", "")))

    def absent(self, keys: list[str]) -> bool:
        """Say whether a path names a member that is left out so far."""
        group = self.groups.get(keys[0])
        return group is not None and len(keys) == 3 and bool(group.members.get(keys[1], {}).get("absent"))

    def full(self, path: str) -> list[str]:
        """Split a path into its keys, and put the group before the name of a firm, an investor or an owner."""
        first, *rest = split_path(path)
        if first not in GROUPS:
            for group in NAMED:
                if first in self.groups[group].members:
                    return [group, first, *rest]
        return [first, *rest]

    def unknown_member(self, keys: list[str]) -> str | None:
        """Return a sentence if a path names an unknown group, member or key, else None."""
        group, *rest = keys
        if group not in GROUPS:
            known = [*GROUPS, WORLD, STRUCTURE, "months", "start", "remove", "change"]
            return None if group in known else self.hints.unknown("group or firm", group, chain(known, self._firms()))
        if replaced := self._replaced_by(keys):
            return replaced
        members, shared = self.groups[group].members, self.shared(group)
        if not rest:
            return f"names a whole group; expected one of its numbers or choices: {', '.join(sorted(shared))}"
        if rest in [[layer] for layer in BUYS.get(group, ())]:
            return None
        if rest[0] in shared or (len(rest) > 1 and rest[0] in members):
            return None
        if len(rest) > 1:
            return self.hints.unknown("member", rest[0], chain(members, self.catalogue.menus.get(group, {})))
        if rest[0] in members:
            return f"names a whole member; expected one of its keys, as in {group}.{rest[0]}.key"
        return self.hints.unknown("key", rest[0], shared)

    def row(self, keys: list[str]) -> Parameter | None:
        """Find the row of the parameter table for a path; a number of the user's own rule has what its field says."""
        decisions = self.catalogue.menus.get(keys[0], {})
        if len(keys) == 4 and keys[2] in decisions:  # labs.openai.research.share
            chosen = (self.groups[keys[0]].value(keys[1], keys[2]) or {}).get("use", "")
            keys = [keys[0], keys[2], chosen, keys[3]]
        if len(keys) == 4 and is_rule_name(keys[2]):  # labs.research.mine:Frugal.share
            number = numbers_of(find_rule(keys[2])).get(keys[3])
            return None if number is None else _row_of_rule(".".join(keys), number)
        return self.catalogue.messages.row(tuple(keys))

    def _firms(self) -> Iterator[str]:
        for group in NAMED:
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
        if strategy not in menu and not is_rule_name(strategy):
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


def _row_of_rule(name: str, number: RuleNumber) -> Parameter:
    """Write a number of the user's own rule as a row of the parameter table; a lacking range is infinite."""
    value = float(number.usual) if isinstance(number.usual, int | float) else nan
    low, high = (-inf if number.low is None else number.low), (inf if number.high is None else number.high)
    return Parameter(name, number.unit, value, low, high, "a rule of your own", "", number.note)


def split_path(path: str) -> list[str]:
    """Split a path at its dots, but for those in the module of a user's own rule: ``labs.pricing.a.b:Name.x``."""
    before, colon, after = path.partition(":")
    keys = before.split(".")
    if not colon:
        return keys
    name, *number = after.split(".")
    return [*keys[:2], f"{'.'.join(keys[2:])}:{name}", *number]


def nested(keys: list[str], value: Any) -> Document:
    """Write a value under its keys as nested tables."""
    for key in reversed(keys):
        value = {key: value}
    tables: Document = value
    return tables

"""Resolve a scenario that is put together: every number, strategy and date, and whether all of it fits together."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import Any

from watersellers.agents.setting import Event, Member, Setting
from watersellers.experiments.catalogue import Source
from watersellers.experiments.draft import Dated, Draft
from watersellers.experiments.errors import TOLD, refuse, shown
from watersellers.experiments.parameters import FIRMS, GROUPS, WORLD
from watersellers.experiments.relations import offered_nowhere, regions, relations, shared_with_nobody, without_searches
from watersellers.experiments.schema import ID, KEY_LEAST, NEVER, calendar
from watersellers.experiments.seen import TEXT_LIMIT
from watersellers.experiments.soundness import Told, unsound
from watersellers.experiments.unchangeable import no_choice, unknown_partners, unsettable
from watersellers.market.goods import REGIONS, SECTORS


@dataclass
class Resolver:
    """Resolves a draft into a setting, and finds what is missing or does not fit together."""

    draft: Draft
    source: Source
    own: Mapping[tuple[str, str, str], Any]  # strategies from a script by group, member and slot
    problems: list[str] = field(default_factory=list)
    of_events: list[str] = field(default_factory=list)  # each names the file in which its event stands
    taken: set[int] = field(default_factory=set)  # keys that somebody has, or that a sentence offers
    last: dict[str, int] = field(default_factory=dict)  # of them in each group
    start: date = date.min

    def setting(self) -> Setting:
        """Resolve everything; raises BadInput with all that is missing."""
        self.start = self._start()
        groups = {group: tuple(self._members(group)) for group in GROUPS}
        numbers = self._world()
        self.problems += relations(self.draft, [member for members in groups.values() for member in members])
        self.problems += regions(groups)
        events = tuple(sorted(self._events(), key=lambda event: event.month))
        if len(self.problems) + len(self.of_events) > TOLD:  # what would come to nothing need not be looked for
            self._refuse()
        self.problems += unsound(Told(groups, numbers, events, self.start))
        self.problems += offered_nowhere(groups["apps"], events)
        self.problems += without_searches(groups["apps"], events)
        self.problems += shared_with_nobody(groups["labs"], events)
        self._refuse()
        months = int(self.draft.top["months"])
        return Setting(self.source.name, self.source.question, self.start, months, groups, numbers, events)

    def _refuse(self) -> None:
        """Say all that was found, if anything was."""
        refuse([*(f"{self.source.label}, {said}" for said in self.problems), *self.of_events])

    def _start(self) -> date:
        """First month of the scenario."""
        for key, example in (("months", "months = 48"), ("start", 'start = "2023-01"')):
            if key not in self.draft.top:
                self.problems.append(f'{key}: is missing; write {example}, or extends = "baseline"')
                self.draft.top[key] = 1 if key == "months" else "2023-01"
        year, month = self.draft.top["start"].split("-")
        return date(int(year), int(month), 1)

    def _month(self, text: str) -> int:
        """Months from the start to a month of the calendar."""
        year, month = text.split("-")
        return (int(year) - self.start.year) * 12 + int(month) - self.start.month

    def _world(self) -> dict[str, float]:
        """Numbers of the world, resolved."""
        rows = self.draft.catalogue.parameters.numbers(WORLD)
        return {name: float(self.draft.world.get(name, row.value)) for name, row in rows.items()}

    def _members(self, group: str) -> Iterator[Member]:
        """Members of a group that are there, in the order of their keys."""
        said = self.draft.groups[group].members
        present = {name: own for name, own in said.items() if not own.get("absent")}
        described = {name for name, own in said.items() if {"key", "region"} <= set(own)}
        for name in present:
            if not re.fullmatch(ID, name):
                expected = "lower-case letters, digits and _, a letter first (other text goes into title)"
                self.problems.append(f"{group}: found the name {shown(name)}, expected {expected}")
            elif group in SECTORS and name not in REGIONS:
                self.problems.append(f"{group}.{name}: {self.draft.hints.unknown('region', name, REGIONS)}")
            elif name not in described:
                self.problems.append(f"{group}.{name}: {self._undescribed(group, present[name], name)}")
        for name in sorted(said.keys() - described - present.keys()):
            meant = self.draft.hints.near(name, described)
            cure = f". Did you mean {meant!r}?" if meant else "; leave it out of the file"
            self.problems.append(f"{group}.{name}.absent: found True, but there is no such member{cure}")
        for name in sorted(set(present) & described, key=lambda name: (present[name]["key"], name)):
            yield self._member(group, name, present[name])

    def _undescribed(self, group: str, own: Mapping[str, Any], name: str) -> str:
        """Say what a new member lacks to be one, and whom of the group it was perhaps meant to be."""
        lacking = [key for key in ("key", "region") if key not in own]
        regions = " or ".join(f'"{region}"' for region in REGIONS)
        cures = [f"key = {self._free_key(group)}" if key == "key" else f"region = {regions}" for key in lacking]
        said = f"lacks its {' and its '.join(lacking)}, which a new member needs; write {' and '.join(cures)}"
        members = self.draft.groups[group].members.items()
        known = (other for other, each in members if {"key", "region"} <= set(each))
        meant = self.draft.hints.near(name, known) if len(lacking) == 2 else None  # who gives either means somebody new
        return said + (f". Did you mean {meant!r}?" if meant else "")

    def _free_key(self, group: str) -> int:
        """Find a key that nobody has, next to those of the group; each is offered once."""
        if not self.taken:
            groups = self.draft.groups.items()
            keys = {name: [own["key"] for own in each.members.values() if "key" in own] for name, each in groups}
            self.taken |= set(chain.from_iterable(keys.values()))
            self.last = {name: max(of or self.taken or {KEY_LEAST}) for name, of in keys.items()}
        key = self.last[group] + 1
        while key in self.taken:
            key += 1
        self.taken.add(key)
        self.last[group] = key
        return key

    def _member(self, group: str, name: str, own: dict[str, Any]) -> Member:
        """Resolve one member."""
        numbers = {key: self._number(group, name, key) for key in self.draft.catalogue.parameters.numbers(group)}
        slots = self.draft.catalogue.menus.get(group, {})
        return Member(
            name=name,
            key=own["key"],
            layer=group,
            owner=own.get("owner", name),
            region=own["region"],
            enters=self._enters(group, name, own.get("enters")),
            founder=own.get("founder", ""),
            numbers=numbers,
            strategies={slot: self._strategy(group, name, slot) for slot in slots},
            partners={layer: tuple(own[layer]) for layer in FIRMS if own.get(layer)},
            title=own.get("title", ""),
            patron=own.get("patron", ""),
        )

    def _enters(self, group: str, name: str, when: str | None) -> int:
        """Months from the start to an entry; one before the start is there already."""
        if when is None or when == NEVER:
            return int(self.draft.top["months"]) if when else 0
        month, top = self._month(when), self.draft.entries[group, name]
        if after := self._after(top, month):
            self.problems.append(f"{group}.{name}.enters: {when} {after}")
        return max(0, month)

    def _after(self, top: Mapping[str, Any], month: int) -> str:
        """Say so if a month is after the last of the world for which it was told."""
        if "start" not in top or "months" not in top:
            return ""
        last = self._month(top["start"]) + int(top["months"]) - 1
        if month <= last:
            return ""
        cure = f"give it an earlier month, or write months = {int(top['months']) + month - last}"
        return f"is after the last month, {calendar(self.start, last)}; {cure}"

    def _number(self, group: str, name: str, key: str) -> float:
        """Resolve a number: the scenario's for the member, its for the group, the table's for either."""
        said = self.draft.groups[group].value(name, key)
        value = self.draft.catalogue.parameters.value(group, name, key) if said is None else said
        if value is None:
            self.problems.append(f"{group}.{name}.{key}: has no value; parameters.csv has no row {group}.{key}")
            return 0.0
        return float(value)

    def _strategy(self, group: str, name: str, slot: str) -> Any:
        """Make the strategy of a choice."""
        if (group, name, slot) in self.own:
            return self.own[group, name, slot]
        menu = self.draft.catalogue.menus[group][slot]
        choice = self.draft.groups[group].value(name, slot)
        if choice is None:
            self.problems.append(f"{group}.{name}.{slot}: no strategy is chosen; expected one of {', '.join(menu)}")
            return None
        return menu[choice["use"]](**{key: value for key, value in choice.items() if key != "use"})

    def _events(self) -> Iterator[Event]:
        """Resolve dated events."""
        for dated in self.draft.events:
            said, place = dated.said, f"{dated.label}, event {dated.number}"
            month = self._month(said["month"])
            self.of_events += [f"{place}.month: {wrong}" for wrong in self._outside(dated, month)]
            path, value = said.get("path", ""), float(said.get("value", 0.0))
            keys = self.draft.full(path)
            if self.draft.absent(keys) and not dated.of_absent:
                continue  # a later file or setting left the firm out, and what would have happened to it with it
            event = Event(month, said["what"], said.get("who", ""), ".".join(keys), value, said.get("text", ""))
            event, wrong = self._taken_up(event, keys, said)
            self.of_events += [f"{place}.{each}" for each in wrong]
            yield event

    def _taken_up(self, event: Event, keys: list[str], said: Mapping[str, Any]) -> tuple[Event, list[str]]:
        """Give an event what it takes up and its text, and say what is wrong with it."""
        if event.what == "set":
            wrong = unsettable(self.draft, keys, event.value)
            return replace(event, text=event.text or f"{event.path} becomes {event.value:g}"), wrong
        if event.what == "partners":
            names = tuple(said["names"])
            told = f"{event.path} becomes {', '.join(names) or 'any of its region'}"
            wrong = unknown_partners(self.draft, keys, names)
            return replace(event, names=names, text=event.text or told[:TEXT_LIMIT]), wrong
        if wrong := no_choice(self.draft, keys, said["choice"]):
            return event, wrong
        choice = {"use": said["choice"]} if isinstance(said["choice"], str) else dict(said["choice"])
        name = choice.pop("use")
        strategy = self.draft.catalogue.menus[keys[0]][keys[-1]][name](**choice)
        return replace(event, choice=strategy, text=event.text or f"{event.path} becomes {name}"), []

    def _outside(self, dated: Dated, month: int) -> Iterator[str]:
        """Say so if an event lies outside its world: before the first month, or after the last that its file tells."""
        when = dated.said["month"]
        if month < 0:
            yield f"{when} is before the start, {self.start:%Y-%m}"
        if after := self._after(dated.top, month):
            yield f"{when} {after}"

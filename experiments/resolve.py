"""Resolve a scenario that is put together: every number, strategy and date, and whether all of it fits together."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import Any

from agents.setting import Event, Member, Setting
from agents.strategies.index import OwnIndex
from experiments.catalogue import Source
from experiments.draft import Dated, Draft
from experiments.errors import near, refuse, shown, unknown
from experiments.parameters import FIRMS, GROUPS, REGIONS, SECTORS, WORLD
from experiments.schema import ID, KEY_LEAST, calendar
from experiments.soundness import Told, unsound
from experiments.unchangeable import no_choice, unknown_partners, unsettable
from market.goods import LAYERS

RESERVED = (*LAYERS, "older_businesses", "users_west", "users_china")  # accounts that every world has


@dataclass
class Resolver:
    """Resolves a draft into a setting, and finds what is missing or does not fit together."""

    draft: Draft
    source: Source
    own: Mapping[tuple[str, str, str], Any]  # strategies from a script by group, member and slot
    problems: list[str] = field(default_factory=list)
    of_events: list[str] = field(default_factory=list)  # each names the file in which its event stands
    offered: set[int] = field(default_factory=set)  # free keys that sentences name
    start: date = date.min

    def setting(self) -> Setting:
        """Resolve everything; raises BadInput with all that is missing."""
        self.start = self._start()
        groups = {group: tuple(self._members(group)) for group in GROUPS}
        numbers = self._world()
        self.problems += self._relations([member for members in groups.values() for member in members])
        events = tuple(sorted(self._events(), key=lambda event: event.month))
        self.problems += unsound(Told(groups, numbers, events, self.start))
        self.problems += self._offered_nowhere(groups["apps"], events)
        self.problems += self._without_searches(groups["apps"], events)
        self.problems += self._shared_with_nobody(groups["labs"], events)
        refuse([*(f"{self.source.label}, {said}" for said in self.problems), *self.of_events])
        months = int(self.draft.top["months"])
        return Setting(self.source.name, self.source.question, self.start, months, groups, numbers, events)

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
            elif name not in described:
                self.problems.append(f"{group}.{name}: {self._undescribed(group, present[name], name)}")
        for name in sorted(set(present) & described, key=lambda name: (present[name]["key"], name)):
            yield self._member(group, name, present[name])

    def _undescribed(self, group: str, own: Mapping[str, Any], name: str) -> str:
        """Say what a new member lacks to be one, and whom of the group it was perhaps meant to be."""
        lacking = [key for key in ("key", "region") if key not in own]
        cures = [f"key = {self._free_key(group)}" if key == "key" else 'region = "west" or "china"' for key in lacking]
        said = f"lacks its {' and its '.join(lacking)}, which a new member needs; write {' and '.join(cures)}"
        known = [other for other, each in self.draft.groups[group].members.items() if {"key", "region"} <= set(each)]
        meant = near(name, known) if len(lacking) == 2 else None  # who gives either means somebody new
        return said + (f". Did you mean {meant!r}?" if meant else "")

    def _free_key(self, group: str) -> int:
        """Find a key that nobody has, next to those of the group; each is offered once."""
        groups = self.draft.groups.items()
        keys = {name: [own["key"] for own in each.members.values() if "key" in own] for name, each in groups}
        taken = {*self.offered, *chain.from_iterable(keys.values())}
        key = max(keys[group] or taken or {KEY_LEAST}) + 1
        while key in taken:
            key += 1
        self.offered.add(key)
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
            enters=max(0, self._month(own["enters"])) if "enters" in own else 0,  # before the start: there already
            founder=own.get("founder", ""),
            numbers=numbers,
            strategies={slot: self._strategy(group, name, slot) for slot in slots},
            partners={layer: tuple(own[layer]) for layer in FIRMS if own.get(layer)},
            title=own.get("title", ""),
            patron=own.get("patron", ""),
        )

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

    def _relations(self, members: list[Member]) -> Iterator[str]:
        """Find keys and names that are used twice, and firms that are named and not there."""
        by_key: dict[int, str] = {}
        by_name: dict[str, str] = {}
        there: dict[str, list[str]] = {group: [] for group in GROUPS}
        for member in members:
            there[member.layer].append(member.name)
        for member in members:
            path = f"{member.layer}.{member.name}"
            if (other := by_key.setdefault(member.key, path)) != path:
                yield f"{path}.key: {member.key} is the key of {other} too; each needs its own"
            if member.layer not in SECTORS and member.name in RESERVED:
                yield f"{path}: {member.name!r} is the name of an outside sector; give it another"
            if member.layer not in SECTORS and (other := by_name.setdefault(member.name, path)) != path:
                yield f"{path}: {other} has this name too; each needs its own"
            yield from self._named(member, path, there)
        for member in members:
            if member.numbers.get("opening_pages") and f"{member.name}_pages" in by_name:
                yield f"{by_name[f'{member.name}_pages']}: is the name of {member.name}'s older line; give it another"

    def _named(self, member: Member, path: str, there: Mapping[str, list[str]]) -> Iterator[str]:
        """Find partners and a founder that a member names and that are not among the names of their layer."""
        if member.founder and member.founder not in there["investors"]:
            yield f"{path}.founder: {unknown('investor', member.founder, there['investors'])}"
        if member.enters and not member.founder:
            yield f"{path}.founder: is missing; who enters later needs an investor that pays for it"
        yield from self._shares(member, path, there)
        for layer, names in member.partners.items():
            for name in names:
                if self.draft.groups[layer].members.get(name, {}).get("absent"):
                    yield f"{path}.{layer}: {name!r} is absent in this scenario; name other partners"
                elif name not in there[layer]:
                    yield f"{path}.{layer}: {unknown('firm', name, there[layer])}"

    def _shares(self, member: Member, path: str, there: Mapping[str, list[str]]) -> Iterator[str]:
        """Find a patron that is not there, or that somebody names who shares no revenue."""
        if not member.patron:
            return
        firms = [name for layer in FIRMS for name in there[layer] if name != member.name]
        if member.layer != "labs":
            yield f"{path}.patron: found {shown(member.patron)}, expected none; only labs share their revenue"
        elif member.patron == member.name:
            yield f"{path}.patron: {shown(member.patron)} is the lab itself; name the firm that gets its share"
        elif member.patron not in firms:
            yield f"{path}.patron: {unknown('firm', member.patron, firms)}"

    def _shared_with_nobody(self, labs: tuple[Member, ...], events: tuple[Event, ...]) -> Iterator[str]:
        """Find shares of revenue, from the start or after an event, that no patron is named for."""
        later = {event.path: event.value for event in events if event.value}
        for lab in labs:
            paths = ("labs.revenue_share", f"labs.{lab.name}.revenue_share")
            share = lab.numbers.get("revenue_share") or next((later[path] for path in paths if path in later), 0.0)
            if share and not lab.patron:
                cure = f"name the firm that gets it, labs.{lab.name}.patron"
                yield f"labs.{lab.name}.revenue_share: found {share:g}, but the lab has no patron; {cure}"

    def _offered_nowhere(self, apps: tuple[Member, ...], events: tuple[Event, ...]) -> Iterator[str]:
        """Find apps that nobody can use, now or after an event: they would only burn money."""
        opened = {event.path for event in events if event.value}
        for app in apps:
            offered = [app.numbers[region] for region in REGIONS if region in app.numbers]
            later = {f"apps.{region}" for region in REGIONS} | {f"apps.{app.name}.{region}" for region in REGIONS}
            if offered and not any(offered) and not later & opened:
                yield f"apps.{app.name}: is offered nowhere (west = 0, china = 0); write {app.region} = 1"

    def _without_searches(self, apps: tuple[Member, ...], events: tuple[Event, ...]) -> Iterator[str]:
        """Find apps that would buy searches, now or after an event, and name nobody who sells them."""

        def ever(app: Member, number: str) -> bool:
            paths = {f"apps.{number}", f"apps.{app.name}.{number}"}
            return app.numbers.get(number, 0) > 0 or any(event.path in paths and event.value > 0 for event in events)

        selling = [app.name for app in apps if ever(app, "search_price")]
        for app in apps:
            there, index = app.partners.get("apps", ()), app.strategies.get("index")
            others = [name for name in selling if name != app.name]
            if app.name in there:
                yield f"apps.{app.name}.apps: names the app itself; expected other apps, that sell it searches"
            elif ever(app, "search_calls") and not isinstance(index, OwnIndex) and not set(there) & set(others):
                found = (
                    f"found {shown(list(there))}, none of which sells them"
                    if there
                    else "is missing; who buys searches names an app that sells them"
                )
                cure = f"expected one of {', '.join(others)}" if others else "no app has a search_price above 0"
                yield f"apps.{app.name}.apps: {found}; {cure}"

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
            wrong = [f"path: {each}" for each in unsettable(self.draft, keys, event.value)]
            return replace(event, text=event.text or f"{event.path} becomes {event.value:g}"), wrong
        if event.what == "partners":
            names = tuple(said["names"])
            told = f"{event.path} becomes {', '.join(names) or 'any of its region'}"
            return replace(event, names=names, text=event.text or told), unknown_partners(self.draft, keys, names)
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
        if "start" in dated.top and "months" in dated.top:
            months = int(dated.top["months"])
            last = self._month(dated.top["start"]) + months - 1
            if month > last:
                cure = f"give it an earlier month, or write months = {months + month - last}"
                yield f"{when} is after the last month, {calendar(self.start, last)}; {cure}"

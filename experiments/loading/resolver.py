"""Resolve a scenario: every number, strategy and date, and whether they fit together."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import Any

from watersellers.agents.scenario_spec import WHEN_GOOD_ENOUGH, Event, ParticipantSpec, ScenarioSpec
from watersellers.experiments.input.errors import PROBLEMS_SHOWN, refuse, shown
from watersellers.experiments.input.printable_text import TEXT_LIMIT
from watersellers.experiments.loading.checks.consistency import PlannedWorld, consistency_problems
from watersellers.experiments.loading.checks.dated_releases import release_problems
from watersellers.experiments.loading.checks.own_silicon import own_silicon_problems
from watersellers.experiments.loading.checks.savers_of_pools import saver_problems
from watersellers.experiments.loading.checks.vendors_supply import supply_problems
from watersellers.experiments.loading.checks.waiting_apps import waiting_problems
from watersellers.experiments.loading.checks.work_segments import work_problems
from watersellers.experiments.loading.edits.dated_events import DatedEvent
from watersellers.experiments.loading.edits.dated_lists import DatedLists
from watersellers.experiments.loading.edits.partner_lists import WrongList, names_in
from watersellers.experiments.loading.event_limits import wrong_choice, wrong_number, wrong_partners
from watersellers.experiments.loading.names_and_partners import (
    apps_offered_nowhere,
    apps_without_searches,
    entrants_without_founder,
    relations,
    shares_without_patron,
    wrong_regions,
)
from watersellers.experiments.loading.parameters import FIRMS, GROUPS, WORLD
from watersellers.experiments.loading.scenario_draft import ScenarioDraft
from watersellers.experiments.loading.scenario_source import ScenarioSource
from watersellers.experiments.loading.schema import ID, KEY_LEAST, NEVER, calendar_month, identity
from watersellers.experiments.loading.warnings.all_warnings import warnings_of
from watersellers.experiments.own_code.own_choices import made_choice
from watersellers.market.goods import REGIONS, SECTORS


@dataclass
class Resolver:
    """Resolves a draft into a scenario specification, and finds what is missing or does not fit together."""

    draft: ScenarioDraft
    source: ScenarioSource
    own: Mapping[tuple[str, str, str], Any]  # strategies from a script by group, member and decision
    problems: list[str] = field(default_factory=list)
    of_events: list[str] = field(default_factory=list)  # each names the file of its event
    taken: set[int] = field(default_factory=set)  # keys of members, and keys that a sentence offers
    last: dict[str, int] = field(default_factory=dict)  # the last of these keys in each group
    start: date = date.min
    notes: list[str] = field(default_factory=list)  # what was left out

    def resolve(self) -> ScenarioSpec:
        """Resolve everything.

        Raises
        ------
        BadInput
            If anything is missing or does not fit together; all problems at once.
        """
        self.start = self._start()
        groups = {group: tuple(self._members(group)) for group in GROUPS}
        numbers = self._world()
        self.problems += relations(self.draft, [member for members in groups.values() for member in members])
        self.problems += wrong_regions(groups)
        events = tuple(self._events())
        if (
            len(self.problems) + len(self.of_events) > PROBLEMS_SHOWN
        ):  # what would come to nothing need not be looked for
            self._refuse()
        months = int(self.draft.top["months"])
        world = PlannedWorld(_at_the_earliest(groups), numbers, events, self.start, months)
        self.problems += consistency_problems(world)
        self.problems += saver_problems(world)
        self.problems += apps_offered_nowhere(groups["apps"], events)
        self.problems += apps_without_searches(groups["apps"], events)
        self.problems += entrants_without_founder([*groups["labs"], *groups["apps"]], events)
        self.problems += shares_without_patron(groups["labs"], events)
        self.problems += [*work_problems(world), *release_problems(world)]
        self.problems += [*supply_problems(world), *own_silicon_problems(world), *waiting_problems(world)]
        self._refuse()
        named = self.source.name, self.source.question
        said = (
            (*self.draft.notes, *self.notes),
            (*self._emptied(), *self._given_in_vain(), *self.draft.losses, *warnings_of(world)),
        )
        return ScenarioSpec(*named, self.start, months, groups, numbers, events, *said)

    def _emptied(self) -> Iterator[str]:
        """Tell lists that a removal left without a name, and which so stand for a whole region now."""
        for path, names in self.draft.emptied.items():
            layer = path.rpartition(".")[2]
            if layer != "apps":
                cure = f"write {path} = [...] with another, or [] if that is meant"
                yield f"{path}: has no name without {', '.join(names)}, so it stands for any of its region; {cure}"

    def _given_in_vain(self) -> Iterator[str]:
        """Tell who has values in a file though an earlier one took it out, and so is not there."""
        for (group, name), label in self.draft.given_to_absent.items():
            if self.draft.absent([group, name, "absent"]):
                by = f": {self.draft.removed[name]} removes it" if name in self.draft.removed else ""
                cure = f"write absent = false in {group}.{name} to have it back, or leave its values out"
                yield f"{group}.{name}: has values in {label}, but is absent{by}; {cure}"

    def _refuse(self) -> None:
        """Raise BadInput with all problems, if there are any."""
        refuse([*(f"{self.source.label}, {problem}" for problem in self.problems), *self.of_events])

    def _start(self) -> date:
        """Return the first month of the scenario."""
        for key, example in (("months", "months = 48"), ("start", 'start = "2023-01"')):
            if key not in self.draft.top:
                self.problems.append(f'{key}: is missing; write {example}, or extends = "baseline"')
                self.draft.top[key] = 1 if key == "months" else "2023-01"
        year, month = self.draft.top["start"].split("-")
        return date(int(year), int(month), 1)

    def _month(self, text: str) -> int:
        """Count the months from the start to a calendar month."""
        year, month = text.split("-")
        return (int(year) - self.start.year) * 12 + int(month) - self.start.month

    def _world(self) -> dict[str, float]:
        """Resolve the numbers of the world."""
        rows = self.draft.catalogue.parameters.numbers(WORLD)
        return {name: float(self.draft.world.get(name, row.value)) for name, row in rows.items()}

    def _members(self, group: str) -> Iterator[ParticipantSpec]:
        """Resolve the members of a group that are present, in the order of their keys."""
        members = self.draft.groups[group].members
        present = {name: own for name, own in members.items() if not own.get("absent")}
        described = {name for name, own in members.items() if identity(group) <= set(own)}
        for name in present:
            if not re.fullmatch(ID, name):
                expected = "lower-case letters, digits and _, a letter first (other text goes into title)"
                self.problems.append(f"{group}: found the name {shown(name)}, expected {expected}")
            elif group in SECTORS and name not in REGIONS:
                self.problems.append(f"{group}.{name}: {self.draft.hints.unknown('region', name, REGIONS)}")
            elif name not in described:
                self.problems.append(f"{group}.{name}: {self._undescribed(group, present[name], name)}")
        for name in sorted(members.keys() - described - present.keys()):
            meant = self.draft.hints.likely_name(name, described)
            cure = f". Did you mean {meant!r}?" if meant else "; leave it out of the file"
            self.problems.append(f"{group}.{name}.absent: found True, but there is no such member{cure}")
        for name in sorted(set(present) & described, key=lambda name: (present[name]["key"], name)):
            yield self._member(group, name, present[name])

    def _undescribed(self, group: str, own: Mapping[str, Any], name: str) -> str:
        """Say which keys a new member lacks, and which known member was perhaps meant."""
        lacking = sorted(identity(group) - set(own))
        regions = " or ".join(f'"{region}"' for region in REGIONS)
        cures = [f"key = {self._free_key(group)}" if key == "key" else f"region = {regions}" for key in lacking]
        sentence = f"lacks its {' and its '.join(lacking)}, which a new member needs; write {' and '.join(cures)}"
        members = self.draft.groups[group].members.items()
        known = (other for other, each in members if identity(group) <= set(each))
        # a member with any of these keys is certainly a new one
        meant = self.draft.hints.likely_name(name, known) if len(lacking) == len(identity(group)) else None
        return sentence + (f". Did you mean {meant!r}?" if meant else "")

    def _free_key(self, group: str) -> int:
        """Find a free key next to those of the group; each is offered once."""
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

    def _member(self, group: str, name: str, own: dict[str, Any]) -> ParticipantSpec:
        """Resolve one member."""
        numbers = {key: self._number(group, name, key) for key in self.draft.catalogue.parameters.numbers(group)}
        decisions = self.draft.catalogue.menus.get(group, {})
        return ParticipantSpec(
            name=name,
            key=own["key"],
            layer=group,
            owner=own.get("owner", name),
            region=own.get("region", ""),
            enters=self._enters(group, name, own.get("enters"), numbers),
            founder=own.get("founder", ""),
            numbers=numbers,
            strategies={decision: self._strategy(group, name, decision) for decision in decisions},
            partners={layer: names for layer in FIRMS if (names := self.draft.groups[group].partners(name, layer))},
            title=own.get("title", ""),
            patron=own.get("patron", ""),
        )

    def _enters(self, group: str, name: str, when: str | None, numbers: Mapping[str, float]) -> int:
        """Count the months from the start to an entry; an earlier date than the start counts as 0."""
        if hours := numbers.get("enters_at"):
            if when is not None:
                self.problems.append(
                    f"{group}.{name}.enters: found {shown(when)} beside enters_at = {hours:g}; a firm enters in a month"
                    " or once models are good enough, so leave one of the two out, or write enters_at = 0"
                )
            return WHEN_GOOD_ENOUGH
        if when is None or when == NEVER:
            return int(self.draft.top["months"]) if when else 0
        month, top = self._month(when), self.draft.entries[group, name]
        if after := self._after(top, month):
            self.problems.append(f"{group}.{name}.enters: {when} {after}")
        return max(0, month)

    def _after(self, top: Mapping[str, Any], month: int) -> str:
        """Return a sentence if a month is after the last month of the file that names it, else an empty text."""
        if "start" not in top or "months" not in top:
            return ""
        last = self._month(top["start"]) + int(top["months"]) - 1
        if month <= last:
            return ""
        cure = f"give it an earlier month, or write months = {int(top['months']) + month - last}"
        return f"is after the last month, {calendar_month(self.start, last)}; {cure}"

    def _number(self, group: str, name: str, key: str) -> float:
        """Resolve a number: the scenario's value for the member, else for the group, else the parameter table's."""
        value = self.draft.groups[group].value(name, key)
        if value is None:
            value = self.draft.catalogue.parameters.value(group, name, key)
        if value is None:
            self.problems.append(f"{group}.{name}.{key}: has no value; parameters.csv has no row {group}.{key}")
            return 0.0
        return float(value)

    def _strategy(self, group: str, name: str, decision: str) -> Any:
        """Make the strategy of a decision."""
        if (group, name, decision) in self.own:
            return self.own[group, name, decision]
        menu = self.draft.catalogue.menus[group][decision]
        choice = self.draft.groups[group].value(name, decision)
        if choice is None:
            self.problems.append(f"{group}.{name}.{decision}: no strategy is chosen; expected one of {', '.join(menu)}")
            return None
        return made_choice(choice, menu)

    def _events(self) -> Iterator[Event]:
        """Resolve dated events, in the order of their months."""
        lists = DatedLists(self.draft.groups)
        for dated in sorted(self.draft.events, key=lambda dated: str(dated.content["month"])):
            content, place = dated.content, dated.place
            month = self._month(content["month"])
            self.of_events += [f"{place}.month: {wrong}" for wrong in self._outside(dated, month)]
            path, value = content.get("path", ""), float(content.get("value", 0.0))
            keys = self.draft.full(path)
            if self.draft.absent(keys) and not dated.of_absent:  # a later file or setting left the firm out
                self.notes.append(f"{place}: is dropped, because {keys[0]}.{keys[1]} is absent")
                continue
            told, name = content.get("text", ""), content.get("name", "")
            event = Event(month, content["what"], content.get("who", ""), ".".join(keys), value, told, name=name)
            event, wrong = self._completed(event, keys, content, lists)
            self.of_events += [f"{place}.{each}" for each in wrong]
            yield event

    def _completed(
        self, event: Event, keys: list[str], content: Mapping[str, Any], lists: DatedLists
    ) -> tuple[Event, list[str]]:
        """Add to an event its strategy or partners and its text, and list its problems."""
        if event.what == "set":
            wrong = wrong_number(self.draft, keys, event.value)
            return replace(event, text=event.text or f"{event.path} becomes {event.value:g}"), wrong
        if event.what == "partners":
            if wrong := wrong_partners(self.draft, keys, names_in(content["names"])):
                return event, wrong
            try:
                names = lists.change(keys, content["names"])
            except WrongList as error:
                return event, [f"names: {error}"]
            text = f"{event.path} becomes {', '.join(names) or 'any of its region'}"
            return replace(event, names=names, text=event.text or text[:TEXT_LIMIT]), []
        if wrong := wrong_choice(self.draft, keys, content["choice"]):
            return event, wrong
        choice = {"use": content["choice"]} if isinstance(content["choice"], str) else dict(content["choice"])
        strategy = made_choice(choice, self.draft.catalogue.menus[keys[0]][keys[-1]])
        return replace(event, choice=strategy, text=event.text or f"{event.path} becomes {choice['use']}"), []

    def _outside(self, dated: DatedEvent, month: int) -> Iterator[str]:
        """Find events before the first month, or after the last month of the file that names them."""
        when = dated.content["month"]
        if month < 0:
            yield f"{when} is before the start, {self.start:%Y-%m}"
        if after := self._after(dated.top, month):
            yield f"{when} {after}"


def _at_the_earliest(groups: Mapping[str, tuple[ParticipantSpec, ...]]) -> dict[str, tuple[ParticipantSpec, ...]]:
    """Let apps that wait for better models enter as early as they may, as nobody knows when they will."""
    apps = tuple(replace(app, enters=1) if app.waits else app for app in groups["apps"])
    return {**groups, "apps": apps}

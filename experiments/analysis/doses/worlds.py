"""The world of a dose: a scenario with more or less of a cause.

A number of the world, of a group, or of one strategy of a decision is multiplied, from the start, until a month or from
a month on; firms are left out or divided; models stop getting better.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from watersellers.agents.scenario_spec import Event, ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies import MENUS
from watersellers.experiments.analysis.decomposition.causes import Cause
from watersellers.experiments.analysis.decomposition.worlds import world_without
from watersellers.experiments.input.months import first_of_month
from watersellers.experiments.input.scenario_warnings import unsaid
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.loading.parameters import WORLD

FROZEN = 1000.0  # number of a release that no later one follows


@dataclass(frozen=True)
class Change:
    """What a dose changes: numbers to multiply (from a month on, or until one), groups to shorten, the release to keep.

    Or ``divided``: a firm for which so many equal ones stand, none at 0, and the numbers that they share. What ``both``
    holds is set anyway.
    """

    times: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    share_of: tuple[str, ...] = ()
    freeze: str = ""
    divided: tuple[str, tuple[str, ...]] = ("", ())
    both: Mapping[str, Any] = field(default_factory=dict)


def dosed(scenario: str, change: Change, dose: float | str | None) -> ScenarioSpec:
    """Load a scenario with a dose of a change; None is the scenario itself, with what is set in both."""
    if dose is not None and change.share_of:
        return _with_last(scenario, change.share_of, float(dose))
    if dose is not None and change.divided[0]:
        return _with_equals(scenario, change, round(float(dose)))
    spec = load_scenario(scenario, change.both)
    if dose is None:
        return spec
    if change.freeze:
        return _set_from(spec, change.freeze, str(dose), dict.fromkeys(_members(spec, change.freeze), FROZEN))
    for path in change.times:
        spec = _multiplied(spec, path, float(dose), change)
    return spec


def _with_equals(scenario: str, change: Change, number: int) -> ScenarioSpec:
    """Let so many equal firms stand for one, or none."""
    firm, parts = change.divided
    if not number:
        return _without(scenario, [firm.partition(".")[2]], change.both)
    copies = {"of": firm, "number": number - 1, "divided": parts}
    return world_without([Cause("divided", firm, firm, change.both, copies)], scenario)


def _with_last(scenario: str, groups: tuple[str, ...], share: float) -> ScenarioSpec:
    """Leave out firms of some groups, but for the last share of each in the scenario's order, and what these own."""
    base = load_scenario(scenario)
    firms = [firm for group in groups for firm in base.groups[group]]
    first = {group: len(base.groups[group]) - round(share * len(base.groups[group])) for group in groups}
    leaving = {firm.name for group in groups for firm in base.groups[group][: first[group]]}
    there = {firm.owner for firm in firms if not firm.enters and firm.name not in leaving}
    gone = {firm.name for firm in firms if firm.name in leaving or firm.owner in leaving}
    gone |= {firm.name for firm in firms if firm.enters and not firm.founder and firm.owner not in there}
    return _without(scenario, [firm.name for firm in firms if firm.name in gone], _left_alone(base, gone))


def _left_alone(base: ScenarioSpec, gone: set[str]) -> dict[str, Any]:
    """What firms that are left do without those that are gone: they search themselves, and no pages have ads."""
    left = [app for app in base.groups["apps"] if app.name not in gone]
    alone: dict[str, Any] = {f"apps.{app.name}.index": "own" for app in left if {*app.partners.get("apps", ())} & gone}
    if not any(app.numbers["opening_pages"] for app in left):
        alone |= {f"advertisers.{region.name}.page_budget": 0 for region in base.groups["advertisers"]}
    return alone


def _without(scenario: str, firms: Sequence[str], both: Mapping[str, Any]) -> ScenarioSpec:
    """Load a scenario without some firms; nobody is warned of what never happens there, since it was taken away."""
    question = load_scenario(scenario).question
    with unsaid():
        return load_scenario({"extends": scenario, "name": scenario, "question": question, "remove": firms}, both)


def _multiplied(spec: ScenarioSpec, path: str, factor: float, when: Change) -> ScenarioSpec:
    """Multiply a number of the world or of all members of a group; of a strategy, in those that use it."""
    if when.since:
        later = {name: factor * value for name, value in _values(spec, path).items()}
        return _set_from(spec, path, when.since, later)
    group, *rest = path.split(".")
    if group == WORLD:
        more = replace(spec, numbers={**spec.numbers, rest[0]: factor * spec.numbers[rest[0]]})
    else:
        more = replace(
            spec, groups={**spec.groups, group: tuple(_more(one, path, factor) for one in spec.groups[group])}
        )
    return _set_from(more, path, when.until, _values(spec, path)) if when.until else more


def _values(spec: ScenarioSpec, path: str) -> dict[str, float]:
    """A number by member; the world's by a name of nothing."""
    group, number = path.split(".")
    if group == WORLD:
        return {"": spec.numbers[number]}
    return {name: there.numbers[number] for name, there in _members(spec, path).items()}


def _more(member: ParticipantSpec, path: str, factor: float) -> ParticipantSpec:
    """Multiply one member's number, or that of its strategy if it uses the one that the path names."""
    group, *rest = path.split(".")
    if len(rest) == 1:
        return replace(member, numbers={**member.numbers, rest[0]: factor * member.numbers[rest[0]]})
    decision, strategy, number = rest
    chosen, named = member.strategies[decision], MENUS[group][decision][strategy]
    if not isinstance(chosen, named):
        return member
    changed = replace(chosen, **{number: factor * getattr(chosen, number)})  # type: ignore[type-var]
    return replace(member, strategies={**member.strategies, decision: changed})


def _set_from(spec: ScenarioSpec, path: str, since: str, values: Mapping[str, float]) -> ScenarioSpec:
    """Set a number of members from a month on, by an event each; later events on the same number do not happen."""
    group, number = path.split(".")
    first = first_of_month(since)
    month = (first.year - spec.start.year) * 12 + first.month - spec.start.month
    paths = {".".join(filter(None, (group, name, number))): value for name, value in values.items()}
    over = {path, *paths}
    kept = [event for event in spec.events if event.month < month or event.path not in over]
    new = [Event(month, "set", "", one, value, f"{one} is {value:g}") for one, value in paths.items()]
    return replace(spec, events=tuple(kept + new))


def _members(spec: ScenarioSpec, path: str) -> dict[str, ParticipantSpec]:
    return {member.name: member for member in spec.groups[path.split(".")[0]]}

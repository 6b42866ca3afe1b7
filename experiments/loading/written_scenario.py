"""A resolved scenario as a manifest holds it: read again with a user's own strategies, or with one event more."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.input.errors import BadInput, refuse, shown
from watersellers.experiments.input.scenario_warnings import unsaid
from watersellers.experiments.input.text_files import parse_toml
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import draft_scenario, load_scenario
from watersellers.experiments.loading.resolver import Resolver
from watersellers.experiments.loading.scenario_source import source_of_mapping
from watersellers.experiments.loading.schema import calendar_month
from watersellers.experiments.loading.writer import scenario_toml
from watersellers.experiments.own_code.own_rules import name_of_rule

NOT_THE_SAME = "reads back as a different scenario"


def strategies_of(spec: ScenarioSpec) -> dict[str, Any]:
    """Collect every strategy of a scenario by its path."""
    members = [member for group in spec.groups.values() for member in group]
    return {f"{m.layer}.{m.name}.{decision}": chosen for m in members for decision, chosen in m.strategies.items()}


def own_strategies(spec: ScenarioSpec) -> dict[str, Any]:
    """Collect the strategies that are on no menu, by their paths."""
    menus = builtin_catalogue().menus
    listed = {id(cls) for decisions in menus.values() for menu in decisions.values() for cls in menu.values()}
    return {path: chosen for path, chosen in strategies_of(spec).items() if id(type(chosen)) not in listed}


def own_of_events(spec: ScenarioSpec) -> dict[str, Any]:
    """Collect the rules of the user's own that events choose, by path and month: labs.openai.research from 2024-03."""
    dated = ((f"{each.path} from {calendar_month(spec.start, each.month)}", each.choice) for each in spec.events)
    return {place: choice for place, choice in dated if name_of_rule(choice)}


def read_scenario(scenario: Mapping[str, str], own: Iterable[str], strategies: Mapping[str, Any]) -> ScenarioSpec:
    """Read the text of a resolved scenario; the decisions in ``own`` get their strategies from a script.

    Parameters
    ----------
    scenario : mapping
        Its ``name``, ``question`` and ``text``.
    own : iterable of str
        Full paths of decisions about which the text is silent, as apps.chatgpt.pricing.
    strategies : mapping
        A user's own strategies by path; a decision of ``own`` that has none gets the first of its menu.

    Raises
    ------
    BadInput
        If the text is not a complete scenario of this version.
    """
    doc = parse_toml(scenario["text"], "scenario")
    if "extends" in doc:
        raise BadInput(f"scenario, extends: found {shown(doc['extends'])}, expected a complete scenario")
    for path in own:
        group, member, decision = path.split(".")
        try:
            doc[group][member][decision] = next(iter(builtin_catalogue().menus[group][decision]))
        except (KeyError, TypeError):
            raise BadInput(f"strategies, {path}: found no such firm and decision in the scenario") from None
    named = {**doc, "name": scenario["name"], "question": scenario["question"]}
    with unsaid():
        return load_scenario(named, strategies=strategies)


def silent_decisions(text: str) -> list[str]:
    """List the decisions about which the text of a resolved scenario is silent, for they were given by a script."""
    doc, found = parse_toml(text, "scenario"), []
    for group, decisions in builtin_catalogue().menus.items():
        members = doc.get(group, {})
        for name, member in members.items() if isinstance(members, dict) else ():
            there = member if isinstance(member, dict) else {}
            found += [f"{group}.{name}.{decision}" for decision in decisions if decision not in there]
    return found


def with_event(spec: ScenarioSpec, event: Mapping[str, Any], place: str) -> ScenarioSpec:
    """Add an event to a resolved scenario, checked as if its file had said it; ``place`` begins each sentence.

    Raises
    ------
    BadInput
        If no scenario may hold the event; all problems at once.
    """
    catalogue, mine = builtin_catalogue(), own_strategies(spec)
    doc: dict[str, Any] = tomllib.loads(scenario_toml(spec, catalogue.menus))
    for path in mine:
        group, member, decision = path.split(".")
        doc[group][member][decision] = next(iter(catalogue.menus[group][decision]))
    source = source_of_mapping({**doc, "name": spec.scenario, "question": spec.question})
    draft, added = draft_scenario(source, catalogue), {"event": [dict(event)]}
    problems = list(catalogue.messages.problems_in(catalogue.model, added, draft.hints))
    refuse(f"{place}, {problem}".replace("event 1.", "", 1) for problem in problems)
    draft.lay(added, place)
    own = {tuple(path.split(".")): chosen for path, chosen in mine.items()}
    try:
        found = Resolver(draft, source, own).resolve()  # type: ignore[arg-type]
    except BadInput as error:
        raise BadInput(*(each.replace(f"{place}, event 1.", f"{place}, ", 1) for each in error.problems)) from None
    found = replace(found, notes=spec.notes, warnings=spec.warnings)  # they were said when it was loaded first
    if replace(found, events=spec.events) != spec:
        raise BadInput(f"{place}: the scenario of this world {NOT_THE_SAME}, so no event can be added to it")
    return found

"""Load a scenario: read its files, apply the settings of the run, report mistakes, resolve every number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from watersellers.agents.scenario_spec import ParticipantSpec, ScenarioSpec
from watersellers.experiments.input.errors import BadInput, on_one_line, refuse, shown
from watersellers.experiments.input.plain_values import values_by_path
from watersellers.experiments.input.scenario_warnings import warn_of
from watersellers.experiments.loading.catalogue import Catalogue, builtin_catalogue
from watersellers.experiments.loading.parameters import STRUCTURE
from watersellers.experiments.loading.resolver import Resolver
from watersellers.experiments.loading.scenario_draft import ScenarioDraft
from watersellers.experiments.loading.scenario_source import ScenarioSource, source_of_mapping
from watersellers.experiments.loading.schema import MONTHS_LIMIT
from watersellers.experiments.own_code.own_rules import beside
from watersellers.experiments.own_code.passed_rules import rules_by_path

LONGEST_PATH = 4  # names in the path of a setting: group, member, decision, number
type Scenario = str | Path | Mapping[str, Any] | ScenarioSpec


def load_scenario(
    scenario: Scenario = "baseline",
    set: Mapping[str, Any] | None = None,
    strategies: Mapping[str, Any] | None = None,
    catalogue: Catalogue | None = None,
) -> ScenarioSpec:
    """Load a scenario with everything resolved.

    Parameters
    ----------
    scenario : str, Path, mapping or ScenarioSpec
        A name, the path of a TOML file, its content as a mapping, or a loaded scenario, which is returned as it is.
    set : mapping, optional
        Values by path, as ``{"chips.lock_in": 0.5, "cloud.aws.pricing": "cost_plus"}``.
    strategies : mapping, optional
        Your own strategies by firm and decision, as ``{"perplexity.pricing": FlatFee()}``.
    catalogue : Catalogue, optional
        Parameter table, menus and folder of scenarios; the built-in ones if not given.

    Raises
    ------
    BadInput
        If anything is wrong; all problems at once.

    Warns
    -----
    ScenarioWarning
        For whatever can be run but never does what it is there for; the attribute ``warnings`` holds the sentences.
    """
    if isinstance(scenario, ScenarioSpec):
        if set or strategies:
            raise BadInput("set: a scenario that is loaded already takes no settings; load it with them")
        return scenario
    catalogue = catalogue or builtin_catalogue()
    if isinstance(scenario, Mapping):
        source = source_of_mapping(scenario)
    elif isinstance(scenario, str | Path):
        source = catalogue.read(scenario)
    else:
        raise BadInput(f"scenario: found {shown(scenario)}, expected a name, the path of a file, or a mapping")
    draft = draft_scenario(source, catalogue)
    with beside(draft.folders):
        _apply(draft, values_by_path("set", set))
        own = _own_strategies(draft, strategies)
        spec = Resolver(draft, source, own).resolve()
    for sentence in spec.warnings:
        warn_of(f"{source.label}, {sentence}")
    return spec


def scenario_names() -> list[str]:
    """List the names of the scenarios that come with Water Sellers."""
    return builtin_catalogue().names()


def with_length(spec: ScenarioSpec, months: int | None) -> ScenarioSpec:
    """Give a scenario the length of a run, or its own if None; later events are dropped, later entries never happen."""
    months = spec.months if months is None else months
    groups = {
        group: tuple(_with_reachable_entry(member, months) for member in there) for group, there in spec.groups.items()
    }
    events = tuple(event for event in spec.events if event.month < months)
    return replace(spec, months=months, groups=groups, events=events)


def _with_reachable_entry(member: ParticipantSpec, months: int) -> ParticipantSpec:
    """Move an entry that a shorter run does not reach to the end of the run."""
    return member if member.enters <= months or member.waits else replace(member, enters=months)


def months_to(spec: ScenarioSpec, last: date) -> int:
    """Count the months from the start of a scenario to the last month of an analysis, both included.

    Raises
    ------
    BadInput
        If the scenario starts after that month, or too long before it.
    """
    months = (last.year - spec.start.year) * 12 + last.month - spec.start.month + 1
    if 1 <= months <= MONTHS_LIMIT:
        return months
    reached = f"{last:%Y-%m}, the last month of the analysis, within {MONTHS_LIMIT} months"
    raise BadInput(f"{spec.scenario}, start: found {spec.start:%Y-%m}, expected a start that reaches {reached}")


def draft_scenario(source: ScenarioSource, catalogue: Catalogue) -> ScenarioDraft:
    """Put a scenario's files together.

    Raises
    ------
    BadInput
        If a file has wrong keys or values; the problems of all files at once.
    """
    chain = catalogue.chain(source)
    files = [each.file.parent for each in reversed(chain) if each.file != Path()]  # the nearest first
    folders = tuple(dict.fromkeys(folder for folder in files if folder != catalogue.folder))
    draft, messages = ScenarioDraft(catalogue, folders=folders), catalogue.messages
    with beside(folders):
        refuse(
            f"{each.label}, {problem}"
            for each in chain
            for problem in messages.problems_in(catalogue.model, each.doc, draft.hints)
        )
        refuse(f"{each.label}, {problem}" for each in chain for problem in draft.lay(each.doc, each.label))
    return draft


def _apply(draft: ScenarioDraft, settings: Mapping[str, Any]) -> None:
    """Apply the settings of a run to a draft, those for whole groups first (``_when_applied``)."""
    problems: list[str] = []
    paths = {path: draft.full(path) for path in settings}
    refuse(f"set, {problem}" for problem in paths_set_twice(paths))
    for path, keys in sorted(paths.items(), key=lambda item: _when_applied(item[1])):
        problems += [f"set, {problem}" for problem in _set(draft, on_one_line(path), settings[path], keys)]
    refuse(problems)


def _when_applied(keys: list[str]) -> tuple[int, bool, list[str]]:
    """Order settings: those for whole groups first, and of these the numbers of firms, which others may name."""
    return len(keys), keys[0] != STRUCTURE, keys


def paths_set_twice(paths: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield a sentence for each path that leads to the same number as an earlier one: only one of their values counts.

    ``paths`` has the keys of each path, with the group before the name of a firm: ``nvidia.lock_in`` is
    ``chips.nvidia.lock_in``.
    """
    first: dict[tuple[str, ...], str] = {}
    for path, keys in paths.items():
        other = first.setdefault(tuple(keys), path)
        if other != path:
            yield f"{on_one_line(path)}: is the same as {on_one_line(other)}, {'.'.join(keys)}; set it once"


def _set(draft: ScenarioDraft, path: str, value: Any, keys: list[str]) -> list[str]:
    """Apply one setting to a draft, and return what is wrong with it."""
    if len(keys) > LONGEST_PATH:
        return [f"{path}: found {len(keys)} names, expected at most {LONGEST_PATH}, as in cloud.aws.pricing.step"]
    if problem := draft.unknown_member(keys):
        return [f"{path}: {problem}"]
    try:
        documents = draft.documents(keys, value)
    except BadInput as error:
        return [f"{path}: {error}"]
    messages, model = draft.catalogue.messages, draft.catalogue.model
    problems = [problem for doc in documents for problem in messages.problems_in(model, doc, draft.hints)]
    if not problems:
        problems = [problem for doc in documents for problem in draft.lay(doc)]
    return problems


def _own_strategies(draft: ScenarioDraft, strategies: Mapping[str, Any] | None) -> dict[tuple[str, str, str], Any]:
    """Find the member and decision of each strategy from a script, as (group, member, decision)."""
    found: dict[tuple[str, str, str], Any] = {}
    problems: list[str] = []
    given = rules_by_path(strategies)
    paths = {path: draft.full(path) for path in given}
    refuse(f"strategies, {problem}" for problem in paths_set_twice(paths))
    for path, keys in sorted(paths.items(), key=lambda item: len(item[1])):  # those for whole groups first
        strategy = given[path]
        group, decision = keys[0], keys[-1]
        if problem := draft.unknown_member(keys) or _not_a_decision(draft, keys):
            problems.append(f"strategies, {on_one_line(path)}: {problem}")
        else:
            for member in keys[1:-1] or draft.groups[group].members:
                found[group, member, decision] = strategy
    refuse(problems)
    return found


def _not_a_decision(draft: ScenarioDraft, keys: list[str]) -> str | None:
    """Return a sentence if a path does not end in a decision."""
    decisions = draft.catalogue.menus.get(keys[0], {})
    if keys[-1] not in decisions or len(keys) > 3:
        return draft.hints.unknown("choice of strategy", keys[-1], decisions)
    return None

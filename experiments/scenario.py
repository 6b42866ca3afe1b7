"""Load a scenario: read its files, lay the settings of a run over them, refuse what is wrong, resolve every number."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from watersellers.agents.setting import Member, Setting
from watersellers.experiments.catalogue import Catalogue, Source, of_mapping, ours
from watersellers.experiments.draft import Draft
from watersellers.experiments.errors import BadInput, refuse, shown, word
from watersellers.experiments.given import by_path
from watersellers.experiments.resolve import Resolver
from watersellers.experiments.schema import MONTHS_LIMIT

LONGEST_PATH = 4  # names of a setting's path: group, member, choice, number
type Scenario = str | Path | Mapping[str, Any] | Setting


def scenario_names() -> list[str]:
    """Names of the scenarios that come with Water Sellers."""
    return ours().names()


def load_scenario(
    scenario: Scenario = "baseline",
    settings: Mapping[str, Any] | None = None,
    strategies: Mapping[str, Any] | None = None,
    catalogue: Catalogue | None = None,
) -> Setting:
    """Load a scenario with everything resolved.

    Parameters
    ----------
    scenario : str, Path or mapping
        A name, the path of a TOML file, the same as a mapping, or a Setting, which is returned as it is.
    settings : mapping, optional
        Values by path, as ``{"chips.lock_in": 0.5, "cloud.aws.pricing": "cost_plus"}``.
    strategies : mapping, optional
        Strategies of one's own by firm and choice, as ``{"perplexity.pricing": FlatFee()}``.
    catalogue : Catalogue, optional
        Parameter table, menus and folder of scenarios; those of Water Sellers if not given.

    Raises
    ------
    BadInput
        If anything is wrong, all of it at once.
    """
    if isinstance(scenario, Setting):
        if settings or strategies:
            raise BadInput("settings: a scenario that is loaded already takes none; load it with them")
        return scenario
    catalogue = catalogue or ours()
    if isinstance(scenario, Mapping):
        source = of_mapping(scenario)
    elif isinstance(scenario, str | Path):
        source = catalogue.read(scenario)
    else:
        raise BadInput(f"scenario: found {shown(scenario)}, expected a name, the path of a file, or a mapping")
    draft = draft_of(source, catalogue)
    _apply(draft, by_path("settings", settings))
    own = _own(draft, strategies)
    return Resolver(draft, source, own).setting()


def lasting(setting: Setting, months: int | None) -> Setting:
    """Give a scenario the length of a run, the scenario's own if None; no event or entry after it is reached."""
    months = setting.months if months is None else months
    groups = {group: tuple(_reached(member, months) for member in there) for group, there in setting.groups.items()}
    events = tuple(event for event in setting.events if event.month < months)
    return replace(setting, months=months, groups=groups, events=events)


def _reached(member: Member, months: int) -> Member:
    """Put an entry that a length does not reach to its end."""
    return member if member.enters <= months else replace(member, enters=months)


def months_to(setting: Setting, last: date) -> int:
    """Months from the start of a scenario to a month that is looked at.

    Raises
    ------
    BadInput
        If the scenario starts too late to live that month, or too long before it.
    """
    months = (last.year - setting.start.year) * 12 + last.month - setting.start.month + 1
    if 1 <= months <= MONTHS_LIMIT:
        return months
    reached = f"{last:%Y-%m}, the last month that is looked at, within {MONTHS_LIMIT} months"
    raise BadInput(f"{setting.scenario}, start: found {setting.start:%Y-%m}, expected a start that reaches {reached}")


def draft_of(source: Source, catalogue: Catalogue) -> Draft:
    """Put a scenario's files together.

    Raises
    ------
    BadInput
        If a file says what can't be said; all files at once.
    """
    chain = catalogue.chain(source)
    draft, complaints = Draft(catalogue), catalogue.complaints
    refuse(
        f"{each.label}, {said}" for each in chain for said in complaints.about(catalogue.model, each.doc, draft.hints)
    )
    for each in chain:
        draft.lay(each.doc, each.label)
    return draft


def _apply(draft: Draft, settings: Mapping[str, Any]) -> None:
    """Lay a run's settings over a draft, those for whole groups first."""
    problems: list[str] = []
    paths = {path: draft.full(path) for path in settings}
    for path, keys in sorted(paths.items(), key=lambda item: (len(item[1]), item[1])):
        problems += [f"set, {said}" for said in _set(draft, word(path), settings[path], keys)]
    refuse(problems)


def _set(draft: Draft, path: str, value: Any, keys: list[str]) -> list[str]:
    """Lay one setting over a draft, and give what is wrong with it."""
    if len(keys) > LONGEST_PATH:
        return [f"{path}: found {len(keys)} names, expected at most {LONGEST_PATH}, as in cloud.aws.pricing.step"]
    if said := draft.unknown_member(keys):
        return [f"{path}: {said}"]
    try:
        documents = draft.documents(keys, value)
    except BadInput as error:
        return [f"{path}: {error}"]
    complaints, model = draft.catalogue.complaints, draft.catalogue.model
    problems = [said for doc in documents for said in complaints.about(model, doc, draft.hints)]
    if not problems:
        for doc in documents:
            draft.lay(doc)
    return problems


def _own(draft: Draft, strategies: Mapping[str, Any] | None) -> dict[tuple[str, str, str], Any]:
    """Find the member and choice that each strategy of one's own is for, as (group, member, slot)."""
    found: dict[tuple[str, str, str], Any] = {}
    problems: list[str] = []
    for path, strategy in by_path("strategies", strategies).items():
        keys = draft.full(path)
        group, slot = keys[0], keys[-1]
        said = draft.unknown_member(keys) or _not_a_slot(draft, keys) or _not_a_strategy(strategy)
        if said:
            problems.append(f"strategies, {word(path)}: {said}")
        else:
            for member in keys[1:-1] or draft.groups[group].members:
                found[group, member, slot] = strategy
    refuse(problems)
    return found


def _not_a_slot(draft: Draft, keys: list[str]) -> str | None:
    """Say so if a path does not end in a choice of strategy."""
    slots = draft.catalogue.menus.get(keys[0], {})
    if keys[-1] not in slots or len(keys) > 3:
        return draft.hints.unknown("choice of strategy", keys[-1], slots)
    return None


def _not_a_strategy(strategy: Any) -> str | None:
    """Say so if a strategy is not an object of a frozen dataclass that can be called."""
    expected = "expected an object of a frozen dataclass with __call__(seen, chance)"
    if isinstance(strategy, type):
        return f"found {shown(strategy)}, {expected}; make one: {strategy.__name__}()"
    params = getattr(type(strategy), "__dataclass_params__", None)
    fits = params is not None and params.frozen and callable(strategy)
    return None if fits else f"found {shown(strategy)}, {expected}"

"""Explain why a dated event cannot change what it names: an unknown number, decision or list, or a bad value."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from watersellers.agents.scenario_events import is_fixed
from watersellers.experiments.input.errors import on_one_line, shown
from watersellers.experiments.loading.parameters import FIRMS
from watersellers.experiments.loading.scenario_draft import ScenarioDraft, nested
from watersellers.experiments.loading.schema import BUYS


def wrong_choice(draft: ScenarioDraft, keys: list[str], choice: Any) -> list[str]:
    """Find out why an event can't change a strategy: no such decision, or no such strategy on its menu."""
    path, catalogue = ".".join(map(on_one_line, keys)), draft.catalogue
    if problem := draft.unknown_member(keys):
        return [f"path: {path}: {problem}"]
    menus = catalogue.menus.get(keys[0], {})
    if keys[-1] not in menus or len(keys) > len(("group", "member", "decision")):
        return [f"path: {path}: {draft.hints.unknown('choice of strategy', keys[-1], menus)}"]
    messages = catalogue.messages.problems_in(catalogue.model, nested(keys, choice), draft.hints)
    return [f"choice: {each}" for each in messages]


def wrong_partners(draft: ScenarioDraft, keys: list[str], names: tuple[str, ...]) -> list[str]:
    """Find out why an event can't change partners: no firm has such a list, or a partner is not present."""
    path, groups = ".".join(map(on_one_line, keys)), draft.groups
    if len(keys) != len(("group", "member", "layer")) or keys[0] not in FIRMS or keys[2] not in FIRMS:
        return [f"path: found {path}, expected a firm's list of partners, as in apps.chatgpt.labs"]
    if keys[1] not in groups[keys[0]].members:
        return [f"path: {path}: {draft.hints.unknown('firm', keys[1], groups[keys[0]].members)}"]
    if keys[2] not in BUYS[keys[0]]:
        listed = f"a list of {' or '.join(BUYS[keys[0]])}" if BUYS[keys[0]] else f"no list: {keys[0]} buy from none"
        return [f"path: found {path}, expected {listed}"]
    members = groups[keys[2]].members
    there = (name for name, own in members.items() if not own.get("absent"))
    gone = [name for name in names if name not in members or members[name].get("absent")]
    unlike = [f"names: {problem}" for problem in wrong_partner_list(names, keys[1] if keys[0] == keys[2] else "")]
    return [*(f"names: {draft.hints.unknown('firm', name, there)}" for name in gone), *unlike]


def wrong_partner_list(names: tuple[str, ...], me: str) -> Iterator[str]:
    """Find what is wrong with a list of partners: it names the firm ``me`` itself, or a partner twice."""
    if me in names:
        yield f"names {shown(me)} itself; expected others"
    for name, times in Counter(names).items():
        if times > 1:
            yield f"found {shown(name)} {times} times, expected each partner once"


def wrong_number(draft: ScenarioDraft, keys: list[str], value: float) -> list[str]:
    """Find out why an event can't set a number: no such number, or a value out of its range."""
    path, catalogue = ".".join(map(on_one_line, keys)), draft.catalogue
    if problem := draft.unknown_member(keys):
        return [f"path: {path}: {problem}"]
    if is_fixed(keys[0], keys[-1]):
        return [f"path: {path}: is used up before the first month, so no event can change it; set it for the whole run"]
    if draft.absent(keys):
        return [f"path: {path}: {keys[1]!r} is absent in this scenario"]
    wrong = list(catalogue.messages.problems_in(catalogue.model, nested(keys, value), draft.hints))
    if catalogue.messages.row(tuple(keys)) is not None:
        return [f"value: {each}" for each in wrong]
    cure = f"{path}: is not a number of the parameter table; an event sets one of those"
    return [f"path: {each}" for each in wrong or [cure]]

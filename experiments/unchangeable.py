"""Say why a dated event can't change what it names: no such number, choice or list, or no such value of it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from watersellers.agents.happenings import fixed
from watersellers.experiments.draft import Draft, nested
from watersellers.experiments.errors import shown, word
from watersellers.experiments.parameters import FIRMS
from watersellers.experiments.schema import BUYS


def no_choice(draft: Draft, keys: list[str], choice: Any) -> list[str]:
    """Say why an event can't have a strategy taken up: there is no such choice, or no such strategy on its menu."""
    path, catalogue = ".".join(map(word, keys)), draft.catalogue
    if said := draft.unknown_member(keys):
        return [f"path: {path}: {said}"]
    menus = catalogue.menus.get(keys[0], {})
    if keys[-1] not in menus or len(keys) > len(("group", "member", "slot")):
        return [f"path: {path}: {draft.hints.unknown('choice of strategy', keys[-1], menus)}"]
    complaints = catalogue.complaints.about(catalogue.model, nested(keys, choice), draft.hints)
    return [f"choice: {each}" for each in complaints]


def unknown_partners(draft: Draft, keys: list[str], names: tuple[str, ...]) -> list[str]:
    """Say why an event can't name partners: no firm has such a list, or the partners are not there."""
    path, groups = ".".join(map(word, keys)), draft.groups
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
    unlike = [f"names: {said}" for said in wrong_list(names, keys[1] if keys[0] == keys[2] else "")]
    return [*(f"names: {draft.hints.unknown('firm', name, there)}" for name in gone), *unlike]


def wrong_list(names: tuple[str, ...], me: str) -> Iterator[str]:
    """Say what is wrong with a list of partners: it has ``me``, who is of their layer, or one of them twice."""
    if me in names:
        yield f"names {shown(me)} itself; expected others"
    for name, times in Counter(names).items():
        if times > 1:
            yield f"found {shown(name)} {times} times, expected each partner once"


def unsettable(draft: Draft, keys: list[str], value: float) -> list[str]:
    """Say why an event can't set a number: there is no such number, or the value is out of its range."""
    path, catalogue = ".".join(map(word, keys)), draft.catalogue
    if said := draft.unknown_member(keys):
        return [f"path: {path}: {said}"]
    if fixed(keys[0], keys[-1]):
        return [f"path: {path}: is used up before the first month, so no event can change it; set it for the whole run"]
    if draft.absent(keys):
        return [f"path: {path}: {keys[1]!r} is absent in this scenario"]
    wrong = list(catalogue.complaints.about(catalogue.model, nested(keys, value), draft.hints))
    if catalogue.complaints.row(tuple(keys)) is not None:
        return [f"value: {each}" for each in wrong]
    cure = f"{path}: is not a number of the parameter table; an event sets one of those"
    return [f"path: {each}" for each in wrong or [cure]]

"""Say why a dated event can't change what it names: no such number, choice or list, or no such value of it."""

from typing import Any

from agents.happenings import fixed
from experiments.draft import Draft, nested
from experiments.errors import unknown, word
from experiments.parameters import FIRMS


def no_choice(draft: Draft, keys: list[str], choice: Any) -> list[str]:
    """Say why an event can't have a strategy taken up: there is no such choice, or no such strategy on its menu."""
    path, catalogue = ".".join(map(word, keys)), draft.catalogue
    if said := draft.unknown_member(keys):
        return [f"path: {path}: {said}"]
    if keys[-1] not in catalogue.menus.get(keys[0], {}):
        return [f"path: {path}: {unknown('choice of strategy', keys[-1], catalogue.menus.get(keys[0], {}))}"]
    return [f"choice: {each}" for each in catalogue.complaints.about(catalogue.model, nested(keys, choice))]


def unknown_partners(draft: Draft, keys: list[str], names: tuple[str, ...]) -> list[str]:
    """Say why an event can't name partners: no firm has such a list, or the partners are not there."""
    path, groups = ".".join(map(word, keys)), draft.groups
    if len(keys) != len(("group", "member", "layer")) or keys[0] not in FIRMS or keys[2] not in FIRMS:
        return [f"path: found {path}, expected a firm's list of partners, as in apps.chatgpt.labs"]
    if keys[1] not in groups[keys[0]].members:
        return [f"path: {path}: {unknown('firm', keys[1], groups[keys[0]].members)}"]
    there = [name for name, own in groups[keys[2]].members.items() if not own.get("absent")]
    return [f"names: {unknown('firm', name, there)}" for name in names if name not in there]


def unsettable(draft: Draft, keys: list[str], value: float) -> list[str]:
    """Say why an event can't set a number: there is no such number, or the value is out of its range."""
    path, catalogue = ".".join(map(word, keys)), draft.catalogue
    if said := draft.unknown_member(keys):
        return [f"{path}: {said}"]
    if fixed(keys[0], keys[-1]):
        return [f"{path}: is used up before the first month, so no event can change it; set it for the whole run"]
    if draft.absent(keys):
        return [f"{path}: {keys[1]!r} is absent in this scenario"]
    wrong = list(catalogue.complaints.about(catalogue.model, nested(keys, value)))
    if not wrong and catalogue.complaints.row(tuple(keys)) is None:
        wrong = [f"{path}: is not a number of the parameter table; an event sets one of those"]
    return wrong

"""All entries of all menus of strategies, and the view that each takes."""

from types import UnionType
from typing import get_args, get_type_hints

from watersellers.agents.information import SeenByApp, SeenByChipVendor, SeenByCloud, SeenByLab
from watersellers.agents.strategies import MENUS

SLOTS = [(group, slot) for group, menu in MENUS.items() for slot in menu]
EVERY = [(group, slot, name) for group, slot in SLOTS for name in MENUS[group][slot]]
SELLS = {"chips": SeenByChipVendor, "cloud": SeenByCloud, "labs": SeenByLab, "apps": SeenByApp}


def seen_by(group: str, slot: str, name: str) -> type:
    """The kind of view that a strategy takes in a group: of a union, the one of the group's sellers."""
    hint = get_type_hints(MENUS[group][slot][name].__call__)["seen"]
    if isinstance(hint, UnionType):
        assert SELLS[group] in get_args(hint)
        return SELLS[group]
    return hint

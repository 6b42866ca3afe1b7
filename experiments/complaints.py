"""Sentences about what a scenario says wrong: the key's path, what was found, what was expected, the cure."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from pydantic import BaseModel, ValidationError

from watersellers.experiments.errors import shown, word
from watersellers.experiments.hints import Hints
from watersellers.experiments.parameters import FIRMS, GROUPS, WORLD, Parameter, Parameters
from watersellers.experiments.schema import BUYS, EVENTS, ID, Menus, member_keys
from watersellers.experiments.seen import EXPECTED as SEEN
from watersellers.experiments.seen import UNSEEN

Place = tuple[int | str, ...]

EXPECTED = {  # by pydantic's kind of error
    "bool_type": "true or false",
    "dict_type": "a table",
    "finite_number": "a finite number",
    "float_type": "a number",
    "int_parsing_size": "a number of fewer digits",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_attributes_type": "a table",
    "model_type": "a table",
    "string_too_long": "a shorter text",
    "string_too_short": "a text that is not empty",
    "string_type": "text in quotes",
    "string_unicode": "text of whole letters",
    "invalid_key": "a key of text",
    UNSEEN: SEEN,
}


@dataclass(frozen=True)
class Complaints:
    """Turns what pydantic found into sentences, knowing the names that may stand at each place."""

    parameters: Parameters
    menus: Menus

    def about(self, model: type[BaseModel], doc: Any, hints: Hints | None = None) -> Iterator[str]:
        """Give ``path: sentence`` for everything that is wrong with a document."""
        hints = hints or Hints()
        try:
            model.model_validate(doc)
        except ValidationError as error:
            for each in error.errors(include_url=False):
                place = self._without_tags(each["loc"])
                if place[-1:] == ("use",) and each["type"] in ("literal_error", "missing"):
                    place = place[:-1]  # a menu of one has no table of names to look into
                if place[:1] == ("event",) and each["type"] == "union_tag_invalid":
                    place = (*place, "what")  # of the event, whose kind is none
                yield f"{path_of(place)}: {self._sentence(place, each, hints)}"

    def _without_tags(self, place: Place) -> Place:
        """Leave out the names of strategies and kinds of events, which pydantic puts into its places."""
        kept: list[int | str] = []
        slots = self.menus.get(str(place[0]), {}) if place else {}
        for at, part in enumerate(place):
            chosen = 2 <= at <= 3 and place[at - 1] in slots and part in slots[str(place[at - 1])]
            kind = at == 2 and place[0] == "event" and part in EVENTS
            if not (chosen or kind):
                kept.append(part)
        return tuple(kept)

    def _sentence(self, place: Place, error: Any, hints: Hints) -> str:
        """Say what is wrong at a place."""
        kind, found, context = error["type"], error["input"], error.get("ctx", {})
        strays = (
            kind == "model_type" and len(place) == 2 and place[0] in GROUPS and isinstance(found, str | int | float)
        )
        if kind == "extra_forbidden" and len(place) == 3 and (said := _of_firms(place, found)):
            return said
        if kind == "extra_forbidden" or strays:
            said = hints.unknown("key", str(place[-1]), self._keys(place[:-1], error["loc"]))
            return f"{said} (found {shown(found)}; a new member is a table)" if isinstance(found, str) else said
        row = self.row(error["loc"])
        if kind in ("greater_than_equal", "less_than_equal"):
            return f"found {shown(found)}, expected {_range(row, context)}"
        if kind == "union_tag_invalid":
            return self._unknown_choice(place, context["tag"], hints)
        slot = bool(place) and place[-1] in self.menus.get(str(place[0]), {})
        if kind == "literal_error" and (slot or place[-1] == "what"):
            return self._unknown_choice(place, str(found), hints)
        if kind == "literal_error":
            return f"found {shown(found)}, expected {context['expected']}"
        if kind == "missing" and not slot:
            return "is missing; a table of this kind needs it"
        if kind == "string_pattern_mismatch":
            return f"found {shown(found)}, expected {_pattern(context['pattern'])}"
        if kind == "union_tag_not_found" or slot:
            needed = 'a strategy\'s name or {use = "name"}' if slot else f"what = one of {', '.join(sorted(EVENTS))}"
            return f"found {shown(found)}, expected {needed}"
        unit = f" ({row.unit})" if row else ""
        return f"found {shown(found)}, expected {EXPECTED.get(kind, error['msg'])}{unit}"

    def _unknown_choice(self, place: Place, found: str, hints: Hints) -> str:
        """Say that a strategy or a kind of event is not on its menu."""
        if place[0] == "event":
            return hints.unknown("kind of event", found, EVENTS)
        menu = self.menus[str(place[0])][str(place[-1])]
        own = "; one of your own is passed from a script, strategies={...}" if "." in found else ""
        return hints.unknown("strategy", found, menu) + own

    def _keys(self, place: Place, full: Place) -> Iterator[str]:
        """List the keys that a table may have."""
        if not place:
            yield from ("extends", "months", "start", "event", WORLD, *GROUPS)
        elif place[0] == "event":
            yield from ("month", "what", "text", *{key for keys in EVENTS.values() for key in keys})
        else:
            yield from self._keys_in_group(place, full)

    def _keys_in_group(self, place: Place, full: Place) -> list[str]:
        """List the keys that a table of a group may have."""
        group = str(place[0])
        slots = self.menus.get(group, {})
        if place[-1] in slots:
            cls = slots[str(place[-1])][str(full[-2])] if full[-2] != place[-1] else None
            return [field.name for field in fields(cls)] if cls else []
        fixed = list(member_keys(group)) if len(place) == 2 else []
        return [*fixed, *self.parameters.numbers(group), *slots]

    def row(self, place: Place) -> Parameter | None:
        """Find the row of the table for a number's place in a scenario, if it is a number's."""
        group, *rest = map(str, place)
        slots = self.menus.get(group, {})
        if len(rest) >= 3 and rest[-3] in slots:
            return self.parameters.by_name.get(".".join([group, *rest[-3:]]))
        named = self.parameters.by_name.get(".".join([group, *rest]))
        return named or (self.parameters.numbers(group).get(rest[-1]) if rest else None)


def path_of(place: Place) -> str:
    """Write a place as in the file: keys joined by dots, events counted from one."""
    if len(place) > 1 and place[0] == "event":
        return ".".join([f"event {int(place[1]) + 1}", *map(word, place[2:])])
    return ".".join(map(word, place)) or "scenario"


def _of_firms(place: Place, found: Any) -> str:
    """Say of a key that other groups have why this one has none; nothing of any other key."""
    group, key = str(place[0]), str(place[-1])
    if key in FIRMS:
        buys = f"{group} list {' and '.join(BUYS[group])} alone" if BUYS.get(group) else f"{group} list no partners"
        return f"found {shown(found)}, but nobody in {group} buys from a list of {key}; {buys}"
    if key in ("enters", "founder", "patron") and group not in FIRMS:
        return f"found {shown(found)}, expected none: only firms have one ({', '.join(FIRMS)})"
    return ""


def _pattern(pattern: str) -> str:
    """Say in words what a pattern asks for."""
    return "lower-case letters, digits and _, a letter first" if pattern == ID else 'a month such as "2024-05"'


def _range(row: Parameter | None, context: Any) -> str:
    """Say within which range a number may lie."""
    if row:
        return f"{row.low:g} to {row.high:g} {row.unit}"
    return f"at least {context['ge']:g}" if "ge" in context else f"at most {context['le']:g}"

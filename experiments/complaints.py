"""Sentences about what a scenario says wrong: the key's path, what was found, what was expected, the cure."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from pydantic import BaseModel, ValidationError

from experiments.errors import shown, unknown, word
from experiments.parameters import GROUPS, WORLD, Parameter, Parameters
from experiments.schema import EVENTS, ID, Menus, member_keys

Place = tuple[int | str, ...]

EXPECTED = {  # by pydantic's kind of error
    "bool_type": "true or false",
    "dict_type": "a table",
    "finite_number": "a finite number",
    "float_type": "a number",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_attributes_type": "a table",
    "model_type": "a table",
    "string_too_long": "a shorter text",
    "string_too_short": "a text that is not empty",
    "string_type": "text in quotes",
}


@dataclass(frozen=True)
class Complaints:
    """Turns what pydantic found into sentences, knowing the names that may stand at each place."""

    parameters: Parameters
    menus: Menus

    def about(self, model: type[BaseModel], doc: Any) -> Iterator[str]:
        """Give ``path: sentence`` for everything that is wrong with a document."""
        try:
            model.model_validate(doc)
        except ValidationError as error:
            for each in error.errors(include_url=False):
                place = self._without_tags(each["loc"])
                if place[-1:] == ("use",) and each["type"] in ("literal_error", "missing"):
                    place = place[:-1]  # a menu of one has no table of names to look into
                if place[:1] == ("event",) and each["type"] == "union_tag_invalid":
                    place = (*place, "what")  # of the event, whose kind is none
                yield f"{path_of(place)}: {self._sentence(place, each)}"

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

    def _sentence(self, place: Place, error: Any) -> str:
        """Say what is wrong at a place."""
        kind, found, context = error["type"], error["input"], error.get("ctx", {})
        strays = kind == "model_type" and len(place) == 2 and place[0] in GROUPS
        if kind == "extra_forbidden" or strays:
            return unknown("key", str(place[-1]), self._keys(place[:-1], error["loc"]))
        row = self.row(error["loc"])
        if kind in ("greater_than_equal", "less_than_equal"):
            return f"found {shown(found)}, expected {_range(row, context)}"
        if kind == "union_tag_invalid":
            return self._unknown_choice(place, context["tag"])
        slot = bool(place) and place[-1] in self.menus.get(str(place[0]), {})
        if kind == "literal_error" and (slot or place[-1] == "what"):
            return self._unknown_choice(place, str(found))
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

    def _unknown_choice(self, place: Place, found: str) -> str:
        """Say that a strategy or a kind of event is not on its menu."""
        if place[0] == "event":
            return unknown("kind of event", found, EVENTS)
        menu = self.menus[str(place[0])][str(place[-1])]
        own = "; one of your own is passed from a script, strategies={...}" if "." in found else ""
        return unknown("strategy", found, menu) + own

    def _keys(self, place: Place, full: Place) -> list[str]:
        """List the keys that a table may have."""
        if not place:
            return ["extends", "months", "start", "event", WORLD, *GROUPS]
        if place[0] == "event":
            needed = {key for keys in EVENTS.values() for key in keys}
            return ["month", "what", "text", *sorted(needed)]
        group = str(place[0])
        slots = self.menus.get(group, {})
        if place[-1] in slots:
            cls = slots[str(place[-1])][str(full[-2])] if full[-2] != place[-1] else None
            return [field.name for field in fields(cls)] if cls else []
        fixed = list(member_keys()) if len(place) == 2 else []
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


def _pattern(pattern: str) -> str:
    """Say in words what a pattern asks for."""
    return "lower-case letters, digits and _, a letter first" if pattern == ID else 'a month such as "2024-05"'


def _range(row: Parameter | None, context: Any) -> str:
    """Say within which range a number may lie."""
    if row:
        return f"{row.low:g} to {row.high:g} {row.unit}"
    return f"at least {context['ge']:g}" if "ge" in context else f"at most {context['le']:g}"

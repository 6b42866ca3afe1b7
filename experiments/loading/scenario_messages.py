"""Sentences about mistakes in a scenario: the path of the key, the value found, what was expected, the cure."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from pydantic import BaseModel, ValidationError

from watersellers.experiments.input.errors import on_one_line, shown
from watersellers.experiments.input.hints import Hints
from watersellers.experiments.input.printable_text import INVISIBLE, VISIBLE_TEXT
from watersellers.experiments.loading.edits.equal_firms import MOST
from watersellers.experiments.loading.parameters import FIRMS, GROUPS, STRUCTURE, WORLD, Parameter, Parameters
from watersellers.experiments.loading.schema import BUYS, EVENTS, ID, LISTED, REMOVED, Menus, member_keys
from watersellers.experiments.own_code.own_choices import WrongRule

Place = tuple[int | str, ...]

EXAMPLES = {"chips": "nvidia", "cloud": "aws", "labs": "openai", "apps": "bing_search"}
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
    INVISIBLE: VISIBLE_TEXT,
}
CUTTING = "vendors give up capacity that idles with cutting = 'cut_idle'"
FALLING = {  # the likely cure of a number of supply below its range
    "opening_pipeline": f"; what is ordered before the start adds to supply: write less opening_capacity; {CUTTING}",
    "foundry_growth": f"; a foundry that grows by 0 keeps what it has: {CUTTING}",
}


@dataclass(frozen=True)
class ScenarioMessages:
    """Turns pydantic's errors into sentences, with the names that are possible at each place."""

    parameters: Parameters
    menus: Menus

    def problems_in(self, model: type[BaseModel], doc: Any, hints: Hints | None = None) -> Iterator[str]:
        """Yield ``path: sentence`` for each problem of a document."""
        hints = hints or Hints()
        try:
            model.model_validate(doc)
        except ValidationError as error:
            for each in error.errors(include_url=False):
                place = self._without_tags(each["loc"])
                if place[-1:] == ("use",) and each["type"] in ("literal_error", "missing"):
                    place = place[:-1]  # pydantic has no union for a menu of one strategy
                if isinstance(wrong := each.get("ctx", {}).get("error"), WrongRule):
                    yield f"{path_of((*place, wrong.at) if wrong.at else place)}: {wrong.sentence}"
                    continue
                if place[:1] == ("event",) and each["type"] == "union_tag_invalid":
                    place = (*place, "what")  # the event's kind is unknown
                counts = place[:1] == (STRUCTURE,) and each["type"] != "extra_forbidden"
                sentence = _of_structure(place, each["input"]) if counts else self._sentence(place, each, hints)
                yield f"{path_of(place)}: {sentence}"

    def _without_tags(self, place: Place) -> Place:
        """Remove the names of strategies and event kinds that pydantic adds to its places."""
        kept: list[int | str] = []
        decisions = self.menus.get(str(place[0]), {}) if place else {}
        for at, part in enumerate(place):
            chosen = 2 <= at <= 3 and place[at - 1] in decisions and part in decisions[str(place[at - 1])]
            kind = at == 2 and place[0] == "event" and part in EVENTS
            if not (chosen or kind):
                kept.append(part)
        return tuple(kept)

    def _sentence(self, place: Place, error: Any, hints: Hints) -> str:
        """Write a sentence about an error at a place."""
        kind, found, context = error["type"], error["input"], error.get("ctx", {})
        strays = (
            kind == "model_type" and len(place) == 2 and place[0] in GROUPS and isinstance(found, str | int | float)
        )
        if kind == "extra_forbidden" and len(place) == 3 and (sentence := _of_firms(place, found)):
            return sentence
        if kind == "extra_forbidden" or strays:
            sentence = hints.unknown("key", str(place[-1]), self._keys(place[:-1], error["loc"]))
            return f"{sentence} (found {shown(found)}; a new member is a table)" if isinstance(found, str) else sentence
        row = self.row(error["loc"])
        if kind in ("greater_than_equal", "less_than_equal"):
            cure = FALLING.get(row.name.split(".")[-1], "") if row and kind == "greater_than_equal" else ""
            return f"found {shown(found)}, expected {_range(row, context)}{cure}"
        if kind == "union_tag_invalid":
            return self._unknown_choice(place, context["tag"], hints)
        decision = bool(place) and place[-1] in self.menus.get(str(place[0]), {})
        if kind == "literal_error" and (decision or place[-1] == "what"):
            return self._unknown_choice(place, str(found), hints)
        if kind == "literal_error":
            return f"found {shown(found)}, expected {context['expected']}"
        if kind == "missing" and not decision:
            return "is missing; a table of this kind needs it"
        if kind == "string_pattern_mismatch":
            return f"found {shown(found)}, expected {_pattern(context['pattern'])}"
        if kind == "union_tag_not_found" or decision:
            needed = (
                'a strategy\'s name or {use = "name"}' if decision else f"what = one of {', '.join(sorted(EVENTS))}"
            )
            return f"found {shown(found)}, expected {needed}"
        unit = f" ({row.unit})" if row else ""
        return f"found {shown(found)}, expected {_listed(place, kind) or EXPECTED.get(kind, error['msg'])}{unit}"

    def _unknown_choice(self, place: Place, found: str, hints: Hints) -> str:
        """Say that a strategy or an event kind is unknown."""
        if place[0] == "event":
            return hints.unknown("kind of event", found, EVENTS)
        menu = self.menus[str(place[0])][str(place[-1])]
        own = "; one of your own is named module:Name" if "." in found else ""
        return hints.unknown("strategy", found, menu) + own

    def _keys(self, place: Place, full: Place) -> Iterator[str]:
        """Yield the keys that a table may have."""
        if not place:
            yield from ("extends", "months", "start", "event", "change", "remove", STRUCTURE, WORLD, *GROUPS)
        elif place[0] == STRUCTURE:
            yield from FIRMS
        elif place[0] == "change":
            yield from ("month", "text", "drop", "value", "choice", "names")
        elif place[0] == "event":
            yield from ("month", "what", "text", "name", *{key for keys in EVENTS.values() for key in keys})
        else:
            yield from self._keys_in_group(place, full)

    def _keys_in_group(self, place: Place, full: Place) -> list[str]:
        """List the keys that a table of a group may have."""
        group = str(place[0])
        decisions = self.menus.get(group, {})
        if place[-1] in decisions:
            cls = decisions[str(place[-1])][str(full[-2])] if full[-2] != place[-1] else None
            return [field.name for field in fields(cls)] if cls else []
        fixed = list(member_keys(group)) if len(place) == 2 else list(BUYS.get(group, ()))
        return [*fixed, *self.parameters.numbers(group), *decisions]

    def row(self, place: Place) -> Parameter | None:
        """Find the row of the parameter table for a place in a scenario, if it holds a number."""
        group, *rest = map(str, place)
        decisions = self.menus.get(group, {})
        if len(rest) >= 3 and rest[-3] in decisions:
            return self.parameters.by_name.get(".".join([group, *rest[-3:]]))
        named = self.parameters.by_name.get(".".join([group, *rest]))
        return named or (self.parameters.numbers(group).get(rest[-1]) if rest else None)


def _listed(place: Place, kind: str) -> str:
    """Describe a list of partners; an empty text for any other place or kind of error."""
    if kind != "list_type" or place[-1] not in BUYS.get(str(place[0]), ()):
        return ""
    return f'a list of names in quotes, as ["{EXAMPLES[str(place[-1])]}"], or "all"'


def path_of(place: Place) -> str:
    """Write a place as in the file: keys joined by dots, and events counted from one."""
    if len(place) > 1 and place[0] == "event":
        return ".".join([f"event {int(place[1]) + 1}", *map(on_one_line, place[2:])])
    return ".".join(map(on_one_line, place)) or "scenario"


def _of_firms(place: Place, found: Any) -> str:
    """Say why a group does not have a key that other groups have; an empty text for any other key."""
    group, key = str(place[0]), str(place[-1])
    if key in FIRMS:
        buys = f"they list only {' and '.join(BUYS[group])}" if BUYS.get(group) else "they list no partners"
        return f"found {shown(found)}, but {group} have no list of {key}; {buys}"
    if key in ("enters", "founder", "patron") and group not in FIRMS:
        return f"found {shown(found)}, expected none: only firms have one ({', '.join(FIRMS)})"
    return ""


def _of_structure(place: Place, found: Any) -> str:
    """Say how many equal firms a layer may have."""
    if len(place) == 1:
        return f"found {shown(found)}, expected a table of layers, as in {STRUCTURE}.chips = 5"
    larger = isinstance(found, int) and found > MOST
    cure = f"; synthetic(Size({place[1]}={found})) makes larger worlds" if larger else ""
    return f"found {shown(found)}, expected a whole number of firms in each region, 1 to {MOST}{cure}"


def _pattern(pattern: str) -> str:
    """Describe a pattern in words."""
    name = "lower-case letters, digits and _, a letter first"
    named = {ID: name, LISTED: f"{name}; a sign may stand before it", REMOVED: f"the name of a firm: {name}"}
    return named.get(pattern, 'a month such as "2024-05"')


def _range(row: Parameter | None, context: Any) -> str:
    """Describe the range of a number."""
    if row:
        return f"{row.low:g} to {row.high:g} {row.unit}"
    return f"at least {context['ge']:g}" if "ge" in context else f"at most {context['le']:g}"

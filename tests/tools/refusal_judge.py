"""Judge whether a refusal names the file, the place and the value of what was broken.

A sentence is judged by what the file says now and did not say before. It must name:

- of a text that is not UTF-8 or has a NUL: the line and the byte. Text in UTF-16 is named as such, without a line.
- of a text that does not parse as TOML: a line, the broken one or a later one where the parser could not go on, and the
  text there; or that the text ends too early, and its last line.
- of a text that parses: a broken key, or a new key above it, and its value now, in the form that ``shown`` gives: the
  value, one of the values in a list, or the wrong part of a measure. Of an event, its number too. A new key is itself
  the value. Of what is gone, the key is enough, where it stood or where another entry refers to it, or the key of the
  table or list that is empty now.
- of absurd nesting and of numbers of hundreds of digits: the key or the line, and the depth or the number of digits.
- of a scenario's first line: line 1, and the line.

``ENOUGH`` lists the keys for which it is enough to name their table. No sentence floods the screen or moves its cursor.
"""

import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from tests.tools.file_breakers import Broken, Place, nodes
from watersellers.experiments.input.errors import on_one_line, shown
from watersellers.experiments.input.months import month_text

LONGEST = 2000  # characters that a sentence may have
MOST = 11  # sentences that an answer may have, one of them the count of those left out
FORMS = 40  # characters of a value by which it is recognised
KNOWN = 20  # characters of a key by which it is recognised
FINITE = 1e300  # whole numbers up to here can be shown as any other
BEYOND = re.compile(r"found (a number of \d+ digits|more than \d+ nested tables)")
ENOUGH = {  # keys for which it is enough to name their table: why
    "use": "a strategy is called by the choice that it is made for",
    "kind": "and a design by its table",
    "low": "the ends of a parameter's range are judged as its values are, by the scenario",
    "high": "as above",
    "range": "of a fit's free number, as above",
    "paths": "without them a fit's free number is called by its own name",
}

type Key = tuple[str, str]  # the event in which a key stands, "" outside all of them; and the key


def faults(broken: Broken, label: str, refusal: str) -> str:
    """Say what a refusal lacks; nothing where it lacks nothing."""
    sentences = refusal.split("\n")
    if len(sentences) > MOST or any(len(each) > LONGEST for each in sentences):
        return "floods the screen"
    if not all(each.isprintable() for each in sentences):
        return "has signs that are not printed"
    naming = [each.replace(label, "", 1) for each in sentences if label in each]
    if not naming:
        return "does not name the file"
    known = named(broken)
    return "" if any(known(each) for each in naming) else "does not name the place and the value"


def named(broken: Broken) -> Callable[[str], bool]:
    """Give what tells whether a sentence names the place and the value of a break."""
    data = broken.data
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return lambda sentence: "UTF-16" in sentence
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return _line_and(data[: error.start].count(b"\n"), f"0x{data[error.start]:02x}")
    if "\0" in text:
        return _line_and(text.partition("\0")[0].count("\n"), "NUL")
    try:
        doc = tomllib.loads(text)
    except (ValueError, RecursionError):
        return lambda sentence: _names_line(sentence, text, broken.base)
    change, first = Change.between(tomllib.loads(broken.base), doc), text.partition("\n")[0]
    return lambda sentence: change.is_named_in(sentence) or ("line 1:" in sentence and shown(first)[:FORMS] in sentence)


def _line_and(before: int, found: str) -> Callable[[str], bool]:
    """Expect the number of the line after so many, and a word."""
    return lambda sentence: f"line {before + 1}:" in sentence and found in sentence


def _names_line(sentence: str, text: str, base: str) -> bool:
    """Whether a sentence names a line that does not parse, at the break or after it, and what stands there."""
    if ", at its end: " in sentence:
        last = text.rstrip().rpartition("\n")[2].strip()
        return shown(last)[:FORMS] in sentence or BEYOND.search(sentence) is not None
    found = re.search(r", line (\d+): ", sentence)
    lines, before = text.split("\n"), base.split("\n")
    broken = next((n for n, pair in enumerate(zip(lines, before, strict=False), 1) if pair[0] != pair[1]), len(lines))
    if not found or not broken <= int(found[1]) <= len(lines):
        return False
    return shown(lines[int(found[1]) - 1].strip())[:FORMS] in sentence or BEYOND.search(sentence) is not None


@dataclass(frozen=True)
class Change:
    """What a document says now and did not say before: keys that were broken, new ones, those that are gone, values."""

    keys: frozenset[Key]
    new: frozenset[Key]
    gone: frozenset[Key]
    values: frozenset[str]

    @classmethod
    def between(cls, old: Any, doc: Any) -> "Change":
        """Compare two documents."""
        before, now = dict(nodes(old)), dict(nodes(doc))
        changed = [place for place, value in _leaves(now) if place not in before or _differ(value, before[place])]
        tops = {place: _top(place, before, now) for place in changed}
        gone = [place for place, _ in _leaves(before) if place not in now]
        emptied = [place for place in changed if place in before and now[place] in ({}, [])]
        return cls(
            keys=frozenset(key for place in changed for key in _keys(place, before, len(tops[place]))),
            new=frozenset(key for place in changed if place not in before for key in _keys(place, before)),
            gone=frozenset(key for place in (*gone, *emptied) for key in _keys(place, now)),
            values=frozenset(form for place in {*changed, *tops.values()} for form in _forms(now[place])),
        )

    def is_named_in(self, sentence: str) -> bool:
        """Whether a sentence names what was changed, and how."""
        value = BEYOND.search(sentence) is not None or any(_has(sentence, each) for each in self.values)
        names = self.new | self.gone | (self.keys if value else frozenset())
        return any(_has(sentence, _short(key)) and (not event or _has(sentence, event)) for event, key in names)


def _leaves(found: dict[Place, Any]) -> Iterator[tuple[Place, Any]]:
    """Give the values that have no tables in them, by their places."""
    return ((place, value) for place, value in found.items() if not _holds_tables(value))


def _holds_tables(value: Any) -> bool:
    """Whether a value is a table with something in it, or a list of tables or of lists."""
    if isinstance(value, list):
        return any(isinstance(each, dict | list) for each in value)
    return isinstance(value, dict) and bool(value)


def _differ(one: Any, other: Any) -> bool:
    return type(one) is not type(other) or repr(one) != repr(other)


def _top(place: Place, before: dict[Place, Any], now: dict[Place, Any]) -> Place:
    """Give the highest place on the way to one at which something else stands than before."""
    ways = (place[:n] for n in range(1, len(place)))
    return next((way for way in ways if way not in before or type(now[way]) is not type(before[way])), place)


def _keys(place: Place, known: dict[Place, Any], top: int = sys.maxsize) -> list[Key]:
    """Give the keys of a place from the first that is not in another document on; its last key where all are.

    ``top`` is where something else begins to stand at last. A key in quotes that is a path is called by its own keys
    too, and a table by its own key where that is enough.
    """
    depth = next((n for n in range(len(place)) if place[: n + 1] not in known), len(place) - 1)
    every = [key for key in place if isinstance(key, str)]
    start = max((n for n in range(min(depth, top - 1) + 1) if isinstance(place[n], str)), default=0)
    names = [key for key in place[start:] if isinstance(key, str)]
    parts = [part for name in names if "." in name for part in name.split(".") if part]
    table = every[-2:-1] if every[-1] in ENOUGH else []
    return [(_event(place), name) for name in (*names, *parts, *table)]


def _event(place: Place) -> str:
    """Give the event that a place lies in, as sentences call it."""
    inside = place[0] == "event" and len(place) > 1 and isinstance((*place, "")[2], str)
    return f"event {int(place[1]) + 1}" if inside else ""


def _forms(value: Any) -> Iterator[str]:
    """Write a value in the ways in which a sentence may show it."""
    yield shown(value)[:FORMS]
    if isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < FINITE):
        yield from (f"{value:g}", str(float(value)), f"{value:,}")
    if isinstance(value, str):
        yield from (shown(part)[1:-1][:FORMS] or "''" for part in {value, *re.split("[:@]", value)})
    if isinstance(value, date | time):
        yield str(value)
    if isinstance(month := month_text(value), str):  # a day is read as its month
        yield month[:FORMS]
    if isinstance(value, list) and not _holds_tables(value):
        yield from (form for each in value for form in _forms(each))


def _short(key: str) -> str:
    return on_one_line(key)[:KNOWN] or "''"


def _has(sentence: str, found: str) -> bool:
    """Whether something stands in a sentence, as a word of its own where it is short."""
    if len(found) >= KNOWN:
        return found in sentence
    before, after = r"(?<!\w)" if found[:1].isalnum() else "", r"(?!\w)" if found[-1:].isalnum() else ""
    return re.search(f"{before}{re.escape(found)}{after}", sentence) is not None

"""Judge whether a refusal names the file, the place and the value of what was broken.

What that means is said by what the file says now and did not say before:

- A text that is no UTF-8 or has a NUL: the line, and the byte. Text in UTF-16 is named as such, without a line.
- A text that does not parse as TOML: a line, the broken one or a later one where the parser could not go on, with what
  stands there; or that it is the end of the text, and its last line.
- What parses: a key that was broken, or one above it that was not there before, and what stands there now as ``shown``
  shows it: the value, one of the values in a list, or of a measure the part that is wrong. Of an event its number too.
  A key that was not there before is itself what is found; of what is no longer there, its key is enough, where it stood
  or where somebody names it, or the key of the table or list that is empty now.
- Nesting beyond any use and numbers of hundreds of digits: the key or the line, and how deep, or how many digits.
- A scenario's first line: line 1, and the line.

``ENOUGH`` lists the keys for which it is enough to name their table. No sentence floods the screen or moves its cursor.
"""

import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from tests.breaking import Broken, Place, nodes
from watersellers.experiments.errors import shown, word

LONGEST = 2000  # characters of a sentence
MOST = 11  # sentences of an answer, the count of the others one of them
FORMS = 40  # characters of a value by which it is known again
KNOWN = 20  # characters of a key by which it is known again
FINITE = 1e300  # whole numbers up to here can be shown as any other
BEYOND = re.compile(r"found (a number of \d+ digits|more than \d+ tables)")
ENOUGH = {  # keys for which it is enough to name their table: why
    "use": "a strategy is called by the choice that it is made for",
    "kind": "and a design by its table",
    "low": "the ends of a parameter's range are judged as its values are, by the scenario",
    "high": "as above",
    "range": "of a fit's free number, as above",
    "paths": "without them a fit's free number is called by its own name",
}

type Key = tuple[str, str]  # the event in which a key stands, "" outside all of them; and the key


def faults(broken: Broken, label: str, said: str) -> str:
    """Say what a refusal lacks; nothing where it lacks nothing."""
    sentences = said.split("\n")
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
        return lambda said: "UTF-16" in said
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return _line_and(data[: error.start].count(b"\n"), f"0x{data[error.start]:02x}")
    if "\0" in text:
        return _line_and(text.partition("\0")[0].count("\n"), "NUL")
    try:
        doc = tomllib.loads(text)
    except (ValueError, RecursionError):
        return lambda said: _names_line(said, text, broken.base)
    change, first = Change.between(tomllib.loads(broken.base), doc), text.partition("\n")[0]
    return lambda said: change.told(said) or ("line 1:" in said and shown(first)[:FORMS] in said)


def _line_and(before: int, found: str) -> Callable[[str], bool]:
    """Expect the number of the line after so many, and a word."""
    return lambda said: f"line {before + 1}:" in said and found in said


def _names_line(said: str, text: str, base: str) -> bool:
    """Whether a sentence names a line that does not parse, at the break or after it, and what stands there."""
    if ", at its end: " in said:
        return shown(text.rstrip().rpartition("\n")[2].strip())[:FORMS] in said or BEYOND.search(said) is not None
    found = re.search(r", line (\d+): ", said)
    lines, before = text.split("\n"), base.split("\n")
    broken = next((n for n, pair in enumerate(zip(lines, before, strict=False), 1) if pair[0] != pair[1]), len(lines))
    if not found or not broken <= int(found[1]) <= len(lines):
        return False
    return shown(lines[int(found[1]) - 1].strip())[:FORMS] in said or BEYOND.search(said) is not None


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

    def told(self, said: str) -> bool:
        """Whether a sentence names what was changed, and how."""
        value = BEYOND.search(said) is not None or any(_has(said, each) for each in self.values)
        names = self.new | self.gone | (self.keys if value else frozenset())
        return any(_has(said, _short(key)) and (not event or _has(said, event)) for event, key in names)


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
    if isinstance(value, list) and not _holds_tables(value):
        yield from (form for each in value for form in _forms(each))


def _short(key: str) -> str:
    return word(key)[:KNOWN] or "''"


def _has(said: str, found: str) -> bool:
    """Whether something stands in a sentence, as a word of its own where it is short."""
    if len(found) >= KNOWN:
        return found in said
    before, after = r"(?<!\w)" if found[:1].isalnum() else "", r"(?!\w)" if found[-1:].isalnum() else ""
    return re.search(f"{before}{re.escape(found)}{after}", said) is not None

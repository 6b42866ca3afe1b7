"""Strategies that break a good file in one place: its type, range, key, encoding, nesting, a duplicate, or a cut.

A value, a key or a table is broken in a file that is written anew from what the good one says; bytes and lines are
broken in the file as it stands, comments and all.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.tools.good_files import Good, Quoted, Raw, good_files, value_text, written
from watersellers.experiments.loading.catalogue import builtin_catalogue

type Place = tuple[str | int, ...]
type Draw = Callable[..., Any]

OTHERS = (  # a value of each type of TOML
    *("true", "7", "0.5", '"text"', '""', "[]", "[1]", '["a", "b"]', "{}", "{a = 1}", '{use = "text"}'),
    *("1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "1979-05-27T00:32:00.5", "[1979-05-27]", "[true, 1]"),
)
FAR = (
    *(
        "nan",
        "-nan",
        "inf",
        "-inf",
        "0",
        "-1",
        "1",
        "0.0",
        "-0.0",
        "1e308",
        "-1e308",
        "5e-324",
        "1e400",
        "0.1",
        "1_000",
    ),
    *("2147483648", "9223372036854775807", "9223372036854775808", "18446744073709551616", f"1{'0' * 25}"),
    *(f"1{'0' * 400}", f"-1{'0' * 5000}", f"0x{'f' * 400}", f"0b{'1' * 2000}", f"1{'0' * 400}.5", "0.000_000_1"),
)
TEXTS = (
    *("", " ", "baseline", "nvidia", "1", "nan", "2023-13", "0000-00", "9999-12", "2023-1", "2023-01-01", "../..", "/"),
    *("/dev/null", "/dev/zero", "no/such.toml", "a:b", "a.b.c", "os:system", "=", "a\nb", "\x1b[31m", "x" * 100_000),
    *("\u5c0f\u9e4f", "\u202eright to left", "\U0001f4a7", "\x85", "{use}", "%s"),
)
KEYS = (
    "",
    " ",
    ".",
    "a.b",
    "\x00",
    "\x1b[2J",
    "\n",
    "k" * 10_000,
    "\u5c0f\u9e4f",
    "\u202e",
    "'",
    '"',
    "__class__",
    "1",
    "-",
)
DEEP = 3_000  # brackets in one another, or keys in a path


@dataclass(frozen=True)
class Broken:
    """A good file that was broken in one place: its text before, how it was broken, and what it is now."""

    good: Good
    base: str
    how: str
    data: bytes


@st.composite
def broken_files(draw: Draw, kind: str) -> Broken:
    """Break a file of a kind in one place."""
    good = draw(st.sampled_from(good_files(kind)))
    how = draw(st.sampled_from(sorted(BREAKS)))
    base = good.text if how in AS_IT_STANDS else written(good.doc, good.question)
    return Broken(good, base, how, BREAKS[how](draw, good, base))


def nodes(doc: Any) -> Iterator[tuple[Place, Any]]:
    """Give every value of a document with its place, tables and lists too, however deep they lie."""
    waiting: list[tuple[Place, Any]] = [((), doc)]
    while waiting:
        place, value = waiting.pop()
        inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        found = [((*place, key), each) for key, each in inside]
        yield from found
        waiting += found


def at(doc: Any, place: Place) -> Any:
    """Give what stands at a place."""
    for key in place:
        doc = doc[key]
    return doc


def _changed(good: Good, place: Place, value: Any) -> bytes:
    """Write a file with another value at a place."""
    doc = deepcopy(good.doc)
    at(doc, place[:-1])[place[-1]] = value
    return written(doc, good.question).encode()


def _type(draw: Draw, good: Good, base: str) -> bytes:
    """Put a value of another type in place of one."""
    place, value = draw(st.sampled_from(list(nodes(good.doc))))
    others = [raw for raw in OTHERS if type_of(raw) != type_of(value_text(value))]
    return _changed(good, place, Raw(draw(st.sampled_from(others))))


def type_of(text: str) -> str:
    """Tell of which type a value is by how it is written."""
    if text[0] in "\"'[{":
        return text[0].replace("'", '"')
    return "truth" if text in ("true", "false") else "time" if text[2:3] == ":" or text[4:5] == "-" else "number"


def _range(draw: Draw, good: Good, base: str) -> bytes:
    """Put a value that is too small, too large, or none in place of a number, an odd text in place of a text."""
    leaves = [(place, value) for place, value in nodes(good.doc) if isinstance(value, int | float | str)]
    place, value = draw(st.sampled_from([leaf for leaf in leaves if not isinstance(leaf[1], bool)]))
    if isinstance(value, str):
        return _changed(good, place, draw(st.sampled_from(TEXTS) | st.text(_letters(), max_size=20)))
    return _changed(good, place, Raw(draw(st.sampled_from([*FAR, *_beyond(place, value)]))))


def _beyond(place: Place, value: float) -> list[str]:
    """Give numbers around the ends of a number's range, and around the number itself."""
    row = builtin_catalogue().messages.row(tuple(place)) if isinstance(place[0], str) else None
    ends = (row.low, row.high) if row else ()
    room = (row.high - row.low) / 1000 if row else 0
    near = [end + step for end in ends for step in (-room, 0, room)]
    return [repr(each) for each in (*near, -value, value * 1000, value + 0.5)]


def _letters() -> st.SearchStrategy[str]:
    return st.characters(exclude_categories=["Cs"])


def _key(draw: Draw, good: Good, base: str) -> bytes:
    """Misspell a key, double it, take it away, put it elsewhere, write it oddly, or copy what stands under it."""
    doc = deepcopy(good.doc)
    table = at(doc, draw(st.sampled_from([place for place in _tables(doc) if at(doc, place)])))
    key = draw(st.sampled_from(list(table)))
    value = deepcopy(table[key])
    way = draw(st.sampled_from(["misspelt", "doubled", "odd", "quoted", "gone", "moved", "copied"]))
    new = _other_key(draw, key, way)
    items = [(new if old == key else old, each) for old, each in table.items()]
    table.clear()
    table.update({each: found for each, found in items if each is not None})
    if way == "moved":
        at(doc, draw(st.sampled_from(_tables(doc)))).setdefault(key, value)
    if way == "copied":
        table[f"{key}_two"] = value
    return written(doc, good.question).encode()


def _other_key(draw: Draw, key: str, way: str) -> str | None:
    """Give what a key is instead, None where it is gone."""
    if way == "misspelt":
        place = draw(st.integers(0, len(key) - 1))
        return key[:place] + draw(st.sampled_from(["", "x", key[place] * 2, key[place].upper()])) + key[place + 1 :]
    odd = draw(st.sampled_from(KEYS) | st.text(_letters(), max_size=12)) if way == "odd" else ""
    return {"doubled": key * 2, "odd": odd, "quoted": Quoted(key), "copied": key}.get(way)


def _tables(doc: Any) -> list[Place]:
    """List the places of all tables, the whole file's too."""
    return [(), *(place for place, value in nodes(doc) if isinstance(value, dict))]


def _nesting(draw: Draw, good: Good, base: str) -> bytes:
    """Put a value into tables or lists, far too many of them or one, or write a key of thousands of parts."""
    deep = draw(st.sampled_from([1, 2, 39, 41, 600, DEEP]))
    if draw(st.booleans()):
        place, value = draw(st.sampled_from(list(nodes(good.doc))))
        opened, closed = draw(st.sampled_from([("[", "]"), ("{a = ", "}"), ("[[", "]"), ("[", ""), ("[\n", "\n]")]))
        return _changed(good, place, Raw(opened * deep + value_text(value) + closed * deep))
    lines = base.splitlines(keepends=True)
    key = ".".join(["a"] * deep)
    odd = draw(st.sampled_from([f"{key} = 1\n", f"[{key}]\n", f"[[{key}]]\n", f"[{'[' * deep}\n"]))
    return _with_line(draw, lines, odd)


def _with_line(draw: Draw, lines: list[str], more: str) -> bytes:
    """Put a line among the others, after the first."""
    place = draw(st.integers(1, len(lines)))
    return "".join([*lines[:place], more, *lines[place:]]).encode()


def _duplicate(draw: Draw, good: Good, base: str) -> bytes:
    """Say a line, or a table with all that is in it, twice: at once or at the end."""
    lines = base.splitlines(keepends=True)
    place = draw(st.integers(1, len(lines) - 1))
    until = place + 1
    if lines[place].startswith("[") and draw(st.booleans()):
        until = next((n for n in range(until, len(lines)) if lines[n].startswith("[")), len(lines))
    there = draw(st.sampled_from([until, len(lines)]))
    return "".join([*lines[:there], *lines[place:until], *lines[there:]]).encode()


def _encoding(draw: Draw, good: Good, base: str) -> bytes:
    """Save a text as another program would, or put a byte into it that no text has."""
    whole = draw(st.sampled_from(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp037", ""]))
    if whole:
        return base.encode(whole, errors="replace")
    data = base.encode()
    odd = draw(
        st.sampled_from([b"\xe9", b"\0", "\ufeff".encode(), b"\r", b"\xff\xfe", b"\xed\xa0\x80", b"\x1b", b"\x0c"])
    )
    place = draw(st.integers(0, len(data)))
    return data[:place] + odd + data[place:]


def _cut(draw: Draw, good: Good, base: str) -> bytes:
    """End a text at any byte."""
    data = base.encode()
    return data[: draw(st.integers(0, len(data)))]


BREAKS: dict[str, Callable[[Draw, Good, str], bytes]] = {
    "type": _type,
    "range": _range,
    "key": _key,
    "nesting": _nesting,
    "duplicate": _duplicate,
    "encoding": _encoding,
    "cut": _cut,
}
AS_IT_STANDS = ("encoding", "cut", "duplicate")

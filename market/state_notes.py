"""Notes of a state: what was in everything that can be changed in place, so that a change by hand is noticed later.

What is set in a firm refuses at once (``write_guard``). A list, a table or a column that refused would cost time with
each write of the month. So shallow copies are kept of all that the state reaches, and compared before it goes on.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any
from zlib import crc32

import numpy as np

OURS = __name__.partition(".")[0]  # what other packages made is not followed
PLAIN: frozenset[type] = frozenset((bool, int, float, str, bytes, type(None)))
PLAIN_NAMES = frozenset(kind.__name__ for kind in PLAIN)
type Where = tuple[Any, ...]  # the way to a thing: that to its holder, and its name or place in there
type Look = Callable[[Any], Any]  # copies what is in a thing, one level deep


class Notes:
    """What was in all that some roots reach, through attributes, tables and lists.

    Parameters
    ----------
    roots : mapping
        Things by their names.
    refusing : types
        Things that can't be changed in place, or are noted elsewhere; what is in them is not followed.
    """

    def __init__(self, roots: Mapping[str, Any], refusing: Iterable[type]):
        looks, seen = _Looks(tuple(refusing)), set[int]()
        self._noted: list[tuple[Any, Look, Any, Where]] = []
        todo = deque[tuple[Any, Where]]((thing, (name,)) for name, thing in roots.items())
        while todo:
            thing, where = todo.popleft()  # the nearest first, so that paths are short
            look = looks[type(thing)]
            if look is None or id(thing) in seen:
                continue
            seen.add(id(thing))
            held = look(thing)
            self._noted.append((thing, look, held, where))
            todo += [(one, (where, name)) for name, one in _pairs(held) if looks[type(one)] is not None]

    def changed(self) -> str | None:
        """Return the path of something in which there is something else now; None if there is nothing like that."""
        for thing, look, held, where in self._noted:
            if not _equal(now := look(thing), held):
                return _written(where, _first_difference(now, held))
        return None


class _Looks(dict[type, Look | None]):
    """How to look into things of each kind; None if nothing in them can be changed."""

    def __init__(self, closed: tuple[type, ...]):
        super().__init__(dict.fromkeys(PLAIN))
        self.closed = closed

    def __missing__(self, kind: type) -> Look | None:
        """Find out how to look into things of a kind that comes for the first time."""
        return self.setdefault(kind, None if issubclass(kind, self.closed) else _look_of(kind))


def _look_of(kind: type) -> Look | None:
    """Return how to look into things of a kind; None if nothing in them can be changed."""
    if issubclass(kind, dict | list | set | deque):
        return kind.copy
    if issubclass(kind, tuple):
        return tuple
    if issubclass(kind, np.ndarray):
        return lambda column: crc32(column.tobytes())
    if kind.__module__.partition(".")[0] != OURS or _is_plain_record(kind):
        return None
    if kind.__dictoffset__:
        return lambda thing: vars(thing).copy()
    names = [name for each in kind.__mro__ for name in vars(each).get("__slots__", ())]
    return lambda thing: {name: getattr(thing, name) for name in names}


def _is_plain_record(kind: type) -> bool:
    """Say whether a kind is a frozen record of numbers and words."""
    frozen = is_dataclass(kind) and kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    return frozen and all(each.type in PLAIN or each.type in PLAIN_NAMES for each in fields(kind))


def _pairs(held: Any) -> Iterable[tuple[Any, Any]]:
    """Pair what is in a thing with its names or places; a list or a tuple holds things of one kind."""
    if isinstance(held, dict):
        return held.items()
    return enumerate(held) if isinstance(held, list | tuple | deque) and held and not _is_plain(held[0]) else ()


def _is_plain(each: Any) -> bool:
    """Say whether it is a number, a word or a row of them."""
    return type(each) in PLAIN or (isinstance(each, tuple) and all(type(one) in PLAIN for one in each))


def _equal(now: Any, held: Any) -> bool:
    """Say whether two copies hold the same: a column that stands in another's place is not the same."""
    try:
        return bool(now == held)
    except ValueError:  # columns are compared one number at a time
        return False


def _first_difference(now: Any, held: Any) -> Where:
    """Name the attribute that differs between two copies; the places of a list or a table have no names."""
    if not isinstance(now, dict) or not all(isinstance(name, str) for name in (*now, *held)):
        return ()
    gone = set(now) ^ set(held)
    return next((name,) for name in (*held, *now) if name in gone or not _equal(now[name], held[name]))


def _written(where: Where, last: Where) -> str:
    """Write a path with points between its names, as in agents.nvidia.pipeline."""
    names: list[Any] = list(last)
    while where:
        names.append(where[-1])
        where = where[0] if len(where) > 1 else ()
    return ".".join(_name(each) for each in reversed(names))


def _name(each: Any) -> str:
    """Write a name or a place of a path."""
    return each.__name__ if isinstance(each, type) else str(each)

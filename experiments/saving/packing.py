"""Pack plain values into JSON and columns, and unpack them by the types that their places ask for, and no others."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np
import polars as pl

from watersellers.experiments.errors import shown
from watersellers.market.units import Column

PLAIN: dict[type, tuple[type, ...]] = {bool: (bool,), int: (int,), float: (float, int), str: (str,)}
WORDS = ("inf", "-inf", "nan")  # for numbers that JSON has no form for
type Kind = Any  # bool, int, float, str, Column, Rows, a dataclass, or list, tuple, dict and X | None of these


class Misfit(ValueError):
    """A value is not of the type that its place asks for."""

    def __init__(self, path: str, found: object, expected: str):
        super().__init__(f"{path}: found {shown(found)}, expected {expected}")


@dataclass(frozen=True)
class Rows:
    """Rows that become a table of their own, with these columns."""

    columns: Mapping[str, Any]


@cache
def kinds(record: type) -> dict[str, Kind]:
    """What each field of a dataclass holds."""
    hints = get_type_hints(record)
    return {each.name: hints[each.name] for each in fields(record)}


@dataclass
class Packing:
    """Values on their way to or from a file; columns and rows travel in tables, named by where they belong.

    A dict is written as a list of pairs, so that its order and its whole-number keys survive.
    """

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)

    def pack(self, kind: Kind, value: Any, path: str) -> Any:
        """Turn a value into what JSON holds, and put its columns into the tables.

        Raises
        ------
        Misfit
            If the value is not of its kind.
        """
        origin: Any = get_origin(kind)
        if isinstance(kind, Rows):
            self.tables[path] = pl.DataFrame(value, schema=dict(kind.columns), orient="row")
            return len(value)
        if kind is Column:
            return self._put(value, path)
        if _is_record(kind):
            _expect(value, kind, path)
            each = kinds(kind).items()
            return {name: self.pack(inner, getattr(value, name), f"{path}.{name}") for name, inner in each}
        if origin is UnionType:
            return None if value is None else self.pack(_inner(kind), value, path)
        if origin is dict:
            _expect(value, dict, path)
            return [
                [self.pack(inner, each, path) for inner, each in _paired(kind, pair, path)] for pair in value.items()
            ]
        if origin in (list, tuple):
            _expect(value, origin, path)
            return [self.pack(inner, each, path) for inner, each in _paired(kind, value, path)]
        return _plain(kind, value, path)

    def unpack(self, kind: Kind, found: Any, path: str) -> Any:
        """Make the value again.

        Raises
        ------
        Misfit
            If what is found can't be a value of its kind.
        """
        origin: Any = get_origin(kind)
        if isinstance(kind, Rows):
            return self._table(path, set(kind.columns)).select(list(kind.columns)).rows()
        if kind is Column:
            return self._take(path)
        if _is_record(kind):
            return kind(**self.fields(kinds(kind), found, path))
        if origin is UnionType:
            return None if found is None else self.unpack(_inner(kind), found, path)
        if origin is not None:
            _expect(found, list, path)
        if origin is dict:
            pairs = [[self.unpack(inner, each, path) for inner, each in _paired(kind, pair, path)] for pair in found]
            return dict(pairs)
        if origin in (list, tuple):
            return origin(self.unpack(inner, each, path) for inner, each in _paired(kind, found, path))
        return float(found) if kind is float and found in WORDS else _plain(kind, found, path)

    def fields(self, wanted: Mapping[str, Kind], found: Any, path: str) -> dict[str, Any]:
        """Make the values of some named fields again, all of them and no others."""
        if not isinstance(found, dict) or set(found) != set(wanted):
            raise Misfit(path, sorted(found) if isinstance(found, dict) else found, ", ".join(wanted) or "nothing")
        return {name: self.unpack(kind, found[name], f"{path}.{name}") for name, kind in wanted.items()}

    def _put(self, value: Any, path: str) -> str:
        """Add a column to its table; one of two dimensions becomes several."""
        _expect(value, np.ndarray, path)
        table, _, name = path.rpartition(".")
        rows = {name: value} if value.ndim == 1 else {f"{name}.{place}": row for place, row in enumerate(value.T)}
        frame = pl.DataFrame(rows)
        self.tables[table] = self.tables[table].hstack(frame) if table in self.tables else frame
        return "column"

    def _take(self, path: str) -> Column:
        """Read a column back, in a copy that can be written to."""
        table, _, name = path.rpartition(".")
        frame = self._table(table, set())
        if name in frame.columns:
            return np.array(frame[name].to_numpy())
        rows = [column for column in frame.columns if column.startswith(f"{name}.")]
        if rows != [f"{name}.{place}" for place in range(len(rows))] or not rows:
            raise Misfit(table, frame.columns, f"a column {name}")
        return np.stack([frame[column].to_numpy() for column in rows], axis=1)

    def _table(self, name: str, columns: set[str]) -> pl.DataFrame:
        """Find a table that has these columns."""
        if name not in self.tables or not columns <= set(self.tables[name].columns):
            raise Misfit(name, list(self.tables.get(name, pl.DataFrame()).columns), f"a table of {sorted(columns)}")
        return self.tables[name]


def _expect(value: Any, kind: Any, path: str) -> None:
    """Refuse a value of another type."""
    if not isinstance(value, kind):
        raise Misfit(path, value, kind.__name__)


def _is_record(kind: Any) -> bool:
    """Say whether a kind is a dataclass."""
    return is_dataclass(kind)


def _paired(kind: Any, values: Any, path: str) -> list[tuple[Kind, Any]]:
    """Put beside each value of a list, a tuple or a pair of a dict the kind it must have."""
    args = get_args(kind)
    if get_origin(kind) is list or args[-1] is Ellipsis:
        return [(args[0], value) for value in values]
    if not isinstance(values, list | tuple) or len(values) != len(args):
        raise Misfit(path, values, f"{len(args)} values")
    return list(zip(args, values, strict=True))


def _inner(kind: Any) -> Kind:
    """What may stand in an optional place when something does."""
    return next(arg for arg in get_args(kind) if arg is not NoneType)


def _plain(kind: Any, value: Any, path: str) -> Any:
    """Check a word, a number or a yes or no."""
    if kind not in PLAIN or not isinstance(value, PLAIN[kind]) or (kind is not bool and isinstance(value, bool)):
        raise Misfit(path, value, getattr(kind, "__name__", str(kind)))
    return value if not isinstance(value, float) or isfinite(value) else str(float(value))

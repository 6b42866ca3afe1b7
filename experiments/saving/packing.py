"""Pack plain values into JSON and columns, and unpack them by the types that are expected."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np
import polars as pl

from watersellers.experiments.input.errors import shown
from watersellers.market.exact import Column

PLAIN: dict[type, tuple[type, ...]] = {bool: (bool,), int: (int,), float: (float, int), str: (str,)}
WORDS = ("inf", "-inf", "nan")  # numbers that JSON can't write
type Kind = Any  # bool, int, float, str, Column, Rows, a dataclass, or list, tuple, dict and X | None of these


class Misfit(ValueError):
    """A value does not have the type that its path requires."""

    def __init__(self, path: str, found: object, expected: str):
        super().__init__(f"{path}: found {shown(found)}, expected {expected}")


@dataclass(frozen=True)
class Rows:
    """Rows that become a separate table with these columns."""

    columns: Mapping[str, Any]


@cache
def field_kinds(record: type) -> dict[str, Kind]:
    """Return the type of each field of a dataclass."""
    hints = get_type_hints(record)
    return {each.name: hints[each.name] for each in fields(record)}


@dataclass
class Packing:
    """Converts values to and from JSON; columns and rows go into tables, named by their path.

    A dict is written as a list of pairs, so that its order and its whole-number keys survive.
    """

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)

    def pack(self, kind: Kind, value: Any, path: str) -> Any:
        """Convert a value for JSON, and put its columns into the tables.

        Raises
        ------
        Misfit
            If the value does not have this type.
        """
        origin: Any = get_origin(kind)
        if isinstance(kind, Rows):
            self.tables[path] = pl.DataFrame(value, schema=dict(kind.columns), orient="row")
            return len(value)
        if kind is Column:
            return self._put(value, path)
        if _is_record(kind):
            _expect(value, kind, path)
            each = field_kinds(kind).items()
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
        """Rebuild a value.

        Raises
        ------
        Misfit
            If what was found can't be a value of this type.
        """
        origin: Any = get_origin(kind)
        if isinstance(kind, Rows):
            return self._table(path, set(kind.columns)).select(list(kind.columns)).rows()
        if kind is Column:
            return self._take(path)
        if _is_record(kind):
            return kind(**self.fields(field_kinds(kind), found, path))
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
        """Rebuild the values of named fields, exactly these and no others."""
        if not isinstance(found, dict) or set(found) != set(wanted):
            raise Misfit(path, sorted(found) if isinstance(found, dict) else found, ", ".join(wanted) or "nothing")
        return {name: self.unpack(kind, found[name], f"{path}.{name}") for name, kind in wanted.items()}

    def _put(self, value: Any, path: str) -> str:
        """Add a column to its table; an array of two dimensions becomes several columns."""
        _expect(value, np.ndarray, path)
        table, _, name = path.rpartition(".")
        rows = {name: value} if value.ndim == 1 else {f"{name}.{number}": row for number, row in enumerate(value.T)}
        frame = pl.DataFrame(rows)
        self.tables[table] = self.tables[table].hstack(frame) if table in self.tables else frame
        return "column"

    def _take(self, path: str) -> Column:
        """Read a column as a writable copy."""
        table, _, name = path.rpartition(".")
        frame = self._table(table, set())
        if name in frame.columns:
            return np.array(frame[name].to_numpy())
        rows = [column for column in frame.columns if column.startswith(f"{name}.")]
        if rows != [f"{name}.{number}" for number in range(len(rows))] or not rows:
            raise Misfit(table, frame.columns, f"a column {name}")
        return np.stack([frame[column].to_numpy() for column in rows], axis=1)

    def _table(self, name: str, columns: set[str]) -> pl.DataFrame:
        """Find a table with these columns."""
        if name not in self.tables or not columns <= set(self.tables[name].columns):
            raise Misfit(name, list(self.tables.get(name, pl.DataFrame()).columns), f"a table of {sorted(columns)}")
        return self.tables[name]


def _expect(value: Any, kind: Any, path: str) -> None:
    """Refuse a value of another type."""
    if not isinstance(value, kind):
        raise Misfit(path, value, kind.__name__)


def _is_record(kind: Any) -> bool:
    """Say whether a type is a dataclass."""
    return is_dataclass(kind)


def _paired(kind: Any, values: Any, path: str) -> list[tuple[Kind, Any]]:
    """Pair each value of a list, a tuple or an item of a dict with its type."""
    args = get_args(kind)
    if get_origin(kind) is list or args[-1] is Ellipsis:
        return [(args[0], value) for value in values]
    if not isinstance(values, list | tuple) or len(values) != len(args):
        raise Misfit(path, values, f"{len(args)} values")
    return list(zip(args, values, strict=True))


def _inner(kind: Any) -> Kind:
    """Return the type of an optional value that is not None."""
    return next(arg for arg in get_args(kind) if arg is not NoneType)


def _plain(kind: Any, value: Any, path: str) -> Any:
    """Check a text, a number or a truth value."""
    if kind not in PLAIN or not isinstance(value, PLAIN[kind]) or (kind is not bool and isinstance(value, bool)):
        raise Misfit(path, value, getattr(kind, "__name__", str(kind)))
    return value if not isinstance(value, float) or isfinite(value) else str(float(value))

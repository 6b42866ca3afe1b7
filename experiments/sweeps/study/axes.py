"""The axes of a study: each varied parameter with its range or its values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import polars as pl

from watersellers.experiments.input.errors import PROBLEMS_SHOWN, BadInput, on_one_line, refuse, shown, unknown
from watersellers.experiments.loading.catalogue import Catalogue, builtin_catalogue
from watersellers.experiments.loading.loader import draft_scenario, load_scenario
from watersellers.experiments.loading.parameters import STRUCTURE, at_share
from watersellers.experiments.loading.scenario_source import source_of_mapping
from watersellers.experiments.sweeps.study.schema import Scalar, Span

type Column = pl.Series  # of one parameter's values; null keeps the scenario's value
SHOWN = 4  # values of a list that a sentence quotes

RESERVED = (  # columns of the tables of runs and measures, and of their analysis
    *("run", "point", "replicate", "seed", "status", "seconds", "digest", "error"),
    *("month", "layer", "firm", "measure", "value", "who", "runs", "loss", "winner", "next"),
    *("lowest", "low", "median", "high", "highest", "place", "x", "y", "x_value", "y_value", "left_out", "planned"),
)
MOST_TRIED = 200  # values of a parameter that are all tried in the scenario; of a longer list only the decisive ones


@dataclass(frozen=True)
class Axis:
    """A parameter of a study: a range between ``low`` and ``high``, or ``values``, or ``cases`` of several settings."""

    name: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    levels: int | None = None
    log: bool = False
    values: tuple[Scalar, ...] = ()
    cases: Mapping[str, Mapping[str, Any]] | None = None

    @property
    def is_range(self) -> bool:
        """Whether the parameter may take any number between two ends."""
        return self.low is not None

    def at(self, share: float) -> Scalar:
        """Return the value at a share, 0 to 1, of the range (both ends included) or of the list of values."""
        if self.low is None or self.high is None:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        return at_share(share, self.low, self.high, self.log)

    def spread(self, levels: int) -> tuple[Scalar, ...]:
        """Return all values, or ``levels`` values across the range with both ends; the axis's own levels come first."""
        if not self.is_range:
            return self.values
        steps = (self.levels or levels) - 1
        return tuple(self.at(step / steps) for step in range(steps + 1))

    def settings(self, value: Scalar) -> dict[str, Any]:
        """Return the scenario's settings when this parameter has a value."""
        return dict(self.cases[str(value)]) if self.cases else {self.name: value}

    def as_table(self) -> dict[str, Any]:
        """Return the axis as a complete table of a study's file."""
        if self.cases:
            return {"cases": {name: dict(case) for name, case in self.cases.items()}}
        if not self.is_range:
            return {"values": list(self.values)}
        table: dict[str, Any] = {"low": self.low, "high": self.high}
        if self.levels:
            table["levels"] = self.levels
        return table | ({"scale": "log"} if self.log else {})


def settings_at(axes: Iterable[Axis], point: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scenario's settings at a point; a parameter without a value there keeps the scenario's own."""
    settings: dict[str, Any] = {}
    for axis in axes:
        if point[axis.name] is not None:
            settings |= axis.settings(point[axis.name])
    return settings


def axes_of(spans: Mapping[str, Span], scenario: Mapping[str, Any], label: str) -> tuple[Axis, ...]:
    """Resolve each parameter's range, values or cases; a missing range is that of the parameter table.

    Parameters
    ----------
    spans : mapping
        The study's entry for each parameter.
    scenario : mapping
        The resolved scenario.
    label : str
        The study's name in error messages.

    Raises
    ------
    BadInput
        If a parameter is unknown, has no range, or can't have one of its values; all at once.
    """
    catalogue, axes, problems = builtin_catalogue(), [], []
    for name, span in spans.items():
        try:
            axis = _axis(name, span, scenario, catalogue)
            axes.append(axis)
            problems += [
                f"{label}, parameters.{on_one_line(name)}: {problem}" for problem in _impossible_values(axis, scenario)
            ]
        except BadInput as error:
            problems += [f"{label}, parameters.{on_one_line(name)}: {problem}" for problem in error.problems]
    refuse([*problems, *_varied_twice(axes, scenario, label)])
    return tuple(axes)


def _varied_twice(axes: Sequence[Axis], scenario: Mapping[str, Any], label: str) -> Iterator[str]:
    """Yield a sentence for each number that two parameters set: the later one would hide the earlier one's values."""
    draft = draft_scenario(source_of_mapping(scenario), builtin_catalogue())
    first: dict[str, Axis] = {}
    for axis in axes:
        named = axis.cases.values() if axis.cases else [{axis.name: None}]
        for number in dict.fromkeys(".".join(draft.full(path)) for settings in named for path in settings):
            other = first.setdefault(number, axis)
            if other is not axis:
                yield f"{label}, parameters.{on_one_line(axis.name)}: sets {number}, as {on_one_line(other.name)} does"


def _axis(name: str, span: Span, scenario: Mapping[str, Any], catalogue: Catalogue) -> Axis:
    """Make one axis."""
    if name in RESERVED:
        raise BadInput("is the name of a column that every table has; give it another")
    if name == "months":
        raise BadInput(
            "is the length of every run, and not a parameter; set the study's own key months, above its tables"
        )
    if not name or not name.isprintable():
        raise BadInput(f"found the name {shown(name)}, expected a path as chips.lock_in, or a name for its cases")
    given = [
        key for key, given in (("values", span.values), ("cases", span.cases), ("low, high", _ends(span))) if given
    ]
    if len(given) > 1:
        raise BadInput(f"says {' and '.join(given)}; expected one of these")
    if span.cases:
        if unclear := [case for case in span.cases if not case or not case.isprintable()]:
            raise BadInput(f"found the case {shown(unclear[0])}, expected a name of letters that can be seen")
        return Axis(name, values=tuple(span.cases), cases=span.cases)
    if span.values:
        return Axis(name, values=tuple(span.values))
    return _range(name, span, scenario, catalogue)


def _ends(span: Span) -> bool:
    return span.low is not None or span.high is not None


def _range(name: str, span: Span, scenario: Mapping[str, Any], catalogue: Catalogue) -> Axis:
    """Make the axis of a number; ends that a study leaves out are those of the parameter table."""
    draft = draft_scenario(source_of_mapping(scenario), catalogue)
    keys = draft.full(name)
    if wrong := draft.unknown_member(keys):
        raise BadInput(wrong)
    row = draft.row(keys)
    if row is None and keys[0] == STRUCTURE:
        raise BadInput("counts firms and has no range; write values = [1, 2, 3, 5, 8]")
    if row is None:
        known = catalogue.parameters.numbers(keys[0])
        decisions = catalogue.menus.get(keys[0], {})
        if keys[-1] in decisions:
            raise BadInput(
                f"is a choice of strategy and has no range; write values = {shown(sorted(decisions[keys[-1]]))}"
            )
        raise BadInput(unknown("number", keys[-1], known))
    low, high = (row.low if span.low is None else span.low), (row.high if span.high is None else span.high)
    if not (isfinite(low) and isfinite(high)):
        cure = "write low and high, or say them in the rule: field(default=..., metadata={'low': 0, 'high': 1})"
        raise BadInput(f"has no range, for its rule says none; {cure}")
    if low >= high:
        raise BadInput(f"found low = {low:g} and high = {high:g}, expected low below high")
    if span.scale == "log" and low <= 0:
        raise BadInput(f"found low = {low:g} on a log scale, expected more than 0")
    return Axis(name, row.unit, low, high, span.levels, span.scale == "log")


def _impossible_values(axis: Axis, scenario: Mapping[str, Any]) -> Iterator[str]:
    """Yield the reasons why a scenario can't have some of a parameter's values."""
    tried: Sequence[Scalar] = (axis.low, axis.high) if axis.low is not None and axis.high is not None else axis.values
    refused = 0
    for value in _decisive_values(list(dict.fromkeys(tried))):
        try:
            load_scenario(scenario, axis.settings(value))
        except BadInput as error:
            yield from (each.removeprefix("set, ") for each in error.problems)
            refused += 1
        if refused > PROBLEMS_SHOWN:
            return  # enough problems are listed


def _decisive_values(values: list[Scalar]) -> Iterable[Scalar]:
    """Return the numbers of a long list that decide whether all are possible: both ends, and one that is not whole."""
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(values) <= MOST_TRIED or len(numbers) < len(values):
        return values
    broken = [value for value in numbers if value != int(value)][:1]
    return dict.fromkeys([min(numbers), max(numbers), *broken])


def column(values: Sequence[Scalar | None]) -> Column:
    """Make a column whose values are all numbers, all true or false, or all texts."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float}:
        return pl.Series([None if value is None else float(value) for value in values], dtype=pl.Float64)
    if kinds == {bool}:
        return pl.Series(values, dtype=pl.Boolean)
    if kinds == {str}:
        return pl.Series(values, dtype=pl.String)
    raise BadInput(f"found values of several kinds, {shown(values[:SHOWN])}; expected only numbers or only texts")

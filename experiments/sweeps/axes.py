"""The parameters of a study: what each is called, where its range comes from, and its values."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from watersellers.experiments.catalogue import Catalogue, of_mapping, ours
from watersellers.experiments.errors import TOLD, BadInput, refuse, shown, unknown, word
from watersellers.experiments.scenario import draft_of, load_scenario
from watersellers.experiments.sweeps.schema import Scalar, Span

RESERVED = (  # columns of the tables, of what was measured, and of what is asked of them
    *("run", "point", "replicate", "seed", "status", "seconds", "digest", "error"),
    *("month", "layer", "firm", "measure", "value", "who", "runs", "loss", "winner", "next"),
    *("lowest", "low", "median", "high", "highest", "place", "x", "y", "x_value", "y_value"),
)
TRIED = 200  # values of a parameter that are each tried in the scenario; of more, those that decide


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
    def ranges(self) -> bool:
        """Whether any number between two ends may be taken."""
        return self.low is not None

    def at(self, share: float) -> Scalar:
        """Give the value that lies at a share, 0 to 1, of the range; or of the list of values."""
        if self.low is None or self.high is None:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if self.log:
            return float(math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low))))
        return self.low + share * (self.high - self.low)

    def spread(self, levels: int) -> tuple[Scalar, ...]:
        """Give all values, or so many across the range with both its ends; the axis's own number of levels wins."""
        if not self.ranges:
            return self.values
        steps = (self.levels or levels) - 1
        return tuple(self.at(step / steps) for step in range(steps + 1))

    def settings(self, value: Scalar) -> dict[str, Any]:
        """Give what a scenario is told where this parameter has a value."""
        return dict(self.cases[str(value)]) if self.cases else {self.name: value}

    def told(self) -> dict[str, Any]:
        """Write the axis as a study does, with nothing left out."""
        if self.cases:
            return {"cases": {name: dict(case) for name, case in self.cases.items()}}
        if not self.ranges:
            return {"values": list(self.values)}
        told: dict[str, Any] = {"low": self.low, "high": self.high}
        if self.levels:
            told["levels"] = self.levels
        return told | ({"scale": "log"} if self.log else {})


def axes_of(spans: Mapping[str, Span], scenario: Mapping[str, Any], label: str) -> tuple[Axis, ...]:
    """Find each parameter's range, values or cases, the range in the parameter table where it is left out.

    Parameters
    ----------
    spans : mapping
        What a study says of each parameter.
    scenario : mapping
        The resolved scenario.
    label : str
        How sentences call the study.

    Raises
    ------
    BadInput
        If a parameter is not known, has no range, or may not have one of its values; all at once.
    """
    catalogue, axes, problems = ours(), [], []
    for name, span in spans.items():
        try:
            axis = _axis(name, span, scenario, catalogue)
            axes.append(axis)
            problems += [f"{label}, parameters.{word(name)}: {said}" for said in _impossible(axis, scenario)]
        except BadInput as error:
            problems += [f"{label}, parameters.{word(name)}: {said}" for said in error.problems]
    refuse(problems)
    return tuple(axes)


def _axis(name: str, span: Span, scenario: Mapping[str, Any], catalogue: Catalogue) -> Axis:
    """Make one axis."""
    if name in RESERVED:
        raise BadInput("is the name of a column that every table has; give it another")
    if name == "months":
        raise BadInput("is how long every run is: the study's own key months says it, above its tables")
    if not name or not name.isprintable():
        raise BadInput(f"found the name {shown(name)}, expected a path as chips.lock_in, or a name for its cases")
    said = [key for key, given in (("values", span.values), ("cases", span.cases), ("low, high", _ends(span))) if given]
    if len(said) > 1:
        raise BadInput(f"says {' and '.join(said)}; expected one of these")
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
    """Make the axis of a number, with the ends of the parameter table where a study leaves them out."""
    draft = draft_of(of_mapping(scenario), catalogue)
    keys = draft.full(name)
    if wrong := draft.unknown_member(keys):
        raise BadInput(wrong)
    row = catalogue.complaints.row(tuple(keys))
    if row is None:
        known = catalogue.parameters.numbers(keys[0])
        slots = catalogue.menus.get(keys[0], {})
        if keys[-1] in slots:
            raise BadInput(f"is a choice of strategy and has no range; write values = {shown(sorted(slots[keys[-1]]))}")
        raise BadInput(unknown("number", keys[-1], known))
    low, high = (row.low if span.low is None else span.low), (row.high if span.high is None else span.high)
    if low >= high:
        raise BadInput(f"found low = {low:g} and high = {high:g}, expected low below high")
    if span.scale == "log" and low <= 0:
        raise BadInput(f"found low = {low:g} on a log scale, expected more than 0")
    return Axis(name, row.unit, low, high, span.levels, span.scale == "log")


def _impossible(axis: Axis, scenario: Mapping[str, Any]) -> Iterator[str]:
    """Say which values of a parameter no scenario can have."""
    tried: Sequence[Scalar] = (axis.low, axis.high) if axis.low is not None and axis.high is not None else axis.values
    said = 0
    for value in _deciding(list(dict.fromkeys(tried))):
        try:
            load_scenario(scenario, axis.settings(value))
        except BadInput as error:
            yield from (each.removeprefix("set, ") for each in error.problems)
            said += 1
        if said > TOLD:
            return  # the others are no better


def _deciding(values: list[Scalar]) -> Iterable[Scalar]:
    """Of many numbers take those on which it depends whether all are possible: both ends, and one that is not whole."""
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(values) <= TRIED or len(numbers) < len(values):
        return values
    broken = [value for value in numbers if value != int(value)][:1]
    return dict.fromkeys([min(numbers), max(numbers), *broken])

"""Check the points of a design: values that are possible alone may be impossible together."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from watersellers.experiments.input.errors import PROBLEMS_SHOWN, BadInput, on_one_line, refuse, shown
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.sweeps.study.axes import Axis, settings_at

MOST_CHECKED = 1000  # points; a scenario takes some milliseconds to load


def check_points(design: pl.DataFrame, axes: Sequence[Axis], scenario: Mapping[str, Any], label: str) -> None:
    """Refuse a design with a point at which the scenario can't be run, before the first run.

    Numbers that fit together at one point fit at every other point at which the same ones are absent, 0, below 1, and
    larger; so one point of each such kind is tried, and the lowest and highest value of each parameter. Each axis has
    been checked alone.

    Raises
    ------
    BadInput
        If there is such a point; several at once, each with its values.
    """
    problems: list[str] = []
    for point in _decisive_points(design, axes) if len(axes) > 1 else ():
        try:
            load_scenario(scenario, settings_at(axes, point))
        except BadInput as error:
            values = ", ".join(
                f"{on_one_line(a.name)} = {shown(point[a.name])}" for a in axes if point[a.name] is not None
            )
            cure = "leave it out, with a design of kind list or with cases that fit together"
            reasons = "; ".join(each.removeprefix("set, ") for each in error.problems)
            problems.append(f"{label}, design, point {point['point']} ({values}): {reasons}; {cure}")
        if len(problems) > PROBLEMS_SHOWN:
            break
    refuse(problems)


def _decisive_points(design: pl.DataFrame, axes: Sequence[Axis]) -> list[dict[str, Any]]:
    """Return one point of each kind, and those with a parameter's lowest or highest value."""
    names = [axis.name for axis in axes]
    kinds = design.with_columns(_kind(name, design.schema[name]) for name in names)
    first = kinds.unique(names, keep="first", maintain_order=True)["point"]
    numeric = [name for name in names if design.schema[name].is_numeric() and design[name].count()]
    ends = [
        design.sort(name, descending=down, nulls_last=True)["point"][0] for name in numeric for down in (False, True)
    ]
    tried = list(dict.fromkeys([*first.to_list(), *ends]))[:MOST_CHECKED]
    return design.filter(pl.col("point").is_in(tried)).to_dicts()


def _kind(name: str, dtype: pl.DataType) -> pl.Expr:
    """Replace a number by its kind: below 0, 0, below 1, or more; keep any other value."""
    value = pl.col(name)
    return value.sign() + (value >= 1).cast(pl.Int8) if dtype.is_numeric() else value

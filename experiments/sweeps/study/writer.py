"""The writer of studies: TOML with every default filled in, which gives the same runs when it is read."""

from collections.abc import Iterator, Mapping
from typing import Any

from watersellers.experiments.loading.writer import toml_value
from watersellers.experiments.sweeps.study.plan import SCENARIO, Plan
from watersellers.experiments.sweeps.study.schema import PointList


def text_of(plan: Plan) -> str:
    """Write a study: its scenario is the file beside it, and its parameters have their ranges."""
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: Plan) -> Iterator[str]:
    study = plan.study
    yield f"# {plan.label}: as it was carried out, with every range"
    yield f"scenario = {toml_value(SCENARIO)}"
    yield f"months = {plan.months}"
    for key in ("users", "seed", "replications", "measures", "time_limit", "keep_runs"):
        yield f"{key} = {toml_value(getattr(study, key))}"
    design = study.design.model_dump()
    points = design.pop("points") if isinstance(study.design, PointList) else None
    yield "\n[design]"
    yield from _pairs(design)
    if points is not None:
        yield "points = ["
        yield from (f"  {{{', '.join(_pairs(point))}}}," for point in points)
        yield "]"
    if plan.axes:
        yield "\n[parameters]"
    for axis in plan.axes:
        yield f"{toml_value(axis.name)} = {{{', '.join(_pairs(axis.as_table()))}}}"


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    """Write keys with their values; keys are in quotes, since a path has dots."""
    return (f"{toml_value(key)} = {inline_toml(value)}" for key, value in table.items())


def inline_toml(value: Any) -> str:
    """Write a value as TOML on one line, with quoted keys."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(inline_toml, value))}]"
    return f"{{{', '.join(_pairs(value))}}}" if isinstance(value, Mapping) else toml_value(value)

"""The schema of a study: the keys of its file with types and ranges, and sentences about mistakes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from watersellers.experiments.input.errors import on_one_line, refuse, shown, unknown
from watersellers.experiments.loading.limits import SEEDS
from watersellers.experiments.loading.schema import MONTHS_LIMIT, Table
from watersellers.experiments.loading.schema_messages import expected

RUNS_LIMIT = 1_000_000  # of a study: points, and points times replications
LEVELS_LIMIT = 1000
PARAMETERS_LIMIT = 1000
YEAR = 31_536_000.0  # seconds, the longest time limit of a run
FARTHEST, NEAREST = 1e30, 1e-9  # limits of a target's value, tolerance and weight: squares of distances stay finite
HOUR = 3600.0  # seconds, the time limit of a run unless the study sets one
SPAN_KEY_DEPTH = 3  # levels down to a key of a parameter's table: parameters, its path, the key
SPAN_KEYS = ("low", "high", "levels", "scale", "values", "cases")  # keys of a parameter's table

Scalar = bool | int | float | str  # no `type` statement, here or below: pydantic before 2.10 does not resolve one
Levels = Annotated[int, Field(ge=2, le=LEVELS_LIMIT)]
Points = Annotated[int, Field(ge=1, le=RUNS_LIMIT)]


class Span(Table):
    """How a parameter varies: over a range, over values, or over cases of several settings each."""

    low: float | None = None
    high: float | None = None
    levels: Levels | None = None
    scale: Literal["linear", "log"] = "linear"
    values: list[Scalar] | None = Field(default=None, min_length=1, max_length=RUNS_LIMIT)
    cases: dict[str, dict[str, Any]] | None = Field(default=None, min_length=1, max_length=RUNS_LIMIT)


class Grid(Table):
    """Every combination of every parameter's values."""

    kind: Literal["grid"]
    levels: Levels = 5


class OneAtATime(Table):
    """The unchanged scenario, then each parameter moved alone."""

    kind: Literal["one_at_a_time"]
    levels: Levels = 5


class PointList(Table):
    """Points written out one by one."""

    kind: Literal["list"]
    points: list[dict[str, Scalar]] = Field(min_length=1, max_length=RUNS_LIMIT)


class PointTable(Table):
    """Points from a CSV file, a column for each parameter."""

    kind: Literal["table"]
    file: str = Field(min_length=1)


class LatinHypercube(Table):
    """Points that fill each parameter's range evenly."""

    kind: Literal["latin_hypercube"]
    points: Points = 100


class Sobol(Table):
    """Points of a scrambled Sobol' sequence; doubling their number keeps the first half."""

    kind: Literal["sobol"]
    points: Points = 128


class Saltelli(Table):
    """Points for Sobol' indices of k parameters: (2 k + 2) for each of ``points``, or (k + 2) without pairs."""

    kind: Literal["saltelli"]
    points: Points = 128
    second_order: bool = False


class Morris(Table):
    """Trajectories that move one of k parameters after the other: (k + 1) points each."""

    kind: Literal["morris"]
    trajectories: Annotated[int, Field(ge=2, le=RUNS_LIMIT)] = 20
    levels: Annotated[int, Field(ge=2, le=LEVELS_LIMIT, multiple_of=2)] = 4


Design = Annotated[
    Grid | OneAtATime | PointList | PointTable | LatinHypercube | Sobol | Saltelli | Morris, Field(discriminator="kind")
]
DESIGNS: dict[str, type[Table]] = {
    "grid": Grid,
    "one_at_a_time": OneAtATime,
    "list": PointList,
    "table": PointTable,
    "latin_hypercube": LatinHypercube,
    "sobol": Sobol,
    "saltelli": Saltelli,
    "morris": Morris,
}


class StudyText(Table):
    """All keys of a study."""

    scenario: Any = "baseline"
    parameters: dict[str, Span] = Field(default_factory=dict)
    design: Design = Field(default_factory=lambda: Grid(kind="grid"))
    months: Annotated[int, Field(ge=1, le=MONTHS_LIMIT)] | None = None
    users: int = 10_000
    seed: Annotated[int, Field(ge=0, le=SEEDS - 1)] = 1
    replications: Annotated[int, Field(ge=1, le=RUNS_LIMIT)] = 1
    measures: list[Annotated[str, Field(min_length=1)]] = Field(default=[], min_length=1)  # if none, see make_plan
    time_limit: Annotated[float, Field(gt=0, le=YEAR)] = HOUR  # seconds per run
    keep_runs: bool = False
    set: dict[str, Any] = Field(default_factory=dict)


class Target(Table):
    """A target of a calibration: a measure, its value, and the distance from it that counts as one."""

    measure: Annotated[str, Field(min_length=1)]
    value: Annotated[float, Field(ge=-FARTHEST, le=FARTHEST)]
    tolerance: Annotated[float, Field(ge=NEAREST, le=FARTHEST)]
    weight: Annotated[float, Field(ge=NEAREST, le=1 / NEAREST)] = 1.0


class CalibrationText(StudyText):
    """All keys of a calibration: those of a study, the targets, and the number of trials."""

    target: list[Target] = Field(min_length=1)
    trials: Annotated[int, Field(ge=1, le=RUNS_LIMIT)] = 200
    batch: Annotated[int, Field(ge=1, le=LEVELS_LIMIT)] = 8


def read_study_keys(doc: Mapping[str, Any], label: str) -> StudyText:
    """Read a study's keys; see ``read_as``."""
    return read_as(StudyText, doc, label)


def read_as[Text: StudyText](model: type[Text], doc: Mapping[str, Any], label: str) -> Text:
    """Read a study's keys.

    Raises
    ------
    BadInput
        If any of them is wrong; all at once.
    """
    tidy = dict(doc)
    for key, leaf in (("parameters", _is_span), ("set", _is_setting)):
        if isinstance(tidy.get(key), Mapping):
            flat = list(_flat(tidy[key], leaf))
            refuse(f"{label}, {key}.{on_one_line(path)}: is written twice; once will do" for path in _twice(flat))
            tidy[key] = dict(flat)
    if isinstance(tidy.get("parameters"), Mapping):
        tidy["parameters"] = {path: _span(span) for path, span in tidy["parameters"].items()}
    if isinstance(tidy.get("design"), str):
        tidy["design"] = {"kind": tidy["design"]}
    try:
        return model.model_validate(tidy)
    except ValidationError as error:
        refuse(f"{label}, {problem}" for problem in _sentences(error, model))
        raise


def _flat(table: Mapping[str, Any], leaf: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Join the keys of tables in tables by dots: a path may be written in quotes or without."""
    for key, value in table.items():
        path = f"{above}{key}"
        if isinstance(value, Mapping) and not leaf(value):
            yield from _flat(value, leaf, f"{path}.")
        else:
            yield path, value


def _twice(pairs: list[tuple[str, Any]]) -> Iterator[str]:
    """Yield the paths that are written twice."""
    return (path for path, count in Counter(path for path, _ in pairs).items() if count > 1)


def _is_span(table: Mapping[str, Any]) -> bool:
    """Whether a table says how a parameter varies, and is not a level of a path."""
    return not table or any(key in SPAN_KEYS or not isinstance(value, Mapping | list) for key, value in table.items())


def _is_setting(table: Mapping[str, Any]) -> bool:
    return not table or "use" in table


def _span(span: Any) -> Any:
    """Read a list as values, a Python tuple of two as a range, and None as the parameter table's range."""
    if isinstance(span, tuple) and len(span) == len(("low", "high")):
        return {"low": span[0], "high": span[1]}
    if span is None:
        return {}
    return {"values": span} if isinstance(span, list) else span


def _sentences(error: ValidationError, model: type[BaseModel]) -> Iterator[str]:
    """Write a sentence for each mistake."""
    for each in error.errors(include_url=False):
        place = [part for part in each["loc"] if not (part in DESIGNS and each["loc"][0] == "design")]
        if place[:1] == ["target"] and len(place) > 1:
            place[:2] = [f"target {int(place[1]) + 1}"]
        kind, found, context = each["type"], each["input"], each.get("ctx", {})
        where = ".".join(on_one_line(part) for part in place) or "study"
        if kind == "extra_forbidden":
            sentence = f"{where}: {unknown('key', str(place[-1]), _keys(each['loc'], model))}"
            of_span = place[0] == "parameters" and len(place) == SPAN_KEY_DEPTH and "Did you mean" not in sentence
            yield (
                f"{sentence} (found {shown(found)}; a parameter is a table, or a list of values)"
                if of_span
                else sentence
            )
        elif kind in ("union_tag_invalid", "union_tag_not_found"):
            chosen = str(found.get("kind", "") if isinstance(found, Mapping) else found)
            yield f"{where}: {unknown('kind of design', chosen, DESIGNS)}"
        elif kind == "missing":
            yield f"{where}: is missing; a table of this kind needs it"
        else:
            yield f"{where}: found {shown(found)}, expected {expected(kind, context, each['msg'])}"


def _keys(place: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    """Return the keys that the table at a place may have."""
    if place[0] == "parameters":
        model = Span
    elif place[0] == "target":
        model = Target
    elif place[0] == "design":
        model = DESIGNS[str(place[1])]
    return list(model.model_fields)

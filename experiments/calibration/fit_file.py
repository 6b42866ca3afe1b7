"""The schema of a fit file, and sentences about mistakes in one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from watersellers.experiments.analysis.targets import LAYERS, targets
from watersellers.experiments.input.errors import on_one_line, shown, unknown
from watersellers.experiments.input.printable_text import VisibleText
from watersellers.experiments.loading.catalogue import Catalogue
from watersellers.experiments.loading.limits import SEEDS, SEEDS_LIMIT, wrong_users
from watersellers.experiments.loading.parameters import Parameter
from watersellers.experiments.loading.schema import Table
from watersellers.experiments.loading.schema_messages import dotted, schema_problems

STEPS_LIMIT = 5_000  # of the design and of the search: each step is several runs, and a row of the log
ROUNDS_LIMIT = 500
SCENARIO_NAME = r"^[a-z][a-z0-9_]*$"
SEED_LIMIT = 2**31 - 1  # the largest seed of the search
STEP_COLUMNS = ("step", "how", "loss", "inside", "near", "outside")  # columns of every log, before its numbers

if TYPE_CHECKING:
    type Layer = str
else:
    Layer = Literal[LAYERS]
Positive = Annotated[float, Field(gt=0)]
Steps = Annotated[int, Field(ge=0, le=STEPS_LIMIT)]


class FreeText(Table):
    """A free number, as written in the file."""

    paths: Annotated[list[VisibleText], Field(min_length=1)] | None = None
    range: Annotated[list[float], Field(min_length=2, max_length=2)]
    ratios: bool = False
    whole: bool = False


class WeightsText(Table):
    """The weight of a target, by the confidence in the published figure."""

    high: Positive
    medium: Positive
    low: Positive


class FitText(Table):
    """All keys of a fit."""

    question: VisibleText
    scenario: str
    layers: Annotated[list[Layer], Field(min_length=1)]
    weights: WeightsText
    seeds: Annotated[list[Annotated[int, Field(ge=0, le=SEEDS - 1)]], Field(min_length=1, max_length=SEEDS_LIMIT)]
    users: int
    design: Steps
    rounds: Annotated[int, Field(ge=0, le=ROUNDS_LIMIT)]
    search: Steps
    seed: Annotated[int, Field(ge=0, le=SEED_LIMIT)]
    free: Annotated[dict[str, FreeText], Field(min_length=1)]
    fixed: dict[str, Any] = Field(default_factory=dict)
    into: Annotated[str, Field(pattern=SCENARIO_NAME)] | None = None


def flatten_paths(doc: Mapping[str, Any]) -> dict[str, Any]:
    """Join paths into one key each, whether the file has them in quotes or as nested tables."""
    leaves = {"free": _is_number, "fixed": _is_strategy}
    flat = {key: dict(_flat(doc[key], leaf)) for key, leaf in leaves.items() if isinstance(doc.get(key), Mapping)}
    return dict(doc) | flat


def _is_number(table: Mapping[str, Any]) -> bool:
    """Whether a table describes a free number, and is not a level of a path."""
    return not table or any(key in FreeText.model_fields for key in table)


def _is_strategy(table: Mapping[str, Any]) -> bool:
    return not table or "use" in table


def _flat(table: Mapping[str, Any], leaf: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping) and not leaf(value):
            yield from _flat(value, leaf, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def wrong_keys(doc: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each unknown or missing key, and for each value of the wrong type or range."""
    return schema_problems(FitText, doc, {"free": FreeText, "weights": WeightsText}, dotted)


def wrong_values(text: FitText, catalogue: Catalogue) -> Iterator[str]:
    """Yield a sentence for each value that is inconsistent with others or unknown; all keys are valid here."""
    yield from wrong_users(text.users)
    if text.design & (text.design - 1):
        yield f"design: found {text.design}, expected 0 or a power of two, as 64: only such a Sobol' sequence is even"
    listed: dict[str, list[Any]] = {"seeds": text.seeds, "layers": text.layers}
    for name, values in listed.items():
        yield from (f"{name}: found {shown(value)} twice, expected each once" for value in _repeated(values))
    scored = {each.layer for each in targets() if each.scored}
    for layer in text.layers:
        if layer not in scored:
            yield f"layers: found {layer!r}, of which no figure is published; expected layers of targets.csv"
    for name, free in text.free.items():
        yield from (f"free.{on_one_line(name)}: {problem}" for problem in _wrong_number(name, free, catalogue))
    for path in _repeated([path for name, free in text.free.items() for path in paths_of(name, free)]):
        yield f"free: {path} moves twice, expected each path once"


def _repeated[T](values: list[T]) -> list[T]:
    """Return the values that a list has more than once."""
    return [value for value, times in Counter(values).items() if times > 1]


def paths_of(name: str, free: FreeText) -> list[str]:
    """Return the paths of a free number: its name, unless it lists others."""
    return free.paths or [name]


def row_of(path: str, catalogue: Catalogue) -> Parameter | None:
    """Return the row of the table for a path: its own, or its group's if the member has none."""
    group, *rest = path.split(".")
    rows = catalogue.parameters.by_name
    return rows.get(path) or (rows.get(f"{group}.{rest[1]}") if len(rest) == len(("member", "number")) else None)


def _wrong_number(name: str, free: FreeText, catalogue: Catalogue) -> Iterator[str]:
    """Yield what is wrong with a free number."""
    low, high = free.range
    if name in STEP_COLUMNS:
        yield f"is the name of a column of every log ({', '.join(STEP_COLUMNS)}); give it another name, and paths"
    if not low < high:
        yield f"range: found {low:g} to {high:g}, expected the low end first, below the high one"
    if free.ratios and low <= 0:
        yield f"range: found {low:g}, expected ends above 0, for it is searched by ratios"
    if free.whole and not (low.is_integer() and high.is_integer()):
        yield f"range: found {low:g} to {high:g}, expected whole numbers, for whole = true"
    if free.whole and free.ratios:
        yield "ratios: found true beside whole = true, expected one of them"
    for path in paths_of(name, free):
        row = row_of(path, catalogue)
        if row is None:
            yield unknown("number", path, catalogue.parameters.by_name)
        elif not row.low <= low <= high <= row.high and low < high:
            within = f"expected a range inside {row.low:g} to {row.high:g} {row.unit}"
            yield f"range: found {low:g} to {high:g}, {within}, that of {row.name}"

"""What the file of a fit may say, and sentences about what it says wrong."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from watersellers.experiments.catalogue import Catalogue
from watersellers.experiments.errors import shown, unknown, word
from watersellers.experiments.limits import SEEDS, SEEDS_LIMIT, no_users
from watersellers.experiments.parameters import Parameter
from watersellers.experiments.published import targets
from watersellers.experiments.schema import Table
from watersellers.experiments.seen import Seen
from watersellers.experiments.sentences import complaints, dotted
from watersellers.market.goods import CHAIN

STEPS_LIMIT = 5_000  # of the design and of the search: each is some runs, and a row of a log that is read again
ROUNDS_LIMIT = 500
SEED_LIMIT = 2**31 - 1  # what the search takes
OF_A_STEP = ("step", "how", "loss", "inside", "near", "outside")  # columns of every log, before its numbers

if TYPE_CHECKING:
    type Layer = str
else:
    Layer = Literal[CHAIN]
Positive = Annotated[float, Field(gt=0)]
Steps = Annotated[int, Field(ge=0, le=STEPS_LIMIT)]


class FreeText(Table):
    """A number that may move."""

    paths: Annotated[list[Seen], Field(min_length=1)] | None = None
    range: Annotated[list[float], Field(min_length=2, max_length=2)]
    ratios: bool = False
    whole: bool = False


class WeightsText(Table):
    """What a target weighs, by the confidence in what was published."""

    high: Positive
    medium: Positive
    low: Positive


class FitText(Table):
    """All keys of a fit."""

    question: Seen
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


def tidy(doc: Mapping[str, Any]) -> dict[str, Any]:
    """Write paths as one key each, whether the file has them in quotes or as tables in tables."""
    leaves = {"free": _is_number, "fixed": _is_strategy}
    flat = {key: dict(_flat(doc[key], leaf)) for key, leaf in leaves.items() if isinstance(doc.get(key), Mapping)}
    return dict(doc) | flat


def _is_number(table: Mapping[str, Any]) -> bool:
    """Whether a table says how a number moves, and is no step of a path."""
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
    """Say what keys are unknown or missing, and which values have the wrong type or range."""
    return complaints(FitText, doc, {"free": FreeText, "weights": WeightsText}, dotted)


def wrong_values(text: FitText, catalogue: Catalogue) -> Iterator[str]:
    """Say what doesn't fit together in a fit each of whose keys is right."""
    yield from no_users(text.users)
    if text.design & (text.design - 1):
        yield f"design: found {text.design}, expected 0 or a power of two, as 64: only such a Sobol' sequence is even"
    listed: dict[str, list[Any]] = {"seeds": text.seeds, "layers": text.layers}
    for name, values in listed.items():
        yield from (f"{name}: found {shown(value)} twice, expected each once" for value in _twice(values))
    scored = {each.layer for each in targets() if each.scope == "ai"}
    for layer in text.layers:
        if layer not in scored:
            yield f"layers: found {layer!r}, of which no figure is published; expected layers of targets.csv"
    for name, free in text.free.items():
        yield from (f"free.{word(name)}: {said}" for said in _wrong_number(name, free, catalogue))
    for path in _twice([path for name, free in text.free.items() for path in paths_of(name, free)]):
        yield f"free: {path} moves twice, expected each path once"


def _twice[T](values: list[T]) -> list[T]:
    """What stands in a list more than once."""
    return [value for value, times in Counter(values).items() if times > 1]


def paths_of(name: str, free: FreeText) -> list[str]:
    """Paths of a number that may move: its name, unless it says others."""
    return free.paths or [name]


def row_of(path: str, catalogue: Catalogue) -> Parameter | None:
    """The row of the table that a path names: its own, or its group's where the member has none."""
    group, *rest = path.split(".")
    rows = catalogue.parameters.by_name
    return rows.get(path) or (rows.get(f"{group}.{rest[1]}") if len(rest) == len(("member", "number")) else None)


def _wrong_number(name: str, free: FreeText, catalogue: Catalogue) -> Iterator[str]:
    """Say what is wrong with a number that may move."""
    low, high = free.range
    if name in OF_A_STEP:
        yield f"is the name of a column of every log ({', '.join(OF_A_STEP)}); give it another name, and paths"
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

"""Sentences about mistakes that pydantic finds in a file of plain keys, one place at a time."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from watersellers.experiments.input.errors import PROBLEMS_SHOWN, on_one_line, shown, unknown
from watersellers.experiments.loading.scenario_messages import EXPECTED

type Place = tuple[int | str, ...]
DAY, SHA256 = r"^[12]\d{3}-(0[1-9]|1[0-2])-01$", r"^[0-9a-f]{64}$"
MONTH = r"^[12]\d{3}-(0[1-9]|1[0-2])$"
PATTERNS = {
    DAY: "the first day of a month, as in 2023-01-01",
    MONTH: "a month, as in 2023-01",
    SHA256: "64 digits and letters from a to f",
}
BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than", "multiple_of": "a multiple of"}


def schema_problems(
    model: type[BaseModel], doc: Any, tables: Mapping[str, type[BaseModel]], written: Callable[[Place], str]
) -> Iterator[str]:
    """Yield ``place: sentence`` for each problem of a document.

    Parameters
    ----------
    model : type of BaseModel
        The model of the whole document.
    doc : mapping
        The document.
    tables : mapping
        The model of each table in it, by the table's first key.
    written : callable
        Writes a place.
    """
    try:
        model.model_validate(doc)
    except ValidationError as error:
        for number, each in enumerate(error.errors(include_url=False)):
            place = each["loc"]
            known = tables.get(str(place[0]), model) if len(place) > 1 else model
            sentence = _sentence(each, known) if number < PROBLEMS_SHOWN else "is wrong too"
            yield f"{written(place) or 'the file'}: {sentence}"


def dotted(place: Place) -> str:
    """Write a place as keys joined by dots; items of lists are counted from one."""
    return ".".join(str(part + 1) if isinstance(part, int) else on_one_line(part) for part in place)


def below(table: str) -> Callable[[Place], str]:
    """Write places in a table of a file with the table's name before them."""
    return lambda place: dotted((table, *place))


def _sentence(error: Any, model: type[BaseModel]) -> str:
    """Write a sentence about an error."""
    kind, found, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown("key", str(error["loc"][-1]), model.model_fields)
    if kind == "missing":
        return "is missing; a table of this kind needs it"
    return f"found {shown(found)}, expected {expected(kind, context, error['msg'])}"


def expected(kind: str, context: Mapping[str, Any], message: str) -> str:
    """Say what was expected, from the kind, the context and the message of pydantic's error."""
    for key, words in BOUNDS.items():
        if key in context:
            limit = context[key]
            return f"{words} {limit:,}" if isinstance(limit, int) else f"{words} {limit:,.15g}"
    if kind in ("too_short", "too_long"):
        most = "at least" if kind == "too_short" else "at most"
        return f"{most} {context['min_length' if kind == 'too_short' else 'max_length']} of them"
    if "expected" in context:
        return str(context["expected"])
    if "pattern" in context and context["pattern"] in PATTERNS:
        return PATTERNS[context["pattern"]]
    return EXPECTED.get(kind, message[:1].lower() + message[1:])

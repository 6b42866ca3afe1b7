"""Sentences about a file of plain keys: what pydantic found wrong with it, place by place."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from watersellers.experiments.complaints import EXPECTED
from watersellers.experiments.errors import TOLD, shown, unknown, word

type Place = tuple[int | str, ...]
DAY, SHA256 = r"^[12]\d{3}-(0[1-9]|1[0-2])-01$", r"^[0-9a-f]{64}$"
PATTERNS = {DAY: "the first day of a month, as in 2023-01-01", SHA256: "64 digits and letters from a to f"}
BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than", "multiple_of": "a multiple of"}


def complaints(
    model: type[BaseModel], doc: Any, tables: Mapping[str, type[BaseModel]], written: Callable[[Place], str]
) -> Iterator[str]:
    """Give ``place: sentence`` for everything that is wrong with a document.

    Parameters
    ----------
    model : type of BaseModel
        What the whole document may say.
    doc : mapping
        What it says.
    tables : mapping
        What each table in it may say, by its first key.
    written : callable
        How a place is written.
    """
    try:
        model.model_validate(doc)
    except ValidationError as error:
        for number, each in enumerate(error.errors(include_url=False)):
            place = each["loc"]
            known = tables.get(str(place[0]), model) if len(place) > 1 else model
            said = _sentence(each, known) if number < TOLD else "is wrong too"
            yield f"{written(place) or 'the file'}: {said}"


def dotted(place: Place) -> str:
    """Write a place as keys joined by dots, what stands in a list counted from one."""
    return ".".join(str(part + 1) if isinstance(part, int) else word(part) for part in place)


def _sentence(error: Any, model: type[BaseModel]) -> str:
    """Say what is wrong at a place."""
    kind, found, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown("key", str(error["loc"][-1]), model.model_fields)
    if kind == "missing":
        return "is missing; a table of this kind needs it"
    return f"found {shown(found)}, expected {expected(kind, context, error['msg'])}"


def expected(kind: str, context: Mapping[str, Any], message: str) -> str:
    """Say what belongs there, of an error of pydantic's: its kind, its context, and its own message."""
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

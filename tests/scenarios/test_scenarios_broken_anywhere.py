"""A scenario that is broken in any one place loads, or is refused in sentences.

Each place gets some of the odd values, and of all places together each value is tried hundreds of times; ``make
verify`` puts every value at every place.
"""

import tomllib
from copy import deepcopy
from pathlib import Path

import pytest

from tests.scenarios.reference_scenario import NAN, REFERENCE
from tests.tools.samples import some
from watersellers import BadInput
from watersellers.experiments.loading.loader import load_scenario

BLOCKS = sorted((Path(__file__).parents[1] / "worlds" / "blocks").glob("*.toml"))


ODD = [
    "",
    "  ",
    "x",
    "aws",
    "2031-01",
    True,
    None,
    0,
    -1,
    0.5,
    NAN,
    [],
    ["aws", "aws"],
    {},
    {"use": "x"},
    [[]],
    "a\nb",
    "a" * 600,
]
ONE_OF_EACH = {"nvidia", "aws", "openai", "chatgpt", "west", "venture_west", "metaso"}


def key_paths(table, above=()):
    """Every key of a table and of those in it."""
    for key, value in table.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from key_paths(value, (*above, key))
        if isinstance(value, list):
            yield from (
                (*above, key, at, inner) for at, each in enumerate(value) if isinstance(each, dict) for inner in each
            )


def with_value_at(doc, path, value):
    doc = deepcopy(doc)
    table = doc
    for key in path[:-1]:
        table = table[key]
    table[path[-1]] = value
    return doc


OF_PYDANTIC = ("Input should", "Value error", "Value should", "validation error")


def refusal(doc):
    """What is said of a scenario; nothing of one that loads."""
    try:
        load_scenario(doc)
    except BadInput as error:
        return str(error)
    return ""


@pytest.mark.parametrize("file", [REFERENCE, *BLOCKS], ids=lambda file: file.stem)
def test_a_scenario_broken_in_any_one_place_loads_or_is_refused_in_sentences(file):
    doc = {"name": "mine", "question": "Mine?"} | tomllib.loads(file.read_text())
    for path in key_paths(doc):
        if file is REFERENCE and len(path) > 1 and path[0] != "event" and path[1] not in ONE_OF_EACH:
            continue
        for value in some(ODD, one_in=4, beside=f"{file.stem} {path}"):
            problem = refusal(with_value_at(doc, path, value))
            assert not any(words in problem for words in OF_PYDANTIC), problem

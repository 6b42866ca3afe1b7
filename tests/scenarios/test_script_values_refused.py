"""Bad arguments of a script are refused in a sentence before the first month; numbers of numpy are accepted."""

# ruff: noqa: E501 - sentences are compared whole, each on its line

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, cast

import numpy as np
import pytest

from tests.scenarios.reference_scenario import NAN, REFERENCE
from watersellers import BadInput, Size, World, run, synthetic
from watersellers.experiments.analysis.comparison.steps import compare_steps
from watersellers.experiments.analysis.comparison.two_worlds import compare
from watersellers.experiments.analysis.decomposition.causes import Cause
from watersellers.experiments.analysis.decomposition.decompose import decompose
from watersellers.experiments.analysis.decomposition.worlds import world_without
from watersellers.experiments.analysis.validation import validate
from watersellers.experiments.analysis.verification import verify
from watersellers.experiments.loading.limits import SEEDS_LIMIT
from watersellers.experiments.stories.simulation import Size as Played
from watersellers.experiments.stories.simulation import run_stories
from watersellers.experiments.stories.story import load_story

# What a script gives


def nested_table(depth):
    table: dict[str, Any] = {}
    for _ in range(depth):
        table = {"a": table}
    return table


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"scenario": 3}, "scenario: found 3, expected a name, the path of a file, or a mapping"),
        ({"scenario": None}, "scenario: found None, expected a name, the path of a file, or a mapping"),
        ({"scenario": {"apps": nested_table(5_000)}}, "found more than 40 nested tables or lists"),
        ({"set": [1]}, r"set: found \[1\], expected values by path"),
        ({"set": "chips.lock_in"}, "set: found 'chips.lock_in', expected values by path"),
        ({"set": {3: 1}}, "set: found the key 3, expected text"),
        ({"set": {"chips.lock_in": 10**400}}, "set, chips.lock_in: found a number of more than 300 digits"),
        ({"set": {"chips.lock_in": nested_table(5_000)}}, "found more than 40 nested tables or lists"),
        ({"set": {"apps." + "a." * 5_000 + "b": 1}}, "set, apps.*: found 5002 names, expected at most 4"),
        ({"set": {"chips.lock_in": np.zeros(3)}}, r"set, chips.lock_in: found \[0.0, 0.0, 0.0\], expected a number"),
        ({"set": {"chips.lock_in": NAN}}, "set, chips.lock_in: found nan, expected a finite number"),
        ({"strategies": [1]}, r"strategies: found \[1\], expected values by path"),
        ({"strategies": {3: 1}}, "strategies: found the key 3, expected text"),
        ({"seed": 10**5000}, "seed: found a value of the type int that is too long to show, expected"),
        ({"seed": NAN}, "seed: found nan, expected a whole number"),
        ({"months": float("inf")}, "months: found inf, expected a whole number"),
        ({"users": 10**5000}, "users: found a value of the type int that is too long to show, expected"),
        ({"threads": 0}, "threads: found 0, expected a whole number from 1 to 1024"),
        ({"backend": [1]}, r"backend: unknown backend '\[1\]'"),
        ({"progress": 3}, "progress: found 3, expected True for a bar, or a function of the months so far and in all"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_bad_arguments_of_a_script_are_refused_in_a_sentence(given, sentence):
    with pytest.raises(BadInput, match=sentence):
        run(**given)


def test_numpy_numbers_and_any_mapping_are_accepted():
    plain = run("baseline", 3, 2, 20, set={"chips.lock_in": 0.5, "cloud.pricing": {"use": "follow_use", "step": 0.25}})
    setting = MappingProxyType({"use": "follow_use", "step": np.float64(0.25)})
    given = {"chips.lock_in": np.float32(0.5), "cloud.pricing": setting}
    seed, months, users = cast(tuple[Any, Any, Any], (np.int64(3), np.int32(2), np.int64(20)))
    same = run("baseline", seed, months, users, set=MappingProxyType(given))
    assert same.manifest["digest"] == plain.manifest["digest"]
    assert same.manifest["set"] == plain.manifest["set"]
    assert same.manifest["scenario"]["text"] == plain.manifest["scenario"]["text"]
    assert World(rng=seed, months=months, users=users).given.users == 20


SIZES = [
    *[(count, value) for count in ("chips", "apps", "partners", "owners") for value in (1.5, -1, True, "3", None, NAN, 10**5000, [1])],
    *[(share, value) for share in ("china", "spread") for value in (1.5, -1, True, "3", None, NAN, float("inf"), 10**5000)],
    *[(choice, value) for choice in ("mixed", "tied") for value in (0, 1, "yes", None)],
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), SIZES, ids=lambda value: "huge" if value == 10**5000 else str(value))
def test_an_impossible_size_of_a_synthetic_world_is_refused(key, value):
    with pytest.raises(BadInput, match=rf"^size, {key}: found .*, expected "):
        synthetic(Size(**{key: value}))


@pytest.mark.parametrize("value", [-1, 1.5, True, "3", NAN, 10**5000], ids=["-1", "1.5", "True", "3", "nan", "huge"])
def test_an_impossible_seed_or_length_of_a_synthetic_world_is_refused(value):
    with pytest.raises(BadInput, match=r"^seed: found "):
        synthetic(Size(), value)
    with pytest.raises(BadInput, match=r"^months: found "):
        synthetic(Size(), 1, value)
    with pytest.raises(BadInput, match=r"^size: found 3, expected a Size"):
        synthetic(cast(Any, 3))


# Numbers of runs

NONE = [0, -1, 10**6, 10**5000, 1.5, True, "two", NAN]
QUESTIONS: dict[str, Callable[..., Any]] = {
    "compare": lambda **how: compare("baseline", "qq_moment", **how),
    "compare_steps": lambda **how: compare_steps("plain", "baseline", **how),
    "decompose": lambda **how: decompose(**how),
    "validate": lambda **how: validate(**how),
    "verify": lambda seeds=1, workers=None: verify(seeds, workers),
    "story": lambda **how: list(run_stories([load_story("qq_moment")], Played(**how))),
}


@pytest.mark.parametrize("value", NONE, ids=["0", "-1", "million", "huge", "1.5", "True", "two", "nan"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_an_impossible_number_of_seeds_or_workers_is_refused_by_every_question(question, value):
    with pytest.raises(BadInput, match=f"^seeds: found .*, expected a whole number from 1 to {SEEDS_LIMIT}$"):
        QUESTIONS[question](seeds=value)
    with pytest.raises(BadInput, match=r"^workers: found .*, expected a whole number from 1 to 1024$"):
        QUESTIONS[question](workers=value)
    if question != "verify":
        with pytest.raises(BadInput) as refused:
            QUESTIONS[question](seeds=value, users=5, workers=value)
        assert [each.split(":")[0] for each in refused.value.problems] == ["seeds", "users", "workers"]


OF_THE_PAST: dict[str, Callable[..., Any]] = {"decompose": decompose, "validate": validate}


@pytest.mark.parametrize("question", OF_THE_PAST)
def test_a_scenario_that_starts_too_late_for_the_question_is_refused_before_a_run(question, tmp_path):
    late = tmp_path / "late.toml"
    late.write_text(REFERENCE.read_text().partition("[[event]]")[0].replace('start = "2023-01"', 'start = "2030-01"'))
    with pytest.raises(BadInput, match=r"late, start: found 2030-01, expected a start that reaches 2025-02"):
        OF_THE_PAST[question](str(late), seeds=1, users=20, workers=1)


def test_a_cause_that_copies_nobody_is_refused():
    for copies, sentence in (
        ({"of": "chips.nvdia", "number": 1, "divided": []}, "found no such firm in 'baseline'"),
        ({"of": "chips.nvidia", "number": 1, "divided": ["staf"]}, "unknown number 'staf'"),
    ):
        with pytest.raises(BadInput, match=sentence):
            world_without([Cause("mine", "mine", "mine", {}, copies)])

"""What a scenario or a script may not say is refused in a sentence before the first month, however much of it there is."""

# ruff: noqa: E501 - sentences are compared whole, each on its line

import time
import tomllib
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import numpy as np
import pytest

from watersellers import BadInput, Size, World, experiments, run, synthetic
from watersellers.experiments.comparing import compare
from watersellers.experiments.decomposing import Cause, decompose, without
from watersellers.experiments.errors import TOLD
from watersellers.experiments.limits import SEEDS_LIMIT
from watersellers.experiments.scenario import lasting, load_scenario
from watersellers.experiments.scenario_text import text_of
from watersellers.experiments.stories.playing import Size as Played
from watersellers.experiments.stories.playing import play
from watersellers.experiments.stories.story import story
from watersellers.experiments.validating import validate
from watersellers.experiments.verifying import verify

BLOCKS = sorted(Path(__file__).with_name("blocks").glob("*.toml"))
REFERENCE = Path(experiments.__file__).with_name("scenarios") / "baseline.toml"
NAN = float("nan")
SEEN = "expected text that can be seen, on one line and without control characters"


def refused(doc, settings=None):
    """What is said of the reference world with a table laid over it."""
    with pytest.raises(BadInput) as said:
        load_scenario({"extends": "baseline", "name": "mine", "question": "Mine?"} | doc, settings)
    return said.value.problems


def event(**said):
    return {"event": [{"month": "2023-10", **said}]}


# What nobody would do


@pytest.mark.parametrize(
    ("doc", "sentence"),
    [
        ({"cloud": {"aws": {"cloud": ["aws"]}}}, "mine, cloud.aws.cloud: found ['aws'], but nobody in cloud buys from a list of cloud; cloud list chips alone"),
        ({"chips": {"amd": {"apps": ["chatgpt"]}}}, "mine, chips.amd.apps: found ['chatgpt'], but nobody in chips buys from a list of apps; chips list no partners"),
        ({"labs": {"zhipu": {"chips": ["amd"]}}}, "mine, labs.zhipu.chips: found ['amd'], but nobody in labs buys from a list of chips; labs list cloud alone"),
        ({"users": {"west": {"apps": ["brave"]}}}, "mine, users.west.apps: found ['brave'], but nobody in users buys from a list of apps; users list no partners"),
        ({"apps": {"brave": {"apps": ["brave"]}}}, "mine, apps.brave.apps: names 'brave' itself; expected others"),
        ({"cloud": {"aws": {"chips": ["amd", "amd"]}}}, "mine, cloud.aws.chips: found 'amd' 2 times, expected each partner once"),
        (event(what="partners", path="apps.brave.apps", names=["brave"]), "mine, event 1.names: names 'brave' itself; expected others"),
        (event(what="partners", path="apps.brave.labs", names=["openai", "openai"]), "mine, event 1.names: found 'openai' 2 times, expected each partner once"),
        (event(what="partners", path="chips.amd.apps", names=["brave"]), "mine, event 1.path: found chips.amd.apps, expected no list: chips buy from none"),
        (event(what="partners", path="labs.zhipu.labs", names=["openai"]), "mine, event 1.path: found labs.zhipu.labs, expected a list of cloud"),
        ({"labs": {"zhipu": {"enters": "2027-01", "founder": "venture_china"}}}, "mine, labs.zhipu.enters: 2027-01 is after the last month, 2026-12; give it an earlier month, or write months = 49"),
        ({"labs": {"zhippu": {"absent": True}}}, "mine, labs.zhippu.absent: found True, but there is no such member. Did you mean 'zhipu'?"),
        ({"labs": {"zhipu": {"title": "  "}}}, f"mine, labs.zhipu.title: found '  ', {SEEN}"),
        ({"labs": {"zhipu": {"title": "a\x1b[2J"}}}, f"mine, labs.zhipu.title: found 'a\\x1b[2J', {SEEN}"),
        ({"labs": {"zhipu": {"title": "\u200b"}}}, f"mine, labs.zhipu.title: found '\\u200b', {SEEN}"),
        ({"labs": {"zhipu": {"title": "\ud800"}}}, "mine, labs.zhipu.title: found '\\ud800', expected text of whole letters"),
        (event(what="set", path="chips.lock_in", value=1, text=" "), f"mine, event 1.text: found ' ', {SEEN}"),
        (event(what="set", path="chips.lock_in", value=1, text="a\nb"), f"mine, event 1.text: found 'a\\nb', {SEEN}"),
        (event(what="set", path="chips.lock_in", value=1, text="a" * 501), f"mine, event 1.text: found '{'a' * 59}..., expected a shorter text"),
        ({"question": "  "}, f"scenario, question: found '  ', {SEEN}, of at most 500 letters"),
        ({"question": 3}, f"scenario, question: found 3, {SEEN}, of at most 500 letters"),
        ({"name": "a\nb"}, f"scenario, name: found 'a\\nb', {SEEN}, of at most 500 letters"),
        ({"users": {"west": {"absent": True}}}, "mine, users.west: is absent, but every world has users in west and in china; write users.west.income = 0 for users that pay nothing"),
        ({"users": {"mars": {"key": 99, "region": "west"}}}, "mine, users.mars: unknown region 'mars'; expected one of china, west"),
        ({"enterprises": {"mars": {"key": 99, "region": "west"}}}, "mine, enterprises.mars: unknown region 'mars'; expected one of china, west"),
        ({"users": {"west": {"region": "china"}}}, "mine, users.west.region: found 'china', expected 'west' or nothing else"),
        ({"advertisers": {"west": {"owner": "alphabet"}}}, "mine, advertisers.west.owner: found 'alphabet', expected 'west' or nothing else"),
        ({"users": {"west": {"founder": "venture_west"}}}, "mine, users.west.founder: found 'venture_west', expected none: only firms have one (chips, cloud, labs, apps)"),
        ({"investors": {"venture_west": {"enters": "2024-01"}}}, "mine, investors.venture_west.enters: found '2024-01', expected none: only firms have one (chips, cloud, labs, apps)"),
        ({"labs": {"enterprises_west": {"key": 99, "region": "west"}}}, "mine, labs.enterprises_west: 'enterprises_west' is the name of an outside sector; give it another"),
        ({"labs": {"opening": {"key": 99, "region": "west"}}}, "mine, labs.opening: 'opening' is the name of an outside sector; give it another"),
        ({"apps": {"brave": None}}, "mine, apps.brave: found None, expected a table"),
        ({"apps": {"brave": [1]}}, "mine, apps.brave: found [1], expected a table"),
        ({3: 4}, "scenario: found the key 3, expected text"),
        ({"apps": {3: {"key": 99}}}, "scenario, apps: found the key 3, expected text"),
        (event(what="set", path="chips.lock_in", value=10**400), "scenario, event, value: found a number of more than 300 digits, expected fewer"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_once_with_place_and_value(doc, sentence):
    assert refused(doc) == [sentence]


@pytest.mark.parametrize("region", ["west", "china"])
@pytest.mark.parametrize("sector", ["enterprises", "advertisers"])
def test_a_world_lives_without_the_customers_of_a_region(sector, region):
    doc = {"extends": "baseline", "name": "mine", "question": "Mine?", sector: {region: {"absent": True}}}
    assert run(doc, months=3, users=40).manifest["digest"]


def test_an_entry_is_held_against_the_months_of_the_file_that_tells_it_and_never_is_one():
    short = {"extends": "baseline", "name": "short", "question": "Short?", "months": 3}
    assert load_scenario(short).months == 3  # the reference world's entries are in its own length
    assert "is after the last month, 2023-03" in refused({"months": 3, "apps": {"kimi": {"enters": "2023-04"}}})[0]
    assert refused({}, {"apps.kimi.enters": "2030-01"})[0].startswith("mine, apps.kimi.enters: 2030-01 is after")
    never = load_scenario(short | {"apps": {"kimi": {"enters": "never"}}})
    kimi = next(one for one in never.groups["apps"] if one.name == "kimi")
    assert kimi.enters == 3


def test_a_run_that_ends_before_an_entry_reads_back_as_it_was(tmp_path):
    before = lasting(load_scenario(), 3)
    from watersellers.experiments.catalogue import ours

    (tmp_path / "baseline.toml").write_text(text_of(before, ours().menus))
    assert load_scenario(tmp_path / "baseline.toml") == before
    assert max(one.enters for one in before.groups["apps"]) == 3


# Much of it

MANY = 50_000
NUMBERS = range(MANY)
CROWDS: dict[str, dict[str, Any]] = {
    "unknown keys of a firm": {"cloud": {"aws": {f"key_{i}": 1 for i in NUMBERS}}},
    "unknown keys of a group": {"cloud": {f"key_{i}": 1 for i in NUMBERS}},
    "unknown keys of a scenario": {f"key_{i}": 1 for i in NUMBERS},
    "kinds of events": {"event": [{"month": "2023-02", "what": f"set{i}"} for i in NUMBERS]},
    "events of unknown firms": {
        "event": [{"month": "2023-02", "what": "set", "path": f"aws{i}.sells", "value": 1} for i in NUMBERS]
    },
    "events of unknown numbers": {
        "event": [{"month": "2023-02", "what": "set", "path": f"cloud.aws.x{i}", "value": 1} for i in NUMBERS]
    },
    "members without a key": {"cloud": {f"aws{i}": {"region": "west"} for i in NUMBERS}},
    "members without a region": {"cloud": {f"aws{i}": {"key": 10_000 + i} for i in NUMBERS}},
    "members without either": {"cloud": {f"aws{i}": {} for i in NUMBERS}},
    "absent strangers": {"cloud": {f"aws{i}": {"absent": True} for i in NUMBERS}},
    "unknown partners": {"apps": {"brave": {"labs": [f"lab{i}" for i in NUMBERS]}}},
    "unknown patrons": {"labs": {f"l{i}": {"key": 9_000 + i, "region": "west", "patron": f"x{i}"} for i in NUMBERS}},
}
SECONDS = 40.0  # on a busy machine; some took many minutes


@pytest.mark.parametrize("crowd", CROWDS)
def test_fifty_thousand_faults_are_answered_soon_with_ten_sentences_and_the_count(crowd):
    start = time.process_time()
    doc = {"extends": "baseline", "name": "mine", "question": "Mine?"} | CROWDS[crowd]
    with pytest.raises(BadInput) as said:
        load_scenario(doc)
    lines = str(said.value).splitlines()
    assert len(lines) == TOLD + 1
    assert lines[-1] == f"... and {MANY - TOLD:,} more"
    assert max(map(len, lines)) < 1_000
    assert time.process_time() - start < SECONDS


def test_fifty_thousand_settings_that_are_wrong_are_answered_soon():
    start = time.process_time()
    assert len(refused({}, {f"cloud.aws.x{i}": 1 for i in NUMBERS})) == MANY
    assert time.process_time() - start < SECONDS


def test_a_key_of_a_million_letters_does_not_flood(tmp_path):
    file = tmp_path / "long.toml"
    file.write_text(f"# Long?\nextends = 'baseline'\n[cloud.aws]\n{'a' * 1_000_000} = 1\n")
    with pytest.raises(BadInput) as said:
        load_scenario(file)
    assert len(str(said.value)) < 1_000


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
        ({"scenario": {"apps": nested_table(5_000)}}, "found more than 40 tables or lists in one another"),
        ({"set": [1]}, r"settings: found \[1\], expected values by path"),
        ({"set": "chips.lock_in"}, "settings: found 'chips.lock_in', expected values by path"),
        ({"set": {3: 1}}, "settings: found the key 3, expected text"),
        ({"set": {"chips.lock_in": 10**400}}, "settings, chips.lock_in: found a number of more than 300 digits"),
        ({"set": {"chips.lock_in": nested_table(5_000)}}, "found more than 40 tables or lists in one another"),
        ({"set": {"apps." + "a." * 5_000 + "b": 1}}, "set, apps.*: found 5002 names, expected at most 4"),
        ({"set": {"chips.lock_in": np.zeros(3)}}, "set, chips.lock_in: found array"),
        ({"set": {"chips.lock_in": NAN}}, "set, chips.lock_in: found nan, expected a finite number"),
        ({"strategies": [1]}, r"strategies: found \[1\], expected values by path"),
        ({"strategies": {3: 1}}, "strategies: found the key 3, expected text"),
        ({"seed": 10**5000}, "seed: found a value of the type int that is too long to show, expected"),
        ({"seed": NAN}, "seed: found nan, expected a whole number"),
        ({"months": float("inf")}, "months: found inf, expected a whole number"),
        ({"users": 10**5000}, "users: found a value of the type int that is too long to show, expected"),
        ({"threads": 0}, "threads: found 0, expected a whole number from 1 to 1024"),
        ({"backend": [1]}, r"backend: unknown backend '\[1\]'"),
        ({"progress": 3}, "progress: found 3, expected a function of the months lived and in all"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_a_script_gives_is_refused_in_a_sentence(given, sentence):
    with pytest.raises(BadInput, match=sentence):
        run(**given)


def test_numbers_of_numpy_and_tables_of_any_kind_are_taken_as_ours():
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
def test_a_synthetic_world_of_no_size_is_refused(key, value):
    with pytest.raises(BadInput, match=rf"^size, {key}: found .*, expected "):
        synthetic(Size(**{key: value}))


@pytest.mark.parametrize("value", [-1, 1.5, True, "3", NAN, 10**5000], ids=["-1", "1.5", "True", "3", "nan", "huge"])
def test_a_synthetic_world_of_no_seed_or_no_months_is_refused(value):
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
    "decompose": lambda **how: decompose(**how),
    "validate": lambda **how: validate(**how),
    "verify": lambda seeds=1, workers=None: verify(seeds, workers),
    "story": lambda **how: list(play([story("qq_moment")], Played(**how))),
}


@pytest.mark.parametrize("value", NONE, ids=["0", "-1", "million", "huge", "1.5", "True", "two", "nan"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_begins_with_a_number_of_seeds_or_workers_that_is_none(question, value):
    with pytest.raises(BadInput, match=f"^seeds: found .*, expected a whole number from 1 to {SEEDS_LIMIT}$"):
        QUESTIONS[question](seeds=value)
    with pytest.raises(BadInput, match=r"^workers: found .*, expected a whole number from 1 to 1024$"):
        QUESTIONS[question](workers=value)
    if question != "verify":
        with pytest.raises(BadInput) as said:
            QUESTIONS[question](seeds=value, users=5, workers=value)
        assert [each.split(":")[0] for each in said.value.problems] == ["seeds", "users", "workers"]


OF_THE_PAST: dict[str, Callable[..., Any]] = {"decompose": decompose, "validate": validate}


@pytest.mark.parametrize("question", OF_THE_PAST)
def test_a_scenario_that_starts_after_what_is_asked_is_refused_before_a_run(question, tmp_path):
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
            without([Cause("mine", "mine", "mine", {}, copies)])


# Everything, broken in one place

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


def places(table, above=()):
    """Every key of a table and of those in it."""
    for key, value in table.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from places(value, (*above, key))
        if isinstance(value, list):
            yield from (
                (*above, key, at, inner) for at, each in enumerate(value) if isinstance(each, dict) for inner in each
            )


def broken(doc, place, value):
    doc = deepcopy(doc)
    table = doc
    for key in place[:-1]:
        table = table[key]
    table[place[-1]] = value
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
    for place in places(doc):
        if file is REFERENCE and len(place) > 1 and place[0] != "event" and place[1] not in ONE_OF_EACH:
            continue
        for value in ODD:
            said = refusal(broken(doc, place, value))
            assert not any(words in said for words in OF_PYDANTIC), said

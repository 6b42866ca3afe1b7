"""Any study, calibration or table of points is accepted, or refused in sentences with the place."""

import datetime
from dataclasses import replace
from typing import Any

import pytest

from tests.tools.unmade_sweeps import pretended
from watersellers import BadInput, Sweep
from watersellers.experiments.__main__ import main
from watersellers.experiments.sweeps.measures import (
    ECONOMY_WIDE,
    FIRM_PREFIX,
    MONTHLY,
    OVER_WINDOWS,
    measure_run,
)
from watersellers.experiments.sweeps.study_reader import make_plan

LOCK, SEATS, TASTE = "chips.nvidia.lock_in", "apps.seat_elasticity", "users.taste"
SMALL = Sweep("plain", {LOCK: [0, 1]}, months=1, users=10, replications=2)
NAN, INF = float("nan"), float("inf")
KEYS = ("scenario", "parameters", "design", "months", "users", "seed", "replications", "measures", "time_limit", "set")
VALUES: dict[str, Any] = {
    "true": True,
    "a huge number": 10**299,
    "a number that no computer holds": 10**400,
    "nan": NAN,
    "inf": INF,
    "1e300": 1e300,
    "no text": "",
    "a control character": "a\x1b[2Jb",
    "a list in a list": [[]],
    "a list of nan": [NAN],
    "a table in a list": [{}],
    "a date": datetime.date(2025, 1, 1),
    "no key": {"": 1},
    "a kind that is a table": {"kind": {}},
    "a table of a pipe": {"kind": "table", "file": "/dev/zero"},
    "points of lists": {"kind": "list", "points": [[]]},
    "a key of control characters": {"a\x1b[2J\n": [1]},
}
RANGES: dict[str, Any] = {
    "no values": [],
    "values of lists": [[]],
    "nan": [NAN],
    "inf": [0, INF],
    "a huge value": [10**400],
    "a truth": [True, False],
    "a date": datetime.date(2025, 1, 1),
    "a text": "wide",
    "low of nan": {"low": NAN},
    "low of -inf": {"low": -INF, "high": INF},
    "a huge low": {"low": 10**400},
    "low as text": {"low": "0"},
    "no levels": {"levels": 1},
    "too many levels": {"levels": 1001},
    "a scale that is none": {"scale": "cubic"},
    "values and ends": {"values": [1], "low": 0},
    "no cases": {"cases": {}},
    "a case without a name": {"cases": {"": {}}},
    "a case of control characters": {"cases": {"\x1b[2J": {}}},
    "a case that is no table": {"cases": {"a": 3}},
    "a case of an unknown path": {"cases": {"a": {"chips.lok_in": 1}}},
}


def refused(doc: dict[str, Any]) -> list[str]:
    with pytest.raises(BadInput) as refusal:
        make_plan({"months": 1, "users": 10} | doc, "study.toml")
    assert all(problem.startswith("study.toml, ") and problem.isprintable() for problem in refusal.value.problems)
    return refusal.value.problems


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_value_of_the_wrong_kind_at_any_key_is_refused_by_its_place(key, value):
    if key == "scenario":
        assert refused({key: value})
    else:
        assert all(key in problem for problem in refused({key: value}))


@pytest.mark.parametrize("slip", ["operating_proft:chips", "last12.final_spnding:all", "firms.cahs:nvidia"])
def test_a_slip_in_a_measure_with_its_layer_is_no_module(slip):
    assert "Did you mean" in refused({"measures": [slip]})[0]


@pytest.mark.parametrize("span", RANGES.values(), ids=RANGES)
def test_an_impossible_range_is_refused_by_its_parameter(span):
    assert all(f"parameters.{LOCK}" in problem for problem in refused({"parameters": {LOCK: span}}))


@pytest.mark.parametrize("name", ["", ".", "chips", "chips.", "chips.nvidia", "months", "run", "value", "a\x1b"])
def test_an_unknown_parameter_is_refused(name):
    assert refused(
        {"parameters": {name: {"cases": {"a": {}}}}} if name in ("run", "value") else {"parameters": {name: [1]}}
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("\n".join(f"k{number} = 1" for number in range(50_000)), "... and 49,990 more"),
        ("[parameters]\n" + "\n".join(f"k{number} = [1]" for number in range(50_000)), "found 50,000 parameters"),
        ("x = " + "[" * 3000 + "]" * 3000, "nested tables or lists"),
        ("months = " + "9" * 5000, "found a number of 5000 digits"),
        ("a." * 3000 + "b = 1", "nested tables or lists"),
        ("months = 1\nmonths = 2", "does not parse as TOML"),
        ("months = \ud800", ""),
    ],
    ids=["50,000 keys", "50,000 parameters", "3,000 brackets", "5,000 digits", "3,000 dots", "twice", "no UTF-8"],
)
def test_a_file_that_floods_or_nests_is_answered_by_a_few_sentences(text, sentence, tmp_path, capsys):
    file = tmp_path / "study.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    for command in ("sweep", "calibrate"):
        assert main([command, str(file), "--out", str(tmp_path / "s")]) == 2
        err = capsys.readouterr().err
        assert str(file) in err
        assert len(err.splitlines()) <= 11
        assert command == "calibrate" or sentence in err
    assert [each.name for each in tmp_path.iterdir()] == ["study.toml"]


# numbers without a limit


ALL: dict[str, Any] = {LOCK: {"levels": 1000}, SEATS: {"levels": 1000}, TASTE: {"levels": 1000}}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"parameters": ALL}, "design: found 1,000,000,000 points of a grid, expected at most 1,000,000"),
        (
            {"replications": 500_001},
            "found 2 points x 500,001 replications = 1,000,002 runs, expected at most 1,000,000",
        ),
        ({"replications": 10**6 + 1}, "replications: found 1000001, expected at most 1,000,000"),
        ({"design": {"kind": "latin_hypercube", "points": 10**6 + 1}}, "found 1000001, expected at most 1,000,000"),
        ({"design": {"kind": "sobol", "points": 2**20}}, "found 1048576, expected at most 1,000,000"),
        ({"design": {"kind": "saltelli", "points": 2**19}}, "found 1,572,864 points of a saltelli"),
        (
            {"design": {"kind": "saltelli", "points": 2**18, "second_order": True}},
            "found 1,048,576 points of a saltelli",
        ),
        ({"design": {"kind": "morris", "trajectories": 10**6}}, "found 2,000,000 points of a morris"),
        ({"design": {"kind": "grid", "levels": 1001}}, "levels: found 1001, expected at most 1,000"),
        ({"time_limit": 1e300}, "time_limit: found 1e+300, expected at most 31,536,000"),
        ({"seed": 2**64}, "seed: found 18446744073709551616, expected at most 18,446,744,073,709,551,615"),
    ],
)
def test_a_study_that_is_too_large_is_refused_with_the_count_before_it_is_laid_out(changes, sentence):
    assert any(sentence in each for each in refused({"parameters": {LOCK: [0, 1]}} | changes)), refused(
        {"parameters": {LOCK: [0, 1]}} | changes
    )


def test_a_large_study_is_planned_and_one_whose_text_could_not_be_read_is_not():
    plan = replace(SMALL, parameters={LOCK: {"levels": 1000}, SEATS: {"levels": 500}}).plan()
    assert len(plan) == 1_000_000
    assert plan.design[LOCK].n_unique() == 1000
    points = [{LOCK: number / 1e6, SEATS: 2.0 + number / 1e6} for number in range(150_000)]
    with pytest.raises(BadInput, match=r"its study\.toml would have 14\.\d MB, expected at most the 10 MB"):
        replace(SMALL, parameters={}, replications=1, design={"kind": "list", "points": points}).plan()


def test_the_extreme_values_of_a_parameter_decide():
    values = [number / 1000 for number in range(5000)]
    assert len(replace(SMALL, parameters={LOCK: values}).plan()) == 10_000
    with pytest.raises(BadInput, match="found 99, expected 0 to 20 logit units"):
        replace(SMALL, parameters={LOCK: [*values, 99]}).plan()


@pytest.mark.parametrize("within", ["0", "-1", "1e-300"])
def test_an_impossible_distance_is_refused(within, tmp_path, capsys):
    pretended(tmp_path / "s", SMALL, lambda each: each.point + each.replicate / 10)
    assert main(["enough", str(tmp_path / "s"), "--within", within]) == 2
    assert f"within: found {float(within):g}" in capsys.readouterr().err.replace(".0,", ",")


# tables of points


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (f"{LOCK}\n1\nnan\n", rf"points\.csv, line 3, column '{LOCK}': found 'nan', expected a finite number"),
        (f"{LOCK},{SEATS}\n\n1,2\n\n1,-inf\n", rf"line 5, column '{SEATS}': found '-inf'"),
        (f"{LOCK}\n1e999\n", "found '1e999', expected a finite number"),
        (f"{LOCK},{LOCK}\n1,2\n", f"names the column '{LOCK}' twice"),
        (f"{LOCK},\n1,2\n", "line 1: column 2 has no name"),
        (f"{LOCK}\n", "holds no point"),
        ("", "found no header"),
        (f"{LOCK}\n1,2\n", "line 2: found 2 cells, expected 1"),
        (f"{LOCK}\n99\n", "found 99.0, expected 0 to 20 logit units"),
        ("world_of\nfree\nfreee\n", "unknown case of world_of 'freee'. Did you mean 'free'"),
    ],
)
def test_a_table_of_points_is_refused_by_file_line_column_and_value(table, sentence, tmp_path):
    (tmp_path / "points.csv").write_text(table)
    cases = {"world_of": {"cases": {"free": {LOCK: 0.0}}}} if "world_of" in table else {}
    sweep = replace(SMALL, parameters=cases, design={"kind": "table", "file": "points.csv"}, beside=tmp_path)
    with pytest.raises(BadInput, match=sentence):
        sweep.plan()


def test_a_case_whose_name_looks_like_a_number_is_a_case(tmp_path):
    (tmp_path / "points.csv").write_text("world_of\n1\ntrue\n")
    cases = {"world_of": {"cases": {"1": {LOCK: 1.0}, "true": {LOCK: 2.0}}}}
    sweep = replace(SMALL, parameters=cases, design={"kind": "table", "file": "points.csv"}, beside=tmp_path)
    assert [each.settings for each in sweep.plan().runs()] == [{LOCK: 1.0}] * 2 + [{LOCK: 2.0}] * 2


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"parameters": 3}, "parameters: found 3, expected a table"),
        ({"design": []}, r"design: found \[\], expected"),
        ({"measures": "revenue"}, "measures: found 'revenue', expected a list"),
        ({"measures": [3]}, "measures.0: found 3, expected text in quotes"),
        ({"measures": 3}, "measures: found 3, expected a list"),
        ({"set": [1]}, r"set: found \[1\], expected a table"),
        ({"time_limit": "long"}, "time_limit: found 'long', expected a number"),
    ],
)
def test_a_study_in_python_is_refused_like_one_in_a_file(keys, sentence):
    with pytest.raises(BadInput, match=sentence):
        replace(SMALL, **keys).plan()


# what is said of measures is so


def test_every_measure_says_which_members_it_is_of_and_whether_it_is_monthly():
    from watersellers import run

    result = run("plain", 1, months=2, users=10)
    for name in (*MONTHLY, *(f"{window}.{each}" for window in ("calibrated", "last2") for each in OVER_WINDOWS)):
        rows = measure_run(result, [name], "r")
        assert (rows["month"].n_unique() == 1) == (name not in MONTHLY), name
        assert rows["firm"].null_count() == (0 if name.startswith(FIRM_PREFIX) else len(rows)), name
        assert rows["layer"].null_count() == (len(rows) if name.rpartition(".")[2] in ECONOMY_WIDE else 0), name

"""A text that cannot be read is refused with the line or the key, and with what was found there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from watersellers import Sweep, run
from watersellers.agents.strategies.pricing import FlatFee
from watersellers.experiments.__main__ import main
from watersellers.experiments.analysis import article_facts, targets
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.input.text_files import parse_toml, read_csv, read_json, read_text
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.sweeps.study_reader import make_plan

DEEP = "found more than 40 nested tables or lists, expected fewer"
NINES = "9" * 400


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a=1\na=2\n", "line 2: does not parse as TOML: Cannot overwrite a value (at line 2, column 4); found 'a=2'"),
        ("b = 1\na = [\n", "at its end: does not parse as TOML: Invalid value (at end of document); found 'a = ['"),
        (f"b = 1\na = {'[' * 3000}", f"line 2: {DEEP}"),
        ("a = [\n" + "[\n" * 3000, f"line 41: {DEEP}"),
        (f"[a.b]\nc = {'[' * 41}{']' * 41}", f"a.b.c: {DEEP}"),
        (f"{'a.' * 3000}a = 1", f"a.a.a.a.a.a: {DEEP}"),
        (f"[[a]]\n[[a]]\nb = {'[' * 41}{']' * 41}", f"a 2.b: {DEEP}"),
        (f"a = {{b = {NINES}}}", "a.b: found a number of 400 digits, expected at most 300"),
        (f"a = 0x{'f' * 400}", "a: found a number of 482 digits, expected at most 300"),
        (f"b = 1\na = -{'9' * 5000}", "line 2: found a number of 5000 digits, expected at most 300"),
    ],
)
def test_a_parse_error_names_the_line_and_the_text_there(text, sentence):
    with pytest.raises(BadInput) as refused:
        parse_toml(text, "study.toml")
    assert str(refused.value) == f"study.toml, {sentence}"


def test_a_long_reason_is_cut():
    key = "k" * 9000
    with pytest.raises(BadInput) as refused:
        parse_toml(f"[{key}]\n[{key}]\n[b]", "study.toml")
    assert len(str(refused.value)) < 500


def test_any_path_is_written_on_one_line(tmp_path):
    with pytest.raises(BadInput) as refused:
        read_text(tmp_path / "a\nb\x1b[31m")
    assert str(refused.value).endswith(r"a\nb\x1b[31m: there is no such file")
    with pytest.raises(BadInput) as refused:
        read_text(Path("x" * 100_000))
    assert len(str(refused.value)) < 600


# what is named twice: a later value would replace an earlier one unseen

LOCK, SHORT = "chips.nvidia.lock_in", "nvidia.lock_in"
BOTH = {SHORT: 1.0, LOCK: 0.0}


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


def table_of_points(folder: Path, head: str) -> Any:
    written(folder, "p.csv", f"{head}\n1,0\n")
    return Sweep("baseline", {}, {"kind": "table", "file": "p.csv"}, months=1, users=10, beside=folder).plan()


def with_a_row_twice(table: Path, folder: Path) -> Path:
    lines = table.read_text().splitlines()
    return written(folder, "t.csv", "\n".join([*lines, lines[1]]))


TWICE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a column of a table": (
        lambda folder: read_csv(written(folder, "t.csv", "a,b,a,a\n1,2,3,4\n")),
        "t.csv, line 1: names the column 'a' twice, in columns 1, 3 and 4; each needs its own name",
    ),
    "a column of a table of points": (
        lambda folder: table_of_points(folder, f"{LOCK},{LOCK}"),
        f"p.csv, line 1: names the column '{LOCK}' twice, in columns 1 and 2",
    ),
    "a number in a table of points": (
        lambda folder: table_of_points(folder, f"{SHORT},{LOCK}"),
        f"parameters.{LOCK}: sets {LOCK}, as {SHORT} does",
    ),
    "a published figure": (
        lambda folder: article_facts.facts(with_a_row_twice(article_facts.TABLE, folder)),
        ", as line 2 is; each has one row",
    ),
    "a target": (
        lambda folder: targets.targets(with_a_row_twice(targets.TABLE, folder)),
        ", as line 2 is; each has one row",
    ),
    "a key of JSON": (
        lambda folder: read_json(written(folder, "t.json", '{"a": [{"b": 1, "c": 2, "b": 3}]}')),
        "t.json: names the key 'b' twice; each needs its own name",
    ),
    "a setting": (
        lambda _: load_scenario("baseline", BOTH),
        f"set, {LOCK}: is the same as {SHORT}, {LOCK}; set it once",
    ),
    "a parameter of a study": (
        lambda _: make_plan({"parameters": {SHORT: [0, 1], LOCK: [1, 0]}}, "s.toml"),
        f"s.toml, parameters.{LOCK}: sets {LOCK}, as {SHORT} does",
    ),
    "a case that sets what another parameter sets": (
        lambda _: make_plan({"parameters": {"of": {"cases": {"a": {SHORT: 1}}}, LOCK: [1, 0]}}, "s.toml"),
        f"s.toml, parameters.{LOCK}: sets {LOCK}, as of does",
    ),
    "a path with and without quotes": (
        lambda _: make_plan({"parameters": {LOCK: [0], "chips": {"nvidia": {"lock_in": [1]}}}}, "s.toml"),
        f"s.toml, parameters.{LOCK}: is written twice",
    ),
    "a measure": (
        lambda _: make_plan({"measures": ["final_spending", "revenue", "final_spending"]}, "s.toml"),
        "s.toml, measures: names 'final_spending' twice",
    ),
    "a strategy": (
        lambda _: run(
            "baseline",
            months=1,
            users=10,
            strategies={"perplexity.pricing": FlatFee(), "apps.perplexity.pricing": FlatFee()},
        ),
        "strategies, apps.perplexity.pricing: is the same as perplexity.pricing",
    ),
}


@pytest.mark.parametrize(("read", "said"), TWICE.values(), ids=TWICE)
def test_what_is_named_twice_is_refused_by_its_place(read, said, tmp_path):
    with pytest.raises(BadInput) as refused:
        read(tmp_path)
    assert said in str(refused.value)


def test_a_setting_that_is_given_twice_on_the_command_line_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["run", "--set", f"{LOCK}=1", "--set", f"{LOCK}=2", "--months", "1", "--users", "10"]) == 2
    assert f"--set: found {LOCK} twice, 1 and 2; set it once" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())

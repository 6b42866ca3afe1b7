"""Measures and tables name their months, and the names that hid them are refused with the new ones."""

import re
from collections.abc import Callable
from functools import partial

import pytest

from watersellers import BadInput, Sweep, run
from watersellers.experiments.__main__ import main
from watersellers.experiments.analysis.windows import (
    CALIBRATED_YEAR,
    DatedMeasure,
    Window,
    headline_window,
    split_window,
)
from watersellers.experiments.sweeps.analysis.selected_measure import SelectedMeasure
from watersellers.experiments.sweeps.measures import MONTHLY, OVER_WINDOWS, find_measure, on_menu

# names


@pytest.mark.parametrize(
    "name", ["", "calibrate", "last", "last0", "last012", "last601", "last-1", "226", "20260", "٢٠٢٦"]
)
def test_what_is_no_window_is_not_read_as_one(name):
    assert Window.read(name) is None
    assert split_window(f"{name}.upstream_share") == (None, f"{name}.upstream_share")
    with pytest.raises(BadInput, match=r"unknown (window|measure)"):
        find_measure(f"{name}.upstream_share")


def test_a_window_has_one_name_and_a_measure_one_meaning():
    assert headline_window(CALIBRATED_YEAR).name == "calibrated"
    assert not {name for name in MONTHLY if split_window(name)[0]}
    with pytest.raises(BadInput, match=r"Did you mean 'calibrated\.upstream_share'"):
        find_measure("upstream_share")
    assert str(DatedMeasure.of("calibrated.upstream_share", CALIBRATED_YEAR)).endswith("(2024-03 to 2025-02)")
    assert DatedMeasure.of("last2.upstream_share:x", CALIBRATED_YEAR).facts == {
        "measure": "last2.upstream_share:x",
        "since": "2025-01",
        "until": "2025-02",
    }


LOCK, SEATS = "chips.nvidia.lock_in", "apps.list_price"
OLD = "year.upstream_share"
NEW = "calibrated.upstream_share (2024-03 to 2025-02) or last12.upstream_share (the last twelve months of each run)"


def _plan(place: str) -> None:
    Sweep("plain", {}, months=2, users=10, measures=[OLD]).plan()


def _look(*command: str) -> Callable[[str], None]:
    def look(place: str) -> None:
        from watersellers.experiments.cli.sweep_commands import COMMANDS

        assert command[0] in {name for name, *_ in COMMANDS}
        varied = {LOCK: [0.0], SEATS: [20.0]}
        Sweep("plain", varied, months=1, users=10).run(place)
        words = [place if word == "s" else word for word in command]
        assert main(words) == 2

    return look


def _file(command: str, text: str) -> Callable[[str], None]:
    def read(place: str) -> None:
        with open(f"{place}.toml", "w") as file:
            file.write(text)
        assert main([command, f"{place}.toml", "--out", place]) == 2

    return read


PLACES = {
    "a script": _plan,
    "a study": _file("sweep", f'measures = ["{OLD}"]\nmonths = 2\nusers = 10\n'),
    "a calibration": _file(
        "calibrate",
        'months = 2\nusers = 10\n[parameters]\n"chips.nvidia.lock_in" = {low = 0, high = 5}\n'
        f'[[target]]\nmeasure = "{OLD}"\nvalue = 1\ntolerance = 1\n',
    ),
    "map": _look("map", "s", "chips.nvidia.lock_in", "apps.list_price", OLD),
    "bands": _look("bands", "s", "--measure", OLD),
    "enough": _look("enough", "s", "--measure", OLD),
    "sensitivity": _look("sensitivity", "s", "--measure", OLD),
}


@pytest.mark.parametrize("name_it", PLACES.values(), ids=PLACES)
def test_the_name_that_hid_its_months_is_refused_with_the_new_ones(name_it, tmp_path, capsys):
    try:
        name_it(str(tmp_path / "s"))
        said = capsys.readouterr().err
    except BadInput as refusal:
        said = str(refusal)
    assert f"unknown measure '{OLD}'" in said
    assert NEW in said


@pytest.mark.parametrize(
    ("rest", "near"),
    [
        ("revenue", ["revenue", "firms.revenue", "calibrated.revenue_over_final_spending"]),
        ("operating_margin", ["operating_margin"]),
        ("firms.price", ["firms.price"]),
        ("upstream_shares", ["calibrated.upstream_share"]),
        ("operating_profits", ["operating_profit"]),
        ("", []),
        ("nonsense", []),
    ],
)
@pytest.mark.parametrize("read", [find_measure, SelectedMeasure.read], ids=["a study", "an analysis"])
def test_a_name_over_a_year_that_never_was_is_answered_with_names_that_exist(read, rest, near):
    with pytest.raises(BadInput, match=r"unknown measure 'year\.") as refused:
        read(f"year.{rest}")
    said = str(refused.value)
    named = {word.strip(",;:'()") for word in said.split()} - {f"year.{rest}"}
    assert set(near) <= named, said
    assert not {word for word in named if "." in word and on_menu(word) is None}, said
    assert "months depended" not in said


@pytest.mark.parametrize("name", OVER_WINDOWS)
def test_each_name_over_a_year_that_was_is_answered_with_its_new_names(name):
    with pytest.raises(BadInput, match=rf"name them: calibrated\.{name} \(.*\) or last12\.{name} \("):
        find_measure(f"year.{name}")


def test_a_story_that_names_it_is_told_that_its_own_months_are_read():
    from watersellers.experiments.input.text_files import read_toml
    from watersellers.experiments.stories.story import FOLDER, make_story

    doc = read_toml(FOLDER / "funding_winter.toml")
    doc["tests"][0]["measure"] = "year.operating_profit"
    with pytest.raises(BadInput, match=r"tests\.1, measure: found 'year\.operating_profit', .* from since to until"):
        make_story("funding_winter", doc, "stories/funding_winter.toml")


@pytest.mark.parametrize(
    "command",
    [("enough", "s", "--measure"), ("sensitivity", "s", "--measure"), ("map", "s", LOCK, SEATS)],
    ids=" ".join,
)
def test_a_monthly_measure_needs_its_month_where_one_number_is_taken_of_a_run(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    varied = {LOCK: [0.0], SEATS: [20.0]}
    Sweep("plain", varied, months=2, users=10, measures=["revenue"], replications=2).run("s")
    assert main([*command, "revenue:chips"]) == 2
    assert "revenue is monthly; name the month, as in revenue:chips@2023-02" in capsys.readouterr().err
    main([*command, "revenue:chips@2023-01"])
    assert "monthly" not in capsys.readouterr().err


# titles


SMALL = ("--users", "10", "--seeds", "1", "--workers", "1")
TITLES: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "run": (
        ("run", "--months", "3", "--users", "10", "--out", "r"),
        [r"the last 3 months, in US dollars \(2023-01 to 2023-03\)"],
    ),
    "trace": (
        ("trace", "r"),
        [
            "origin of the money: followed pro rata, 2023-01 to 2023-03",
            "end: followed pro rata, 2023-01",
            "layer +2023-01 to",
        ],
    ),
    "compare": (
        ("compare", "plain", "free.toml", "--months", "3", *SMALL),
        [
            r"over 3 months, 1 seeds, means over seeds in US dollars \(2023-01 to 2023-03\)",
            r"most, .* \(2023-01 to 2023-03\)",
        ],
    ),
    "decompose": (("decompose", "--months", "2", *SMALL), [r"profit of the last 2 months \(2023-01 to 2023-02\)"]),
    "plan": (("sweep", "study.toml", "--plan"), [r"last2\.upstream_share \(2023-01 to 2023-02\)"]),
}


@pytest.mark.parametrize("name", TITLES)
def test_each_table_says_which_months_its_figures_are_of(name, tmp_path, monkeypatch, capsys):
    from watersellers.experiments.analysis.decomposition import causes, decompose

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(decompose, "load_causes", partial(lambda listed: listed[:1], causes.load_causes()))
    (tmp_path / "study.toml").write_text('months = 2\nusers = 10\nmeasures = ["last2.upstream_share"]\n')
    (tmp_path / "free.toml").write_text('# What if?\nextends = "plain"\n[chips.nvidia]\nlock_in = 0\n')
    if name == "trace":
        run("plain", 1, months=3, users=10).save("r")
    command, patterns = TITLES[name]
    assert main(list(command)) == 0
    said = capsys.readouterr().out
    for pattern in patterns:
        assert re.search(pattern, said), pattern


def test_every_story_reads_months_that_its_tables_name():
    from watersellers.experiments.stories.story import load_story, story_names

    assert story_names()
    for name in story_names():
        for test in load_story(name).tests:
            assert {(each.since, each.until) for each in test.figures} == {(test.period.first, test.period.last)}

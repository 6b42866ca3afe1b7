"""The steps from a world to one that extends it: each is the world it says, and together they are the difference."""

import json
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from watersellers import BadInput, load_scenario, run
from watersellers.experiments.__main__ import main
from watersellers.experiments.analysis.comparison.steps import compare_steps, laid, worlds_between
from watersellers.experiments.analysis.comparison.two_worlds import MEASURES, compare
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.market.goods import CHAIN

SYSTEMS = ["scarce_chips", "rival_chips", "model_generations", "contracted_clouds", "price_war", "finite_venture"]
SMALL: dict[str, Any] = {"seeds": 2, "months": 6, "users": 50, "workers": 1}
COMMAND = ["--steps", "--seeds", "2", "--months", "6", "--users", "50", "--workers", "1"]
EMPTY = '# What if nothing changed?\nextends = "plain"\n'
DEAR = '# What if power cost nine times as much?\nextends = "plain"\n[cloud]\npower_cost = 0.9\n'
BOTH = '# What if both?\nextends = ["empty.toml", "dear.toml"]\n'


@pytest.fixture
def both(tmp_path):
    """A scenario that extends two files, of which one changes nothing."""
    for name, text in (("empty", EMPTY), ("dear", DEAR), ("both", BOTH)):
        (tmp_path / f"{name}.toml").write_text(text)
    return tmp_path / "both.toml"


# which worlds


def test_the_steps_are_the_files_that_the_first_world_does_not_have_in_their_order(stepped):
    assert stepped.names == ("plain", "all_systems")
    assert stepped.scenarios == [*SYSTEMS, "all_systems"]
    assert stepped.path["step"].to_list() == [1, 2, 3, 4, 5, 6, 7]
    assert stepped.path["question"][0] == load_scenario("scarce_chips").question


def test_every_world_on_the_way_is_that_of_its_files():
    """Each is its scenario file itself where that extends all before it; the last is the second whichever way."""
    way = {step.scenario: step.world for step in worlds_between("plain", "adoption_probit")}
    for name in ("plain", "scarce_chips", "all_systems", "whole", "baseline", "adoption_probit"):
        assert way[name] == load_scenario(name), name
    catalogue = builtin_catalogue()
    files = catalogue.chain(catalogue.read("baseline"))
    assert load_scenario(laid(files[-1], files, catalogue)) == load_scenario("baseline")
    war = load_scenario({"extends": ["plain", *SYSTEMS[:5]]})
    assert replace(way["price_war"], scenario="", question="") == replace(war, scenario="", question="")
    assert way["price_war"] != load_scenario("price_war")  # which has none of the others


def test_a_first_world_of_the_middle_keeps_what_it_has_and_gets_the_rest_in_their_order():
    way = worlds_between("model_generations", "all_systems")
    assert [step.scenario for step in way][:3] == ["model_generations", "scarce_chips", "rival_chips"]
    assert way[0].world == load_scenario("model_generations")
    three = load_scenario({"extends": ["plain", "scarce_chips", "model_generations"]})
    assert replace(way[1].world, scenario="", question="") == replace(three, scenario="", question="")
    assert way[-1].world == load_scenario("all_systems")


def test_a_file_that_is_laid_under_what_is_there_leaves_the_values_of_that(tmp_path):
    """Of two files that set one number the later one wins, whichever of them is put in first."""
    for name, cost in (("low", 0.5), ("high", 0.9)):
        (tmp_path / f"{name}.toml").write_text(f'# What if?\nextends = "plain"\n[cloud]\npower_cost = {cost}\n')
    (tmp_path / "both.toml").write_text('# What if both?\nextends = ["low.toml", "high.toml"]\n')
    high, low_added, _ = worlds_between(tmp_path / "high.toml", tmp_path / "both.toml")
    assert low_added.scenario == "low"
    assert low_added.world.groups == high.world.groups
    under = worlds_between("plain", tmp_path / "both.toml")
    assert under[1].world.groups != under[2].world.groups == high.world.groups


def test_a_step_says_how_much_its_file_sets():
    whole, fitted = worlds_between("plain", "baseline")[-2:]
    assert (fitted.events, whole.events > 0) == (0, True)
    assert fitted.values > 100


def test_a_mapping_is_the_last_step():
    way = worlds_between("plain", {"name": "mine", "extends": "scarce_chips", "cloud": {"power_cost": 0.9}})
    assert [(step.scenario, step.values) for step in way[1:]] == [("scarce_chips", 8), ("mine", 1)]


@pytest.mark.parametrize("written", [str, lambda path: path, lambda path: path.name])
def test_a_scenario_is_given_by_its_path_and_extends_by_paths(both, monkeypatch, written):
    monkeypatch.chdir(both.parent)
    way = worlds_between("plain", written(both))
    assert [step.scenario for step in way] == ["plain", "empty", "dear", "both"]
    assert [step.scenario for step in worlds_between(written(both.with_name("dear.toml")), both)][1:] == [
        "empty",
        "both",
    ]


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (
            "model_generations",
            "rival_chips",
            "steps: found model_generations as the first world, expected one that rival_chips extends, directly or not:"
            " plain, scarce_chips",
        ),
        ("baseline", "baseline", "steps: found baseline as the first world, expected one that baseline extends"),
        ("baseline", "plain", "steps: baseline extends plain, and not the other way round; exchange the two"),
        ("price_war", "plain", "steps: price_war extends plain, and not the other way round; exchange the two"),
        ("plain", "plain", "steps: plain extends no scenario, so that no steps lead to it"),
        ("plain", "basline", "unknown scenario 'basline'. Did you mean 'baseline'?"),
        ({"extends": "plain"}, "baseline", "steps: found scripted as the first world, expected one that"),
        (load_scenario("plain"), "baseline", "a loaded scenario has forgotten what it extends"),
    ],
)
def test_a_way_that_is_none_is_refused(first, second, sentence):
    with pytest.raises(BadInput) as refused:
        compare_steps(first, second, **SMALL)
    assert sentence in str(refused.value)


# what they change


def test_the_steps_add_up_to_the_whole_difference_to_the_cent(stepped):
    whole = compare("plain", "all_systems", seeds=2, months=12, users=60, workers=1)
    assert stepped.layers.equals(whole.layers)
    for measure in MEASURES:
        for layer in CHAIN:
            steps, ends = stepped.of(measure, layer), stepped.whole(measure, layer)
            assert len(steps) == len(SYSTEMS) + 1
            assert sum(row["difference"] for row in steps) == pytest.approx(ends["difference"], rel=0, abs=0.5)
            levels = [ends["before"], *(row["after"] for row in steps)]
            assert [row["before"] for row in steps] == levels[:-1]
            assert levels[-1] == ends["after"]


def test_a_step_holds_zero_where_its_band_does(stepped):
    rows = stepped.steps.to_dicts()
    assert [row["holds_zero"] for row in rows] == [row["low"] <= 0 <= row["high"] for row in rows]
    assert {row["low"] < 0 < row["high"] for row in rows} == {True, False}


def test_a_step_in_the_middle_is_the_difference_of_two_runs_of_each_seed(stepped):
    extended = [["plain", *SYSTEMS[:number]] for number in (2, 3)]
    before, after = (
        [run({"extends": names}, seed, months=12, users=60).layers.filter(layer="cloud") for seed in (1, 2)]
        for names in extended
    )
    for measure in MEASURES:
        sums = [[int(each[measure].sum()) for each in side] for side in (before, after)]
        by_hand = [b - a for a, b in zip(*sums, strict=True)]
        row = stepped.of(measure, "cloud")[2]
        assert (row["step"], row["before"], row["after"]) == (3, sum(sums[0]) / 2, sum(sums[1]) / 2)
        assert (row["low"], row["high"]) == (min(by_hand), max(by_hand))
        assert row["difference"] == sum(by_hand) / 2
        assert row["holds_zero"] == (min(by_hand) <= 0 <= max(by_hand))


def test_a_file_that_changes_nothing_is_a_step_of_nothing_and_one_file_is_what_it_is_alone(both):
    found = compare_steps("plain", both, **SMALL)
    alone = compare("plain", both.with_name("dear.toml"), **SMALL)
    assert found.scenarios == ["empty", "dear", "both"]
    columns = ["difference", "low", "high"]
    for step in (1, 3):
        still = found.steps.filter(step=step)
        assert still.select(pl.col(columns).abs().max()).row(0) == (0, 0, 0)
        assert still["holds_zero"].all()
    assert found.steps.filter(step=2).select(columns).equals(alone.layers.select(columns))
    assert found.of("operating_profit", "cloud")[1]["difference"] < 0


def test_processes_move_no_figure():
    once, again = (compare_steps("plain", "rival_chips", **SMALL | {"workers": workers}) for workers in (1, 2))
    assert once.steps.equals(again.steps)


def test_every_world_is_lived_once_per_seed():
    told: list[tuple[int, int]] = []
    compare_steps("plain", "rival_chips", **SMALL, progress=lambda done, of: told.append((done, of)))
    assert told == [(number, 6) for number in range(1, 7)]


@pytest.mark.parametrize(("seeds", "odds"), [(1, 1), (2, 2), (3, 4), (7, 64), (8, None), (20, None)])
def test_few_seeds_fall_on_one_side_by_luck(stepped, seeds, odds):
    assert replace(stepped, seeds=seeds).one_in == odds


# the command


def test_the_command_prints_a_row_for_each_step_and_says_the_same_for_machines(both, capsys):
    assert main(["compare", "plain", str(both), *COMMAND]) == 0
    out = capsys.readouterr().out
    begins = [line.split("  ")[0].strip() for line in out.splitlines() if line.startswith(" ")]
    assert [each for each in begins if each in ("plain", "+ empty", "+ dear", "+ both", "all steps", "both")] == [
        *("plain", "+ empty", "+ dear", "+ both", "all steps", "both"),
    ]
    assert "from plain to both: operating profit over 6 months, 2 seeds, means over seeds in US dollars" in out
    assert "in another order it may do something else" in out
    assert main(["compare", "plain", str(both), *COMMAND, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [row["scenario"] for row in printed["path"]] == ["empty", "dear", "both"]
    assert (printed["first"], printed["second"], printed["users"], printed["band"]) == ("plain", "both", 50, "all")
    assert len(printed["steps"]) == 3 * len(CHAIN) * len(MEASURES)
    assert len(printed["layers"]) == len(CHAIN) * len(MEASURES)


def test_only_a_difference_within_chance_bears_the_mark(stepped, capsys):
    from watersellers.experiments.analysis.comparison.steps import MARK
    from watersellers.experiments.cli.money_tables import _step

    row = stepped.of("revenue", "chips")[0] | {"difference": 100.0}
    assert _step(row | {"holds_zero": True}).endswith(MARK)
    assert MARK not in _step(row | {"holds_zero": False})
    assert MARK not in _step(row | {"holds_zero": True, "difference": 0.0})


def test_a_page_without_steps_is_refused(here, capsys):
    assert main(["compare", "plain", "baseline", "--page", "steps.html"]) == 2
    assert "page: found steps.html without steps, expected both; add --steps" in capsys.readouterr().err
    assert list(here.iterdir()) == []

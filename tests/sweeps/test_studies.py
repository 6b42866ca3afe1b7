"""A study says what it varies and how often; all errors in it are reported before the first run."""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from tests.tools.unmade_sweeps import pretended
from watersellers import BadInput, Sweep, run
from watersellers.experiments.sweeps.study.plan import model_version, replicate_seed
from watersellers.experiments.sweeps.study_reader import read_plan
from watersellers.experiments.sweeps.workers.one_run import RunMaker

LOCK, SEATS = "chips.nvidia.lock_in", "apps.seat_elasticity"
SMALL = Sweep("plain", {LOCK: (0, 5), SEATS: (1.5, 3)}, months=1, users=10)


def design(kind: str, parameters=None, **size) -> pl.DataFrame:
    return replace(SMALL, parameters=parameters or SMALL.parameters, design={"kind": kind, **size}).plan().design


def refused(**changes) -> list[str]:
    with pytest.raises(BadInput) as refusal:
        replace(SMALL, **changes).plan()
    return refusal.value.problems


# what is wrong with it


def test_all_errors_in_a_study_are_reported_at_once_with_place_and_suggestion(tmp_path):
    file = tmp_path / "study.toml"
    file.write_text('mnths = 3\nusers = "many"\n[design]\nkind = "saltely"\n[parameters]\nchips.lock_in = {hihg = 3}\n')
    with pytest.raises(BadInput) as refusal:
        Sweep.read(file)
    assert refusal.value.problems == [
        f"{file}, parameters.chips.lock_in.hihg: unknown key 'hihg'. Did you mean 'high'?",
        f"{file}, design: unknown kind of design 'saltely'. Did you mean 'saltelli'?",
        f"{file}, users: found 'many', expected a whole number",
        f"{file}, mnths: unknown key 'mnths'. Did you mean 'months'?",
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"parameters": {"chips.lok_in": None}},
            "parameters.chips.lok_in: unknown key 'lok_in'. Did you mean 'lock_in'?",
        ),
        ({"parameters": {LOCK: [0, 99]}}, "found 99, expected 0 to 20 logit units"),
        ({"parameters": {LOCK: (5, 1)}}, "found low = 5 and high = 1, expected low below high"),
        ({"parameters": {LOCK: {"low": 0, "high": 1, "scale": "log"}}}, "low = 0 on a log scale, expected more than 0"),
        ({"parameters": {"cloud.pricing": None}}, "is a choice of strategy and has no range; write values = "),
        ({"parameters": {"cloud.pricing": ["cost_plsu"]}}, "unknown strategy 'cost_plsu'. Did you mean 'cost_plus'?"),
        ({"parameters": {LOCK: {"cases": {"a": {"chips.lok_in": 1}}}}}, "Did you mean 'lock_in'?"),
        ({"parameters": {"seed": [1, 2]}}, "is the name of a column that every table has"),
        ({"measures": ["profit_over_final_spendng"]}, "Did you mean 'profit_over_final_spending'?"),
        ({"measures": ["__main__:mine"]}, "is in the script itself, where other processes can't find it"),
        (
            {"measures": ["tests.tools.misbehaving_measures:nothing"]},
            "has no attribute 'nothing'; expected module:function",
        ),
        ({"scenario": "basline"}, "unknown scenario 'basline'. Did you mean 'baseline'?"),
        ({"replications": 0}, "replications: found 0, expected at least 1"),
        ({"months": 0}, "months: found 0, expected at least 1"),
        ({"users": 3}, "users: found 3, expected a whole number from 10 to"),
        ({"design": {"kind": "sobol", "points": 100}}, "found 100, expected a power of 2, as 64 or 128"),
        ({"design": {"kind": "morris", "levels": 3}}, "design.levels: found 3, expected a multiple of 2"),
        ({"design": {"kind": "list"}}, "design.points: is missing; a table of this kind needs it"),
        ({"parameters": {}, "design": "sobol"}, "parameters: there is none"),
        ({"parameters": {LOCK: [1, "much"]}}, "found 'much', expected a number"),
    ],
)
def test_a_study_that_can_not_be_carried_out_is_refused(changes, sentence):
    assert any(sentence in each for each in refused(**changes)), refused(**changes)


def test_a_list_that_lacks_a_parameter_of_the_study_is_refused():
    points = {"kind": "list", "points": [{LOCK: 1.0}]}
    assert "unknown column of the points 'apps.seat_elasticity'" in refused(design=points)[0]


# what it varies


def test_a_range_that_is_left_out_is_that_of_the_parameter_table():
    assert replace(SMALL, parameters={LOCK: None}).plan().axes[0].as_table() == {"low": 0.0, "high": 20.0}


def test_a_path_may_be_written_in_quotes_or_without(tmp_path):
    (tmp_path / "a.toml").write_text("users = 10\nmonths = 1\n[parameters]\nchips.nvidia.lock_in = [0, 1]\n")
    (tmp_path / "b.toml").write_text(
        'users = 10\nmonths = 1\n[parameters]\n"chips.nvidia.lock_in" = {values = [0, 1]}\n'
    )
    one, other = (Sweep.read(tmp_path / name).plan() for name in ("a.toml", "b.toml"))
    assert [each.run for each in one.runs()] == [each.run for each in other.runs()]


def test_a_grid_combines_all_values_and_one_at_a_time_moves_one():
    assert len(design("grid", levels=3)) == 9
    rows = design("one_at_a_time", levels=3).drop("point")
    assert rows.row(0) == (None, None)
    assert [sum(value is not None for value in row) for row in rows.iter_rows()] == [0, *[1] * 6]


def test_a_table_of_points_is_read_and_an_empty_cell_leaves_the_scenario_as_it_is(tmp_path):
    (tmp_path / "points.csv").write_text(f"{LOCK},cloud.pricing\n1,cost_plus\n,follow_use\n")
    sweep = replace(SMALL, parameters={}, design={"kind": "table", "file": "points.csv"}, beside=tmp_path)
    assert [each.settings for each in sweep.plan().runs()] == [
        {LOCK: 1.0, "cloud.pricing": "cost_plus"},
        {"cloud.pricing": "follow_use"},
    ]


def test_a_latin_hypercube_has_one_point_in_each_slice_of_each_range():
    rows = design("latin_hypercube", points=20)
    for name, (low, high) in {LOCK: (0.0, 5.0), SEATS: (1.5, 3.0)}.items():
        slices = ((rows[name].to_numpy() - low) / (high - low) * 20).astype(int)
        assert sorted(slices) == list(range(20))


def test_twice_as_many_points_of_a_sobol_sequence_keep_the_first_half():
    assert design("sobol", points=16).head(8).equals(design("sobol", points=8))


def test_saltelli_and_morris_have_as_many_points_as_their_methods_need():
    assert len(design("saltelli", points=8)) == 8 * (2 + 2)
    assert len(design("saltelli", points=8, second_order=True)) == 8 * (2 * 2 + 2)
    rows = design("morris", trajectories=5).drop("point").to_numpy()
    assert len(rows) == 5 * (2 + 1)
    steps = [after != before for start in range(0, 15, 3) for before, after in pairwise(rows[start : start + 3])]
    assert np.sum(steps, axis=1).tolist() == [1] * 10


def test_a_design_drawn_with_another_seed_is_another():
    assert not design("sobol", points=8).equals(
        replace(SMALL, design={"kind": "sobol", "points": 8}, seed=2).plan().design
    )


def test_cases_are_several_settings_under_one_name():
    cases = {"cases": {"free": {LOCK: 0.0, SEATS: 1.5}, "as it is": {}}}
    plan = replace(SMALL, parameters={"world_of": cases}).plan()
    assert [each.settings for each in plan.runs()] == [{LOCK: 0.0, SEATS: 1.5}, {}]
    assert plan.design["world_of"].to_list() == ["free", "as it is"]


# seeds and names of runs


def test_seeds_are_those_of_the_replicates_at_every_point_and_fit_into_a_double():
    runs = list(replace(SMALL, design={"kind": "grid", "levels": 2}, replications=3).plan().runs())
    assert {each.replicate: each.seed for each in runs} == {number: replicate_seed(1, number) for number in (1, 2, 3)}
    assert len({(each.replicate, each.seed) for each in runs}) == 3
    assert all(int(float(each.seed)) == each.seed < 10**15 for each in runs)


def test_more_points_and_more_replicates_change_no_run_that_was_made():
    few = replace(SMALL, parameters={LOCK: [0, 1]}, replications=2)
    more = replace(few, parameters={LOCK: [3, 1, 0]}, replications=5)
    assert {each.run for each in few.plan().runs()} < {each.run for each in more.plan().runs()}


@pytest.mark.parametrize(
    "other", [{"seed": 2}, {"users": 11}, {"months": 2}, {"set": {SEATS: 1.6}}, {"parameters": {LOCK: [1.5]}}]
)
def test_everything_that_decides_the_outcome_is_in_the_name_of_a_run(other):
    one = replace(SMALL, parameters={LOCK: [1]})
    assert {each.run for each in one.plan().runs()}.isdisjoint(each.run for each in replace(one, **other).plan().runs())


def test_the_study_in_a_folder_is_the_same_study_and_runs_by_itself(tmp_path):
    sweep = replace(SMALL, design={"kind": "latin_hypercube", "points": 3}, set={"world.patience": 4}, replications=2)
    swept = pretended(tmp_path / "sweep", sweep, lambda each: 1.0)
    again = Sweep.read(tmp_path / "sweep/study.toml").plan()
    ids = [each.run for each in swept.plan.runs()]
    assert ids == [each.run for each in read_plan(tmp_path / "sweep").runs()] == [each.run for each in again.runs()]
    provenance = json.loads((tmp_path / "sweep/provenance.json").read_text())
    assert (provenance["model"], provenance["scenario"], provenance["runs"]) == (model_version(), "plain", 6)


def test_a_run_of_a_sweep_is_the_run_that_its_seed_makes_by_itself(tmp_path):
    swept = pretended(tmp_path / "sweep", replace(SMALL, parameters={LOCK: [1]}), lambda each: 1.0)
    (planned,) = swept.plan.runs()
    made = RunMaker.of(tmp_path / "sweep", model_version()).make(planned.request())
    alone = run("plain", planned.seed, months=1, users=10, set={LOCK: 1})
    assert made.outcome.digest == alone.manifest["digest"]
    scenario = tmp_path / "sweep/scenario.toml"
    assert swept.command(planned.run) == (
        f"watersellers run {scenario} --seed {planned.seed} --months 1 --users 10 --set {LOCK}=1.0"
    )
    from_folder = run(scenario, planned.seed, months=1, users=10, set={LOCK: 1})
    assert from_folder.manifest["digest"] == made.outcome.digest


def test_another_version_of_the_model_makes_no_run_of_a_sweep(tmp_path):
    pretended(tmp_path / "sweep", replace(SMALL, parameters={LOCK: [1]}), lambda each: 1.0)
    with pytest.raises(BadInput, match=r"version: found .* here, expected 0.0.0, with which the sweep began"):
        RunMaker.of(tmp_path / "sweep", "0.0.0")

"""Analyses of sweeps: on functions whose answer is known, and refused where there can be no answer."""

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.tools.unmade_sweeps import LAYERS, pretended
from watersellers import BadInput, Sweep
from watersellers.experiments.sweeps.analysis.bands import bands, convergence, convergence_of, quantiles_by
from watersellers.experiments.sweeps.analysis.pawn import pawn
from watersellers.experiments.sweeps.analysis.phases import phase_map, phases
from watersellers.experiments.sweeps.analysis.selected_measure import SelectedMeasure
from watersellers.experiments.sweeps.analysis.sensitivity import rbd_fast, sensitivity, sobol
from watersellers.experiments.sweeps.study.axes import Axis
from watersellers.experiments.sweeps.study.samples import design_generator, unit_cube

LOCK, SEATS = "chips.nvidia.lock_in", "apps.seat_elasticity"
SMALL = Sweep("plain", {LOCK: (0, 5), SEATS: (1.5, 3)}, months=1, users=10)
SALTELLI = replace(SMALL, design={"kind": "saltelli", "points": 64})


def linear(each) -> float:
    """A measure of which the first parameter explains four times as much as the second."""
    return 2 * each.settings[LOCK] / 5 + (each.settings[SEATS] - 1.5) / 1.5


# what matters


def ishigami(points: np.ndarray) -> np.ndarray:
    """The function of Ishigami and Homma (1990), whose Sobol' indices are known."""
    x = (2 * points - 1) * math.pi
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_indices_of_ishigamis_function_are_the_known_ones():
    from SALib.sample.sobol import sample

    names = ["a", "b", "c"]
    points = sample(unit_cube(names), 2048, calc_second_order=True, seed=design_generator(1))
    found = sobol(pl.DataFrame({"value": ishigami(points)}), names, {"second_order": True})
    alone = found.filter(pl.col("pair").is_null())
    assert alone["first"].to_list() == pytest.approx([0.314, 0.442, 0.0], abs=0.02)
    assert alone["total"].to_list() == pytest.approx([0.558, 0.442, 0.244], abs=0.02)
    pair = found.filter(parameter="a", pair="c").row(0, named=True)
    assert pair["first"] == pytest.approx(0.244, abs=0.03)


def test_elementary_effects_of_a_linear_function_are_its_slopes_and_do_not_scatter(tmp_path):
    swept = pretended(tmp_path / "s", replace(SMALL, design={"kind": "morris", "trajectories": 6}), linear)
    rows = {row["parameter"]: row for row in sensitivity(swept, "calibrated.upstream_share").iter_rows(named=True)}
    assert rows[LOCK]["size"] == rows[LOCK]["effect"] == pytest.approx(2)
    assert rows[SEATS]["size"] == pytest.approx(1)
    assert rows[LOCK]["spread"] == pytest.approx(0, abs=1e-9)


def test_methods_that_take_any_points_rank_the_parameters(tmp_path):
    points = design_generator(1).random((500, 2))
    table = pl.DataFrame({"a": points[:, 0], "b": points[:, 1], "value": 5 * points[:, 0] + points[:, 1]})
    distances = dict(pawn(table, ["a", "b"], {}).select("parameter", "middle").iter_rows())
    shares = dict(rbd_fast(table, ["a", "b"], {}).select("parameter", "first").iter_rows())
    assert distances["a"] > 2 * distances["b"]
    assert shares["a"] == pytest.approx(25 / 26, abs=0.05)


def test_the_method_is_that_of_the_design_and_the_index_is_that_of_the_function(tmp_path):
    found = sensitivity(pretended(tmp_path / "s", SALTELLI, linear), "calibrated.upstream_share")
    assert found["parameter"].to_list() == [LOCK, SEATS]
    assert found["first"].to_list() == pytest.approx([0.8, 0.2], abs=0.05)
    assert (found["first_confidence"] > 0).all()


def test_a_design_that_lacks_a_point_is_refused_with_the_count_and_a_way_out_that_works(tmp_path):
    missing = {1, 77}
    swept = pretended(tmp_path / "s", SALTELLI, lambda each: None if each.point in missing else linear(each))
    with pytest.raises(BadInput) as refusal:
        sensitivity(swept, "calibrated.upstream_share")
    assert "2 of 256 points have no value (runs: 2 missing), and sobol needs all" in str(refusal.value)
    assert "--resume or --rerun-failed, or take --method pawn" in str(refusal.value)
    assert (sensitivity(swept, "calibrated.upstream_share", "pawn")["middle"] > 0).all()


def test_a_value_that_is_no_number_counts_as_a_missing_point(tmp_path):
    swept = pretended(tmp_path / "s", SALTELLI, lambda each: math.nan if each.point == 5 else linear(each))
    with pytest.raises(BadInput, match="1 of 256 points have no value"):
        sensitivity(swept, "calibrated.upstream_share")


def test_a_method_that_does_not_fit_the_design_and_a_measure_that_never_moves_are_refused(tmp_path):
    swept = pretended(tmp_path / "s", replace(SMALL, design={"kind": "latin_hypercube", "points": 12}), linear)
    with pytest.raises(BadInput, match="the design is of kind 'latin_hypercube', expected a design of kind 'saltelli'"):
        sensitivity(swept, "calibrated.upstream_share", "sobol")
    with pytest.raises(BadInput, match=r"unknown method 'sobl'\. Did you mean 'sobol'"):
        sensitivity(swept, "calibrated.upstream_share", "sobl")
    still = pretended(tmp_path / "t", replace(SMALL, design={"kind": "sobol", "points": 16}), lambda _: 1.0)
    with pytest.raises(BadInput, match="is 1 at every point, so no parameter explains any of it"):
        sensitivity(still, "calibrated.upstream_share")


def test_only_measured_quantities_can_be_analysed(tmp_path):
    of_layers = dict.fromkeys(LAYERS, 1.0)
    swept = pretended(tmp_path / "s", SMALL, lambda _: of_layers, "operating_profit")
    for look, sentence in (
        ("operating_proft", "Did you mean 'operating_profit'"),
        ("operating_profit", "is measured of several; write one, as in operating_profit:apps"),
        ("operating_profit:chip", "Did you mean 'chips'"),
        ("operating_profit:chips@2023-02", "nothing was measured in 2023-02-01"),
        ("operating_profit:chips@soon", "found the month 'soon'"),
    ):
        with pytest.raises(BadInput, match=sentence):
            sensitivity(swept, look)
    assert str(SelectedMeasure.read("operating_profit:chips@2024-12")) == "operating_profit:chips@2024-12"


# who profits where


def who(each) -> dict[str, float]:
    """Chips profit where lock-in is high, apps where it is low; nobody where seats are elastic."""
    if each.settings[SEATS] > 2.5:
        return dict.fromkeys(LAYERS, -1.0)
    return {"chips": each.settings[LOCK], "cloud": 0.5, "labs": -1.0, "apps": 2.0}


def test_a_map_says_who_profits_most_and_where_that_changes(tmp_path):
    sweep = replace(SMALL, design={"kind": "grid", "levels": 3}, replications=2)
    found = phases(pretended(tmp_path / "s", sweep, who, "calibrated.profit_over_final_spending"), LOCK, SEATS)
    cells = {(x, y): phase for x, y, phase in found.cells.select("x_value", "y_value", "phase").iter_rows()}
    assert cells == {
        **{("0", seats): "apps" for seats in ("1.5", "2.25")},
        **{(lock, seats): "chips" for lock in ("2.5", "5") for seats in ("1.5", "2.25")},
        **{(lock, "3"): "nobody" for lock in ("0", "2.5", "5")},
    }
    edges = {tuple(row[:4]): set(row[4:]) for row in found.boundary.iter_rows()}
    assert edges == {
        (1, 0, 1, 1): {"apps", "chips"},
        (1, 1, 1, 2): {"apps", "chips"},
        (0, 2, 1, 2): {"apps", "nobody"},
        (1, 2, 2, 2): {"chips", "nobody"},
        (2, 2, 3, 2): {"chips", "nobody"},
    }
    first = found.cells.filter(x=2, y=0).row(0, named=True)
    assert (first["value"], first["margin"], first["agree"], first["runs"]) == (5.0, 3.0, 1.0, 2)


def test_a_map_of_one_layer_is_divided_where_its_profit_changes_sign(tmp_path):
    swept = pretended(tmp_path / "s", replace(SMALL, design={"kind": "grid", "levels": 3}), who, "operating_profit")
    found = phases(swept, LOCK, SEATS, "operating_profit:apps")
    assert found.cells.sort("y", "x")["phase"].to_list() == [*["above 0"] * 6, *["0 or less"] * 3]


def test_runs_that_differ_from_their_cells_phase_are_counted():
    axes = (Axis("a", values=(0.0,)), Axis("b", values=(0.0,)))
    table = [
        (run, layer, value, 0.0, 0.0)
        for run, chips in (("r", 3.0), ("s", 0.5))
        for layer, value in (("chips", chips), ("apps", 1.0))
    ]
    found = phase_map(pl.DataFrame(table, schema=["run", "layer", "value", "a", "b"], orient="row"), axes, "profit")
    assert found.cells.select("phase", "value", "agree").row(0) == ("chips", 1.75, 0.5)


# bands, and how many runs are enough


def test_bands_are_quantiles_over_runs_and_may_be_grouped_by_a_parameter(tmp_path):
    sweep = replace(SMALL, parameters={LOCK: [0, 1]}, replications=5)
    swept = pretended(
        tmp_path / "s", sweep, lambda each: {"chips": 10 * each.settings[LOCK] + each.replicate}, "revenue"
    )
    (row,) = bands(swept, "revenue:chips").iter_rows(named=True)
    assert (row["median"], row["runs"]) == (8.0, 10)
    parted = bands(swept, "revenue", LOCK)
    assert parted[LOCK].to_list() == [0.0, 1.0]
    assert parted.select("lowest", "low", "median", "high", "highest").row(1) == (11.0, 12.0, 13.0, 14.0, 15.0)
    assert quantiles_by(swept, "revenue:chips", LOCK)["median"].to_list() == [3.0, 13.0]


def test_the_interval_of_a_mean_is_students_and_the_number_needed_makes_it_narrow_enough():
    rows = pl.DataFrame({"point": [1] * 4, "replicate": [1, 2, 3, 4], "value": [1.0, 2.0, 3.0, 4.0]})
    last = convergence_of(rows, 4, 0.5).row(-1, named=True)
    assert last["mean"] == 2.5
    assert last["half_width"] == pytest.approx(3.182 * math.sqrt(5 / 3) / 2, rel=1e-3)  # Student's t of 3, 0.975
    assert 26 <= last["needed"] <= 31  # 1.96^2 * (5 / 3) / 0.25 = 25.6, and a little more for Student's t


def test_one_replicate_says_nothing_of_scatter(tmp_path):
    with pytest.raises(BadInput, match=r"found 1 replicates with a value at a point \(0 of 25 runs have none\)"):
        convergence(pretended(tmp_path / "s", SMALL, linear), "calibrated.upstream_share")

"""Indices of sensitivity: what they may not depend on, and whether they say how little they rest on."""

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.tools.unmade_sweeps import pretended
from watersellers import Sweep
from watersellers.experiments.sweeps.analysis.bands import bands, convergence
from watersellers.experiments.sweeps.analysis.pawn import FEW, pawn, slices_of
from watersellers.experiments.sweeps.analysis.reliability import with_reliability
from watersellers.experiments.sweeps.analysis.remarks import (
    remarks_on_bands,
    remarks_on_convergence,
    remarks_on_sensitivity,
)
from watersellers.experiments.sweeps.analysis.sensitivity import morris, sensitivity
from watersellers.experiments.sweeps.study.samples import design_generator

LOCK, SEATS, TASTE = "chips.nvidia.lock_in", "apps.seat_elasticity", "users.taste"
LOOK = "calibrated.upstream_share"
SMALL = Sweep("plain", {LOCK: (0, 5), SEATS: (1.5, 3)}, months=1, users=10)
CHANCE = ("by_chance", "least_by_chance", "most_by_chance")
DISTANCES = ("least", "middle", "most", "slices", "fewest", *CHANCE, "needed")

tables = st.integers(1, 25).flatmap(
    lambda levels: st.lists(
        st.tuples(st.integers(0, levels - 1), st.floats(0, 1), st.integers(0, 3)), min_size=10, max_size=80
    )
)

# As many draws as points, and columns that have few and many values however often these are repeated.
drawn_once = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 999), st.integers(0, 3)),
    min_size=2 * FEW,
    max_size=80,
    unique_by=lambda row: row[1],
)


def as_table(rows) -> pl.DataFrame:
    return pl.DataFrame([list(map(float, row)) for row in rows], schema=["few", "many", "value"], orient="row")


def told(remarks) -> str:
    return " ".join(map(str, remarks))


# PAWN


ON_AN_EDGE = [(0, min(rank, 4) if rank < 6 else rank, rank % 4) for rank in range(1, 13)]  # the fourth of 12 is tied


@settings(max_examples=25)
@given(tables)
@example(ON_AN_EDGE)
def test_a_mirrored_table_has_the_same_distances(rows):
    table = as_table(rows)
    straight = pawn(table, ["few", "many"], {}).select(DISTANCES)
    for mirrored in (("few", "many"), ("value",)):
        turned = table.with_columns(-pl.col(mirrored))
        assert pawn(turned, ["few", "many"], {}).select(DISTANCES).equals(straight)


@settings(max_examples=25)
@given(tables)
def test_a_column_that_never_moves_and_the_order_of_the_rows_change_no_distance(rows):
    table = as_table(rows)
    straight = pawn(table, ["few", "many"], {})
    with_more = pawn(table.with_columns(still=pl.lit(1.0)).reverse(), ["few", "still", "many"], {})
    assert with_more.filter(pl.col("parameter") != "still").equals(straight)
    assert with_more.filter(parameter="still").select("most", "by_chance").row(0) == (0.0, 0.0)


@settings(max_examples=25)
@given(tables)
def test_points_of_one_value_are_never_parted_and_every_point_is_held(rows):
    for name, values in as_table(rows).select("few", "many").to_dict().items():
        slices = slices_of(values.to_numpy())
        by_value = pl.DataFrame({"value": values, "slice": slices}).group_by("value").agg(pl.col("slice").n_unique())
        assert (by_value["slice"] == 1).all(), name
        assert set(slices) == set(range(slices.max() + 1))


@settings(max_examples=25)
@given(drawn_once, st.integers(2, 4))
def test_points_that_are_set_again_make_no_index_surer(rows, times):
    """Each point several times over: the distances are of the same distribution, and no draw is new."""
    table = as_table(rows)
    once, again = (pawn(pl.concat([table] * each), ["few", "many"], {}) for each in (1, times))
    for name in ("few", "many"):
        one, other = (found.filter(parameter=name).row(0, named=True) for found in (once, again))
        if one["slices"] == other["slices"]:
            assert all(other[column] >= one[column] - 1e-12 for column in CHANCE), (one, other)


def test_what_saltelli_sets_again_is_one_draw():
    """Under no effect of a parameter its distances stay below what chance makes, though its values repeat."""
    rows = []
    for seed in range(40):
        rng = design_generator(seed)
        a, b = rng.random((16, 3)), rng.random((16, 3))
        mixed = [np.where(np.arange(3) == column, b, a) for column in range(3)]
        points = np.concatenate([a, *mixed, b])
        table = pl.DataFrame(points, schema=["x", "y", "z"]).with_columns(value=pl.col("y") + pl.col("z"))
        rows.append(pawn(table, ["x", "y", "z"], {}).filter(parameter="x"))
    found = pl.concat(rows)
    for index, chance in zip(("middle", "least", "most"), CHANCE, strict=True):
        assert found.filter(pl.col(index) <= pl.col(chance)).height >= 0.9 * len(found), index


@settings(max_examples=25)
@given(tables)
def test_a_row_of_distances_is_precise_if_each_of_them_is(rows):
    for row in pawn(as_table(rows), ["few", "many"], {}).iter_rows(named=True):
        pairs = zip(("middle", "least", "most"), CHANCE, strict=True)
        assert row["precise"] == all(row[error] <= max(0.1, 0.5 * row[index]) for index, error in pairs)


@pytest.mark.parametrize("case", [0, 1, 2])
def test_of_three_equal_cases_each_is_held(case):
    table = pl.DataFrame({"cases": [0.0, 1.0, 2.0] * 20}).with_columns(value=(pl.col("cases") == case).cast(pl.Float64))
    found = pawn(table, ["cases"], {}).row(0, named=True)
    assert (found["least"], found["most"]) == pytest.approx((1 / 3, 2 / 3))


@pytest.mark.parametrize("levels", range(2, 21))
def test_a_grid_of_any_number_of_levels_is_analysed(levels, tmp_path):
    sweep = replace(
        SMALL, parameters={LOCK: (0, 5), SEATS: [1.5, 2, 2.5, 2.8, 3]}, design={"kind": "grid", "levels": levels}
    )
    found = sensitivity(pretended(tmp_path / "s", sweep, lambda each: each.settings[LOCK]), LOOK)
    rows = {row["parameter"]: row for row in found.iter_rows(named=True)}
    assert (rows[LOCK]["slices"], rows[LOCK]["fewest"]) == (levels, 5)
    assert rows[SEATS]["most"] == 0
    assert rows[LOCK]["most"] == pytest.approx(1 - 1 / levels)


def test_a_parameter_without_effect_rarely_shows_more_than_chance_would():
    rng = design_generator(1)
    worlds = [pl.DataFrame(rng.random((90, 2)), schema=["still", "value"]) for _ in range(40)]
    found = pl.concat(pawn(world, ["still"], {}) for world in worlds)
    assert found.filter(pl.col("middle") <= pl.col("by_chance")).height > 0.8 * len(found)  # of many it is 0.95


# what an index rests on


def noise(each) -> float:
    """A measure that no parameter explains."""
    return float(np.random.Generator(np.random.PCG64(each.point)).random())


@pytest.mark.parametrize(
    ("design", "unit"),
    [
        ({"kind": "saltelli", "points": 8}, "8 points"),
        ({"kind": "saltelli", "points": 8, "second_order": True}, "8 points"),
        ({"kind": "morris", "trajectories": 4}, "4 trajectories"),
        ({"kind": "latin_hypercube", "points": 12}, "12 points"),
        ({"kind": "grid", "levels": 4}, "16 points"),
    ],
)
def test_an_index_of_too_few_points_says_so_and_how_many_would_do(design, unit, tmp_path):
    found = sensitivity(pretended(tmp_path / "s", replace(SMALL, design=design), noise), LOOK)
    unsure = found.filter(~pl.col("precise"))
    assert len(unsure)
    assert (unsure["needed"] > unsure["base"]).all()
    said = told(remarks_on_sensitivity(found, design["kind"] if design["kind"] == "morris" else "sobol"))
    assert f"{len(unsure)} of {len(found)} rows say next to nothing" in said
    assert f"There are {unit}; about {max(unsure['needed'].to_list())} would do." in said


def test_the_mean_of_elementary_effects_has_its_error(tmp_path):
    """Effects that change sign with the other parameter: their mean is near 0, and unsure although its size is not."""
    sweep = replace(SMALL, design={"kind": "morris", "trajectories": 8})
    turning = pretended(tmp_path / "s", sweep, lambda each: (each.settings[LOCK] - 2.5) * (each.settings[SEATS] - 2.25))
    for row in sensitivity(turning, LOOK).iter_rows(named=True):
        assert row["effect_confidence"] == pytest.approx(2.3646 * row["spread"] / 8**0.5, rel=1e-4)  # t of 7, 0.975
    straight = pretended(tmp_path / "t", sweep, lambda each: each.settings[LOCK])
    found = {row["parameter"]: row for row in sensitivity(straight, LOOK).iter_rows(named=True)}
    assert found[LOCK]["effect_confidence"] == pytest.approx(0, abs=1e-9)
    assert found[LOCK]["precise"]


def test_a_row_of_effects_is_precise_only_if_the_signed_effect_is():
    rng = design_generator(3)
    signs = np.repeat([1.0, -1.0], 4)
    rows = []
    for sign, low in zip(rng.permutation(signs), rng.choice([0.0, 1 / 3], 8), strict=True):
        rows += [(low, 0.0), (low + 2 / 3, sign)]
    table = pl.DataFrame(rows, schema=["x", "value"], orient="row")
    row = morris(table, ["x"], {"levels": 4}).row(0, named=True)
    assert row["size_confidence"] == pytest.approx(0, abs=1e-9)
    assert abs(row["effect"]) < row["effect_confidence"]
    assert not row["precise"]


def test_an_index_of_enough_points_is_precise_and_nothing_is_said(tmp_path):
    sweep = replace(SMALL, design={"kind": "saltelli", "points": 256})
    found = sensitivity(pretended(tmp_path / "s", sweep, lambda each: each.settings[LOCK] + each.settings[SEATS]), LOOK)
    assert found["precise"].all()
    assert list(remarks_on_sensitivity(found, "sobol")) == []


@pytest.mark.parametrize(
    ("index", "error", "precise", "needed"),
    [
        (0.5, 0.1, True, 8),
        (0.9, 0.4, True, 8),  # less than half of it
        (0.02, 0.05, True, 8),
        (0.02, 0.2, False, 32),
        (-0.3, 0.05, False, 72),  # no share is below 0, whatever its own error says
        (1.4, 0.1, True, 8),
        (1.6, 0.1, False, 12),
        (0.5, math.nan, False, None),
        (math.nan, 0.1, False, None),
    ],
)
def test_an_error_is_held_against_its_index(index, error, precise, needed):
    found = with_reliability(pl.DataFrame({"index": [index]}), [[(index, error)]], 8)
    assert found.select("precise", "needed", "base").row(0) == (precise, needed, 8)


def test_bands_and_means_of_few_runs_say_so(tmp_path):
    few = pretended(tmp_path / "few", replace(SMALL, parameters={LOCK: [0]}, replications=5), noise_of_replicates)
    assert "as few as 5 runs" in told(remarks_on_bands(bands(few, LOOK)))
    assert "that of 5 replicates and may be off by 35 %" in told(remarks_on_convergence(convergence(few, LOOK)))
    many = pretended(tmp_path / "many", replace(SMALL, parameters={LOCK: [0]}, replications=20), noise_of_replicates)
    assert [*remarks_on_bands(bands(many, LOOK)), *remarks_on_convergence(convergence(many, LOOK))] == []


def noise_of_replicates(each) -> float:
    return each.replicate / 10

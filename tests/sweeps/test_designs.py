"""Designs: whatever one draws passes the scenario's own check, and a point that can't be run is refused before it."""

import datetime as dt
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as draw

import watersellers as ws
from watersellers.experiments.calibration.fit import FreeNumber
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.sweeps.study.axes import Axis
from watersellers.experiments.sweeps.study.plan import Plan

ROWS = [row for row in builtin_catalogue().parameters.rows if row.low < row.high]
SHARES = draw.floats(0, 1) | draw.sampled_from([0.0, 1.0, 1 / 3, 0.1, np.nextafter(1, 0), np.nextafter(0, 1)])
DESIGNS = (
    {"kind": "grid", "levels": 2},
    {"kind": "grid", "levels": 3},
    {"kind": "one_at_a_time", "levels": 7},
    {"kind": "latin_hypercube", "points": 9},
    {"kind": "sobol", "points": 8},
    {"kind": "saltelli", "points": 4},
    {"kind": "morris", "trajectories": 3, "levels": 6},
)


@pytest.mark.parametrize("log", [False, True], ids=["linear", "log"])
@settings(max_examples=60)
@given(share=SHARES)
def test_no_value_of_any_range_steps_over_an_end(log, share):
    for row in ROWS:
        if log and row.low <= 0:
            continue
        axis: Any = Axis(row.name, row.unit, row.low, row.high, None, log)
        for value in (axis.at(share), _free(row, log).at(share)):
            assert row.low <= value <= row.high, f"{row.name} at {share}"


@pytest.mark.parametrize("log", [False, True], ids=["linear", "log"])
def test_the_first_and_last_level_are_the_ends_themselves(log):
    for row in ROWS:
        if not log or row.low > 0:
            levels = Axis(row.name, row.unit, row.low, row.high, None, log).spread(5)
            assert (levels[0], levels[-1]) == (row.low, row.high), row.name


def _free(row, log):
    return FreeNumber(row.name, (row.name,), row.low, row.high, log, False)


@cache
def movable() -> list[str]:
    """List the numbers whose range both ends of which the reference world accepts."""
    found = []
    for row in ROWS:
        try:
            for value in (row.low, row.high):
                load_scenario("plain", {row.name: value})
        except BadInput:
            continue
        found.append(row.name)
    return found


@settings(max_examples=12)
@given(chance=draw.randoms(use_true_random=False), seed=draw.integers(0, 2**32))
def test_the_scenario_accepts_every_point_of_every_design(chance, seed):
    names = chance.sample(movable(), 3)
    logs = {name for name in names if builtin_catalogue().parameters.by_name[name].low > 0 and chance.random() < 0.7}
    spans = {name: {"scale": "log"} if name in logs else None for name in names}
    design = chance.choice(DESIGNS)
    plan = ws.Sweep("plain", parameters=spans, design=design, seed=seed, users=100).plan()
    for run in plan.runs():
        load_scenario("plain", run.settings)


def test_a_study_whose_ends_are_its_own_stays_between_them():
    rows = [row for row in ROWS if row.low > 0]
    for row in rows:
        low, high = row.low + (row.high - row.low) * 0.1, row.low + (row.high - row.low) * 0.7
        at = Axis(row.name, row.unit, low, high, None, True).spread(11)
        assert (low, high) == (at[0], at[-1])
        assert list(at) == sorted(at)


TOGETHER = {"apps.perplexity.ad_load": [0.0, 2.0], "apps.perplexity.list_quota": [0.0, 30.0]}


def planned(parameters, design="grid") -> Plan:
    return ws.Sweep("plain", parameters=parameters, design=design, users=100, months=2).plan()


def test_values_that_are_possible_alone_but_not_together_are_refused_before_the_first_run(tmp_path):
    with pytest.raises(BadInput) as found:
        ws.Sweep("plain", parameters=TOGETHER, users=100, months=2).run(tmp_path / "out")
    assert not (tmp_path / "out").exists()
    (problem,) = found.value.problems
    assert "point 3 (apps.perplexity.ad_load = 2.0, apps.perplexity.list_quota = 0.0)" in problem
    assert "leaves no free answer" in problem


def test_the_possible_points_of_a_refused_grid_can_be_listed():
    points = [dict(zip(TOGETHER, values, strict=True)) for values in ((0.0, 0.0), (0.0, 30.0), (2.0, 30.0))]
    assert len(planned({}, {"kind": "list", "points": points})) == len(points)


@pytest.mark.parametrize(
    ("plain", "others"),
    [
        (
            {"parameters": {"chips.lock_in": [0.25, 0.5]}},
            [
                {"parameters": {"chips.lock_in": np.array([0.25, 0.5])}},
                {"parameters": {"chips.lock_in": [np.float64(0.25), np.float32(0.5)]}},
                {"parameters": {"chips.lock_in": pl.Series([0.25, 0.5])}},
                {"parameters": {"chips.lock_in": {"values": np.linspace(0.25, 0.5, 2)}}},
            ],
        ),
        (
            {"parameters": {"chips.lock_in": (0.25, 0.5)}, "design": {"kind": "grid", "levels": 3}},
            [
                {
                    "parameters": {"chips.lock_in": (np.float64(0.25), np.float32(0.5))},
                    "design": {"kind": "grid", "levels": np.int64(3)},
                },
                {
                    "parameters": {"chips.lock_in": {"low": np.float64(0.25), "high": np.float16(0.5)}},
                    "design": {"kind": "grid", "levels": np.uint8(3)},
                },
            ],
        ),
        ({"set": {"chips.lock_in": 0.5}}, [{"set": {"chips.lock_in": np.float64(0.5)}}]),
        ({"months": 3, "seed": 7}, [{"months": np.int32(3), "seed": np.uint64(7)}]),
        ({"users": 100, "replications": 2}, [{"users": np.int64(100), "replications": np.int8(2)}]),
        ({"time_limit": 60.0, "keep_runs": True}, [{"time_limit": np.float64(60), "keep_runs": np.bool_(True)}]),
        (
            {"set": {"coreweave.enters": "2024-05"}},
            [
                {"set": {"coreweave.enters": dt.date(2024, 5, 1)}},
                {"set": {"coreweave.enters": dt.datetime(2024, 5, 31, 12)}},
                {"set": {"coreweave.enters": np.datetime64("2024-05-14")}},
                {"set": {"coreweave.enters": "2024-05-14"}},
            ],
        ),
    ],
    ids=["values", "range", "set", "months", "users", "limits", "dates"],
)
def test_a_study_takes_numbers_arrays_and_dates_of_numpy_as_pythons(plain, others):
    expected = ws.Sweep(**plain).plan()
    for other in others:
        plan = ws.Sweep(**other).plan()
        assert (plan.ids, plan.text) == (expected.ids, expected.text)


def test_ways_of_a_sweep_take_numbers_of_numpy():
    ways: Any = {"workers": np.int64(2), "shard": (np.int64(1), np.int32(3))}
    assert ws.Ways(**ways) == ws.Ways(workers=2, shard=(1, 3))

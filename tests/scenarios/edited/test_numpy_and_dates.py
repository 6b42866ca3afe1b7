"""Numbers of numpy and dates with a day are taken wherever Python's numbers and months are."""

import datetime as dt
from functools import cache
from typing import Any

import numpy as np
import pytest

import watersellers as ws
from watersellers.experiments.analysis.comparison.two_worlds import compare
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.input.months import first_of_month, month_text
from watersellers.experiments.sweeps.analysis.selected_measure import SelectedMeasure

DAYS = ["2023-02", "2023-02-28", dt.date(2023, 2, 14), dt.datetime(2023, 2, 3, 4), np.datetime64("2023-02-09")]
NO_MONTHS = ["2023-2", "2023-13", "2023-02-31", "2023-02-03x", "", "February", 202302, None]


@cache
def short_run() -> ws.Result:
    return ws.run(seed=3, months=2, users=50, set={"chips.lock_in": 0.5})


@pytest.mark.parametrize("day", [*DAYS, np.datetime64("2023-02")], ids=str)
def test_every_day_of_a_month_is_that_month(day):
    assert first_of_month(day) == dt.date(2023, 2, 1)


@pytest.mark.parametrize("value", NO_MONTHS, ids=str)
def test_what_is_no_month_stays_what_it_is_and_is_refused(value):
    assert month_text(value) is value
    with pytest.raises(ValueError, match="no month"):
        first_of_month(value)


def test_a_run_takes_numbers_of_numpy():
    plain = short_run()
    numbers: Any = {"seed": np.uint8(3), "months": np.int32(2), "users": np.int64(50)}
    same = ws.run(**numbers, set={"chips.lock_in": np.float32(0.5)})
    assert same.manifest["digest"] == plain.manifest["digest"]
    assert {key: same.manifest[key] for key in ("seed", "months", "users", "set")} == {
        key: plain.manifest[key] for key in ("seed", "months", "users", "set")
    }


def test_a_comparison_takes_numbers_of_numpy():
    numbers: Any = {"seeds": np.int64(1), "months": np.int8(1), "users": np.uint16(50), "workers": np.int64(1)}
    found = compare("baseline", "baseline", **numbers)
    assert (found.seeds, found.months["month"].n_unique()) == (1, 1)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_result_takes_any_day_of_a_month(day):
    result = short_run()
    assert result.flow_matrix(day).equals(result.flow_matrix("2023-02"))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_scenario_takes_any_day_of_a_month(day):
    event = {"what": "set", "path": "chips.lock_in", "value": 0.5}
    spec = ws.load_scenario({"extends": "baseline", "start": day, "event": [event | {"month": day}]})
    assert spec.start == dt.date(2023, 2, 1)
    assert spec.events[0].month == 0


def test_a_scenario_refuses_a_day_that_does_not_exist():
    with pytest.raises(BadInput, match=r"start: found '2023-02-31', expected a month"):
        ws.load_scenario({"extends": "baseline", "start": "2023-02-31"})


def test_a_measure_takes_any_day_of_a_month():
    assert SelectedMeasure.read("revenue:chips@2023-02-28") == SelectedMeasure.read("revenue:chips@2023-02")

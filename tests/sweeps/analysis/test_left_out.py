"""A run without a value is left out of every analysis, whatever face that has, and every analysis says so."""

import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from tests.tools.unmade_sweeps import LAYERS, pretended
from watersellers import Sweep
from watersellers.experiments.__main__ import main
from watersellers.experiments.cli.run_tables import print_json
from watersellers.experiments.sweeps import measures
from watersellers.experiments.sweeps.analysis.bands import bands, convergence, quantiles_by
from watersellers.experiments.sweeps.analysis.remarks import remarks_on_calibration
from watersellers.experiments.sweeps.calibration import Calibration, nearest_points
from watersellers.experiments.sweeps.measures import measure_run, over_spending, upstream_share
from watersellers.experiments.sweeps.study.schema import Target
from watersellers.experiments.sweeps.study_reader import make_plan
from watersellers.viz.reports import sweep_report
from watersellers.viz.words.catalogue import ENGLISH, LANGUAGES

LOCK, SEATS = "chips.nvidia.lock_in", "apps.seat_elasticity"
LOOK, BY_LAYER = "calibrated.upstream_share", "calibrated.profit_over_final_spending"
SWEEP = Sweep("plain", {LOCK: [0, 1, 2, 3], SEATS: [1.5, 2, 3]}, months=1, users=10, replications=2)
FACES = {"null": None, "nan": math.nan, "infinite": math.inf, "minus infinite": -math.inf}
LACKING = 5  # the point of which one run has no value
COMMANDS = {
    "bands": (["bands", "s", "--measure", LOOK], "1 of 1 rows leave out runs that have no value: up to 1 of 24"),
    "enough": (["enough", "s", "--measure", LOOK, "--within", "1"], "1 of 24 runs have no value and are left out."),
    "sensitivity": (["sensitivity", "s", "--measure", LOOK], "1 of 12 points are left out"),
    "map": (["map", "s", LOCK, SEATS, LOOK], "1 of 24 runs are left out"),
}


def lacks(each) -> bool:
    return each.point == LACKING and each.replicate == 1


def value_of(each, face) -> Any:
    return {None: face if lacks(each) else each.point + each.replicate / 10}


@pytest.fixture(params=list(FACES.values()), ids=list(FACES))
def face(request, tmp_path, monkeypatch):
    """A sweep one run of which has no value, in each of the faces that this may have."""
    monkeypatch.chdir(tmp_path)
    pretended(Path("s"), SWEEP, lambda each: value_of(each, request.param))
    return request.param


def strict(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    return json.loads(text, parse_constant=refuse)


@pytest.mark.parametrize(("command", "sentence"), COMMANDS.values(), ids=COMMANDS)
def test_every_command_leaves_the_run_out_and_says_so(command, sentence, face, capsys):
    assert main([*command, "--svg", "drawn.svg"]) == 0
    assert sentence in " ".join(capsys.readouterr().out.split())
    assert f'class="quiet">{sentence[:20]}' in Path("drawn.svg").read_text()  # in view, not only in its description
    assert main([*command, "--json"]) == 0
    found = strict(capsys.readouterr().out)
    counts = found if isinstance(found, dict) else found[0]
    assert counts["left_out"] == 1


def test_no_face_of_no_value_moves_a_number(face, tmp_path):
    swept = pretended(tmp_path / "t", SWEEP, lambda each: value_of(each, face))
    known = [each.point + each.replicate / 10 for each in swept.plan.runs() if not lacks(each)]
    row = bands(swept, LOOK).row(0, named=True)
    assert (row["runs"], row["left_out"]) == (23, 1)
    assert row["median"] == pytest.approx(pl.Series(known).median())
    assert row["highest"] == pytest.approx(pl.Series(known).quantile(0.95, "linear"))
    assert quantiles_by(swept, LOOK, LOCK)["left_out"].sum() == 1
    assert convergence(swept, LOOK, 0.1)["needed"].to_list() == [5]
    assert swept.measures["value"].null_count() == 1


def test_a_calibration_says_how_many_points_have_no_loss(face, tmp_path):
    swept = pretended(tmp_path / "t", SWEEP, lambda each: value_of(each, face))
    plan = make_plan({"months": 1, "users": 10, "parameters": {LOCK: [0, 1]}}, "c.toml")
    target = Target(measure=LOOK, value=1.0, tolerance=1.0)
    losses = Calibration(plan.study, plan, (target,), 12, 1).losses(swept)
    assert str(next(remarks_on_calibration(losses))).startswith("1 of 12 points are left out")
    nearest = nearest_points(losses, (target,), 12)
    assert sorted(nearest["point"]) == [number for number in range(1, 13) if number != LACKING]


def test_the_report_says_so_in_every_language(face):
    swept = pretended(Path("r"), SWEEP, lambda each: value_of(each, face))
    for say in LANGUAGES.values():
        page = sweep_report.sweep_html(swept, say)
        assert say("remark.enough.left_out", left_out=1, all=24) in page.replace("&#x27;", "'")
        assert say("sweep.failed", why="").partition(":")[0] not in page.replace("&#x27;", "'")


def test_a_measure_without_any_value_is_refused_or_shown_as_none_and_nothing_breaks(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    pretended(Path("s"), SWEEP, lambda _: math.nan)
    for command, _ in COMMANDS.values():
        assert main([*command, "--svg", f"{command[0]}.svg"]) in (0, 2), command
    assert main(["report", "s"]) == 0
    assert "Traceback" not in capsys.readouterr().err


# where a measure comes in


def measured(value: Any, monkeypatch) -> Any:
    monkeypatch.setattr(measures, "find_measure", lambda _: lambda _: pl.DataFrame({"value": value}, strict=False))
    nothing: Any = SimpleNamespace()
    return measure_run(nothing, ["mine:of"], "r")["value"].to_list()


@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_what_is_no_number_is_null_as_a_measure_comes_in(face, monkeypatch):
    assert measured([face], monkeypatch) == [None]
    assert measured([1e308], monkeypatch) == [1e308]


def test_two_values_for_one_place_are_refused(monkeypatch):
    with pytest.raises(ValueError, match="'mine:of': found two values for the whole run, expected one"):
        measured([1.0, 2.0], monkeypatch)


def test_a_sum_over_nothing_is_no_value():
    months = [date(2024, 1, 1)] * 5
    layers = pl.DataFrame({"month": months, "layer": [*LAYERS, "users"], "operating_profit": [5] * 5})
    for bought, expected in ((0, None), (20, 0.5)):
        spent = layers.with_columns(bought_from_chain=pl.when(pl.col("layer") == "users").then(bought).otherwise(0))
        assert upstream_share(spent)["value"].to_list() == [expected]
        assert set(over_spending("operating_profit", spent)["value"]) == {None if expected is None else 0.25}


# what is printed


@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_json_is_strict_whatever_it_is_asked_to_print(face, capsys):
    print_json({"a": [{"b": (face, 1.5)}], "c": face, "d": date(2024, 1, 1)})
    assert strict(capsys.readouterr().out) == {"a": [{"b": [None, 1.5]}], "c": None, "d": "2024-01-01"}


# a picture that fails


@pytest.mark.parametrize("picture", sweep_report.PICTURES)
def test_a_picture_that_fails_costs_only_itself(picture, tmp_path, monkeypatch):
    def fail(*_: Any) -> Any:
        raise ZeroDivisionError("no such <axis>")

    swept = pretended(tmp_path / "s", replace(SWEEP, replications=2), lambda each: value_of(each, None))
    whole = sweep_report.sweep_html(swept)
    monkeypatch.setitem(sweep_report.PICTURES, picture, fail)
    page = sweep_report.sweep_html(swept)
    assert "This chart could not be drawn: ZeroDivisionError: no such &lt;axis&gt;." in page
    others = [key for key in sweep_report.PICTURES if key != picture]
    assert all(section_of(whole, key) == section_of(page, key) for key in others)
    charts = sweep_report.sweep_charts(swept)
    assert len(charts) == len(sweep_report.PICTURES)
    assert any("ZeroDivisionError" in chart.summary and chart.title == ENGLISH(picture) for chart in charts)


def section_of(page: str, key: str) -> str:
    return page.partition(f'<section id="{key}"')[2].partition("</section>")[0]

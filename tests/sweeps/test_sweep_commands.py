"""Sweeps on the command line, and the pictures and the page that are made of them."""

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

from tests.tools.unmade_sweeps import LAYERS, pretended
from watersellers import Sweep, Ways
from watersellers.experiments.__main__ import main
from watersellers.experiments.cli.sweep_tables import print_pace
from watersellers.experiments.sweeps.calibration import Calibration, nearest_points
from watersellers.experiments.sweeps.folder.run_record import FAILED, Outcome, write_part

LOCK, SEATS = "chips.nvidia.lock_in", "apps.seat_elasticity"
GRID = Sweep("plain", {LOCK: [0.0, 1.0, 2.0, 3.0], SEATS: [1.5, 2.0, 2.5]}, months=1, users=10, replications=2)
PROFIT = "calibrated.profit_over_final_spending"
LAST = "last1.profit_over_final_spending"  # of runs of a month
STUDIES = Path(__file__).parents[2] / "experiments/studies/README.md"


def by_layer(each) -> dict[str, float]:
    return dict(
        zip(LAYERS, (each.settings[LOCK], 1.5 + each.replicate / 10, -1.0, each.settings[SEATS] - 2), strict=True)
    )


@pytest.fixture
def grid(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return pretended(tmp_path / "grid", GRID, by_layer, PROFIT)


def output_of(capsys, *arguments: str, status: int = 0) -> str:
    assert main(list(arguments)) == status, capsys.readouterr().err
    out, err = capsys.readouterr()
    return out if status == 0 else out + err


def drawn(file: str) -> str:
    """A picture that a browser can show, as the words in it."""
    return " ".join(ElementTree.parse(file).getroot().itertext())


def test_a_plan_says_how_many_runs_it_takes_and_how_long_and_writes_nothing(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("study.toml").write_text("months = 2\nusers = 10\nreplications = 3\n[parameters]\nchips.lock_in = [0, 1]\n")
    printed = output_of(capsys, "sweep", "study.toml", "--plan")
    assert re.search(
        r"6 runs: 2 points \(grid\) x 3 replicates, 2 months of 10 users each; about \d+ seconds and 0\.\d MB", printed
    )
    facts = json.loads(output_of(capsys, "sweep", "study.toml", "--plan", "--json"))
    assert (facts["points"], facts["replications"], facts["runs"]) == (2, 3, 6)
    assert [each.name for each in tmp_path.iterdir()] == ["study.toml"]


def test_a_map_is_given_as_json_printed_and_drawn(capsys, grid):
    facts = json.loads(output_of(capsys, "map", "grid", LOCK, SEATS, "--json"))
    assert [cell["phase"] for cell in facts["cells"]] == [*["cloud"] * 6, *["chips"] * 6]
    assert "between chips and cloud: 3 edges" in output_of(capsys, "map", "grid", LOCK, SEATS, "--svg", "map.svg")
    assert "Chips" in drawn("map.svg")
    assert Path("map.svg").read_text().count('class="edge"') == 3
    assert "unknown parameter of this sweep 'chips.nvidia.lok_in'. Did you mean" in output_of(
        capsys, "map", "grid", "chips.nvidia.lok_in", SEATS, status=2
    )


def test_sensitivity_bands_and_intervals_are_given_as_json_printed_and_drawn(capsys, grid):
    look = f"{PROFIT}:chips"
    facts = json.loads(output_of(capsys, "sensitivity", "grid", "--measure", look, "--json"))
    assert [row["parameter"] for row in facts] == [LOCK, SEATS]
    output_of(capsys, "sensitivity", "grid", "--measure", look, "--svg", "bars.svg")
    assert f"{LOCK} has the largest value" in drawn("bars.svg")
    bands = json.loads(output_of(capsys, "bands", "grid", "--measure", PROFIT, "--by", LOCK, "--json"))
    assert len(bands) == 4 * len(LAYERS)
    output_of(capsys, "bands", "grid", "--measure", PROFIT, "--svg", "bands.svg")
    assert "Clouds ends at" in drawn("bands.svg")
    (row,) = json.loads(
        output_of(capsys, "enough", "grid", "--measure", f"{PROFIT}:cloud", "--within", "0.1", "--json")
    )
    assert (row["replicates"], row["points"], round(row["mean"], 9)) == (2, 12, 1.65)
    output_of(capsys, "enough", "grid", "--measure", f"{PROFIT}:cloud", "--svg", "enough.svg")
    assert "With 2 replicates" in drawn("enough.svg")


def test_a_picture_is_not_drawn_over_anything_else(capsys, grid):
    assert "expected nothing, or a picture that watersellers wrote" in output_of(
        capsys, "bands", "grid", "--measure", PROFIT, "--svg", "grid", status=2
    )


def test_compact_counts_the_runs_and_names_those_that_ended_badly(capsys, grid):
    first = next(iter(grid.plan.runs()))
    write_part(grid.folder, Outcome(first.run, FAILED, 1.0, None, "Traceback:\nZeroDivisionError: nothing\n"))
    assert json.loads(output_of(capsys, "compact", "grid", "--json"))["status"] == {"ok": 23, "failed": 1}
    printed = output_of(capsys, "compact", "grid")
    assert "ZeroDivisionError: nothing" in printed
    assert "23 ok, 1 failed; the tables are in grid" in printed


def test_a_sweep_says_what_part_of_its_time_was_runs_and_what_handing_them_out_took(capsys, grid):
    seconds = float(grid.runs["seconds"].sum())
    print_pace(grid, 2, seconds)  # half of two processes' time
    printed = capsys.readouterr().out
    assert "of which 50.0% of 2 processes were runs" in printed
    assert re.search(r"handing them out took \d+ MB", printed)


def test_the_report_of_a_sweep_is_one_page_that_asks_nobody_for_anything(capsys, grid):
    assert output_of(capsys, "report", "grid") == "report: grid/report.html\n"
    page = Path("grid/report.html").read_text(encoding="utf-8")
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)
    for words in ("Which layer profits where", "What matters", "How certain the means are", "24 ok.", LOCK):
        assert words in page
    assert page.count("<svg") == 1  # the map: of one measure by layer and year there is no other picture


def test_the_report_of_an_unfinished_sweep_says_what_is_missing_and_why_there_is_no_picture(
    capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    sweep = replace(GRID, design={"kind": "saltelli", "points": 4}, label="<script>alert(1)</script>")
    pretended(tmp_path / "s", sweep, lambda each: None if each.point == 3 else 1.0 + each.point)
    output_of(capsys, "report", "s")
    page = Path("s/report.html").read_text(encoding="utf-8")
    assert "1 of 16 points have no value (runs: 2 missing)" in page
    assert "<script>alert" not in page


# what the page on studies says


def blocks(language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", STUDIES.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )


def test_the_files_of_the_page_on_studies_are_studies(tmp_path):
    study, calibration = blocks("toml")
    (tmp_path / "study.toml").write_text(study)
    (tmp_path / "calibration.toml").write_text(calibration)
    assert len(Sweep.read(tmp_path / "study.toml").plan()) == 64 * (3 + 2) * 2
    assert Calibration.read(tmp_path / "calibration.toml").trials == 100


def test_the_python_of_the_page_on_studies_reads_the_tables(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    sweep = replace(GRID, parameters={LOCK: [0.0, 5.0]})
    swept = pretended(tmp_path / "sweeps/lock_in", sweep, lambda each: 1.0)
    main(["compact", "sweeps/lock_in"])
    capsys.readouterr()
    assert swept.plan
    exec("\n".join(blocks("python")), {})
    assert capsys.readouterr().out == "(4, 1) (4,)\n"


# calibration


CALIBRATION = f"""
months = 2  # in the first nobody outside buys anything yet
users = 10
trials = 5
batch = 3
[parameters]
{LOCK} = {{low = 0, high = 5}}
[[target]]
measure = "{LAST}:chips"
value = 2
tolerance = 0.1
"""


def test_a_calibration_comes_nearer_and_an_interrupted_one_finds_the_same(tmp_path):
    (tmp_path / "file.toml").write_text(CALIBRATION)
    asked = Calibration.read(tmp_path / "file.toml")
    whole = asked.run(tmp_path / "whole", Ways(workers=1))
    losses = asked.losses(whole)
    assert losses["loss"].null_count() == 0
    assert losses.row(0, named=True)[LOCK] is None  # the first point is the scenario as it is
    assert nearest_points(losses, asked.targets, 1)["loss"][0] <= losses["loss"][0]
    replace(asked, trials=3).run(tmp_path / "again", Ways(workers=1))
    again = asked.run(tmp_path / "again", Ways(workers=1, resume=True))
    assert again.design.equals(whole.design)
    assert again.runs["digest"].equals(whole.runs["digest"])


def test_the_loss_is_the_mean_of_squared_distances_in_tolerances(tmp_path):
    (tmp_path / "file.toml").write_text(CALIBRATION)
    asked = Calibration.read(tmp_path / "file.toml")
    plan = replace(GRID, parameters={LOCK: [0.0, 1.0, 2.0]}, replications=1)
    swept = pretended(tmp_path / "s", plan, lambda each: {"chips": 2 + each.settings[LOCK] / 10}, LAST)
    assert asked.losses(swept)["loss"].to_list() == pytest.approx([0.0, 1.0, 4.0])
    assert isinstance(asked.losses(swept), pl.DataFrame)

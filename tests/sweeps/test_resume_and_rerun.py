"""Printed commands can be pasted, a repeated request gives the same, and a refusal leaves nothing behind."""

import os
import shlex
import signal
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sweeps.sweep_processes import begun, resumed
from tests.tools.unmade_sweeps import pretended
from watersellers import BadInput, Result, Sweep, Swept, Ways
from watersellers.experiments.__main__ import main
from watersellers.experiments.sweeps.calibration import Calibration
from watersellers.experiments.sweeps.command_of_run import command_of_run
from watersellers.experiments.sweeps.interruption import SweepStopped
from watersellers.experiments.sweeps.study.plan import model_version
from watersellers.experiments.sweeps.workers.one_run import RunMaker

LOCK, SEATS = "chips.nvidia.lock_in", "apps.seat_elasticity"
SMALL = Sweep("plain", {LOCK: [1.5]}, months=1, users=10)
TITLES = ["plain", "a title of words", 'it\'s "quoted"', "a=b", "$HOME `ls` \\ ; & |", "true", "3", "[1]", "-x", "线"]
CHINA = ("alibaba_cloud", "baidu_cloud", "tencent_cloud")
STRATEGY = {"use": "follow_use", "target": 0.6}
SETTINGS = {
    "a number": {LOCK: 1e-07},
    "a whole number": {LOCK: 3, SEATS: 2.0},
    "truths": {"chips.ascend.absent": True} | {f"cloud.{cloud}.chips": ["nvidia"] for cloud in CHINA},
    "a removal": {"remove": ["ascend"]},
    "a list": {"cloud.aws.chips": ["nvidia", "amd"]},
    "a strategy": {"cloud.pricing": "cost_plus"},
    "a strategy with numbers": {"cloud.aws.pricing": STRATEGY},
} | {f"a text, {title}": {"chips.nvidia.title": title} for title in TITLES}
CALIBRATION = """
months = 2
users = 10
trials = 2
batch = 2
[parameters]
chips.nvidia.lock_in = {low = 0, high = 5}
[[target]]
measure = "last2.upstream_share"
value = 0.5
tolerance = 0.1
"""


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_the_printed_command_makes_the_very_run_of_the_sweep(settings, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    place = Path("my 'sweep' = $x")
    swept = pretended(place, replace(SMALL, parameters={"of": {"cases": {"it's": settings}}}), lambda each: 1.0)
    (planned,) = swept.plan.runs()
    words = shlex.split(swept.command(planned.run))
    assert words[0] == "watersellers"
    assert main([*words[1:], "--out", "again", "--quiet"]) == 0, capsys.readouterr().err
    made = RunMaker.of(place, model_version()).make(planned.request())
    manifest = Result.open("again").manifest
    assert manifest["digest"] == made.outcome.digest
    title = tomllib.loads(manifest["scenario"]["text"])["chips"]["nvidia"].get("title")
    assert title == settings.get("chips.nvidia.title", title)


def test_a_folder_whose_name_begins_like_an_option_is_no_option(tmp_path):
    plan = SMALL.plan()
    assert command_of_run(plan, Path("-s"), 1, {}).startswith("watersellers run ./-s/scenario.toml --seed 1")


def test_a_calibration_prints_the_command_of_its_nearest_point(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("file.toml").write_text(CALIBRATION)
    assert main(["calibrate", "file.toml", "--out", "a place", "--workers", "1"]) == 0, capsys.readouterr().err
    command = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("watersellers run"))
    assert main([*shlex.split(command)[1:], "--out", "again", "--quiet"]) == 0
    assert Result.open("again").manifest["digest"] in set(Swept.open("a place").runs["digest"])
    before = {each: each.read_bytes() for each in Path("a place").rglob("*") if each.is_file()}
    assert main(["calibrate", "file.toml", "--out", "a place"]) == 0  # all is there: it is given again
    assert {each: each.read_bytes() for each in Path("a place").rglob("*") if each.is_file()} == before
    Path("file.toml").write_text(CALIBRATION.replace("trials = 2", "trials = 4"))
    assert main(["calibrate", "file.toml", "--out", "a place"]) == 2
    assert "holds a sweep already; --resume goes on with it" in capsys.readouterr().err


# asked again


def test_a_study_whose_runs_are_all_there_is_given_again_and_nothing_is_made(tmp_path):
    asked = replace(SMALL, parameters={LOCK: [0.0, 1.0]})
    swept = asked.run(tmp_path / "s", Ways(workers=1))
    before = {each: each.read_bytes() for each in (tmp_path / "s").rglob("*") if each.is_file()}
    again = asked.run(tmp_path / "s")
    assert again.runs.equals(swept.runs)
    assert {each: each.read_bytes() for each in (tmp_path / "s").rglob("*") if each.is_file()} == before
    with pytest.raises(BadInput, match="holds a sweep already; --resume goes on with it"):
        replace(asked, parameters={LOCK: [0.0, 1.0, 2.0]}).run(tmp_path / "s")
    with pytest.raises(BadInput, match="its runs were measured for"):
        replace(asked, measures=["revenue"]).run(tmp_path / "s")


def test_resume_is_refused_where_there_is_no_sweep(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("study.toml").write_text("months = 1\nusers = 10\n")
    Path("file.toml").write_text(CALIBRATION)
    for command in (["sweep", "study.toml"], ["calibrate", "file.toml"]):
        assert main([*command, "--out", "s", "--resume"]) == 2
        assert "s: holds no sweep, so there is nothing to go on with; leave out --resume" in capsys.readouterr().err
    assert not Path("s").exists()


# refused, and nothing is left


@pytest.mark.parametrize(
    ("ways", "out", "sentence"),
    [
        (Ways(cluster="tcp://127.0.0.1:1"), "s", "no dask scheduler answers"),
        (Ways(cluster=" "), "s", "cluster: found ' ', expected an address"),
        (Ways(workers=-1), "s", "workers: found -1"),
        (Ways(workers=10**6), "s", "workers: found 1000000, expected a whole number from 1 to 1024"),
        (Ways(shard=(0, 0)), "s", "shard: found 0/0, expected i/n"),
        (Ways(shard=(1, 10**30)), "s", "shard: found 1/1000000"),
        (Ways(shard=(1.5, 2)), "s", "shard: found 1.5/2"),  # type: ignore[arg-type]
        (Ways(shard="1/2"), "s", "shard: found '1/2'"),  # type: ignore[arg-type]
        (Ways(resume=True), "a/b/s", "holds no sweep"),
        (Ways(rerun_failed=True), "a/b/s", "holds no sweep"),
        (Ways(), "file/s", "can't be written: Not a directory; choose another path with --out"),
        (Ways(), "file", "is not a folder"),
        (Ways(), "pipe", "is not a folder"),
    ],
)
def test_a_refusal_leaves_nothing_behind(ways, out, sentence, tmp_path, monkeypatch):
    if ways.cluster and ways.cluster.strip():
        pytest.importorskip("distributed")
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    os.mkfifo("pipe")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BadInput) as refusal:
        SMALL.run(out, ways)
    assert sentence in str(refusal.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_study_that_no_worker_can_make_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "watersellers.experiments.sweeps.execution.model_version", lambda: "0.0.0"
    )  # another than the workers'
    with pytest.raises(BadInput, match=r"version: found .* here, expected 0\.0\.0"):
        SMALL.run(tmp_path / "a/b/s", Ways(workers=1))
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("shard", ["0/0", "2/1", "1/", "/", "a/b", "1/" + "9" * 31, "1/" + "9" * 5000, "²/3", "1/1e3"])
def test_an_impossible_shard_is_refused_by_the_command(shard, capsys):
    assert main(["sweep", "study.toml", "--shard", shard]) == 2
    assert "shard: found" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("final_spending", "is monthly, so that a target needs its month, as in final_spending@2023-02"),
        ("revenue:chips", "as in revenue:chips@2023-02"),
        ("revenue:chips@2023-03", "found the month 2023-03, expected one of the run's months, 2023-01 to 2023-02"),
        ("revenue:chips@2022-12", "found the month 2022-12, expected one of the run's months"),
        (
            "last2.upstream_share@2023-01",
            "found the month 2023-01, expected 2023-02, with which the window ends, or none",
        ),
        ("calibrated.upstream_share", "needs the months 2024-03 to 2025-02, but the runs live 2023-01 to 2023-02"),
        ("year.upstream_share", "name them: calibrated.upstream_share (2024-03 to 2025-02) or last12.upstream_share"),
        ("revenue:chipz@2023-02", "unknown layer 'chipz'. Did you mean 'chips'?"),
        ("revenue@2023-02", "is measured of several; write one, as in revenue:chips"),
        ("last2.upstream_share:chips", "is of no layer and no firm; leave out :chips"),
        ("firms.revenue:nvdia@2023-02", "unknown firm 'nvdia'. Did you mean 'nvidia'?"),
        ("firms.revenue:baichuan@2023-02", "or later, when baichuan enters"),
        ("revenue:chips@2023-99", "found the month '2023-99'"),
        ("revenue:chips@", "found the month ''"),
        (":chips", "unknown measure ''"),
    ],
)
def test_an_unreachable_target_is_refused_before_anything_is_written(target, sentence, tmp_path, capsys):
    file = tmp_path / "file.toml"
    file.write_text(CALIBRATION.replace("last2.upstream_share", target))
    assert main(["calibrate", str(file), "--out", str(tmp_path / "s")]) == 2
    err = capsys.readouterr().err
    assert sentence in err
    assert str(file) in err
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            CALIBRATION + "[[target]]" + CALIBRATION.partition("[[target]]")[2],
            "found 'last2.upstream_share' twice",
        ),
        ('design = "sobol"\n' + CALIBRATION, "design: is no key of a calibration"),
        ('measures = ["revenue"]\n' + CALIBRATION, "measures: is no key of a calibration"),
        (CALIBRATION.replace("trials = 2", "trials = 1000000"), "its study.toml of all trials would have"),
        (CALIBRATION.replace("trials = 2", "trials = 1000000\nreplications = 2"), "= 2,000,000 runs, expected at most"),
        (CALIBRATION.replace("[parameters]\nchips.nvidia.lock_in = {low = 0, high = 5}", ""), "there is none"),
        (CALIBRATION.replace("tolerance = 0.1", "tolerance = nan"), "tolerance: found nan, expected a finite number"),
        (CALIBRATION.replace("tolerance = 0.1", "tolerance = 0"), "tolerance: found 0, expected at least 1e-09"),
        (CALIBRATION.replace("tolerance = 0.1", "tolerance = 1\nweight = inf"), "weight: found inf"),
        (CALIBRATION.replace("value = 0.5", "value = 1e300"), "value: found 1e+300, expected at most 1e+30"),
        (CALIBRATION.replace("batch = 2", "batch = 0"), "batch: found 0, expected at least 1"),
    ],
)
def test_an_impossible_calibration_is_refused(text, sentence, tmp_path):
    file = tmp_path / "file.toml"
    file.write_text(text)
    with pytest.raises(BadInput) as refusal:
        Calibration.read(file)
    assert any(sentence in problem and problem.startswith(str(file)) for problem in refusal.value.problems), str(
        refusal.value
    )


# stopped


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="as the other tests that stop processes")
def test_a_termination_signal_sets_the_exit_status(tmp_path, monkeypatch):
    driver = begun(tmp_path / "ended")
    driver.send_signal(signal.SIGTERM)
    _, errors = driver.communicate(timeout=240)
    assert (driver.returncode, errors) == (
        143,
        "stopped by SIGTERM; finished runs are kept in sweep, --resume goes on\n",
    )
    resumed(tmp_path / "ended", monkeypatch)


def test_ctrl_c_in_python_ends_in_a_sentence(tmp_path):
    def stop(done: int, of: int, badly: int) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    asked = replace(SMALL, parameters={LOCK: [0.0, 1.0, 2.0]})
    with pytest.raises(KeyboardInterrupt) as stopped:
        asked.run(tmp_path / "s", Ways(workers=1), stop)
    assert isinstance(stopped.value, SweepStopped)
    assert str(stopped.value) == (
        f"stopped: {Swept.open(tmp_path / 's').counted()['ok']} of 3 runs are kept in {tmp_path / 's'};"
        " Ways(resume=True), or --resume, goes on"
    )
    assert asked.run(tmp_path / "s", Ways(workers=1, resume=True)).counted() == {"ok": 3}

"""Sweeps in processes of their own: begin one, wait for it, go on with it, and compare what it wrote."""

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from watersellers import Sweep, Swept, Ways

ROOT = Path(__file__).parents[2]
PATIENCE = 240.0  # seconds that a test waits for what must happen, on a machine with much else to do
STUDY = """
months = 1
users = 10
time_limit = 240
measures = ["tests.tools.misbehaving_measures:waits"]
[parameters]
chips.nvidia.lock_in = [0, 1, 2, 3]
"""


def same(one: Swept, other: Swept) -> None:
    """Check that two sweeps have the same tables, times left out."""
    assert_frame_equal(one.runs.drop("seconds", "error"), other.runs.drop("seconds", "error"))
    assert_frame_equal(one.measures, other.measures)
    assert_frame_equal(one.design, other.design)


def whole(folder: Path) -> None:
    """Check that a sweep folder has no half-written file."""
    assert [each for each in folder.rglob("*") if each.name.endswith(".part")] == []
    for file in folder.rglob("*.parquet"):
        pl.read_parquet(file)


def until(what, patience=PATIENCE):
    """Wait until something is true, and give it."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def begun(folder: Path, workers: int = 2) -> subprocess.Popen:
    """Begin a sweep by the command line, of which the first run is finished and others are being made."""
    folder.mkdir(parents=True)
    (folder / "study.toml").write_text(STUDY)
    (folder / "marks").mkdir()
    command = [sys.executable, "-m", "watersellers", "sweep", "study.toml", "--workers", str(workers), "--out", "sweep"]
    environment = os.environ | {"MARKS": str(folder / "marks"), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([*command, "--json"], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)
    until(lambda: len(list((folder / "marks").iterdir())) == 1 + workers or process.poll() is not None)
    until(lambda: list((folder / "sweep" / "parts").glob("[!.]*.parquet")) or process.poll() is not None)
    assert process.poll() is None
    return process


def resumed(folder: Path, monkeypatch) -> Swept:
    """Continue a sweep that was ended, and let all its runs finish."""
    monkeypatch.setenv("MARKS", str(folder / "marks"))
    (folder / "marks" / "go").touch()
    found = Sweep.read(folder / "study.toml").run(folder / "sweep", Ways(workers=1, resume=True))
    assert found.counted() == {"ok": 4}
    marks = Counter(float(each.name.partition("-")[0]) for each in (folder / "marks").iterdir() if each.name != "go")
    assert marks[0.0] == 1
    whole(folder / "sweep")
    return found

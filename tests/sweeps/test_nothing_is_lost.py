"""Nothing is lost: whatever ends a run, a worker or the driver, or fills the disk, finished runs stay, once each.

Each test really does it: processes are killed, disks are full, somebody presses Ctrl-C.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from tests.sweeps.sweep_processes import PATIENCE, ROOT, STUDY, begun, resumed, same, until, whole
from tests.tools.misbehaving_measures import HANGS, KILLS, KILLS_ONCE, RAISES
from watersellers import BadInput, Sweep, Swept, Ways
from watersellers.experiments.sweeps.folder.folder import compact

LIMIT = 8.0  # seconds that a run may take
GONE = 10.0  # seconds after which no process may be left


def study(values, of="misbehaves", limit=LIMIT) -> Sweep:
    measures = [f"tests.tools.misbehaving_measures:{of}", "last1.upstream_share"]
    return Sweep("plain", {"chips.nvidia.lock_in": values}, months=1, users=10, measures=measures, time_limit=limit)


def children(process: int) -> list[int]:
    """Processes that a process has begun and that are there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def alive(processes: list[int]) -> list[int]:
    found = []
    for each in processes:
        try:
            if Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                found.append(each)
        except OSError:
            continue
    return found


# runs that misbehave


@pytest.fixture(scope="module")
def troubled(tmp_path_factory):
    """A sweep with a run that raises, one that hangs, one that always kills its process, and one that does so once.

    Then the same after all of them healed, one that never had trouble, and how often each run was made each time.
    """
    folder = tmp_path_factory.mktemp("troubled")
    values, counts = [0.0, RAISES, HANGS, KILLS, KILLS_ONCE, 5.0], []
    with pytest.MonkeyPatch.context() as patch:
        (folder / "marks").mkdir()
        patch.setenv("MARKS", str(folder / "marks"))
        before = study(values).run(folder / "sweep", Ways(workers=2))
        counts.append(Counter(float(each.name.partition("-")[0]) for each in (folder / "marks").iterdir()))
        patch.setenv("HEALED", "yes")
        after = study(values).run(folder / "sweep", Ways(workers=1, rerun_failed=True))
        counts.append(Counter(float(each.name.partition("-")[0]) for each in (folder / "marks").iterdir()))
        alone = study(values).run(folder / "alone", Ways(workers=1))
    return before, after, alone, counts


def test_a_run_that_raises_hangs_or_kills_is_marked_and_the_others_are_finished(troubled):
    before, *_ = troubled
    assert before.runs["status"].to_list() == ["ok", "failed", "timed out", "lost", "ok", "ok"]


def test_why_a_run_ended_badly_is_in_the_table(troubled):
    errors = dict(troubled[0].runs.select("chips.nvidia.lock_in", "error").iter_rows())
    assert "in misbehaves" in errors[RAISES]
    assert errors[RAISES].endswith("ZeroDivisionError: one of the runs divides by nothing\n")
    assert errors[HANGS] == "took longer than 8 seconds"
    assert errors[KILLS] == "its process was ended by SIGKILL, 2 times"


def test_no_finished_run_is_made_twice(troubled):
    first, second = troubled[3]
    assert first == {0.0: 1, RAISES: 1, HANGS: 1, KILLS: 2, KILLS_ONCE: 2, 5.0: 1}
    assert second - first == {RAISES: 1, HANGS: 1, KILLS: 1}


def test_after_the_failed_are_made_again_the_tables_are_those_of_a_sweep_without_trouble(troubled):
    _, after, alone, _ = troubled
    assert after.sound
    same(after, alone)
    whole(after.folder)


def test_a_sweep_is_not_begun_over_another_unless_asked(troubled):
    folder = troubled[1].folder
    with pytest.raises(BadInput, match="holds a sweep already; --resume goes on with it"):
        study([0.0]).run(folder)
    with pytest.raises(BadInput, match="of its finished runs do not belong to study; a study may grow"):
        study([0.0]).run(folder, Ways(resume=True))


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="children are found in /proc")
def test_a_killed_driver_leaves_no_process_and_no_half_file_and_is_resumed(tmp_path, monkeypatch):
    driver = begun(tmp_path / "killed")
    workers = children(driver.pid)
    assert len(workers) == 2
    with pytest.raises(BadInput, match="another process is at work there"):
        Sweep.read(tmp_path / "killed/study.toml").run(tmp_path / "killed/sweep", Ways(resume=True))
    driver.kill()
    driver.communicate()
    until(lambda: not alive(workers), GONE)
    assert Swept.open(tmp_path / "killed/sweep").counted() == {"ok": 1, "missing": 3}
    resumed(tmp_path / "killed", monkeypatch)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="children are found in /proc")
def test_ctrl_c_hands_out_no_more_and_a_second_one_ends_at_once(tmp_path, monkeypatch):
    driver = begun(tmp_path / "stopped")
    workers = children(driver.pid)
    driver.send_signal(signal.SIGINT)
    time.sleep(1)
    assert driver.poll() is None
    assert alive(workers) == workers
    driver.send_signal(signal.SIGINT)
    _, error_text = driver.communicate(timeout=PATIENCE)
    assert (driver.returncode, error_text) == (130, "stopped; finished runs are kept in sweep, --resume goes on\n")
    until(lambda: not alive(workers), GONE)
    assert pl.read_parquet(tmp_path / "stopped/sweep/runs.parquet")["status"].to_list() == ["ok", *["missing"] * 3]
    resumed(tmp_path / "stopped", monkeypatch)


# a full disk

FULL = """
set -e
mount -t tmpfs -o size=400k tmpfs disk
cd disk && cp ../study.toml .
set +e
{python} -m watersellers sweep study.toml --workers 1 --out sweep --json
echo status $?
find sweep -name '*.part'
ls sweep/parts | wc -l
mount -o remount,size=40m .
{python} -m watersellers sweep study.toml --workers 1 --out sweep --json --resume
echo status $?
cp -r sweep ../sweep
"""


def unshares() -> bool:
    """Whether this system lets a test mount a small disk of its own."""
    if shutil.which("unshare") is None:
        return False
    tried = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not unshares(), reason="needs a disk that can be full")
def test_a_full_disk_stops_the_sweep_with_a_sentence_and_what_was_written_is_whole(tmp_path):
    (tmp_path / "disk").mkdir()
    text = STUDY.replace("tests.tools.misbehaving_measures:waits", "last1.upstream_share").replace(
        "users", "keep_runs = true\nusers"
    )
    (tmp_path / "study.toml").write_text(text)
    script = FULL.format(python=sys.executable)
    environment = os.environ | {"PYTHONPATH": str(ROOT / ".package"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert lines[0] == "status 1", done.stdout + done.stderr
    assert "No space left on device; finished runs are kept, --resume goes on" in done.stderr
    assert 0 < int(lines[1]) < 4
    assert lines[-1] == "status 0"
    assert Swept.open(tmp_path / "sweep").counted() == {"ok": 4}
    whole(tmp_path / "sweep")


def test_shards_made_one_after_another_and_one_of_them_late_give_the_tables_of_one_sweep(tmp_path):
    asked = Sweep("plain", {"chips.nvidia.lock_in": [0, 2, 4]}, months=1, users=10, replications=2)
    for number in (3, 1):
        asked.run(tmp_path / "shards", Ways(workers=1, shard=(number, 3)))
    assert Swept.open(tmp_path / "shards").counted() == {"ok": 4, "missing": 2}
    late = asked.run(tmp_path / "shards", Ways(workers=1, shard=(2, 3)))
    compact(late.folder, late.plan)
    same(Swept.open(tmp_path / "shards"), asked.run(tmp_path / "alone", Ways(workers=1)))

"""A sweep on a dask cluster: a scheduler and two workers as processes of their own, one of which is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.sweeps.sweep_processes import PATIENCE, ROOT, same, until, whole
from tests.tools.misbehaving_measures import KILLS, RAISES
from watersellers import BadInput, Sweep, Swept, Ways
from watersellers.experiments.input.errors import CutShort

distributed = pytest.importorskip("distributed")
psutil = pytest.importorskip("psutil")  # which distributed needs
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


def study(values, of: str) -> Sweep:
    measures = [f"tests.tools.misbehaving_measures:{of}", "last1.upstream_share"]
    return Sweep("plain", {"chips.nvidia.lock_in": values}, months=1, users=10, measures=measures, time_limit=120)


def alive(process) -> bool:
    """Whether a process still runs; one that nobody has waited for yet does not."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def a_free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers, each a process, by the two commands of the README."""
    address = f"tcp://127.0.0.1:{a_free_port()}"
    (tmp_path / "marks").mkdir()
    environment = os.environ | {"MARKS": str(tmp_path / "marks"), "PYTHONPATH": str(ROOT)}
    begun = []

    def begin(*words: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:], "--no-dashboard"]
        with (tmp_path / "cluster.log").open("a") as log:
            process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
        begun.append(process)
        return process

    begin("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2])
    for _ in range(2):
        begin("worker", address, "--nthreads", "1", "--no-nanny")
    try:
        until(lambda: (tmp_path / "cluster.log").read_text().count("Registered to:") == 2)
        yield address, begun
    finally:
        for process in reversed(begun):  # workers before the scheduler
            process.kill()
            process.wait()


def marks(folder: Path) -> Counter:
    return Counter(float(each.name.partition("-")[0]) for each in (folder / "marks").iterdir() if each.name != "go")


def test_a_cluster_gives_the_tables_of_one_machine_though_runs_and_a_worker_are_killed(cluster, tmp_path, monkeypatch):
    address, processes = cluster
    monkeypatch.setenv("MARKS", str(tmp_path / "marks"))
    values = [0.0, RAISES, KILLS, 5.0, 6.0]
    found = study(values, "misbehaves").run(tmp_path / "cluster", Ways(cluster=address))
    assert found.runs["status"].to_list() == ["ok", "failed", "lost", "ok", "ok"]
    assert marks(tmp_path) == {0.0: 1, RAISES: 1, KILLS: 2, 5.0: 1, 6.0: 1}
    alone = study(values, "misbehaves").run(tmp_path / "alone", Ways(workers=1))
    same(found, alone)

    for mark in (tmp_path / "marks").iterdir():
        mark.unlink()
    killed: list[subprocess.Popen] = []

    def kill(done: int, of: int, badly: int) -> None:
        """Kill a worker while it makes a run, when the first run is done; then let all runs go on."""
        if not killed:
            until(lambda: len(marks(tmp_path)) == 3)
            killed.append(processes[1])
            makers = psutil.Process(processes[1].pid).children(recursive=True)
            processes[1].kill()
            processes[1].wait()
            until(lambda: not any(map(alive, makers)))  # who makes a run for a worker goes when that is gone
            (tmp_path / "marks" / "go").touch()

    found = study([0.0, 1.0, 2.0, 3.0], "waits").run(tmp_path / "killed", Ways(cluster=address), kill)
    assert (found.counted(), len(killed)) == ({"ok": 4}, 1)
    assert marks(tmp_path)[0.0] == 1
    assert sum(marks(tmp_path).values()) == 5  # the run of the killed worker, and only that, was begun again
    whole(found.folder)


def test_a_scheduler_that_is_gone_ends_the_sweep_and_what_was_finished_is_kept(cluster, tmp_path, monkeypatch):
    address, processes = cluster
    monkeypatch.setenv("MARKS", str(tmp_path / "marks"))
    sweep = study([0.0, 1.0, 2.0, 3.0], "waits")

    def gone(done: int, of: int, badly: int) -> None:
        processes[0].send_signal(signal.SIGKILL)
        processes[0].wait()

    clock = time.monotonic()
    with pytest.raises(CutShort, match="the dask scheduler is gone"):
        sweep.run(tmp_path / "sweep", Ways(cluster=address), gone)
    assert time.monotonic() - clock < PATIENCE
    assert Swept.open(tmp_path / "sweep").counted() == {"ok": 1, "missing": 3}
    for process in processes[1:]:
        process.kill()
        process.wait()
    (tmp_path / "marks" / "go").touch()
    found = sweep.run(tmp_path / "sweep", Ways(workers=1, resume=True))
    assert found.counted() == {"ok": 4}
    assert marks(tmp_path)[0.0] == 1
    whole(found.folder)


def test_a_cluster_whose_workers_are_all_gone_ends_the_sweep(cluster, tmp_path, monkeypatch):
    address, processes = cluster
    monkeypatch.setenv("MARKS", str(tmp_path / "marks"))
    monkeypatch.setattr("watersellers.experiments.sweeps.workers.cluster.WORKERLESS_LIMIT", 2.0)

    def gone(done: int, of: int, badly: int) -> None:
        for process in processes[1:]:
            process.kill()
            process.wait()

    with pytest.raises(CutShort, match="has had no worker for 2 seconds; start one"):
        study([0.0, 1.0, 2.0, 3.0], "waits").run(tmp_path / "sweep", Ways(cluster=address), gone)
    assert Swept.open(tmp_path / "sweep").counted() == {"ok": 1, "missing": 3}


def test_a_cluster_that_does_not_answer_is_reported_and_nothing_is_run(tmp_path):
    with pytest.raises(BadInput, match=r"no dask scheduler answers at 'tcp://127\.0\.0\.1:1'"):
        study([0.0], "waits").run(tmp_path / "sweep", Ways(cluster="tcp://127.0.0.1:1"))

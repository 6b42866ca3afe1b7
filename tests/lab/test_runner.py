"""The thread behind the lab: every control of a run, without a browser."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from watersellers.experiments.runs.dated_changes import Change
from watersellers.experiments.runs.month_snapshots import result_of
from watersellers.experiments.runs.run_spec import RunSpec, scenario_spec_of
from watersellers.experiments.runs.world import World
from watersellers.viz.lab.worlds.month_sources import LiveMonths, NewWorlds
from watersellers.viz.lab.worlds.remote_world import RemoteWorlds
from watersellers.viz.lab.worlds.runner import FASTEST, Runner

SMALL = RunSpec(users=100, seed=2)


def begun(worlds):
    made = Runner(SMALL, worlds)
    made.wait_for(lambda view: view.spec is not None and not view.busy)
    return made


@pytest.fixture(params=[NewWorlds, RemoteWorlds])
def runner(request):
    made = begun(request.param())
    yield made
    made.close()


@pytest.fixture
def elsewhere():
    """A runner whose world has lived a month in a process of its own."""
    made = begun(RemoteWorlds())
    made.ask("step")
    made.wait_for(has_months(1))
    yield made
    made.close()


def digest_of(runner):
    view = runner.view
    given = World(view.spec, rng=view.run_spec.seed, users=view.run_spec.users).given
    return result_of(view.snapshots, view.spec, given).manifest["digest"]


def digest_of_a_run(run_spec, months):
    world = World(scenario_spec_of(run_spec), rng=run_spec.seed, months=months, users=run_spec.users)
    while world.running:
        world.step()
    return world.result().manifest["digest"]


def has_months(count):
    return lambda view: len(view.snapshots) == count and not view.busy


def test_a_step_lives_one_month_and_then_rests(runner):
    runner.ask("step")
    runner.wait_for(has_months(1))
    runner.ask("step")
    view = runner.wait_for(has_months(2))
    assert not view.playing
    assert [month.number for month in view.snapshots] == [0, 1]


def test_play_goes_on_until_pause(runner):
    runner.ask("speed", FASTEST)
    runner.ask("play")
    runner.wait_for(lambda view: len(view.snapshots) >= 3)
    runner.ask("pause")
    rested = len(runner.wait_for(lambda view: not view.playing).snapshots)
    time.sleep(0.3)
    assert len(runner.view.snapshots) == rested


def test_play_keeps_to_the_pace_that_was_asked(runner):
    runner.ask("speed", 2.0)
    runner.ask("play")
    started = time.monotonic()
    runner.wait_for(lambda view: len(view.snapshots) >= 4)
    assert time.monotonic() - started >= 1.4  # the first month at once, then half a second between two


def test_months_that_no_time_was_left_for_are_counted_and_not_made_up(monkeypatch):
    lives, seconds = LiveMonths.next, [0.0]

    def slowly(source):
        time.sleep(seconds[0])
        return lives(source)

    monkeypatch.setattr(LiveMonths, "next", slowly)
    runner = begun(NewWorlds())
    runner.ask("speed", 1.0)
    runner.ask("play")
    runner.wait_for(lambda view: len(view.snapshots) >= 3, 60)
    assert runner.view.behind == 0.0  # each month was lived within its second
    seconds[0] = 2.5
    runner.wait_for(lambda view: len(view.snapshots) >= 5, 60)
    assert runner.view.behind > 2.0  # two and a half months were asked for in the time of each
    runner.ask("speed", FASTEST)
    runner.ask("play")
    view = runner.wait_for(lambda view: len(view.snapshots) >= 7, 60)
    assert view.behind == 0.0  # as fast as it goes, there is no pace to fall behind
    runner.close()


def test_a_run_ends_with_its_last_month():
    runner = Runner(RunSpec(scenario="baseline", users=50), NewWorlds(), until=46)
    runner.wait_for(has_months(46), 120)
    runner.ask("speed", FASTEST)
    runner.ask("play")
    view = runner.wait_for(lambda view: view.over and not view.playing, 60)
    assert len(view.snapshots) == view.goal == 48
    runner.close()


def test_what_was_played_is_the_run_of_the_same_seed(runner):
    for _ in range(3):
        runner.ask("step")
    runner.wait_for(has_months(3))
    assert digest_of(runner) == digest_of_a_run(SMALL, 3)


def test_a_change_acts_from_the_next_month_as_a_dated_event_would(runner):
    for _ in range(3):
        runner.ask("step")
    runner.ask("change", ("chips.lock_in", 0.1, 3))
    for _ in range(3):
        runner.ask("step")
    view = runner.wait_for(has_months(6))
    assert view.run_spec.changes == (Change("2023-04", "chips.lock_in", 0.1),)
    assert digest_of(runner) == digest_of_a_run(view.run_spec, 6)


def test_a_new_future_from_an_earlier_month_is_the_run_with_that_change(runner):
    for _ in range(5):
        runner.ask("step")
    before = runner.wait_for(has_months(5)).snapshots
    runner.ask("change", ("apps.list_price", 0.5, 2))
    view = runner.wait_for(lambda view: view.run_spec.changes and not view.busy)
    assert [month.number for month in view.snapshots] == [0, 1]
    assert view.snapshots[1] is before[1]  # what was stays what it was
    for _ in range(3):
        runner.ask("step")
    view = runner.wait_for(has_months(5))
    assert digest_of(runner) == digest_of_a_run(RunSpec(users=100, seed=2, changes=view.run_spec.changes), 5)
    assert digest_of(runner) != digest_of_a_run(SMALL, 5)


def test_going_back_lets_go_of_the_changes_that_came_later(runner):
    runner.ask("step")
    runner.ask("change", ("chips.lock_in", 0.1, 1))
    runner.ask("step")
    runner.ask("branch", 0)
    view = runner.wait_for(lambda view: not view.snapshots and not view.busy)
    assert view.run_spec.changes == ()
    runner.ask("step")
    runner.wait_for(has_months(1))
    assert digest_of(runner) == digest_of_a_run(SMALL, 1)


def test_another_run_begins_with_its_own_recipe(runner):
    runner.ask("step")
    runner.ask("start", (RunSpec(users=50, seed=9, set={"chips.lock_in": 0.3}), 2))
    view = runner.wait_for(lambda view: view.run_spec.seed == 9 and has_months(2)(view))
    assert digest_of(runner) == digest_of_a_run(view.run_spec, 2)


@pytest.mark.parametrize("then", ["step", "play", "until", "change"])
def test_a_world_that_was_let_go_of_for_sleep_goes_on_to_the_cent(runner, then):
    for _ in range(3):
        runner.ask("step")
    before = runner.wait_for(has_months(3)).snapshots
    runner.ask("sleep")
    runner.ask("dismiss")
    version = runner.view.version
    runner.wait_for(lambda view: view.version > version)
    assert runner._source is None
    runner.ask("speed", FASTEST)
    runner.ask(then, {"until": 5, "change": ("chips.lock_in", 0.1, 3)}.get(then))
    runner.ask("until", 5)
    view = runner.wait_for(lambda view: len(view.snapshots) >= 5 and not view.busy)
    runner.ask("pause")
    assert all(now is old for now, old in zip(view.snapshots[:3], before, strict=True))
    runner.wait_for(lambda view: not view.playing)
    assert digest_of(runner) == digest_of_a_run(runner.view.run_spec, len(runner.view.snapshots))


def test_a_world_that_plays_does_not_fall_asleep(runner):
    runner.ask("play")
    runner.ask("sleep")
    runner.wait_for(lambda view: len(view.snapshots) >= 2)
    assert runner._source is not None


@pytest.mark.parametrize(
    ("command", "value", "sentence"),
    [
        ("change", ("chips.lock_im", 1.0, 0), "lock_in"),
        ("change", ("chips.lock_in", -5.0, 0), "lock_in"),
        ("start", (RunSpec(scenario="nowhere"), 0), "nowhere"),
        ("speed", 0.0, "speed"),
    ],
)
def test_a_command_that_cannot_be_done_is_told_and_the_run_goes_on(runner, command, value, sentence):
    runner.ask(command, value)
    view = runner.wait_for(lambda view: view.failed)
    assert sentence in view.failed
    runner.ask("step")
    assert len(runner.wait_for(lambda view: len(view.snapshots) == 1).snapshots) == 1


def test_a_closed_runner_leaves_no_thread_behind():
    before = threading.active_count()
    runner = Runner(SMALL, NewWorlds())
    runner.close()
    assert not runner.running
    assert threading.active_count() == before


def test_a_closed_runner_leaves_no_process_behind(elsewhere):
    process = elsewhere._source._process.pid
    elsewhere.close()
    assert not alive(process)


def test_a_world_whose_process_is_killed_is_told_and_can_be_begun_again(elsewhere):
    before = elsewhere.view.snapshots
    os.kill(elsewhere._source._process.pid, signal.SIGKILL)
    elsewhere.ask("step")
    view = elsewhere.wait_for(lambda view: view.failed)
    assert "gone" in view.failed
    assert view.snapshots == before
    elsewhere.ask("branch", 1)
    elsewhere.wait_for(lambda view: not view.failed and has_months(1)(view))
    elsewhere.ask("step")
    elsewhere.wait_for(has_months(2))
    assert digest_of(elsewhere) == digest_of_a_run(SMALL, 2)


def test_a_world_ends_with_the_lab_though_that_is_killed(tmp_path):
    """The lab is another process here, killed in the middle of a month after month."""
    script = """
from watersellers.experiments.runs.run_spec import RunSpec
from watersellers.viz.lab.worlds.remote_world import RemoteWorlds
if __name__ == "__main__":
    worlds = RemoteWorlds()
    life = worlds.start(worlds.resolve(RunSpec(users=100)), RunSpec(users=100))
    print(life._process.pid, flush=True)
    while True:
        life.next()
"""
    file = tmp_path / "lab.py"
    file.write_text(script)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, str(file)], stdout=subprocess.PIPE, text=True, env=environment) as lab:
        world = int(lab.stdout.readline() if lab.stdout else 0)
        assert alive(world)
        lab.kill()
    end = time.monotonic() + 10
    while alive(world) and time.monotonic() < end:
        time.sleep(0.05)
    assert not alive(world)


def alive(process):
    """Whether a process runs; one that ended and was not looked after yet does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False

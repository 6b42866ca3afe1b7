"""A command that is told to stop, or killed, leaves nothing behind that is in anybody's way."""

import os
import re
import signal
import time

import pytest

from tests.commands import alone, said
from watersellers import run
from watersellers.experiments.__main__ import main
from watersellers.experiments.saving import drafts
from watersellers.experiments.saving.drafts import DRAFT, OLD, clear, draft_folder
from watersellers.experiments.saving.places import PAGE, write_file
from watersellers.experiments.stopping import Stopped, heeding_signals

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
LONG = ("run", "--months", "600", "--users", "20000")
SMALL = ("--months", "1", "--users", "20")


def finished(process):
    """Hear what a process says to its end; one that does not end is killed."""
    try:
        return process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()


def at_work(here, seed=1):
    """Start a long run, and wait until it writes."""
    process = alone(*LONG, "--seed", str(seed), cwd=here)
    for _ in range(600):
        if list(here.glob(f"runs/.baseline-seed{seed}.*{DRAFT}/.lock")):
            time.sleep(0.5)
            return process
        time.sleep(0.1)
    raise AssertionError(process.communicate(timeout=10))


@pytest.mark.parametrize(
    ("number", "status", "sentence"),
    [
        (signal.SIGINT, 130, "stopped; nothing is left half written\n"),
        (signal.SIGTERM, 143, "stopped by SIGTERM; nothing is left half written\n"),
    ],
)
@pytest.mark.parametrize("times", [1, 5])
def test_a_run_that_is_told_to_stop_leaves_nothing(here, number, status, sentence, times):
    process = at_work(here)
    for _ in range(times):
        process.send_signal(number)
    out, err = finished(process)
    assert (process.returncode, err) == (status, sentence)
    assert re.fullmatch(r"computing with .+\n", out)
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("command", [("compare", "baseline", "baseline"), ("validate",), ("verify",), ("decompose",)])
def test_whatever_is_told_to_stop_says_so_by_its_status(here, command):
    process = alone(*command, "--seeds", "50", "--workers", "1", cwd=here)
    time.sleep(4)
    process.send_signal(signal.SIGTERM)
    assert finished(process) == ("", "stopped by SIGTERM; nothing is left half written\n")
    assert process.returncode == 143
    assert list(here.iterdir()) == []


def test_a_signal_that_is_swallowed_comes_again():
    class Ending:
        """Is told to stop in the midst of its end, where nothing that is raised gets out."""

        def __del__(self):
            signal.raise_signal(signal.SIGTERM)
            for _ in range(1000):
                pass

    def ended():
        with heeding_signals():
            ending = Ending()
            del ending
            time.sleep(10)

    clock = time.monotonic()
    with pytest.raises(Stopped):
        ended()
    assert time.monotonic() - clock < 5


def test_a_signal_that_somebody_swallowed_on_purpose_comes_again_and_none_disturbs_the_clearing_up():
    cleared = []

    def deaf():
        with heeding_signals():
            try:
                signal.raise_signal(signal.SIGTERM)
            except BaseException:  # noqa: BLE001 - as badly written code does
                cleared.append("not at all")
            try:
                time.sleep(10)
            finally:
                signal.raise_signal(signal.SIGTERM)
                time.sleep(1)
                cleared.append("all")

    with pytest.raises(Stopped):
        deaf()
    assert cleared == ["not at all", "all"]


def test_ctrl_c_in_python_ends_in_a_sentence():
    def interrupted(done, _):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="stopped after 2 of 5 months; nothing is kept"):
        run(months=5, users=20, progress=interrupted)


def test_what_ignores_a_signal_goes_on_ignoring_it():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with heeding_signals():
            signal.raise_signal(signal.SIGINT)
            assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_later_run_clears_what_a_killed_one_left_and_nothing_of_a_living_one(here, capsys):
    killed, living = at_work(here, 1), at_work(here, 2)
    killed.kill()
    finished(killed)
    left = {each.name for each in (here / "runs").iterdir()}
    assert len(left) == 2
    said(capsys, "run", "--quiet", *SMALL)
    assert {each.name for each in (here / "runs").iterdir()} - left == {"baseline-seed1"}
    assert [each.name.split(".")[1] for each in (here / "runs").glob(f".*{DRAFT}")] == ["baseline-seed2"]
    main(["run", "--quiet", "--seed", "2", *SMALL])
    assert list((here / "runs").glob(f".baseline-seed2.*{DRAFT}"))
    living.kill()
    finished(living)


def test_a_draft_of_a_dead_process_is_cleared_and_one_that_is_held_stays(tmp_path):
    dead = tmp_path / f".page.html.1-2{DRAFT}"
    dead.write_text("half")
    os.utime(dead, (0, 0))
    stranger = tmp_path / f".page.htm.1-2{DRAFT}"
    stranger.write_text("half")
    with draft_folder(tmp_path / "one") as held:
        clear(tmp_path / "one")
        assert held.is_dir()
        write_file(PAGE.mark, tmp_path / "page.html", PAGE)
    assert {each.name for each in tmp_path.iterdir()} == {stranger.name, "one", "page.html"}
    assert list((tmp_path / "one").iterdir()) == []


def test_a_folder_that_had_made_way_when_its_successor_was_killed_comes_back(tmp_path):
    (tmp_path / f".one.1-2{OLD}").mkdir()
    (tmp_path / f".one.1-2{OLD}" / "data").write_text("precious")
    draft = tmp_path / f".one.1-2{DRAFT}"
    draft.mkdir()
    (draft / ".lock").touch()
    os.utime(draft / ".lock", (0, 0))
    clear(tmp_path / "one")
    assert {each.name for each in tmp_path.iterdir()} == {"one"}
    assert (tmp_path / "one" / "data").read_text() == "precious"


def test_a_folder_that_was_just_made_gets_the_time_to_be_locked(tmp_path, monkeypatch):
    draft = tmp_path / f".one.1-2{DRAFT}"
    draft.mkdir()
    clear(tmp_path / "one")
    assert draft.is_dir()
    monkeypatch.setattr(drafts, "MOMENT", -1.0)
    clear(tmp_path / "one")
    assert not draft.exists()


def test_only_drafts_of_the_very_place_are_cleared(tmp_path):
    others = [f".v1.1.7-8{DRAFT}", f".v1.1.7-8{OLD}", f".v1.mine{DRAFT}", f".v1.backup{OLD}", ".v1.old"]
    for name in others:
        (tmp_path / name).mkdir()
        (tmp_path / name / "data").write_text("precious")
    clear(tmp_path / "v1")
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(others)

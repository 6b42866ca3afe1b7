"""A command that is stopped or killed leaves nothing behind that is in anybody's way."""

import os
import re
import signal
import time

import pytest

from tests.tools.commands import alone, output_of
from watersellers import run
from watersellers.experiments.__main__ import main
from watersellers.experiments.runs.stopping import Stopped, signals_handled
from watersellers.experiments.saving import atomic_files
from watersellers.experiments.saving.atomic_files import OLD, PART, clear_leftovers, temporary_folder
from watersellers.experiments.saving.output_files import PAGE, write_file

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
LONG = ("run", "--months", "600", "--users", "20000")
SMALL = ("--months", "1", "--users", "20")


def finished(process):
    """Wait for a process to end, and return its output; kill one that does not end."""
    try:
        return process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()


def at_work(here, seed=1):
    """Start a long run, and wait until it writes."""
    process = alone(*LONG, "--seed", str(seed), cwd=here)
    for _ in range(600):
        if list(here.glob(f"runs/.baseline-seed{seed}.*{PART}/.lock")):
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


@pytest.mark.parametrize(
    "command", [("compare", "baseline", "baseline"), ("validate",), ("verify",), ("decompose",), ("outlook",)]
)
def test_every_stopped_command_exits_with_its_status(here, command):
    process = alone(*command, "--seeds", "50", "--workers", "1", cwd=here)
    time.sleep(4)
    process.send_signal(signal.SIGTERM)
    assert finished(process) == ("", "stopped by SIGTERM; nothing is left half written\n")
    assert process.returncode == 143
    assert list(here.iterdir()) == []


def test_a_swallowed_signal_is_sent_again():
    class Ending:
        """An object that is stopped inside its destructor, which lets no exception out."""

        def __del__(self):
            signal.raise_signal(signal.SIGTERM)
            for _ in range(1000):
                pass

    def ended():
        with signals_handled():
            ending = Ending()
            del ending
            time.sleep(10)

    clock = time.monotonic()
    with pytest.raises(Stopped):
        ended()
    assert time.monotonic() - clock < 5


def test_a_swallowed_signal_is_sent_again_and_no_signal_disturbs_the_cleanup():
    cleared = []

    def deaf():
        with signals_handled():
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


def test_a_signal_that_a_library_turns_into_its_own_error_still_stops():
    def renamed():
        with signals_handled():
            try:
                signal.raise_signal(signal.SIGTERM)
            except BaseException as error:  # noqa: BLE001 - as a library in C does
                raise ValueError(f"a model can't be built: {error}") from None

    with pytest.raises(Stopped) as stopped:
        renamed()
    assert stopped.value.number == signal.SIGTERM


def test_what_a_library_made_of_a_signal_disturbs_no_cleanup():
    class OfTheLibrary(BaseException):
        """What an extension raises, without a word on where it comes from."""

    cleared = []

    def renamed():
        with signals_handled():
            try:
                try:
                    signal.raise_signal(signal.SIGTERM)
                except BaseException:  # noqa: BLE001 - as a library in C does
                    error = OfTheLibrary()
                error.__context__ = None
                raise error
            finally:
                time.sleep(1)
                cleared.append("all")

    with pytest.raises(Stopped):
        renamed()
    assert cleared == ["all"]


def test_an_error_without_a_signal_stays_what_it_is():
    with pytest.raises(ValueError, match="by itself"), signals_handled():
        raise ValueError("by itself")


def test_ctrl_c_in_python_ends_in_a_sentence():
    def interrupted(done, _):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="stopped after 2 of 5 months; nothing is kept"):
        run(months=5, users=20, progress=interrupted)


def test_an_ignored_signal_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with signals_handled():
            signal.raise_signal(signal.SIGINT)
            assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_later_run_clears_drafts_of_killed_runs_and_none_of_running_ones(here, capsys):
    killed, living = at_work(here, 1), at_work(here, 2)
    killed.kill()
    finished(killed)
    left = {each.name for each in (here / "runs").iterdir()}
    assert len(left) == 2
    output_of(capsys, "run", "--quiet", *SMALL)
    assert {each.name for each in (here / "runs").iterdir()} - left == {"baseline-seed1"}
    assert [each.name.split(".")[1] for each in (here / "runs").glob(f".*{PART}")] == ["baseline-seed2"]
    main(["run", "--quiet", "--seed", "2", *SMALL])
    assert list((here / "runs").glob(f".baseline-seed2.*{PART}"))
    living.kill()
    finished(living)


def test_a_draft_of_a_dead_process_is_cleared_and_a_locked_draft_stays(tmp_path):
    dead = tmp_path / f".page.html.1-2{PART}"
    dead.write_text("half")
    os.utime(dead, (0, 0))
    stranger = tmp_path / f".page.htm.1-2{PART}"
    stranger.write_text("half")
    with temporary_folder(tmp_path / "one") as held:
        clear_leftovers(tmp_path / "one")
        assert held.is_dir()
        write_file(PAGE.mark, tmp_path / "page.html", PAGE)
    assert {each.name for each in tmp_path.iterdir()} == {stranger.name, "one", "page.html"}
    assert list((tmp_path / "one").iterdir()) == []


def test_a_replaced_folder_comes_back_if_the_replacing_run_was_killed(tmp_path):
    (tmp_path / f".one.1-2{OLD}").mkdir()
    (tmp_path / f".one.1-2{OLD}" / "data").write_text("precious")
    draft = tmp_path / f".one.1-2{PART}"
    draft.mkdir()
    (draft / ".lock").touch()
    os.utime(draft / ".lock", (0, 0))
    clear_leftovers(tmp_path / "one")
    assert {each.name for each in tmp_path.iterdir()} == {"one"}
    assert (tmp_path / "one" / "data").read_text() == "precious"


def test_a_new_folder_gets_time_to_be_locked(tmp_path, monkeypatch):
    draft = tmp_path / f".one.1-2{PART}"
    draft.mkdir()
    clear_leftovers(tmp_path / "one")
    assert draft.is_dir()
    monkeypatch.setattr(atomic_files, "MOMENT", -1.0)
    clear_leftovers(tmp_path / "one")
    assert not draft.exists()


def test_only_drafts_of_the_same_target_are_cleared(tmp_path):
    others = [f".v1.1.7-8{PART}", f".v1.1.7-8{OLD}", f".v1.mine{PART}", f".v1.backup{OLD}", ".v1.old"]
    for name in others:
        (tmp_path / name).mkdir()
        (tmp_path / name / "data").write_text("precious")
    clear_leftovers(tmp_path / "v1")
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(others)

"""Processes that make runs: ended with who asked, however that goes, and a killed one is said in a sentence."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from watersellers import BadInput
from watersellers.experiments.crew import Crew
from watersellers.experiments.errors import WorkerLost
from watersellers.experiments.limits import WORKERS_LIMIT
from watersellers.experiments.many import Case, measured, processes
from watersellers.experiments.scenario import load_scenario

LONG = 120.0  # seconds that a test waits before it calls something hung
ROOT = Path(__file__).parents[1]
ASKING = """
import signal, sys, time
from pathlib import Path
from tests.test_many import Stopped, begins, cases, stopped
from functools import partial
from watersellers.experiments.many import measured

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stopped)
    try:
        list(measured(cases(4), partial(begins, Path(sys.argv[1])), 2))
    except (KeyboardInterrupt, Stopped) as error:
        print(type(error).__name__, flush=True)
"""


class Stopped(Exception):
    pass


def cases(number):
    return [Case(load_scenario(), seed, users=50, months=1) for seed in range(1, number + 1)]


def seed_of(result):
    return result.manifest["seed"]


def begins(folder, result):
    """Say which process this is, and work for an hour."""
    (folder / str(os.getpid())).touch()
    time.sleep(3600)


def interrupts(seed, result):
    """Press Ctrl-C in the run of one seed."""
    if result.manifest["seed"] == seed:
        raise KeyboardInterrupt
    return seed


def kills_itself(result):
    os.kill(os.getpid(), signal.SIGKILL)


def refuses(result):
    if result.manifest["seed"] == 2:
        raise BadInput("the second is refused")
    time.sleep(3600)


def stopped(*_):
    raise Stopped


def alive(pid):
    with suppress(OSError):
        os.kill(pid, 0)
        return not Path(f"/proc/{pid}/stat").exists() or Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    return False


def soon(true):
    """Wait until something is so."""
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


@contextmanager
def asking(folder):
    """A process that has two workers at work for an hour, and their ids."""
    asker = subprocess.Popen(
        [sys.executable, "-c", ASKING, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with asker:
        try:
            soon(lambda: len(list(folder.iterdir())) == 2)
            yield asker, [int(each.name) for each in folder.iterdir()]
        finally:
            asker.kill()


def test_what_is_measured_comes_in_the_order_of_the_cases_for_more_than_one_round():
    with processes(4, 2) as measure:
        assert list(measure(seed_of, cases(5))) == [1, 2, 3, 4, 5]
        assert list(measure(seed_of, cases(2))) == [1, 2]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_one_that_asked_however_it_is_ended(how, tmp_path):
    with asking(tmp_path) as (asker, workers):
        asker.send_signal(how)
        out, err = asker.communicate(timeout=LONG)
        soon(lambda: not any(map(alive, workers)))
    assert out.split() == {signal.SIGINT: ["KeyboardInterrupt"], signal.SIGTERM: ["Stopped"]}.get(how, [])
    assert err == ""


def test_a_block_that_is_left_by_an_exception_waits_for_no_run():
    start = time.monotonic()
    with pytest.raises(BadInput, match="the second is refused"):
        list(measured(cases(2), refuses, 2))
    assert time.monotonic() - start < LONG


def test_a_round_that_nobody_hears_to_its_end_leaves_no_process(tmp_path):
    found: Any = measured(cases(2), partial(waits_but_first, tmp_path), 2)
    assert next(found) == 1
    workers = [int(each.name) for each in tmp_path.iterdir()]
    found.close()
    assert not any(map(alive, workers))


def waits_but_first(folder, result):
    (folder / str(os.getpid())).touch()
    if result.manifest["seed"] > 1:
        time.sleep(3600)
    return 1


def test_a_killed_process_is_said_in_a_sentence():
    with pytest.raises(WorkerLost, match=r"^a process that made runs was ended by SIGKILL; where memory is short"):
        list(measured(cases(3), kills_itself, 2))


def test_a_process_that_is_killed_between_two_rounds_is_said_too():
    with processes(2, 2) as measure:
        list(measure(seed_of, cases(2)))
        (pid,) = {each.pid for each in _workers(measure)[:1]}
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(WorkerLost, match="was ended by SIGKILL"):
            list(measure(seed_of, cases(4)))


def _workers(measure):
    crew = next(cell.cell_contents for cell in measure.__closure__ if isinstance(cell.cell_contents, Crew))
    return list(crew.workers.values())


def test_what_a_process_can_not_send_is_raised_where_it_is_waited_for():
    with pytest.raises(AttributeError, match=r"pickle"):
        list(measured(cases(2), makes_a_function, 2))


def makes_a_function(result):
    return lambda: None


@pytest.mark.parametrize(
    "workers",
    [0, -1, WORKERS_LIMIT + 1, 10**6, 10**5000, 1.5, True, "two", float("nan")],
    ids=lambda each: f"{each!s:.9}" if not isinstance(each, int) or each < 10**9 else "huge",
)
def test_a_number_of_processes_that_is_none_is_refused_before_any_run(workers):
    with pytest.raises(BadInput, match=rf"^workers: found .*, expected a whole number from 1 to {WORKERS_LIMIT}$"):
        next(measured(cases(1), seed_of, workers))


def test_an_interrupt_in_python_says_how_many_runs_were_made():
    """Whatever makes several runs (compare, validate, a story, a decomposition) asks for them through this door."""
    made = measured(cases(5), partial(interrupts, 3), workers=1)
    with pytest.raises(KeyboardInterrupt, match="stopped after 2 of 5 runs; nothing is kept of them"):
        list(made)

"""Processes that make runs end with the process that asked, and a killed one is reported in a sentence."""

import os
import signal
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.runs.long_runs import LONG, asking, cases, soon
from watersellers import BadInput
from watersellers.experiments.input.errors import WorkerLost
from watersellers.experiments.loading.limits import WORKERS_LIMIT
from watersellers.experiments.runs.parallel import measure_runs, worker_processes
from watersellers.experiments.runs.process_pool import ProcessPool


def seed_of(result):
    return result.manifest["seed"]


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


def alive(pid):
    with suppress(OSError):
        os.kill(pid, 0)
        return not Path(f"/proc/{pid}/stat").exists() or Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    return False


def test_what_is_measured_comes_in_the_order_of_the_cases_for_more_than_one_round():
    with worker_processes(4, 2) as measure:
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
        list(measure_runs(cases(2), refuses, 2))
    assert time.monotonic() - start < LONG


def test_a_round_that_is_abandoned_leaves_no_process(tmp_path):
    found: Any = measure_runs(cases(2), partial(waits_but_first, tmp_path), 2)
    assert next(found) == 1
    workers = [int(each.name) for each in tmp_path.iterdir()]
    found.close()
    assert not any(map(alive, workers))


def waits_but_first(folder, result):
    (folder / str(os.getpid())).touch()
    if result.manifest["seed"] > 1:
        time.sleep(3600)
    return 1


def test_a_killed_process_is_reported_in_a_sentence():
    with pytest.raises(WorkerLost, match=r"^a worker process was ended by SIGKILL; if memory is short"):
        list(measure_runs(cases(3), kills_itself, 2))


def test_a_process_killed_between_two_rounds_is_reported_too():
    with worker_processes(2, 2) as measure:
        list(measure(seed_of, cases(2)))
        (pid,) = {each.pid for each in _workers(measure)[:1]}
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(WorkerLost, match="was ended by SIGKILL"):
            list(measure(seed_of, cases(4)))


def _workers(measure):
    pool = next(cell.cell_contents for cell in measure.__closure__ if isinstance(cell.cell_contents, ProcessPool))
    return list(pool.workers.values())


def test_a_result_that_cannot_be_sent_raises_in_the_waiting_process():
    with pytest.raises(AttributeError, match=r"pickle"):
        list(measure_runs(cases(2), makes_a_function, 2))


def makes_a_function(result):
    return lambda: None


@pytest.mark.parametrize(
    "workers",
    [0, -1, WORKERS_LIMIT + 1, 10**6, 10**5000, 1.5, True, "two", float("nan")],
    ids=lambda each: f"{each!s:.9}" if not isinstance(each, int) or each < 10**9 else "huge",
)
def test_an_impossible_number_of_processes_is_refused_before_any_run(workers):
    with pytest.raises(BadInput, match=rf"^workers: found .*, expected a whole number from 1 to {WORKERS_LIMIT}$"):
        next(measure_runs(cases(1), seed_of, workers))


def test_an_interrupt_in_python_says_how_many_runs_were_made():
    """Whatever makes several runs (compare, validate, a story, a decomposition) asks for them through this door."""
    made = measure_runs(cases(5), partial(interrupts, 3), workers=1)
    with pytest.raises(KeyboardInterrupt, match="stopped after 2 of 5 runs; nothing is kept of them"):
        list(made)

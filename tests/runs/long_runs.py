"""Runs that take an hour, and a program that asks for them."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.runs.parallel import RunCase

LONG = 120.0  # seconds that a test waits before it calls something hung
ROOT = Path(__file__).parents[2]
ASKING = """
import signal, sys, time
from pathlib import Path
from tests.runs.long_runs import Stopped, begins, cases, stopped
from functools import partial
from watersellers.experiments.runs.parallel import measure_runs

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stopped)
    try:
        list(measure_runs(cases(4), partial(begins, Path(sys.argv[1])), 2))
    except (KeyboardInterrupt, Stopped) as error:
        print(type(error).__name__, flush=True)
"""


class Stopped(Exception):
    pass


def cases(number):
    return [RunCase(load_scenario(), seed, users=50, months=1) for seed in range(1, number + 1)]


def begins(folder, result):
    """Leave a file named by the id of this process, and work for an hour."""
    (folder / str(os.getpid())).touch()
    time.sleep(3600)


def stopped(*_):
    raise Stopped


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

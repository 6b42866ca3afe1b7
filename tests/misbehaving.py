"""Measures that misbehave as runs do in the field: they raise, hang, kill their process, or take their time.

Which runs do is said by the number of months of the first firm's lock-in: a parameter like any other.
"""

import os
import signal
import time
from pathlib import Path

import polars as pl

ONE = pl.DataFrame({"value": [1.0]})


def _is(result, sort: float) -> bool:
    """Whether a run is of a sort, written into the number that a study varies."""
    return f"lock_in = {sort}\n" in result.manifest["scenario"]["text"].partition("[chips.nvidia]")[2].split("[")[0]


def raises(result):
    if _is(result, 1.0):
        raise ZeroDivisionError("one of the runs divides by nothing")
    return ONE


def hangs(result):
    if _is(result, 1.0):
        time.sleep(3600)
    return ONE


def kills(result):
    if _is(result, 1.0):
        os.kill(os.getpid(), signal.SIGKILL)
    return ONE


def kills_once(result):
    mark = Path(os.environ["MARK"])
    if _is(result, 1.0) and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return ONE


def waits(result):
    """Note that a run was made, and wait until it may go on."""
    folder = Path(os.environ["MARK"])
    (folder / f"{result.manifest['seed']}-{os.getpid()}-{time.monotonic_ns()}.made").touch()
    while not (folder / "go").exists():
        time.sleep(0.02)
    return ONE

"""A measure that misbehaves as real ones do (it raises, hangs, or kills its process), and one that waits.

What it does is said by a number that the study varies, ``chips.nvidia.lock_in``. Each call leaves a mark, so that a
test can count how often a run was made.
"""

import os
import signal
import time
from pathlib import Path

import polars as pl

RAISES, HANGS, KILLS, KILLS_ONCE = 1.0, 2.0, 3.0, 4.0
ONE = pl.DataFrame({"value": [1.0]})


def number(result) -> float:
    """The number that a study varies."""
    firm = result.manifest["scenario"]["text"].partition("[chips.nvidia]")[2]
    return float(firm.partition("\nlock_in = ")[2].partition("\n")[0])


def marked(result) -> list[str]:
    """Leave a mark of this run, and give all marks of it."""
    folder, name = Path(os.environ["MARKS"]), f"{number(result):g}-{result.manifest['seed']}"
    (folder / f"{name}-{os.getpid()}-{time.monotonic_ns()}").touch()
    return [each.name for each in folder.glob(f"{name}-*")]


def misbehaves(result):
    marks, what = marked(result), number(result)
    if os.environ.get("HEALED"):
        return ONE
    if what == RAISES:
        raise ZeroDivisionError("one of the runs divides by nothing")
    if what == HANGS:
        time.sleep(3600)
    if what == KILLS or (what == KILLS_ONCE and len(marks) == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    return ONE


def waits(result):
    """Wait until the test lets this run go on; the first one goes on at once."""
    marked(result)
    while number(result) and not (Path(os.environ["MARKS"]) / "go").exists():
        time.sleep(0.05)
    return ONE

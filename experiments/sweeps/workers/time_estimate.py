"""Estimate the time of a study before it starts, from two months of its first point.

The user's own code runs in a worker process and not in this one: a module that hangs when it is loaded, or ends its
process, is refused with a sentence; a measure that raises or hangs costs the estimate and not the sweep. A study
without own measures runs its two months here, which saves the seconds that a process takes to start.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from watersellers.experiments.input.errors import BadInput, refuse
from watersellers.experiments.sweeps.measures import own_measures
from watersellers.experiments.sweeps.study.plan import Plan
from watersellers.experiments.sweeps.workers.trial import TRIAL_MONTHS, try_study
from watersellers.experiments.sweeps.workers.worker_pipe import START_LIMIT, WorkerEnded, WorkerHung, WorkerPipe

LOAD_LIMIT = 30.0  # seconds that a module with a measure has to be loaded
TRIAL_LIMIT = 60.0  # seconds that two months may take


@dataclass(frozen=True, slots=True)
class Estimate:
    """The number of runs, the estimated seconds per run and in all, and the bytes in all; or the reason for none."""

    runs: int
    seconds_a_run: float | None = None
    seconds: float | None = None
    bytes: int | None = None
    why: str = ""


def check_own_measures(names: Sequence[str], modules: Mapping[str, str], label: str) -> None:
    """Load the user's own measures, in a separate process.

    Raises
    ------
    BadInput
        If a module can't be loaded, takes too long, or ends its process; or if a function is not there.
    """
    problems: list[str] = []
    if not names:
        return
    try:
        with _trial_worker(modules) as pipe:
            for name in names:
                problems += _load(pipe, name)
    except BadInput as error:  # the process is gone, so the other names were not tried
        problems += error.problems
    refuse(f"{label}, {problem}" for problem in problems)


def _load(pipe: WorkerPipe, name: str) -> list[str]:
    """Load one measure, and return what is wrong with it."""
    module, cure = name.partition(":")[0], "move what it does on import into a function"
    try:
        refused: list[str] = pipe.ask({"load": name}, LOAD_LIMIT).get("refused", [])
    except WorkerHung as hung:
        raise BadInput(f"measures: {name!r}: its module {module} {hung} to load; {cure}") from None
    except WorkerEnded as end:
        raise BadInput(f"measures: {name!r}: its module {module} can't be loaded: its process {end}; {cure}") from None
    return refused


def estimate(plan: Plan, workers: int | None = None) -> Estimate:
    """Time a short run of the first point, and estimate the time of all runs.

    Raises
    ------
    BadInput
        If no world can be made of the first point.
    """
    try:
        trial = _try_first_point(plan)
    except WorkerHung as hung:
        return Estimate(len(plan), why=f"{TRIAL_MONTHS} months of the first point {hung}")
    except WorkerEnded as end:
        return Estimate(len(plan), why=f"the process that tried the first point {end}")
    if "failed" in trial:
        return Estimate(len(plan), why=f"the first point raised {trial['failed']}")
    refuse(trial.get("refused", []))
    run = trial["first"] + trial["month"] * (plan.months - 1)
    size = trial["bytes"] * max(1, plan.months // TRIAL_MONTHS)
    hands = min(workers or os.cpu_count() or 1, len(plan))
    return Estimate(len(plan), run, run * len(plan) / hands, size * len(plan))


def _try_first_point(plan: Plan) -> dict[str, Any]:
    """Run two months of the first point."""
    study = {"users": plan.study.users, "measures": list(plan.study.measures)}
    request = next(plan.runs()).request() | {"text": plan.text, "name": plan.name, "months": plan.months} | study
    if not own_measures(plan.study.measures):
        return try_study(request)
    with _trial_worker(plan.modules) as pipe:
        return pipe.ask(request, min(TRIAL_LIMIT, plan.study.time_limit))


@contextmanager
def _trial_worker(modules: Mapping[str, str]) -> Iterator[WorkerPipe]:
    """Start a worker process for a trial, and end it afterwards."""
    pipe = WorkerPipe()
    try:
        pipe.ask({"modules": dict(modules)}, START_LIMIT)
        yield pipe
    finally:
        pipe.kill()
        pipe.release()


def time_in_words(seconds: float) -> str:
    """Write a time in words."""
    for size, word in ((86_400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= TRIAL_MONTHS * size:
            return f"{seconds / size:.0f} {word}"
    return f"{seconds:.0f} seconds"

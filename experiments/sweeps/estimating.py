"""What a study will take, said before it starts: measured on two months of its first point.

Whatever is the user's own runs in a worker process and not in this one: a module that hangs when it is loaded, or ends
its process, is refused with a sentence; a measure that raises or hangs costs the estimate and not the sweep. Where
nothing is the user's own, the two months are lived here, which saves the seconds that a process takes to begin.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from watersellers.experiments.errors import BadInput, refuse
from watersellers.experiments.sweeps.measuring import own
from watersellers.experiments.sweeps.plan import Plan
from watersellers.experiments.sweeps.talking import BEGINNING, Ended, Hung, Talk
from watersellers.experiments.sweeps.trying import TRIED, answer

LOADING = 30.0  # seconds that a module with a measure has to be loaded
TRYING = 60.0  # seconds that two months may take


@dataclass(frozen=True, slots=True)
class Estimate:
    """Runs, and about how many seconds a run takes, all of them take, and bytes they take; or why nobody knows."""

    runs: int
    seconds_a_run: float | None = None
    seconds: float | None = None
    bytes: int | None = None
    why: str = ""


def check_own(names: Sequence[str], modules: Mapping[str, str], label: str) -> None:
    """Load measures of the user's own, in a process of their own.

    Raises
    ------
    BadInput
        If a module can't be loaded, takes too long, or ends its process; or if a function is not there.
    """
    problems: list[str] = []
    if not names:
        return
    try:
        with _worker(modules) as talk:
            for name in names:
                problems += _load(talk, name)
    except BadInput as error:  # the process is gone; the other names were not tried
        problems += error.problems
    refuse(f"{label}, {said}" for said in problems)


def _load(talk: Talk, name: str) -> list[str]:
    """Load one measure, and give what is wrong with it."""
    module, cure = name.partition(":")[0], "what it does when it is loaded belongs into a function"
    try:
        refused: list[str] = talk.ask({"load": name}, LOADING).get("refused", [])
    except Hung as hung:
        raise BadInput(f"measures: {name!r}: its module {module} {hung} to load; {cure}") from None
    except Ended as end:
        raise BadInput(f"measures: {name!r}: its module {module} can't be loaded: its process {end}; {cure}") from None
    return refused


def estimate(plan: Plan, workers: int | None = None) -> Estimate:
    """Time a short run of the first point, and reckon how long all will take.

    Raises
    ------
    BadInput
        If the first point is no possible world.
    """
    try:
        told = _tried(plan)
    except Hung as hung:
        return Estimate(len(plan), why=f"{TRIED} months of the first point {hung}")
    except Ended as end:
        return Estimate(len(plan), why=f"the process that tried the first point {end}")
    if "failed" in told:
        return Estimate(len(plan), why=f"the first point raised {told['failed']}")
    refuse(told.get("refused", []))
    run = told["first"] + told["month"] * (plan.months - 1)
    size = told["bytes"] * max(1, plan.months // TRIED)
    hands = min(workers or os.cpu_count() or 1, len(plan))
    return Estimate(len(plan), run, run * len(plan) / hands, size * len(plan))


def _tried(plan: Plan) -> dict[str, Any]:
    """Have two months of the first point lived."""
    study = {"users": plan.study.users, "measures": list(plan.study.measures)}
    asked = next(plan.runs()).asked() | {"text": plan.text, "name": plan.name, "months": plan.months} | study
    if not own(plan.study.measures):
        return answer(asked)
    with _worker(plan.modules) as talk:
        return talk.ask(asked, min(TRYING, plan.study.time_limit))


@contextmanager
def _worker(modules: Mapping[str, str]) -> Iterator[Talk]:
    """Begin a worker process for a trial, and let it go in the end."""
    talk = Talk()
    try:
        talk.ask({"modules": dict(modules)}, BEGINNING)
        yield talk
    finally:
        talk.kill()
        talk.leave()


def words(seconds: float) -> str:
    """Say a time in words."""
    for size, word in ((86_400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= TRIED * size:
            return f"{seconds / size:.0f} {word}"
    return f"{seconds:.0f} seconds"

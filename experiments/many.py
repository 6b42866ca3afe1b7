"""Many runs at once: the same measure of each, on all cores, in the order in which they were asked for."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from watersellers.agents.setting import Setting
from watersellers.experiments.crew import Crew
from watersellers.experiments.limits import check_workers

if TYPE_CHECKING:  # who only hands out runs need not wait until the model is loaded
    from watersellers.experiments.result import Result

ALONE = {  # what a process is told that makes runs: it has one core, and finds no modules where it stands
    **dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
    "PYTHONSAFEPATH": "1",
}


@dataclass(frozen=True)
class Case:
    """A run to be made: a loaded scenario, its seed, and how many simulated users there are."""

    setting: Setting
    seed: int
    users: int
    months: int | None = None
    strategies: Mapping[str, Any] = field(default_factory=dict)


def measured[T](cases: Sequence[Case], of: "Callable[[Result], T]", workers: int | None = None) -> Iterator[T]:
    """Make runs and give what is measured of each, in the order of the cases.

    Parameters
    ----------
    cases : sequence of Case
        The runs to be made.
    of : callable
        What is measured of a result: a function of a module, so that other processes find it.
    workers : int, optional
        Processes; as many as there are cores if not given. With one, everything happens here.

    Raises
    ------
    BadInput
        If the number of processes is none; nothing was run then.
    WorkerLost
        If one of the processes was ended from outside.
    KeyboardInterrupt
        If somebody presses Ctrl-C, with a sentence about what was made.
    """
    made = 0
    try:
        with processes(len(cases), workers) as measure:
            for measurement in measure(of, cases):
                made += 1
                yield measurement
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"stopped after {made} of {len(cases)} runs; nothing is kept of them") from None


@contextmanager
def processes(most: int, workers: int | None = None) -> Iterator[Callable[..., Iterator[Any]]]:
    """Keep processes for more than one round of runs: a function of a measure and cases, as in ``measured``.

    There are no more of them than ``most``, the runs of a round. However the block is left, they are ended at once.
    """
    check_workers(workers)
    number = min(workers or os.cpu_count() or 1, most)
    if number <= 1:
        yield lambda of, cases: (_measure(of, case) for case in cases)
        return
    crew = Crew()
    try:
        with _told_alone():
            crew.begin(number)

        def measure(of: "Callable[[Result], Any]", cases: Iterable[Case]) -> Iterator[Any]:
            return crew.done(_measure, [(of, case) for case in cases])

        yield measure
    finally:
        crew.end()


@contextmanager
def _told_alone() -> Iterator[None]:
    """Tell processes that begin meanwhile what is said in ``ALONE``: Polars and others read it when they are loaded."""
    before = {name: os.environ.get(name) for name in ALONE}
    os.environ.update(ALONE)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _measure[T](of: "Callable[[Result], T]", case: Case) -> T:
    """Make one run and measure it."""
    from watersellers.experiments.running import run

    return of(run(case.setting, case.seed, case.months, case.users))

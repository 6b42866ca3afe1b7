"""Many runs at once: take the same measure of each on all cores, in the order of the cases."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.loading.limits import check_workers
from watersellers.experiments.runs.process_pool import ProcessPool

if TYPE_CHECKING:  # a process that only distributes runs need not load the model
    from watersellers.experiments.runs.result import Result

WORKER_ENVIRONMENT = {  # of a process that makes runs: it uses one core, and imports nothing from its working folder
    **dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
    "PYTHONSAFEPATH": "1",
}


@dataclass(frozen=True)
class RunCase:
    """A run to make: a loaded scenario, its seed, and the number of simulated users."""

    spec: ScenarioSpec
    seed: int
    users: int
    months: int | None = None
    strategies: Mapping[str, Any] = field(default_factory=dict)


def measure_runs[T](cases: Sequence[RunCase], of: "Callable[[Result], T]", workers: int | None = None) -> Iterator[T]:
    """Make runs and yield a measure of each, in the order of the cases.

    Parameters
    ----------
    cases : sequence of RunCase
        The runs to make.
    of : callable
        The measure, a function of a result; it is defined in a module, so that other processes can import it.
    workers : int, optional
        Number of processes; one per core if not given. With one, everything happens in this process.

    Raises
    ------
    BadInput
        If the number of processes is impossible; nothing was run then.
    WorkerLost
        If one of the processes was ended from outside.
    KeyboardInterrupt
        If the user presses Ctrl-C, with a sentence about the runs made so far.
    """
    made = 0
    try:
        with worker_processes(len(cases), workers) as measure:
            for measurement in measure(of, cases):
                made += 1
                yield measurement
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"stopped after {made} of {len(cases)} runs; nothing is kept of them") from None


@contextmanager
def worker_processes(most: int, workers: int | None = None) -> Iterator[Callable[..., Iterator[Any]]]:
    """Keep processes for several rounds of runs; yields a function of a measure and cases, as ``measure_runs``.

    There are at most ``most`` of them, the runs of a round. However the block ends, they are ended at once.
    """
    check_workers(workers)
    number = min(workers or os.cpu_count() or 1, most)
    if number <= 1:
        yield lambda of, cases: (_measure(of, case) for case in cases)
        return
    pool = ProcessPool()
    try:
        with _in_worker_environment():
            pool.start(number)

        def measure(of: "Callable[[Result], Any]", cases: Iterable[RunCase]) -> Iterator[Any]:
            return pool.results(_measure, [(of, case) for case in cases])

        yield measure
    finally:
        pool.end()


@contextmanager
def _in_worker_environment() -> Iterator[None]:
    """Give processes that start meanwhile ``WORKER_ENVIRONMENT``, which Polars and others read when they are loaded."""
    before = {name: os.environ.get(name) for name in WORKER_ENVIRONMENT}
    os.environ.update(WORKER_ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _measure[T](of: "Callable[[Result], T]", case: RunCase) -> T:
    """Make one run and measure it."""
    from watersellers.experiments.runs.run import run

    return of(run(case.spec, case.seed, case.months, case.users))

"""Limits on the size of a run, checked before it starts."""

import os
from importlib.util import find_spec

from watersellers.experiments.input.errors import refuse, shown, unknown
from watersellers.experiments.loading.schema import MONTHS_LIMIT

BYTES_A_USER = 128  # columns of the population, and the memory for drawing them
USERS_LIMIT = 100_000_000
USERS_LEAST = 10  # a few for each region, rich and poor
SEEDS = 2**64
BACKENDS = ("auto", "numpy", "numba")
WORTH_COMPILING = 100_000  # users from which compiled code saves more time than it takes to load, in a run of years
THREADS_LIMIT = 1024
WORKERS_LIMIT = 1024  # processes on one machine
SEEDS_LIMIT = 100_000  # per command; a sweep can have more, since it keeps its runs
PORTS = 65_535
_UNKNOWN_MEMORY = 8 * 2**30  # bytes, if the system does not tell


def check_size(seed: object, months: object, users: object) -> None:
    """Refuse a run that is too small or too large; ``months=None`` stands for the scenario's own length.

    Raises
    ------
    BadInput
        If the seed, the months or the users are not a whole number, or out of range.
    """
    refuse([*_wrong_seed(seed), *_wrong_months(months), *wrong_users(users)])


def check_runs(seeds: object, users: object, workers: object, months: object = None) -> None:
    """Refuse a set of runs, one per seed, of which a number is too small or too large; None stands for the default.

    Raises
    ------
    BadInput
        If the seeds, users, workers or months are not a whole number, or out of range; all problems at once.
    """
    refuse(wrong_runs(seeds, users, workers, months))


def wrong_runs(seeds: object, users: object, workers: object, months: object = None) -> list[str]:
    """Find what is wrong with a set of runs, one per seed."""
    return [*_wrong_seeds(seeds), *_wrong_months(months), *wrong_users(users), *_wrong_workers(workers)]


def check_seeds(seeds: object) -> None:
    """Refuse an impossible number of seeds.

    Raises
    ------
    BadInput
        If it is not a whole number from 1 to ``SEEDS_LIMIT``.
    """
    refuse(_wrong_seeds(seeds))


def check_workers(workers: object) -> None:
    """Refuse an impossible number of processes; None stands for one per core.

    Raises
    ------
    BadInput
        If it is not a whole number from 1 to ``WORKERS_LIMIT``.
    """
    refuse(_wrong_workers(workers))


def wrong_seed_or_months(seed: object, months: object) -> list[str]:
    """Find what is wrong with a world's seed and its months."""
    return [*_wrong_seed(seed), *wrong_whole_number("months", months, 1, MONTHS_LIMIT)]


def _wrong_seed(seed: object) -> list[str]:
    """Find what is wrong with a seed."""
    if _within(seed, 0, SEEDS - 1):
        return []
    return [f"seed: found {shown(seed)}, expected a whole number from 0 to 2^64 - 1"]


def _wrong_seeds(seeds: object) -> list[str]:
    """Find what is wrong with a number of seeds."""
    return wrong_whole_number("seeds", seeds, 1, SEEDS_LIMIT)


def _wrong_months(months: object) -> list[str]:
    """Find what is wrong with a number of months, if one is given."""
    return [] if months is None else wrong_whole_number("months", months, 1, MONTHS_LIMIT)


def _wrong_workers(workers: object) -> list[str]:
    """Find what is wrong with a number of processes, if one is given."""
    return [] if workers is None else wrong_whole_number("workers", workers, 1, WORKERS_LIMIT)


def wrong_users(users: object) -> list[str]:
    """Find what is wrong with a number of users: no whole number, or too many for the machine."""
    fit = users_that_fit()
    if _within(users, USERS_LEAST, fit):
        return []
    return [
        f"users: found {shown(users)}, expected a whole number from {USERS_LEAST} to {fit:,}, as many as fit into"
        f" this machine's memory; a simulated user stands for many people, and 10000 are enough for most questions"
    ]


def check_port(port: object) -> None:
    """Refuse an impossible port number.

    Raises
    ------
    BadInput
        If it is not a whole number from 1 to ``PORTS``.
    """
    refuse(wrong_whole_number("port", port, 1, PORTS))


def check_backend(backend: object, threads: object) -> None:
    """Refuse an unknown backend or number of threads; no choice of them changes a result.

    Raises
    ------
    BadInput
        If the backend is not one of ``BACKENDS`` or not installed, or the number of threads is out of range.
    """
    problems = []
    if backend not in BACKENDS:
        problems.append(f"backend: {unknown('backend', str(backend), BACKENDS)}")
    elif backend == "numba" and not _installed("numba"):
        problems.append(
            "backend: found 'numba', which is not installed, expected auto or numpy;"
            " pip install 'watersellers[fast]' adds it"
        )
    if threads is not None:
        problems += wrong_whole_number("threads", threads, 1, THREADS_LIMIT)
    refuse(problems)


def backend_for(users: int, backend: str) -> str:
    """Choose the backend: ``auto`` is numba if it is installed and the run is large enough to be worth it."""
    if backend != "auto":
        return backend
    return "numba" if users >= WORTH_COMPILING and _installed("numba") else "numpy"


def cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _installed(package: str) -> bool:
    """Say whether a package is installed, without loading it."""
    return find_spec(package) is not None


def users_that_fit() -> int:
    """Compute the largest number of simulated users that fits into half of the machine's memory."""
    return min(_memory() // 2 // BYTES_A_USER, USERS_LIMIT)


def wrong_whole_number(name: str, value: object, low: int, high: int) -> list[str]:
    """Return a sentence if a value is not a whole number in a range."""
    expected = f"expected a whole number from {low} to {high}"
    return [] if _within(value, low, high) else [f"{name}: found {shown(value)}, {expected}"]


def _within(value: object, low: int, high: int) -> bool:
    """Say whether a value is a whole number in a range."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _memory() -> int:
    """Return the bytes of memory of the machine."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return _UNKNOWN_MEMORY

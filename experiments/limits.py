"""How large a run may be, said before it starts."""

import os
from importlib.util import find_spec

from watersellers.experiments.errors import refuse, shown, unknown
from watersellers.experiments.schema import MONTHS_LIMIT

BYTES_A_USER = 128  # columns of the population, with what drawing it takes at the same time
USERS_LIMIT = 100_000_000
USERS_LEAST = 10  # some for each region, rich and poor
SEEDS = 2**64
BACKENDS = ("auto", "numpy", "numba")
WORTH_COMPILING = 100_000  # users from which loading compiled code takes less time than it saves in a run of years
THREADS_LIMIT = 1024
WORKERS_LIMIT = 1024  # processes on one machine
SEEDS_LIMIT = 100_000  # of one question; more are a study's, whose runs are kept
PORTS = 65_535
_UNKNOWN_MEMORY = 8 * 2**30  # where the system does not say


def check_size(seed: object, months: object, users: object) -> None:
    """Refuse a run that is too small or too large; ``months`` of None are the scenario's own.

    Raises
    ------
    BadInput
        If a seed, a number of months or a number of users is no whole number, or out of range.
    """
    refuse([*_no_seed(seed), *_no_months(months), *no_users(users)])


def check_runs(seeds: object, users: object, workers: object, months: object = None) -> None:
    """Refuse many runs, one a seed, of which anything is too small or too large; None is what is not given.

    Raises
    ------
    BadInput
        If a number of seeds, users, processes or months is no whole number, or out of range; all of them at once.
    """
    refuse([*_no_seeds(seeds), *_no_months(months), *no_users(users), *_no_workers(workers)])


def check_seeds(seeds: object) -> None:
    """Refuse a number of seeds that is none.

    Raises
    ------
    BadInput
        If it is no whole number from 1 to ``SEEDS_LIMIT``.
    """
    refuse(_no_seeds(seeds))


def check_workers(workers: object) -> None:
    """Refuse a number of processes that is none; None stands for as many as there are cores.

    Raises
    ------
    BadInput
        If it is no whole number from 1 to ``WORKERS_LIMIT``.
    """
    refuse(_no_workers(workers))


def wrong_length(seed: object, months: object) -> list[str]:
    """Say what is wrong with a world's seed and its months."""
    return [*_no_seed(seed), *whole("months", months, 1, MONTHS_LIMIT)]


def _no_seed(seed: object) -> list[str]:
    """Say so if a seed is none."""
    if _within(seed, 0, SEEDS - 1):
        return []
    return [f"seed: found {shown(seed)}, expected a whole number from 0 to 2^64 - 1"]


def _no_seeds(seeds: object) -> list[str]:
    """Say so if a number of seeds is none."""
    return whole("seeds", seeds, 1, SEEDS_LIMIT)


def _no_months(months: object) -> list[str]:
    """Say so if a number of months is given and is none."""
    return [] if months is None else whole("months", months, 1, MONTHS_LIMIT)


def _no_workers(workers: object) -> list[str]:
    """Say so if a number of processes is given and is none."""
    return [] if workers is None else whole("workers", workers, 1, WORKERS_LIMIT)


def no_users(users: object) -> list[str]:
    """Say so if a number of users is none, or does not fit into the machine."""
    fit = users_that_fit()
    if _within(users, USERS_LEAST, fit):
        return []
    return [
        f"users: found {shown(users)}, expected a whole number from {USERS_LEAST} to {fit:,}, what fits into this"
        f" machine's memory; a simulated user stands for many people, and 10000 are enough for most questions"
    ]


def check_port(port: object) -> None:
    """Refuse a number that no port has.

    Raises
    ------
    BadInput
        If it is no whole number from 1 to ``PORTS``.
    """
    refuse(whole("port", port, 1, PORTS))


def check_backend(backend: object, threads: object) -> None:
    """Refuse a way of computing that is not there; none of them moves a number.

    Raises
    ------
    BadInput
        If the backend is not one of ``BACKENDS`` or not installed, or the number of threads no number of threads.
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
        problems += whole("threads", threads, 1, THREADS_LIMIT)
    refuse(problems)


def backend_for(users: int, backend: str) -> str:
    """Name the backend to use: ``auto`` is numba where it is installed and the run is large enough to be worth it."""
    if backend != "auto":
        return backend
    return "numba" if users >= WORTH_COMPILING and _installed("numba") else "numpy"


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _installed(package: str) -> bool:
    """Say whether a package is there, without loading it."""
    return find_spec(package) is not None


def users_that_fit() -> int:
    """Largest number of simulated users that half of the machine's memory holds."""
    return min(_memory() // 2 // BYTES_A_USER, USERS_LIMIT)


def whole(name: str, value: object, low: int, high: int) -> list[str]:
    """Say so if a value is no whole number in a range."""
    expected = f"expected a whole number from {low} to {high}"
    return [] if _within(value, low, high) else [f"{name}: found {shown(value)}, {expected}"]


def _within(value: object, low: int, high: int) -> bool:
    """Say whether a value is a whole number in a range."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _memory() -> int:
    """Bytes of memory that the machine has."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return _UNKNOWN_MEMORY

"""The contender that simulates the whole economy month by month.

``python -m watersellers.experiments.benchmark.whole_economy USERS BACKEND THREADS [SCENARIO | FIRMS ...]``

Each answer holds the seconds of the month by phase and in the kernel. The first answer holds the number of agents, the
bytes per user, and the seconds of an empty ``shuffle_do`` over 50 Mesa agents on this machine.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np

from watersellers.agents.users.kernel.contract import Rows, Terms
from watersellers.agents.users.month import Users
from watersellers.experiments.benchmark.timed_process import send
from watersellers.experiments.loading.synthetic import Size, synthetic
from watersellers.experiments.runs.run import peak_rss_mb
from watersellers.experiments.runs.world import World
from watersellers.market import month as calendar

MONTHS = 600  # more than any benchmark asks for
FIRMS = 50
REPEATS = 20
PARTNERS = 8  # suppliers of each firm; if all bought from all, deals would grow with the square of the firms


class Stopwatch:
    """Adds up the seconds of calls by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def over(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return the same function, timed."""

        def timed_call(*arguments: Any) -> Any:
            """Call the function, and add up its seconds."""
            start = time.perf_counter()
            try:
                return call(*arguments)
            finally:
                self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start

        return timed_call


class IdleAgent(mesa.Agent):
    """An agent that does nothing."""

    def rest(self) -> None:
        """Do nothing."""


def shuffle_seconds() -> float:
    """Return the seconds of the fastest empty ``shuffle_do`` over as many agents as the reference world has firms."""
    model = mesa.Model(rng=1)
    IdleAgent.create_agents(model, FIRMS)
    found = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        model.agents.shuffle_do("rest")
        found.append(time.perf_counter() - start)
    return min(found)


def world_of(users: int, backend: str, threads: int, *which: str) -> World:
    """Build the reference world, that of a scenario, or a synthetic one with the given numbers of firms by layer."""
    firms = [int(count) for count in which if count.isdigit()]
    scenario: Any = which[0] if which else "baseline"
    if firms:
        chips, cloud, labs, apps = firms
        scenario = synthetic(Size(chips=chips, cloud=cloud, labs=labs, apps=apps, partners=PARTNERS), months=MONTHS)
    known = {"apps.opening_known": KNOWN_OF_MANY} if firms and firms[-1] > MANY else None
    return World(scenario, rng=1, users=users, months=MONTHS, set=known, backend=backend, threads=threads)


MANY, KNOWN_OF_MANY = 500, 0.003  # with more apps than MANY, a user knows this share of them at the start


def main() -> None:
    """Build a world, and simulate a month for each line of input."""
    users, backend, threads = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    before = peak_rss_mb()
    world = world_of(users, backend, threads, *sys.argv[4:])
    people, watch = world._parts[Users].people, Stopwatch()
    resident = sum(column.nbytes for column in vars(people).values() if isinstance(column, np.ndarray)) / users
    facts = {"users": users, "firms": len(world._parts.all_firms), "bytes_a_user": resident, "empty_mb": before}
    send(facts | {"shuffle_do": shuffle_seconds()})
    calendar.PHASES = tuple(watch.over(phase.__name__, phase) for phase in calendar.PHASES)
    kernel: Callable[[Rows, Terms], np.ndarray] = world._parts[Users].kernel
    world._parts[Users].kernel = watch.over("kernel", kernel)  # type: ignore[assignment]
    for _ in sys.stdin:
        watch.seconds.clear()
        start, used = time.perf_counter(), time.process_time()
        world.step()
        seconds = {"seconds": time.perf_counter() - start, "used": time.process_time() - used}
        most = int(np.bitwise_count(people.known).sum(axis=1).max())
        send(seconds | {"parts": watch.seconds, "peak_mb": peak_rss_mb(), "most_known": most})


if __name__ == "__main__":
    main()

"""Run a scenario once, from its first month to its last."""

import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from watersellers.experiments.errors import BadInput, shown
from watersellers.experiments.given import plain
from watersellers.experiments.limits import check_size
from watersellers.experiments.result import Result
from watersellers.experiments.scenario import Scenario
from watersellers.experiments.world import World


def run(
    scenario: Scenario = "baseline",
    seed: int = 1,
    months: int | None = None,
    users: int = 10_000,
    set: Mapping[str, Any] | None = None,
    strategies: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
    backend: str = "auto",
    threads: int = 1,
) -> Result:
    """Live a scenario month by month and return what came out.

    Parameters
    ----------
    scenario : str, Path, mapping or Setting
        A scenario's name, the path of its file, or the scenario itself.
    seed : int
        The run's only source of chance.
    months, users : int
        How long (the scenario's own length if not given), and how many simulated users stand for all people.
    set, strategies : mapping, optional
        Values by path, and strategies of one's own by firm and choice; see ``load_scenario``.
    progress : callable, optional
        Called with the months lived and the months in all after each month.
    backend, threads : str, int
        How to compute the users' month: auto, numpy or numba, and on how many threads; they move no number.

    Raises
    ------
    BadInput
        If anything given is wrong; nothing was run then.
    KeyboardInterrupt
        If somebody presses Ctrl-C, with a sentence about what was lived.
    InvariantBroken
        If the books stop holding together: the month and the accounts are named.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    seed, months, users = plain(seed), plain(months), plain(users)
    check_size(seed, months, users)
    if progress is not None and not callable(progress):
        raise BadInput(f"progress: found {shown(progress)}, expected a function of the months lived and in all")
    how: dict[str, Any] = {"backend": backend, "threads": threads}
    world = World(scenario, rng=seed, months=months, users=users, settings=set, strategies=strategies, **how)
    try:
        while world.running:
            world.step()
            if progress is not None:
                progress(world.month, world.setting.months)
    except KeyboardInterrupt:
        lived = f"{world.month} of {world.setting.months} months"
        cure = "World, stepped by hand, can be saved"
        raise KeyboardInterrupt(f"stopped after {lived}; nothing is kept: {cure}") from None
    result = world.result()
    result.manifest["started"] = started.isoformat(timespec="seconds")
    result.manifest.update(wall_s=round(time.perf_counter() - clock, 3), peak_rss_mb=peak_rss_mb())
    return result


def peak_rss_mb() -> float | None:
    """Most memory that this process has held, in MB; none where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)

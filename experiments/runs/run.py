"""Run a scenario once, from its first month to its last."""

import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from watersellers.experiments.figures.progress_bar import Progress, reporting
from watersellers.experiments.input.plain_values import plain_values
from watersellers.experiments.input.scenario_warnings import warn_of
from watersellers.experiments.loading.limits import check_size
from watersellers.experiments.loading.loader import Scenario
from watersellers.experiments.runs.result import Result
from watersellers.experiments.runs.world import World


def run(
    scenario: Scenario = "baseline",
    seed: int = 1,
    months: int | None = None,
    users: int = 10_000,
    set: Mapping[str, Any] | None = None,
    strategies: Mapping[str, Any] | None = None,
    progress: Progress = None,
    backend: str = "auto",
    threads: int = 1,
) -> Result:
    """Simulate a scenario month by month and return the result.

    Parameters
    ----------
    scenario : str, Path, mapping or ScenarioSpec
        A scenario's name, the path of its file, its content as a mapping, or a loaded scenario.
    seed : int
        The only source of chance in the run.
    months, users : int
        Length of the run (the scenario's own if not given), and number of simulated users that represent all people.
    set, strategies : mapping, optional
        Settings by path, and your own strategies by firm and decision; see ``load_scenario``.
    progress : bool or callable, optional
        True shows a bar, in a notebook too; a function is called after each month with the months so far and in all.
    backend, threads : str, int
        Backend of the users' month (auto, numpy or numba), and its threads; they change no result.

    Raises
    ------
    BadInput
        If an argument is wrong; nothing was run then.
    KeyboardInterrupt
        If the user presses Ctrl-C, with a sentence about the months simulated so far.
    BadAnswer
        If a strategy fails, or answers what means nothing; the message names firm, decision, answer and month.
    InvariantBroken
        If the books become inconsistent; the message names the month and the accounts.

    Warns
    -----
    ScenarioWarning
        Of what never does what it is there for; ``result.warnings`` and the manifest have the sentences.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    seed, months, users = plain_values(seed, months, users)
    check_size(seed, months, users)
    how: dict[str, Any] = {"backend": backend, "threads": threads}
    world = World(scenario, rng=seed, months=months, users=users, set=set, strategies=strategies, **how)
    try:
        with reporting(progress, "months") as report:
            while world.running:
                world.step()
                if report is not None:
                    report(world.month, world.spec.months)
    except KeyboardInterrupt:
        lived = f"{world.month} of {world.spec.months} months"
        cure = "a World that you step yourself can be saved"
        raise KeyboardInterrupt(f"stopped after {lived}; nothing is kept: {cure}") from None
    result = world.result()
    for sentence in result.warnings[len(world.spec.warnings) :]:  # the others were said when it was loaded
        warn_of(f"{world.spec.scenario}, {sentence}")
    result.manifest["started"] = started.isoformat(timespec="seconds")
    result.manifest.update(wall_s=round(time.perf_counter() - clock, 3), peak_rss_mb=peak_rss_mb())
    return result


def peak_rss_mb() -> float | None:
    """Return the most memory that this process has used, in MB; None if the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)

"""What a study will take, said before it starts: measured on two months of its first point."""

import io
import os
import time
from dataclasses import dataclass

from experiments.scenario import load_scenario
from experiments.sweeps.measuring import measured
from experiments.sweeps.plan import Plan
from experiments.world import World

TRIED = 2  # months: the first one warms up, the second is timed


@dataclass(frozen=True, slots=True)
class Estimate:
    """Runs, and about how many seconds a run takes, all of them take, and bytes they take on the disk."""

    runs: int
    seconds_a_run: float
    seconds: float
    bytes: int


def estimate(plan: Plan, workers: int | None = None) -> Estimate:
    """Time a short run of the first point, and reckon how long all will take.

    Raises
    ------
    BadInput
        If the first point is no possible world.
    """
    first = next(plan.runs())
    clock = time.perf_counter()
    setting = load_scenario(plan.scenario, first.settings)
    world = World(setting, rng=first.seed, months=min(TRIED, plan.months), users=plan.study.users)
    world.step()
    warm = time.perf_counter()
    if world.running:
        world.step()
    month = time.perf_counter() - warm
    frame = measured(world.result(), plan.study.measures, first.run)
    run = warm - clock + month * (plan.months - 1)
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    size = buffer.tell() * max(1, plan.months // TRIED)
    hands = min(workers or os.cpu_count() or 1, len(plan))
    return Estimate(len(plan), run, run * len(plan) / hands, size * len(plan))


def words(seconds: float) -> str:
    """Say a time in words."""
    for size, word in ((86_400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= TRIED * size:
            return f"{seconds / size:.0f} {word}"
    return f"{seconds:.0f} seconds"

"""A world that is saved part-way, loaded and taken to its end: it has to end as if it had never stopped."""

from pathlib import Path
from typing import Any

from watersellers import World, run


def resumes(scenario: Any, stop: int, months: int, folder: Path, settings: dict[str, Any] | None = None) -> bool:
    """Whether a world that is stopped after some months, saved and loaded again writes the journal of a whole run."""
    world = World(scenario, rng=1, months=months, users=60, set=settings)
    for _ in range(stop):
        world.step()
    resumed = World.load(world.save(folder / "saved"))
    while resumed.running:
        resumed.step()
    return bool(resumed.result().journal.equals(run(scenario, seed=1, months=months, users=60, set=settings).journal))

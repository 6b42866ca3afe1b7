"""Run a scenario once, and say in its manifest all that is needed to run it again."""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from agents.setting import Setting
from experiments.catalogue import ours
from experiments.fingerprint import digest
from experiments.limits import check_size
from experiments.provenance import provenance, revision, versions
from experiments.result import Result
from experiments.scenario import Scenario, lasting, load_scenario
from experiments.scenario_text import text_of
from experiments.store import SCHEMA
from experiments.world import World
from market.books import Books


def run(
    scenario: Scenario = "baseline",
    seed: int = 1,
    months: int | None = None,
    users: int = 10_000,
    set: Mapping[str, Any] | None = None,
    strategies: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
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

    Raises
    ------
    BadInput
        If anything given is wrong; nothing was run then.
    InvariantBroken
        If the books stop holding together: the month and the accounts are named.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    check_size(seed, months, users)
    setting = lasting(load_scenario(scenario, set, strategies), months)
    world = World(setting, rng=seed, users=users)
    for month in range(setting.months):
        world.step()
        if progress is not None:
            progress(month + 1, setting.months)
    books = Books(world.accounts, world.economy.ledger.journal(), setting.start, setting.months)
    manifest = {
        "schema": SCHEMA,
        "scenario": {"name": setting.scenario, "text": text_of(setting, ours().menus)},
        "seed": seed,
        "months": setting.months,
        "users": users,
        "set": dict(set or {}),
        "strategies": {path: provenance(strategy) for path, strategy in (strategies or {}).items()},
        "backend": "numpy",
        **_provenance(setting, books),
        "started": started.isoformat(timespec="seconds"),
        "status": "done",
    }
    result = Result.of(books, world.record, manifest)
    result.manifest.update(wall_s=round(time.perf_counter() - clock, 3), peak_rss_mb=peak_rss_mb())
    return result


def _provenance(setting: Setting, books: Books) -> dict[str, Any]:
    """Say what the run was made with, and what tells it from others."""
    return {
        "start": setting.start.isoformat(),
        "accounts": [asdict(row) for row in books.accounts.rows],
        "titles": {m.name: m.title for members in setting.groups.values() for m in members if m.title},
        "versions": versions(),
        "git": revision(),
        "digest": digest(books.journal),
    }


def peak_rss_mb() -> float | None:
    """Most memory that this process has held, in MB; none where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)

"""The manifest of a run: all that is needed to know what it was, and to run it again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from watersellers.agents.setting import Setting
from watersellers.experiments.catalogue import ours
from watersellers.experiments.fits.fingerprint import digest
from watersellers.experiments.saving.provenance import provenance, revision, versions
from watersellers.experiments.saving.store import SCHEMA
from watersellers.experiments.scenario_text import text_of
from watersellers.market.books import Books


@dataclass(frozen=True)
class Given:
    """What a world was given beside its scenario: seed, users, values and strategies by path, and how to compute."""

    seed: int
    users: int
    set: Mapping[str, Any] = field(default_factory=dict)
    strategies: Mapping[str, Any] = field(default_factory=dict)
    backend: str = "numpy"
    threads: int = 1


def manifest_of(setting: Setting, given: Given, books: Books) -> dict[str, Any]:
    """Say what was run, as long as ``setting`` says, and what tells it from other runs; nobody has timed it yet."""
    return {
        "schema": SCHEMA,
        "scenario": {"name": setting.scenario, "text": text_of(setting, ours().menus)},
        "seed": given.seed,
        "months": setting.months,
        "users": given.users,
        "set": dict(given.set),
        "strategies": {path: provenance(strategy) for path, strategy in given.strategies.items()},
        "backend": given.backend,
        "threads": given.threads,
        "start": setting.start.isoformat(),
        "accounts": [asdict(row) for row in books.accounts.rows],
        "titles": {m.name: m.title for members in setting.groups.values() for m in members if m.title},
        "versions": versions(),
        "git": revision(),
        "digest": digest(books.journal),
        "started": None,
        "status": "done",
        "wall_s": None,
        "peak_rss_mb": None,
    }

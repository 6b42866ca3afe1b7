"""The manifest of a run: what the run was, and everything that is needed to repeat it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.writer import scenario_toml
from watersellers.experiments.saving.digest import digest
from watersellers.experiments.saving.provenance import provenance, revision, versions
from watersellers.experiments.saving.run_folder import SCHEMA
from watersellers.market.accounting.journal_tables import Books


@dataclass(frozen=True)
class RunInputs:
    """The inputs of a world besides its scenario: seed, users, settings and strategies by path, and the backend."""

    seed: int
    users: int
    set: Mapping[str, Any] = field(default_factory=dict)
    strategies: Mapping[str, Any] = field(default_factory=dict)
    backend: str = "numpy"
    threads: int = 1


def make_manifest(spec: ScenarioSpec, given: RunInputs, books: Books) -> dict[str, Any]:
    """Describe a run of the length of ``spec``, with its digest; times are filled in later."""
    return {
        "schema": SCHEMA,
        "scenario": {"name": spec.scenario, "text": scenario_toml(spec, builtin_catalogue().menus)},
        "seed": given.seed,
        "months": spec.months,
        "users": given.users,
        "set": dict(given.set),
        "strategies": {path: provenance(strategy) for path, strategy in given.strategies.items()},
        "backend": given.backend,
        "threads": given.threads,
        "start": spec.start.isoformat(),
        "accounts": [asdict(row) for row in books.accounts.rows],
        "titles": {m.name: m.title for members in spec.groups.values() for m in members if m.title},
        "versions": versions(),
        "git": revision(),
        "digest": digest(books.journal),
        "notes": list(spec.notes),
        "warnings": list(spec.warnings),
        "started": None,
        "status": "done",
        "wall_s": None,
        "peak_rss_mb": None,
    }

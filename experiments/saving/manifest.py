"""The manifest of a run: what the run was, and everything that is needed to repeat it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.schema import calendar_month
from watersellers.experiments.loading.writer import scenario_toml
from watersellers.experiments.loading.written_scenario import own_of_events, own_strategies
from watersellers.experiments.saving.digest import digest
from watersellers.experiments.saving.own_source import provenance
from watersellers.experiments.saving.provenance import model_code, revision, versions
from watersellers.experiments.saving.run_folder import SCHEMA
from watersellers.experiments.saving.seal import json_bytes, sha256
from watersellers.market.accounting.journal_tables import Books
from watersellers.market.write_guard import FixedTable


@dataclass(frozen=True)
class RunInputs:
    """The inputs of a world besides its scenario: seed, users, settings and strategies by path, and the backend."""

    seed: int
    users: int
    set: Mapping[str, Any] = field(default_factory=dict)
    strategies: Mapping[str, Any] = field(default_factory=dict)
    backend: str = "numpy"
    threads: int = 1
    changes: tuple[Mapping[str, Any], ...] = ()  # by World.set: month, path and value

    def __post_init__(self) -> None:
        for name in ("set", "strategies"):  # a run's record
            object.__setattr__(self, name, FixedTable(getattr(self, name)))


INPUTS = ("scenario", "seed", "months", "users", "strategies", "digest")  # hashed one by one: rerun names what differs


def make_manifest(spec: ScenarioSpec, given: RunInputs, books: Books) -> dict[str, Any]:
    """Describe a run of the length of ``spec``, with its digest; times are filled in later."""
    manifest = {
        "schema": SCHEMA,
        "scenario": {"name": spec.scenario, "text": scenario_toml(spec, builtin_catalogue().menus)},
        "seed": given.seed,
        "months": spec.months,
        "users": given.users,
        "set": dict(given.set),
        "changes": [dict(each) for each in given.changes if each["month"] < calendar_month(spec.start, spec.months)],
        "strategies": {path: provenance(strategy) for path, strategy in _own(spec, given).items()},
        "backend": given.backend,
        "threads": given.threads,
        "start": spec.start.isoformat(),
        "accounts": [asdict(row) for row in books.accounts.rows],
        "titles": _titles(spec),
        "versions": versions(),
        "code": model_code(),
        "git": revision(),
        "digest": digest(books.journal),
        "notes": list(spec.notes),
        "warnings": list(spec.warnings),
        "started": None,
        "status": "done",
        "wall_s": None,
        "peak_rss_mb": None,
    }
    return manifest | {"inputs_sha256": input_hashes(manifest)}


def _titles(spec: ScenarioSpec) -> dict[str, str]:
    """Name each firm by its title, and an owner that no table names by its name with a capital letter."""
    members = [member for group in spec.groups.values() for member in group]
    owners = {member.owner for member in members if member.owner} - {member.name for member in members}
    titles = {member.name: member.title for member in members if member.title}
    return titles | {owner: owner.replace("_", " ").capitalize() for owner in sorted(owners)}


def input_hashes(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Hash each of a manifest's inputs, and its digest, by name."""
    return {name: sha256(json_bytes(manifest[name])) for name in INPUTS}


def _own(spec: ScenarioSpec, given: RunInputs) -> dict[str, Any]:
    """Collect a user's own strategies: those that were passed, and those that a loaded scenario held already."""
    passed = {id(strategy) for strategy in given.strategies.values()}
    held = own_strategies(spec) | own_of_events(spec)
    return dict(given.strategies) | {path: strategy for path, strategy in held.items() if id(strategy) not in passed}

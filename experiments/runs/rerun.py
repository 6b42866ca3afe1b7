"""A run made again from its manifest: whether the same comes out, and if not, what is not as it was.

A manifest may come from anybody. Nothing that it holds is executed: its scenario is text that is parsed and checked,
and a strategy of one's own is taken from a file of one's own, and only if that file defines such a class.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.input.errors import refuse
from watersellers.experiments.input.text_files import parse_toml
from watersellers.experiments.loading.written_scenario import own_strategies, read_scenario, silent_decisions
from watersellers.experiments.own_code.own_rules import provided, rule_names
from watersellers.experiments.runs.own_strategies import strategies_of_manifest
from watersellers.experiments.runs.run import run
from watersellers.experiments.saving.manifest import input_hashes
from watersellers.experiments.saving.own_source import provenance
from watersellers.experiments.saving.provenance import model_code, versions
from watersellers.experiments.saving.run_folder import read_loose_manifest
from watersellers.experiments.saving.seal import seal_holds

SAME, DIFFERS, UNKNOWN = "same", "differs", "not recorded"
OTHER = "manifest"  # something else in it was changed after it was written


@dataclass(frozen=True)
class Rerun:
    """What came out: whether the digests agree, both digests, and whether each thing that decides a run is as it was.

    ``parts`` says of code, scenario, seed, packages and so on whether they are the same, differ, or were not recorded;
    ``packages`` holds the versions of those that differ, as they were and as they are.
    """

    manifest: str
    same: bool
    recorded: str
    digest: str
    parts: Mapping[str, str]
    packages: Mapping[str, tuple[str | None, str | None]]

    @property
    def differs(self) -> list[str]:
        """Name what is not as it was."""
        return [name for name, found in self.parts.items() if found == DIFFERS]


def rerun(
    path: Path, places: Sequence[str] = (), progress: Callable[[int, int], None] | None = None, threads: int = 1
) -> Rerun:
    """Make a run again, and compare the digests.

    Parameters
    ----------
    path : Path
        A manifest, or a run folder.
    places : sequence of str
        Files or modules in which strategies of the user's own stand; those beside the caller are found without.
    progress : callable, optional
        Called after each month with the months simulated so far and in all.
    threads : int
        Threads; they change no result.

    Raises
    ------
    BadInput
        If there is no manifest of a run that this version can make again, or one of its strategies is lacking.
    """
    manifest = read_loose_manifest(path)
    strategies = strategies_of_manifest(manifest["strategies"], places)
    with provided(_named(manifest, strategies)):
        spec = _spec_of(manifest, strategies)
    made = run(spec, manifest["seed"], manifest["months"], manifest["users"], progress=progress, threads=threads)
    digest = made.manifest["digest"]
    packages = _other_packages(manifest["versions"])
    parts = _changed_inputs(manifest) | {
        "code": UNKNOWN if manifest.get("code") is None else _compared(manifest["code"], model_code()),
        "strategies": _compared_strategies(manifest, strategies),
        "packages": DIFFERS if packages else SAME,
    }
    same = digest == manifest["digest"]
    if not seal_holds(manifest) and DIFFERS not in _changed_inputs(manifest).values():
        parts[OTHER] = DIFFERS
    return Rerun(str(path), same, manifest["digest"], digest, parts, packages)


def _compared(one: object, other: object) -> str:
    return SAME if one == other else DIFFERS


def _named(manifest: Mapping[str, Any], strategies: Mapping[str, Any]) -> dict[str, type]:
    """Return the classes of the rules that the scenario of a manifest names, by these names."""
    return {_name(manifest["strategies"][path]): type(made) for path, made in strategies.items()}


def _name(recorded: Mapping[str, Any]) -> str:
    """Return the name by which a scenario would name a recorded strategy."""
    return f"{recorded['module']}:{recorded['name']}"


def _spec_of(manifest: Mapping[str, Any], strategies: Mapping[str, Any]) -> ScenarioSpec:
    """Read the scenario of a manifest, with the user's own strategies at their places."""
    text = manifest["scenario"]["text"]
    question = text.partition("\n")[0].removeprefix("#").strip()
    scenario = {"name": manifest["scenario"]["name"], "question": question, "text": text}
    silent = silent_decisions(text)
    named = set(rule_names(parse_toml(text, "scenario")))
    passed = {path: made for path, made in strategies.items() if _name(manifest["strategies"][path]) not in named}
    spec = read_scenario(scenario, silent, passed)
    there = own_strategies(spec)
    lacking = [path for path in silent if path not in there]
    refuse(f"strategies: the manifest names none for {path}, about which its scenario is silent" for path in lacking)
    return spec


def _changed_inputs(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Say of each input of a manifest whether it is what was written, by the hashes that the manifest holds."""
    recorded, now = manifest.get("inputs_sha256") or {}, input_hashes(manifest)
    return {name: _compared(recorded[name], now[name]) if name in recorded else UNKNOWN for name in now}


def _compared_strategies(manifest: Mapping[str, Any], strategies: Mapping[str, Any]) -> str:
    """Say whether the user's own strategies are those that were recorded, with the rest of their files."""
    if _changed_inputs(manifest)["strategies"] == DIFFERS:
        return DIFFERS
    found = {path: provenance(strategy) for path, strategy in strategies.items()}
    pairs = [(found[path], manifest["strategies"][path]) for path in found]
    if any(recorded.get("source_sha256") is None for _, recorded in pairs):
        return UNKNOWN
    keys = ("name", "numbers", "source_sha256", "module_sha256")  # the module may have another name here
    same = all(found.get(key) == recorded.get(key) for found, recorded in pairs for key in keys)
    return SAME if same else DIFFERS


def _other_packages(recorded: Mapping[str, str]) -> dict[str, tuple[str | None, str | None]]:
    """Return the versions of packages that are not as they were: then, and now."""
    now = versions()
    return {
        name: (recorded.get(name), now.get(name))
        for name in sorted(recorded.keys() | now.keys())
        if recorded.get(name) != now.get(name)
    }

"""The plan of a study: every run that belongs to it, each with an id that describes it.

A run's seed depends only on the study's seed and the number of the replicate, so that all points of a design have the
same seeds, and neither further points nor further replicates change a run that was made. Its id is a hash of
everything that determines its result.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from watersellers.experiments.analysis.windows import Period
from watersellers.experiments.saving.provenance import ROOT, versions
from watersellers.experiments.sweeps.study.axes import Axis, settings_at
from watersellers.experiments.sweeps.study.schema import StudyText

STUDY, SCENARIO, PROVENANCE, RUNS = "study.toml", "scenario.toml", "provenance.json", "runs"  # in a sweep folder
ID_DIGITS = 16
SEED_BITS = 48  # a seed stays exact in a double, in a spreadsheet and in R
RULE_ROOMS = ("market", "agents")  # rooms whose rules determine the results


type SourceRecord = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A run that belongs to a study."""

    run: str
    point: int
    replicate: int
    seed: int
    settings: Mapping[str, Any]

    def request(self) -> dict[str, Any]:
        """Return what a worker needs to make the run."""
        return {"run": self.run, "seed": self.seed, "settings": dict(self.settings)}


@dataclass(frozen=True)
class Plan:
    """A study with everything resolved: its scenario as text, its parameters, and the points of its design."""

    study: StudyText
    label: str
    text: str  # of the resolved scenario
    name: str
    months: int
    axes: tuple[Axis, ...]
    design: pl.DataFrame
    modules: Mapping[str, str] = field(default_factory=dict)  # folders of the user's own modules; see own_modules
    rules: Mapping[str, SourceRecord] = field(default_factory=dict)  # the user's own, by name; see own_source

    def __len__(self) -> int:
        return len(self.design) * self.study.replications

    @property
    def scenario(self) -> dict[str, Any]:
        """The resolved scenario as a document."""
        return scenario_of(self.text, self.name)

    @property
    def lived(self) -> Period:
        """The months of each run."""
        return Period.lived(date.fromisoformat(f"{self.scenario['start']}-01"), self.months)

    @cached_property
    def _common(self) -> list[Any]:
        """What all runs have in common."""
        text = hashlib.sha256(self.text.encode()).hexdigest()
        rules = [[name, record["module_sha256"]] for name, record in sorted(self.rules.items())]
        return [model_version(), text, self.months, self.study.users, *([rules] if rules else [])]

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all runs."""
        return frozenset(each.run for each in self.runs())

    def runs(self) -> Iterator[PlannedRun]:
        """Yield every run, point by point, and at each point replicate by replicate."""
        seeds = [replicate_seed(self.study.seed, number) for number in range(1, self.study.replications + 1)]
        for row in self.design.iter_rows(named=True):
            settings = self.settings(row)
            for replicate, seed in enumerate(seeds, start=1):
                yield PlannedRun(self._run_id(settings, seed), row["point"], replicate, seed, settings)

    def settings(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the scenario's settings at a point."""
        return settings_at(self.axes, row)

    def _run_id(self, settings: Mapping[str, Any], seed: int) -> str:
        identity = json.dumps([*self._common, seed, settings], sort_keys=True, ensure_ascii=False, allow_nan=False)
        return hashlib.sha256(identity.encode()).hexdigest()[:ID_DIGITS]


def scenario_of(text: str, name: str) -> dict[str, Any]:
    """Read a resolved scenario's text as a document that a run accepts."""
    question = text.partition("\n")[0].removeprefix("#").strip()
    return {"name": name, "question": question} | tomllib.loads(text)


def replicate_seed(seed: int, replicate: int) -> int:
    """Derive the seed of a replicate, for ``run --seed``, from the study's seed and its number, counted from 1."""
    state = np.random.SeedSequence(seed, spawn_key=(replicate,)).generate_state(1, np.uint64)[0]
    return int(state) >> (64 - SEED_BITS)


@cache
def model_version() -> str:
    """Identify the model: its version, and a hash of the rules and the table of parameters."""
    total = hashlib.sha256()
    for file in sorted(_sources(ROOT), key=lambda file: file.relative_to(ROOT).as_posix()):
        total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n"))
    return f"{versions()['watersellers']}+{total.hexdigest()[:ID_DIGITS]}"


def _sources(root: Path) -> Iterator[Path]:
    for room in RULE_ROOMS:
        yield from (root / room).rglob("*.py")
    yield root / "experiments" / "parameters.csv"


def runs_frame(plan: Plan, runs: Iterable[PlannedRun]) -> pl.DataFrame:
    """Tabulate runs: run, point, replicate, seed, and the parameters."""
    rows = [(each.run, each.point, each.replicate, each.seed) for each in runs]
    columns = {"run": pl.String, "point": pl.Int64, "replicate": pl.Int64, "seed": pl.Int64}
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    return frame.join(plan.design, on="point", how="left", maintain_order="left")

"""The plan of a study: every run that belongs to it, each with a name that says what it is.

A run's seed depends on the study's seed and the number of the replicate alone, so that all points of a design share
their chance, and neither more points nor more replicates change a run that was made. Its id is a hash of all that
decides what comes out of it.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from watersellers.experiments.saving.provenance import ROOT, versions
from watersellers.experiments.sweeps.axes import Axis
from watersellers.experiments.sweeps.schema import StudyText

STUDY, SCENARIO, PROVENANCE, RUNS = "study.toml", "scenario.toml", "provenance.json", "runs"  # in a sweep folder
ID_DIGITS = 16
SEED_BITS = 48  # a seed stays whole in a double, in a spreadsheet and in R
DECIDING = ("market", "agents")  # rooms whose rules decide what comes out


@dataclass(frozen=True, slots=True)
class Planned:
    """A run that belongs to a study."""

    run: str
    point: int
    replicate: int
    seed: int
    settings: Mapping[str, Any]

    def asked(self) -> dict[str, Any]:
        """Give what a worker needs to know of it."""
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

    def __len__(self) -> int:
        return len(self.design) * self.study.replications

    @property
    def scenario(self) -> dict[str, Any]:
        """The resolved scenario as a document."""
        return scenario_of(self.text, self.name)

    @cached_property
    def _stem(self) -> list[Any]:
        """What all runs have in common."""
        text = hashlib.sha256(self.text.encode()).hexdigest()
        return [model_version(), text, self.months, self.study.users]

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all runs."""
        return frozenset(each.run for each in self.runs())

    def runs(self) -> Iterator[Planned]:
        """Give every run, point by point, each point replicate by replicate."""
        seeds = [replicate_seed(self.study.seed, number) for number in range(1, self.study.replications + 1)]
        for row in self.design.iter_rows(named=True):
            settings = self.settings(row)
            for replicate, seed in enumerate(seeds, start=1):
                yield Planned(self._run_id(settings, seed), row["point"], replicate, seed, settings)

    def settings(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Give what a scenario is told at a point."""
        told: dict[str, Any] = {}
        for axis in self.axes:
            if row[axis.name] is not None:
                told |= axis.settings(row[axis.name])
        return told

    def _run_id(self, settings: Mapping[str, Any], seed: int) -> str:
        said = json.dumps([*self._stem, seed, settings], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:ID_DIGITS]


def scenario_of(text: str, name: str) -> dict[str, Any]:
    """Read a resolved scenario's text back as a document that a run takes."""
    question = text.partition("\n")[0].removeprefix("#").strip()
    return {"name": name, "question": question} | tomllib.loads(text)


def replicate_seed(seed: int, replicate: int) -> int:
    """Give the seed of a replicate, for ``run --seed``: of the study's seed and its number, counted from 1."""
    state = np.random.SeedSequence(seed, spawn_key=(replicate,)).generate_state(1, np.uint64)[0]
    return int(state) >> (64 - SEED_BITS)


@cache
def model_version() -> str:
    """Name the model that runs here: its version, and a hash of the rules and the table of parameters."""
    total = hashlib.sha256()
    for file in sorted(_sources(ROOT), key=lambda file: file.relative_to(ROOT).as_posix()):
        total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n"))
    return f"{versions()['watersellers']}+{total.hexdigest()[:ID_DIGITS]}"


def _sources(root: Path) -> Iterator[Path]:
    for room in DECIDING:
        yield from (root / room).rglob("*.py")
    yield root / "experiments" / "parameters.csv"


def runs_frame(plan: Plan, runs: Iterable[Planned]) -> pl.DataFrame:
    """Table runs: run, point, replicate, seed, and the parameters."""
    rows = [(each.run, each.point, each.replicate, each.seed) for each in runs]
    columns = {"run": pl.String, "point": pl.Int64, "replicate": pl.Int64, "seed": pl.Int64}
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    return frame.join(plan.design, on="point", how="left", maintain_order="left")

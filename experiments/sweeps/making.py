"""Make one run of a study and measure it: the same wherever it is done."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import polars as pl

from watersellers.experiments.errors import BadInput
from watersellers.experiments.result import Result
from watersellers.experiments.running import run
from watersellers.experiments.scenario import load_scenario
from watersellers.experiments.sweeps.checking import read_provenance, read_sealed
from watersellers.experiments.sweeps.measuring import loaded, measured
from watersellers.experiments.sweeps.parts import OK, Outcome, write_part
from watersellers.experiments.sweeps.plan import RUNS, SCENARIO, STUDY, model_version, scenario_of
from watersellers.experiments.text_files import parse_toml


@dataclass(frozen=True)
class Made:
    """A run as it was made: what became of it, its measures, and itself where it is kept."""

    outcome: Outcome
    measures: pl.DataFrame | None = None
    result: Result | None = None


@dataclass(frozen=True)
class Maker:
    """Makes runs of the study in a sweep folder."""

    folder: Path
    scenario: Mapping[str, Any]
    months: int
    users: int
    measures: tuple[str, ...]
    keeps: bool

    @classmethod
    def of(cls, folder: Path, version: str) -> Self:
        """Read the study of a sweep folder.

        Raises
        ------
        BadInput
            If the folder can't be read from here, or another version of the model runs here.
        """
        if version != model_version():
            raise BadInput(f"version: found {model_version()} here, expected {version}, with which the sweep began")
        try:
            said = read_provenance(folder)
            written, text = (read_sealed(folder, name, said).decode() for name in (STUDY, SCENARIO))
        except BadInput as error:
            cure = "every machine needs to see the sweep folder under the same path"
            raise BadInput(f"{error}; read by a worker: {cure}") from None
        study = parse_toml(written, str(folder / STUDY))
        measures = tuple(study["measures"])
        loaded(measures)
        scenario = scenario_of(text, said["scenario"])
        return cls(folder, scenario, study["months"], study["users"], measures, study["keep_runs"])

    def make(self, asked: Mapping[str, Any]) -> Made:
        """Make a run; whatever the model or a measure raises goes through."""
        clock = time.perf_counter()
        setting = load_scenario(self.scenario, asked["settings"])
        result = run(setting, asked["seed"], self.months, self.users)
        measures = measured(result, self.measures, asked["run"])
        seconds = round(time.perf_counter() - clock, 3)
        outcome = Outcome(asked["run"], OK, seconds, result.manifest["digest"])
        return Made(outcome, measures, result if self.keeps else None)

    def nothing(self, outcome: Outcome) -> Made:
        """Give what there is of a run that came to nothing."""
        return Made(outcome)

    def write(self, made: Made) -> None:
        """Write a run's part, and its run folder before it where runs are kept.

        Raises
        ------
        OSError
            If either can't be written.
        """
        if made.result is not None:
            made.result.save(self.folder / RUNS / made.outcome.run, force=True)
        write_part(self.folder, made.outcome, made.measures)

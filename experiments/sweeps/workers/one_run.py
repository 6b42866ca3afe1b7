"""Make and measure one run of a study, the same way everywhere."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import polars as pl

from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.input.text_files import parse_toml
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.own_code.own_rules import find_rule
from watersellers.experiments.runs.result import Result
from watersellers.experiments.runs.run import run
from watersellers.experiments.saving.own_source import source_record
from watersellers.experiments.sweeps.folder.integrity import read_provenance, read_sealed
from watersellers.experiments.sweeps.folder.run_record import OK, Outcome, write_part
from watersellers.experiments.sweeps.measures import load_measures, measure_run
from watersellers.experiments.sweeps.study.plan import RUNS, SCENARIO, STUDY, model_version, scenario_of


@dataclass(frozen=True)
class FinishedRun:
    """A run that was made: its outcome, its measures, and its result if runs are kept."""

    outcome: Outcome
    measures: pl.DataFrame | None = None
    result: Result | None = None


@dataclass(frozen=True)
class RunMaker:
    """Makes runs of the study in a sweep folder."""

    folder: Path
    scenario: Mapping[str, Any]
    months: int
    users: int
    measures: tuple[str, ...]
    keep_runs: bool

    @classmethod
    def of(cls, folder: Path, version: str) -> Self:
        """Read the study of a sweep folder.

        Raises
        ------
        BadInput
            If the folder can't be read from here, or this machine runs another version of the model.
        """
        if version != model_version():
            raise BadInput(f"version: found {model_version()} here, expected {version}, with which the sweep began")
        try:
            provenance = read_provenance(folder)
            written, text = (read_sealed(folder, name, provenance).decode() for name in (STUDY, SCENARIO))
        except BadInput as error:
            cure = "every machine needs to see the sweep folder under the same path"
            raise BadInput(f"{error}; read by a worker: {cure}") from None
        study = parse_toml(written, str(folder / STUDY))
        measures = tuple(study["measures"])
        load_measures(measures)
        _check_rules(provenance.get("rules", {}))
        scenario = scenario_of(text, provenance["scenario"])
        return cls(folder, scenario, study["months"], study["users"], measures, study["keep_runs"])

    def make(self, request: Mapping[str, Any]) -> FinishedRun:
        """Make a run; exceptions of the model or of a measure propagate."""
        clock = time.perf_counter()
        spec = load_scenario(self.scenario, request["settings"])
        result = run(spec, request["seed"], self.months, self.users)
        measures = measure_run(result, self.measures, request["run"])
        seconds = round(time.perf_counter() - clock, 3)
        outcome = Outcome(request["run"], OK, seconds, result.manifest["digest"])
        return FinishedRun(outcome, measures, result if self.keep_runs else None)

    def without_measures(self, outcome: Outcome) -> FinishedRun:
        """Return the record of a run that failed, which has an outcome and no measures."""
        return FinishedRun(outcome)

    def write(self, made: FinishedRun) -> None:
        """Write a run's part, and before it its run folder if runs are kept.

        Raises
        ------
        OSError
            If either can't be written.
        """
        if made.result is not None:
            made.result.save(self.folder / RUNS / made.outcome.run, force=True)
        write_part(self.folder, made.outcome, made.measures)


def _check_rules(recorded: Mapping[str, Mapping[str, str | None]]) -> None:
    """Refuse to make runs with rules of the user's own that are not those with which the sweep began."""
    for name, record in recorded.items():
        if source_record(find_rule(name))["module_sha256"] != record["module_sha256"]:
            cure = "put its file back, or carry the study out in another place with --out"
            raise BadInput(f"{name}: its module was changed since the sweep began; {cure}")

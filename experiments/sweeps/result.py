"""The result of a sweep: its tables, and queries on them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import polars as pl

from watersellers.experiments.analysis.windows import DatedMeasure
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.sweeps.command_of_run import command_of_run
from watersellers.experiments.sweeps.folder.folder import measures, runs_table
from watersellers.experiments.sweeps.folder.integrity import check_runs_belong, outcomes, read_provenance
from watersellers.experiments.sweeps.folder.run_record import ENDED_BADLY, OK
from watersellers.experiments.sweeps.study.plan import Plan
from watersellers.experiments.sweeps.study_reader import read_plan


@dataclass(frozen=True, eq=False)
class Swept:
    """A sweep, finished or not, in its folder.

    ``design`` has one row per point, ``runs`` one row per run with its parameters, seed and status; ``measures`` is
    tidy: run, month, layer, firm, measure, value.
    """

    folder: Path
    plan: Plan
    provenance: dict[str, Any]
    runs: pl.DataFrame

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """Read a sweep folder; some of its runs may be missing.

        Raises
        ------
        BadInput
            If it holds no sweep or a damaged one; the sentence names the file and the cure.
        """
        path = Path(folder)
        provenance, plan, known = read_provenance(path), read_plan(path), outcomes(path)
        runs = runs_table(plan.runs(), plan, known)
        check_runs_belong(path, known, runs["run"])
        return cls(path, plan, provenance, runs)

    @classmethod
    def ended(cls, folder: str | Path) -> Self:
        """Read a sweep folder for analysis: at least one of its runs must have ended.

        Raises
        ------
        BadInput
            As ``open``, and if no run has ended.
        """
        found = cls.open(folder)
        if found.runs["status"].is_in([OK, *ENDED_BADLY]).any():
            return found
        lost = f"none of its {len(found.plan)} runs has ended, or its tables and parts are gone"
        raise BadInput(f"{folder}: {lost}; `watersellers sweep STUDY.toml --resume` makes its runs")

    def __repr__(self) -> str:
        return f"<Swept {self.plan.label!r}: {self.counted()} of {len(self.plan)} runs, in {self.folder}>"

    @property
    def design(self) -> pl.DataFrame:
        """Points of the design."""
        return self.plan.design

    @property
    def measures(self) -> pl.DataFrame:
        """All measurements."""
        return self.scan().collect()

    def scan(self) -> pl.LazyFrame:
        """Return all measurements as a lazy table, so that a query reads only what it needs."""
        return measures(self.folder)

    def dated(self, measure: str) -> DatedMeasure:
        """Return a measure, as it is written, with the months over which it is taken in these runs."""
        return DatedMeasure.of(measure, self.plan.lived)

    def counted(self) -> dict[str, int]:
        """Count the runs by status."""
        return dict(self.runs["status"].value_counts(sort=True).iter_rows())

    @property
    def sound(self) -> bool:
        """Whether no run ended badly."""
        return not self.runs["status"].is_in(ENDED_BADLY).any()

    def command(self, run: str) -> str:
        """Return the shell command that makes one run of the sweep again."""
        row = next(each for each in self.plan.runs() if each.run == run)
        return command_of_run(self.plan, self.folder, row.seed, row.settings)

    def finished(self) -> pl.DataFrame:
        """Return the runs that ended well."""
        return self.runs.filter(status=OK)

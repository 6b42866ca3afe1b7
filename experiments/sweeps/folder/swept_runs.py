"""The runs of a sweep as they stand in its folder: its tables, and queries on them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from watersellers.experiments.analysis.windows import DatedMeasure
from watersellers.experiments.sweeps.folder.folder import measures
from watersellers.experiments.sweeps.folder.run_record import ENDED_BADLY, OK
from watersellers.experiments.sweeps.study.plan import Plan


@dataclass(frozen=True, eq=False)
class SweptRuns:
    """The runs of a sweep, finished or not, in its folder; ``Swept`` adds how they are opened and analysed."""

    folder: Path
    plan: Plan
    provenance: dict[str, Any]
    runs: pl.DataFrame

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

    def finished(self) -> pl.DataFrame:
        """Return the runs that ended well."""
        return self.runs.filter(status=OK)

"""What came out of a sweep: its tables, and what can be asked of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import polars as pl

from watersellers.experiments.errors import BadInput
from watersellers.experiments.sweeps.again import again
from watersellers.experiments.sweeps.checking import check_belongs, outcomes, read_provenance
from watersellers.experiments.sweeps.folder import measures, runs_table
from watersellers.experiments.sweeps.parts import ENDED_BADLY, OK
from watersellers.experiments.sweeps.plan import Plan
from watersellers.experiments.sweeps.study import plan_in


@dataclass(frozen=True, eq=False)
class Swept:
    """A sweep, finished or not, in its folder.

    ``design`` has a row a point, ``runs`` a row a run with its parameters, seed and status; ``measures`` is tidy: run,
    month, layer, firm, measure, value.
    """

    folder: Path
    plan: Plan
    provenance: dict[str, Any]
    runs: pl.DataFrame

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """Read a sweep folder, also one whose runs are not all made.

        Raises
        ------
        BadInput
            If it holds no sweep, or one that was damaged: which file, and what to do.
        """
        path = Path(folder)
        said, plan, known = read_provenance(path), plan_in(path), outcomes(path)
        runs = runs_table(plan.runs(), plan, known)
        check_belongs(path, known, runs["run"])
        return cls(path, plan, said, runs)

    @classmethod
    def ended(cls, folder: str | Path) -> Self:
        """Read a sweep folder of which at least one run has ended, so that something can be asked of it.

        Raises
        ------
        BadInput
            As ``open``, and if nothing is known of any run.
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
        """All that was measured."""
        return self.scan().collect()

    def scan(self) -> pl.LazyFrame:
        """All that was measured, as a table to be asked without reading all of it."""
        return measures(self.folder)

    def counted(self) -> dict[str, int]:
        """Count the runs by what became of them."""
        return dict(self.runs["status"].value_counts(sort=True).iter_rows())

    @property
    def sound(self) -> bool:
        """Whether no run ended badly."""
        return not self.runs["status"].is_in(ENDED_BADLY).any()

    def command(self, run: str) -> str:
        """Write the command that makes a run of the sweep again by itself."""
        row = next(each for each in self.plan.runs() if each.run == run)
        return again(self.plan, self.folder, row.seed, row.settings)

    def finished(self) -> pl.DataFrame:
        """Runs that came to a good end."""
        return self.runs.filter(status=OK)

"""The result of a sweep: its tables, how they are opened, and what they say."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import polars as pl

from watersellers.experiments.analysis.windows import split_window
from watersellers.experiments.figures.pandas_frames import in_pandas
from watersellers.experiments.figures.pictures import Picture, drawn, drawn_html
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.sweeps.analysis import bands as bands_of_runs
from watersellers.experiments.sweeps.analysis.phases import Phases, phases
from watersellers.experiments.sweeps.analysis.selected_measure import headline_measure
from watersellers.experiments.sweeps.analysis.sensitivity import method_of
from watersellers.experiments.sweeps.analysis.sensitivity import sensitivity as sensitivity_of
from watersellers.experiments.sweeps.command_of_run import command_of_run
from watersellers.experiments.sweeps.folder.folder import runs_table
from watersellers.experiments.sweeps.folder.integrity import check_runs_belong, outcomes, read_provenance
from watersellers.experiments.sweeps.folder.run_record import ENDED_BADLY, OK
from watersellers.experiments.sweeps.folder.swept_runs import SweptRuns
from watersellers.experiments.sweeps.study_reader import read_plan

UPSTREAM, BY_MONTH = "upstream_share", "profit_over_final_spending"  # measured unless another measure is asked for


@dataclass(frozen=True, eq=False)
class Swept(SweptRuns):
    """A sweep, finished or not, in its folder.

    ``design`` has one row per point, ``runs`` one row per run with its parameters, seed and status; ``measures`` is
    tidy: run, month, layer, firm, measure, value. ``rules`` tells the source of each rule of your own.
    """

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

    def command(self, run: str) -> str:
        """Return the shell command that makes one run of the sweep again."""
        row = next(each for each in self.plan.runs() if each.run == run)
        return command_of_run(self.plan, self.folder, row.seed, row.settings)

    @property
    def rules(self) -> pl.DataFrame:
        """Your own rules in the sweep: rule, source, source_sha256, and module_sha256 of the whole file."""
        rows = [{"rule": name, **record} for name, record in self.plan.rules.items()]
        columns = ("rule", "source", "source_sha256", "module_sha256")
        return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))

    def summary(self) -> pl.DataFrame:
        """Return each measure of the whole run by point: mean, low and high over its runs, and their number."""
        parameters = [name for name in self.design.columns if name != "point"]
        runs = self.finished().select("run", "point", *parameters)
        over_windows = [name for name in self.plan.study.measures if split_window(name)[0] is not None]
        rows = self.measures.filter(pl.col("month").is_null() | pl.col("measure").is_in(over_windows))
        value, keys = pl.col("value"), ["point", *parameters, "measure", "layer", "firm"]
        figures = {"mean": value.mean(), "low": value.min(), "high": value.max(), "runs": value.count()}
        return rows.join(runs, on="run").group_by(keys).agg(**figures).sort(keys)

    def sensitivity(self, measure: str | None = None, method: str | None = None) -> pl.DataFrame:
        """Say how much of a measure each parameter explains, as ``watersellers sensitivity`` does.

        Parameters
        ----------
        measure : str, optional
            The upstream share over the headline's window if not given.
        method : str, optional
            sobol, morris, pawn or rbd_fast; that of the design if not given.

        Raises
        ------
        BadInput
            If the design does not fit the method, runs are lacking, or the extra ``fit`` is not installed.
        """
        return sensitivity_of(self, self._measured(measure), method)

    def map(self, x: str, y: str, measure: str | None = None) -> Phases:
        """Map over two parameters which layer profits most, as ``watersellers map`` does: cells and boundary."""
        return phases(self, x, y, measure)

    def bands(self, measure: str = BY_MONTH, by: str | None = None) -> pl.DataFrame:
        """Return a measure month by month with its bands over all runs, as ``watersellers bands`` does.

        ``by`` is a parameter: one band for each of its values.
        """
        return bands_of_runs.bands(self, measure, by)

    def enough(self, measure: str | None = None, within: float | None = None) -> pl.DataFrame:
        """Say how the mean of a point narrows with replications, and how many would do (``watersellers enough``).

        ``within`` is how far off a point's mean may be.
        """
        return bands_of_runs.convergence(self, self._measured(measure), within)

    def plot(self, picture: str = "bands", *of: Any, measure: str | None = None) -> Picture:
        """Draw bands over time, the sensitivity, the map of two parameters, or how means narrow.

        ``picture`` is bands, sensitivity, map (with its two parameters after it), or enough.

        Raises
        ------
        BadInput
            If there is no such picture, or its table can't be made.
        """
        dated = self.dated(measure or (BY_MONTH if picture == "bands" else self._measured(None)))
        if picture == "bands":
            return drawn("study", picture, self.bands(dated.text, *of), dated)
        if picture == "sensitivity":
            return drawn("study", picture, self.sensitivity(dated.text, *of), method_of(self, *(of or (None,))), dated)
        if picture == "enough":
            return drawn("study", picture, self.enough(dated.text, *of), dated)
        if picture == "map" and len(of) == len(("x", "y")):
            return drawn("study", picture, self.map(of[0], of[1], measure))
        raise BadInput(f"plot: found {picture!r} of {len(of)}, expected bands, sensitivity, enough, or map, x and y")

    def to_pandas(self, table: str | None = None) -> Any:
        """Return a table, or all by name, as pandas has them: design, runs, measures, rules."""
        return in_pandas({name: getattr(self, name) for name in ("design", "runs", "measures", "rules")}, table)

    def _repr_html_(self) -> str:
        return drawn_html("swept", self)

    def _measured(self, measure: str | None) -> str:
        """Return the measure that is asked for, or the headline."""
        return self.dated(measure or headline_measure(self, UPSTREAM)).text

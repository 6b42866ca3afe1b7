"""Calibration: search for parameter values at which measures come close to targets.

A calibration is a sweep whose design grows: Optuna proposes each batch of points from all earlier results, and the runs
are made, kept and resumed as in any sweep. The proposals depend on the seed and on the earlier results, and not on the
number of workers or on interruptions.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from signal import SIGINT
from typing import Any

import numpy as np
import polars as pl

from watersellers.experiments.input.errors import BadInput, refuse
from watersellers.experiments.input.optional_packages import load_optional
from watersellers.experiments.sweeps.admission import ALREADY_A_SWEEP, Ways, check_ways, is_half_written
from watersellers.experiments.sweeps.analysis.selected_measure import SelectedMeasure, means_by_point, selected_values
from watersellers.experiments.sweeps.calibration_targets import check_keys, check_length, check_targets
from watersellers.experiments.sweeps.execution import carry_out
from watersellers.experiments.sweeps.folder.integrity import (
    DESIGN_TABLE,
    is_sweep,
    outcomes,
    read_current_or_previous,
    read_provenance,
)
from watersellers.experiments.sweeps.interruption import SweepStopped
from watersellers.experiments.sweeps.measures import check_name
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.study.axes import Axis
from watersellers.experiments.sweeps.study.designs import lay_out
from watersellers.experiments.sweeps.study.plan import Plan
from watersellers.experiments.sweeps.study.schema import CalibrationText, PointList, StudyText, Target, read_as
from watersellers.experiments.sweeps.study_reader import make_plan, read_study

SEARCH_KEY = 10**6  # the key of proposals in the study's seed sequence; designs have 0, replicates have keys from 1
PLACEHOLDER_DESIGN = "one_at_a_time"  # a small design, until points are proposed
WARM_UP = 16  # points drawn at random before proposals use earlier results

type Point = dict[str, Any]
type Progress = Callable[[int, int, float | None], None]


@dataclass(frozen=True)
class Calibration:
    """A calibration: a study, its targets, the number of points, and the number proposed at a time."""

    study: StudyText
    plan: Plan
    targets: tuple[Target, ...]
    trials: int
    batch: int

    @classmethod
    def read(cls, file: str | Path) -> "Calibration":
        """Read a calibration's file.

        Raises
        ------
        BadInput
            If it can't be read, or anything in it is wrong.
        """
        path = Path(file)
        text = read_as(CalibrationText, read_study(path), str(path))
        check_keys(text, str(path))
        if not text.parameters:
            raise BadInput(f"{path}, parameters: there is none; expected what is sought")
        doc = text.model_dump(exclude_unset=True, exclude={"target", "trials", "batch"})
        measures = list(dict.fromkeys(_measure_names(text.target, str(path))))
        plan = make_plan(doc | {"measures": measures, "design": PLACEHOLDER_DESIGN}, str(path), path.parent)
        cases = [axis.name for axis in plan.axes if axis.cases]
        refuse(
            f"{path}, parameters.{name}: has cases, which lie in no order; expected a range or values" for name in cases
        )
        check_targets(text.target, plan, str(path))
        check_length(plan, text.trials, str(path))
        return cls(text, plan, tuple(text.target), text.trials, text.batch)

    def run(self, out: str | Path, ways: Ways = Ways(), progress: Progress | None = None) -> Swept:  # noqa: B008 - frozen
        """Start or continue the search until there are as many points as trials; raises as ``carry_out``.

        ``progress`` is called with the number of points done, of all points, and the least loss so far.
        """
        folder = Path(out)
        check_ways(ways)
        if ways.shard is not None or ways.rerun_failed:
            raise BadInput("calibration: proposes points by all that was found; expected no shard and no rerun_failed")
        try:
            return self._search(folder, ways, progress)
        except KeyboardInterrupt as stop:
            kept = len(outcomes(folder)) if is_sweep(folder) else 0
            runs = self.trials * self.plan.study.replications
            raise SweepStopped(f"{kept} of {runs} runs", folder, getattr(stop, "by", SIGINT)) from None

    def _search(self, folder: Path, ways: Ways, progress: Progress | None) -> Swept:
        """Propose points and make their runs until there are as many as trials."""
        points = _points_so_far(folder)
        if points and len(points) < self.trials and not ways.resume:
            raise BadInput(f"{folder}: {ALREADY_A_SWEEP}")
        found = carry_out(self._plan_of(points), folder, ways) if points else None
        while found is None or len(points) < self.trials:
            known = None if found is None else self.losses(found)
            if progress is not None:
                progress(len(points), self.trials, None if known is None else _least_loss(known))
            points = [*points, *self._next(len(points), known)]
            again = replace(ways, resume=ways.resume or found is not None)
            found = carry_out(self._plan_of(points), folder, again)
        return found

    def losses(self, found: Swept) -> pl.DataFrame:
        """Compute the loss of each point: point, parameters, loss, and the value of each target's measure.

        The loss is the weighted mean over targets of squared distances in tolerances; a point with a run that did not
        end well has none.
        """
        table = found.design
        replicates, weights = found.plan.study.replications, sum(target.weight for target in self.targets)
        parts = []
        for target in self.targets:
            rows = means_by_point(selected_values(found, SelectedMeasure.read(target.measure)), (), replicates)
            table = table.join(rows.rename({"value": target.measure}), on="point", how="left", maintain_order="left")
            off = (pl.col(target.measure) - target.value) / target.tolerance
            parts.append(off**2 * target.weight / weights)
        return table.with_columns(loss=pl.sum_horizontal(parts, ignore_nulls=False))

    def _plan_of(self, points: Sequence[Point]) -> Plan:
        """Make the plan of all points so far."""
        design = PointList(kind="list", points=list(points))
        study = self.plan.study.model_copy(update={"design": design})
        return replace(self.plan, study=study, design=lay_out(design, self.plan.axes, study.seed))

    def _next(self, number: int, known: pl.DataFrame | None) -> list[Point]:
        """Propose the next batch: first the unchanged scenario, then the points that Optuna suggests."""
        optuna = load_optional("optuna", "fit")
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        spread = {axis.name: _distribution(axis, optuna) for axis in self.plan.axes}
        sequence = np.random.SeedSequence(self.plan.study.seed, spawn_key=(SEARCH_KEY, number))
        sampler = optuna.samplers.TPESampler(
            seed=int(sequence.generate_state(1)[0]), n_startup_trials=WARM_UP, constant_liar=True
        )
        search = optuna.create_study(sampler=sampler)
        for row in [] if known is None else known.drop_nulls().iter_rows(named=True):
            given = {name: row[name] for name in spread}
            search.add_trial(optuna.trial.create_trial(params=given, distributions=spread, value=row["loss"]))
        wanted = min(self.batch, self.trials - number)
        first: list[Point] = [{}] if number == 0 else []
        return first + [dict(search.ask(spread).params) for _ in range(wanted - len(first))]


def _least_loss(losses: pl.DataFrame) -> float | None:
    """Return the least loss so far; None if no point has one."""
    known = losses["loss"].drop_nulls().to_list()
    return min(known) if known else None


def _distribution(axis: Axis, optuna: Any) -> Any:
    if axis.is_range:
        return optuna.distributions.FloatDistribution(axis.low, axis.high, log=axis.log)
    return optuna.distributions.CategoricalDistribution(list(axis.values))


def _measure_names(targets: Sequence[Target], label: str) -> Iterator[str]:
    """Yield the names of the targets' measures."""
    for number, target in enumerate(targets, start=1):
        place = f"{label}, target {number}.measure: "
        try:
            measure = SelectedMeasure.read(target.measure).measure
            check_name(measure)
        except BadInput as error:
            raise BadInput(*(f"{place}{problem.removeprefix('measure: ')}" for problem in error.problems)) from None
        yield measure


def _points_so_far(folder: Path) -> list[Point]:
    """Read the points of a calibration in a folder from their table; none if the folder holds no sweep."""
    if not is_sweep(folder) or is_half_written(folder):
        return []
    provenance = read_provenance(folder)
    if provenance["design"] != "list":
        raise BadInput(
            f"{folder}: holds a sweep of kind {provenance['design']!r} and no calibration; name another with --out"
        )
    table = pl.read_parquet(BytesIO(read_current_or_previous(folder, DESIGN_TABLE, provenance))).drop("point")
    return [{name: value for name, value in row.items() if value is not None} for row in table.iter_rows(named=True)]


def nearest_points(losses: pl.DataFrame, targets: Sequence[Target], most: int) -> pl.DataFrame:
    """Return the points with the least loss, with the values of the targets' measures."""
    measures = list(dict.fromkeys(target.measure for target in targets))
    rest = [name for name in losses.columns if name not in ("point", "loss", *measures)]
    return losses.drop_nulls("loss").sort("loss", "point").head(most).select("point", "loss", *measures, *rest)

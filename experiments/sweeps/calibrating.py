"""Calibration: seek values of parameters at which measures come near to targets.

A calibration is a sweep whose design grows: each batch of points is proposed by Optuna from all that was found before,
and its runs are made, kept and resumed as any sweep's. What is proposed depends on the seed and on what was found, and
not on how many workers there are or how often it was interrupted.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from signal import SIGINT
from typing import Any

import numpy as np
import polars as pl

from watersellers.experiments.errors import BadInput, refuse
from watersellers.experiments.sweeps.axes import Axis
from watersellers.experiments.sweeps.beginning import TAKEN, Ways, check_ways, half_begun
from watersellers.experiments.sweeps.carrying import carry_out
from watersellers.experiments.sweeps.checking import DESIGN_TABLE, is_sweep, outcomes, read_known, read_provenance
from watersellers.experiments.sweeps.designs import points_of
from watersellers.experiments.sweeps.extras import needed
from watersellers.experiments.sweeps.measuring import check_name
from watersellers.experiments.sweeps.observing import Look, by_point, observed
from watersellers.experiments.sweeps.plan import Plan
from watersellers.experiments.sweeps.schema import CalibrationText, Listed, StudyText, Target, read_as
from watersellers.experiments.sweeps.seeking import check_keys, check_length, check_targets
from watersellers.experiments.sweeps.stopping import SweepStopped
from watersellers.experiments.sweeps.study import planned, read_study
from watersellers.experiments.sweeps.swept import Swept

SEARCH = 10**6  # the place in the seed sequence of proposals; designs have 0, replicates count from 1
LAID_OUT = "one_at_a_time"  # a small design, until points are proposed
WARM_UP = 16  # points drawn evenly before anything is proposed from what was found

type Point = dict[str, Any]
type Told = Callable[[int, int, float | None], None]


@dataclass(frozen=True)
class Calibration:
    """A calibration: a study, what is sought, and for how many points."""

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
        measures = list(dict.fromkeys(_looks(text.target, str(path))))
        plan = planned(doc | {"measures": measures, "design": LAID_OUT}, str(path), path.parent)
        cases = [axis.name for axis in plan.axes if axis.cases]
        refuse(
            f"{path}, parameters.{name}: has cases, which lie in no order; expected a range or values" for name in cases
        )
        check_targets(text.target, plan, str(path))
        check_length(plan, text.trials, str(path))
        return cls(text, plan, tuple(text.target), text.trials, text.batch)

    def run(self, out: str | Path, ways: Ways = Ways(), told: Told | None = None) -> Swept:  # noqa: B008 - frozen
        """Seek, or go on seeking, until there are as many points as trials; see ``carry_out`` for what it raises.

        ``told`` is called with points done, points in all, and the least loss so far.
        """
        folder = Path(out)
        check_ways(ways)
        if ways.shard is not None or ways.rerun_failed:
            raise BadInput("calibration: proposes points by all that was found; expected no shard and no rerun_failed")
        try:
            return self._sought(folder, ways, told)
        except KeyboardInterrupt as stop:
            kept = len(outcomes(folder)) if is_sweep(folder) else 0
            runs = self.trials * self.plan.study.replications
            raise SweepStopped(f"{kept} of {runs} runs", folder, getattr(stop, "by", SIGINT)) from None

    def _sought(self, folder: Path, ways: Ways, told: Told | None) -> Swept:
        """Propose points and make their runs until there are enough."""
        points = _begun(folder)
        if points and len(points) < self.trials and not ways.resume:
            raise BadInput(f"{folder}: {TAKEN}")
        found = carry_out(self._with(points), folder, ways) if points else None
        while found is None or len(points) < self.trials:
            known = None if found is None else self.losses(found)
            if told is not None:
                told(len(points), self.trials, None if known is None else _least(known))
            points = [*points, *self._next(len(points), known)]
            again = replace(ways, resume=ways.resume or found is not None)
            found = carry_out(self._with(points), folder, again)
        return found

    def losses(self, found: Swept) -> pl.DataFrame:
        """Say how far each point is off: point, parameters, loss, and what each target's measure is.

        The loss is the mean over targets, by weight, of squared distances in tolerances; only points all of whose runs
        came to a good end have one.
        """
        table = found.design
        replicates, weights = found.plan.study.replications, sum(target.weight for target in self.targets)
        parts = []
        for target in self.targets:
            rows = by_point(observed(found, Look.read(target.measure)), (), replicates)
            table = table.join(rows.rename({"value": target.measure}), on="point", how="left", maintain_order="left")
            off = (pl.col(target.measure) - target.value) / target.tolerance
            parts.append(off**2 * target.weight / weights)
        return table.with_columns(loss=pl.sum_horizontal(parts, ignore_nulls=False))

    def _with(self, points: Sequence[Point]) -> Plan:
        """Make the plan of all points so far."""
        design = Listed(kind="list", points=list(points))
        study = self.plan.study.model_copy(update={"design": design})
        frame = points_of(design, self.plan.axes, study.seed)
        return Plan(study, self.plan.label, self.plan.text, self.plan.name, self.plan.months, self.plan.axes, frame)

    def _next(self, number: int, known: pl.DataFrame | None) -> list[Point]:
        """Propose the next batch: the scenario as it is first, then what Optuna finds promising."""
        optuna = needed("optuna", "fit")
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        spread = {axis.name: _distribution(axis, optuna) for axis in self.plan.axes}
        sequence = np.random.SeedSequence(self.plan.study.seed, spawn_key=(SEARCH, number))
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


def _least(losses: pl.DataFrame) -> float | None:
    """Give the least loss so far, none where no point has one."""
    known = losses["loss"].drop_nulls().to_list()
    return min(known) if known else None


def _distribution(axis: Axis, optuna: Any) -> Any:
    if axis.ranges:
        return optuna.distributions.FloatDistribution(axis.low, axis.high, log=axis.log)
    return optuna.distributions.CategoricalDistribution(list(axis.values))


def _looks(targets: Sequence[Target], label: str) -> Iterator[str]:
    """Give the measures of targets."""
    for number, target in enumerate(targets, start=1):
        place = f"{label}, target {number}.measure: "
        try:
            measure = Look.read(target.measure).measure
            check_name(measure)
        except BadInput as error:
            raise BadInput(*(f"{place}{said.removeprefix('measure: ')}" for said in error.problems)) from None
        yield measure


def _begun(folder: Path) -> list[Point]:
    """Read the points of a calibration that was begun, from their table; none where nothing was."""
    if not is_sweep(folder) or half_begun(folder):
        return []
    said = read_provenance(folder)
    if said["design"] != "list":
        raise BadInput(
            f"{folder}: holds a sweep of kind {said['design']!r} and no calibration; name another with --out"
        )
    table = pl.read_parquet(BytesIO(read_known(folder, DESIGN_TABLE, said))).drop("point")
    return [{name: value for name, value in row.items() if value is not None} for row in table.iter_rows(named=True)]


def best(losses: pl.DataFrame, targets: Sequence[Target], most: int) -> pl.DataFrame:
    """Give the points with the least loss, first the loss and what came of the targets."""
    measures = list(dict.fromkeys(target.measure for target in targets))
    rest = [name for name in losses.columns if name not in ("point", "loss", *measures)]
    return losses.drop_nulls("loss").sort("loss", "point").head(most).select("point", "loss", *measures, *rest)

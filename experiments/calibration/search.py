"""The search of a fit: a coarse design, descents along slopes, then a guided search; every step is logged.

Every run has the seeds of the fit, so that two steps differ by their numbers and by nothing else. The published figures
are the only targets: no sign, rank or profit of a layer is imposed.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from watersellers.experiments.analysis.validation import target_figures, verdict
from watersellers.experiments.calibration.descent import (
    DAMPING,
    Identification,
    Slopes,
    descent_points,
    identify,
    nudged_points,
    slopes,
)
from watersellers.experiments.calibration.fit import Fit, Point, loss, settings, starting_point
from watersellers.experiments.calibration.fit_log import DESCENT, DESIGN, SEARCH, Step, append_steps, read_log
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.input.optional_packages import load_optional
from watersellers.experiments.input.plain_values import plain_value
from watersellers.experiments.loading.limits import check_workers
from watersellers.experiments.loading.loader import load_scenario, months_to
from watersellers.experiments.runs.parallel import RunCase, worker_processes

BATCH = 4  # steps that are made at a time
SPREAD = 0.1  # of the first generation of the search, as a share of each number's range
SHORTER = 10.0  # factor of the dampings after each round that came no nearer: the same steps would lead nowhere again


class FitRuns:
    """Makes the runs of a fit, on processes that are kept between steps."""

    def __init__(self, fit: Fit, pool: Callable[..., Iterator[Any]]):
        self.fit, self.pool = fit, pool

    def figures(self, points: Sequence[Point]) -> list[dict[str, float | None]]:
        """Return the figures at each point, averaged over the fit's seeds."""
        cases = [_case(self.fit, point, seed) for point in points for seed in self.fit.seeds]
        found = list(self.pool(target_figures, cases))
        seeds = len(self.fit.seeds)
        return [_means(found[first : first + seeds]) for first in range(0, len(found), seeds)]

    def steps(self, how: str, points: Sequence[Point]) -> list[Step]:
        """Run the model at points, and return a step for each."""
        return [
            _step_at(self.fit, how, point, found) for point, found in zip(points, self.figures(points), strict=True)
        ]

    def slopes(self, point: Point) -> Slopes:
        """Compute the slopes of the figures in each free number near a point."""
        points = [point, *nudged_points(self.fit, point)]
        here, *moved = self.figures(points)
        return slopes(self.fit, point, here, list(zip(points[1:], moved, strict=True)))


def calibrate(
    fit: Fit,
    log_file: Path,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Step]:
    """Search for numbers that bring the model near the targets, and log every step.

    The first steps are the starting point and a coarse design over the ranges (a scrambled Sobol' sequence); then come
    rounds of descent along the slopes from the best step so far; then an evolution strategy (CMA-ES) tries
    generations of points. An existing log is read first, and only missing steps are run.

    Parameters
    ----------
    fit : Fit
        The free numbers and the targets.
    log_file : Path
        The log, a CSV file; it grows by one row per step.
    workers : int, optional
        The number of processes; all cores if not given. It does not affect the results.
    progress : callable, optional
        Called with the number of steps done and of all steps.

    Raises
    ------
    BadInput
        If the number of processes is impossible, a package that the fit needs is missing, or the log can't be read or
        written; nothing was run then.
    """
    workers = plain_value(workers)
    check_workers(workers)
    done = read_log(log_file, fit)
    _check_output(log_file)
    _check_packages(fit)
    planned = [starting_point(fit), *design_points(fit)]
    in_all = len(planned) + fit.rounds * len(DAMPING) + fit.search
    with worker_processes(BATCH, workers) as pool:
        runner = FitRuns(fit, pool)
        while len(done) < in_all:
            done += _next_steps(runner, done, planned, in_all)
            append_steps(log_file, fit, done)
            if progress is not None:
                progress(len(done), in_all)
    return done


def _check_output(log_file: Path) -> None:
    """Refuse a log that can't be written."""
    folder = log_file.absolute().parent
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        found = "no folder" if not folder.exists() else "something that can't be written into"
        raise BadInput(f"{log_file}: found {found} at {folder}, expected a folder; name another log with --log")


def _check_packages(fit: Fit) -> None:
    """Refuse a fit whose design or search needs a package that is not installed."""
    for steps, module in ((fit.design, "scipy"), (fit.search, "cmaes")):
        if steps:
            load_optional(module, "fit")


def _next_steps(runner: FitRuns, done: Sequence[Step], planned: Sequence[Point], in_all: int) -> list[Step]:
    """Make the next few steps."""
    here, fit = len(done), runner.fit
    if here < len(planned):
        return runner.steps(DESIGN, planned[here : here + BATCH])
    if sum(each.how == DESCENT for each in done) < fit.rounds * len(DAMPING):
        return runner.steps(
            DESCENT, descent_points(fit, runner.slopes(best_step(done).point), SHORTER ** rounds_in_vain(done))
        )
    return runner.steps(SEARCH, propose_points(fit, done, in_all - here))


def rounds_in_vain(done: Sequence[Step]) -> int:
    """Count the rounds of descent since the nearest step."""
    nearest = done.index(best_step(done))
    return sum(each.how == DESCENT for each in done[nearest + 1 :]) // len(DAMPING)


def identify_near(fit: Fit, point: Point, workers: int | None = None) -> Identification:
    """Find which free numbers the targets identify near a point, by a run for each number and seed."""
    with worker_processes(BATCH, workers) as pool:
        return identify(fit, FitRuns(fit, pool).slopes(point))


def best_step(done: Sequence[Step]) -> Step:
    """Return the step with the least loss, the first of equals."""
    return min(done, key=lambda each: each.loss)


def _case(fit: Fit, point: Point, seed: int) -> RunCase:
    spec = load_scenario(fit.scenario, settings(fit, point))
    return RunCase(spec, seed, fit.users, months_to(spec, max(each.end for each in fit.targets)))


def design_points(fit: Fit) -> list[Point]:
    """Spread points evenly over the ranges of all free numbers."""
    from scipy.stats import qmc

    shares = qmc.Sobol(len(fit.free), seed=fit.seed).random(fit.design) if fit.design else []
    return [{free.name: free.at(float(share)) for free, share in zip(fit.free, row, strict=True)} for row in shares]


def propose_points(fit: Fit, done: Sequence[Step], most: int) -> list[Point]:
    """Propose what is missing of a generation around the nearest step before the search, by its steps so far.

    CMA-ES (Hansen and Ostermeier 2001, from memory) looks at the order of losses alone, and learns in which directions
    they fall. Its generations follow from the fit's seed and the log.
    """
    import cmaes

    searched = [each for each in done if each.how == SEARCH]
    centre = best_step([each for each in done if each.how != SEARCH]).point
    shares = np.array([min(1.0, max(0.0, free.share(centre[free.name]))) for free in fit.free])
    bounds = np.repeat([[0.0, 1.0]], len(shares), axis=0)
    search = cmaes.CMA(mean=shares, sigma=SPREAD, bounds=bounds, seed=fit.seed)
    size = search.population_size
    while True:
        asked = [search.ask() for _ in range(size)]
        if len(searched) < size:
            break
        search.tell([(each, step.loss) for each, step in zip(asked, searched[:size], strict=True)])
        searched = searched[size:]
    missing = asked[len(searched) :][:most]
    return [{free.name: free.at(float(share)) for free, share in zip(fit.free, each, strict=True)} for each in missing]


def _step_at(fit: Fit, how: str, point: Point, found: Mapping[str, float | None]) -> Step:
    """Make the step of a point from its figures."""
    verdicts = [verdict(each.kind, each.value, found[each.target]) for each in fit.targets]
    inside, near, outside = (verdicts.count(each) for each in ("inside", "near", "outside"))
    return Step(how, loss(found, fit), inside, near, outside, point)


def _means(found: Sequence[Mapping[str, float | None]]) -> dict[str, float | None]:
    means: dict[str, float | None] = {}
    for name in found[0]:
        there = [value for row in found if (value := row[name]) is not None]
        means[name] = fmean(there) if there else None
    return means

"""Fit numbers to published figures: a coarse design, descents along the slopes, then a guided search, all logged.

Every run has the seeds of the fit, so that two steps differ by their numbers and by nothing else. No sign, rank or
profit of a layer is asked for beyond the published figures themselves.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from watersellers.experiments.errors import BadInput
from watersellers.experiments.fits.descending import DAMPING, Identified, Slopes, descents, identified, nudged, slopes
from watersellers.experiments.fits.fit_log import DESCENT, DESIGN, SEARCH, Step, append, read_log
from watersellers.experiments.fits.fitting import Fit, Point, loss, settings, starting
from watersellers.experiments.limits import check_workers
from watersellers.experiments.many import Case, processes
from watersellers.experiments.scenario import load_scenario, months_to
from watersellers.experiments.sweeps.extras import needed
from watersellers.experiments.validating import figures, verdict

BATCH = 4  # steps that are asked for before the first of them is answered


class Runner:
    """Makes the runs of a fit, on processes that stay."""

    def __init__(self, fit: Fit, pool: Callable[..., Iterator[Any]]):
        self.fit, self.pool = fit, pool

    def figures(self, points: Sequence[Point]) -> list[dict[str, float | None]]:
        """The figures at each point, the mean over the fit's seeds."""
        cases = [_case(self.fit, point, seed) for point in points for seed in self.fit.seeds]
        found = list(self.pool(figures, cases))
        seeds = len(self.fit.seeds)
        return [_means(found[place : place + seeds]) for place in range(0, len(found), seeds)]

    def steps(self, how: str, points: Sequence[Point]) -> list[Step]:
        """Judge points."""
        return [_judged(self.fit, how, point, found) for point, found in zip(points, self.figures(points), strict=True)]

    def slopes(self, point: Point) -> Slopes:
        """How the figures move with each free number, near a point."""
        points = [point, *nudged(self.fit, point)]
        here, *moved = self.figures(points)
        return slopes(self.fit, point, here, list(zip(points[1:], moved, strict=True)))


def calibrate(
    fit: Fit,
    log_file: Path,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Step]:
    """Search for numbers that bring the model near the targets, and keep every step.

    First where the world is and a coarse design over the ranges (a scrambled Sobol' sequence); then rounds of descent
    along the slopes from the best step so far; then a tree of Parzen estimators proposes where else to look. A log
    that stands there is read first, and only what is missing is run.

    Parameters
    ----------
    fit : Fit
        What is free and what counts.
    log_file : Path
        The log, a CSV file; it grows by a row a step.
    workers : int, optional
        Processes; all cores if not given. It moves no number.
    progress : callable, optional
        Called with the steps done and the steps in all.

    Raises
    ------
    BadInput
        If the number of processes is none, a package is missing that the fit needs, or the log can't be read or
        written; nothing was run then.
    """
    check_workers(workers)
    done = read_log(log_file, fit)
    _check_place(log_file)
    _check_packages(fit)
    planned = [starting(fit), *design(fit)]
    in_all = len(planned) + fit.rounds * len(DAMPING) + fit.search
    with processes(BATCH, workers) as pool:
        runner = Runner(fit, pool)
        while len(done) < in_all:
            done += _next(runner, done, planned, in_all)
            append(log_file, fit, done)
            if progress is not None:
                progress(len(done), in_all)
    return done


def _check_place(log_file: Path) -> None:
    """Refuse a log that can't be written."""
    folder = log_file.absolute().parent
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        found = "no folder" if not folder.exists() else "something that can't be written into"
        raise BadInput(f"{log_file}: found {found} at {folder}, expected a folder; name another log with --log")


def _check_packages(fit: Fit) -> None:
    """Refuse a fit whose design or search needs a package that is not installed."""
    for steps, module in ((fit.design, "scipy"), (fit.search, "optuna")):
        if steps:
            needed(module, "fit")


def _next(runner: Runner, done: Sequence[Step], planned: Sequence[Point], in_all: int) -> list[Step]:
    """Make the next few steps."""
    here, fit = len(done), runner.fit
    if here < len(planned):
        return runner.steps(DESIGN, planned[here : here + BATCH])
    if sum(each.how == DESCENT for each in done) < fit.rounds * len(DAMPING):
        return runner.steps(DESCENT, descents(fit, runner.slopes(best(done).point)))
    return runner.steps(SEARCH, proposed(fit, done, min(BATCH, in_all - here)))


def looked(fit: Fit, point: Point, workers: int | None = None) -> Identified:
    """Look which free numbers the targets tell apart near a point; a run for each number and seed."""
    with processes(BATCH, workers) as pool:
        return identified(fit, Runner(fit, pool).slopes(point))


def best(done: Sequence[Step]) -> Step:
    """The step nearest to the targets, the first of equals."""
    return min(done, key=lambda each: each.loss)


def _case(fit: Fit, point: Point, seed: int) -> Case:
    setting = load_scenario(fit.scenario, settings(fit, point))
    return Case(setting, seed, fit.users, months_to(setting, max(each.end for each in fit.targets)))


def design(fit: Fit) -> list[Point]:
    """Spread points evenly over the ranges of all free numbers."""
    from scipy.stats import qmc

    shares = qmc.Sobol(len(fit.free), seed=fit.seed).random(fit.design) if fit.design else []
    return [{free.name: free.at(float(share)) for free, share in zip(fit.free, row, strict=True)} for row in shares]


def proposed(fit: Fit, done: Sequence[Step], number: int) -> list[Point]:
    """Propose points where the steps so far stood near the targets."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = optuna.samplers.TPESampler(seed=fit.seed + len(done), multivariate=True, constant_liar=True)
    study = optuna.create_study(sampler=sampler)
    ranges: dict[str, Any] = {free.name: optuna.distributions.FloatDistribution(0.0, 1.0) for free in fit.free}
    for each in done:
        shares = {free.name: min(1.0, max(0.0, free.share(each.point[free.name]))) for free in fit.free}
        study.add_trial(optuna.trial.create_trial(params=shares, distributions=ranges, value=each.loss))
    trials = [study.ask(ranges) for _ in range(number)]
    return [{free.name: free.at(trial.params[free.name]) for free in fit.free} for trial in trials]


def _judged(fit: Fit, how: str, point: Point, found: Mapping[str, float | None]) -> Step:
    """Judge a point by its figures."""
    verdicts = [verdict(each.kind, each.value, found[each.target]) for each in fit.targets]
    inside, near, outside = (verdicts.count(said) for said in ("inside", "near", "outside"))
    return Step(how, loss(found, fit), inside, near, outside, point)


def _means(found: Sequence[Mapping[str, float | None]]) -> dict[str, float | None]:
    means: dict[str, float | None] = {}
    for name in found[0]:
        there = [value for row in found if (value := row[name]) is not None]
        means[name] = fmean(there) if there else None
    return means

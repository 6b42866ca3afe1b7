"""Slopes of figures in the free numbers near a point: which numbers the targets identify, and where to go next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from watersellers.experiments.calibration.fit import Fit, FreeNumber, Point, distance
from watersellers.market.exact import Column

NUDGE = 0.06  # share of a number's range by which it is moved to measure slopes
ALIKE = 0.95  # cosine of the effects of two numbers above which the targets hardly distinguish them
NOTICEABLE = 0.1  # tolerances by which some figure must move over a number's whole range
DAMPING = (0.02, 0.1, 0.5, 3.0)
NOISE = 0.01  # share of the largest singular value below which a direction counts as unidentified


@dataclass(frozen=True)
class Slopes:
    """Distances from the targets at a point, in tolerances, and their change over the whole range of each number."""

    point: Point
    distances: Column  # shape (targets,)
    effects: Column  # shape (targets, free numbers)


def nudged_points(fit: Fit, point: Point) -> list[Point]:
    """Return a point for each free number, with that number moved a little towards the farther end of its range."""
    return [dict(point) | {free.name: _nudged_value(free, point[free.name])} for free in fit.free]


def _nudged_value(free: FreeNumber, value: float) -> float:
    share = free.share(value)
    to = free.at(share + (NUDGE if share < 1 / 2 else -NUDGE))
    if to == value:  # a whole number moves by one
        to = value + (1 if share < 1 / 2 else -1)
    return to


def slopes(
    fit: Fit, point: Point, found: Mapping[str, float | None], moved: Sequence[tuple[Point, Mapping[str, float | None]]]
) -> Slopes:
    """Compute slopes from the figures at a point and at the points around it."""
    here = np.array([distance(each, found[each.target]) for each in fit.targets])
    effects = np.zeros((len(here), len(fit.free)))
    for column, (free, (other, figures)) in enumerate(zip(fit.free, moved, strict=True)):
        there = np.array([distance(each, figures[each.target]) for each in fit.targets])
        effects[:, column] = (there - here) / (free.share(other[free.name]) - free.share(point[free.name]))
    return Slopes(point, here, effects)


def descent_points(fit: Fit, at: Slopes, harder: float = 1.0) -> list[Point]:
    """Return points where the slopes predict a lower loss: a damped least-squares step for each of several dampings.

    Distant targets weigh less, as they do in the loss: each weighs its confidence over ``1 + d^2``. ``harder`` is a
    factor of all dampings: the larger, the shorter the steps.
    """
    weights = np.array([fit.weights[each.confidence] for each in fit.targets]) / (1 + at.distances**2)
    square = at.effects.T @ (weights[:, None] * at.effects)
    pull = at.effects.T @ (weights * at.distances)
    points: list[Point] = []
    for damping in DAMPING:
        damped = square + harder * damping * np.trace(square) / len(fit.free) * np.eye(len(fit.free))
        change = -np.linalg.solve(damped, pull)
        shares = [free.share(at.point[free.name]) + float(by) for free, by in zip(fit.free, change, strict=True)]
        points.append(
            {free.name: free.at(min(1.0, max(0.0, share))) for free, share in zip(fit.free, shares, strict=True)}
        )
    return points


@dataclass(frozen=True)
class Identification:
    """The free numbers that the targets identify: the number of directions that they see, and each number's effect.

    ``numbers``: name, effect (the largest change of a figure over the number's range, in tolerances), alike (the number
    with the most similar effects on all figures) and cosine (of the two).
    """

    seen: int
    free: int
    numbers: pl.DataFrame

    @property
    def unseen(self) -> list[str]:
        """Numbers that move no figure noticeably."""
        return self.numbers.filter(pl.col("effect") < NOTICEABLE)["name"].to_list()

    @property
    def confused(self) -> list[tuple[str, str]]:
        """Pairs that the targets hardly distinguish."""
        rows = self.numbers.filter(pl.col("cosine").abs() > ALIKE, pl.col("effect") >= NOTICEABLE)
        return sorted({tuple(sorted(pair)) for pair in rows.select("name", "alike").iter_rows()})


def identify(fit: Fit, at: Slopes) -> Identification:
    """Find which free numbers the targets identify near a point."""
    weights = np.sqrt([fit.weights[each.confidence] for each in fit.targets])
    effects = at.effects * weights[:, None]
    lengths = np.linalg.norm(effects, axis=0)
    units = np.divide(effects, lengths, out=np.zeros_like(effects), where=lengths > 0)
    cosines = units.T @ units - 2 * np.eye(len(fit.free))
    alike = np.abs(cosines + 0).copy()
    np.fill_diagonal(alike, -1)
    nearest = alike.argmax(axis=0)
    values = np.linalg.svd(effects, compute_uv=False)
    names = [free.name for free in fit.free]
    rows = [
        (
            name,
            float(np.abs(at.effects[:, column]).max()),
            names[nearest[column]],
            float(cosines[column, nearest[column]]),
        )
        for column, name in enumerate(names)
    ]
    schema = ["name", "effect", "alike", "cosine"]
    table = pl.DataFrame(rows, schema=schema, orient="row").sort("effect", descending=True)
    return Identification(int((values > NOISE * values[0]).sum()), len(names), table)

"""Sampled designs, with SciPy's and SALib's own sequences; loaded only where a study asks for one."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from watersellers.experiments.errors import BadInput
from watersellers.experiments.sweeps.axes import Axis
from watersellers.experiments.sweeps.designs import column
from watersellers.experiments.sweeps.extras import needed

DESIGN = 0  # the replicate's place in the seed sequence that designs are drawn from; replicates count from 1


def sampled(design: Any, axes: Sequence[Axis], seed: int) -> Iterator[pl.Series]:
    """Draw the points of a design: a column for each parameter.

    Raises
    ------
    BadInput
        If there is no parameter, or a size does not fit the sequence.
    """
    if not axes:
        raise BadInput(f"parameters: there is none; a design of kind {design.kind!r} needs at least one")
    shares = DRAWN[design.kind](design, len(axes), chance(seed))
    for place, axis in enumerate(axes):
        yield column([axis.at(float(share)) for share in shares[:, place]])


def chance(seed: int) -> np.random.Generator:
    """Give the generator that a design is drawn with: of the study's seed, and apart from every run's."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(DESIGN,))))


def problem(names: Sequence[str]) -> dict[str, Any]:
    """Describe the unit cube of the parameters as SALib wants it."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _latin_hypercube(design: Any, width: int, rng: np.random.Generator) -> np.ndarray:
    return needed("scipy.stats.qmc", "fit").LatinHypercube(width, rng=rng).random(design.points)


def _sobol(design: Any, width: int, rng: np.random.Generator) -> np.ndarray:
    _power_of_two(design.points)
    return needed("scipy.stats.qmc", "fit").Sobol(width, rng=rng).random_base2(design.points.bit_length() - 1)


def _saltelli(design: Any, width: int, rng: np.random.Generator) -> np.ndarray:
    _power_of_two(design.points)
    sample = needed("SALib.sample.sobol", "fit").sample
    names = [str(number) for number in range(width)]
    return sample(problem(names), design.points, calc_second_order=design.second_order, seed=rng)


def _morris(design: Any, width: int, rng: np.random.Generator) -> np.ndarray:
    sample = needed("SALib.sample.morris", "fit").sample
    names = [str(number) for number in range(width)]
    return sample(problem(names), design.trajectories, num_levels=design.levels, seed=rng)


def _power_of_two(points: int) -> None:
    """Refuse a size at which the sequence is not balanced."""
    if points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        cure = "a Sobol' sequence is balanced only then"
        raise BadInput(f"design.points: found {points}, expected a power of 2, as {below} or {2 * below}; {cure}")


DRAWN = {"latin_hypercube": _latin_hypercube, "sobol": _sobol, "saltelli": _saltelli, "morris": _morris}

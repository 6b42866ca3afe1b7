"""Sampled designs, drawn with the sequences of SciPy and SALib; loaded only when a study uses one."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.input.optional_packages import load_optional
from watersellers.experiments.sweeps.study.axes import Axis, column

DESIGN = 0  # the key of designs in the study's seed sequence; replicates have keys from 1


def draw_design(design: Any, axes: Sequence[Axis], seed: int) -> Iterator[pl.Series]:
    """Draw the points of a design: a column for each parameter.

    Raises
    ------
    BadInput
        If there is no parameter, or the size does not fit the sequence.
    """
    if not axes:
        raise BadInput(f"parameters: there is none; a design of kind {design.kind!r} needs at least one")
    shares = SAMPLERS[design.kind](design, len(axes), design_generator(seed))
    for number, axis in enumerate(axes):
        yield column([axis.at(float(share)) for share in shares[:, number]])


def design_generator(seed: int) -> np.random.Generator:
    """Return the generator for a design: derived from the study's seed, and independent of every run's."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(DESIGN,))))


def unit_cube(names: Sequence[str]) -> dict[str, Any]:
    """Describe the unit cube of the parameters as a problem of SALib."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _latin_hypercube(design: Any, width: int, rng: np.random.Generator) -> np.ndarray:
    return load_optional("scipy.stats.qmc", "fit").LatinHypercube(width, rng=rng).random(design.points)


def _sobol(design: Any, width: int, rng: np.random.Generator) -> np.ndarray:
    _power_of_two(design.points)
    return load_optional("scipy.stats.qmc", "fit").Sobol(width, rng=rng).random_base2(design.points.bit_length() - 1)


def _saltelli(design: Any, width: int, rng: np.random.Generator) -> np.ndarray:
    _power_of_two(design.points)
    sample = load_optional("SALib.sample.sobol", "fit").sample
    names = [str(number) for number in range(width)]
    return sample(unit_cube(names), design.points, calc_second_order=design.second_order, seed=rng)


def _morris(design: Any, width: int, rng: np.random.Generator) -> np.ndarray:
    sample = load_optional("SALib.sample.morris", "fit").sample
    names = [str(number) for number in range(width)]
    return sample(unit_cube(names), design.trajectories, num_levels=design.levels, seed=rng)


def _power_of_two(points: int) -> None:
    """Refuse a size at which the sequence is not balanced."""
    if points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        cure = "a Sobol' sequence is balanced only then"
        raise BadInput(f"design.points: found {points}, expected a power of 2, as {below} or {2 * below}; {cure}")


SAMPLERS = {"latin_hypercube": _latin_hypercube, "sobol": _sobol, "saltelli": _saltelli, "morris": _morris}

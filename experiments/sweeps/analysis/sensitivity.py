"""Sensitivity: Sobol' indices, Morris' elementary effects, and methods that accept any points."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from watersellers.experiments.input.errors import BadInput, unknown
from watersellers.experiments.input.optional_packages import load_optional
from watersellers.experiments.sweeps.analysis.selected_measure import (
    SelectedMeasure,
    means_by_point,
    selected_values,
    unit_shares,
)
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.study.samples import unit_cube

METHOD_OF_DESIGN = {"saltelli": "sobol", "morris": "morris"}
GIVEN_DATA = ("pawn", "rbd_fast")  # methods that need no design of their own
LEAST = 10  # points that any method needs
CONFIDENCE = 0.95
RESAMPLES = 1000
SLIDES = 10  # intervals into which PAWN cuts each parameter
SEED = 1  # of the resampling for confidence intervals, so that the same points give the same answer


def sensitivity(swept: Swept, measure: str, method: str | None = None) -> pl.DataFrame:
    """Compute how much of a measure each parameter explains.

    Parameters
    ----------
    swept : Swept
        The sweep.
    measure : str
        The measure with its layer or firm and its month, as ``calibrated.profit_over_final_spending:chips``.
    method : str, optional
        sobol, morris, pawn or rbd_fast; if not given, that of the design, or pawn if the design has none.

    Returns
    -------
    pl.DataFrame
        See the function of the method.

    Raises
    ------
    BadInput
        If the method's design is not complete, or the measure has the same value at every point.
    """
    kind, chosen = swept.plan.study.design.kind, method_of(swept, method)
    axes, replicates = swept.plan.axes, swept.plan.study.replications
    points = means_by_point(selected_values(swept, SelectedMeasure.read(measure)), axes, replicates)
    if chosen not in GIVEN_DATA:
        _check_complete(points, swept, chosen, kind)
    points = points.drop_nulls()
    if len(points) < LEAST:
        raise BadInput(f"{swept.folder}: found {len(points)} points with a value, expected at least {LEAST}")
    if points["value"].n_unique() == 1:
        raise BadInput(f"{measure}: is {points['value'][0]:g} at every point, so no parameter explains any of it")
    names = [axis.name for axis in axes]
    return METHODS[chosen](unit_shares(points, axes), names, swept.plan.study.design.model_dump())


def method_of(swept: Swept, method: str | None = None) -> str:
    """Choose a method: the given one, or that of the design, or one that takes any points.

    Raises
    ------
    BadInput
        If there is no such method.
    """
    chosen = method or METHOD_OF_DESIGN.get(swept.plan.study.design.kind, GIVEN_DATA[0])
    if chosen not in METHODS:
        raise BadInput(f"--method: {unknown('method', chosen, METHODS)}")
    return chosen


def _check_complete(points: pl.DataFrame, swept: Swept, method: str, kind: str) -> None:
    """Refuse a design that does not fit the method or lacks points: one missing point invalidates the result."""
    if METHOD_OF_DESIGN.get(kind) != method:
        fitting = next(name for name, its in METHOD_OF_DESIGN.items() if its == method)
        cure = f"expected a design of kind {fitting!r}; --method {' or '.join(GIVEN_DATA)} takes any"
        raise BadInput(f"--method {method}: the design is of kind {kind!r}, {cure}")
    lacking = len(swept.design) - len(points)
    if lacking:
        counts = {status: count for status, count in swept.counted().items() if status != "ok"}
        why = ", ".join(f"{count} {status}" for status, count in counts.items()) or "no value where it was measured"
        cure = "make them with --resume or --rerun-failed, or take --method pawn, which uses the points that are there"
        raise BadInput(
            f"{swept.folder}: {lacking} of {len(swept.design)} points have no value (runs: {why}), and {method} needs"
            f" all; {cure}"
        )


def sobol(points: pl.DataFrame, names: Sequence[str], design: Mapping[str, Any]) -> pl.DataFrame:
    """Compute Sobol' indices: parts of a measure's variance (Saltelli 2010; Jansen's estimate of totals).

    Columns: parameter, pair (null except for pairs), first (explained by it alone), first_confidence, total (with all
    its interactions), total_confidence; for a pair, first is what both explain together beyond each alone.
    """
    pairs = bool(design["second_order"])
    values = points["value"].to_numpy()
    found = load_optional("SALib.analyze.sobol", "fit").analyze(
        unit_cube(names), values, calc_second_order=pairs, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=SEED
    )
    columns = ("parameter", "pair", "first", "first_confidence", "total", "total_confidence")
    rows: list[tuple[Any, ...]] = [
        (name, None, *(float(found[key][number]) for key in ("S1", "S1_conf", "ST", "ST_conf")))
        for number, name in enumerate(names)
    ]
    for one in range(len(names) if pairs else 0):
        for other in range(one + 1, len(names)):
            both = (float(found["S2"][one, other]), float(found["S2_conf"][one, other]))
            rows.append((names[one], names[other], *both, None, None))
    return pl.DataFrame(rows, schema=columns, orient="row")


def morris(points: pl.DataFrame, names: Sequence[str], design: Mapping[str, Any]) -> pl.DataFrame:
    """Compute elementary effects: the change of a measure when one parameter crosses its range (Morris 1991).

    Columns: parameter, effect (mean), size (mean of its absolute value, Campolongo 2007), size_confidence, spread
    (standard deviation, which shows the dependence on the other parameters).
    """
    inputs, values = points.select(names).to_numpy(), points["value"].to_numpy()
    found = load_optional("SALib.analyze.morris", "fit").analyze(
        unit_cube(names), inputs, values, num_levels=design["levels"], conf_level=CONFIDENCE, seed=SEED
    )
    columns = {"effect": "mu", "size": "mu_star", "size_confidence": "mu_star_conf", "spread": "sigma"}
    return _table(names, {name: found[key] for name, key in columns.items()})


def pawn(points: pl.DataFrame, names: Sequence[str], design: Mapping[str, Any]) -> pl.DataFrame:
    """Compute PAWN indices: the change in a measure's distribution if a parameter is fixed (Pianosi and Wagener 2018).

    Columns: parameter, and the Kolmogorov-Smirnov distances over its intervals: least, middle (median), most.
    """
    inputs, values = points.select(names).to_numpy(), points["value"].to_numpy()
    slides = min(SLIDES, *(points[name].n_unique() for name in names))  # no more than there are values to fix
    with np.errstate(invalid="ignore"):  # in a coefficient of variation that is not used here
        found = load_optional("SALib.analyze.pawn", "fit").analyze(
            unit_cube(names), inputs, values, S=slides
        )  # draws nothing
    columns = {"least": "minimum", "middle": "median", "most": "maximum"}
    return _table(names, {name: found[key] for name, key in columns.items()})


def rbd_fast(points: pl.DataFrame, names: Sequence[str], design: Mapping[str, Any]) -> pl.DataFrame:
    """Compute first-order indices from any points by RBD-FAST (Tarantola 2006, Plischke 2010).

    Columns: parameter, first, first_confidence.
    """
    inputs, values = points.select(names).to_numpy(), points["value"].to_numpy()
    found = load_optional("SALib.analyze.rbd_fast", "fit").analyze(
        unit_cube(names), inputs, values, conf_level=CONFIDENCE, seed=SEED
    )
    return _table(names, {"first": found["S1"], "first_confidence": found["S1_conf"]})


def _table(names: Sequence[str], columns: Mapping[str, Any]) -> pl.DataFrame:
    made = {name: np.asarray(values, dtype=float) for name, values in columns.items()}
    return pl.DataFrame({"parameter": list(names)} | made)


METHODS: dict[str, Callable[[pl.DataFrame, Sequence[str], Mapping[str, Any]], pl.DataFrame]] = {
    "sobol": sobol,
    "morris": morris,
    "pawn": pawn,
    "rbd_fast": rbd_fast,
}

"""Sensitivity: Sobol' indices, Morris' elementary effects, and methods that accept any points.

Each table ends with the columns precise, needed and base (see ``with_reliability``; base points of Saltelli's design,
trajectories of Morris', or points), points (that were used) and left_out (points that lack a value).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
import polars.selectors as cs

from watersellers.experiments.input.errors import BadInput, unknown
from watersellers.experiments.input.optional_packages import load_optional
from watersellers.experiments.sweeps.analysis.pawn import pawn
from watersellers.experiments.sweeps.analysis.reliability import Estimate, next_power_of_two, with_reliability
from watersellers.experiments.sweeps.analysis.selected_measure import (
    SelectedMeasure,
    means_by_point,
    selected_values,
    unit_shares,
)
from watersellers.experiments.sweeps.folder.swept_runs import SweptRuns
from watersellers.experiments.sweeps.study.samples import unit_cube

METHOD_OF_DESIGN = {"saltelli": "sobol", "morris": "morris"}
GIVEN_DATA = ("pawn", "rbd_fast")  # methods that need no design of their own
LEAST = 10  # points that any method needs
LEAST_FOR = {"rbd_fast": 64}  # fewer points than several times its harmonics fit anything, and seem exact
CONFIDENCE = 0.95
RESAMPLES = 1000
SEED = 1  # of the resampling for confidence intervals, so that the same points give the same answer


def sensitivity(swept: SweptRuns, measure: str, method: str | None = None) -> pl.DataFrame:
    """Compute how much of a measure each parameter explains.

    Parameters
    ----------
    swept : SweptRuns
        The sweep.
    measure : str
        The measure with its layer or firm and its month, as ``calibrated.profit_over_final_spending:chips``.
    method : str, optional
        sobol, morris, pawn or rbd_fast; if not given, that of the design, or pawn if the design has none.

    Returns
    -------
    pl.DataFrame
        See the function of the method; and points and left_out, the numbers of points that were used and that lack a
        value.

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
    least = LEAST_FOR.get(chosen, LEAST)
    if len(points) < least:
        valued = f"{len(points)} points with a value ({len(swept.design) - len(points)} have none)"
        other = "; --method pawn takes fewer" if least > LEAST else ""
        raise BadInput(f"{swept.folder}: found {valued}, expected at least {least} for {chosen}{other}")
    if points["value"].n_unique() == 1:
        raise BadInput(f"{measure}: is {points['value'][0]:g} at every point, so no parameter explains any of it")
    names = [axis.name for axis in axes]
    found = METHODS[chosen](unit_shares(points, axes), names, swept.plan.study.design.model_dump())
    floats = pl.when(cs.float().is_finite()).then(cs.float())  # an index that is no number has no value
    counts = {"points": len(points), "left_out": len(swept.design) - len(points)}
    return found.with_columns(floats).with_columns(pl.lit(n, pl.Int64).alias(name) for name, n in counts.items())


def method_of(swept: SweptRuns, method: str | None = None) -> str:
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


def _check_complete(points: pl.DataFrame, swept: SweptRuns, method: str, kind: str) -> None:
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
    its interactions), total_confidence; for a pair, first is what both explain together beyond each alone. A first
    index above the total one has at least their distance as its error.
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
    base = len(values) // (len(names) * (2 if pairs else 1) + 2)
    wider = _bootstrap_factor(base)
    estimates = [_shares_of_variance(row[2], wider * row[3], row[4], row[5] and wider * row[5]) for row in rows]
    return with_reliability(pl.DataFrame(rows, schema=columns, orient="row"), estimates, base, next_power_of_two)


def _bootstrap_factor(base: int) -> float:
    """Return by how much an interval of few resampled points is too narrow: Student's t (from memory)."""
    if base <= 1:
        return math.inf
    stats, end = load_optional("scipy.stats", "fit"), (1 + CONFIDENCE) / 2
    return float(stats.t.ppf(end, base - 1) / stats.norm.ppf(end) * math.sqrt(base / (base - 1)))


def _shares_of_variance(
    first: float, first_error: float, total: float | None, total_error: float | None
) -> list[Estimate]:
    """Pair the indices of a row with their errors; a first index can't exceed the total one but by its error."""
    if total is None or total_error is None:
        return [(first, first_error)]
    return [(first, max(first_error, first - total)), (total, total_error)]


def morris(points: pl.DataFrame, names: Sequence[str], design: Mapping[str, Any]) -> pl.DataFrame:
    """Compute elementary effects: the change of a measure when one parameter crosses its range (Morris 1991).

    Columns: parameter, effect (mean), effect_confidence (half-width of its 95 % interval by Student's t, from the
    spread of the effects over the trajectories), size (mean of its absolute value, Campolongo 2007), size_confidence,
    spread (standard deviation, which shows the dependence on the other parameters). A row is precise if effect and size
    are.
    """
    inputs, values = points.select(names).to_numpy(), points["value"].to_numpy()
    found = load_optional("SALib.analyze.morris", "fit").analyze(
        unit_cube(names), inputs, values, num_levels=design["levels"], conf_level=CONFIDENCE, seed=SEED
    )
    base = len(values) // (len(names) + 1)
    table = _table(
        names,
        {
            "effect": found["mu"],
            "effect_confidence": _mean_error(np.asarray(found["sigma"], dtype=float), base),
            "size": found["mu_star"],
            "size_confidence": found["mu_star_conf"],
            "spread": found["sigma"],
        },
    )
    largest = float(table["size"].max()) or 1.0  # type: ignore[arg-type]
    wider = _bootstrap_factor(base) / largest
    estimates = [
        [(abs(row["effect"]) / largest, row["effect_confidence"] / largest), (row["size"] / largest, error)]
        for row, error in zip(table.iter_rows(named=True), (table["size_confidence"] * wider).to_list(), strict=True)
    ]
    return with_reliability(table, estimates, base)


def _mean_error(spread: np.ndarray, trajectories: int) -> np.ndarray:
    """Half-width of the interval of a mean of independent effects of this spread; infinite for a single trajectory."""
    if trajectories <= 1:
        return np.full(len(spread), math.inf)
    quantile = load_optional("scipy.stats", "fit").t.ppf((1 + CONFIDENCE) / 2, trajectories - 1)
    half: np.ndarray = spread * float(quantile) / math.sqrt(trajectories)
    return half


def rbd_fast(points: pl.DataFrame, names: Sequence[str], design: Mapping[str, Any]) -> pl.DataFrame:
    """Compute first-order indices from any points by RBD-FAST (Tarantola 2006, Plischke 2010).

    Columns: parameter, first, first_confidence.
    """
    inputs, values = points.select(names).to_numpy(), points["value"].to_numpy()
    found = load_optional("SALib.analyze.rbd_fast", "fit").analyze(
        unit_cube(names), inputs, values, conf_level=CONFIDENCE, seed=SEED
    )
    table = _table(names, {"first": found["S1"], "first_confidence": found["S1_conf"]})
    return with_reliability(table, [[row] for row in table.select("first", "first_confidence").rows()], len(values))


def _table(names: Sequence[str], columns: Mapping[str, Any]) -> pl.DataFrame:
    made = {name: np.asarray(values, dtype=float) for name, values in columns.items()}
    return pl.DataFrame({"parameter": list(names)} | made)


METHODS: dict[str, Callable[[pl.DataFrame, Sequence[str], Mapping[str, Any]], pl.DataFrame]] = {
    "sobol": sobol,
    "morris": morris,
    "pawn": pawn,
    "rbd_fast": rbd_fast,
}

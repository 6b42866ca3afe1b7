"""Which parameter matters: Sobol' indices, Morris' elementary effects, and methods that take any points as they are."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from watersellers.experiments.errors import BadInput, unknown
from watersellers.experiments.sweeps.extras import needed
from watersellers.experiments.sweeps.observing import Look, by_point, observed, shares
from watersellers.experiments.sweeps.samples import problem
from watersellers.experiments.sweeps.swept import Swept

OF_DESIGN = {"saltelli": "sobol", "morris": "morris"}
GIVEN_DATA = ("pawn", "rbd_fast")  # methods that need no design of their own
LEAST = 10  # points without which no method says anything
CONFIDENCE = 0.95
RESAMPLES = 1000
SLIDES = 10  # intervals into which PAWN cuts each parameter
SEED = 1  # of the resampling behind confidence: the same points give the same answer


def sensitivity(swept: Swept, look: str, method: str | None = None) -> pl.DataFrame:
    """Say how much of a measure each parameter explains.

    Parameters
    ----------
    swept : Swept
        The sweep.
    look : str
        What is looked at: a measure, of whom, and when, as ``year.profit_over_final_spending:chips``.
    method : str, optional
        sobol, morris, pawn or rbd_fast; that of the design if not given, and pawn where it has none.

    Returns
    -------
    pl.DataFrame
        See the function of the method.

    Raises
    ------
    BadInput
        If a method's design is not complete, or the measure is the same everywhere.
    """
    kind, chosen = swept.plan.study.design.kind, method_of(swept, method)
    axes, replicates = swept.plan.axes, swept.plan.study.replications
    points = by_point(observed(swept, Look.read(look)), axes, replicates)
    if chosen not in GIVEN_DATA:
        _complete(points, swept, chosen, kind)
    points = points.drop_nulls()
    if len(points) < LEAST:
        raise BadInput(f"{swept.folder}: found {len(points)} points with a value, expected at least {LEAST}")
    if points["value"].n_unique() == 1:
        raise BadInput(f"{look}: is {points['value'][0]:g} at every point, so no parameter explains any of it")
    names = [axis.name for axis in axes]
    return METHODS[chosen](shares(points, axes), names, swept.plan.study.design.model_dump())


def method_of(swept: Swept, method: str | None = None) -> str:
    """Choose a method: the one that is asked for, or that of the design, or one that takes any points.

    Raises
    ------
    BadInput
        If there is no such method.
    """
    chosen = method or OF_DESIGN.get(swept.plan.study.design.kind, GIVEN_DATA[0])
    if chosen not in METHODS:
        raise BadInput(f"--method: {unknown('method', chosen, METHODS)}")
    return chosen


def _complete(points: pl.DataFrame, swept: Swept, method: str, kind: str) -> None:
    """Refuse a design that a method does not fit, or that lacks points: one is enough to make the answer nonsense."""
    if OF_DESIGN.get(kind) != method:
        fitting = next(name for name, its in OF_DESIGN.items() if its == method)
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
    """Sobol' indices: parts of a measure's variance (Saltelli 2010; Jansen's estimate of totals).

    Columns: parameter, pair (null but for pairs), first (explained by it alone), first_confidence, total (with all its
    interactions), total_confidence; of pairs, first is what both explain together beyond each alone.
    """
    pairs = bool(design["second_order"])
    values = points["value"].to_numpy()
    found = needed("SALib.analyze.sobol", "fit").analyze(
        problem(names), values, calc_second_order=pairs, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=SEED
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
    """Elementary effects: how far a measure moves when one parameter goes across its range (Morris 1991).

    Columns: parameter, effect (mean), size (mean of its absolute value, Campolongo 2007), size_confidence, spread
    (standard deviation: what depends on the other parameters).
    """
    inputs, values = points.select(names).to_numpy(), points["value"].to_numpy()
    found = needed("SALib.analyze.morris", "fit").analyze(
        problem(names), inputs, values, num_levels=design["levels"], conf_level=CONFIDENCE, seed=SEED
    )
    columns = {"effect": "mu", "size": "mu_star", "size_confidence": "mu_star_conf", "spread": "sigma"}
    return _table(names, {name: found[key] for name, key in columns.items()})


def pawn(points: pl.DataFrame, names: Sequence[str], design: Mapping[str, Any]) -> pl.DataFrame:
    """PAWN: how far the distribution of a measure moves when a parameter is held (Pianosi and Wagener 2018).

    Columns: parameter, and the Kolmogorov-Smirnov distances over its intervals: least, middle, most.
    """
    inputs, values = points.select(names).to_numpy(), points["value"].to_numpy()
    slides = min(SLIDES, *(points[name].n_unique() for name in names))  # no more than there are values to hold
    with np.errstate(invalid="ignore"):  # of a coefficient of variation, which is not given here
        found = needed("SALib.analyze.pawn", "fit").analyze(problem(names), inputs, values, S=slides)  # draws nothing
    columns = {"least": "minimum", "middle": "median", "most": "maximum"}
    return _table(names, {name: found[key] for name, key in columns.items()})


def rbd_fast(points: pl.DataFrame, names: Sequence[str], design: Mapping[str, Any]) -> pl.DataFrame:
    """RBD-FAST: first-order indices from any points (Tarantola 2006, Plischke 2010).

    Columns: parameter, first, first_confidence.
    """
    inputs, values = points.select(names).to_numpy(), points["value"].to_numpy()
    found = needed("SALib.analyze.rbd_fast", "fit").analyze(
        problem(names), inputs, values, conf_level=CONFIDENCE, seed=SEED
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

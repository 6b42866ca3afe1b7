"""Limits on the size of a study, checked before its design is laid out."""

import math
from collections.abc import Sequence
from typing import Any

from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.input.text_files import LIMIT
from watersellers.experiments.sweeps.study.axes import Axis
from watersellers.experiments.sweeps.study.schema import PARAMETERS_LIMIT, RUNS_LIMIT, StudyText

CELLS_LIMIT = 20_000_000  # values of a design's table: points times parameters


def count_points(design: Any, axes: Sequence[Axis]) -> int:
    """Count the points of a design without laying them out."""
    spread = [len(axis.values) or axis.levels or getattr(design, "levels", 0) for axis in axes]
    match design.kind:
        case "grid":
            return math.prod(spread)
        case "one_at_a_time":
            return 1 + sum(spread)
        case "list":
            return len(design.points)
        case "saltelli":
            return int(design.points * ((2 * len(axes) + 2) if design.second_order else (len(axes) + 2)))
        case "morris":
            return int(design.trajectories * (len(axes) + 1))
    return int(design.points)


def check_parameters(number: int, label: str) -> None:
    """Refuse a study of too many parameters.

    Raises
    ------
    BadInput
        If there are more than ``PARAMETERS_LIMIT``.
    """
    if number > PARAMETERS_LIMIT:
        raise BadInput(f"{label}, parameters: found {number:,} parameters, expected at most {PARAMETERS_LIMIT:,}")


def check_runs(study: StudyText, axes: Sequence[Axis], label: str) -> None:
    """Refuse a study of too many points or runs.

    Raises
    ------
    BadInput
        If there are more than ``RUNS_LIMIT``, or if the table of points would not fit into memory.
    """
    points, kind = count_points(study.design, axes), study.design.kind
    runs, most = points * study.replications, f"expected at most {RUNS_LIMIT:,}"
    if points > RUNS_LIMIT:
        cure = "take fewer levels or values, or a sampled design, as latin_hypercube"
        raise BadInput(f"{label}, design: found {points:,} points of a {kind}, {most}; {cure}")
    if runs > RUNS_LIMIT:
        many = f"{points:,} points x {study.replications:,} replications = {runs:,} runs"
        raise BadInput(f"{label}, replications: found {many}, {most}")
    if points * len(axes) > CELLS_LIMIT:
        many = f"{points:,} points x {len(axes)} parameters = {points * len(axes):,} values"
        raise BadInput(f"{label}, design: found {many}, expected at most {CELLS_LIMIT:,}")


def check_text(text: str, what: str, label: str) -> None:
    """Refuse a study that would be written as a longer text than this program can read.

    Raises
    ------
    BadInput
        If it has more than ``LIMIT`` bytes.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LIMIT:
        cure = "list fewer points or values, or take a design that draws them"
        found = f"its {what} would have {size / 1e6:.1f} MB"
        raise BadInput(f"{label}: {found}, expected at most the {LIMIT / 1e6:g} MB that can be read; {cure}")

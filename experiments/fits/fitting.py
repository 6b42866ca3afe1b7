"""A fit: which numbers are free and how far, which published figures count and how much, and the log of what was tried.

What a step tried and how far it stood from the targets is a row of the log, so that a search goes on where it stopped,
and anybody can read how the numbers of ``parameters.csv`` that say ``calibrated`` were found.
"""

import csv
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, log1p
from pathlib import Path
from typing import Any

from experiments.catalogue import ours
from experiments.errors import BadInput
from experiments.published import TOLERANCES, Target, targets

FOLDER = Path(__file__).parents[1] / "calibration"
FARTHEST = 8.0  # tolerances: farther off is no worse, so that one figure out of reach does not rule the others

type Point = Mapping[str, float]  # a value for each free number, by its name in the fit


@dataclass(frozen=True, slots=True)
class Free:
    """A number that may move: its paths (several that move as one), its range, and whether it is searched by ratios."""

    name: str
    paths: tuple[str, ...]
    low: float
    high: float
    ratios: bool = False
    whole: bool = False

    def at(self, share: float) -> float:
        """The value that lies this share of the way from the low end to the high one."""
        if self.ratios:
            return exp(log(self.low) + share * (log(self.high) - log(self.low)))
        value = self.low + share * (self.high - self.low)
        return float(round(value)) if self.whole else value

    def share(self, value: float) -> float:
        """How far of the way a value lies."""
        if self.ratios:
            return (log(value) - log(self.low)) / (log(self.high) - log(self.low))
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class Fit:
    """What is fitted to what, and by how many runs."""

    question: str
    scenario: str
    free: tuple[Free, ...]
    layers: tuple[str, ...]
    weights: Mapping[str, float]
    seeds: tuple[int, ...]
    users: int
    design: int
    rounds: int
    search: int
    seed: int
    fixed: Mapping[str, Any]

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets that count: of the fit's layers, and of the AI business."""
        return tuple(each for each in targets() if each.layer in self.layers and each.scope == "ai")


@dataclass(frozen=True)
class Step:
    """A point that was tried, how it was chosen, and how far it stood from the targets."""

    how: str
    loss: float
    inside: int
    near: int
    outside: int
    point: Point


def fit_file(name: str) -> Path:
    """The file of a fit by its name, or by its path."""
    ours = FOLDER / f"{name}.toml"
    return ours if ours.is_file() else Path(name)


def load_fit(path: Path) -> Fit:
    """Read a fit from its file.

    Raises
    ------
    BadInput
        If it can't be read, or a key is missing or unknown.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        free = tuple(_free(name, row) for name, row in said.pop("free").items())
        layers, seeds = (tuple(said.pop(key)) for key in ("layers", "seeds"))
        return Fit(free=free, layers=layers, seeds=seeds, fixed=said.pop("fixed", {}), **said)
    except OSError as error:
        raise BadInput(f"{path}: can't be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{path}: found {error}, expected the keys of a fit, as in upstream.toml") from None


def _free(name: str, row: dict[str, Any]) -> Free:
    low, high = row.pop("range")
    return Free(name, tuple(row.pop("paths", [name])), low, high, **row)


def loss(found: Mapping[str, float | None], fit: Fit) -> float:
    """Say how far figures are from the targets: 0 on all of them, log 2 if all are just inside.

    The mean, by the weight of each target's confidence, of ``log(1 + d^2)``, with d the distance in tolerances.
    """
    terms = [(fit.weights[each.confidence], log1p(distance(each, found[each.target]) ** 2)) for each in fit.targets]
    return sum(weight * term for weight, term in terms) / sum(weight for weight, _ in terms)


def distance(target: Target, simulated: float | None) -> float:
    """How far a figure is from a published one, in tolerances, above 0 where too much; 1 is just inside.

    What is small is compared by the logarithm of its ratio; of another sign it is as far as can be.
    """
    if simulated is None:
        return FARTHEST
    room = TOLERANCES[target.kind]
    if target.kind == "small":
        same = simulated * target.value > 0
        off = log(simulated / target.value) / log(room) if same else -FARTHEST
    else:
        off = (simulated - target.value) / (room * (abs(target.value) if target.kind == "flow" else 1.0))
    return max(-FARTHEST, min(FARTHEST, off))


def settings(fit: Fit, point: Point) -> dict[str, Any]:
    """Lay a point over the scenario: each free number on its paths, beside what the fit holds fixed."""
    return dict(fit.fixed) | {path: point[free.name] for free in fit.free for path in free.paths}


def starting(fit: Fit) -> Point:
    """Where the world is: the values of the table, those outside their range at its end."""
    values = {free.name: fit.fixed.get(free.paths[0], _tabled(free.paths[0])) for free in fit.free}
    return {free.name: free.at(min(1.0, max(0.0, free.share(values[free.name])))) for free in fit.free}


def _tabled(path: str) -> float:
    """Value of a number in the table, by its path."""
    table = ours().parameters
    row = table.by_name.get(path)
    found = row.value if row else table.value(*path.split("."))
    if found is None:
        raise BadInput(f"{path}: found no such number; watersellers parameters lists all")
    return found


# The log


def columns(fit: Fit) -> list[str]:
    """Columns of a fit's log."""
    return ["step", "how", "loss", "inside", "near", "outside", *(free.name for free in fit.free)]


def read_log(file: Path, fit: Fit) -> list[Step]:
    """Read the steps that were made already; none where there is no log.

    Raises
    ------
    BadInput
        If the log is that of another fit.
    """
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        if rows.fieldnames != columns(fit):
            raise BadInput(
                f"{file}: found the steps of other free numbers, expected those of the fit; name another log"
            )
        return [_read(row, fit) for row in rows]


def _read(row: Mapping[str, str], fit: Fit) -> Step:
    inside, near, outside = (int(row[name]) for name in ("inside", "near", "outside"))
    point = {free.name: float(row[free.name]) for free in fit.free}
    return Step(row["how"], float(row["loss"]), inside, near, outside, point)


def append(file: Path, fit: Fit, done: Sequence[Step]) -> None:
    """Write the steps that the log does not have yet."""
    written = len(read_log(file, fit))
    with file.open("a", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        if not written:
            writer.writerow(columns(fit))
        for number, each in enumerate(done[written:], start=written + 1):
            values = [f"{each.point[free.name]:.6g}" for free in fit.free]
            writer.writerow([number, each.how, f"{each.loss:.5f}", each.inside, each.near, each.outside, *values])

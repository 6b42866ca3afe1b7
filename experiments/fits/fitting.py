"""A fit: which numbers are free and how far, which published figures count, and how much they count."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp, log, log1p
from pathlib import Path
from typing import Any

from watersellers.experiments.catalogue import ours
from watersellers.experiments.errors import BadInput, refuse, shown
from watersellers.experiments.fits.fit_text import (
    FitText,
    paths_of,
    row_of,
    tidy,
    wrong_keys,
    wrong_values,
)
from watersellers.experiments.published import TOLERANCES, Target, targets
from watersellers.experiments.scenario import load_scenario, months_to
from watersellers.experiments.text_files import read_toml

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


def fit_file(name: str) -> Path:
    """The file of a fit by its name, or by its path."""
    ours = FOLDER / f"{name}.toml"
    return ours if name in fit_names() else Path(name)


def fit_names() -> list[str]:
    """Names of the fits that come with Water Sellers."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def load_fit(path: Path) -> Fit:
    """Read a fit from its file.

    Raises
    ------
    BadInput
        If it can't be read, or anything in it is wrong, or its scenario or its world at any end of the ranges is.
    """
    doc = tidy(read_toml(path, f"expected the path of a fit's file, or one of {', '.join(fit_names())}"))
    refuse(f"{path}, {said}" for said in wrong_keys(doc))
    text = FitText.model_validate(doc)
    refuse(f"{path}, {said}" for said in wrong_values(text, ours()))
    plain = text.model_dump(exclude={"free", "layers", "seeds"})
    fit = Fit(free=_free(text), layers=tuple(text.layers), seeds=tuple(text.seeds), **plain)
    refuse(f"{path}, {said}" for said in _unlivable(fit))
    return fit


def _free(text: FitText) -> tuple[Free, ...]:
    """Take the numbers that may move."""
    return tuple(
        Free(name, tuple(paths_of(name, free)), free.range[0], free.range[1], free.ratios, free.whole)
        for name, free in text.free.items()
    )


def _unlivable(fit: Fit) -> Iterator[str]:
    """Say what keeps the worlds of a fit from being lived: what it holds fixed alone, then all at one end."""
    ends = {"low": {free.name: free.low for free in fit.free}, "high": {free.name: free.high for free in fit.free}}
    try:
        setting = load_scenario(fit.scenario, fit.fixed)
        months_to(setting, max(each.end for each in fit.targets))
        starting(fit)
    except BadInput as error:
        yield from (f"scenario, or fixed: {said}" for said in error.problems)
        return
    for end, point in ends.items():
        try:
            load_scenario(fit.scenario, settings(fit, point))
        except BadInput as error:
            yield from (f"free, all at their {end} ends: {said}" for said in error.problems)


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
    """Where the world is: the values of the table, or what the fit holds fixed; those outside their range at its end.

    Raises
    ------
    BadInput
        If what it holds fixed of a free number is no number.
    """
    return {free.name: free.at(free.share(min(free.high, max(free.low, _before(fit, free))))) for free in fit.free}


def _before(fit: Fit, free: Free) -> float:
    """Value of a number before anything is fitted."""
    path = free.paths[0]
    value = fit.fixed.get(path)
    if value is None:
        row = row_of(path, ours())
        value = row.value if row else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"{path}: found {shown(value)}, expected a number to begin with")
    return value

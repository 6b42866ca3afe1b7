"""A fit: its free numbers with their ranges, its published figures, and their weights."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log, log1p
from pathlib import Path
from typing import Any

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.analysis.targets import TOLERANCES, Target, asked_of
from watersellers.experiments.calibration.fit_file import (
    FitText,
    flatten_paths,
    paths_of,
    row_of,
    wrong_keys,
    wrong_values,
)
from watersellers.experiments.input.errors import BadInput, refuse, shown
from watersellers.experiments.input.text_files import read_toml
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario, months_to
from watersellers.experiments.loading.parameters import WORLD, at_share

FOLDER = Path(__file__).parent
PLAIN = "plain"  # whose numbers the parameter table has
FARTHEST = 8.0  # tolerances: larger distances count as this one, so that one distant figure does not dominate

type Point = Mapping[str, float]  # a value for each free number, by its name in the fit


@dataclass(frozen=True, slots=True)
class FreeNumber:
    """A number that is fitted: its paths (which all get its value), its range, and whether it is searched by ratios."""

    name: str
    paths: tuple[str, ...]
    low: float
    high: float
    ratios: bool = False
    whole: bool = False

    def at(self, share: float) -> float:
        """Return the value at a share, 0 to 1, of the way from the low end to the high end."""
        value = at_share(share, self.low, self.high, self.ratios)
        return float(round(value)) if self.whole else value

    def share(self, value: float) -> float:
        """Return the share of the way from the low end to the high end at which a value lies."""
        if self.ratios:
            return (log(value) - log(self.low)) / (log(self.high) - log(self.low))
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class Fit:
    """A fit: the scenario, the free numbers, the layers with their targets, and the size of the search."""

    question: str
    scenario: str
    free: tuple[FreeNumber, ...]
    layers: tuple[str, ...]
    weights: Mapping[str, float]
    seeds: tuple[int, ...]
    users: int
    design: int
    rounds: int
    search: int
    seed: int
    fixed: Mapping[str, Any]
    into: str | None = None  # the scenario that gets what is found; the parameter table if none

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The targets that count: those of the fit's layers that are of the AI business, and asked of its scenario.

        Raises
        ------
        BadInput
            If the scenario can't be loaded.
        """
        spec = load_scenario(self.scenario, self.fixed)
        return tuple(each for each in asked_of(spec) if each.layer in self.layers and each.scored)


def fit_path(name: str) -> Path:
    """Return the path of a fit's file, given its name or its path."""
    return _fit_files().get(name, Path(name))


def fit_names() -> list[str]:
    """Return the names of the fits that come with Water Sellers."""
    return sorted(_fit_files())


def _fit_files() -> dict[str, Path]:
    """Find the files of the fits that come with Water Sellers, those of demand from work in a folder of their own."""
    return {file.stem: file for file in FOLDER.rglob("*.toml")}


def load_fit(path: Path) -> Fit:
    """Read a fit from its file.

    Raises
    ------
    BadInput
        If it can't be read, or anything is wrong in it, in its scenario, or in the world at either end of the ranges.
    """
    doc = flatten_paths(read_toml(path, f"expected the path of a fit's file, or one of {', '.join(fit_names())}"))
    refuse(f"{path}, {problem}" for problem in wrong_keys(doc))
    text = FitText.model_validate(doc)
    refuse(f"{path}, {problem}" for problem in wrong_values(text, builtin_catalogue()))
    plain = text.model_dump(exclude={"free", "layers", "seeds"})
    fit = Fit(free=_free_numbers(text), layers=tuple(text.layers), seeds=tuple(text.seeds), **plain)
    refuse(f"{path}, {problem}" for problem in _unrunnable(fit))
    return fit


def _free_numbers(text: FitText) -> tuple[FreeNumber, ...]:
    """Return the free numbers."""
    return tuple(
        FreeNumber(name, tuple(paths_of(name, free)), free.range[0], free.range[1], free.ratios, free.whole)
        for name, free in text.free.items()
    )


def _unrunnable(fit: Fit) -> Iterator[str]:
    """Yield what makes the worlds of a fit impossible: its fixed settings, then all numbers at one end."""
    ends = {"low": {free.name: free.low for free in fit.free}, "high": {free.name: free.high for free in fit.free}}
    try:
        spec = load_scenario(fit.scenario, fit.fixed)
        months_to(spec, max((each.end for each in fit.targets), default=spec.start))
        starting_point(fit)
    except BadInput as error:
        yield from (f"scenario, or fixed: {problem}" for problem in error.problems)
        return
    for layer in set(fit.layers) - {each.layer for each in fit.targets}:
        yield f"layers: found {layer!r}, of which no figure is asked in {fit.scenario}; expected layers of targets.csv"
    for end, point in ends.items():
        try:
            load_scenario(fit.scenario, settings(fit, point))
        except BadInput as error:
            yield from (f"free, all at their {end} ends: {problem}" for problem in error.problems)


def loss(found: Mapping[str, float | None], fit: Fit) -> float:
    """Compute the loss of figures: 0 if all are on their targets, log 2 if all are just inside their tolerance.

    It is the mean of ``log(1 + d^2)``, weighted by each target's confidence, with d the distance in tolerances.
    """
    terms = [(fit.weights[each.confidence], log1p(distance(each, found[each.target]) ** 2)) for each in fit.targets]
    return sum(weight * term for weight, term in terms) / sum(weight for weight, _ in terms)


def distance(target: Target, simulated: float | None) -> float:
    """Compute the distance of a figure from a published one, in tolerances; positive if it is too large, 1 just inside.

    Small firms' figures are compared by the logarithm of their ratio; a figure of the wrong sign is ``FARTHEST`` off.
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
    """Return the settings of a point: each free number on its paths, and the fit's fixed settings."""
    return dict(fit.fixed) | {path: point[free.name] for free in fit.free for path in free.paths}


def refuse_to_adopt(fit: Fit) -> None:
    """Raise BadInput if no place is there for what a fit finds: the parameter table is that of the reference world."""
    if fit.into is None and fit.scenario != PLAIN:
        raise BadInput(
            f"into: is missing; the parameter table has the numbers of {PLAIN!r}, and not those of"
            f" {fit.scenario!r}: name a scenario of found numbers, or leave --adopt out"
        )


def starting_point(fit: Fit) -> Point:
    """Return the point before the fit: the scenario's or the fixed values; one outside its range is put at the end.

    Raises
    ------
    BadInput
        If the fixed setting of a free number is no number.
    """
    spec = load_scenario(fit.scenario, fit.fixed)
    start = {free.name: _starting_value(fit, free, spec) for free in fit.free}
    return {free.name: free.at(free.share(min(free.high, max(free.low, start[free.name])))) for free in fit.free}


def _starting_value(fit: Fit, free: FreeNumber, spec: ScenarioSpec) -> float:
    """Return the value of a number before the fit; the table's where members of a scenario have different ones."""
    path = free.paths[0]
    value = fit.fixed.get(path)
    if value is None:
        values, row = set(values_in(spec, path)), row_of(path, builtin_catalogue())
        value = values.pop() if len(values) == 1 else row.value if row else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"{path}: found {shown(value)}, expected a number to begin with")
    return value


def values_in(spec: ScenarioSpec, path: str) -> Iterator[float]:
    """Yield the values of a number of the world, a group, a member or a strategy in a scenario, member by member."""
    group, *rest = path.split(".")
    number = rest[-1]
    if group == WORLD:
        yield spec.numbers[number]
    for member in spec.groups.get(group, ()):
        if len(rest) == 1 or (len(rest) == 2 and rest[0] == member.name):
            yield from (value for name, value in member.numbers.items() if name == number)
        elif len(rest) == 3 and hasattr(member.strategies.get(rest[0]), number):
            yield getattr(member.strategies[rest[0]], number)

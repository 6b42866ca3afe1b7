"""The reference world with mechanisms taken away, each alone and in pairs: whether ten years stay sane without them."""

import itertools
import random
from collections.abc import Sequence
from functools import cache

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.agents.strategies import MENUS
from watersellers.experiments.analysis.decomposition.causes import Cause
from watersellers.experiments.analysis.decomposition.worlds import world_without
from watersellers.experiments.analysis.ten_years.sanity import sanity
from watersellers.experiments.analysis.verdicts import RunSeries, Verdict
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario

REFERENCE, BARE = "baseline", "plain"
LONG = 120  # months
DRAW = 1  # of the pairs
NEEDED = 0.95  # of the worlds: without some mechanisms a world may well be another


def switches() -> list[Cause]:
    """List what may be taken away from the reference world.

    A number that is 0 in the parameter table and not in the reference world is a switch, and goes back to 0 for all who
    have it. A decision for which all firms of the bare chain use one entry of the menu, and some firm of the reference
    world another, is one too, and goes back to that entry.
    """
    reference = load_scenario(REFERENCE)
    return [Cause(name, name, name, settings) for name, settings in (_numbers(reference) | _choices(reference)).items()]


def _numbers(reference: ScenarioSpec) -> dict[str, dict[str, object]]:
    zero = {row.name for row in builtin_catalogue().parameters.rows if row.value == 0}
    found: dict[str, dict[str, object]] = {
        f"world.{number}": {f"world.{number}": 0.0}
        for number, value in reference.numbers.items()
        if value and f"world.{number}" in zero
    }
    for group, members in reference.groups.items():
        for one in members:
            for number, value in one.numbers.items():
                if value and f"{one.layer}.{number}" in zero:
                    found.setdefault(f"{one.layer}.{number}", {})[f"{group}.{one.name}.{number}"] = 0.0
    return found


def _choices(reference: ScenarioSpec) -> dict[str, dict[str, object]]:
    bare, used = _entries(load_scenario(BARE)), _entries(reference)
    found: dict[str, dict[str, object]] = {}
    for decision in sorted(bare.keys() & used.keys()):
        first, *others = sorted(set(bare[decision].values()))
        back: dict[str, object] = {path: first for path, entry in used[decision].items() if entry != first}
        if back and not others:
            found[decision] = back
    return found


def _entries(spec: ScenarioSpec) -> dict[str, dict[str, str]]:
    """Give, by decision, the entry of the menu that each member of a scenario uses, by the path of its choice."""
    found: dict[str, dict[str, str]] = {}
    for group, members in spec.groups.items():
        names = {kind: name for menu in MENUS.get(group, {}).values() for name, kind in menu.items()}
        for one in members:
            for decision, strategy in one.strategies.items():
                path = f"{group}.{one.name}.{decision}"
                found.setdefault(f"{group}.{decision}", {})[path] = names[type(strategy)]
    return found


def taken_away(off: Sequence[Cause]) -> ScenarioSpec | None:
    """Load the reference world without some switches; None where it is refused, as one that lacks a part is."""
    try:
        return world_without(off, REFERENCE)
    except BadInput:
        return None


@cache
def switched_worlds() -> dict[str, dict[str, ScenarioSpec]]:
    """Load the worlds without each switch that may be taken away alone, and without as many pairs of these, by name.

    Pairs are drawn, and each is drawn once; a pair whose world is refused is left out.
    """
    alone = [(one, world) for one in switches() if (world := taken_away([one])) is not None]
    pairs = list(itertools.combinations([one for one, _ in alone], 2))
    random.Random(DRAW).shuffle(pairs)
    both = ((f"{one.name} and {other.name}", taken_away([one, other])) for one, other in pairs)
    drawn = itertools.islice(((name, world) for name, world in both if world is not None), len(alone))
    return {"each switch": {one.name: world for one, world in alone}, "pairs of switches": dict(drawn)}


def number_of_worlds() -> int:
    """Return the number of worlds with something taken away: as many as runs for each seed."""
    return sum(len(worlds) for worlds in switched_worlds().values())


def switch_verdicts(runs: RunSeries, seeds: int) -> list[Verdict]:
    """Judge whether ten years stay sane without each switch, and without pairs of them; what breaks is named."""
    verdicts = []
    for of, worlds in switched_worlds().items():
        found = dict(zip(worlds, runs.of_each(list(worlds.values()), seeds, LONG, sanity), strict=True))
        for claim in next(iter(found.values()))[0]:
            broken = [name for name, rows in found.items() if not all(row[claim] for row in rows)]
            held = sum(row[claim] for rows in found.values() for row in rows)
            of_all, named = len(worlds) * seeds, f"not without: {', '.join(broken)}" if broken else ""
            verdicts.append(Verdict(f"ten years without {of}", claim, held, of_all, NEEDED, figure=named))
    return verdicts

"""The reference world with mechanisms taken away, each alone and in pairs: whether ten years stay sane without them."""

import itertools
import random
from collections.abc import Iterator, Sequence

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.agents.strategies import MENUS
from watersellers.experiments.analysis.decomposition.causes import Cause
from watersellers.experiments.analysis.decomposition.worlds import world_without
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario

REFERENCE, BARE = "baseline", "plain"


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
    """Load the reference world without some switches; None where such a world is refused, as one that lacks a part."""
    try:
        return world_without(off, REFERENCE)
    except BadInput:
        return None


def drawn_pairs(single: Sequence[Cause], draw: int = 1) -> Iterator[tuple[Cause, Cause]]:
    """Draw pairs of switches, each pair once, in an order that depends on the draw alone."""
    pairs = list(itertools.combinations(single, 2))
    random.Random(draw).shuffle(pairs)
    yield from pairs

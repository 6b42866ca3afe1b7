"""Sentiment and breakthroughs (RULES 9.59, 9.60) in the second program."""

from dataclasses import replace

import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import MIXED, SMALL_WORLDS, busy, compare, on_paths
from watersellers import load_scenario, synthetic
from watersellers.agents.scenario_spec import Event, ScenarioSpec

SHOCKS = {
    "sentiment_size": 0.5,
    "sentiment_half_life": 6.0,
    "breakthrough_training": 0.6,
    "breakthrough_serving": 0.8,
    "breakthrough_rate": 0.5,
}


def shocked(spec: ScenarioSpec, **numbers: float) -> ScenarioSpec:
    """Let the whole world feel shocks."""
    return replace(spec, numbers={**spec.numbers, **SHOCKS, **numbers})


@pytest.mark.parametrize(
    "numbers",
    [
        {},
        {"sentiment_half_life": 0.0, "sentiment_building": 0.3},
        {"sentiment_size_spread": 0.0, "sentiment_half_life_spread": 0.0, "breakthrough_rate_spread": 0.0},
        {"breakthrough_size_spread": 0.0, "breakthrough_rate_spread": 1.0, "breakthrough_rate": 2.0},
        {"breakthrough_training": 0.0, "breakthrough_serving": 0.0},
        {"sentiment_size": 0.0, "breakthrough_serving": 0.0},
    ],
)
def test_shocks(numbers):
    compare(shocked(busy(3), **numbers), 60, 3, 8)


@pytest.mark.parametrize(("size", "seed", "months"), [*SMALL_WORLDS[:6:2], SMALL_WORLDS[8]])
def test_shocks_in_other_worlds(size, seed, months):
    compare(shocked(load_scenario(synthetic(size, seed=seed, months=months))), 60, seed, months)


def test_numbers_of_shocks_change_midway():
    spec = shocked(busy(5))
    changes = ((2, "sentiment_size", 1.0), (3, "breakthrough_rate", 2.0), (5, "sentiment_half_life", 0.0))
    events = tuple(Event(month, "set", "", f"world.{name}", value, "") for month, name, value in changes)
    changed = compare(replace(spec, events=(*spec.events, *events)), 60, 5, 8)
    assert changed != oracle.run(spec, 60, 5, 8)


@pytest.mark.parametrize("name", ["sentiment_size", "breakthrough_training", "breakthrough_serving"])
def test_each_shock_moves_the_economy(name):
    spec = shocked(load_scenario(on_paths(synthetic(MIXED, seed=7, months=8))))
    assert compare(spec, 60, 7, 8) != oracle.run(shocked(spec, **{name: 0.0}), 60, 7, 8)

"""The oracle agrees where vendors bring out generations, learn by making, and machines differ in power."""

from dataclasses import replace

import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import changed, compare, numbered, small
from watersellers.agents.scenario_spec import Event


@pytest.mark.parametrize("seed", [3, 8])
def test_generations_and_learning(seed):
    spec = changed(small(seed=seed, months=10), numbered(learning=0.3, learning_from=5_000.0), ("chips",))
    rich = changed(spec, numbered(owner_funds=300_000_000.0), ("cloud",))
    changes = [
        (1, "chips.chips_1.power", 0.4),
        (1, "chips.chips_1.performance", 1.6),
        (4, "chips.unit_cost", 9_000.0),
        (5, "chips.chips_2.power", 2.5),
    ]
    events = tuple(Event(month, "set", "", path, value, "") for month, path, value in changes)
    rows = compare(replace(rich, events=events), 60, 3, 10)
    assert rows != oracle.run(rich, 60, 3, 10)


def test_thirsty_machines_are_worth_nothing_and_are_left_alone():
    spec = changed(small(seed=4), numbered(power=9.0), ("chips",))
    compare(changed(spec, numbered(site_cost=2.0, owner_funds=300_000_000.0, impairment=1.0), ("cloud",)), 50, 2, 8)

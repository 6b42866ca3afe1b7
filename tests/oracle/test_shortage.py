"""The oracle agrees with the model where vendors rank their customers, and customers inflate their orders."""

from dataclasses import replace

import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import changed, compare, numbered, small
from watersellers.agents.scenario_spec import ParticipantSpec
from watersellers.agents.strategies.rationing import ProRata, TurnAndEarn

PLENTY = numbered(owner_funds=900_000_000.0, opening_cash=3_000_000_000.0)


def ranking(strategy: object):
    def change(vendor: ParticipantSpec) -> ParticipantSpec:
        return replace(vendor, strategies={**vendor.strategies, "rationing": strategy})

    return change


@pytest.mark.parametrize("strategy", [ProRata(), TurnAndEarn()])
@pytest.mark.parametrize("seed", [3, 9])
def test_short_machines(strategy, seed):
    spec = changed(small(seed=seed, months=9), numbered(opening_capacity=900.0, opening_wait=9.0), ("chips",))
    spec = changed(changed(spec, ranking(strategy), ("chips",)), PLENTY, ("cloud",))
    inflated = changed(spec, numbered(inflation=1.0, most_padding=4.0), ("cloud",))
    rows = compare(inflated, 50, seed, 9)
    assert rows != oracle.run(spec, 50, seed, 9)


def test_orders_that_are_no_longer_wanted_are_taken_back():
    spec = changed(small(seed=5, months=12), numbered(opening_capacity=400.0, opening_wait=6.0, lead=2.0), ("chips",))
    compare(changed(changed(spec, PLENTY, ("cloud",)), numbered(inflation=1.0), ("cloud",)), 50, 4, 12)

"""The oracle agrees where machines are short, foundries shared and prepaid, and where vendors cut what idles."""

from dataclasses import replace

import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import changed, compare, goods_in, names, numbered, small
from tests.oracle.economy.books import GOODS, OPERATING_COST
from watersellers.agents.scenario_spec import ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies.capacity import CutIdle, Prepay
from watersellers.agents.strategies.pricing import ScarcityAndSlack
from watersellers.agents.strategies.rationing import ProRata, TurnAndEarn

PLENTY = numbered(owner_funds=900_000_000.0, opening_cash=3_000_000_000.0)
SHARED = {"foundry_pace": 0.7, "foundry_growth": 0.05, "speed_price": 3.0}


def choosing(**strategies: object):
    def change(vendor: ParticipantSpec) -> ParticipantSpec:
        return replace(vendor, strategies={**vendor.strategies, **strategies})

    return change


@pytest.mark.parametrize("strategy", [ProRata(), TurnAndEarn()])
@pytest.mark.parametrize("seed", [3, 9])
def test_short_machines(strategy, seed):
    spec = changed(small(seed=seed, months=9), numbered(opening_capacity=900.0, opening_wait=9.0), ("chips",))
    spec = changed(changed(spec, choosing(rationing=strategy), ("chips",)), PLENTY, ("cloud",))
    inflated = changed(spec, numbered(inflation=1.0, most_padding=4.0), ("cloud",))
    rows = compare(inflated, 50, seed, 9)
    assert rows != oracle.run(spec, 50, seed, 9)


def test_orders_that_are_no_longer_wanted_are_taken_back():
    spec = changed(small(seed=5, months=12), numbered(opening_capacity=400.0, opening_wait=6.0, lead=2.0), ("chips",))
    compare(changed(changed(spec, PLENTY, ("cloud",)), numbered(inflation=1.0), ("cloud",)), 50, 4, 12)


def supplied(seed: int, months: int, cutting: CutIdle, **numbers: float) -> ScenarioSpec:
    """A small world with a foundry that is short of room, and vendors that prepay it."""
    spec = changed(small(seed=seed, months=months), numbered(**numbers), ("chips",))
    prepaying = choosing(capacity=Prepay(), pricing=ScarcityAndSlack(), cutting=cutting)
    spec = changed(changed(spec, prepaying, ("chips",)), PLENTY, ("cloud",))
    return replace(spec, numbers={**spec.numbers, **SHARED})


@pytest.mark.parametrize("seed", [3, 9])
def test_vendors_share_what_the_foundry_adds_and_pay_for_speed(seed):
    spec = supplied(seed, 12, CutIdle(), opening_capacity=400.0, opening_wait=9.0, lead=2.0, take_or_pay=0.6)
    rows = compare(spec, 50, seed, 12)
    assert any(row[4] == OPERATING_COST and GOODS[row[8]] == "foundry_capacity" for row in rows)
    assert rows != oracle.run(replace(spec, numbers={**spec.numbers, "foundry_growth": 1000.0}), 50, seed, 12)


@pytest.mark.parametrize("seed", [3, 11])
def test_vendors_without_demand_pay_for_capacity_cut_it_and_leave(seed):
    quitting = CutIdle(months=3.0, least=0.5, leave_after=5.0)
    busy_first = {"opening_capacity": 2_000.0, "opening_wait": 1.0, "opening_pipeline": 0.3}
    spec = supplied(seed, 9, quitting, **busy_first, take_or_pay=0.6, notice=3.0)
    poor = numbered(owner_funds=0.0, opening_cash=3e7, opening_hours=1.0)
    rows = compare(changed(spec, poor, ("cloud",)), 50, seed, 9)
    assert "foundry_unused" in goods_in(rows)
    left = {row[3] for row in rows if row[1] == 11}
    assert left & {names(spec).index(vendor.name) for vendor in spec.groups["chips"]}


@pytest.mark.parametrize("seed", [3, 9])
def test_research_that_is_owed_whatever_is_sold(seed):
    spec = small(seed=seed, months=6)
    rows = compare(changed(spec, numbered(research_fixed=7e6), ("chips",)), 50, seed, 6)
    assert rows != oracle.run(spec, 50, seed, 6)

"""The oracle agrees with the model where labs refuse sales, move servers, sell batches and give tokens away."""

from dataclasses import replace

import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import changed, compare, numbered, small
from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.agents.strategies.selling import RefuseNew, RefuseOutsiders, SellToAll


def short(seed: int, **numbers: float) -> ScenarioSpec:
    """A small world in which labs are short of hours and own an app each."""
    few = changed(small(seed=seed), numbered(opening_hours=20_000.0), ("cloud",))
    few = changed(changed(few, numbered(opening_known=0.9), ("apps",)), numbered(**numbers), ("labs",))
    owners = iter([lab.name for lab in few.groups["labs"]] * 9)
    return changed(few, lambda app: replace(app, owner=next(owners)), ("apps",))


def selling(spec: ScenarioSpec, strategy: object) -> ScenarioSpec:
    return changed(spec, lambda lab: replace(lab, strategies={**lab.strategies, "selling": strategy}), ("labs",))


@pytest.mark.parametrize("seed", [4, 7])
def test_labs_that_are_short_and_refuse_sales(seed):
    spec = short(seed)
    alike = oracle.run(selling(spec, SellToAll()), 60, seed, 8)
    new, outside = (compare(selling(spec, rule), 60, seed, 8) for rule in (RefuseNew(), RefuseOutsiders()))
    assert outside != alike
    assert new != outside


@pytest.mark.parametrize("seed", [4, 6])
def test_servers_that_move_from_training_to_serving(seed):
    spec = short(seed, moves=0.6)
    assert compare(spec, 60, seed, 8) != oracle.run(short(seed), 60, seed, 8)


@pytest.mark.parametrize("seed", [3, 8])
def test_batches_and_free_tokens(seed):
    given = {"batch_discount": 0.5, "batch_share": 0.4, "peak": 0.7, "night_discount": 0.3, "free_tokens": 2e6}
    spec = changed(small(seed=seed), numbered(**given), ("labs",))
    rows = compare(spec, 60, seed, 8)
    assert rows != oracle.run(changed(spec, numbered(free_tokens=0.0), ("labs",)), 60, seed, 8)
    assert rows != oracle.run(changed(spec, numbered(batch_discount=0.0), ("labs",)), 60, seed, 8)

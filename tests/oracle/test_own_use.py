"""The oracle agrees with the model where owners use hours by their return."""

from dataclasses import replace

import pytest

from tests.oracle.comparison import changed, compare, numbered, small
from watersellers import Size, load_scenario, synthetic
from watersellers.agents.scenario_spec import Event, ScenarioSpec

USING = {
    "older_revenue": 3e8,
    "older_growth": 0.02,
    "older_fade": 0.1,
    "older_margin": 0.6,
    "older_cash": 2e8,
    "ranking_uplift": 0.03,
    "opening_own_use": 0.002,
}
SIZES = [Size(chips=2, cloud=3, labs=3, apps=5, china=0.4, spread=0.3, mixed=True, owners=2), Size(cloud=1, china=0.0)]


def using(spec: ScenarioSpec, **world: float) -> ScenarioSpec:
    """Let the owners of clouds, and two owners without, use hours by their return."""
    more = {
        "owners": {
            "feed": {"key": 901, "region": "west", **USING, "owner": "labs_1"},
            "shop": {"key": 902, "region": "west", **USING, "older_revenue": 5e7},
        }
    }
    with_owners = load_scenario(synthetic(SIZES[0], seed=7, months=1) | more)
    numbers = {**spec.numbers, "own_use_low": 0.0, "own_use_high": 0.0, **world}
    spec = replace(spec, numbers=numbers, groups={**spec.groups, "owners": with_owners.groups["owners"]})
    return changed(spec, numbered(**USING), ("cloud",))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", [3, 8])
def test_owners_use_hours_by_their_return(size, seed):
    spec = using(small(size, seed=seed), own_use_high=0.002 * (seed == 3))
    later = (
        Event(3, "set", "", "owners.feed.older_revenue", 9e8, ""),
        Event(4, "set", "", "world.own_use_pace", 1.0, ""),
        Event(6, "set", "", "cloud.ranking_uplift", 0.0, ""),
    )
    rows = compare(replace(spec, events=later), 50, seed, 10)
    names = {row[0] for row in rows if row[8] == 1}  # months in which hours are paid
    assert len(names) == 10


def test_the_bound_of_free_cash_binds_and_grants_take_from_it():
    spec = using(changed(small(SIZES[0], seed=5), numbered(owner_funds=4e7), ("cloud", "labs")), own_use_cash=0.02)
    free = compare(spec, 40, 5, 8)
    assert free != compare(replace(spec, numbers={**spec.numbers, "own_use_cash": 1.0}), 40, 5, 8)

"""The oracle agrees where vendors bring out generations, learn by making, and machines differ in power."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import changed, compare, names, numbered, small
from tests.oracle.economy.books import GOODS
from watersellers import Size
from watersellers.agents.scenario_spec import Event, ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies.capacity import EnterIfItPays, EntryHazard, ExtrapolateGrowth, MakeOrBuy
from watersellers.agents.strategies.pricing import CostPlus
from watersellers.market.goods import CHAIN


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


RICH = numbered(owner_funds=900_000_000.0, opening_cash=3_000_000_000.0)
FOUNDING = {"entry_cost": 3e7, "development": 2.0, "lead": 2.0, "opening_cash": 5e7, "opening_capacity": 300.0}
CHEAP = {"staff": 1e4, "research_fixed": 1e4, "entry_share": 0.8, "entry_cost": 2e6}


def with_entrant(spec: ScenarioSpec, change: Mapping[str, Any], **numbers: float) -> ScenarioSpec:
    """A world in which one more vendor, like the first, may enter from the second month on."""
    first = spec.groups["chips"][0]
    late: dict[str, Any] = {"name": "late_vendor", "key": 190_001, "enters": 1, "owner": "late_vendor"}
    entrant = replace(first, **{**late, **change}, numbers={**first.numbers, **FOUNDING, **numbers})
    listed = changed(spec, lambda one: names_vendor(one, entrant.name), CHAIN)
    rich = changed(listed, RICH, ("cloud",))
    return replace(rich, groups={**rich.groups, "chips": (*rich.groups["chips"], entrant)})


def names_vendor(member: ParticipantSpec, vendor: str) -> ParticipantSpec:
    lists = {
        layer: (*names, vendor) if layer == "chips" and names else names for layer, names in member.partners.items()
    }
    return replace(member, partners=lists)


@pytest.mark.parametrize("seed", [3, 8])
@pytest.mark.parametrize("rate", [0.3, 50.0])
def test_vendors_that_enter_where_margins_pay_for_it(seed, rate):
    spec = small(seed=seed, months=10)
    pool = spec.groups["investors"][0]
    poor = [replace(pool, numbers={**pool.numbers, "opening_cash": 1e9}), *spec.groups["investors"][1:]]
    spec = replace(spec, groups={**spec.groups, "investors": tuple(poor)})
    entering = {
        "founder": pool.name,
        "strategies": {**spec.groups["chips"][0].strategies, "entering": EntryHazard(rate)},
    }
    rows = compare(with_entrant(spec, entering, **CHEAP), 50, seed, 10)
    dear = with_entrant(spec, entering, **CHEAP | {"entry_cost": 9e9})
    assert rows != compare(dear, 50, seed, 10)


def extrapolating(cloud: ParticipantSpec) -> ParticipantSpec:
    return replace(cloud, strategies={**cloud.strategies, "capacity": ExtrapolateGrowth()})


@pytest.mark.parametrize("seed", [3, 4, 5, 6])
def test_an_owner_makes_machines_for_its_own_clouds(seed):
    spec = changed(small(seed=seed, months=12), extrapolating, ("cloud",))
    cloud = max(spec.groups["cloud"], key=lambda one: one.numbers["opening_hours"])
    first = spec.groups["chips"][0]
    strategies = {"entering": EnterIfItPays(), "capacity": MakeOrBuy(hurry=4.0), "pricing": CostPlus(0.0)}
    mine = {"owner": cloud.owner, "region": cloud.region, "strategies": {**first.strategies, **strategies}}
    spec = replace(spec, numbers={**spec.numbers, "speed_price": 2.0})
    money = CHEAP | {"group_only": 1.0, "owner_funds": 4e7, "unit_cost": 3000.0}
    world = with_entrant(spec, mine, **money)
    rows = compare(world, 50, seed, 12)
    buyers = {row[3] for row in rows if row[5] == names(world).index("late_vendor") and GOODS[row[8]] == "accelerators"}
    group = {names(world).index(one.name) for one in world.groups["cloud"] if one.owner == cloud.owner}
    assert buyers
    assert buyers <= group


@pytest.mark.parametrize("seed", [3, 4])
def test_export_rules_by_list_and_machines_made_for_abroad(seed):
    spec = small(Size(chips=3, cloud=3, labs=3, apps=4, china=0.4, mixed=True), seed=seed, months=10)
    spec = changed(spec, numbered(links=900.0, exports=1.0, growing_from=3.0, performance_growth=0.1), ("chips",))
    spec = changed(spec, RICH, ("cloud",))
    last = spec.groups["chips"][-1]
    abroad = replace(last, region="west", numbers={**last.numbers, "links": 400.0, "at_home": 0.0})
    vendors = (*spec.groups["chips"][:-1], abroad)
    spec = replace(spec, groups={**spec.groups, "chips": vendors})
    least = min(vendor.numbers["performance"] for vendor in vendors)
    ruled = replace(spec, numbers={**spec.numbers, "barred_performance": least, "barred_links": 600.0})
    stricter = Event(5, "set", "", "world.barred_links", 0.0, "")
    rows = compare(replace(ruled, events=(stricter,)), 50, seed, 10)
    assert rows != compare(ruled, 50, seed, 10) != oracle.run(spec, 50, seed, 10)

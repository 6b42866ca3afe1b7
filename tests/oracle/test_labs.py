"""The oracle agrees with the model where clouds host, labs match, discount, distil and share revenue."""

from dataclasses import replace
from itertools import count

import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import at_once, changed, compare, goods_in, names, numbered, small
from tests.oracle.economy.books import GOODS, REVENUE, JournalRow
from watersellers.agents.scenario_spec import Event, ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies.pricing import MatchCheapest

HOSTING = numbered(open_weights=1.0, hosts=1.0, host_threshold=0.0)
NIGHTS = numbered(peak=0.7, night_discount=0.5, night_share=0.4)


def hosted(rows: list[JournalRow], spec: ScenarioSpec) -> list[JournalRow]:
    """Tokens that clouds sold."""
    clouds = {names(spec).index(cloud.name) for cloud in spec.groups["cloud"]}
    return [row for row in rows if row[5] in clouds and row[6] == REVENUE and GOODS[row[8]].startswith("tokens")]


@pytest.mark.parametrize("seed", [2, 5, 7])
def test_hosts_of_open_weights(seed):
    spec = changed(small(seed=seed), HOSTING)
    assert hosted(compare(spec, 60, seed, 8), spec)


@pytest.mark.parametrize(("seed", "hosts"), [(2, 0.0), (5, 1.0)])
def test_labs_that_serve_a_faster_open_model(seed, hosts):
    """Every other lab runs at a third of the speed of the others, and all weights are open."""
    spec, places = changed(small(seed=seed), numbered(open_weights=1.0, hosts=hosts, host_threshold=0.0)), count()

    def slowed(lab: ParticipantSpec) -> ParticipantSpec:
        share = 1 / 3 if next(places) % 2 else 1.0
        return replace(lab, numbers={**lab.numbers, "throughput": share * lab.numbers["throughput"]})

    slow = changed(spec, slowed, ("labs",))
    assert compare(slow, 60, seed, 8) != oracle.run(changed(slow, numbered(open_weights=0.0)), 60, seed, 8)


def test_hosts_that_are_short_of_hours():
    few = changed(small(seed=3), numbered(opening_hours=20_000.0), ("cloud",))
    rich = changed(few, numbered(tokens_low=4e8, tokens_high=8e8), ("enterprises",))
    spec = changed(rich, HOSTING)
    assert hosted(compare(spec, 60, 3, 6), spec)


@pytest.mark.parametrize("seed", [4, 6])
def test_price_wars_by_day_and_night(seed):
    war = changed(
        changed(small(seed=seed), NIGHTS),
        lambda lab: replace(lab, strategies={**lab.strategies, "pricing": MatchCheapest(floor=0.3)}),
        ("labs",),
    )
    assert compare(war, 60, seed, 8) != oracle.run(small(seed=seed), 60, seed, 8)
    compare(changed(war, HOSTING), 60, seed, 8)


@pytest.mark.parametrize("opened", [0.0, 1.0])
def test_distillation(opened):
    spec = changed(at_once(small(seed=8)), numbered(distillation=0.2, open_weights=opened, spread=0.4), ("labs",))
    assert compare(spec, 60, 2, 8) != oracle.run(changed(spec, numbered(distillation=0.0)), 60, 2, 8)


@pytest.mark.parametrize(("seed", "layer"), [(9, "cloud"), (12, "apps")])
def test_shares_of_revenue(seed, layer):
    spec = small(seed=seed)
    backer = spec.groups[layer][0].name

    def backed(lab: ParticipantSpec) -> ParticipantSpec:
        return replace(lab, patron=backer, numbers={**lab.numbers, "revenue_share": 0.3})

    rows = compare(changed(spec, backed, ("labs",)), 60, seed, 8)
    assert "revenue_share" in goods_in(rows)


def test_a_share_is_owed_by_a_lab_without_money_and_lapses_with_its_backer():
    spec = changed(small(seed=5), numbered(opening_cash=0.0, owner_funds=0.0, site_cost=8.0))
    dry = changed(spec, numbered(opening_cash=0.0, inflow_low=0.0, inflow_high=0.0), ("investors",))
    backer = dry.groups["cloud"][0].name
    shared = {"revenue_share": 0.5}
    backed = changed(dry, lambda lab: replace(lab, patron=backer, numbers={**lab.numbers, **shared}), ("labs",))
    assert {"revenue_share", "write_off"} <= goods_in(compare(backed, 50, 5, 8))


def test_dated_releases_of_models_that_others_host_and_learn_from():
    spec = changed(at_once(small(seed=4)), HOSTING)
    spec = changed(spec, numbered(distillation=0.2, release=1.0), ("labs",))
    events = tuple(
        Event(month, "set", "", "labs.release", value, "") for month, value in ((2, 2.0), (4, 3.0), (6, 0.0))
    )
    dated = compare(replace(spec, events=events), 60, 4, 8)
    assert dated != oracle.run(spec, 60, 4, 8)

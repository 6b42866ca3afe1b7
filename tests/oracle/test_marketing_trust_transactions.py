"""The oracle agrees where apps compete by marketing, lose trust and share transactions, and labs ration."""

from dataclasses import replace

import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import busy, changed, compare, goods_in, numbered, small
from watersellers.agents.scenario_spec import Event, ParticipantSpec
from watersellers.agents.strategies.monetisation import ByTheHead, FollowRivals
from watersellers.agents.strategies.rationing import OwnGroupFirst, ProRata


def following(app: ParticipantSpec) -> ParticipantSpec:
    return replace(app, strategies={**app.strategies, "marketing": FollowRivals(reserve=1.0)})


def by_the_head(**numbers: float):
    rule = ByTheHead(reserve=1.0, step=0.8, **numbers)
    return lambda app: replace(app, strategies={**app.strategies, "marketing": rule})


def rationing(strategy: object):
    return lambda lab: replace(lab, strategies={**lab.strategies, "rationing": strategy})


@pytest.mark.parametrize("seed", [2, 5, 8])
def test_a_crowded_market_of_apps(seed):
    crowded = {
        "ad_load": 0.6,
        "trust_erosion": 0.2,
        "scandal_hazard": 0.4,
        "scandal_depth": 1.5,
        "captive": 0.03,
        "channel": 0.7,
    }
    spec = changed(small(seed=seed, months=9), numbered(**crowded, opening_known=0.4), ("apps",))
    spec = changed(spec, numbered(contest=0.7, chart_reach=0.05), ("users",))
    spec = changed(spec, following, ("apps",))
    event = Event(3, "set", "", "apps.transactions", 12.5, "")
    rows = compare(replace(spec, events=(event,)), 60, seed, 9)
    assert "transactions" in goods_in(rows)
    assert rows != oracle.run(changed(spec, numbered(scandal_hazard=0.0), ("apps",)), 60, seed, 9)


@pytest.mark.parametrize("seed", [2, 5])
@pytest.mark.parametrize("contest", [0.0, 0.6])
def test_apps_that_buy_users_by_the_head(seed, contest):
    spec = changed(busy(seed), numbered(opening_known=0.3, transactions=50.0), ("apps",))
    spec = changed(spec, numbered(contest=contest, multihoming=0.3), ("users",))
    dear, cheap, plain = (
        changed(spec, by_the_head(head=head, months=months), ("apps",))
        for head, months in ((0.5, 6.0), (0.1, 6.0), (0.5, 0.0))
    )
    rows = compare(dear, 60, seed, 8)
    assert rows != oracle.run(cheap, 60, seed, 8)
    assert rows != oracle.run(plain, 60, seed, 8)


@pytest.mark.parametrize("seed", [5, 7])
def test_a_lab_that_is_short_serves_its_own_group_first(seed):
    spec = changed(small(seed=seed, months=8), numbered(opening_known=0.9), ("apps",))
    spec = changed(spec, numbered(opening_hours=20_000.0), ("cloud",))
    owners = iter([lab.name for lab in spec.groups["labs"]] * 9)
    spec = changed(spec, lambda app: replace(app, owner=next(owners)), ("apps",))
    kept, alike = (changed(spec, rationing(strategy), ("labs",)) for strategy in (OwnGroupFirst(), ProRata()))
    assert compare(kept, 60, seed, 8) != oracle.run(alike, 60, seed, 8)

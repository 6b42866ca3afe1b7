"""The slow reference agrees where apps fight to be known, lose trust, take a share of transactions, and labs ration."""

from dataclasses import replace

import pytest

from tests import oracle
from tests.test_oracle import changed, compare, goods_in, numbered, small
from watersellers.agents.setting import Event, Member
from watersellers.agents.strategies.monetisation import FollowRivals
from watersellers.agents.strategies.rationing import OwnGroupFirst, ProRata


def following(app: Member) -> Member:
    return replace(app, strategies={**app.strategies, "marketing": FollowRivals(reserve=1.0)})


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
    setting = changed(small(seed=seed, months=9), numbered(**crowded, opening_known=0.4), ("apps",))
    setting = changed(setting, numbered(contest=0.7, chart_reach=0.05), ("users",))
    setting = changed(setting, following, ("apps",))
    event = Event(3, "set", "", "apps.transactions", 12.5, "")
    rows = compare(replace(setting, events=(event,)), 60, seed, 9)
    assert "transactions" in goods_in(rows)
    assert rows != oracle.run(changed(setting, numbered(scandal_hazard=0.0), ("apps",)), 60, seed, 9)


@pytest.mark.parametrize("seed", [5, 7])
def test_a_lab_that_is_short_serves_its_own_group_first(seed):
    setting = changed(small(seed=seed, months=8), numbered(opening_known=0.9), ("apps",))
    setting = changed(setting, numbered(opening_hours=20_000.0), ("cloud",))
    owners = iter([lab.name for lab in setting.groups["labs"]] * 9)
    setting = changed(setting, lambda app: replace(app, owner=next(owners)), ("apps",))
    kept, alike = (changed(setting, rationing(strategy), ("labs",)) for strategy in (OwnGroupFirst(), ProRata()))
    assert compare(kept, 60, seed, 8) != oracle.run(alike, 60, seed, 8)

"""The slow reference agrees where people use several apps and hear from friends, and where events change choices."""

from dataclasses import replace

import pytest

from tests import oracle
from tests.test_oracle import changed, compare, numbered, small
from watersellers.agents.setting import Event
from watersellers.agents.strategies.monetisation import FollowRivals
from watersellers.agents.strategies.pricing import BestResponse


@pytest.mark.parametrize("seed", [3, 6])
def test_people_who_use_several_apps(seed):
    setting = changed(small(seed=seed, months=7), numbered(opening_known=0.8, transactions=2.0), ("apps",))
    several = changed(setting, numbered(several=0.8, part=0.3, outside=1.0), ("users",))
    assert compare(several, 60, seed, 7) != oracle.run(changed(several, numbered(several=0.0), ("users",)), 60, seed, 7)


@pytest.mark.parametrize(("seed", "friends"), [(4, 3.0), (9, 6.0)])
def test_people_who_hear_from_friends(seed, friends):
    setting = changed(small(seed=seed, months=8), numbered(opening_known=0.3), ("apps",))
    told = numbered(friends=friends, rewired=0.4, imitators=2.0, outside=0.0, several=0.5)
    rows = compare(changed(setting, told, ("users",)), 60, seed, 8)
    alike = changed(setting, numbered(imitators=2.0, outside=0.0, several=0.5), ("users",))
    assert rows != oracle.run(alike, 60, seed, 8)


def test_events_that_change_choices():
    setting = small(seed=12, months=7)
    labs, app = setting.groups["labs"], setting.groups["apps"][0]
    events = (
        Event(2, "partners", "", f"apps.{app.name}.labs", 0.0, "", names=(labs[-1].name,)),
        Event(3, "strategy", "", f"apps.{app.name}.marketing", 0.0, "", choice=FollowRivals(reserve=1.0)),
        Event(3, "strategy", "", "labs.pricing", 0.0, "", choice=BestResponse()),
    )
    assert compare(replace(setting, events=events), 60, 3, 7) != oracle.run(setting, 60, 3, 7)

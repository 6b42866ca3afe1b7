"""The oracle agrees: people use several apps, hear from friends, keep budgets, default; models reason; events act."""

from dataclasses import replace

import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import busy, changed, compare, goods_in, numbered, small
from watersellers.agents.scenario_spec import Event
from watersellers.agents.strategies.answering import BestEffort, FixedEffort
from watersellers.agents.strategies.monetisation import FollowRivals
from watersellers.agents.strategies.pricing import BestResponse, ByQuery, ByToken, FlatFee

POOR = {"income": 0.0004, "written_off": 0.7, "overdue": 2.0, "barred": 3.0}
SEVERAL = {"multihoming": 0.8, "paid_bonus": 3.0, "part": 0.3}


@pytest.mark.parametrize("seed", [3, 6])
def test_people_who_use_several_apps(seed):
    spec = changed(small(seed=seed, months=7), numbered(opening_known=0.8, transactions=2.0), ("apps",))
    several = changed(spec, numbered(multihoming=0.8, part=0.3, outside=1.0), ("users",))
    none = changed(several, numbered(multihoming=0.0), ("users",))
    assert compare(several, 60, seed, 7) != oracle.run(none, 60, seed, 7)


@pytest.mark.parametrize(("seed", "friends"), [(4, 3.0), (9, 6.0)])
def test_people_who_hear_from_friends(seed, friends):
    spec = changed(small(seed=seed, months=8), numbered(opening_known=0.3), ("apps",))
    friendly = numbered(friends=friends, rewired=0.4, imitators=2.0, outside=0.0, multihoming=0.5)
    rows = compare(changed(spec, friendly, ("users",)), 60, seed, 8)
    alike = changed(spec, numbered(imitators=2.0, outside=0.0, multihoming=0.5), ("users",))
    assert rows != oracle.run(alike, 60, seed, 8)


def test_events_that_change_choices():
    spec = small(seed=12, months=7)
    labs, app = spec.groups["labs"], spec.groups["apps"][0]
    events = (
        Event(2, "partners", "", f"apps.{app.name}.labs", 0.0, "", names=(labs[-1].name,)),
        Event(3, "strategy", "", f"apps.{app.name}.marketing", 0.0, "", choice=FollowRivals(reserve=1.0)),
        Event(3, "strategy", "", "labs.pricing", 0.0, "", choice=BestResponse()),
    )
    assert compare(replace(spec, events=events), 60, 3, 7) != oracle.run(spec, 60, 3, 7)


@pytest.mark.parametrize("strategy", [ByQuery(price=0.05), ByToken(markup=2.0)])
@pytest.mark.parametrize(("seed", "kept"), [(3, 0.0), (6, 0.8)])
def test_people_who_pay_by_use(seed, kept, strategy):
    people = numbered(**SEVERAL, budgeted=kept, income_median=300.0)
    flat = changed(busy(seed), people, ("users",))
    spec = changed(flat, lambda app: replace(app, strategies={**app.strategies, "pricing": strategy}), ("apps",))
    apps = flat.groups["apps"]
    one = Event(4, "strategy", "", f"apps.{apps[0].name}.pricing", 0.0, "", choice=FlatFee())
    rows = compare(replace(spec, events=(one,)), 60, seed, 8)
    assert rows != oracle.run(flat, 60, seed, 8)
    assert "queries_paid" in goods_in(rows)


def reasons(strategy):
    return lambda app: replace(app, strategies={**app.strategies, "effort": strategy})


@pytest.mark.parametrize(("seed", "median"), [(3, 300.0), (6, 1500.0), (9, 0.0)])
def test_people_who_keep_budgets(seed, median):
    free = changed(busy(seed), numbered(**SEVERAL), ("users",))
    kept = {"budgeted": 0.8, "income_median": median, "income_worth": 0.4}
    spec = changed(free, numbered(**kept), ("users",))
    events = (Event(4, "set", "", "users.income_median", 500.0, ""), Event(6, "set", "", "users.budgeted", 0.2, ""))
    assert compare(replace(spec, events=events), 60, seed, 8) != oracle.run(free, 60, seed, 8)


@pytest.mark.parametrize(("seed", "share"), [(3, 0.7), (4, 1.0)])
def test_people_who_default(seed, share):
    spec = changed(busy(seed), numbered(**SEVERAL, **{**POOR, "written_off": share}), ("users",))
    rows = compare(spec, 60, seed, 8)
    assert "bad_debts" in goods_in(rows)


@pytest.mark.parametrize("strategy", [FixedEffort(multiple=3.3), BestEffort(response=9.0)])
@pytest.mark.parametrize("seed", [3, 6])
def test_models_that_reason(seed, strategy):
    spec = busy(seed)
    content = changed(spec, numbered(content_price=0.0001, tokens_by_quality=0.2), ("apps",))
    assert compare(changed(content, reasons(strategy), ("apps",)), 60, seed, 8) != oracle.run(content, 60, seed, 8)

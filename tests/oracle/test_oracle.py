"""The model and the oracle, which was written from the rules alone, keep the same journal to the last cent."""

from dataclasses import replace
from typing import Any

import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import (
    CHAIN,
    SMALL_WORLDS,
    changed,
    compare,
    first_difference,
    goods_in,
    names,
    numbered,
    small,
)
from watersellers import Size, load_scenario
from watersellers.agents.scenario_spec import WHEN_GOOD_ENOUGH, Event
from watersellers.agents.strategies.pricing import BestResponse


@pytest.mark.parametrize("number", range(len(SMALL_WORLDS)))
def test_small_worlds(number):
    size, users, months = SMALL_WORLDS[number]
    compare(small(size, seed=100 + number, months=months), users, number + 1, months)


def test_reference_world():
    compare(load_scenario("plain"), 60, 1, 48)


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_firms_without_money_are_wound_up(seed):
    poor = changed(small(seed=seed), numbered(opening_cash=0.0, owner_funds=0.0, site_cost=8.0))
    dry = changed(poor, numbered(opening_cash=0.0, inflow_low=0.0, inflow_high=0.0), ("investors",))
    rows = compare(dry, 50, seed, 8)
    assert {"salvage", "write_off", "arrears"} <= goods_in(rows)


@pytest.mark.parametrize("group", CHAIN)
def test_a_firm_that_comes_later(group):
    spec = small(seed=11)
    last = spec.groups[group][-1].name
    later = changed(spec, lambda member: replace(member, enters=2) if member.name == last else member, (group,))
    account = names(later).index(last)
    rows = compare(later, 60, 5, 7)
    assert any(row[0] == 2 and row[1] == 11 and row[5] == account for row in rows)


@pytest.mark.parametrize(("hours", "founded"), [(0.06, [1]), (0.075, [4]), (50.0, [])])
def test_an_app_that_comes_once_models_are_good_enough(hours, founded):
    spec = small(seed=11)
    last = spec.groups["apps"][-1].name
    waiting: dict[str, Any] = {
        "numbers": {**spec.groups["apps"][-1].numbers, "enters_at": hours},
        "enters": WHEN_GOOD_ENOUGH,
    }
    later = changed(spec, lambda member: replace(member, **waiting) if member.name == last else member, ("apps",))
    better = Event(4, "set", "", "work.horizon_growth", 0.0, "")  # models below GPT-4 do longer tasks from then on
    account = names(later).index(last)
    rows = compare(replace(later, events=(better,)), 60, 5, 8)
    assert [row[0] for row in rows if row[1] == 11 and row[5] == account] == founded
    assert bool(founded) == any(account in (row[3], row[5]) for row in rows)


def test_events():
    changes = [
        (1, "world.own_use_high", 0.2),
        (2, "chips.unit_cost", 20_000.0),
        (3, "apps.apps_1.ad_load", 0.5),
        (3, "users.outside", 1.0),
        (4, "cloud.owner_funds", 200_000_000.0),
    ]
    events = tuple(Event(month, "set", "", path, value, "") for month, path, value in changes)
    spec = small(seed=13)
    with_events = compare(replace(spec, events=events), 60, 3, 7)
    assert with_events != oracle.run(spec, 60, 3, 7)


def test_open_weights():
    spec = small(seed=2)
    events = (Event(3, "set", "", "labs.open_weights", 1.0, ""),)
    given_away = compare(replace(spec, events=events), 60, 4, 7)
    assert given_away != oracle.run(spec, 60, 4, 7)


def test_rich_owners_and_dividends():
    numbers = {
        "owner_funds": 300_000_000.0,
        "older_revenue": 1_000_000_000.0,
        "payout": 0.7,
        "ad_load": 0.3,
        "opening_known": 1.0,
    }
    rows = compare(changed(small(seed=6), numbered(**numbers)), 80, 9, 8)
    assert {"contribution", "dividend", "attention", "deposit", "building"} <= goods_in(rows)


def test_fleets_that_will_not_earn_their_book_value_back_are_written_down():
    testing = numbered(impairment=1.0, rent_decline=0.05, owner_funds=300_000_000.0)
    rows = compare(changed(small(seed=5), testing, ("cloud",)), 60, 3, 8)
    assert {"impairment", "wear", "building"} <= goods_in(rows)


@pytest.mark.parametrize("world_cash", [0.0, 10_000_000.0, 20_000_000_000.0])
def test_a_poor_world_pays_what_it_has(world_cash):
    owned = changed(small(seed=23), numbered(owner_funds=300_000_000.0, opening_cash=0.0))
    compare(replace(owned, numbers={**owned.numbers, "world_cash": world_cash}), 40, 6, 6)


def test_an_app_that_was_free_answers_the_best_price():
    spec = small(Size(chips=1, cloud=1, labs=1, apps=3, china=0.0, mixed=True), seed=29)
    pricing = {"pricing": BestResponse()}
    # nobody takes a seat at first, and the next price is 0: unit costs are 0 where no lab is there
    dear = changed(spec, numbered(list_price=10_000.0, opening_known=1.0), ("apps",))
    apart = changed(dear, lambda app: replace(app, strategies={**app.strategies, **pricing}), ("apps",))
    late = changed(apart, lambda lab: replace(lab, enters=6), ("labs",))
    compare(late, 60, 2, 8)


def test_a_difference_is_reported_in_words():
    spec = small()
    rows = oracle.run(spec, 40, 1, 1)
    other = [*rows[:9], (*rows[9][:11], rows[9][11] + 1), *rows[10:]]
    assert not first_difference(rows, rows, names(spec))
    message = first_difference(rows, other, names(spec))
    assert message.startswith("row 9\n  model:  month 0, phase ")
    assert f", {rows[9][11]} cents" in message
    assert f", {rows[9][11] + 1} cents" in message
    assert "the journal ends" in first_difference(rows, rows[:-1], names(spec))

"""The oracle agrees with the model where enterprises buy appliances and seats beside tokens."""

from dataclasses import replace

import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import MIXED, busy, calling, changed, compare, goods_in, numbered, small
from tests.oracle.economy.books import GOOD, ITEMS, JournalRow
from watersellers import Size
from watersellers.agents.scenario_spec import Event, ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies.appliances import FixedMarkup, ShareOfWorth
from watersellers.agents.strategies.business import ByUse, Listed

SELLING = {"sells_appliances": 1.0, "appliance_machines": 3.0, "appliance_threshold": 0.0, "appliance_stock": 2.0}
RICH = {"opening_cash": 3e8, "opening_capacity": 4_000.0, "opening_wait": 1.2}


def selling_appliances(seed: int, size: Size = MIXED, **more: float) -> ScenarioSpec:
    """A small world in which labs give models away and apps sell them in appliances."""
    given = changed(small(size, seed=seed), numbered(open_weights=1.0, **(RICH | SELLING | more)))

    def price(app: ParticipantSpec) -> ParticipantSpec:
        rule = FixedMarkup(0.2) if app.key % 2 else ShareOfWorth(0.3)
        return replace(app, strategies={**app.strategies, "appliance_pricing": rule})

    keen = numbered(token_decline=0.01, own_use=0.9, route_sensitivity=3.0, life=12.0)
    return changed(changed(given, price, ("apps",)), keen, ("enterprises",))


def invoices(rows: list[JournalRow]) -> list[JournalRow]:
    """Invoices to enterprises for appliances."""
    sold = [row for row in rows if row[8] == GOOD["appliances"] and row[6] == ITEMS.index("revenue")]
    return [row for row in sold if row[4] == ITEMS.index("operating_cost")]


@pytest.mark.parametrize(("size", "seed"), [(MIXED, 7), (Size(2, 2, 2, 4, china=0.0, mixed=True), 20)])
def test_appliances(size, seed):
    rows = compare(selling_appliances(seed, size), 40, seed, 10)
    assert sum(row[9] for row in invoices(rows)) > 10
    stock = [row for row in rows if row[8] == GOOD["appliances"] and row[6] == ITEMS.index("chip_stock")]
    assert {row[4] for row in stock} == {ITEMS.index("cost_of_sales")}


def test_sellers_of_appliances_that_cannot_pay_are_wound_up_with_the_machines_in_their_stores():
    spec = selling_appliances(7, opening_cash=6e7, staff=8e6, owner_funds=0.0, appliance_stock=30.0)
    dry = changed(spec, numbered(opening_cash=0.0, inflow_low=0.0, inflow_high=0.0), ("investors",))
    rows = compare(dry, 40, 3, 14)
    assert {"salvage", "appliances"} <= goods_in(rows)


def test_appliances_with_events_and_old_ones_that_leave():
    changes = [
        (4, "apps.sells_appliances", 0.0),
        (6, "apps.sells_appliances", 1.0),
        (7, "enterprises.running_cost", 1.0),
    ]
    events = tuple(Event(month, "set", "", path, value, "") for month, path, value in changes)
    rows = compare(replace(selling_appliances(7), events=events), 40, 5, 19)
    assert len({row[0] for row in invoices(rows)}) > 3


def staffed(spec: ScenarioSpec) -> ScenarioSpec:
    """Let apps sell seats to enterprises, at a listed price or by use, whose staff ask much."""

    def sell(app: ParticipantSpec) -> ParticipantSpec:
        rule = ByUse(0.4) if app.key % 2 else Listed()
        price = {} if app.key % 3 == 0 else {"business_price": 45.0, "business_use": 90.5}
        return replace(app, numbers={**app.numbers, **price}, strategies={**app.strategies, "business": rule})

    return changed(spec, sell, ("apps",))


@pytest.mark.parametrize(
    ("size", "seed", "bought"),
    [
        (MIXED, 7, {"appliances", "seats_business"}),
        (Size(2, 2, 2, 4, china=0.0, mixed=True), 19, {"seats_business"}),  # where appliances never pay
    ],
)
def test_seats_of_staff_beside_appliances(size, seed, bought):
    little = changed(staffed(selling_appliances(seed, size)), numbered(seat_worth=4.0), ("enterprises",))
    rows = compare(little, 40, seed, 9)
    sold = [row for row in rows if row[8] == GOOD["seats_business"] and row[6] == ITEMS.index("revenue")]
    assert len({row[10] for row in sold}) > 2
    assert bought <= goods_in(rows)


def test_nobody_has_two_seats():
    little = changed(staffed(selling_appliances(7, MIXED)), numbered(seat_worth=4.0), ("enterprises",))
    few = changed(little, numbered(exposed_hours=3e4, staff_hours=7.0), ("enterprises",))
    rows = compare(few, 40, 7, 6)
    assert "seats_business" in goods_in(rows)
    assert rows != oracle.run(changed(few, numbered(staff_hours=1.0), ("enterprises",)), 40, 7, 6)


def test_seats_of_staff_are_rationed_after_those_of_users_and_before_calls():
    spec = staffed(calling(busy(26), share=0.2))
    dear = changed(spec, numbered(opening_hours=3e5, opening_wait=0.0), ("cloud", "chips"))
    rich = changed(dear, numbered(tokens_high=9e10, tokens_low=9e9), ("enterprises",))
    rows = compare(rich, 40, 8, 6)
    assert {"seats_business", "search_calls"} <= goods_in(rows)

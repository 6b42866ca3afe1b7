"""The oracle agrees with the model where apps sell devices, and where clouds borrow against their machines."""

from dataclasses import replace

import pytest

from tests.oracle.comparison import busy, changed, compare, goods_in, numbered, small
from tests.oracle.economy.books import GOOD, ITEMS
from watersellers import Size
from watersellers.agents.scenario_spec import Event, ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies.borrowing import AgainstFleet

MONTHS = 12
SOLD = {"device_price": 33.3, "device_cost": 20.01, "device_reach": 0.4, "device_life": 18.0, "device_habit": 1.7}


def selling(seed: int) -> ScenarioSpec:
    """A small world in which every second app sells devices."""
    return changed(busy(seed), lambda app: numbered(**SOLD)(app) if app.key % 2 else app, ("apps",))


@pytest.mark.parametrize("seed", [3, 21])
def test_devices(seed):
    rows = compare(selling(seed), 60, seed, 8)
    sold = [row for row in rows if row[8] == GOOD["devices"] and row[6] == ITEMS.index("revenue")]
    assert {row[10] for row in sold} == {33_300_000_000, 20_010_000_000}
    assert len({row[0] for row in sold}) > 2


def test_devices_that_come_later_at_another_price_for_poor_users():
    changes = [(2, "apps.device_price", 80.0), (4, "apps.device_price", 5.0), (5, "apps.device_habit", 0.0)]
    events = tuple(Event(month, "set", "", path, value, "") for month, path, value in changes)
    poor = changed(selling(9), numbered(income=0.01), ("users",))
    compare(replace(poor, events=events), 60, 4, 7)


def borrowing(cloud: ParticipantSpec) -> ParticipantSpec:
    return replace(cloud, strategies={**cloud.strategies, "borrowing": AgainstFleet(loan_to_value=0.9)})


@pytest.mark.parametrize("seed", [4, 9])
def test_loans_interest_and_seizure(seed):
    spec = small(Size(chips=2, cloud=4, labs=3, apps=4, china=0.2, spread=0.3, mixed=True), seed=seed, months=MONTHS)
    spec = replace(spec, numbers={**spec.numbers, "lenders_cash": 4e9, "lenders_inflow": 1e8})
    poor = numbered(opening_cash=20_000_000.0, owner_funds=0.0, deposit=0.9, covenant=0.95, opening_price=8.0)
    lent = changed(changed(spec, poor, ("cloud",)), borrowing, ("cloud",))
    lent = changed(lent, numbered(book_life=26.0, service_life=40.0), ("cloud",))  # some are out of the books already
    changes = [
        (5, "enterprises.compute_low", 0.0),
        (5, "enterprises.compute_high", 0.0),
        (6, "cloud.site_cost", 3.0),
        (7, "cloud.covenant", 0.2),
    ]
    events = tuple(Event(month, "set", "", path, value, "") for month, path, value in changes)
    rows = compare(replace(lent, events=events), 60, seed, MONTHS)
    assert {"loan", "interest", "repayment"} <= goods_in(rows)
    assert any(row[8] == 23 and row[1] == 2 for row in rows)  # salvage in the second phase: machines were seized

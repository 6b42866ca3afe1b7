"""The oracle agrees with the model where apps sell devices with an assistant inside."""

from dataclasses import replace

import pytest

from tests.oracle.comparison import busy, changed, compare, numbered
from tests.oracle.economy.books import GOOD, ITEMS
from watersellers.agents.scenario_spec import Event, ScenarioSpec

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

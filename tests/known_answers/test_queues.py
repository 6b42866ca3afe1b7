"""Queues: a backlog is shipped at capacity, and the mean wait is the backlog over the capacity (Little's law)."""

import pytest

from tests.worlds.toy_layers import UNITS, Close, Customers, Layer, economy_of, ledger_of, live_months
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import nano
from watersellers.market.goods import MILLION, Good
from watersellers.market.month import Economy, Market
from watersellers.market.trade.backlog import Backlog
from watersellers.market.trade.fleet import Fleets, Machines
from watersellers.market.trade.orders import Offers, Supply

VENDOR, BUYER, LATECOMER = 2, 3, 4


class Vendor:
    """Ships the smaller of its backlog and its capacity."""

    def __init__(self, backlog, capacity):
        self.backlog, self.capacity, self.waiting = backlog, capacity, []

    def post(self, inputs, chance):
        return Offers.of([(VENDOR, Good.ACCELERATORS, nano(1.0))])

    def supply(self, orders):
        return Supply.of([(VENDOR, Good.ACCELERATORS, self.capacity)])

    def sold(self, trades):
        self.backlog.deliver(trades)
        self.waiting.append(self.backlog.waiting(VENDOR))


class Yard:
    """Puts so many machines on order each month, and opens them some months after they come."""

    def __init__(self, backlog, orders, lag=3):
        self.backlog, self.orders, self.lag = backlog, orders, lag
        self.fleets, self.month, self.transit, self.arrived = Fleets(5), -1, [], []

    def order(self, offers, asked, chance):
        self.month = chance.month
        for buyer, units in self.orders(chance.month).items():
            self.backlog.add((buyer, VENDOR), Item.CHIP_STOCK, units, nano(1.0))
        return self.backlog.call_off({BUYER, LATECOMER})

    def receive(self, trades):
        got = {buyer: units for buyer, _, _, _, units, _, _ in trades.rows()}
        opens = self.month + self.lag
        self.fleets.add(Machines.of((b, VENDOR, opens, 99, n, 1, n, 0, n, 0, 0, MILLION, 99) for b, n in got.items()))
        self.transit.append(self.fleets.coming(self.month, BUYER))
        self.arrived.append(got.get(LATECOMER, 0))


def queue(standing, capacity, orders, months):
    backlog = Backlog()
    backlog.add((BUYER, VENDOR), Item.CHIP_STOCK, standing, nano(1.0))
    vendor, yard = Vendor(backlog, capacity), Yard(backlog, orders)
    ledger = ledger_of(("chips", 1), ("cloud", 2))
    live_months(Economy(ledger, 1, (Market("chips", (vendor,), (yard,)),), close=(Close(ledger),)), months)
    return vendor, yard


def test_a_backlog_of_twelve_months_of_capacity_is_shipped_in_twelve_months():
    vendor, _ = queue(12_000, 1000, lambda month: {}, 14)
    assert vendor.waiting == [*range(11_000, -1, -1000), 0, 0]


def test_machines_in_transit_are_orders_times_the_lead_time():
    _, yard = queue(12_000, 1000, lambda month: {BUYER: 1000}, 10)
    assert yard.transit == [1000, 2000, *[3000] * 8]


def test_the_mean_wait_is_backlog_over_capacity():
    """Little's law, with a backlog that orders keep at twelve months, whoever is served first."""
    vendor, yard = queue(12 * UNITS, UNITS, lambda month: {BUYER if month else LATECOMER: UNITS}, 300)
    assert vendor.waiting == [12 * UNITS] * 300
    assert sum(yard.arrived) >= UNITS - 12  # the last few units wait for a whole one to fall to them
    waited = sum(month * units for month, units in enumerate(yard.arrived)) / sum(yard.arrived)
    assert waited == pytest.approx(12, rel=1e-4)  # whole machines: some 12 of a million come out of turn


@pytest.mark.parametrize(("asked", "used"), [(0, 0.0), (10, 0.25), (40, 1.0), (41, 1.0), (4000, 1.0)])
def test_use_is_the_smaller_of_demand_over_capacity_and_one(asked, used):
    layer = Layer([2], lambda layer: [1.0], capacity=[40 * UNITS])
    live_months(economy_of([layer], Customers(lambda prices: [asked]), ledger_of(("cloud", 1))), 1)
    assert layer.sold_units[0] / layer.capacity[0] == used

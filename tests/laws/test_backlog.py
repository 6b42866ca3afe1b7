"""What is ordered is delivered or waits, at the price that was agreed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as draw

from tests.laws.random_cases import quick
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import whole
from watersellers.market.goods import Good
from watersellers.market.trade.backlog import Backlog
from watersellers.market.trade.orders import Trades

BUYER, OTHER, VENDOR = 1, 2, 0


def test_orders_at_two_prices_are_delivered_at_their_average():
    backlog = Backlog()
    backlog.add((BUYER, VENDOR), Item.CHIP_STOCK, 10, 300)
    backlog.add((BUYER, VENDOR), Item.CHIP_STOCK, 30, 500)
    calls = backlog.call_off({BUYER})
    assert calls.rows() == [(BUYER, Item.CHIP_STOCK, VENDOR, Good.ACCELERATORS, 40, 450)]
    backlog.deliver(Trades.dealt(calls, whole([15])))
    assert backlog.waiting(VENDOR) == 25
    assert backlog.committed(BUYER) == 25 * 450
    assert backlog.on_order(BUYER) == {VENDOR: 25}
    assert backlog.on_order_from(VENDOR) == {BUYER: 25}


orders_and_shipments = draw.lists(
    draw.tuples(draw.integers(1, 1000), draw.integers(0, 10**13), draw.integers(0, 1500)), min_size=1, max_size=12
)


@quick
@given(orders_and_shipments)
def test_what_is_ordered_is_delivered_or_waiting_and_what_was_agreed_is_paid_in_the_end(rows):
    backlog, paid, shipped = Backlog(), 0, 0
    agreed = sum(units * price for units, price, _ in rows)
    for units, price, capacity in [*rows, (1, 0, 10**9)]:
        backlog.add((BUYER, VENDOR), Item.CHIP_STOCK, units, price)
        calls = backlog.call_off({BUYER})
        trades = Trades.dealt(calls, np.minimum(calls.quantity, capacity))
        backlog.deliver(trades)
        paid += sum(q * p for q, p in zip(trades.quantity.tolist(), trades.price.tolist(), strict=True))
        shipped += int(trades.quantity.sum())
        assert shipped + backlog.waiting(VENDOR) == shipped + backlog.on_order(BUYER).get(VENDOR, 0)
        assert backlog.value[BUYER][VENDOR] >= 0
    assert (shipped, backlog.waiting(VENDOR)) == (sum(units for units, _, _ in rows) + 1, 0)
    assert 0 <= agreed - paid == backlog.value[BUYER][VENDOR] < shipped  # less than a nano-dollar a machine


def test_an_order_of_nothing_is_refused_and_a_struck_order_is_gone():
    backlog = Backlog()
    with pytest.raises(ValueError, match="an order of 0 machines"):
        backlog.add((BUYER, VENDOR), Item.CHIP_STOCK, 0, 300)
    for buyer in (BUYER, OTHER):
        backlog.add((buyer, VENDOR), Item.CHIP_STOCK, 5, 300)
    backlog.cancel(BUYER)
    assert (backlog.waiting(VENDOR), backlog.committed(BUYER)) == (5, 0)
    assert len(backlog.call_off({BUYER, OTHER})) == 1
    assert backlog.new_month() == {VENDOR: 10}
    assert backlog.new_month() == {}

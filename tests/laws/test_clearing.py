"""Markets ration scarce goods, split totals and invoice deals: examples by hand, and laws for any orders."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as draw

from tests.laws.random_cases import DICE, KEYS, few_asked, quick, units_of
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import TooLarge, half_even, invoice, nano, split, whole
from watersellers.market.goods import GOODS, NANO_A_CENT, Good
from watersellers.market.trade.clearing import apportion, ration
from watersellers.market.trade.orders import Orders, Supply

# Rationing


def orders_of(*asked, seller=0, good=Good.HOURS, price=1.0):
    """Orders of buyers 1, 2 ... at one seller."""
    return Orders.of((n, Item.COST_OF_SALES, seller, good, units, nano(price)) for n, units in enumerate(asked, 1))


def given_out(orders, *supply, keys=KEYS, chance=DICE):
    """Units by buyer, seller and good."""
    trades = ration(orders, Supply.of(supply), keys, chance)
    return {(buyer, seller, good): units for buyer, _, seller, good, units, _, _ in trades.rows()}


def test_everybody_gets_the_same_share_of_what_it_asked_for():
    assert list(given_out(orders_of(10, 20, 70), (0, Good.HOURS, 50)).values()) == [5, 10, 35]


def test_whole_units_left_over_go_to_the_largest_remainders():
    # of 10, at 7 / 12 each: 1.75, 2.92 and 2.33 of 3, 5 and 4
    assert list(given_out(orders_of(3, 5, 4), (0, Good.HOURS, 7)).values()) == [2, 3, 2]


def test_where_there_is_enough_everybody_gets_all():
    assert list(given_out(orders_of(3, 5, 4), (0, Good.HOURS, 12)).values()) == [3, 5, 4]


def test_a_seller_that_offers_nothing_delivers_nothing():
    assert given_out(orders_of(3, 5)) == {}
    assert given_out(orders_of(3, 5), (0, Good.HOURS, 0), (1, Good.HOURS, 9), (0, Good.SEATS, 9)) == {}


def test_each_seller_and_good_is_rationed_by_itself():
    both = Orders.joined([orders_of(10, 10), orders_of(10, seller=5), orders_of(8, good=Good.SEATS)])
    got = given_out(both, (0, Good.HOURS, 10), (5, Good.HOURS, 10), (0, Good.SEATS, 2))
    assert got == {(1, 0, 1): 5, (2, 0, 1): 5, (1, 5, 1): 10, (1, 0, 5): 2}


def test_a_negative_stock_is_refused():
    with pytest.raises(ValueError, match="seller 4 is -1 units"):
        ration(orders_of(1), Supply.of([(4, Good.HOURS, -1)]), KEYS, DICE)


def test_a_trade_is_invoiced_at_the_price_that_was_posted():
    trades = ration(orders_of(3, price=1.255), Supply.of([(0, Good.HOURS, 2)]), KEYS, DICE)
    assert trades.rows() == [(1, Item.COST_OF_SALES, 0, Good.HOURS, 2, 1_255_000_000, 251)]


@quick
@given(draw.lists(units_of, min_size=1, max_size=8), units_of)
def test_the_smaller_of_demand_and_supply_is_delivered_and_shares_are_fair_to_a_unit(asked, there):
    got = given_out(orders_of(*asked), (0, Good.HOURS, there))
    assert sum(got.values()) == min(sum(asked), there)
    for buyer, units in enumerate(asked, 1):
        fair = units * min(sum(asked), there)
        assert abs(got.get((buyer, 0, Good.HOURS), 0) * sum(asked) - fair) < max(sum(asked), 1)
        assert got.get((buyer, 0, Good.HOURS), 0) <= units


@quick
@given(
    draw.lists(draw.integers(0, 9), min_size=2, max_size=7), draw.integers(0, 30), draw.randoms(use_true_random=False)
)
def test_the_order_of_rows_changes_no_allocation(asked, there, shuffle):
    orders = orders_of(*asked)
    rows = list(range(len(asked)))
    shuffle.shuffle(rows)
    assert given_out(orders.where(whole(rows)), (0, Good.HOURS, there)) == given_out(orders, (0, Good.HOURS, there))


@quick
@given(few_asked, draw.integers(0, 30), draw.integers(1, 7))
def test_a_further_account_changes_no_allocation(asked, there, place):
    orders = orders_of(*asked)
    further = replace(orders, buyer=orders.buyer + (orders.buyer >= place))
    got = given_out(further, (0, Good.HOURS, there), keys=np.insert(KEYS, place, 1))
    moved = {(buyer - (buyer > place), *deal): units for (buyer, *deal), units in got.items()}
    assert moved == given_out(orders, (0, Good.HOURS, there))


def test_over_many_months_every_buyer_wins_ties_equally_often():
    months = [given_out(orders_of(1, 1, 1), (0, Good.HOURS, 1), chance=Chance(1, month)) for month in range(3000)]
    lucky = [sum((buyer, 0, Good.HOURS) in got for got in months) for buyer in (1, 2, 3)]
    deviation = (3000 * (1 / 3) * (2 / 3)) ** 0.5
    assert max(abs(count - 1000) for count in lucky) < 4 * deviation  # binomial


# Splits and invoices


@quick
@given(draw.integers(0, 10**15), draw.lists(draw.integers(0, 10**9), min_size=1, max_size=9))
def test_a_split_leaves_nothing_over_and_is_fair_to_a_unit(total, weights):
    assume(sum(weights))
    parts = split(total, weights, list(range(len(weights))))
    assert sum(parts) == total
    assert all(
        abs(part * sum(weights) - total * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True)
    )


def test_a_split_by_hand():
    assert split(100, [1, 1, 1], [2, 0, 1]) == [33, 34, 33]  # the smallest tie-breaking number first
    assert split(7, [3, 5, 4], [0, 1, 2]) == [2, 3, 2]
    assert split(0, [0, 0], [0, 1]) == [0, 0]


def test_something_cannot_be_split_over_nothing():
    with pytest.raises(ValueError, match="cannot split 5"):
        split(5, [0, 0], [0, 1])


@pytest.mark.parametrize(
    ("half_cents", "rounded"), [(1, 0), (3, 2), (5, 2), (7, 4), (9, 4), (2, 1), (200_000_001, 100_000_000)]
)
def test_half_a_cent_goes_to_the_even_one(half_cents, rounded):
    bill = invoice(whole([Good.HOURS]), whole([half_cents]), whole([NANO_A_CENT // 2]))
    assert bill.tolist() == [rounded]


@quick
@given(draw.sampled_from(Good), draw.integers(0, 10**12), draw.integers(0, 10**12))
def test_an_invoice_is_the_nearest_cent_to_quantity_times_price(good, quantity, price):
    lot = GOODS[good].per * NANO_A_CENT
    assume(quantity * price // lot < 2**62)
    (bill,) = invoice(whole([good]), whole([quantity]), whole([price])).tolist()
    assert 2 * abs(bill * lot - quantity * price) <= lot


@quick
@given(draw.integers(-(10**20), 10**20), draw.integers(1, 10**12))
def test_halves_go_to_even_like_pythons_own_rounding_of_whole_numbers(numerator, denominator):
    assert half_even(numerator, denominator) == round(Fraction(numerator, denominator))


def test_an_invoice_beyond_64_bits_is_refused_and_does_not_wrap():
    with pytest.raises(TooLarge):
        invoice(whole([Good.HOURS]), whole([2**62]), whole([2**62]))


@quick
@given(draw.integers(0, 10**9), draw.lists(draw.floats(0, 1), min_size=1, max_size=6))
def test_apportioned_units_add_up(total, shares):
    parts = apportion(total, shares, list(range(len(shares))))
    some = sum(round(share * 1_000_000) for share in shares)
    assert parts.sum() == (total if some else 0)
    assert (parts >= 0).all()


def test_apportioning_by_hand():
    assert apportion(10, [0.25, 0.75], [0, 1]).tolist() == [3, 7]  # 2.5 and 7.5: the smallest tie-breaking number first
    assert apportion(10, [0.25, 0.75], [1, 0]).tolist() == [2, 8]
    assert apportion(5, [1.0, 0.0], [0, 1]).tolist() == [5, 0]
    assert apportion(10**9, [0.123456, 0.876544], [0, 1]).tolist() == [123_456_000, 876_544_000]

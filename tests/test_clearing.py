"""How markets clear: worked examples by hand, and laws that hold for any orders, prices and dice."""

from dataclasses import replace
from fractions import Fraction
from math import exp, log

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as draw

from watersellers.market.backlog import Backlog
from watersellers.market.clearing import apportion, lerner_markup, logit_shares, ration, scarcity_price, uniform_auction
from watersellers.market.dice import Chance, exp32, normal
from watersellers.market.goods import GOODS, NANO_A_CENT, Good, Item
from watersellers.market.orders import Orders, Supply, Trades
from watersellers.market.units import TooLarge, half_even, invoice, nano, split, whole

quick = settings(derandomize=True, database=None, deadline=None, max_examples=80)
DICE = Chance(3, 14)
KEYS = whole(range(100, 200))
dollars_of = draw.floats(0.01, 1e6)
few_asked = draw.lists(draw.integers(0, 9), min_size=2, max_size=7)
units_of = draw.integers(0, 10**12)


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
def test_exactly_the_smaller_of_asked_and_there_is_moved_and_shares_are_fair_to_a_unit(asked, there):
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
def test_the_order_of_listing_changes_nobodys_ration(asked, there, shuffle):
    orders = orders_of(*asked)
    rows = list(range(len(asked)))
    shuffle.shuffle(rows)
    assert given_out(orders.where(whole(rows)), (0, Good.HOURS, there)) == given_out(orders, (0, Good.HOURS, there))


@quick
@given(few_asked, draw.integers(0, 30), draw.integers(1, 7))
def test_an_account_more_in_the_table_changes_nobodys_ration(asked, there, place):
    orders = orders_of(*asked)
    further = replace(orders, buyer=orders.buyer + (orders.buyer >= place))
    got = given_out(further, (0, Good.HOURS, there), keys=np.insert(KEYS, place, 1))
    moved = {(buyer - (buyer > place), *deal): units for (buyer, *deal), units in got.items()}
    assert moved == given_out(orders, (0, Good.HOURS, there))


def test_over_many_months_ties_fall_to_everybody_alike():
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


# Prices


def test_the_ad_auction_by_hand():
    # 100 bidders spread up to 8 dollars; 75 slots clear where a quarter of them drops out
    assert uniform_auction(8.0, 100, whole([50, 25]), 1e9) == pytest.approx(2.0)
    assert uniform_auction(8.0, 100, whole([75]), 75.0) == pytest.approx(1.0)  # the budget binds
    assert uniform_auction(8.0, 100, whole([101]), 1e9) == 0.0
    assert uniform_auction(8.0, 100, whole([]), 1e9) == 0.0
    assert uniform_auction(8.0, 0, whole([5]), 1e9) == 0.0


@quick
@given(dollars_of, draw.integers(1, 10**6), draw.lists(draw.integers(0, 10**5), max_size=5), dollars_of)
def test_advertisers_never_pay_above_worth_or_budget_and_less_a_slot_when_more_are_shown(worth, bidders, slots, budget):
    price, shown = uniform_auction(worth, bidders, whole(slots), budget), sum(slots)
    assert 0 <= price <= worth
    assert price * shown <= budget * (1 + 1e-12)  # a float quotient times its divisor
    assert uniform_auction(worth, bidders, whole([*slots, 10]), budget) <= price or not shown


def test_revenue_of_an_auction_is_largest_with_half_as_many_slots_as_bidders():
    revenue = {n: n * uniform_auction(1.0, 100, whole([n]), 1e9) for n in range(1, 101)}
    assert max(revenue, key=lambda n: revenue[n]) == 50


def test_the_scarcity_price_by_hand():
    assert scarcity_price(100.0, 1.5, 400.0, 0.0, 4.0) == 150.0
    assert scarcity_price(100.0, 1.5, 400.0, 4.0, 4.0) == 275.0  # half-way from 150 to 400
    assert scarcity_price(100.0, 1.5, 400.0, 12.0, 4.0) == 337.5
    assert scarcity_price(100.0, 1.5, 120.0, 9.0, 4.0) == 150.0  # worth less than that: no surplus to take


@quick
@given(dollars_of, draw.floats(1, 5), dollars_of, draw.floats(0, 100), draw.floats(0.01, 20), draw.floats(0, 100))
def test_a_longer_wait_never_lowers_the_price_and_takes_no_more_than_the_buyers_surplus(
    cost, markup, worth, wait, half_wait, more
):
    price = scarcity_price(cost, markup, worth, wait, half_wait)
    slack = 1 + 1e-12  # of float arithmetic
    assert cost * markup <= price <= max(cost * markup, worth) * slack
    assert scarcity_price(cost, markup, worth, wait + more, half_wait) >= price / slack


def test_logit_shares_by_hand():
    assert logit_shares([0.0, 0.0]) == [0.5, 0.5]
    assert logit_shares([log(3), 0.0]) == pytest.approx([0.75, 0.25])
    assert logit_shares([800.0, 0.0]) == [1.0, pytest.approx(exp(-800.0))]


@quick
@given(draw.lists(draw.floats(-700, 700), min_size=1, max_size=9), draw.floats(-300, 300))
def test_logit_shares_add_up_to_one_and_only_differences_count(utilities, shift):
    shares = logit_shares(utilities)
    assert sum(shares) == pytest.approx(1, abs=1e-12)  # nine roundings of floats
    assert logit_shares([u + shift for u in utilities]) == pytest.approx(shares, abs=1e-11)  # shifting loses digits


def test_lerner_marks_up_by_the_elasticity():
    assert (lerner_markup(2.0), lerner_markup(5.0)) == (2.0, 1.25)
    with pytest.raises(ValueError, match="elasticity is 1"):
        lerner_markup(1.0)


# The backlog

BUYER, OTHER, VENDOR = 1, 2, 0


def test_orders_at_two_prices_are_delivered_at_their_average():
    backlog = Backlog()
    backlog.place((BUYER, VENDOR), Item.CHIP_STOCK, 10, 300)
    backlog.place((BUYER, VENDOR), Item.CHIP_STOCK, 30, 500)
    calls = backlog.calls({BUYER})
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
        backlog.place((BUYER, VENDOR), Item.CHIP_STOCK, units, price)
        calls = backlog.calls({BUYER})
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
        backlog.place((BUYER, VENDOR), Item.CHIP_STOCK, 0, 300)
    for buyer in (BUYER, OTHER):
        backlog.place((buyer, VENDOR), Item.CHIP_STOCK, 5, 300)
    backlog.cancel(BUYER)
    assert (backlog.waiting(VENDOR), backlog.committed(BUYER)) == (5, 0)
    assert len(backlog.calls({BUYER, OTHER})) == 1
    assert backlog.new_month() == {VENDOR: 10}
    assert backlog.new_month() == {}


# Dice

HASHES = [13569458179747080560, 12390274380548186304, 10949996030936075520]
UNIFORM_BITS = [1060917351, 1059844889, 1058534963]
EXPONENTS = np.array([-87, -1, -0.3465735, 0, 1e-20, 0.3465736, 1, 10.5, 88], dtype=np.float32)
EXP_BITS = [11744903, 1052531378, 1060439284, 1065353216, 1065353216, 1068827891, 1076754516, 1192090497, 2130215607]
MANY = whole(range(100_000))


def test_draws_are_uniform():
    counts = np.bincount((DICE.uniform("test", MANY) * 100).astype(int), minlength=100)
    chi_square = ((counts - 1000.0) ** 2 / 1000).sum()
    assert abs(chi_square - 99) < 4 * (2 * 99) ** 0.5  # mean and deviation of chi-square with 99 degrees


@pytest.mark.parametrize(
    "other",
    [
        lambda: DICE.uniform("test", MANY + 1),
        lambda: DICE.uniform("tesu", MANY),
        lambda: Chance(DICE.seed, DICE.month + 1).uniform("test", MANY),
        lambda: Chance(DICE.seed + 1, DICE.month).uniform("test", MANY),
        lambda: DICE.uniform("test", MANY, 1),
        lambda: DICE.uniform("test", 1, MANY),
    ],
    ids=["neighbour", "purpose", "month", "seed", "second key", "order of keys"],
)
def test_draws_for_different_things_have_nothing_to_do_with_each_other(other):
    one, two = DICE.uniform("test", MANY).astype(float), other().astype(float)
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / len(MANY) ** 0.5  # deviation of a correlation of independents
    assert abs((one < two).mean() - 0.5) < 4 * 0.5 / len(MANY) ** 0.5


@quick
@given(draw.lists(draw.integers(0, 2**62), min_size=1, max_size=20), draw.randoms(use_true_random=False))
def test_a_draw_depends_on_its_key_and_not_on_its_place(keys, shuffle):
    places = list(range(len(keys)))
    shuffle.shuffle(places)
    together = DICE.hashes("test", whole(keys))
    assert DICE.hashes("test", whole(keys)[places]).tolist() == together[places].tolist()
    assert [int(DICE.hashes("test", key)[0]) for key in keys] == together.tolist()
    assert DICE.order("test", whole(keys)) == together.tolist()


def test_draws_lie_strictly_between_0_and_1_and_keep_their_bits():
    drawn = DICE.uniform("test", MANY)
    assert drawn.dtype == np.float32
    assert 0 < drawn.min() < drawn.max() < 1
    assert DICE.hashes("test", whole([0, 1, 2**40])).tolist() == HASHES
    assert DICE.uniform("test", whole([0, 1, 2**40])).view(np.uint32).tolist() == UNIFORM_BITS


def test_exponentials_are_right_to_a_few_last_bits_everywhere():
    x = np.linspace(-87, 88, 500_001, dtype=np.float32)
    error = np.abs(exp32(x).astype(float) / np.exp(x.astype(float)) - 1)
    assert error.max() < 3e-7  # Taylor's remainder of 2e-7 and two roundings of float32, 6e-8 each


def test_exponentials_keep_their_bits():
    assert exp32(EXPONENTS).view(np.uint32).tolist() == EXP_BITS


def test_normal_deviates_have_mean_0_and_deviation_1_and_the_right_tails():
    drawn = normal(DICE.uniform("test", MANY)).astype(float)
    n = len(MANY)
    assert abs(drawn.mean()) < 4 / n**0.5
    assert abs(drawn.var() - 1) < 4 * (2 / n) ** 0.5  # deviation of a variance of normals
    for bound, tail in ((1.0, 0.158655), (2.0, 0.022750)):
        assert abs((drawn > bound).mean() - tail) < 4 * (tail * (1 - tail) / n) ** 0.5

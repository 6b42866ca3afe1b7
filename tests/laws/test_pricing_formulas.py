"""Prices of auctions, scarcity and choice: worked examples by hand, and laws for any numbers."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as draw

from tests.laws.random_cases import dollars_of, quick
from watersellers.market.exact import whole
from watersellers.market.trade.clearing import uniform_auction
from watersellers.market.trade.pricing_formulas import lerner_markup, logit_shares, scarcity_price


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

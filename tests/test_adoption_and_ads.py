"""Known answers 13 and 16: an auction of ad slots, and the spread of an app that everybody takes who hears of it."""

from itertools import pairwise
from math import log

import polars as pl
import pytest

from experiments import Size, run, synthetic
from market.clearing import uniform_auction
from market.units import whole

# 13. n bidders whose values are spread evenly, k slots at one price: (n - k) / (n + 1), revenue largest at n / 2


@pytest.mark.parametrize(("bidders", "slots"), [(10, 3), (1_000, 1), (1_000, 999), (10_000, 3_000)])
def test_slots_are_sold_at_the_value_of_the_first_bidder_who_gets_none(bidders: int, slots: int) -> None:
    price = uniform_auction(worth=1.0, bidders=bidders, slots=whole([slots]), budget=1e9)
    first_without = (bidders - slots) / (bidders + 1)  # of values i / (n + 1)
    assert price == pytest.approx(first_without, abs=1 / (bidders + 1))  # a crowd has no gaps between its values


def test_few_slots_are_dear_and_half_as_many_as_bidders_bring_most() -> None:
    revenue = {slots: slots * uniform_auction(1.0, 1_000, whole([slots]), 1e9) for slots in range(1, 1_000)}
    assert max(revenue, key=lambda slots: revenue[slots]) == 500
    ten, three = (uniform_auction(1.0, 1_000, whole([slots]), 1e9) for slots in (1_000 * 10 // 20, 1_000 * 3 // 20))
    assert three > ten  # an answer with three places where a page had ten: each is dearer,
    assert 150 * three < 500 * ten  # and all of them bring less


# 16. Bass: adoption is fastest at ln(q / p) / (p + q) months

INNOVATORS, IMITATORS = 0.01, 0.3
SURE = {  # who hears of the app uses it for good, free; and its marketing reaches all there is to reach
    "users.innovators": INNOVATORS,
    "users.imitators": IMITATORS,
    "users.marketing_unit": 1,
    "users.outside": -50,
    "users.network": 0,
    "users.limit_aversion": 0,
    "users.quota_weight": 0,
    "users.taste": 0,
    "apps.opening_known": 0,
    "apps.list_marketing": 1_000_000,
    "apps.opening_cash": 10_000_000_000,
    "apps.staff": 0,
}


def test_an_app_that_everybody_takes_spreads_as_bass_says() -> None:
    months, users = 30, 4_000
    lonely = synthetic(Size(chips=0, cloud=0, labs=0, apps=1, china=0.0, spread=0.0), months=months)
    west = run(lonely, months=months, users=users, set=SURE).apps.filter(region="west")
    count = west.group_by("month").agg(pl.col("users").sum()).sort("month")["users"].to_list()
    people = 1_200_000_000
    expected, share = [], 0.0
    for _ in range(months):  # Bass in months: who has not adopted does so with chance p + q F
        share += (INNOVATORS + IMITATORS * share) * (1 - share)
        expected.append(share)
    assert max(abs(found / people - said) for found, said in zip(count, expected, strict=True)) < 0.05
    fresh = [after - before for before, after in pairwise(count)]
    peak = 1 + max(range(len(fresh)), key=lambda month: fresh[month])
    assert peak == pytest.approx(log(IMITATORS / INNOVATORS) / (INNOVATORS + IMITATORS), abs=2)

"""An auction of ad slots, and the spread of an app that everybody who hears of it takes."""

from itertools import pairwise
from math import log

import polars as pl
import pytest

from watersellers import Size, run, synthetic
from watersellers.experiments.input.errors import BadInput
from watersellers.market.exact import whole
from watersellers.market.trade.clearing import uniform_auction

# n bidders whose values are spread evenly, k slots at one price: (n - k) / (n + 1), revenue largest at n / 2


@pytest.mark.parametrize(("bidders", "slots"), [(10, 3), (1_000, 1), (1_000, 999), (10_000, 3_000)])
def test_slots_are_sold_at_the_value_of_the_first_bidder_who_gets_none(bidders: int, slots: int) -> None:
    price = uniform_auction(worth=1.0, bidders=bidders, slots=whole([slots]), budget=1e9)
    first_without = (bidders - slots) / (bidders + 1)  # of values i / (n + 1)
    assert price == pytest.approx(first_without, abs=1 / (bidders + 1))  # a crowd has no gaps between its values


def test_few_slots_are_expensive_and_half_as_many_as_bidders_bring_most_revenue() -> None:
    revenue = {slots: slots * uniform_auction(1.0, 1_000, whole([slots]), 1e9) for slots in range(1, 1_000)}
    assert max(revenue, key=lambda slots: revenue[slots]) == 500
    ten, three = (uniform_auction(1.0, 1_000, whole([slots]), 1e9) for slots in (1_000 * 10 // 20, 1_000 * 3 // 20))
    assert three > ten  # an answer with three places where a page had ten: each is dearer,
    assert 150 * three < 500 * ten  # and all of them bring less


# Bass: adoption is fastest at ln(q / p) / (p + q) months

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
    assert max(abs(found / people - wanted) for found, wanted in zip(count, expected, strict=True)) < 0.05
    fresh = [after - before for before, after in pairwise(count)]
    peak = 1 + max(range(len(fresh)), key=lambda month: fresh[month])
    assert peak == pytest.approx(log(IMITATORS / INNOVATORS) / (INNOVATORS + IMITATORS), abs=2)


def test_a_slot_costs_more_in_a_run_the_fewer_an_answer_has() -> None:
    plain = {"advertisers.bidders": 3e10, "users.ad_aversion": 0, "apps.ad_load": 0}
    paid = {}
    for slots in (1, 3, 10):
        ads = run("plain", months=4, users=300, set=plain | {"apps.chatgpt.ad_load": slots}).flows
        sold = ads.filter(good="attention", payer="advertisers_west").sort("month")
        paid[slots] = sold["price"].to_list()
    assert len(paid[1]) == len(paid[3]) == len(paid[10]) > 1
    assert all(one > three > ten for one, three, ten in zip(*paid.values(), strict=True))


def test_ads_without_slots_are_refused() -> None:
    with pytest.raises(BadInput) as refused:
        run("plain", months=2, users=50, set={"apps.nami_360.list_quota": 0, "apps.nami_360.ad_load": 1})
    cure = "list_quota = 0 leaves no free answer; write list_quota = 30, or ad_load = 0"
    assert f"apps.nami_360.ad_load: found slots beside free answers, but {cure}" in str(refused.value)

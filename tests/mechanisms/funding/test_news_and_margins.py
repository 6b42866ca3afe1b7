"""Belief moves on surprises alone, and a firm is worth the gross profit that is expected of it."""

from dataclasses import replace
from math import log
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.theory_chain import quick
from watersellers import World
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.venture.news import mixed, moved, surprise
from watersellers.agents.finance.venture.pool import Investor, InvestorTraits
from watersellers.agents.finance.venture.track_records import Month, TrackRecord
from watersellers.agents.firm import Smoothing, Trend
from watersellers.agents.strategies.funding import ExpectedGrossProfit, SeenByInvestor
from watersellers.market.chance import Chance

DICE = Chance(1, 0)
SMOOTH, FLAT = Smoothing(0.3, 0.15, 0.5), Smoothing(0.3, 0.0, 0.0)
FRESH = SeenByInvestor(
    revenue=0.0, growth=0.0, burn=0.0, cash=0.0, floor=0.0, hype=1.0, expected=0.0, story=2e8, story_share=1.0,
    gross_profit=0.0, gross_growth=0.0,
)  # fmt: skip
money = st.floats(0.01, 1e12)


def told(record: TrackRecord, revenue: float, gross: float = 0.0) -> float:
    """News of a month."""
    record.note_month(Month(revenue, gross, 0.0), SMOOTH, FLAT)
    return surprise([record.told], 5.0)


# news


@pytest.mark.parametrize("growth", [-0.3, 0.0, 0.05, 0.4])
def test_a_firm_that_grows_exactly_as_expected_makes_no_news_whatever_its_growth(growth):
    record = TrackRecord()
    record.forecast = Trend(100.0, growth)
    revenue = 100.0
    for _ in range(24):
        revenue *= 1 + growth
        assert told(record, revenue) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("growth", [0.1, 0.3])
def test_growth_is_news_until_it_is_expected(growth):
    record = TrackRecord()
    news = [told(record, 100.0 * (1 + growth) ** month) for month in range(120)]
    assert news[0] == 0.0  # the first revenue: nothing was expected
    assert news[1] == pytest.approx(log(1 + growth))
    assert abs(news[-1]) < 0.02 * news[1]


@quick
@given(money, money)
def test_news_is_symmetric_up_and_down(seen, expected):
    assert surprise([(seen, expected)], 3.0) == pytest.approx(-surprise([(expected, seen)], 3.0), abs=1e-9)


@quick
@given(st.floats(0.01, 10), st.floats(-2, 2), st.floats(0, 3))
def test_good_news_is_undone_by_bad_news_of_the_same_size(hype, news, pull):
    assert moved(moved(hype, news, pull), -news, pull) == pytest.approx(hype)
    assert moved(hype, news, 0.0) == hype


def test_news_is_bounded_and_weighs_firms_by_money():
    assert surprise([(0.0, 10.0)], 0.5) == -0.5
    assert surprise([(1e9, 1.0)], 0.5) == 0.5
    assert surprise([], 0.5) == surprise([(5.0, 0.0)], 0.5) == 0.0
    assert surprise([(120.0, 100.0), (1.0, 2.0)], 0.5) == pytest.approx(log(121 / 102))
    assert mixed(0.4, -0.2, 0.25) == pytest.approx(0.25)


def test_a_pool_hears_of_vendors_as_far_as_it_listens():
    world = World("dollar_paths", rng=1, months=6, users=30, set={"investors.news_upstream": 1.0})
    world.run_for(4)
    investors = world.parts[Investors]
    vendors = [firm for firm in investors.firms if firm.layer == "chips" and firm.alive]
    upstream = surprise([investors.tracks[firm.account].told for firm in vendors], 0.5)
    assert [pool.news for pool in investors.pools] == [upstream] * len(investors.pools)
    assert upstream != 0.0


def test_the_same_growth_moves_belief_only_where_it_was_not_expected():
    """Two pools of like firms: one grew all the time, the other begins to; growth as such is the same."""
    old, new = TrackRecord(), TrackRecord()
    old.forecast, new.forecast = Trend(100.0, 0.2), Trend(100.0, 0.0)
    hypes = [moved(1.0, told(record, 120.0), 1.0) for record in (old, new)]
    assert hypes[0] == pytest.approx(1.0)
    assert hypes[1] == pytest.approx(1.2)


# gross profit


def test_before_any_evidence_a_firm_is_worth_what_it_was_said_to_be_worth():
    rule = ExpectedGrossProfit(multiple=15.0, story_years=10.0, per_growth=10.0, patience=6.0)
    assert rule(FRESH, DICE) == pytest.approx(2e9)
    assert rule(replace(FRESH, hype=0.5), DICE) == pytest.approx(1e9)


def test_a_firm_that_sells_below_cost_is_worth_the_fading_rest_of_its_prior_and_no_more():
    rule, record = ExpectedGrossProfit(), TrackRecord()
    for month in range(1, 60):
        record.note_month(Month(100.0 * 1.1**month, -20.0 * 1.1**month, 0.0), SMOOTH, FLAT)
        share = record.story_share(24.0)
        seen = replace(FRESH, story_share=share, gross_profit=record.gross_profit(), gross_growth=record.gross.growth)
        assert share == pytest.approx(24 / (24 + month))
        assert rule(seen, DICE) == pytest.approx(share * 2e9)


@quick
@given(st.floats(0, 1e9), st.floats(0, 1e9), st.integers(1, 400))
def test_in_a_world_that_stands_still_worth_nears_years_of_the_gross_profit_that_there_is(story, gross, months):
    rule, record = ExpectedGrossProfit(), TrackRecord()
    for _ in range(months):
        record.note_month(Month(2 * gross, gross, 0.0), SMOOTH, FLAT)
    seen = replace(
        FRESH, story=story, story_share=record.story_share(24.0), gross_profit=record.gross_profit(),
        gross_growth=record.gross.growth,
    )  # fmt: skip
    weight = 24 / (24 + months)
    assert rule(seen, DICE) == pytest.approx(weight * 10 * story + (1 - weight) * 15 * 12 * gross, rel=1e-6, abs=1e-3)


def test_the_beginning_of_sales_is_no_growth():
    record = TrackRecord()
    for _ in range(5):
        record.note_month(Month(0.0, 0.0, 0.0), SMOOTH, FLAT)
    for _ in range(3):
        record.note_month(Month(100.0, 60.0, 0.0), SMOOTH, FLAT)
    assert record.gross.growth == 0.0
    assert record.gross.level == pytest.approx(60.0)


# the brake


def bound_by_worth(worth: float, burn: float, stake: float, months: float) -> bool:
    """Whether what a firm may raise is bound by what it is thought to be worth, and not by what it needs."""
    return worth * stake / (1 - stake) < months * burn


@pytest.mark.parametrize(("worth", "bites"), [(1e8, True), (1e12, False)])
def test_the_brake_bites_where_rounds_are_bound_by_worth(worth, bites):
    """Half the belief halves what a firm raises where its worth binds, and changes nothing where its need binds."""
    traits = SimpleNamespace(runway=12.0, raised_for=18.0, largest_stake=0.25, between=6.0)
    firm: Any = SimpleNamespace(account=0)
    track = TrackRecord(burn=Trend(1e7))
    asks = []
    for hype in (1.0, 0.5):
        investors: Any = SimpleNamespace(tracks={0: track}, value=lambda *_, hype=hype: hype * worth)
        asks.append(Investors._ask(investors, firm, SimpleNamespace(traits=traits), 0.0, DICE)[0])  # type: ignore[arg-type]
    assert bound_by_worth(worth, 1e7, 0.25, 18.0) == bites
    assert asks[1] == pytest.approx(asks[0] / 2 if bites else asks[0], rel=1e-9)


def test_returns_brake_belief():
    def hype(return_pull: float) -> float:
        numbers = dict.fromkeys(InvestorTraits.__dataclass_fields__, 0.0) | {"return_pull": return_pull}
        member: Any = SimpleNamespace(name="pool", numbers=numbers, strategies={})
        registers: Any = SimpleNamespace(account_id=len)
        pool = Investor(member, registers)
        pool.note_return(-0.5, {}, FLAT)
        pool.expect(0.0, 0.0, 0)
        return pool.hype

    assert hype(2.0) < hype(1.0) < hype(0.0) == 1.0

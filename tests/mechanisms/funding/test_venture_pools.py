"""Savers commit money to finite pools as far as they believe in firms, and belief is weighed down by evidence."""

from functools import cache
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.economy_fingerprints import BLOCKS
from tests.worlds.theory_chain import quick
from watersellers import Result, World, run
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.savers import commitment
from watersellers.agents.finance.venture.track_records import Month, TrackRecord, expected_revenue
from watersellers.agents.firm import Smoothing
from watersellers.market.chart_of_accounts import Item

BLOCK = BLOCKS / "venture_pool.toml"
WEALTH = "investors.savers_wealth"
CENT = 0.01
money = st.floats(0, 1e14)
share = st.floats(0, 1)


@cache
def lived(**given_: Any) -> Result:
    """The block's world with settings, dots written as double underscores."""
    return run(BLOCK, seed=1, users=30, set={name.replace("__", "."): value for name, value in given_.items()})


def committed(result: Result) -> int:
    """Cents that savers put into pools."""
    return int(result.flows.filter(pl.col("payee_layer") == "investors", pl.col("good") == "income")["cents"].sum())


def rounds(result: Result) -> pl.DataFrame:
    """What pools pay for shares."""
    return result.flows.filter(pl.col("payer_layer") == "investors", pl.col("good") == "shares")


def hours(result: Result, firm: str = "startups") -> pl.DataFrame:
    """Hours that a lab buys."""
    return result.flows.filter(pl.col("payer") == firm, pl.col("good") == "gpu_hours")


# belief


@quick
@given(money, st.floats(0, 1e6), money, st.integers(1, 600))
def test_expected_revenue_lies_between_the_story_and_the_evidence(story, weight, each, months):
    expected = expected_revenue(story, weight, each * months, months)
    low, high = sorted((story, each))
    assert low * (1 - 1e-9) <= expected <= high * (1 + 1e-9)


def test_without_a_weight_evidence_is_all_and_with_an_endless_one_nobody_learns():
    assert expected_revenue(100.0, 0.0, 36.0, 12) == 3.0
    assert expected_revenue(100.0, 0.0, 0.0, 0) == 0.0  # nothing is known
    assert expected_revenue(100.0, 1e300, 36.0, 12) == 100.0


@pytest.mark.parametrize("story", [0.0, 50.0, 4000.0])
def test_in_a_world_that_stands_still_belief_nears_the_revenue_that_there_is(story):
    record, smoothing, paths = TrackRecord(), Smoothing(0.3, 0.15, 0.5), []
    record.revenue.level = 100.0
    for _ in range(2000):
        record.note_month(Month(100.0, 60.0, 0.0), smoothing, smoothing)
        paths.append(expected_revenue(story, 24.0, record.seen, record.months))
    gaps = [abs(each - 1200.0) for each in paths]
    assert gaps[-1] == pytest.approx(24.0 * abs(story - 1200.0) / (24 + 2000), rel=1e-9)
    assert all(after < before for before, after in pairwise(gaps))


def test_a_story_that_nothing_bears_out_fades():
    world = World(BLOCK, rng=1, users=30, set={"labs.startups.opening_price": 1000.0})
    world.run_for(3)
    investors = world.parts[Investors]
    lab = next(firm for firm in investors.firms if firm.name == "startups")
    expected = []
    for _ in range(12):
        world.step()
        expected.append(investors.tracks[lab.account].expected(lab, 24.0))
    assert all(after < before for before, after in pairwise(expected))
    assert expected[-1] < 0.7 * 10 * 100_000_000  # a dozen months against the twenty-four of the story


# the pool is finite


@quick
@given(money, money, money, share, share)
def test_savers_never_hold_more_than_their_share_of_wealth_nor_than_they_believe(worth, held, wealth, most, pace):
    traits = SimpleNamespace(savers_wealth=wealth, savers_most=most, savers_pace=pace)
    pool: Any = SimpleNamespace(traits=traits)
    paid = commitment(pool, worth, held)
    assert paid >= 0
    assert paid == 0 or held + paid <= min(worth, most * wealth) * (1 + 1e-9)


def test_no_savers_no_commitments():
    result = lived(investors__savers_wealth=0.0)
    assert committed(result) == 0
    assert int(rounds(result)["cents"].sum()) <= 10_000_000_000_00  # the pools' opening cash


EXPLOSIVE = {
    "investors__valuation": "story_and_evidence",
    "investors__valuation__story_and_evidence__per_growth": 1000.0,
    "investors__valuation__story_and_evidence__patience": 0.0,
    "investors__hype_pull": 100.0,
    "investors__raised_for": 120.0,
    "labs__research__race__months": 2.0,
}


def test_extrapolated_growth_explodes_with_endless_savers_and_not_with_a_finite_pool():
    endless = lived(**EXPLOSIVE, investors__savers_wealth=1e15, investors__savers_most=1.0, investors__savers_pace=1.0)
    finite = lived(**EXPLOSIVE, investors__savers_pace=1.0)
    most = 0.0005 * 1e14 * 100  # cents, of each of the two pools
    assert int(rounds(endless)["cents"].sum()) > 10 * int(rounds(finite)["cents"].sum())
    held = finite.balances.filter(pl.col("layer") == "investors", pl.col("item").is_in(["cash", "holdings"]))
    largest = held.group_by("month", "account").agg(pl.col("cents").sum())["cents"].max()
    assert isinstance(largest, int)
    earned = finite.flows.filter(pl.col("payee_layer") == "investors", pl.col("good") == "dividend")["cents"].sum()
    assert largest <= most + int(earned) + 1


def test_what_is_in_a_pool_is_what_came_in_less_what_went_out():
    """pool' = pool + commitments - calls + distributions, to the cent."""
    world = World(BLOCK, rng=1, users=30)
    pools, ledger = world.parts[Investors].pools, world.parts.ledger
    before = {pool.name: int(ledger.totals[pool.account, Item.CASH]) for pool in pools}
    world.run_model()
    flows = world.result().flows
    for pool in pools:
        came = flows.filter(pl.col("payee") == pool.name)["cents"].sum()
        went = flows.filter(pl.col("payer") == pool.name)["cents"].sum()
        assert before[pool.name] + int(came) - int(went) == int(ledger.totals[pool.account, Item.CASH])


# statics


def test_richer_savers_fund_more_rounds_and_more_hours():
    doses = [lived(investors__savers_wealth=wealth) for wealth in (0.0, 5e12, 2e13, 1e14)]
    raised = [int(rounds(result)["cents"].sum()) for result in doses]
    assert all(before < after for before, after in pairwise(raised))
    # between, rivals that raise more make hours dearer for it
    assert int(hours(doses[0])["quantity"].sum()) < int(hours(doses[-1])["quantity"].sum())


def test_without_commitments_from_a_date_on_rounds_stop_and_the_fringe_trains_less():
    def until_the_end(stop: bool) -> Result:
        world = World(BLOCK, rng=1, users=30, months=44, set={"investors.opening_cash": 3e9})
        world.run_for(10)
        if stop:
            world.set(WEALTH, 0.0)
        world.run_model()
        return world.result()

    usual, stopped = until_the_end(False), until_the_end(True)
    late = pl.col("month") >= pl.date(2025, 7, 1)
    assert committed(stopped) < committed(usual)
    incomes = stopped.flows.filter(pl.col("payee_layer") == "investors", pl.col("good") == "income")
    assert str(incomes["month"].max())[:7] == "2023-10"
    assert rounds(usual).filter(late).height > 0
    west = rounds(stopped).filter(pl.col("payer") == "venture_west")
    assert west.filter(late).is_empty()
    assert int(hours(stopped).filter(late)["quantity"].sum()) < int(hours(usual).filter(late)["quantity"].sum())

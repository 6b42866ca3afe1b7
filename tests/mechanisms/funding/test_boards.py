"""Boards that look ahead: a firm that pivots loses less, and one that closes in time pays all its creditors."""

from dataclasses import replace

import polars as pl
import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import changed, compare, numbered, small
from tests.worlds.rough import ROUGH
from watersellers import run
from watersellers.agents.scenario_spec import ParticipantSpec
from watersellers.agents.strategies.outlook import CloseInTime, PivotInTime


@pytest.fixture(scope="module")
def usual():
    return run(str(ROUGH), months=30, users=200)


def test_an_app_that_pivots_gives_nothing_away_and_loses_less(usual):
    pivoted = run(str(ROUGH), months=30, users=200, set={"apps.outlook": "pivot_in_time"})
    months = pivoted.events.filter(what="pivot", who="chatgpt")["month"]
    assert len(months) == 1
    after = pl.col("month") > months[0].replace(day=28)
    free = pivoted.apps.filter(pl.col("app") == "chatgpt", pl.col("tier") == "free", after)
    assert free["queries"].sum() == 0
    assert pivoted.flows.filter(pl.col("payer") == "chatgpt", pl.col("good") == "media", after)["month"].n_unique() <= 1
    lost = [int(result.firms.filter(firm="chatgpt")["operating_profit"].sum()) for result in (usual, pivoted)]
    assert lost[0] < 0 < lost[1]


def test_a_firm_that_closes_in_time_pays_everybody_and_returns_the_rest(usual):
    closed = run(str(ROUGH), months=30, users=200, set={"apps.outlook": "close_in_time"})
    closings = closed.events.filter(what="closing")
    assert "perplexity" in closings["who"].to_list()
    rows = closed.journal.filter(good="write_off", credit_item="receivables", counterparty="perplexity")
    assert rows["cents"].sum() == 0  # nobody writes off what it was owed
    back = closed.flows.filter(good="dividend", payer="perplexity")
    assert back["payee"].to_list() == ["venture_west"]
    assert back["cents"].sum() > 0
    assert "perplexity" in usual.events.filter(what="exit")["who"].to_list()  # which is wound up where it carries on


def deciding(strategy: object):
    def change(member: ParticipantSpec) -> ParticipantSpec:
        return replace(member, strategies={**member.strategies, "outlook": strategy})

    return change


@pytest.mark.parametrize("strategy", [PivotInTime(months=9.0), CloseInTime(months=9.0)])
@pytest.mark.parametrize("seed", [3, 6])
def test_the_oracle_decides_alike(strategy, seed):
    spec = changed(small(seed=seed, months=9), numbered(opening_cash=12_000_000.0, owner_funds=0.0), ("labs", "apps"))
    boards = changed(spec, deciding(strategy), ("labs", "apps"))
    assert compare(boards, 60, seed, 9) != oracle.run(spec, 60, seed, 9)

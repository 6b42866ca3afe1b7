"""The oracle agrees where savers sign, pools call and distribute, and belief follows margins, news and returns."""

from dataclasses import replace

import pytest

from tests.oracle.comparison import changed, compare, names, numbered, small
from tests.oracle.economy.books import GOOD, JournalRow
from watersellers.agents.scenario_spec import Event, ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies.funding import ExpectedGrossProfit

SHORT = {"opening_cash": 40_000_000.0, "owner_funds": 0.0, "entry_cost": 30_000_000.0, "entry_wait": 1.0}
CALLING = {
    "savers_wealth": 4e11,
    "savers_most": 0.01,
    "inflow_low": 0.0,
    "inflow_high": 0.0,
    "savers_pace": 0.3,
    "savers_chase": 1.5,
    "marks_trusted": 0.8,
    "call_most": 0.2,
    "news_pull": 1.2,
    "news_most": 0.4,
    "news_upstream": 0.3,
    "hype_pull": 0.5,
    "return_pull": 1.5,
    "redemption": 0.4,
    "runway": 60.0,
    "opening_cash": 5e7,
}


def believing(investor: ParticipantSpec) -> ParticipantSpec:
    """Let an investor value firms by the gross profit that it expects."""
    rule = ExpectedGrossProfit(multiple=12.0, story_years=9.0, per_growth=6.0, patience=2.0)
    return replace(investor, strategies={**investor.strategies, "valuation": rule})


def calling(seed: int, months: int, **numbers: float) -> ScenarioSpec:
    """A small world whose pools call money; firms pay dividends, and some fail and are founded anew."""
    spec = changed(small(seed=seed, months=months), numbered(payout=0.3), ("chips", "cloud", "labs", "apps"))
    spec = changed(spec, numbered(**SHORT, story=5e7), ("labs", "apps"))
    return changed(changed(spec, numbered(**CALLING | numbers), ("investors",)), believing, ("investors",))


def between(spec: ScenarioSpec, rows: list[JournalRow], good: str, paid_in: bool) -> list[int]:
    """Months in which savers pay pools or pools pay savers in the tenth phase, with a good."""
    accounts = names(spec)
    pools, world = {accounts.index(each.name) for each in spec.groups["investors"]}, accounts.index("world")
    found = [row for row in rows if row[1] == 10 and row[8] == GOOD[good]]
    sides = [(row[0], row[3], row[5]) if paid_in else (row[0], row[5], row[3]) for row in found]  # month, pool, world
    return [month for month, pool, other in sides if pool in pools and other == world]


@pytest.mark.parametrize("seed", [2, 7, 11])
def test_promises_are_called_and_what_stakes_bring_comes_back(seed):
    spec = calling(seed, 14)
    rows = compare(spec, 50, seed, 14)
    assert between(spec, rows, "income", paid_in=True)
    assert between(spec, rows, "dividend", paid_in=False)


def test_savers_who_lose_their_wealth_are_let_off_and_a_pool_may_stop_calling():
    spec = calling(5, 12, savers_wealth=6e8, savers_most=0.9)
    events = (
        Event(4, "set", "", "investors.savers_wealth", 2e8, ""),
        Event(7, "set", "", "investors.call_most", 0.0, ""),
        Event(9, "set", "", "investors.call_most", 0.5, ""),
    )
    compare(replace(spec, events=events), 40, 5, 12)


@pytest.mark.parametrize("world_cash", [0.0, 20_000_000.0])
def test_a_poor_world_pays_calls_in_part(world_cash):
    spec = calling(3, 6)
    compare(replace(spec, numbers={**spec.numbers, "world_cash": world_cash}), 40, 3, 6)

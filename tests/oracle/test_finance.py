"""The oracle agrees where investors herd, savers come and go, firms enter freely, and owners use hours."""

from dataclasses import replace

import pytest

from tests.oracle import comparison
from tests.oracle.comparison import busy, changed, compare, goods_in, names, numbered, on_paths, small
from tests.oracle.economy.books import GOOD, GOODS, ITEMS, JournalRow
from watersellers import Size, load_scenario, synthetic
from watersellers.agents.scenario_spec import Event, ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies.contracting import ReserveShare
from watersellers.agents.strategies.funding import ExpectedGrossProfit, StoryAndEvidence

CATCHING = {"return_pull": 4.0, "herding": 0.4, "redemption": 3.0, "sticky": 0.2, "fear": 0.5, "runway": 60.0}
USING = {
    "older_revenue": 3e8,
    "older_growth": 0.02,
    "older_fade": 0.1,
    "older_margin": 0.6,
    "older_cash": 2e8,
    "ranking_uplift": 0.03,
    "opening_own_use": 0.002,
}
FEW = Size(chips=2, cloud=3, labs=3, apps=5, china=0.4, spread=0.3, mixed=True, owners=2)


@pytest.mark.parametrize("seed", [2, 7, 11])
def test_belief_that_is_catching_and_stakes_in_customers(seed):
    spec = changed(small(seed=seed, months=14), numbered(payout=0.4), ("chips", "cloud", "labs", "apps"))
    spec = changed(spec, numbered(opening_cash=30_000_000.0, owner_funds=0.0), ("labs", "apps"))
    spec = changed(spec, numbered(stake_share=0.5), ("chips", "cloud"))
    rows = compare(changed(spec, numbered(**CATCHING), ("investors",)), 50, seed, 14)
    assert {"shares", "dividend"} <= goods_in(rows)
    assert any(row[8] == 17 and row[1] == 10 for row in rows)  # income in the tenth phase: savers took money out


def test_stakes_of_a_seller_that_is_wound_up_pass_to_the_world():
    spec = changed(small(seed=3, months=12), numbered(stake_share=0.9, opening_cash=5_000_000.0), ("chips", "cloud"))
    spec = changed(spec, numbered(opening_cash=2_000_000.0, owner_funds=0.0), ("labs", "apps"))
    compare(changed(spec, numbered(runway=60.0), ("investors",)), 50, 3, 12)


def using(spec: ScenarioSpec, **world: float) -> ScenarioSpec:
    """Let the owners of clouds, and two owners without, use hours by their return."""
    more = {
        "owners": {
            "feed": {"key": 901, "region": "west", **USING, "owner": "labs_1"},
            "shop": {"key": 902, "region": "west", **USING, "older_revenue": 5e7},
        }
    }
    with_owners = load_scenario(on_paths(synthetic(FEW, seed=7, months=1)) | more)
    numbers = {**spec.numbers, "own_use_low": 0.0, "own_use_high": 0.0, **world}
    spec = replace(spec, numbers=numbers, groups={**spec.groups, "owners": with_owners.groups["owners"]})
    return changed(spec, numbered(**USING), ("cloud",))


@pytest.mark.parametrize("size", [FEW, Size(cloud=1, china=0.0)])
@pytest.mark.parametrize("seed", [3, 8])
def test_owners_use_hours_by_their_return(size, seed):
    spec = using(small(size, seed=seed), own_use_high=0.002 * (seed == 3))
    later = (
        Event(3, "set", "", "owners.feed.older_revenue", 9e8, ""),
        Event(4, "set", "", "world.own_use_pace", 1.0, ""),
        Event(6, "set", "", "cloud.ranking_uplift", 0.0, ""),
    )
    rows = compare(replace(spec, events=later), 50, seed, 10)
    feed = names(spec).index("feed")
    assert {row[0] for row in rows if row[8] == GOOD["hours"] and feed in (row[3], row[5])} == set(range(10))


def test_the_bound_of_free_cash_binds_and_grants_take_from_it():
    spec = using(changed(small(FEW, seed=5), numbered(owner_funds=4e7), ("cloud", "labs")), own_use_cash=0.02)
    free = compare(spec, 40, 5, 8)
    assert free != compare(replace(spec, numbers={**spec.numbers, "own_use_cash": 1.0}), 40, 5, 8)


# savers, stories, free entry

SAVERS = {
    "savers_wealth": 4e11,
    "savers_most": 0.01,
    "savers_pace": 0.1,
    "opening_cash": 5e8,
    "inflow_low": 0.0,
    "inflow_high": 0.0,
}
SHORT = {"opening_cash": 40_000_000.0, "owner_funds": 0.0, "entry_cost": 30_000_000.0, "entry_wait": 1.0}


def believing(investor: ParticipantSpec) -> ParticipantSpec:
    return replace(investor, strategies={**investor.strategies, "valuation": StoryAndEvidence(8.0, 12.0, 3.0)})


def entries(rows: list[JournalRow]) -> list[tuple[int, int]]:
    """Months and accounts of firms that a founder paid in the phase of exits."""
    return [
        (row[0], row[5]) for row in rows if row[1] == 11 and GOODS[row[8]] == "shares" and ITEMS[row[6]] == "equity"
    ]


@pytest.mark.parametrize("seed", [2, 7, 11])
def test_savers_commit_and_stories_fade(seed):
    spec = changed(small(seed=seed, months=14), numbered(**SHORT), ("labs", "apps"))
    spec = changed(spec, numbered(twins=3.0, story=3e7, entry_cost=0.0), ("labs",))
    spec = changed(changed(spec, numbered(**SAVERS, runway=60.0), ("investors",)), believing, ("investors",))
    rows = compare(spec, 50, seed, 14)
    assert {"shares"} <= goods_in(rows)
    assert any(row[8] == 17 and row[1] == 10 for row in rows)  # income in the tenth phase: savers committed money


@pytest.mark.parametrize("world_cash", [0.0, 20_000_000.0])
def test_a_poor_world_commits_what_it_has(world_cash):
    spec = changed(small(seed=5, months=6), numbered(**SAVERS, runway=60.0), ("investors",))
    spec = changed(spec, numbered(**SHORT), ("labs", "apps"))
    compare(replace(spec, numbers={**spec.numbers, "world_cash": world_cash}), 40, 5, 6)


@pytest.mark.parametrize("seed", [3, 5, 8])
def test_firms_that_fail_are_founded_anew_while_it_is_worth_it(seed):
    spec = changed(small(seed=seed, months=16), numbered(**SHORT, staff=25_000_000.0, twins=1.0), ("labs",))
    spec = changed(spec, numbered(**SHORT, staff=25_000_000.0, story=2e7), ("apps",))
    spec = changed(spec, numbered(opening_cash=1e9, story_weight=6.0, fear=0.2, runway=0.0), ("investors",))
    spec = changed(replace(spec, numbers={**spec.numbers, "patience": 1.0}), believing, ("investors",))
    rows = compare(spec, 50, seed, 16)
    found = entries(rows)
    assert len(found) > len({account for _, account in found}) > 0  # some more than once


def test_a_cost_by_event_and_a_date_before_which_nobody_enters():
    spec = small(seed=11, months=8)
    last = spec.groups["labs"][-1].name
    later = changed(spec, lambda lab: replace(lab, enters=4) if lab.name == last else lab, ("labs",))
    events = (Event(2, "set", "", f"labs.{last}.entry_cost", 2e7, ""),)
    rows = compare(replace(later, events=events), 60, 5, 8)
    assert [month for month, _ in entries(rows)] == [4]


# called money

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


def by_gross_profit(investor: ParticipantSpec) -> ParticipantSpec:
    """Let an investor value firms by the gross profit that it expects."""
    rule = ExpectedGrossProfit(multiple=12.0, story_years=9.0, per_growth=6.0, patience=2.0)
    return replace(investor, strategies={**investor.strategies, "valuation": rule})


def calling(seed: int, months: int, **numbers: float) -> ScenarioSpec:
    """A small world whose pools call money; firms pay dividends, and some fail and are founded anew."""
    spec = changed(small(seed=seed, months=months), numbered(payout=0.3), ("chips", "cloud", "labs", "apps"))
    spec = changed(spec, numbered(**SHORT, story=5e7), ("labs", "apps"))
    return changed(changed(spec, numbered(**CALLING | numbers), ("investors",)), by_gross_profit, ("investors",))


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


# states


def with_states(spec: ScenarioSpec, **numbers: float) -> ScenarioSpec:
    """Let two states rent hours."""
    fund = {"key": 903, "region": "west", "programme": 3e6, "hour_sensitivity": 2.0, **numbers}
    states = {"states": {"fund": fund, "agency": {**fund, "key": 904, "region": "china", "programme": 1e5}}}
    there = load_scenario(on_paths(synthetic(FEW, seed=7, months=1)) | states)
    return replace(spec, groups={**spec.groups, "states": there.groups["states"]})


@pytest.mark.parametrize("programme", [3e6, 3e9])
@pytest.mark.parametrize("seed", [3, 9])
def test_states_rent_hours_and_keep_what_they_cannot_spend(programme, seed):
    spec = with_states(small(FEW, seed=seed), programme=programme)
    later = (
        Event(3, "set", "", "states.fund.programme", 9e6, ""),
        Event(5, "set", "", "states.programme", 0.0, ""),
        Event(6, "set", "", "states.fund.hour_sensitivity", 0.0, ""),
    )
    rows = compare(replace(spec, events=later), 50, seed, 8)
    fund = names(spec).index("fund")
    assert {row[0] for row in rows if row[8] == GOOD["hours"] and fund in (row[3], row[5])} >= set(range(5))


def test_a_poor_world_pays_states_in_part():
    spec = with_states(small(FEW, seed=6), programme=3e9)
    compare(replace(spec, numbers={**spec.numbers, "world_cash": 1e9}), 40, 6, 6)


# owners who ask for returns


@pytest.mark.parametrize("seed", [3, 8])
def test_owners_who_ask_for_returns_stop_and_take_up_their_grants(seed):
    spec = changed(small(FEW, seed=seed), numbered(owner_funds=6e6, opening_cash=2e7, payout=0.3))
    asked = {"owner_hurdle": 0.02, "owner_patience": 2.0, "owner_rivalry": 1.5}
    later = (Event(9, "set", "", "world.owner_hurdle", 0.0, ""),)
    rows = compare(replace(spec, numbers={**spec.numbers, **asked}, events=later), 40, seed, 12)
    paid = [sum(row[8] == GOOD["contribution"] and row[0] == month for row in rows) for month in range(12)]
    usual = compare(spec, 40, seed, 12)
    unasked = [sum(row[8] == GOOD["contribution"] and row[0] == month for row in usual) for month in range(12)]
    assert sum(paid[:9]) < sum(unasked[:9])
    assert paid[10] > 0


# firms that go on under their creditors


def failing_with_contracts(spec: ScenarioSpec, **of_apps: float) -> ScenarioSpec:
    """Labs that sign for hours, and apps, with little cash, which fail within months."""
    signing = {"contracting": ReserveShare(share=0.9)}
    spec = changed(spec, lambda lab: replace(lab, strategies={**lab.strategies, **signing}), ("labs",))
    poor = {"opening_cash": 2e7, "owner_funds": 2e6, "reserved_term": 9.0, "resale": 0.5, "staff": 2e7}
    spec = changed(changed(spec, numbered(**poor), ("labs",)), numbered(most_reserved=0.9), ("cloud",))
    poor = {"owner_funds": 0.0, "staff": 2e7, **of_apps}
    spec = changed(changed(spec, numbered(**poor), ("apps",)), numbered(runway=0.0, fear=0.2), ("investors",))
    asked = {"patience": 1.0, "reorganisation": 1.0, "reorganisation_wait": 2.0, "owner_hurdle": 0.02}
    return replace(spec, numbers={**spec.numbers, **asked})


def taken_over(spec: ScenarioSpec, rows: list[JournalRow]) -> list[tuple[str, int]]:
    """Names of firms of which creditors got shares for what they were owed, with the months."""
    paid_in_shares = {row[2] for row in rows if row[1] == 11 and row[8] == GOOD["shares"]}
    found = {(row[3], row[0]) for row in rows if row[2] in paid_in_shares and row[8] == GOOD["arrears"]}
    return sorted((names(spec)[account], month) for account, month in found)


def test_labs_whose_sales_pay_go_on_under_their_creditors():
    spec = failing_with_contracts(comparison.calling(busy(7)), opening_cash=5e7, list_quota=2.0)
    found = taken_over(spec, compare(spec, 60, 7, 12))
    assert len(found) == 2
    assert {who for who, _ in found} <= {lab.name for lab in spec.groups["labs"]}


def test_apps_go_on_under_their_creditors_more_than_once_if_they_fail_late_enough():
    spec = failing_with_contracts(comparison.calling(busy(9)), opening_cash=1e7, list_quota=0.0)
    found = [who for who, _ in taken_over(spec, compare(spec, 60, 9, 12)) if who.startswith("apps")]
    assert len(found) > len(set(found)) > 1

"""The oracle agrees with the model where enterprises hand work over to models and grant budgets for their tokens."""

from collections import Counter
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Any

import pytest

from tests.oracle import comparison
from tests.oracle import economy as oracle
from tests.oracle.comparison import COLUMNS, busy, calling, changed, first_difference, names, numbered, small
from tests.oracle.economy import elementary
from tests.oracle.economy.books import CASH, GOOD, OPERATING_COST, JournalRow
from tests.oracle.economy.state import Economy
from tests.work.work_worlds import MONTHS, SEGMENTS, working
from watersellers import load_scenario
from watersellers.agents.enterprises.handed_over_work import HandedOverWork
from watersellers.agents.enterprises.own_models import OwnModels
from watersellers.agents.scenario_spec import Event, ScenarioSpec
from watersellers.agents.strategies.adoption import Epidemic, Mansfield, Probit
from watersellers.agents.strategies.selling import RefuseOutsiders
from watersellers.experiments.runs.world import World
from watersellers.market.elementary import exp_of, log_of, normal_deviate, normal_share

HOSTING = numbered(open_weights=1.0, hosts=1.0, host_threshold=0.0)
NO_PATHS_AT_ALL = {"tokens_low": 0.0, "tokens_high": 0.0, "compute_low": 0.0, "compute_high": 0.0}
NO_PATHS = numbered(**NO_PATHS_AT_ALL)
ROUTES = {
    "sells_appliances": 1.0, "appliance_machines": 3.0, "appliance_threshold": 0.0, "appliance_stock": 2.0,
    "business_price": 45.0, "business_use": 90.5, "open_weights": 1.0, "free_tokens": 200.0,
    "opening_cash": 3e8, "opening_capacity": 4_000.0, "opening_wait": 1.2,
}  # fmt: skip
KEEN = {"token_decline": 0.01, "own_use": 0.9, "route_sensitivity": 3.0, "life": 12.0, "seat_worth": 4.0}
State = dict[Any, Any]  # by region, or by region and segment
Months = list[State]  # what the work of regions and segments is in each month


def in_model(world: World) -> State:
    work = world.parts[HandedOverWork]
    state: State = {(row.region, row.segment, "hours"): row.work for row in work.rows}
    for region in work.regions:
        account = region.account
        budgets = work.wanted(region), work.grants.get(account, 0.0), work.purses.get(account, 0.0)
        state[region.name] = (*budgets, world.parts[OwnModels].grants[account])
        for one in work.segments:
            now = work.adoption[account, one.key]
            state[region.name, one.name] = (now.firms, now.depth, work.gains[account, one.key])
    return state


def in_oracle(economy: Economy) -> State:
    state: State = {}
    for region in economy.enterprises:
        state[region.name] = (region.wanted, region.grant, region.purse, region.models_grant)
        for one in economy.segments:
            state[region.name, one.name] = (region.firms[one.name], region.depth[one.name], region.gain[one.name])
            state[region.name, one.name, "hours"] = region.handed[one.name]
    return state


def compare(spec: ScenarioSpec, seed: int, months: int = MONTHS, users: int = 40) -> tuple[list[JournalRow], Months]:
    """Hold both to the same journal, and to the same shares, gains and budgets to the last bit."""
    world, economy = World(spec, rng=seed, months=months, users=users), oracle.begin(spec, users, seed)
    states = []
    for month in range(months):
        world.step()
        oracle.pass_month(economy)
        states.append(in_oracle(economy))
        assert in_model(world) == states[-1], f"month {month}"
    columns = world.economy.ledger.journal()
    model = list(zip(*(getattr(columns, name).tolist() for name in COLUMNS), strict=True))
    if difference := first_difference(model, economy.books.journal, names(spec)):
        pytest.fail(difference)
    return economy.books.journal, states


def tight(spec: ScenarioSpec) -> ScenarioSpec:
    """Leave enterprises nothing but what is granted for work, without a margin."""
    return changed(changed(spec, NO_PATHS, ("enterprises",)), numbered(budget_margin=0.0), ("enterprises",))


def binds(states: Months, region: str) -> bool:
    """Whether in some month a region wants to spend more than it may."""
    return any(0 < before[region][2] < now[region][0] for before, now in pairwise(states))


def tokens_for_work(rows: list[JournalRow], spec: ScenarioSpec) -> Counter[tuple[str, str]]:
    """Dollars that each region's enterprises pay each seller of tokens."""
    accounts, paid = names(spec), Counter[tuple[str, str]]()
    for row in rows:
        if row[4] == OPERATING_COST and row[8] == GOOD["tokens_output"]:
            paid[accounts[row[3]], accounts[row[5]]] += row[11] // 100
    return paid


@pytest.mark.parametrize("seed", [2, 3, 5, 7])
def test_work_beside_other_budgets(seed):
    spec = changed(working(seed, hours=2e9), numbered(compute_low=0.0, compute_high=0.0), ("enterprises",))
    rows, _ = compare(spec, seed)
    incomes = Counter((row[0], row[3]) for row in rows if row[4] == CASH and row[8] == GOOD["income"])
    enterprises = {names(spec).index(f"enterprises_{region.name}") for region in spec.groups["enterprises"]}
    assert {account for (_, account), count in incomes.items() if count == 2} == enterprises  # budget and grant


@pytest.mark.parametrize("seed", [2, 3, 5, 7])
def test_budgets_that_bind(seed):
    _, states = compare(tight(working(seed)), seed)
    assert binds(states, "west")
    assert binds(states, "china")


@pytest.mark.parametrize("seed", [2, 5, 7])
def test_makers_with_several_sellers(seed):
    spec = changed(changed(working(seed), HOSTING), NO_PATHS, ("enterprises",))
    rows, _ = compare(spec, seed)
    clouds = {cloud.name for cloud in spec.groups["cloud"]}
    assert any(seller in clouds for _, seller in tokens_for_work(rows, spec))
    alone, _ = compare(changed(spec, numbered(within_maker=1.0), ("work",)), seed)
    assert alone != rows


@pytest.mark.parametrize("number", range(len(SEGMENTS)))
def test_one_segment_alone(number):
    spec = tight(working(3))
    one = replace(spec.groups["work"][number], numbers={**spec.groups["work"][number].numbers, "share": 1.0})
    rows, states = compare(replace(spec, groups={**spec.groups, "work": (one,)}), 3)
    assert tokens_for_work(rows, spec)
    assert len({state["west", one.name][0] for state in states}) == MONTHS


@pytest.mark.parametrize("seed", [4, 7])
def test_labs_that_refuse_enterprises(seed):
    few = changed(tight(working(seed, hours=2e9)), numbered(opening_hours=20_000.0), ("cloud",))
    refusing = changed(
        few, lambda lab: replace(lab, strategies={**lab.strategies, "selling": RefuseOutsiders()}), ("labs",)
    )
    _, states = compare(refusing, seed)
    gains = [state[region.name, "coding"][2] for state in states for region in few.groups["enterprises"]]
    assert 0.0 in gains  # nobody sells to a region
    assert max(gains) > 0


@pytest.mark.parametrize("seed", [3, 6])
def test_events(seed):
    spec = tight(working(seed, hours=0.0))
    changes = [
        (1, "enterprises.exposed_hours", 2e8),
        (3, "work.coding.review", 0.05),
        (4, "work.office.effort_power", 0.3),
        (5, "work.pass_on", 0.3),
        (6, "enterprises.west.wage", 20.0),
        (7, "work.other.adoption_cost", 0.5),
        (8, "enterprises.budget_margin", 0.5),
        (9, "work.leaving", 0.3),
    ]
    events = [Event(month, "set", "", path, value, "") for month, path, value in changes]
    law = Event(5, "strategy", "", "work.office.adoption", 0.0, "", choice=Probit(innovators=0.1))
    rows, states = compare(replace(spec, events=(*events, law)), seed)
    assert not any(states[0][region.name][0] for region in spec.groups["enterprises"])
    for event in (*events, law):
        kept = tuple(one for one in (*events, law) if one is not event)
        assert oracle.run(replace(spec, events=kept), 40, seed, MONTHS) != rows, event


@pytest.mark.parametrize("paths", [{}, NO_PATHS_AT_ALL])
@pytest.mark.parametrize("seed", [5, 7])
def test_work_pays_for_all_routes(seed, paths):
    """Answers by the call, appliances and seats of staff are bought out of what work is worth, too."""
    spec = working(seed, 2e9, calling(changed(small(seed=seed, months=MONTHS), numbered(**ROUTES)), share=0.2))
    rows, _ = compare(changed(spec, numbered(**KEEN, **paths), ("enterprises",)), seed)
    buyers = {names(spec).index(f"enterprises_{region.name}") for region in spec.groups["enterprises"]}
    bought = {row[8] for row in rows if row[3] in buyers and row[4] == OPERATING_COST and row[11] > 0}
    assert {GOOD[good] for good in ("search_calls", "appliances", "seats_business", "tokens_output")} <= bought


@pytest.mark.parametrize("seed", [3, 5])
def test_people_with_seats_do_some_of_the_work(seed):
    """What people do with seats of the month before is not wanted of models, even if the seats do not come."""
    scarce = changed(busy(seed), numbered(opening_hours=2e5, opening_wait=0.0), ("cloud", "chips"))
    spec = tight(working(seed, 2e9, scarce))
    _, some = compare(spec, seed)
    _, none = compare(changed(spec, numbered(seats_at_work=0.0), ("enterprises",)), seed)
    _, most = compare(changed(spec, numbered(seats_at_work=1.0, seat_hours=700.0), ("enterprises",)), seed)
    assert some[0] == none[0] == most[0]
    months = [tuple(state["west"][0] for state in month) for month in zip(none, some, most, strict=True)]
    assert any(0 < partly < without for without, partly, _ in months)
    assert any(without > 0 == wholly for without, _, wholly in months)


@pytest.mark.parametrize("seed", [3, 7])
def test_other_money_is_for_other_ends(seed):
    """Where money for compute is left over, grants are what they would be without it, but for what the purse left."""
    spec = changed(working(seed), numbered(capital=3.0, budget_margin=0.5), ("enterprises",))
    rows, states = compare(spec, seed)
    left = [state["west"][2] - state["west"][1] for state in states]
    assert any(0 < one < cash for one, cash in zip(left, cash_at_ends(rows, spec), strict=True))


@pytest.mark.parametrize("seed", [5, 7])
@pytest.mark.parametrize("it_budget", [2e7, 1e12])
def test_models_of_their_own(seed, it_budget):
    """Firms pay for hours out of the surplus in sight, or as much as their budgets for information technology let."""
    own = {"own_models": 0.02, "own_models_most": 0.05, "it_budget": it_budget, "capital": 0.4}
    spec = changed(working(seed, 4e8, busy(seed)), numbered(**NO_PATHS_AT_ALL | own), ("enterprises",))
    rows, states = compare(spec, seed)
    most = max(state["west"][3] for state in states)
    assert GOOD["hours"] in {row[8] for row in rows if row[3] == names(spec).index("enterprises_west")}
    assert (most == 0.05 * 2e7) if it_budget == 2e7 else (0.05 * 2e7 < most < 0.05 * it_budget)


def cash_at_ends(rows: list[JournalRow], spec: ScenarioSpec) -> list[float]:
    """Dollars that the west's enterprises have at the end of each month."""
    west = names(spec).index("enterprises_west")
    moved = Counter[int]()
    for row in rows:
        moved[row[0]] += row[11] * (((row[3], row[4]) == (west, CASH)) - ((row[5], row[6]) == (west, CASH)))
    return [dollars / 100 for dollars in accumulate(moved[month] for month in range(MONTHS))]


@pytest.mark.parametrize(
    "law", [Mansfield(innovators=100.0, power=10.0, usual=1e-6), Epidemic(innovators=100.0, imitators=100.0)]
)
def test_hazards_beyond_all_bounds(law):
    spec = changed(working(4), lambda one: replace(one, strategies={"adoption": law}), ("work",))
    _, states = compare(spec, 4, months=6)
    assert len({state["west", "office"][0] for state in states}) > 1


@pytest.mark.parametrize("law", ["plain", "plain_epidemic", "plain_probit"])
def test_the_worlds_in_which_demand_follows_from_work(law):
    spec = load_scenario(law)
    rows, states = compare(spec, 1, months=6, users=24)
    assert tokens_for_work(rows, spec)
    assert states[-1]["west"][0] > 0


@pytest.mark.parametrize("world_cash", [0.0, 1e9])
def test_a_poor_world_grants_what_it_has(world_cash):
    spec = tight(working(5, hours=2e9))
    rows, states = compare(replace(spec, numbers={**spec.numbers, "world_cash": world_cash}), 6, months=12)
    account = names(spec).index("enterprises_west")
    paid = sum(row[11] for row in rows if row[3:5] == (account, CASH) and row[8] == GOOD["income"])
    granted = sum(state["west"][1] for state in states[:-1])
    assert 0 < paid / 100 < granted


def test_a_world_without_segments():
    spec = small(seed=9, months=4)
    comparison.compare(replace(spec, groups={**spec.groups, "work": ()}), 40, 9, 4)


def test_elementary_functions_have_the_same_bits():
    for number in range(-4000, 4001):
        x = number * 0.19
        assert elementary.exp64(x) == exp_of(x), x
        assert elementary.normal_share(x / 50) == normal_share(x / 50), x
        big = elementary.exp64(x)
        assert elementary.log64(big) == log_of(big), x
        share = (number + 4000) / 8000
        assert elementary.normal_deviate(share) == normal_deviate(share), share

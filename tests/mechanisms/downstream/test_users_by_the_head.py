"""Apps that buy users by the head: what a head costs them follows from how marketing reaches people."""

from dataclasses import replace
from datetime import date
from functools import cache
from math import inf, sqrt
from typing import Any

import polars as pl
import pytest

from tests.tools.economy_fingerprints import BLOCKS
from tests.worlds.resumed import resumes
from watersellers import Result, World, run
from watersellers.agents.information import SeenByApp
from watersellers.agents.strategies.monetisation import ByTheHead
from watersellers.agents.users.month import Users
from watersellers.agents.users.reach_of_marketing import ReachOfMarketing, Won
from watersellers.market.chance import Chance
from watersellers.market.trade.demand_schedule import tangent

BLOCK = BLOCKS / "bought_users.toml"
DICE = Chance(1, 0)
HEAD = "apps.kimi.marketing.head"
SEEN = SeenByApp(
    unit_cost=1.0, full_cost=1.0, last_price=5.0, list_price=5.0, elasticity=2.0, demand=tangent(5.0, 1, 2.0),
    capacity=inf, quota=9.0, list_quota=9.0, query_cost=0.1, free_queries=1.0, revenue=0.0, cash=1e9, last_costs=1e6,
    list_marketing=500.0, rivals_marketing=0.0, marketing=1000.0, heads=400.0, heads_answer=0.5, known=5000.0,
    users=2000.0, gross_profit=3000.0,
)  # fmt: skip


def test_it_spends_more_as_long_as_one_more_user_costs_no_more_than_it_is_worth():
    """1,000 dollars win 400 users, and one per cent more wins half a per cent more: one more user costs 5 dollars."""
    assert ByTheHead(head=5.0)(SEEN, DICE) == 1000.0
    assert ByTheHead(head=5.5)(SEEN, DICE) == pytest.approx(1100.0)
    assert ByTheHead(head=4.5)(SEEN, DICE) == pytest.approx(900.0)
    assert ByTheHead(head=50.0, step=0.2)(SEEN, DICE) == 1200.0  # a step up, and not ten times
    assert ByTheHead(head=0.0, step=0.2)(SEEN, DICE) == 800.0


def test_a_user_is_worth_its_gross_profit_of_some_months_besides():
    """3,000 dollars of gross profit on 2,000 users are 1.5 dollars a month."""
    assert ByTheHead(head=2.0, months=2.0)(SEEN, DICE) == 1000.0
    assert ByTheHead(head=2.0, months=2.2)(SEEN, DICE) == pytest.approx(1060.0)
    loss = replace(SEEN, gross_profit=-30_000.0)
    assert ByTheHead(head=4.0, months=2.0)(loss, DICE) == 750.0  # who loses by each user buys fewer


def test_it_begins_with_its_list_budget_and_keeps_a_reserve():
    assert ByTheHead()(replace(SEEN, marketing=0.0), DICE) == 500.0
    assert ByTheHead()(replace(SEEN, known=0.0), DICE) == 500.0
    assert ByTheHead(head=0.0)(replace(SEEN, marketing=0.0), DICE) == 0.0  # who gains nothing by users buys none
    assert ByTheHead(head=5.0, reserve=6.0)(replace(SEEN, cash=6_000_300.0), DICE) == pytest.approx(300.0)
    assert ByTheHead()(replace(SEEN, cash=-1.0), DICE) == 0.0
    assert ByTheHead(head=5.0)(replace(SEEN, heads=0.0, heads_answer=0.0), DICE) == 750.0  # nobody wants it


@pytest.mark.parametrize("start", [3e4, 4e6, 9e7])
@pytest.mark.parametrize("step", [0.1, 0.6])
def test_it_finds_the_budget_at_which_the_last_user_costs_what_it_is_worth(start, step):
    """With A users to win and half of them won for u dollars, the last one costs w at sqrt(A u w) - u."""
    most, unit, worth, rule = 2e6, 2e6, 4.1, ByTheHead(head=4.1, step=step)
    budget = start
    for _ in range(200):
        slack = unit / (budget + unit)
        seen = replace(SEEN, marketing=budget, heads=most * (1 - slack), heads_answer=slack)
        budget = rule(seen, DICE)
    assert budget == pytest.approx(sqrt(most * unit * worth) - unit, rel=1e-6)


def kimi_in(settings: tuple[tuple[str, Any], ...] = (), users: int = 4000) -> list[tuple[float, Won]]:
    """What Kimi spent in each month of the block, and what it won by that."""
    world, months = World(BLOCK, rng=1, users=users, set=dict(settings)), []
    app = next(firm for firm in world.parts.firms["apps"] if firm.name == "kimi")
    while world.running:
        world.step()
        spent = [plan.marketing for plan in world.parts.registers.public.plans if plan.app == app.account]
        if spent:
            months.append((spent[0], world.parts[ReachOfMarketing].won(app.account)))
    return months


@cache
def usual() -> list[tuple[float, Won]]:
    return kimi_in()


def check_that_the_last_user_costs_what_it_is_worth(months: list[tuple[float, Won]]) -> None:
    last = months[-8:]
    marginal = sum(spent for spent, _ in last) / sum(won.heads * won.answer for _, won in last)
    assert marginal == pytest.approx(4.1, rel=0.25)


def test_in_the_block_the_last_user_costs_30_yuan_and_the_mean_one_less():
    check_that_the_last_user_costs_what_it_is_worth(usual())
    last = usual()[-8:]
    assert 1.0 < sum(spent for spent, _ in last) / sum(won.heads for _, won in last) < 4.1


@cache
def media(head: float) -> int:
    """Dollars that Kimi spent on media in the last six months of the block."""
    result: Result = run(BLOCK, seed=1, users=1000, set={HEAD: head})
    paid = result.flows.filter(pl.col("month") >= date(2024, 9, 1), payer="kimi", good="media")
    return int(paid["cents"].sum()) // 100


def test_who_pays_more_for_a_head_spends_more_and_who_pays_nothing_stops():
    assert media(0.0) < 5e6 * sum(0.75**month for month in range(10, 16)) + 1  # a quarter less each month
    assert media(0.0) < media(4.1) < media(16.0)


@pytest.mark.parametrize("contest", [0.0, 0.6])
def test_heads_and_their_answer_are_those_of_the_law_of_hearing(contest):
    """More heads for a per cent more marketing, by the hazards of hearing with and without it."""
    world = World("dollar_paths", rng=3, months=8, users=2000, set={"users.contest": contest, "users.imitators": 0})
    for _ in range(8):
        world.step()
    users, reach = world.parts[Users], world.parts[ReachOfMarketing]
    plans = {users.row_of[plan.app]: plan for plan in users.public.plans}
    row, plan = next((row, plan) for row, plan in plans.items() if plan.marketing > 0 and plan.regions == ("china",))
    number = [member.name for member in users.members].index("china")
    share = float(users.hazards(plans, number)[row]) - plan.captive
    louder = {**plans, row: replace(plan, marketing=plan.marketing * 1.001)}
    more = float(users.hazards(louder, number)[row]) - plan.captive
    won = reach.won(plan.app)
    people = int(users.people.weight[users.people.spans[number]].sum())
    assert won.heads == pytest.approx((people - won.known) * share * won.users / won.known, rel=1e-4)
    assert won.answer == pytest.approx((more / share - 1) / 0.001, rel=2e-2)


@pytest.mark.parametrize("stop", [12, 20])
def test_a_world_that_is_saved_ends_as_if_it_had_never_stopped(stop, tmp_path):
    assert resumes(BLOCK, stop, 24, tmp_path)


def test_who_takes_it_up_by_an_event_goes_on_from_what_it_spends():
    event = {"month": "2024-03", "what": "strategy", "path": "apps.doubao.marketing", "choice": "by_the_head"}
    world = World({"extends": "dollar_paths", "months": 17, "event": [event]}, rng=1, users=1000)
    doubao, spent = next(firm for firm in world.parts.firms["apps"] if firm.name == "doubao"), []
    while world.running:
        world.step()
        spent.append(doubao.marketing)
    assert spent[13] == doubao.traits.list_marketing
    assert spent[14] != spent[13]
    assert 0.75 * spent[13] - 1e-6 <= spent[14] <= 1.25 * spent[13] + 1e-6


def pay_as_much_for_the_mean_user(strategy: ByTheHead, seen: SeenByApp) -> float:
    """Spend until the mean user, and not the last one, costs what it is worth."""
    if seen.marketing <= 0 or seen.known <= 0:
        return seen.list_marketing
    return seen.marketing * min(1.25, max(0.75, strategy.head * seen.heads / seen.marketing))


def count_all_who_use_it(reach: ReachOfMarketing, app: int) -> Won:
    """Take everybody who uses an app for won by its marketing."""
    row = reach.users.row_of[app]
    people = float(reach.users.totals.people[row].sum())
    return Won(people, 0.5, people, people)


@pytest.mark.parametrize(
    ("kind", "name", "broken"),
    [(ByTheHead, "_budget", pay_as_much_for_the_mean_user), (ReachOfMarketing, "won", count_all_who_use_it)],
)
def test_the_check_of_what_the_last_user_costs_bites(kind, name, broken, monkeypatch):
    won = ReachOfMarketing.won
    with monkeypatch.context() as patch:
        patch.setattr(kind, name, broken)
        world = World(BLOCK, rng=1, users=2000)
        app, months = next(firm for firm in world.parts.firms["apps"] if firm.name == "kimi"), []
        while world.running:
            world.step()
            spent = [plan.marketing for plan in world.parts.registers.public.plans if plan.app == app.account]
            if spent:
                months.append((spent[0], won(world.parts[ReachOfMarketing], app.account)))
    with pytest.raises(AssertionError):
        check_that_the_last_user_costs_what_it_is_worth(months)

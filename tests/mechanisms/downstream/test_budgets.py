"""Incomes and budgets: what a person pays for apps, who keeps a budget, and what a region gets from outside."""

from math import fsum
from typing import Any

import numpy as np
import pytest

from tests.worlds.drawn_users import column, drawn
from watersellers import World, run
from watersellers.agents.users.budgets import RegionBudgets
from watersellers.agents.users.kernel.contract import FURTHER, NO_APP, PAID
from watersellers.agents.users.kernel.with_numpy import live
from watersellers.agents.users.month import Users

KEPT = {"users.budgeted": 1.0}
WEALTH = (5000.0, 1400.0, 400.0, 100.0)  # dollars a month, from many people who can pay to few


def spent(rows, terms):
    """Dollars of each user's paid seats, subtracted one after the other as the budget is."""
    seats = np.column_stack([np.where(rows.app == NO_APP, NO_APP, 2 * rows.app + rows.tier), rows.further])
    paid = (seats != NO_APP) & (seats % 2 == PAID)
    return np.where(paid, terms.dollars[np.where(paid, seats // 2, 0)], 0)


@pytest.mark.parametrize("seed", range(8))
def test_nobody_pays_more_than_its_budget(seed):
    rows, terms = drawn(3_000, 20, seed=seed, several=0.8, budgets=True)
    live(rows, terms)
    left = rows.budget[:, 0].copy()
    for price in spent(rows, terms).T:
        assert (price <= left).all()
        left -= price
    paying = spent(rows, terms) > 0
    assert not paying[rows.budget[:, 0] == 0].any()
    assert (paying[rows.budget[:, 0] == 12].sum(axis=1) == 1).any()
    assert (paying[rows.budget[:, 0] == np.inf].sum(axis=1) == 1 + FURTHER).any()


def test_budgets_without_limit_are_none():
    rows, terms = drawn(2_000, 20, several=0.8)
    others = rows._replace(**{name: getattr(rows, name).copy() for name in ("app", "tier", "known", "further")})
    others = others._replace(budget=column(np.full((2_000, 1), np.inf)))
    assert (live(rows, terms) == live(others, terms)).all()
    assert (rows.further == others.further).all()


@pytest.fixture(scope="module")
def world():
    settings = {**KEPT, "users.income_worth": 0.6, "users.income_spread": 0.7, "users.income_median": 1500.0}
    return World("dollar_paths", rng=1, users=60_000, set=settings)


def test_incomes_are_lognormal_and_go_with_willingness_to_pay(world):
    users = world.parts[Users]
    budgets: RegionBudgets = users.budgets[0]
    rows = users.people.spans[0]
    weight, worth, income = users.people.weight[rows], users.people.worth[rows], budgets.incomes()
    income, worth = np.log(income.astype(float)), np.log(worth.astype(float))

    def mean(values):
        return np.average(values, weights=weight)

    spread = np.sqrt(mean((income - mean(income)) ** 2))
    tie = mean((income - mean(income)) * (worth - mean(worth))) / spread / np.sqrt(mean((worth - mean(worth)) ** 2))
    # the rows are some 15,000 for nine tenths of the people: three standard errors of a mean are below 0.02
    assert mean(income) == pytest.approx(np.log(1500), abs=0.03)
    assert spread == pytest.approx(0.7, abs=0.03)
    assert tie == pytest.approx(0.6, abs=0.03)


def test_a_region_gets_the_budgets_of_its_people(world):
    users = world.parts[Users]
    share = users.traits[0].budget_share
    weight = users.people.weight[users.people.spans[0]]
    each = np.float32(share) * users.budgets[0].incomes()
    assert users.budgets[0].income(0) == fsum((weight * each.astype(float)).tolist())
    usual = World("dollar_paths", rng=1, users=100).parts[Users]
    assert usual.budgets[0].income(0) == usual.traits[0].income * usual.traits[0].people
    assert usual.budgets[0].limits(0).shape[1] == 0


def test_off_is_off():
    brief: dict[str, Any] = {"months": 6, "users": 300}
    unlike = {"users.income_median": 1.0, "users.income_spread": 2.0, "users.budget_share": 0.5}
    assert (
        run("dollar_paths", **brief, set=unlike).manifest["digest"] == run("dollar_paths", **brief).manifest["digest"]
    )


def test_less_income_means_fewer_paid_seats():
    settings = {**KEPT, "apps.opening_known": 0.8}
    worlds = [run("dollar_paths", months=8, users=4_000, set={**settings, "users.income_median": m}) for m in WEALTH]
    paid = [int(each.users["paid"].sum()) for each in worlds]
    assert paid == sorted(set(paid), reverse=True), paid
    assert paid[-1] < paid[0] / 2


def test_people_without_income_have_no_paid_seats():
    poor = run("dollar_paths", months=6, users=500, set={**KEPT, "users.income_median": 0.0, "apps.opening_known": 0.8})
    assert poor.users["paid"].sum() == 0
    assert poor.users["free"].sum() > 0
    assert poor.flows.filter(good="income", payee_layer="users").is_empty()
    assert poor.journal.filter(good="seats").is_empty()


def test_a_fall_of_incomes_takes_seats_away():
    settings = {**KEPT, "apps.opening_known": 0.8, "users.income_median": 5000.0}
    world = World("dollar_paths", rng=1, months=8, users=1_000, set=settings)
    world.run_for(6)
    assert world.result().users.tail(2)["paid"].sum() > 0
    world.set("users.income_median", 1.0)
    world.run_model()
    assert world.result().users.tail(2)["paid"].sum() == 0

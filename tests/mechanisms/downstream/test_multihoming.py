"""Users of several apps at once: second choices, the split of queries, seats in both, and churn."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.mechanisms.downstream.alike_users import terms, users_alike
from watersellers import World, run
from watersellers.agents.users.choice_totals import ChoiceTotals
from watersellers.agents.users.kernel.contract import FREE, NO_APP, PAID
from watersellers.agents.users.kernel.with_numpy import choose, count
from watersellers.agents.users.month import Users
from watersellers.market.audit.invariants import InvariantBroken

BRIEF: dict[str, Any] = {"months": 6, "users": 300}
SEVERAL = {"users.multihoming": 0.6, "apps.opening_known": 0.8}


def test_the_second_choice_is_a_logit_over_what_is_left():
    n, base = 40_000, [1.0, 0.5, 0.0]
    people = users_alike(n, 3)
    choose(people, terms(base, ready=(2, 0)))
    second = people.further[:, 0] // 2
    weight = np.exp(base)
    for first in range(3):
        left = [one for one in range(3) if one != first]
        mine = second[people.app == first]
        for one in left:
            due = weight[one] / (weight[left].sum() + 1)  # using none weighs e^0
            assert abs((mine == one).mean() - due) < 4 * (due * (1 - due) / len(mine)) ** 0.5  # binomial
        assert not (mine == first).any()
    assert (second[people.app == NO_APP] < 0).all()


def test_the_main_app_is_chosen_as_if_there_were_no_second():
    n = 500
    alone, both = users_alike(n, 3), users_alike(n, 3)
    choose(alone, terms([1.0, 0.5, 0.0]))
    choose(both, terms([1.0, 0.5, 0.0], ready=(2, 2)))
    assert alone.app.tolist() == both.app.tolist()
    assert (alone.further == NO_APP).all()
    assert (both.further[:, 1] != NO_APP).any()


def test_queries_are_split_and_none_is_asked_twice():
    people = users_alike(4, 2)
    people.app[:], people.tier[:] = [0, 0, 1, NO_APP], [FREE, PAID, PAID, FREE]
    people.further[:, 0] = [2 * 1 + PAID, NO_APP, 2 * 0 + FREE, NO_APP]
    found = ChoiceTotals.of(count(people, terms([0.0, 0.0], quota=(5, 50)))[:, np.newaxis])
    # the first asks 7 of its main app, of which the quota lets 5 pass, and 3 of the other, where it pays
    assert found.queries_free.tolist() == [[3 * (5 + 3)], [0]]
    assert found.queries_paid.tolist() == [[3 * 10], [3 * (3 + 7)]]
    assert (found.free.tolist(), found.paid.tolist()) == ([[6], [0]], [[3], [6]])
    assert found.further.tolist() == [[3], [3]]


@pytest.fixture(scope="module")
def usual():
    return run("dollar_paths", **BRIEF)


@pytest.fixture(scope="module")
def several():
    return run("dollar_paths", **BRIEF, set={**SEVERAL, "users.price_weight": 0.3})  # cheap enough to pay twice


def test_off_is_off(usual):
    assert run("dollar_paths", **BRIEF, set={"users.part": 0.1}).manifest["digest"] == usual.manifest["digest"]
    assert usual.users["several"].sum() == 0


def test_apps_have_more_users_than_people_use_apps(usual, several):
    for result, more in ((usual, False), (several, True)):
        by_month = result.apps.group_by("month").agg(pl.col("users").sum()).sort("month")["users"]
        people = result.users.group_by("month").agg((pl.col("free") + pl.col("paid")).sum()).sort("month")["free"]
        assert (by_month >= people).all()
        assert (by_month > people).any() == more
    assert (several.users["several"] <= several.users["free"] + several.users["paid"]).all()


def test_some_pay_in_both_and_what_they_spend_is_what_the_books_say(several):
    paying = several.users.group_by("month").agg(pl.col("paid").sum()).sort("month")
    seats = several.apps.filter(tier="paid").group_by("month").agg(pl.col("users").sum()).sort("month")["users"]
    assert (seats > paying["paid"]).any()
    for region in ("west", "china"):
        spent = several.users.filter(region=region).sort("month")["spent"].to_list()
        assert spent == several.income(f"users_{region}")["consumption"].to_list()


def test_habit_keeps_people_with_their_app():
    left = {}
    for habit in (0.0, 2.0, 4.0):
        rows = run("dollar_paths", **BRIEF, set={**SEVERAL, "users.habit": habit}).users
        left[habit] = int(rows["left"].sum()) / int((rows["free"] + rows["paid"]).sum())
    assert left[0.0] > left[2.0] > left[4.0]


@pytest.mark.parametrize("wrong", ["the same app", "no main app"])
def test_an_app_that_somebody_has_twice_breaks_the_count(wrong, monkeypatch):
    world = World("dollar_paths", rng=1, users=200, set=SEVERAL)
    people, chosen = world.parts[Users].people, type(world.parts[Users]).count

    def doubled(users, *given):
        found = chosen(users, *given)
        row = int(np.flatnonzero((people.app == NO_APP) if wrong == "no main app" else (people.app >= 0))[0])
        people.further[row, 0] = 2 * max(int(people.app[row]), 0)
        return found

    world.step()
    monkeypatch.setattr(type(world.parts[Users]), "count", doubled)
    with pytest.raises(InvariantBroken, match="I7"):
        world.step()


def test_a_user_shows_its_other_apps():
    world = World("dollar_paths", rng=1, users=200, set=SEVERAL)
    for _ in range(6):
        world.step()
    found = [user for user in world.users if user.further]
    assert found
    assert all(user.app not in user.further and set(user.further) <= set(user.known) for user in found)

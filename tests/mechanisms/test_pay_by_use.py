"""Users who pay by use: they ask as long as a query is worth its price, and pay for what is answered (9.71)."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.worlds.drawn_users import asked_by_use, drawn
from watersellers import run
from watersellers.agents.decision_checks import BadAnswer
from watersellers.agents.strategies.pricing import ByToken
from watersellers.agents.users.kernel.contract import PAID
from watersellers.agents.users.kernel.with_numpy import count

BRIEF: dict[str, Any] = {"months": 6, "users": 2_000}


def bought(result, good):
    rows = result.flows.filter(pl.col("good") == good, pl.col("payer").str.starts_with("users_"), pl.col("cents") > 0)
    return rows.select("month", "payee", "quantity", "price", "cents")


def paying(users, price):
    """Users of one app, all of whom pay for it, at a price for a query; and what each of them asks."""
    rows, terms = drawn(users, 2, by_use=True)
    alone = np.zeros(users, dtype=np.int16)
    rows = rows._replace(app=alone, tier=np.full(users, PAID, dtype=np.int8), further=np.full_like(rows.further, -1))
    with np.errstate(divide="ignore"):
        rate = np.log(np.array([price / 0.3, 0.0])).astype(np.float32)
    return rows, terms._replace(query_price=np.array([price, 0], dtype=np.float32), log_rate=rate)


def test_an_interior_user_spends_the_same_whatever_a_query_costs_and_nobody_asks_more_than_it_needs():
    rows, _ = paying(500, 0.0)
    spent = []
    for price in (0.0, 0.01, 0.1, 1.0):
        per_user = []
        for row in range(len(rows.key)):
            one, terms = paying(500, price)
            one = one.between(row, row + 1)._replace(weight=np.ones(1, dtype=np.int64))
            per_user.append(int(count(one, terms)[0, 3]))
        queries = np.array(per_user)
        assert (queries <= rows.use).all()
        wanted = 0.3 * rows.worth.astype(np.float64) / max(price, 1e-9)  # at which the last is worth its price
        assert (np.abs(queries - np.minimum(rows.use, wanted)) <= 1 + 1e-5 * queries).all()
        spent.append(queries.sum())
    assert spent == sorted(spent, reverse=True)
    assert spent[0] == rows.use.sum() > spent[-1] > 0


def test_what_is_answered_is_paid_at_the_price_of_a_query_and_seats_cost_nothing():
    result = run("plain", set={"apps.pricing": {"use": "by_query", "price": 0.02}}, **BRIEF)
    later = pl.col("month") > result.layers["month"].min()
    queries, seats = bought(result, "queries_paid").filter(later), bought(result, "seats").filter(later)
    assert len(queries) > 20
    assert len(seats) == 0
    assert set(queries["price"].to_list()) == {0.02}
    assert all(cents == round(n * 2) for n, cents in queries.select("quantity", "cents").iter_rows())
    apps = result.firms.filter(pl.col("layer") == "apps").select("month", "firm", "revenue")
    by_firm = queries.group_by("month", payee="payee").agg(pl.col("cents").sum())
    joined = by_firm.join(apps, left_on=["month", "payee"], right_on=["month", "firm"])
    assert len(joined) == len(by_firm)
    assert (joined["revenue"] >= joined["cents"]).all()


def test_by_token_a_query_costs_its_tokens_and_the_mark_up():
    costs = []

    def watched(seen, chance):
        costs.append(seen.token_cost)
        return ByToken(markup=1.0)(seen, chance)

    result = run("plain", strategies={"chatgpt.pricing": watched}, **BRIEF)
    prices = bought(result, "queries_paid").filter(payee="chatgpt").unique("month").sort("month")["price"].to_list()
    assert len(prices) == len(costs) == BRIEF["months"] - 1  # in the first month it asks its list price
    assert prices == pytest.approx([2 * cost for cost in costs], abs=1e-9)
    assert len(set(costs)) > 1


def test_a_price_for_a_query_lets_those_who_ask_much_ask_less():
    flat, by_use = (run("plain", set=given, **BRIEF) for given in ({}, {"apps.pricing": "by_query"}))

    def asked_by_payers(result):
        rows = result.apps.filter(pl.col("month") == pl.col("month").max(), pl.col("tier") == "paid")
        return int(rows["queries"].sum()) / int(rows["users"].sum())

    assert asked_by_payers(by_use) < asked_by_payers(flat)


@pytest.mark.parametrize(
    "answer", [(0.0, 0.0), (5.0, -1.0), (-1.0, 0.1), (1.0,), (1.0, 2.0, 3.0), (0.0, float("nan")), (1e6, 0.1)]
)
def test_a_pair_that_is_no_tariff_stops_the_run(answer):
    with pytest.raises(BadAnswer, match=r"chatgpt\.pricing .* answered .* expected a seat's price of 0 to 100000 USD"):
        run("plain", months=2, users=50, strategies={"chatgpt.pricing": lambda seen, chance: answer})


def test_a_rule_of_ones_own_may_ask_for_a_seat_and_for_queries():
    own = run("plain", strategies={"chatgpt.pricing": lambda seen, chance: (5.0, 0.5 * seen.query_cost)}, **BRIEF)
    last = own.layers["month"].max()
    seats, queries = (bought(own, good).filter(month=last, payee="chatgpt") for good in ("seats", "queries_paid"))
    assert seats["price"].to_list() == [5.0] * len(seats) != []
    assert (queries["price"] > 0).all()
    assert len(queries)


def test_terms_without_a_price_for_queries_are_those_of_a_flat_price():
    rows, terms = drawn(300, 4)
    _, metered = drawn(300, 4, by_use=True)
    free = asked_by_use(terms, 1)
    assert (free.query_price > 0).any()
    assert (metered.base == terms.base).all()
    assert not rows.log_worth.size

"""Incomes from the rest of the world: in full, or in parts that are told of, since they make customers poor."""

from typing import Any

import polars as pl

from watersellers import load_scenario, run
from watersellers.experiments.analysis.ten_years.sanity import sanity

DUE = 250_000_000_000.0  # dollars: some months of all incomes of the plain world
FEW: dict[str, Any] = {"months": 6, "users": 100}


def received(result) -> list[int]:
    """Cents of income that users receive, month by month."""
    incomes = result.flows.filter(good="income", payee_layer="users")
    return incomes.group_by("month").agg(pl.col("cents").sum()).sort("month")["cents"].to_list()


def test_a_world_without_money_pays_less_and_tells_once():
    rich, poor = run("plain", **FEW), run("plain", **FEW, set={"world.world_cash": DUE})
    told = poor.events.filter(what="short_of_incomes")
    assert rich.events.filter(what="short_of_incomes").is_empty()
    assert len(told) == 1
    assert told["who"].to_list() == ["world"]
    months = poor.layers["month"].unique().sort().to_list()
    first = months.index(told["month"][0])
    assert 0 < first < 5
    full, short = received(rich), received(poor)
    assert short[:first] == full[:first]
    assert all(less < usual for less, usual in zip(short[first:], full[first:], strict=True))


def test_ten_years_in_which_the_world_runs_out_of_money_are_not_sane():
    claim = "the rest of the world pays every income"
    poor = run("plain", months=72, users=20, set={"world.world_cash": DUE})
    assert not sanity(poor)[claim]


def test_the_world_has_money_for_ten_years_of_all_incomes_of_the_fullest_world():
    spec = load_scenario("baseline")
    year = run("baseline", months=12, users=200)
    paid = year.flows.filter(good="income", payer="world")["cents"].sum() / 100
    assert 20 * paid < spec.numbers["world_cash"]

"""Measures of the tables of markets, of work handed over and of the chain: the figures of these tables."""

from functools import cache

import polars as pl
import pytest

from watersellers import Result, run
from watersellers.experiments.sweeps.measures import measure_run
from watersellers.experiments.sweeps.table_measures import FLOWS, MARKET_COLUMNS, OF_WORK, SOLD_BY


@cache
def result(name: str = "plain") -> Result:
    return run(name, seed=1, months=13, users=40)


def value(name: str, of: Result) -> float | None:
    return measure_run(of, [name], "r")["value"].item()


@pytest.mark.parametrize("name", FLOWS)
def test_a_flow_of_the_chain_is_added_up_over_a_year(name):
    year = result().chain.filter(pl.col("month").dt.year() == 2023)
    assert value(f"2023.{name}", result()) == year[name].sum()
    assert measure_run(result(), [name], "r")["value"].to_list() == result().chain[name].to_list()


def test_what_stands_in_machines_and_how_far_models_reach_is_that_of_the_years_end():
    end = pl.col("month").dt.strftime("%Y-%m") == "2023-12"
    assert value("2023.unearned_profit", result()) == result().chain.filter(end)["unearned_profit"].item()
    work = result().adoption.filter(end)
    assert value("2023.horizon", result()) == work["horizon"].max()
    assert value("2023.adoption", result()) == work["firms"].mean()
    tokens = work.select(pl.col("work").dot("tokens_per_hour") / pl.col("work").sum()).item()
    assert value("2023.tokens_per_hour", result()) == pytest.approx(tokens, rel=1e-12)
    year = result().adoption.filter(pl.col("month").dt.year() == 2023)
    assert value("2023.work", result()) == pytest.approx(year["work"].sum(), rel=1e-12)


@pytest.mark.parametrize("name", OF_WORK)
def test_a_world_without_segments_has_no_figure_of_work(name):
    plain = result("dollar_paths")
    assert value(f"2023.{name}", plain) is None
    assert measure_run(plain, [name], "r")["value"].to_list() == [None] * 13


@pytest.mark.parametrize("column", MARKET_COLUMNS)
def test_a_column_of_a_market_is_measured_under_the_layer_that_sells_the_good(column):
    rows = measure_run(result(), [f"markets.west.{column}"], "r")
    for good, layer in SOLD_BY.items():
        expected = result().markets.filter(good=good, region="west")[column].cast(pl.Float64).to_list()
        assert rows.filter(layer=layer)["value"].to_list() == expected

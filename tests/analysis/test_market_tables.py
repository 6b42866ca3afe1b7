"""Tables of markets and of work handed over: what other tables say of the same months, and what is null when."""

from dataclasses import replace

import polars as pl
import pytest

from watersellers import Result, World, run
from watersellers.agents.enterprises.handed_over_work import HandedOverWork
from watersellers.agents.public_information import Card
from watersellers.agents.records.market_rows import GPT_4, Sale, _mean_price, price_at_quality, price_of_best
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.market.goods import GOODS, NANO, TOKENS, Good

LAYER = {"accelerators": "chips", "machine_hours": "cloud"}
SOLD = {
    "tokens": tuple(GOODS[good].name for good in TOKENS),
    "seats": (GOODS[Good.SEATS].name, GOODS[Good.SEATS_BUSINESS].name),
}


@pytest.fixture(scope="module")
def result() -> Result:
    return run("dollar_paths", seed=4, months=18, users=60)


def by_region(result: Result, good: str) -> pl.DataFrame:
    return result.markets.filter(good=good).sort("month", "region")


@pytest.mark.parametrize("good", LAYER)
def test_units_capacity_and_price_are_those_of_the_firms(result, good):
    table, price = by_region(result, good), pl.col("price")
    firms = (
        result.firms.filter(layer=LAYER[good])
        .group_by("month", "region")
        .agg(
            pl.col("quantity", "capacity").sum(),
            price=(price * pl.col("quantity")).sum() / pl.col("quantity").sum(),
        )
    )
    firms = firms.sort("month", "region")
    assert table["delivered"].to_list() == firms["quantity"].to_list()
    assert table["capacity"].to_list() == firms["capacity"].to_list()
    assert table["price"].to_list() == pytest.approx(firms["price"].to_list(), rel=1e-9)
    assert (table["delivered"] <= table["capacity"]).all()
    assert table["used_share"].to_list() == (table["delivered"] / table["capacity"]).to_list()


@pytest.mark.parametrize("good", SOLD)
def test_units_are_those_of_the_journal(result, good):
    regions = {row.name: row.region for row in result.books.accounts.rows}
    invoiced = result.journal.filter(pl.col("good").is_in(SOLD[good]), pl.col("credit_item") == "revenue")
    named = invoiced.with_columns(region=pl.col("credit_account").replace_strict(regions))
    sums = named.group_by("month", "region").agg(pl.col("quantity").sum())
    table = by_region(result, good).join(sums, on=["month", "region"], how="left", maintain_order="left")
    assert table["delivered"].to_list() == table["quantity"].fill_null(0).to_list()
    assert (table["asked"] >= table["delivered"]).all()


def test_backlog_grows_by_orders_and_shrinks_by_deliveries(result):
    table = by_region(result, "accelerators").filter(region="west").sort("month")
    grown = table["backlog"].diff().drop_nulls()
    assert grown.to_list() == (table["asked"] - table["delivered"])[1:].to_list()
    assert table["wait"].to_list() == (table["backlog"] / table["capacity"]).to_list()


def card(price: float, quality: float = 0.8) -> Card:
    return Card(0, "west", "one", quality, price, (0.1, 0.3, 1.0), 0.0)


def test_price_at_constant_quality_is_the_cheapest_of_models_that_are_as_good_and_that_anybody_may_buy():
    cards = [card(30.0), card(20.0, GPT_4), card(5.0, GPT_4 - 0.01)]
    cards += [replace(card(4.0), refuses=True), replace(card(3.0), region="china")]
    assert price_at_quality(cards, "west", GPT_4) == 20.0
    assert price_at_quality(cards[2:4], "west", GPT_4) is None


def test_the_frontier_price_is_that_of_the_best_model_that_anybody_may_buy_where_it_is_cheapest():
    cards = [card(30.0, 2.0), card(24.0, 2.0), card(5.0, 1.9)]
    cards += [replace(card(90.0, 3.0), refuses=True), replace(card(80.0, 3.0), region="china")]
    assert price_of_best(cards, "west") == 24.0
    assert price_of_best(cards[3:4], "west") is None


def test_the_constant_quality_is_that_at_which_horizons_start():
    start = builtin_catalogue().parameters.by_name["work.start_quality"].value
    assert start == GPT_4


def test_price_is_weighted_by_deliveries_or_else_by_capacity_or_else_by_nothing():
    dear, cheap = Sale("west", 30 * NANO, 1, 1, 1, 1), Sale("west", 10 * NANO, 3, 3, 3, 1, hours=2)
    assert _mean_price([dear, cheap]) == 15.0
    assert _mean_price([dear, cheap], per_hour=True) == 60 / 7
    assert _mean_price([replace(dear, weight=0, capacity=3), replace(cheap, weight=0)]) == 25.0
    assert _mean_price([replace(sale, weight=0, capacity=0) for sale in (dear, cheap)]) == 20.0
    assert _mean_price([]) is None


def test_a_world_without_segments_has_a_table_of_adoption_without_rows(result):
    assert result.adoption.is_empty()
    assert result.adoption.schema == run("plain", months=1, users=40).adoption.schema
    assert result.chain["kept_by_enterprises"].to_list() == [0] * 18


def test_work_handed_over_is_told_by_region_and_segment_and_what_enterprises_keep_adds_up():
    world = World("plain", rng=1, months=6, users=40)
    kept = []
    while world.running:
        world.step()
        kept.append(round(100 * sum(row.surplus for row in world._parts[HandedOverWork].rows)))
    result = world.result()
    assert result.chain["kept_by_enterprises"].to_list() == kept
    assert result.chain["value_created"].to_list() == (result.chain["consolidated_profit"] + pl.Series(kept)).to_list()
    assert len(result.adoption) == 6 * result.adoption.select("region", "segment").n_unique()
    assert result.adoption.select(pl.col("firms", "depth").is_between(0, 1)).to_numpy().all()

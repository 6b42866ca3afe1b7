"""Segments of clouds: what the group sells to itself stands apart, and the parts are the whole to the cent."""

from datetime import date

import polars as pl
import pytest

from tests.worlds.two_months import ACCOUNTS, CLOUD, DECEMBER, LAB, USERS, WORLD, Chain
from watersellers import run
from watersellers.market.accounting.journal_tables import Books
from watersellers.market.accounting.ledger import opening
from watersellers.market.accounting.segments import GROUP, IDLE, OWN_USE, segments_frame
from watersellers.market.chart_of_accounts import Item
from watersellers.market.goods import Good

MONEY = ("revenue", "operating_profit")


@pytest.fixture(scope="module")
def lived():
    return run("plain", months=4, users=60)


def test_the_segments_of_a_cloud_add_up_to_its_statements(lived):
    parts = lived.segments.group_by("month", "firm").agg(pl.col(*MONEY).sum())
    clouds = lived.firms.filter(layer="cloud").select("month", "firm", *MONEY)
    both = clouds.join(parts, on=["month", "firm"], how="left", suffix="_of_segments")
    for name in MONEY:
        assert both[name].to_list() == both[f"{name}_of_segments"].fill_null(0).to_list()
    assert int(parts["revenue"].sum()) > 0


def test_what_the_group_sells_to_itself_is_what_its_owner_and_its_firms_bought(lived):
    google = lived.segments.filter(firm="google_cloud").group_by("segment").agg(pl.col("revenue", "hours").sum())
    sold = {segment: (cents, hours) for segment, cents, hours in google.iter_rows()}
    bills = lived.journal.filter(
        (pl.col("credit_account") == "google_cloud") & pl.col("credit_item").eq("revenue") & (pl.col("cents") > 0)
    )

    def bought_by(name):
        mine = bills.filter(pl.col("debit_account") == name)
        return int(mine["cents"].sum()), int(mine["quantity"].sum())

    assert sold[OWN_USE] == bought_by("older_businesses")
    assert sold[GROUP] == bought_by("google_deepmind")
    assert sold[OWN_USE][1] > 0


def test_an_hour_costs_the_same_whoever_buys_it(lived):
    azure = lived.segments.filter(firm="azure", month=lived.segments["month"].max()).filter(pl.col("hours") > 0)
    costs = (azure["cost"] / azure["hours"]).to_list()
    assert len(costs) > 2
    assert max(costs) - min(costs) < 0.01  # cents; the last cent goes to one of them
    costs = ("cost_of_sales", "operating_cost", "depreciation", "impairment")
    statement = lived.firms.filter(firm="azure", month=lived.firms["month"].max())
    assert azure["cost"].sum() == statement.select(pl.sum_horizontal(costs)).item()


def test_three_months_by_hand():
    """400 hours to its own lab and 600 to users for 2,000 dollars of costs, then costs alone, then nothing."""
    chain = Chain()
    for account in (CLOUD, LAB, USERS):
        opening(chain.ledger, account, Item.CASH, 100_000_00)
    chain.ledger.clock.turn(0, 8)
    chain.sell(LAB, Item.COST_OF_SALES, CLOUD, Good.HOURS, (400, 4.0))
    chain.sell(USERS, Item.CONSUMPTION, CLOUD, Good.HOURS_RESERVED, (600, 3.0))
    chain.sell(CLOUD, Item.COST_OF_SALES, WORLD, Good.POWER, (1_000, 2.0))
    chain.ledger.close_month()
    chain.ledger.clock.turn(1, 8)
    chain.sell(CLOUD, Item.OPERATING_COST, WORLD, Good.WAGES, (1, 500.0))
    chain.ledger.close_month()
    chain.ledger.clock.turn(2, 8)
    chain.ledger.close_month()
    found = segments_frame(Books(ACCOUNTS, chain.ledger.journal(), DECEMBER, 3))
    assert found.drop("firm").rows() == [
        (date(2023, 12, 1), GROUP, 400, 1_600_00, 800_00, 800_00),
        (date(2023, 12, 1), "users", 600, 1_800_00, 1_200_00, 600_00),
        (date(2024, 1, 1), IDLE, 0, 0, 500_00, -500_00),
    ]
    assert found["firm"].unique().to_list() == ["aws"]

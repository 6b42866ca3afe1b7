"""Book life is a policy: it moves profit and not a cent of cash as long as machines serve equally long."""

import polars as pl
import pytest

from watersellers import run

CASH = ["revenue", "cost_of_sales", "operating_cost", "cash", "operating_cash_flow"]


def in_the_books(months: int):
    """The reference world with machines that serve seven years and are in the books for fewer."""
    return run("dollar_paths", months=30, users=100, set={"cloud.book_life": months, "cloud.service_life": 84})


@pytest.fixture(scope="module")
def short():
    return in_the_books(48)


def test_a_longer_book_life_shows_more_profit_in_a_boom_and_no_other_cash(short):
    long = in_the_books(72)
    same = pl.col("layer").is_in(["chips", "cloud", "labs", "apps"])
    assert (
        short.layers.filter(same)
        .select("month", "layer", *CASH)
        .equals(long.layers.filter(same).select("month", "layer", *CASH))
    )
    year = [
        result.layers.filter(pl.col("layer") == "cloud", pl.col("month").dt.year() == 2024) for result in (short, long)
    ]
    profit = [int(rows["operating_profit"].sum()) for rows in year]
    assert profit[1] > 1.05 * profit[0]


def test_a_machine_that_is_written_off_goes_on_earning():
    books = {"cloud.book_life": 24, "cloud.opening_age": 20}
    worn, kept = (
        run("dollar_paths", months=14, users=100, set=books | {"cloud.service_life": life}) for life in (0, 60)
    )
    hours = [result.firms.filter(firm="meta_infra").sort("month")["capacity"].to_list() for result in (worn, kept)]
    assert hours[0][10] < hours[1][10]  # in the eleventh month half of the opening machines are out of the books
    worth = kept.balances.filter(account="meta_infra", item="fleet").sort("month")["cents"]
    assert (worth >= 0).all()


def test_a_service_life_that_is_shorter_than_the_book_life_is_the_book_life():
    usual, shorter = (run("dollar_paths", months=6, users=100, set={"cloud.service_life": x}) for x in (0, 12))
    assert usual.manifest["digest"] == shorter.manifest["digest"]

"""The page's figures against a run's own tables: what it breaks down adds up, to the cent."""

import polars as pl
import pytest

from experiments.result import Result
from experiments.running import run
from viz.charts.books import parts_of
from viz.tables import final_spending, invoices, last_year, months_of, spending_by_good

LINES = ("revenue", "cost_of_sales", "operating_cost")


@pytest.fixture(scope="module")
def lived() -> Result:
    """The reference world, long enough that firms have sold to each other, entered and bought machines."""
    return run("baseline", seed=3, months=16, users=300)


def test_final_spending_by_good_is_final_spending(lived: Result) -> None:
    year = last_year(lived.layers)
    spent = spending_by_good(lived, months_of(year))
    assert int(spent["cents"].sum()) == final_spending(year)
    assert {"seats", "tokens", "gpu_hours", "accelerators", "attention"} == set(spent["good"])
    assert spent["sector"].unique(maintain_order=True).to_list() == ["users", "enterprises", "advertisers"]


def test_what_a_line_of_the_books_is_made_of_adds_up_to_it(lived: Result) -> None:
    sold = invoices(lived.journal)
    for firm in lived.firms["firm"].unique(maintain_order=True):
        income = lived.income(firm).sort("month")
        parts = parts_of(sold.filter(pl.col("account") == firm), income["month"].to_list())
        for line in LINES:
            months = [sum(each) for each in zip(*(part.cents for part in parts.get(line, ())), strict=True)]
            assert (months or [0] * len(income)) == income[line].to_list(), (firm, line)

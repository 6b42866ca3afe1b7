"""The books of the two months worked by hand."""

import polars as pl
import pytest

from tests.worlds.two_months import ACCOUNTS, DECEMBER, JANUARY, Chain, begin, december, january
from watersellers.market.accounting.journal_tables import Books
from watersellers.market.goods import CHAIN


@pytest.fixture(scope="session")
def books() -> Books:
    chain = Chain()
    begin(chain)
    december(chain)
    january(chain)
    return Books(ACCOUNTS, chain.ledger.journal(), DECEMBER)


@pytest.fixture(scope="session")
def operations() -> pl.DataFrame:
    names = [row.name for row in ACCOUNTS.rows if row.layer in CHAIN]
    rows = [
        {"month": month, "firm": firm, "alive": firm != "nova_lab" or month == DECEMBER, "price": 1.5, "quantity": 7}
        | {"capacity": 9, "used_share": None, "customers": 1, "quality": None, "backlog": None, "overridden": None}
        for month in (DECEMBER, JANUARY)
        for firm in names
    ]
    return pl.DataFrame(
        rows,
        schema_overrides={
            "used_share": pl.Float64,
            "quality": pl.Float64,
            "backlog": pl.Int64,
            "overridden": pl.String,
        },
    )

"""Rivals in chips: research that is owed, entry that answers margins, owners' own silicon, and what rules keep out."""

from typing import Any

import polars as pl

from tests.worlds.rough import ROUGH
from watersellers import run

BRIEF: dict[str, Any] = {"months": 14, "users": 100}


# Research


def test_fixed_research_is_owed_by_vendors_that_sell_nothing_to_the_cent():
    free = {"chips.research_share": 0.0, "chips.owner_funds": 1e9, "chips.research_fixed": 3e6}
    result = run(ROUGH, **BRIEF, set=free | {"cloud.opening_cash": 0.0, "cloud.owner_funds": 0.0})
    bills = result.journal.filter(good="research", debit_item="operating_cost")
    paid = bills.group_by("month", "debit_account").agg(pl.col("cents").sum())
    assert set(paid["cents"]) == {300_000_000}
    assert len(paid) == 14 * result.firms.filter(layer="chips")["firm"].n_unique()

"""Fingerprints: a year of the reference world with seed 1, pinned to six digits.

A fingerprint that changes is no fault by itself. It lands with one sentence, below and in the commit, on what
changed in the economy and why.

- 2026-11: first fingerprints.
"""

import polars as pl
import pytest

from experiments.running import run

CHAIN = ("chips", "cloud", "labs", "apps")
# Dollars of the year 2023 at 1,000 simulated users: revenue, operating profit, and cash at the end.
YEAR = {
    "chips": (43_274_200_000, 26_426_100_000, 30_367_100_000),
    "cloud": (21_778_200_000, 13_838_100_000, 3_918_500_000),
    "labs": (3_070_950_000, -5_058_320_000, 10_068_600_000),
    "apps": (1_126_100_000, -2_376_310_000, 6_498_300_000),
}


def test_the_first_year_is_what_it_was() -> None:
    result = run("baseline", seed=1, months=12, users=1_000)
    rows = result.layers.filter(pl.col("layer").is_in(CHAIN)).sort("month").group_by("layer", maintain_order=True)
    sums = rows.agg(pl.col("revenue").sum(), pl.col("operating_profit").sum(), pl.col("cash").last())
    found = {layer: tuple(cents / 100 for cents in values) for layer, *values in sums.rows()}
    # 5e-6: half a unit of the sixth digit of a number that begins with 1
    assert found == {layer: pytest.approx(values, rel=5e-6) for layer, values in YEAR.items()}, found

"""Fingerprints: a year of the reference world with seed 1, pinned to six digits.

A fingerprint that changes is no fault by itself. It lands with one sentence, below and in the commit, on what
changed in the economy and why.

- 2026-11: first fingerprints, with the weights of Qwen out from August 2023 and seats sold only as far as served.
"""

import polars as pl
import pytest

from experiments.running import run

CHAIN = ("chips", "cloud", "labs", "apps")
# Dollars of the year 2023 at 1,000 simulated users: revenue, operating profit, and cash at the end.
YEAR = {
    "chips": (43_263_600_000, 26_416_800_000, 30_361_400_000),
    "cloud": (21_745_300_000, 13_808_900_000, 3_895_290_000),
    "labs": (3_042_390_000, -5_051_480_000, 10_084_000_000),
    "apps": (1_107_460_000, -2_373_670_000, 6_521_240_000),
}


def test_the_first_year_is_what_it_was() -> None:
    result = run("baseline", seed=1, months=12, users=1_000)
    rows = result.layers.filter(pl.col("layer").is_in(CHAIN)).sort("month").group_by("layer", maintain_order=True)
    sums = rows.agg(pl.col("revenue").sum(), pl.col("operating_profit").sum(), pl.col("cash").last())
    found = {layer: tuple(cents / 100 for cents in values) for layer, *values in sums.rows()}
    # 5e-6: half a unit of the sixth digit of a number that begins with 1
    assert found == {layer: pytest.approx(values, rel=5e-6) for layer, values in YEAR.items()}, found

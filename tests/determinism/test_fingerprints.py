"""Fingerprints: a year of the bare chain with seed 1, pinned to six digits.

A fingerprint that changes is no fault by itself. It lands with one sentence, below and in the commit, on what
changed in the economy and why.

- 2026-11: first fingerprints, with the weights of Qwen out from August 2023 and seats sold only as far as served.
- 2026-11: enterprises rent or own by what a machine saves them instead of spending a fixed path on machines, buyers
  weigh the wait, clouds call for what they can pay and build more where it pays, investors take off what a firm burns,
  and opening demand fits the opening fleet: prices answer to buyers, and rents fall as published ones did.
- 2026-11: what owners and enterprises set aside goes on growing after February 2025, as was announced then, and does
  not level off on that day; and clouds order what is missing over half a year, so that nobody's orders stop at once.
- 2026-11: numbers are fitted to what was published: own use rises earlier, vendors' queues are longer and small labs
  run their batches emptier, and OpenAI shares a fifth of its revenue with Microsoft, as was published.
- 2026-11: what enterprises, owners and investors pay follows from causes and from no path in time; more labs are there.
- 2026-12: a vendor judges by what machines are worth to its own customers, and not to all clouds; and all clouds have
  decided what they can pay for before an order of any of them lengthens a queue.
"""

import polars as pl
import pytest

from watersellers.experiments.runs.run import run

CHAIN = ("chips", "cloud", "labs", "apps")
# Dollars of the year 2023 at 1,000 simulated users: revenue, operating profit, and cash at the end.
YEAR = {
    "chips": (44_716_800_000, 26_710_700_000, 31_270_300_000),
    "cloud": (20_508_800_000, 12_928_100_000, 3_835_120_000),
    "labs": (1_778_380_000, -9_248_850_000, 18_522_800_000),
    "apps": (433_379_000, -1_795_880_000, 4_710_780_000),
}


def test_the_first_year_is_what_it_was() -> None:
    result = run("plain", seed=1, months=12, users=1_000)
    rows = result.layers.filter(pl.col("layer").is_in(CHAIN)).sort("month").group_by("layer", maintain_order=True)
    sums = rows.agg(pl.col("revenue").sum(), pl.col("operating_profit").sum(), pl.col("cash").last())
    found = {layer: tuple(cents / 100 for cents in values) for layer, *values in sums.rows()}
    # 5e-6: half a unit of the sixth digit of a number that begins with 1
    assert found == {layer: pytest.approx(values, rel=5e-6) for layer, values in YEAR.items()}, found

"""The reference world: who earns in it and who loses, that its causes move it, and that it stays sane for ten years."""

import os
from datetime import date

import polars as pl
import pytest

from experiments.result import Result
from experiments.running import run

CHAIN = ["chips", "cloud", "labs", "apps"]
YEAR = (date(2024, 3, 1), date(2025, 2, 1))  # the twelve months to February 2025
FEW = 600  # simulated users: enough for signs
CLOUDS = [
    "aws",
    "azure",
    "google_cloud",
    "meta_infra",
    "oracle",
    "alibaba_cloud",
    "baidu_cloud",
    "tencent_cloud",
]  # those with an owner


def year_of(result: Result) -> dict[str, tuple[float, float]]:
    """Revenue and operating profit of each layer in the year to February 2025, in billions of dollars."""
    rows = result.layers.filter(pl.col("month").is_between(*YEAR)).group_by("layer")
    sums = rows.agg(pl.col("revenue").sum(), pl.col("operating_profit").sum())
    return {layer: (revenue / 1e11, profit / 1e11) for layer, revenue, profit in sums.rows() if layer in CHAIN}


def profit(result: Result, who: str) -> float:
    """Operating profit of a layer in that year, in billions of dollars."""
    return year_of(result)[who][1]


def rivals_profit(result: Result, who: str) -> float:
    """Operating profit of a layer's firms but its first, in billions of dollars."""
    return profit(result, who) - _year(result, "nvidia", pl.col("operating_profit").sum()) / 1e11


def price(result: Result, who: str) -> float:
    """Mean price of a firm in that year, in thousands of dollars."""
    return _year(result, who, pl.col("price").mean()) / 1e3


def _year(result: Result, firm: str, what: pl.Expr) -> float:
    rows = result.firms.filter(pl.col("firm") == firm, pl.col("month").is_between(*YEAR))
    return float(rows.select(what).item())


@pytest.fixture(scope="module")
def base() -> Result:
    """The reference world with seed 1, to February 2025."""
    return run("baseline", seed=1, months=26, users=FEW)


@pytest.mark.parametrize("seed", range(2, int(os.environ.get("SEEDS", "3")) + 1))
def test_upstream_earns_and_downstream_loses_in_the_year_to_february_2025(seed: int) -> None:
    year = year_of(run("baseline", seed=seed, months=26, users=FEW))
    margin = {layer: profit / revenue for layer, (revenue, profit) in year.items()}
    assert margin["chips"] > margin["cloud"] > 0 > max(margin["labs"], margin["apps"])


# Each cause: what takes it away, what is measured of whom, and by how much that moves at the least: about half of
# what was seen with seeds 1 to 3. Over seeds 1 to 6 of the world as it is the standard deviations are: profit of
# chips 1.7, of clouds 0.4, of apps 0.3, of nvidia's rivals 0.1 billion dollars, nvidia's price 120 dollars.
CAUSES = {
    "lock-in": ({f"chips.{name}.lock_in": 0 for name in ("nvidia", "amd", "ascend")}, rivals_profit, "chips", 1.2),
    "scarcity": ({"chips.nvidia.opening_capacity": 600_000, "chips.nvidia.opening_wait": 0}, price, "nvidia", -0.6),
    "investors' money": (
        {
            f"investors.{pool}.{number}": 0
            for pool in ("venture_west", "venture_china")
            for number in ("opening_cash", "inflow_low", "inflow_high")
        },
        profit,
        "cloud",
        -1.3,
    ),
    "older businesses' money": (
        {"world.own_use_low": 0, "world.own_use_high": 0, **{f"cloud.{name}.owner_funds": 0 for name in CLOUDS}},
        profit,
        "chips",
        -10.0,
    ),
    "free use": ({"apps.list_quota": 5}, profit, "apps", 3.0),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_no_cause_is_a_dead_switch(cause: str, base: Result) -> None:
    settings, measure, who, least = CAUSES[cause]
    without = run("baseline", seed=1, months=26, users=FEW, set=settings)
    change = measure(without, who) - measure(base, who)
    assert change / least > 1, change


@pytest.mark.parametrize("seed", range(1, int(os.environ.get("SEEDS", "2")) + 1))  # `make verify` asks for twenty
def test_ten_years_stay_sane(seed: int) -> None:
    result = run("baseline", seed=seed, months=120, users=FEW)
    yearly = result.layers.with_columns(year=pl.col("month").dt.year())
    spent = yearly.group_by("year", "layer").agg(pl.col("bought_from_chain").sum(), pl.col("operating_profit").sum())
    outside = spent.filter(pl.col("layer").is_in(["users", "enterprises", "advertisers", "world"]))
    spending = dict(outside.group_by("year").agg(pl.col("bought_from_chain").sum()).rows())
    capital = result.flows.filter(pl.col("good").is_in(["shares", "contribution"]))
    paid_in = dict(capital.group_by(pl.col("month").dt.year()).agg(pl.col("cents").sum()).rows())
    for year, profit in (
        spent.filter(pl.col("layer").is_in(CHAIN)).group_by("year").agg(pl.col("operating_profit").max()).rows()
    ):
        assert profit <= spending[year] + paid_in.get(year, 0), year
    rents = result.firms.filter(pl.col("layer") == "cloud", pl.col("alive"))["price"].to_list()
    assert min(rents) > 0.1  # dollars an hour: above power
    assert max(rents) < 20  # below five times the first rent
    wave = yearly.filter(pl.col("year") >= 2028).group_by("layer").agg(pl.col("operating_profit").sum())
    for layer in ("chips", "cloud"):  # machines last five years, and so does a wave of orders
        assert dict(wave.rows())[layer] > 0, f"the bust of {layer} has not ended"

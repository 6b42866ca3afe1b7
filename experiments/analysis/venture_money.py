"""Venture money of a run: what investors pay for shares of firms, in whole cents by month.

Net of named labs is what goes neither to a lab that stands for one company nor to a firm of its owner, such as its app:
published sums of venture money are compared with it after the rounds of these labs are taken off.
"""

import polars as pl

from watersellers.experiments.runs.result import Result
from watersellers.market.goods import CHAIN, Good

FRINGE = "startups"  # the lab that stands for the many small ones, and so is not named


def by_firm(result: Result) -> pl.DataFrame:
    """Add up what investors pay each firm of the chain for shares, month by month; 0 where they pay nothing."""
    rows = result.firms.filter(pl.col("layer").is_in(CHAIN)).select("month", "layer", "firm", "owner")
    bought = result.flows.filter(pl.col("payer_layer") == "investors", pl.col("good") == Good.SHARES.name.lower())
    paid = bought.group_by("month", firm="payee").agg(value=pl.col("cents").sum())
    found = rows.join(paid, on=["month", "firm"], how="left", maintain_order="left")
    return found.with_columns(pl.col("value").fill_null(0))


def of_firms(result: Result) -> pl.DataFrame:
    """Take venture money firm by firm."""
    return by_firm(result).drop("owner")


def of_all(result: Result) -> pl.DataFrame:
    """Add up the venture money of all firms."""
    return _by_month(by_firm(result))


def net_of_named_labs(result: Result) -> pl.DataFrame:
    """Add up the venture money of firms that belong to no named lab."""
    rows = by_firm(result)
    named = rows.filter(pl.col("layer") == "labs", pl.col("firm") != FRINGE)["owner"].unique()
    unnamed = ~pl.col("owner").is_in(named.implode())
    return _by_month(rows.with_columns(pl.when(unnamed).then("value").otherwise(0).alias("value")))


def _by_month(rows: pl.DataFrame) -> pl.DataFrame:
    """Add up rows of firms month by month."""
    return rows.group_by("month").agg(pl.col("value").sum()).sort("month")

"""Warnings that only the months of a run can give: firms that never traded, contracts that its end cuts."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from watersellers.experiments.runs.event_text import amount_in_words

UPSTREAM = ("chips", "cloud", "labs")
LONG = 12  # months in business within which a firm should have traded


def firms_that_never_trade(firms: pl.DataFrame) -> Iterator[str]:
    """Say which vendors, clouds and labs had money for a year or more and never sold anything or had a machine.

    Apps are left out: whether a small app sells a seat in a year is a matter of how many users are simulated.

    Parameters
    ----------
    firms : pl.DataFrame
        Rows of firms and months, as in ``firms.parquet``; cash in cents.
    """
    lived = firms.filter(pl.col("alive"), pl.col("layer").is_in(UPSTREAM)).sort("month")
    sums = lived.group_by("layer", "firm", maintain_order=True).agg(
        pl.col("month").first().alias("first"),
        pl.col("month").last().alias("last"),
        pl.len().alias("months"),
        pl.col("cash").last(),
        pl.col("capacity").max(),
        pl.col("price").last(),
        pl.col("revenue").sum(),
    )
    for row in sums.filter(pl.col("months") >= LONG, pl.col("revenue") == 0, pl.col("cash") > 0).rows(named=True):
        yield f"{row['layer']}.{row['firm']}: {_idled(row)}"


def _idled(row: dict[str, Any]) -> str:
    """Say what a firm did not do, and what it may lack."""
    when = f"in business from {row['first']:%Y-%m} to {row['last']:%Y-%m} with {row['cash'] / 100:,.0f} dollars"
    if row["layer"] == "cloud" and not row["capacity"]:
        path = f"cloud.{row['firm']}"
        why = f"at {row['price']:g} dollars an hour, was none that it may buy worth its price?"
        return (
            f"{when} it never had a machine: {why} Write a higher {path}.opening_price, or more vendors in {path}.chips"
        )
    if row["layer"] == "cloud":
        return f"{when} it rented out no hour; is it on the lists of its customers, and is {row['price']:g} dear?"
    return f"{when} it never sold anything; is it on the lists of its customers, and at what price?"


def contracts_cut(contracts: pl.DataFrame, firms: pl.DataFrame) -> Iterator[str]:
    """Say how many contracts the end of a run cuts, and what is still to be paid for them.

    Parameters
    ----------
    contracts, firms : pl.DataFrame
        Rows of contracts, and of firms and months, as in ``contracts.parquet`` and ``firms.parquet``.
    """
    last = firms.filter(pl.col("month") == pl.col("month").max())
    if left := int(last["backlog"].sum()):
        signed = contracts.filter(pl.col("signed") > 0)
        cut = len(signed.filter(pl.col("ends") > last["month"].dt.offset_by("1mo").first()))
        yield (
            f"contracts: the end of the run in {last['month'][0]:%Y-%m} cuts {cut} of {len(signed)} contracts for"
            f" hours, for which {amount_in_words(left)} are still to be paid; more months show how they end"
        )

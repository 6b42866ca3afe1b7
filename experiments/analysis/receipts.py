"""Shares of what layers receive for their sales, averaged over months."""

import polars as pl

OF_RECEIPTS = ("input_share", "ceiling_share")  # columns of the table of layers


def mean_share(column: str) -> pl.Expr:
    """Average a share over the rows at hand, weighted by what was received; null where none is known."""
    known = pl.col("received").filter(pl.col(column).is_not_null()).sum()
    return pl.when(known > 0).then((pl.col(column) * pl.col("received")).sum() / known)

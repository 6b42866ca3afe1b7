"""Contracts that are longer than a run, so that it sees none of them to its end."""

from collections.abc import Iterator

import polars as pl


def contracts_longer_than(months: int, contracts: pl.DataFrame) -> Iterator[str]:
    """Say that the end of a run of so many months cuts contracts that are longer.

    Parameters
    ----------
    months : int
        Months of the run.
    contracts : pl.DataFrame
        Rows of contracts, as in ``contracts.parquet``.
    """
    term = (pl.col("ends").dt.year() - pl.col("begins").dt.year()) * 12
    term += pl.col("ends").dt.month().cast(pl.Int32) - pl.col("begins").dt.month()
    for buyer, longest in contracts.group_by("buyer", maintain_order=True).agg(term.max()).rows():
        if longest > months:
            yield (
                f"labs.{buyer}.reserved_term: the end of the run after {months} months cuts contracts of {longest};"
                f" write reserved_term = {months}, or run more months"
            )

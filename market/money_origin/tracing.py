"""Follow the dollar: where each source's money is at the end, and what each layer spent it on.

How money is followed, and what a source and a convention are, stands in ``market/money_origin/origins.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from watersellers.market.accounting.accounts import Accounts
from watersellers.market.accounting.journal_tables import good_names, named_by
from watersellers.market.accounting.ledger import Journal
from watersellers.market.exact import Column
from watersellers.market.money_origin.origins import Origins, payments


@dataclass(frozen=True, eq=False)
class Trace:
    """Where each source's money is and what it was spent on; cents above 0, rows of 0 left out, months from 0.

    ``held``: account, layer, source, cents at the end. ``flows``: month, payer, payer_layer, payee, payee_layer,
    good, source, cents: what each payment of cash carried. ``recycled``: source, by, cents: money of a source that
    an outside account has been paid and has paid out again as its own. For each source, opening cash of that
    origin + what it has recycled of others = what is held of it + what others have recycled of it.
    """

    held: pl.DataFrame
    flows: pl.DataFrame
    recycled: pl.DataFrame

    @cached_property
    def uses(self) -> pl.DataFrame:
        """How much of each source's money each layer spent on what, over all months.

        Columns: source, payer_layer, good, payee_layer, cents; in that order.
        """
        keys = ["source", "payer_layer", "good", "payee_layer"]
        return self.flows.group_by(keys).agg(pl.col("cents").sum()).sort(keys)


def trace(journal: Journal, accounts: Accounts, by: str = "pro-rata") -> Trace:
    """Follow all money of a journal from where it first came in.

    Parameters
    ----------
    journal : Journal
        All entries of the books, the opening first.
    accounts : Accounts
        The accounts of the run.
    by : str
        The convention: ``pro-rata`` or ``fifo``.

    Raises
    ------
    ValueError
        If there is no such convention, or an account paid out of a credit line.
    """
    origins = Origins(accounts, by)
    carried, sources = origins.feed(journal), origins.sources.names
    names, layers = accounts.names, [row.layer for row in accounts.rows]
    where = [named_by("row", names).alias("account"), named_by("row", layers).alias("layer")]
    ends = [
        expression
        for side in ("payer", "payee")
        for expression in (named_by(side, names), named_by(side, layers).alias(f"{side}_layer"))
    ]
    recycled = _long(origins.recycled, sources).select("source", named_by("row", sources).alias("by"), "cents")
    return Trace(
        held=_long(origins.held, sources).select(*where, "source", "cents"),
        flows=_summed(payments(journal), carried, sources).select("month", *ends, good_names(), "source", "cents"),
        recycled=recycled.filter(pl.col("source") != pl.col("by")),
    )


def _long(cents: Column, sources: Sequence[str]) -> pl.DataFrame:
    """Write a table of cents (rows, sources) one line each: row, source, cents."""
    row, source = np.nonzero(cents)
    table = pl.DataFrame({"row": row, "source": source, "cents": cents[row, source]})
    return table.with_columns(named_by("source", sources))


def _summed(paid: Journal, carried: Column, sources: Sequence[str]) -> pl.DataFrame:
    """Add up what payments carry by month, payer, payee, good and source, in their order."""
    ends = {"month": paid.month, "payer": paid.credit_account, "payee": paid.debit_account, "good": paid.good}
    row = pl.Series("row", np.arange(len(paid)))
    lines = _long(carried, sources).join(pl.DataFrame(ends).with_columns(row), on="row", how="left")
    return lines.group_by(*ends, "source", maintain_order=True).agg(pl.col("cents").sum())

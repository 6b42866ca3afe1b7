"""Pools month by month: what savers signed, what was called, distributed and left to call, and what pools believed."""

import polars as pl

from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.savers import Savers

POOLS = {
    "month": pl.Int64,
    "pool": pl.Int64,
    "signed": pl.Int64,
    "released": pl.Int64,
    "called": pl.Int64,
    "distributed": pl.Int64,
    "uncalled": pl.Int64,
    "outside": pl.Int64,
    "held": pl.Int64,
    "made": pl.Float64,
    "hype": pl.Float64,
    "news": pl.Float64,
}


def pool_rows(parts: Parts, month: int) -> list[tuple]:
    """Write the row of each pool, in the order of ``POOLS``."""
    savers, rows = parts[Savers], []
    for pool in parts[Investors].pools:
        new, standing = savers.promises.this_month(pool.account), savers.promises.of(pool.account)
        moved = new.signed, new.released, new.called, new.distributed
        stocks = standing.uncalled, standing.outside(pool.traits.savers_wealth), savers.held(pool, parts.ledger)
        rows.append((month, pool.account, *moved, *stocks, savers.made(pool, parts.ledger), pool.hype, pool.news))
    return rows

"""Measures of the tables of markets, of work handed over, and of the chain as one company.

Over a window, flows are added up, and what stands at a month's end is that of the window's last month.
"""

from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from watersellers.experiments.analysis.windows import Period
from watersellers.experiments.runs.result import Result
from watersellers.market.goods import CHAIN, REGIONS

MARKET_PREFIX = "markets."
SOLD_BY = dict(zip(("accelerators", "machine_hours", "tokens", "seats"), CHAIN, strict=True))  # good, layer
QUEUES = ("capacity", "backlog", "wait", "used_share")
MARKET_COLUMNS = ("price", "constant_quality_price", "frontier_price", "asked", "delivered", *QUEUES)
FLOWS = ("external_revenue", "consolidated_profit", "bad_debts", "value_created", "kept_by_enterprises")
OF_WORK: Mapping[str, pl.Expr] = {  # over the regions and segments of a month
    "work": pl.col("work").sum(),
    "horizon": pl.col("horizon").max(),
    "tokens_per_hour": (pl.col("tokens_per_hour") * pl.col("work")).sum() / pl.col("work").sum(),
    "adoption": pl.col("firms").mean(),
    "depth": pl.col("depth").mean(),
}
OF_CHAIN = (*FLOWS, "unearned_profit")

type OverMonths = Callable[[Result, Period], pl.DataFrame]  # measures a run over a period


def over_rows(table: str, of: Callable[[pl.DataFrame], pl.DataFrame], result: Result, months: Period) -> pl.DataFrame:
    """Measure the rows of a table of some months."""
    return of(months.rows(getattr(result, table)))


def by_month(table: str, value: pl.Expr, result: Result) -> pl.DataFrame:
    """Measure a table's rows of each month; null in months of which it has none."""
    rows = getattr(result, table).group_by("month").agg(value=_cast(value))
    months = result.layers.select(pl.col("month").unique().sort())
    return months.join(rows, on="month", how="left", maintain_order="left")


def by_seller(region: str, column: str, result: Result) -> pl.DataFrame:
    """Take a column of the table of markets in a region, under the layer that sells the good."""
    rows = result.markets.filter(region=region)
    return rows.select("month", layer=pl.col("good").replace_strict(SOLD_BY, return_dtype=pl.String), value=column)


def at_the_end(value: pl.Expr, rows: pl.DataFrame) -> pl.DataFrame:
    """Measure the rows of the last month of some months; null without rows."""
    return _one(value, rows.filter(pl.col("month") == pl.col("month").max()))


def _one(value: pl.Expr, rows: pl.DataFrame) -> pl.DataFrame:
    """Measure all rows as one; null without rows."""
    return rows.select(value=_cast(value)) if len(rows) else pl.DataFrame({"value": [None]}, {"value": pl.Float64})


def _cast(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.Float64).fill_nan(None)


OVER_TABLES: Mapping[str, OverMonths] = {  # named after a window and a point
    **{name: partial(over_rows, "chain", partial(_one, pl.col(name).sum())) for name in FLOWS},
    "unearned_profit": partial(over_rows, "chain", partial(at_the_end, pl.col("unearned_profit").sum())),
    **{
        name: partial(over_rows, "adoption", partial(at_the_end, value))
        for name, value in OF_WORK.items()
        if name != "work"
    },
    "work": partial(over_rows, "adoption", partial(_one, OF_WORK["work"])),
}
MONTHLY_OF_TABLES: Mapping[str, Callable[[Result], pl.DataFrame]] = {
    **{name: partial(by_month, "chain", pl.col(name).sum()) for name in OF_CHAIN},
    **{name: partial(by_month, "adoption", value) for name, value in OF_WORK.items()},
    **{
        f"{MARKET_PREFIX}{region}.{column}": partial(by_seller, region, column)
        for region in REGIONS
        for column in MARKET_COLUMNS
    },
}

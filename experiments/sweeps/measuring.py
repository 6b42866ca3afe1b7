"""What is measured of a run: tidy rows of month, layer or firm, measure and value.

Profits are given over final spending, which is never near zero, and not over a total profit that crosses it. Money is
whole cents.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module

import polars as pl

from experiments.errors import BadInput, unknown
from experiments.result import Result
from experiments.sweeps.parts import COLUMNS
from market.goods import CHAIN
from market.statements import FINAL, MONEY

YEAR = 12
UPSTREAM = ("chips", "cloud")
FIRMS = "firms."
KEYS = ("month", "layer", "firm")
type Measure = Callable[[Result], pl.DataFrame]


def by_layer(column: str, result: Result) -> pl.DataFrame:
    """Take a column of the layers' table, month by month, for the layers of the chain."""
    return result.layers.filter(pl.col("layer").is_in(CHAIN)).select("month", "layer", value=column)


def by_firm(column: str, result: Result) -> pl.DataFrame:
    """Take a column of the firms' table, month by month."""
    rows = result.firms.filter(pl.col("layer").is_in(CHAIN))
    return rows.select("month", "layer", "firm", value=column)


def final_spending(result: Result) -> pl.DataFrame:
    """What users, enterprises and advertisers pay the chain, month by month."""
    rows = result.layers.filter(pl.col("layer").is_in(FINAL))
    return rows.group_by("month").agg(value=pl.col("bought_from_chain").sum()).sort("month")


def year_over_spending(column: str, result: Result) -> pl.DataFrame:
    """Add up a column of each layer over the last twelve months, over all final spending of these months."""
    rows, spent = _last_year(result)
    sums = rows.filter(pl.col("layer").is_in(CHAIN)).group_by("layer").agg(pl.col(column).sum())
    over = pl.col(column) / spent if spent else pl.lit(None, pl.Float64)
    order = pl.col("layer").replace_strict(list(CHAIN), list(range(len(CHAIN))))
    return sums.sort(order).select("layer", month=pl.lit(rows["month"].max()), value=over)


def upstream_share(result: Result) -> pl.DataFrame:
    """The operating profit of chips and clouds over the last twelve months, over final spending."""
    profits = year_over_spending("operating_profit", result).filter(pl.col("layer").is_in(UPSTREAM))
    return profits.select(month=pl.col("month").first(), value=pl.col("value").sum())


def year_spending(result: Result) -> pl.DataFrame:
    """Final spending of the last twelve months."""
    rows, spent = _last_year(result)
    return pl.DataFrame({"month": [rows["month"].max()], "value": [spent]})


def _last_year(result: Result) -> tuple[pl.DataFrame, int]:
    """Rows of the layers over the last twelve months, fewer if fewer were lived, and what was spent in the end."""
    months = result.layers["month"].unique().sort().tail(YEAR).to_list()
    rows = result.layers.filter(pl.col("month").is_in(months))
    return rows, int(rows.filter(pl.col("layer").is_in(FINAL))["bought_from_chain"].sum())


RATIOS = ("operating_margin", "profit_over_final_spending")
MEASURES: Mapping[str, Measure] = {
    "year.profit_over_final_spending": partial(year_over_spending, "operating_profit"),
    "year.upstream_share": upstream_share,
    "year.final_spending": year_spending,
    "year.revenue_over_final_spending": partial(year_over_spending, "revenue"),
    "final_spending": final_spending,
    **{column: partial(by_layer, column) for column in (*RATIOS, *MONEY)},
    **{FIRMS + column: partial(by_firm, column) for column in ("price", "quantity", "used_share", "customers", *MONEY)},
}


def measure(name: str) -> tuple[str, Measure]:
    """Find a measure by its name on the menu, or one of a script's own by ``module:function``.

    Raises
    ------
    BadInput
        If there is none.
    """
    if name in MEASURES:
        return name, MEASURES[name]
    module, colon, function = name.partition(":")
    if not colon:
        raise BadInput(f"{unknown('measure', name, MEASURES)}; one of your own is named module:function")
    if module == "__main__":
        raise BadInput(f"{name!r} is in the script itself, where other processes can't find it; put it into a module")
    try:
        found = getattr(import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise BadInput(f"{name!r}: can't be loaded: {error}; expected module:function") from None
    if not callable(found):
        raise BadInput(f"{name!r} is no function; expected one of a Result that gives a table with a column value")
    return function, found


def named(measure: str | Measure) -> str:
    """Give the name by which other processes find a measure."""
    return measure if isinstance(measure, str) else f"{measure.__module__}:{getattr(measure, '__qualname__', measure)}"


def measured(result: Result, measures: Sequence[str], run: str) -> pl.DataFrame:
    """Measure a run: run, month, layer, firm, measure, value.

    Raises
    ------
    ValueError
        If a measure gives no table with a column ``value``.
    """
    frames = list(_measured(result, measures, run))
    return pl.concat(frames) if frames else pl.DataFrame(schema=COLUMNS)


def _measured(result: Result, measures: Sequence[str], run: str) -> Iterator[pl.DataFrame]:
    for each in measures:
        name, of = measure(each)
        frame = of(result)
        if not isinstance(frame, pl.DataFrame) or "value" not in frame.columns:
            raise ValueError(f"measure {each!r}: found {type(frame).__name__}, expected a table with a column 'value'")
        keys = [pl.col(key) if key in frame.columns else pl.lit(None).alias(key) for key in KEYS]
        row = frame.select(pl.lit(run).alias("run"), *keys, pl.lit(name).alias("measure"), "value")
        yield row.cast(COLUMNS)

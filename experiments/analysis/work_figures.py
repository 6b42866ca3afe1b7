"""Figures of demand from work: adoption, horizons and prices of models, spending on tokens, and venture money.

Each is measured over the months of a target, and is None where the run has nothing of the kind.
"""

from collections.abc import Callable, Mapping

import polars as pl

from watersellers.experiments.analysis import venture_money
from watersellers.experiments.analysis.targets import Target
from watersellers.experiments.runs.result import Result
from watersellers.market.goods import ALL_TOKENS, GOODS

CENTS = 100
YEAR = 12
TOKENS = [GOODS[good].name for good in ALL_TOKENS]
EVERYBODY = "enterprises"  # instead of a firm: all sellers


def adopting_firms(result: Result, target: Target) -> float | None:
    """Return the share of a region's firms that use models, the mean over segments by the target's last month."""
    return _one(_work(result, target).select(pl.col("firms").mean()))


def longest_horizon(result: Result, target: Target) -> float | None:
    """Return the hours of the tasks of which the best model on sale in a region does half, in the last month."""
    return _one(_work(result, target).select(pl.col("horizon").max()))


def fall_of_price(result: Result, target: Target) -> float | None:
    """Return by how much the cheapest model as good as GPT-4 became cheaper from the first month to the last."""
    rows = result.markets.filter(pl.col("good") == "tokens", pl.col("region").is_in(target.who.split()))
    prices = [rows.filter(month=month)["constant_quality_price"].min() for month in (target.start, target.end)]
    first, last = (None if price is None else float(price) for price in prices)  # type: ignore[arg-type]
    return first / last if first and last else None


def token_spending(result: Result, target: Target) -> float:
    """Return the dollars a year that enterprises pay for tokens of the target's firms, at the rate of its months."""
    rows = target.period.rows(result.flows)
    bought = rows.filter(pl.col("payer_layer") == "enterprises", pl.col("good").is_in(TOKENS))
    if target.who != EVERYBODY:
        bought = bought.filter(pl.col("payee").is_in(target.who.split()))
    return int(bought["cents"].sum()) / CENTS * YEAR / len(target.period.months)


def raised(result: Result, target: Target) -> float:
    """Return the dollars that investors paid the target's firms for shares."""
    rows = target.period.rows(venture_money.of_firms(result))
    return int(rows.filter(pl.col("firm").is_in(target.who.split()))["value"].sum()) / CENTS


def raised_by_unnamed(result: Result, target: Target) -> float:
    """Return the dollars that investors paid for shares of firms that belong to no named lab."""
    return int(target.period.rows(venture_money.net_of_named_labs(result))["value"].sum()) / CENTS


def _work(result: Result, target: Target) -> pl.DataFrame:
    """Return the rows of work of the target's regions in its last month."""
    return result.adoption.filter(pl.col("month") == target.end, pl.col("region").is_in(target.who.split()))


def _one(found: pl.DataFrame) -> float | None:
    """Return the only cell; None if it is null."""
    value = found.item()
    return None if value is None else float(value)


OF_WORK: Mapping[str, Callable[[Result, Target], float | None]] = {
    "adoption": adopting_firms,
    "horizon": longest_horizon,
    "price_fall": fall_of_price,
    "token_spending": token_spending,
    "raised": raised,
    "venture_money_net": raised_by_unnamed,
}

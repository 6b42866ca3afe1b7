"""The tables of a run that a report reads, and the sums that it shows."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from watersellers.experiments.analysis.windows import YEAR, Period, calendar_year_names, headline_months
from watersellers.market.goods import CHAIN
from watersellers.viz.drawing.theme import CUSTOMERS

if TYPE_CHECKING:
    import networkx as nx

SUMS = ("revenue", "operating_profit", "free_cash_flow", "intra_group")


class Run(Protocol):
    """A finished run as in its folder; money is in whole cents, months are dates."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """The description of the run."""

    @property
    def layers(self) -> pl.DataFrame:
        """A row per month and layer."""

    @property
    def firms(self) -> pl.DataFrame:
        """A row per month and firm."""

    @property
    def owners(self) -> pl.DataFrame:
        """A row per month and owner."""

    @property
    def apps(self) -> pl.DataFrame:
        """A row per month, app, region and tier."""

    @property
    def users(self) -> pl.DataFrame:
        """A row per month and region."""

    @property
    def journal(self) -> pl.DataFrame:
        """A row per entry of the books."""

    @property
    def flows(self) -> pl.DataFrame:
        """A row per payment."""

    @property
    def balances(self) -> pl.DataFrame:
        """A row per month, account and item."""

    @property
    def chain(self) -> pl.DataFrame:
        """A row per month: the chain as one company."""

    @property
    def segments(self) -> pl.DataFrame:
        """A row per month, cloud and segment: to whom clouds sell, and what it costs them."""

    @property
    def events(self) -> pl.DataFrame:
        """A row per recorded event."""

    def income(self, firm: str) -> pl.DataFrame:
        """Return a firm's income statement: month and a column per line, in cents."""

    def cash_flow(self, firm: str) -> pl.DataFrame:
        """Return a firm's cash-flow statement."""

    def balance_sheet(self, firm: str) -> pl.DataFrame:
        """Return a firm's balance sheet."""

    def graph_at(self, month: str) -> "nx.DiGraph":
        """Return the supply graph of a month such as 2025-02."""


def months_of(table: pl.DataFrame) -> list[date]:
    """List the months of a table, in order."""
    return table["month"].unique().sort().to_list()


def headline_year(table: pl.DataFrame) -> pl.DataFrame:
    """Keep the months of a run's headline: the calibrated year, or the last twelve months if it is not all there."""
    lived = Period.of(table["month"].unique())
    return table if lived is None else headline_months(lived).rows(table)


def latest_year(table: pl.DataFrame) -> pl.DataFrame:
    """Keep the last twelve months of a table, or all if there are fewer."""
    return table.filter(pl.col("month").is_in(months_of(table)[-YEAR:]))


def last_full_year(months: list[date]) -> list[date]:
    """Return the months of the last full calendar year; without one, the last twelve months or fewer."""
    years = sorted({month.year for month in months if sum(other.year == month.year for other in months) == YEAR})
    return [month for month in months if month.year == years[-1]] if years else months[-YEAR:]


def chosen_months(months: list[date], at_most: int = 16) -> list[date]:
    """Choose the months whose graph is drawn: the last month, and regular ones, at most so many."""
    months = sorted(months)
    for step in (1, 3, 6, 12, 24, 60):
        chosen = {month for month in months if (month.year * YEAR + month.month) % step == 0} | {*months[-1:]}
        if len(chosen) <= at_most:
            return sorted(chosen)
    return months[-1:]


def final_spending(layers: pl.DataFrame) -> int:
    """Add up the purchases of users, enterprises and advertisers from the chain, in cents."""
    return int(layers.filter(pl.col("layer").is_in(CUSTOMERS))["bought_from_chain"].sum())


def layer_sums(layers: pl.DataFrame) -> pl.DataFrame:
    """Add up the chain's layers over the months of the table.

    Parameters
    ----------
    layers : pl.DataFrame
        month, layer, revenue, operating_profit, free_cash_flow, intra_group, bought_from_chain (cents).

    Returns
    -------
    pl.DataFrame
        layer, the sums, then operating_margin (null without revenue), profit_over_final_spending (null without
        spending) and share_of_positive_profit (of the layers that made one; null if none did), chips first.
    """
    spent = final_spending(layers)
    sums = _summed(layers.filter(pl.col("layer").is_in(CHAIN)), "layer")
    gains = pl.col("operating_profit").clip(0)
    over = pl.col("operating_profit") / spent if spent else pl.lit(None, pl.Float64)
    order = pl.col("layer").replace_strict(list(CHAIN), range(len(CHAIN)), return_dtype=pl.Int64)
    return sums.with_columns(
        over.alias("profit_over_final_spending"),
        pl.when(gains.sum() > 0).then(gains / gains.sum()).alias("share_of_positive_profit"),
    ).sort(order)


def yearly_profit(layers: pl.DataFrame) -> pl.DataFrame:
    """Add up each chain layer's operating profit by calendar year: a row per layer, chips first, a column per year.

    A year of which the run has not all months is named by those that it has, such as 2025-01 to 2025-02.
    """
    lived = Period.of(layers["month"].unique())
    names = calendar_year_names(lived) if lived else {}
    years = pl.col("month").dt.year().replace_strict(names, return_dtype=pl.String).alias("year")
    chain = layers.filter(pl.col("layer").is_in(CHAIN)).select("layer", years, "operating_profit").sort("year")
    sums = chain.pivot("year", index="layer", values="operating_profit", aggregate_function="sum")
    return sums.sort(pl.col("layer").replace_strict(list(CHAIN), range(len(CHAIN)), return_dtype=pl.Int64))


def group_sums(table: pl.DataFrame, by: str) -> pl.DataFrame:
    """Add up firms or owners over the months of the table, the largest operating profit first."""
    return _summed(table, by).sort(["operating_profit", by], descending=[True, False])


def _summed(table: pl.DataFrame, by: str) -> pl.DataFrame:
    margin = pl.when(pl.col("revenue") != 0).then(pl.col("operating_profit") / pl.col("revenue"))
    sums = table.group_by(by).agg(pl.col(name).sum() for name in SUMS)
    return sums.with_columns(margin.alias("operating_margin"))

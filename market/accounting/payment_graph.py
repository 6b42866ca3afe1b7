"""The supply graph of a month, read from the payments of the run: an edge leads from each buyer to its seller."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from watersellers.market.goods import GOODS, Good

# Payments that are not for a good or service: capital, income from outside, and debts from earlier months.
NO_DEALS = tuple(
    GOODS[good].name for good in (Good.INCOME, Good.SHARES, Good.CONTRIBUTION, Good.DIVIDEND, Good.ARREARS)
)

if TYPE_CHECKING:
    import networkx as nx
NODE = ("layer", "owner", "region", "alive", "price", "margin", "cash")
EDGE = ("good", "goods", "quantity", "price", "cents", "total_cents", "since")
_PAIR = ["payer", "payee"]


def _nodes(flows: pl.DataFrame, firms: pl.DataFrame, month: date) -> pl.DataFrame:
    """One row per firm of the run and per outside sector that ever paid or was paid, with the columns ``NODE``."""
    margin = pl.when(pl.col("revenue") != 0).then(pl.col("operating_profit") / pl.col("revenue")).alias("margin")
    activity = firms.filter(pl.col("month") == month).select("firm", "alive", "price", "cash", margin)
    attributes = firms.select("firm", "layer", "owner", "region").unique("firm")
    companies = attributes.join(activity, on="firm", how="left").with_columns(pl.col("alive").fill_null(False))
    sides = [flows.select(firm=side, layer=f"{side}_layer") for side in _PAIR]
    outside = pl.concat(sides).unique("firm").join(attributes, on="firm", how="anti")
    sectors = outside.with_columns(alive=pl.lit(True))
    return pl.concat([companies, sectors], how="diagonal").sort("firm").select("firm", *NODE)


def _edges(flows: pl.DataFrame, month: date) -> pl.DataFrame:
    """One row per buyer and seller that dealt in the month, with the columns ``EDGE``.

    Where a buyer buys several goods of a seller, the edge shows quantity and price of the one that cost most, and the
    cents of all.
    """
    deals = flows.filter(~pl.col("good").is_in(NO_DEALS), pl.col("month") <= month)
    now = deals.filter(pl.col("month") == month)
    goods = now.group_by(*_PAIR, "good").agg(
        pl.col("cents").sum(), pl.col("quantity").sum(), pl.col("price").sort().mean()
    )
    ranked = goods.sort(*_PAIR, "cents", "good", descending=[False, False, True, False])
    first = [pl.col(name).first() for name in ("good", "quantity", "price")]
    listed = pl.col("good").sort().str.join(", ").alias("goods")
    edges = ranked.group_by(_PAIR, maintain_order=True).agg(*first, listed, pl.col("cents").sum())
    totals = deals.group_by(_PAIR).agg(total_cents=pl.col("cents").sum())
    joined = edges.join(totals, on=_PAIR, how="left").join(_since(deals, month), on=_PAIR, how="left")
    return joined.sort(_PAIR).select(*_PAIR, *EDGE)


def _since(deals: pl.DataFrame, month: date) -> pl.DataFrame:
    """First month, as text, of the run of months with a deal that ends in this one, for each buyer and seller."""
    number = pl.col("month").dt.year().cast(pl.Int64) * 12 + pl.col("month").dt.month()
    months = deals.select(*_PAIR, "month").unique().sort(*_PAIR, "month")
    gaps = number - pl.int_range(pl.len()).over(_PAIR)  # constant as long as no month is missing
    runs = months.with_columns(run=gaps).group_by(*_PAIR, "run").agg(pl.col("month").min(), last=pl.col("month").max())
    return runs.filter(pl.col("last") == month).select(*_PAIR, since=pl.col("month").dt.strftime("%Y-%m"))


def supply_graph(flows: pl.DataFrame, firms: pl.DataFrame, month: date) -> "nx.DiGraph":
    """Build the graph of a month's trade; it has an edge where there was a deal in the month, and no other.

    Parameters
    ----------
    flows, firms : pl.DataFrame
        Tables of a run (``flows_frame``, ``firms_frame``).
    month : date
        First day of the month.

    Returns
    -------
    nx.DiGraph
        Nodes: firms and outside sectors, with layer, owner, region, alive, price (USD), margin (operating profit
        over revenue) and cash (cents), each left out where there is none. Edges from buyer to seller: the good that
        cost most with its quantity and mean price (USD per priced lot), ``goods`` (all, as text), cents paid in the
        month, total_cents paid to date, and since (the first month, as 2024-03, of the present unbroken run).

    Raises
    ------
    ValueError
        If the run has no such month.
    """
    months = firms["month"].unique().sort()
    if month not in months:
        span = f"{months[0]:%Y-%m} to {months[-1]:%Y-%m}" if len(months) else "none"
        raise ValueError(f"no month {month:%Y-%m} in this run; months: {span}")
    import networkx as nx  # where a graph is asked for: it is slow to load

    graph = nx.DiGraph(month=f"{month:%Y-%m}")
    for row in _nodes(flows, firms, month).iter_rows(named=True):
        graph.add_node(row.pop("firm"), **_known(row))
    for row in _edges(flows, month).iter_rows(named=True):
        graph.add_edge(row.pop("payer"), row.pop("payee"), **_known(row))
    return graph


def _known(attributes: dict[str, Any]) -> dict[str, Any]:
    """Leave out values that are None, which graph files cannot hold."""
    return {name: value for name, value in attributes.items() if value is not None}


def write_graphml(graph: "nx.DiGraph", path: Path) -> None:
    """Write a supply graph for graph tools (Gephi, yEd, Cytoscape, igraph)."""
    import networkx as nx

    nx.write_graphml(graph, path)


def write_json(graph: "nx.DiGraph", path: Path) -> None:
    """Write a supply graph as node-link JSON, as networkx and d3 read it; unknown values are null."""
    import networkx as nx

    linked = nx.node_link_data(graph, edges="edges")
    Path(path).write_text(json.dumps(linked, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")

"""Follow the dollar through a finished run: where each source's money is, and whose money each layer earned.

Money is followed to the cent through the journal (``market/origins.py``); the convention, pro rata or first in
first out, is named wherever a figure is shown.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from watersellers.experiments.result import Result
from watersellers.market.figures import account_months
from watersellers.market.goods import CHAIN, Good, Item
from watersellers.market.tracing import Trace
from watersellers.market.units import Column

SECTORS = ("users", "enterprises", "advertisers", "investors")  # whose regions are told together
NEAR = 1e-12  # of a share, at which what goes round in a circle is followed no further
CAPITAL = ("shares", "contribution", "dividend", "income")  # what is no price of anything


@dataclass(frozen=True)
class Followed:
    """What following the money of a run shows; cents, rows of nothing left out.

    ``held``: source, holder, cents: where each source's money is at the end. ``earned``: layer, source, received,
    paid, kept: what each layer was paid for goods by others, what it paid for goods, and the rest, by source.
    """

    by: str
    trace: Trace
    held: pl.DataFrame
    earned: pl.DataFrame


def follow(result: Result, by: str = "pro-rata") -> Followed:
    """Follow all money of a run.

    Parameters
    ----------
    result : Result
        A finished run.
    by : str
        The convention: ``pro-rata`` or ``fifo``.

    Raises
    ------
    BadInput
        If there is no such convention.
    """
    traced = result.trace(by)
    layers = {row.name: row.layer for row in result.books.accounts.rows}
    told = {name: layer if layer in SECTORS else name for name, layer in layers.items() if layer not in CHAIN}
    source = pl.col("source").replace(told).alias("source")
    held = traced.held.select(source, holder=pl.col("account").replace(layers | told), cents="cents")
    held = held.group_by("source", "holder").agg(pl.col("cents").sum()).sort("source", "holder")
    return Followed(by, traced, held, _earned(traced.flows.with_columns(source)))


def _earned(flows: pl.DataFrame) -> pl.DataFrame:
    """What each layer of the chain received and paid for goods, by source; payments inside a layer cancel."""
    goods = flows.filter(~pl.col("good").is_in(CAPITAL), pl.col("payer_layer") != pl.col("payee_layer"))
    sides = [
        goods.filter(pl.col(f"{side}_layer").is_in(CHAIN))
        .group_by(pl.col(f"{side}_layer").alias("layer"), "source")
        .agg(pl.col("cents").sum().alias(name))
        for side, name in (("payee", "received"), ("payer", "paid"))
    ]
    both = sides[0].join(sides[1], on=["layer", "source"], how="full", coalesce=True).fill_null(0)
    order = pl.col("layer").replace_strict(list(CHAIN), list(range(len(CHAIN))))
    return both.with_columns(kept=pl.col("received") - pl.col("paid")).sort(order, "source")


def fragility(result: Result) -> pl.DataFrame:
    """How much of what a layer sells rests on firms whose own operating cash flow is negative, month by month.

    A firm that uses up cash is fragile: all that it pays could stop with the next round that fails. A firm that
    earns cash is as fragile as those who pay it: the part of its sales that rests on fragile firms. Sectors outside
    the chain are not fragile, so what a cloud buys with an owner's money counts by who rents from it.

    Returns
    -------
    pl.DataFrame
        month, layer, revenue (cents invoiced), resting (share of it that rests on fragile firms; null without sales).
    """
    books = result.books
    n, layers = len(books.accounts), [row.layer for row in books.accounts.rows]
    sold = (pl.col("item") == Item.REVENUE) & (pl.col("good") != Good.CLOSING) & (pl.col("other") >= 0)
    sales = books.legs.filter(sold).select("month", "account", "other", -pl.col("cents"))
    cash = account_months(books)["operating_cash_flow"].to_numpy().reshape(books.months, n)
    firm = np.array([layer in CHAIN for layer in layers])
    rows = []
    for month in range(books.months):
        mine = sales.filter(month=month)
        bought = np.zeros((n, n))
        np.add.at(bought, (mine["account"].to_numpy(), mine["other"].to_numpy()), mine["cents"].to_numpy())
        resting = bought @ _fragile(bought, firm & (cash[month] < 0))
        for layer in CHAIN:
            places = books.accounts.of_layer(layer)
            revenue = int(bought[places].sum())
            rows.append((month, layer, revenue, float(resting[places].sum()) / revenue if revenue else None))
    schema = {"month": pl.Int64, "layer": pl.String, "revenue": pl.Int64, "resting": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(books.dated())


def resting_by_year(result: Result) -> pl.DataFrame:
    """Fragility of the layers that sell to firms, by calendar year: layer, and a column of shares for each year."""
    return _by_year(result, (pl.col("revenue") * pl.col("resting")).sum() / pl.col("revenue").sum())


def stopped_by_year(result: Result) -> pl.DataFrame:
    """What each layer would no longer sell if firms that use up cash stopped buying; cents, a column for each year.

    It is what a stop of funding takes away at once, before prices answer and before others fail in turn.
    """
    return _by_year(result, (pl.col("revenue") * pl.col("resting")).sum().round().cast(pl.Int64))


def _by_year(result: Result, what: pl.Expr) -> pl.DataFrame:
    """Measure fragility by layer and calendar year: layer, and a column for each year."""
    months = (
        fragility(result).filter(pl.col("layer") != CHAIN[-1]).with_columns(pl.col("month").dt.year().cast(pl.String))
    )
    years = months.group_by("month", "layer", maintain_order=True).agg(what.alias("told"))
    return years.pivot("month", index="layer", values="told", maintain_order=True)


def _fragile(bought: Column, losing: Column) -> Column:
    """Part of each account's purchases that could stop: all of a loser's, else what of its sales rests on such.

    With W the shares of each seller's sales by buyer, it is the least f = losing + (1 - losing) W f; ``bought`` are
    cents by seller and buyer, shape (n, n), ``losing`` says who uses up cash, shape (n,).
    """
    total = bought.sum(axis=1)
    shares = np.divide(bought, total[:, None], out=np.zeros_like(bought), where=total[:, None] > 0)
    shares[losing] = 0
    before, found = np.zeros(len(bought)), losing.astype(float)
    while np.abs(found - before).max(initial=0) > NEAR:
        before, found = found, losing + shares @ found
    return found


def absorbed(result: Result) -> pl.DataFrame:
    """Where the dollars of each source end by sums over all months alone: the aggregate check on following money.

    Firms are the states that money passes through; it ends with a firm that still has it, or outside the chain. With Q
    the shares of all that a firm has had that it paid to other firms, and R those that stay or leave,
    ``B = (I - Q)^-1 R`` says where a dollar ends that starts with each firm. Over all sources the sums are exact;
    source by source they mix all months, so that money which came late seems to have gone where earlier money went.

    Returns
    -------
    pl.DataFrame
        source, entered (cents; of ``opening``, what firms had at the start), and the shares of it that each layer of
        the chain holds and that was paid out of the chain; they add up to 1.
    """
    accounts = result.books.accounts
    place = {name: number for number, name in enumerate(accounts.names)}
    paid = np.zeros((len(place), len(place)))
    for payer, payee, cents in result.flows.group_by("payer", "payee").agg(pl.col("cents").sum()).iter_rows():
        paid[place[payer], place[payee]] += cents
    layers = np.array([[row.layer == layer for row in accounts.rows] for layer in CHAIN])
    inside = layers.any(axis=0)
    opening, held = (_cash(result, place, month) for month in (pl.col("month").min(), pl.col("month").max()))
    passed = _absorbing(paid, held, layers)
    into = {"opening": opening[inside]}
    for row in accounts.rows:
        if row.layer not in CHAIN:
            into[row.layer] = into.get(row.layer, 0) + paid[place[row.name]][inside]
    rows = [
        (name, int(cents.sum()), *(cents @ passed / cents.sum())) for name, cents in into.items() if cents.sum() > 0
    ]
    return pl.DataFrame(rows, schema=["source", "entered", *CHAIN, "out"], orient="row")


def _cash(result: Result, place: dict[str, int], month: pl.Expr) -> Column:
    """Cents of each account in a month of the balances."""
    cash = np.zeros(len(place))
    rows = result.balances.filter(pl.col("item") == "cash", pl.col("month") == month)
    for name, cents in rows.group_by("account").agg(pl.col("cents").sum()).iter_rows():
        cash[place[name]] = cents
    return cash


def _absorbing(paid: Column, held: Column, layers: Column) -> Column:
    """Where a dollar that is with a firm ends: shares held by each layer, and paid out; shape (firms, layers + 1)."""
    inside = layers.any(axis=0)
    had = paid.sum(axis=1) + held
    shares = np.divide(paid, had[:, None], out=np.zeros_like(paid), where=had[:, None] > 0)
    stays = np.divide(held, had, out=np.zeros_like(held), where=had > 0)
    ends = np.column_stack([*(stays * layer for layer in layers), shares[:, ~inside].sum(axis=1)])[inside]
    return np.linalg.solve(np.eye(int(inside.sum())) - shares[np.ix_(inside, inside)], ends)

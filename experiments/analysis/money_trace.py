"""The trace of money through a finished run: the holders of each source's money, and the sources of layers' earnings.

Money is traced to the cent through the journal (``market/money_origin/origins.py``); the convention, pro rata or
first in first out, is named wherever a figure is shown.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from watersellers.experiments.runs.result import Result
from watersellers.market.accounting.accounts import WORLD, Account, sector_of
from watersellers.market.accounting.statement_lines import account_months
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column
from watersellers.market.goods import CHAIN, Good
from watersellers.market.money_origin.tracing import Trace

SECTORS = ("users", "enterprises", "advertisers", "investors")  # whose regions are added up
NEAR = 1e-12  # change of a share at which the iteration over circular sales stops
POOLS = "investors"  # the layer of pools of venture money
POOL_STEPS = ("opening", "paid_in", "brought", "funded", "distributed", "held", "passed_on")
CAPITAL = ("shares", "contribution", "dividend", "income")  # payments that are not the price of a good


@dataclass(frozen=True)
class MoneyTrace:
    """The traced money of a run, in cents; rows of zero are left out.

    ``held``: source, holder, cents: who holds each source's money at the end. ``earned``: layer, source, received,
    paid, kept: what each layer received from others for goods, what it paid for goods, and the difference, by source.
    """

    by: str
    trace: Trace
    held: pl.DataFrame
    earned: pl.DataFrame


def follow_money(result: Result, by: str = "pro-rata") -> MoneyTrace:
    """Trace all money of a run.

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
    holders = {row.name: _holder(row) for row in result.books.accounts.rows if row.layer not in CHAIN}
    source = pl.col("source").replace(holders).alias("source")
    held = traced.held.select(source, holder=pl.col("account").replace(layers | holders), cents="cents")
    held = held.group_by("source", "holder").agg(pl.col("cents").sum()).sort("source", "holder")
    return MoneyTrace(by, traced, held, _earned(traced.flows.with_columns(source)))


def _holder(account: Account) -> str:
    """Name the sector of an outside account: those of the world's layer are told apart, regions are added up."""
    sector = sector_of(account.name, account.layer, account.owner)
    return sector if account.layer in (*SECTORS, WORLD) else account.name


def _earned(flows: pl.DataFrame) -> pl.DataFrame:
    """Add up what each layer of the chain received and paid for goods, by source, without payments inside a layer."""
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


def through_pools(result: Result, by: str = "pro-rata") -> pl.DataFrame:
    """Follow venture money from savers through each pool and its firms up the chain, and back to savers.

    The steps are ``opening`` (what the pool had before the first month), ``paid_in`` (by a layer outside the chain:
    calls and incomes), ``brought`` (to the pool, by a layer's firms), ``funded`` (a layer's firms), ``distributed`` (to
    a layer outside the chain), ``held`` (what the pool has at the end) and ``passed_on`` (what of the pool's money a
    layer of the chain received from another for goods, wherever it had been between). The first three add up to the
    three that follow; ``passed_on`` counts a dollar again at each layer that it reaches.

    Returns
    -------
    pl.DataFrame
        pool, step, layer (the pool's own for what it had and has), cents above 0.
    """
    flows, dates = result.trace(by).flows, pl.col("month")
    pools = [row.name for row in result.books.accounts.rows if row.layer == POOLS]
    inside = {side: pl.col(f"{side}_layer").is_in(CHAIN) for side in ("payer", "payee")}
    price = inside["payer"] & inside["payee"] & ~pl.col("good").is_in(CAPITAL)
    steps = {
        "paid_in": ("payee", "payer_layer", ~inside["payer"]),
        "brought": ("payee", "payer_layer", inside["payer"]),
        "funded": ("payer", "payee_layer", inside["payee"]),
        "distributed": ("payer", "payee_layer", ~inside["payee"]),
        "passed_on": ("source", "payee_layer", price & (pl.col("payer_layer") != pl.col("payee_layer"))),
    }
    tables = {
        step: flows.filter(which).select(pool=pool, layer=layer, cents="cents")
        for step, (pool, layer, which) in steps.items()
    }
    cash = result.balances.filter(pl.col("item") == "cash").select("month", "layer", pool="account", cents="cents")
    tables |= {"opening": cash.filter(dates == dates.min()), "held": cash.filter(dates == dates.max())}
    return pl.concat(
        tables[step]
        .filter(pl.col("pool").is_in(pools))
        .group_by("pool", pl.lit(step).alias("step"), "layer")
        .agg(pl.col("cents").sum())
        .filter(pl.col("cents") > 0)
        .sort("pool", "layer")
        for step in POOL_STEPS
    )


def fragility(result: Result) -> pl.DataFrame:
    """Compute the share of each layer's sales that depends on firms with negative operating cash flow, month by month.

    A firm that uses up cash is fragile: all its payments could stop with the next failed funding round. A firm that
    earns cash is as fragile as its customers: the share of its sales that rests on fragile firms. Sectors outside the
    chain are not fragile, so a cloud that buys with its owner's money counts by the customers that rent from it.

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
        resting = bought @ _fragile_share(bought, firm & (cash[month] < 0))
        for layer in CHAIN:
            account_ids = books.accounts.of_layer(layer)
            revenue = int(bought[account_ids].sum())
            rows.append((month, layer, revenue, float(resting[account_ids].sum()) / revenue if revenue else None))
    schema = {"month": pl.Int64, "layer": pl.String, "revenue": pl.Int64, "resting": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(books.dated())


def resting_by_year(result: Result) -> pl.DataFrame:
    """Return the fragility of the layers that sell to firms: layer, and a column of shares for each calendar year."""
    return _by_year(result, (pl.col("revenue") * pl.col("resting")).sum() / pl.col("revenue").sum())


def stopped_by_year(result: Result) -> pl.DataFrame:
    """Return the sales that each layer would lose if firms that use up cash stopped buying: cents, a column per year.

    This is the immediate loss when funding stops, before prices respond and before other firms fail in turn.
    """
    return _by_year(result, (pl.col("revenue") * pl.col("resting")).sum().round().cast(pl.Int64))


def _by_year(result: Result, value: pl.Expr) -> pl.DataFrame:
    """Aggregate fragility by layer and calendar year: layer, and a column for each year, of the months lived of it."""
    months = (
        fragility(result).filter(pl.col("layer") != CHAIN[-1]).with_columns(pl.col("month").dt.year().cast(pl.String))
    )
    years = months.group_by("month", "layer", maintain_order=True).agg(value.alias("value"))
    return years.pivot("month", index="layer", values="value", maintain_order=True)


def _fragile_share(bought: Column, losing: Column) -> Column:
    """Return the share of each account's purchases that could stop: 1 for a firm that uses up cash, else its fragility.

    With W the shares of each seller's sales by buyer, it is the least f = losing + (1 - losing) W f; ``bought`` are
    cents by seller and buyer, shape (n, n), ``losing`` is true for firms that use up cash, shape (n,).
    """
    total = bought.sum(axis=1)
    shares = np.divide(bought, total[:, None], out=np.zeros_like(bought), where=total[:, None] > 0)
    shares[losing] = 0
    before, found = np.zeros(len(bought)), losing.astype(float)
    while np.abs(found - before).max(initial=0) > NEAR:
        before, found = found, losing + shares @ found
    return found


def where_money_ends(result: Result) -> pl.DataFrame:
    """Compute where the dollars of each source end from sums over all months: an aggregate check on the trace.

    It is an absorbing Markov chain: firms are the transient states; money ends with a firm that still holds it, or
    outside the chain. Q are the shares of all its money that a firm paid to other firms, R the shares that it kept or
    paid out of the chain; ``B = (I - Q)^-1 R`` is where a dollar ends that starts with each firm. Summed over all
    sources it is exact; source by source it mixes all months, so that late money seems to go where earlier money went.

    Returns
    -------
    pl.DataFrame
        source, entered (cents; of ``opening``, what firms had at the start), and the shares of it that each layer of
        the chain holds and that was paid out of the chain; they add up to 1.
    """
    accounts = result.books.accounts
    account_id = {name: number for number, name in enumerate(accounts.names)}
    paid = np.zeros((len(account_id), len(account_id)))
    for payer, payee, cents in result.flows.group_by("payer", "payee").agg(pl.col("cents").sum()).iter_rows():
        paid[account_id[payer], account_id[payee]] += cents
    layers = np.array([[row.layer == layer for row in accounts.rows] for layer in CHAIN])
    inside = layers.any(axis=0)
    opening, held = (_cash(result, account_id, month) for month in (pl.col("month").min(), pl.col("month").max()))
    passed = _absorbing(paid, held, layers)
    into = {"opening": opening[inside]}
    for row in accounts.rows:
        if row.layer not in CHAIN:
            into[row.layer] = into.get(row.layer, 0) + paid[account_id[row.name]][inside]
    rows = [
        (name, int(cents.sum()), *(cents @ passed / cents.sum())) for name, cents in into.items() if cents.sum() > 0
    ]
    return pl.DataFrame(rows, schema=["source", "entered", *CHAIN, "out"], orient="row")


def _cash(result: Result, account_id: dict[str, int], month: pl.Expr) -> Column:
    """Return the cash of each account in a month, in cents."""
    cash = np.zeros(len(account_id))
    rows = result.balances.filter(pl.col("item") == "cash", pl.col("month") == month)
    for name, cents in rows.group_by("account").agg(pl.col("cents").sum()).iter_rows():
        cash[account_id[name]] = cents
    return cash


def _absorbing(paid: Column, held: Column, layers: Column) -> Column:
    """Return where each firm's dollar ends: shares held by each layer, and paid out; shape (firms, layers + 1)."""
    inside = layers.any(axis=0)
    had = paid.sum(axis=1) + held
    shares = np.divide(paid, had[:, None], out=np.zeros_like(paid), where=had[:, None] > 0)
    stays = np.divide(held, had, out=np.zeros_like(held), where=had > 0)
    ends = np.column_stack([*(stays * layer for layer in layers), shares[:, ~inside].sum(axis=1)])[inside]
    return np.linalg.solve(np.eye(int(inside.sum())) - shares[np.ix_(inside, inside)], ends)

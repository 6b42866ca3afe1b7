"""Segments of clouds: to whom they sell, and what it costs them; what stays inside the group stands apart."""

from itertools import groupby
from operator import itemgetter

import polars as pl

from watersellers.market.accounting.accounts import OLDER, Account, sector_of
from watersellers.market.accounting.journal_tables import Books
from watersellers.market.accounting.statement_lines import ACCOUNT, account_months
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import split
from watersellers.market.goods import ALL_HOURS, Good

OWN_USE = "own_use"  # hours that the owner's older business uses itself
GROUP = "own_group"  # sales to labs and apps of the same owner
IDLE = "idle"  # costs of a month in which no hour was sold
INSIDE = (OWN_USE, GROUP)
OTHER_OWNERS = "other_owners"  # of older businesses, without a cloud
_COSTS = ("cost_of_sales", "operating_cost", "depreciation", "impairment")


def segments_frame(books: Books) -> pl.DataFrame:
    """What each cloud sold to its own group and to others, and what that cost, as segment reports tell it.

    Sales are invoiced at list prices inside the group as outside. All costs of a month (power, sites, staff, wear,
    impairment) are divided by the hours sold, so that own use stands there at list (``revenue``) and at cost
    (``cost``). Hours that host open weights are not sold, and their cost falls on those that are.

    Returns
    -------
    pl.DataFrame
        month, firm, segment (own_use, own_group, labs, apps, enterprises, other_owners, states, or idle: the costs of
        a month in which no hour was sold), hours, revenue, cost, operating_profit (revenue - cost); cents. A cloud's
        segments add up to its revenue and operating profit, to the cent.
    """
    rows = []
    sales = _sales(books)
    for month, cloud, *costs in _clouds(books).iter_rows():
        mine = sales.get((month, cloud), {})
        total = sum(costs)
        hours = [sold for sold, _ in mine.values()]
        parts = split(total, hours, [*range(len(hours))]) if sum(hours) else [0] * len(hours)
        if total and not sum(hours):
            mine, parts = {**mine, IDLE: (0, 0)}, [*parts, total]
        rows += [
            (month, cloud, segment, sold, revenue, cost, revenue - cost)
            for (segment, (sold, revenue)), cost in zip(mine.items(), parts, strict=True)
        ]
    names = ("month", "firm", "segment", "hours", "revenue", "cost", "operating_profit")
    schema = {name: pl.String if name == "segment" else pl.Int64 for name in names}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(books.dated(), books.named("firm"))


def _clouds(books: Books) -> pl.DataFrame:
    """Costs of each cloud in each month: month, account (codes), then ``_COSTS`` in cents."""
    clouds = [code for code, row in enumerate(books.accounts.rows) if row.layer == "cloud"]
    return account_months(books).filter(pl.col("account").is_in(clouds)).select("month", "account", *_COSTS)


def _sales(books: Books) -> dict[tuple[int, int], dict[str, tuple[int, int]]]:
    """Hours and cents invoiced by month and seller, then by segment in the order of their names."""
    invoiced = (pl.col("item") == Item.REVENUE) & (pl.col("good") != Good.CLOSING) & (pl.col("month") >= 0)
    sold = books.legs.filter(invoiced & (pl.col("other") >= 0)).join(
        books.entries.select("entry", "quantity"), on="entry"
    )
    hours = pl.when(pl.col("good").is_in(ALL_HOURS)).then("quantity").otherwise(0)
    sums = sold.group_by("month", "account", "other").agg(hours.sum().alias("hours"), -pl.col("cents").sum())
    names = books.accounts.rows
    rows = [
        (month, seller, _segment(names[seller], names[buyer]), units, cents)
        for month, seller, buyer, units, cents in sums.iter_rows()
    ]
    schema = {name: pl.String if name == "segment" else pl.Int64 for name in (*ACCOUNT, "segment", "hours", "cents")}
    table = (
        pl.DataFrame(rows, schema=schema, orient="row").group_by(*ACCOUNT, "segment").sum().sort(*ACCOUNT, "segment")
    )
    grouped = groupby(table.iter_rows(), key=itemgetter(0, 1))
    return {at: {segment: (units, cents) for _, _, segment, units, cents in mine} for at, mine in grouped}


def _segment(cloud: Account, customer: Account) -> str:
    """Name the segment of a customer of a cloud."""
    if customer.name == OLDER:  # of all owners, each a customer of its own cloud alone
        return OWN_USE
    if cloud.owner and cloud.owner == customer.owner:
        return GROUP
    sector = sector_of(customer.name, customer.layer, customer.owner)
    return OTHER_OWNERS if sector == OLDER else sector

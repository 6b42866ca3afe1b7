"""The chain as one company: what it earns from everybody else, and the profit that stands in its machines unearned."""

import numpy as np
import polars as pl

from watersellers.market.accounting.journal_tables import Books
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column
from watersellers.market.goods import CHAIN, Good

CHAIN_COLUMNS = (
    "external_revenue",
    "consolidated_profit",
    "unearned_profit_opening",
    "unearned_profit",
    "unearned_profit_left",
    "bad_debts",
    "value_created",
    "kept_by_users",
    "kept_by_enterprises",
    "kept_by_advertisers",
)
# What the chain's firms book beyond its consolidated profit, from the rows of the chain's table.
BOOKED_BEYOND = (pl.col("unearned_profit") + pl.col("unearned_profit_left") - pl.col("unearned_profit_opening")).alias(
    "unearned"
)
_MACHINES = (Item.CHIP_STOCK, Item.FLEET)
_COSTS = (Item.COST_OF_SALES, Item.OPERATING_COST)


def chain_frame(books: Books, produced: pl.DataFrame) -> pl.DataFrame:
    """Consolidate the chain month by month, on accruals, from what its firms invoice to and by everybody else.

    consolidated_profit = external revenue - bad debts - costs and machines bought outside + what machines are worth
    more than a month ago at production cost, without those that left. So what the foundry was paid is a cost when the
    machines wear, and a sale inside the chain earns nothing until somebody outside pays for it.

    Parameters
    ----------
    books : Books
        The run's books.
    produced : pl.DataFrame
        month (number), produced_opening, produced (the chain's machines at production cost at the month's beginning
        and end), produced_left (of those that left the chain), kept_by_enterprises; cents: one row per month.

    Returns
    -------
    pl.DataFrame
        month, then ``CHAIN_COLUMNS`` in cents. Unearned profit is the book value of machines less their production
        cost. Operating profits of the chain's firms, added up, less (unearned_profit + unearned_profit_left -
        unearned_profit_opening) and bad_debts, are consolidated_profit.
    """
    legs = _legs_of_chain(books)
    outside, item, good = pl.col("outside"), pl.col("item"), pl.col("good")
    revenue = -_by_month(books, legs.filter(outside & (item == Item.REVENUE)))
    costs = _by_month(books, legs.filter(outside & item.is_in(_COSTS)))
    bought = _by_month(books, legs.filter(outside & item.is_in(_MACHINES) & (pl.col("facing") == Item.REVENUE)))
    gone = item.is_in(_MACHINES) & good.is_in([Good.SALVAGE, Good.WRITE_OFF])
    left = -_by_month(books, legs.filter(gone))
    unpaid = outside & (item == Item.RECEIVABLES) & (good == Good.WRITE_OFF)
    bad_debts = -_by_month(books, legs.filter(unpaid))
    before, after, produced_left = (produced[name].to_numpy() for name in produced.columns[1:4])
    profit = revenue - bad_debts - costs - bought + after - before + produced_left
    book = _book(books)
    table = produced.select("month", "kept_by_enterprises").with_columns(
        external_revenue=revenue,
        consolidated_profit=profit,
        unearned_profit_opening=book[:-1] - before,
        unearned_profit=book[1:] - after,
        unearned_profit_left=left - produced_left,
        bad_debts=bad_debts,
        kept_by_users=pl.lit(None, pl.Int64),
        kept_by_advertisers=pl.lit(None, pl.Int64),
    )
    kept = [pl.col(f"kept_by_{who}").fill_null(0) for who in ("users", "enterprises", "advertisers")]
    whole = table.with_columns(books.dated(), value_created=pl.sum_horizontal("consolidated_profit", *kept))
    return whole.select("month", *CHAIN_COLUMNS)


def _legs_of_chain(books: Books) -> pl.DataFrame:
    """Sides of entries that stand in accounts of the chain; ``outside`` says that the other party is not of it."""
    inside = [code for code, row in enumerate(books.accounts.rows) if row.layer in CHAIN]
    rows = books.legs.filter((pl.col("month") >= 0) & pl.col("account").is_in(inside))
    return rows.with_columns(outside=(pl.col("other") >= 0) & ~pl.col("other").is_in(inside))


def _by_month(books: Books, legs: pl.DataFrame) -> Column:
    """Add up cents by month, debits above 0, shape (months,)."""
    total = np.zeros(books.months, dtype=np.int64)
    np.add.at(total, legs["month"].to_numpy(), legs["cents"].to_numpy())
    return total


def _book(books: Books) -> Column:
    """Book value of the chain's machines at the opening and at each month's end, shape (months + 1,)."""
    inside = np.array([row.layer in CHAIN for row in books.accounts.rows], dtype=bool)
    held: Column = books.sums[:, inside][:, :, list(_MACHINES)].sum(axis=(1, 2)).cumsum()
    return held

"""What each account earned, paid and held each month, added up from the journal: what statements are made of."""

import numpy as np
import polars as pl

from watersellers.market.accounting.cash_flow_lines import cash_lines
from watersellers.market.accounting.journal_tables import Books
from watersellers.market.chart_of_accounts import INCOME_ITEMS, ITEMS, STOCKS, Item
from watersellers.market.goods import CHAIN, Good

ACCOUNT = ["month", "account"]
_GAINS = (Item.REVENUE, Item.INCOME, Item.REVALUATION)  # shown above 0 when they add to equity


def income_lines(books: Books) -> pl.DataFrame:
    """Add up each account's income and costs, month by month, before they are closed into equity.

    Columns: month, account (codes), one per income item in cents (gains and costs both above 0, a loss on
    revaluation below), paid_in (capital that came in, less what went back), then operating_profit = revenue -
    cost_of_sales - operating_cost - depreciation - impairment, and net_income = operating_profit - interest +
    income + revaluation - consumption: all that changes equity but capital paid in and dividends.
    """
    sums = books.sums[1:]
    lines = {ITEMS[item]: sums[:, :, item] * (-1 if item in _GAINS else 1) for item in INCOME_ITEMS}
    costs = sum(lines[name] for name in ("cost_of_sales", "operating_cost", "depreciation", "impairment"))
    profit = lines["revenue"] - costs
    net = profit - lines["interest"] + lines["income"] + lines["revaluation"] - lines["consumption"]
    paid_in = -sums[:, :, Item.EQUITY]
    return books.table({**lines, "paid_in": paid_in, "operating_profit": profit, "net_income": net})


def stocks(books: Books) -> pl.DataFrame:
    """What each account has and owes at each month's end, in cents, liabilities and equity above 0.

    Columns: month (from -1, the opening), account (codes), ``STOCKS``. Income not yet closed counts as equity.
    """
    held = books.sums.cumsum(axis=0)
    held[:, :, Item.EQUITY] += held[:, :, Item.EQUITY + 1 :].sum(axis=2)
    return books.table({ITEMS[item]: held[:, :, item] * books.side(item) for item in STOCKS}, -1)


def groups(books: Books) -> list[str | None]:
    """Name each account's group: its owner, else itself; None outside the chain."""
    return [(row.owner or row.name) if row.layer in CHAIN else None for row in books.accounts.rows]


def trade_lines(books: Books) -> pl.DataFrame:
    """Add up invoices inside each seller's group, by how the buyer booked them, and each buyer's purchases.

    Columns: month, account (codes); intra_group (all the account sold inside its group), intra_cost_of_sales and
    intra_operating_cost (what of it is a cost of the buyer), bought_from_chain (what firms of the chain invoiced
    to it); cents.
    """
    invoiced = (pl.col("item") == Item.REVENUE) & (pl.col("good") != Good.CLOSING) & (pl.col("other") >= 0)
    sold = books.legs.filter(invoiced).with_columns(cents=-pl.col("cents"))
    group = groups(books)
    codes = np.array([-1 if name is None else group.index(name) for name in group], dtype=np.int64)
    seller, buyer = codes[sold["account"].to_numpy()], codes[sold["other"].to_numpy()]
    inside = books.spread(sold.filter(pl.Series((seller == buyer) & (seller >= 0))), "facing", len(Item))[1:]
    bought = sold.filter(pl.Series(seller >= 0)).with_columns(account="other")
    return books.table(
        {
            "intra_group": inside.sum(axis=2),
            "intra_cost_of_sales": inside[:, :, Item.COST_OF_SALES],
            "intra_operating_cost": inside[:, :, Item.OPERATING_COST],
            "bought_from_chain": books.spread(bought, "facing", len(Item))[1:].sum(axis=2),
        },
    )


def account_months(books: Books) -> pl.DataFrame:
    """Put income, cash flow, group sales and cash at month's end side by side: a row for each month and account."""
    parts = [income_lines(books), cash_lines(books), trade_lines(books)]
    wide = pl.concat([parts[0], *(part.drop(ACCOUNT) for part in parts[1:])], how="horizontal")
    cash = stocks(books).filter(pl.col("month") >= 0)["cash"]
    capex = -pl.col("machines")
    return wide.with_columns(cash, capex=capex, free_cash_flow=pl.col("operating_cash_flow") - capex)

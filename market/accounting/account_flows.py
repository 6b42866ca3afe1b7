"""What each account earned, paid and held each month, added up from the journal: what statements are made of.

Where a payment belongs in the cash-flow statement follows from what stands opposite the cash in the books,
for payer and payee alike; what is not in this table is operating:

===============  ==================================================================  ==========
line             the item opposite the cash                                          activity
===============  ==================================================================  ==========
machines         paid: chip_stock, fleet, prepayments (deposits on machines)         investing
disposals        received: the same items (machines sold, deposits refunded)         investing
receipts,        a vendor's prepayment to its foundry: production paid early         operating
payments
stakes           holdings (shares of others bought or sold)                          investing
lending          receivables where the other side books a loan                       investing
capital          equity (shares issued, owners' contributions)                       financing
loans            loans taken up and paid back                                        financing
dividends_paid   dividends                                                           financing
===============  ==================================================================  ==========

Arrears count as operating whatever was bought: the books keep the debt, and not its purpose.
"""

import numpy as np
import polars as pl

from watersellers.market.accounting.journal_tables import Books
from watersellers.market.chart_of_accounts import INCOME_ITEMS, ITEMS, STOCKS, Item
from watersellers.market.exact import Column
from watersellers.market.goods import CHAIN, Good

ACCOUNT = ["month", "account"]
OPERATING = ("receipts", "payments")
INVESTING = ("machines", "disposals", "stakes", "lending")
FINANCING = ("capital", "loans", "dividends_paid")
_LINES = (*OPERATING, *INVESTING, *FINANCING)
_MACHINES = (Item.CHIP_STOCK, Item.FLEET, Item.PREPAYMENTS)
_LISTED = {
    Item.HOLDINGS: "stakes",
    Item.EQUITY: "capital",
    Item.LOANS: "loans",
    Item.DIVIDENDS: "dividends_paid",
}
_GAINS = (Item.REVENUE, Item.INCOME, Item.REVALUATION)  # shown above 0 when they add to equity


def table(books: Books, columns: dict[str, Column], first: int = 0) -> pl.DataFrame:
    """Put sums of shape (months, accounts) side by side, a row for each month from ``first`` on and account."""
    return books.grid(first).with_columns(pl.Series(name, values.ravel()) for name, values in columns.items())


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
    return table(books, {**lines, "paid_in": paid_in, "operating_profit": profit, "net_income": net})


def payments(books: Books) -> pl.DataFrame:
    """List each account's receipts of cash (cents above 0) and payments (below) with their line of the statement.

    The item opposite the cash is that of the entry of the same batch, parties, good, quantity and price.
    Columns: month, account, line (its place in receipts, payments, ``INVESTING``, ``FINANCING``), cents.
    """
    deal = ["batch", "debit_account", "credit_account", "good", "quantity", "price"]
    cash = (pl.col("debit_item") == Item.CASH) & (pl.col("credit_item") == Item.CASH)
    between = pl.col("debit_account") != pl.col("credit_account")
    reason = books.entries.filter(~cash, between).unique(deal, keep="first", maintain_order=True)
    paid = books.entries.filter(cash).rename({"debit_account": "credit_account", "credit_account": "debit_account"})
    matched = paid.join(reason.select(*deal, "debit_item", "credit_item"), on=deal, how="left", suffix="_why")
    sides = (("debit", "credit", -1), ("credit", "debit", 1))
    return pl.concat(
        matched.select(
            "month",
            account=f"{side}_account",
            line=pl.when(good=Good.FOUNDRY_CAPACITY)
            .then(_LINES.index("receipts" if sign > 0 else "payments"))
            .otherwise(_line(f"{side}_item_why", f"{across}_item_why", sign)),
            cents=sign * pl.col("cents"),
        )
        for side, across, sign in sides
    )


def _line(item: str, across: str, sign: int) -> pl.Expr:
    """Number the line of the cash-flow statement, given the items opposite the cash on both sides."""
    line_of = {int(code): _LINES.index(name) for code, name in _LISTED.items()}
    line_of |= {int(code): _LINES.index("machines" if sign < 0 else "disposals") for code in _MACHINES}
    other = _LINES.index("receipts" if sign > 0 else "payments")
    lent = (pl.col(item) == Item.RECEIVABLES) & (pl.col(across) == Item.LOANS)
    listed = pl.col(item).replace_strict(list(line_of), list(line_of.values()), default=other, return_dtype=pl.Int64)
    return pl.when(lent).then(_LINES.index("lending")).otherwise(listed)


def cash_lines(books: Books) -> pl.DataFrame:
    """Add up each account's cash by line and activity, month by month.

    Columns: month, account (codes); receipts and payments (both operating), the other lines, and
    operating_cash_flow, investing_cash_flow, financing_cash_flow; in cents; payments are below 0.
    """
    sums = books.spread(payments(books), "line", len(_LINES))[1:]
    lines = {name: sums[:, :, number] for number, name in enumerate(_LINES)}
    activities = {"operating": OPERATING, "investing": INVESTING, "financing": FINANCING}
    for activity, names in activities.items():
        lines[f"{activity}_cash_flow"] = np.sum([lines[name] for name in names], axis=0)
    return table(books, lines)


def stocks(books: Books) -> pl.DataFrame:
    """What each account has and owes at each month's end, in cents, liabilities and equity above 0.

    Columns: month (from -1, the opening), account (codes), ``STOCKS``. Income not yet closed counts as equity.
    """
    held = books.sums.cumsum(axis=0)
    held[:, :, Item.EQUITY] += held[:, :, Item.EQUITY + 1 :].sum(axis=2)
    return table(books, {ITEMS[item]: held[:, :, item] * books.side(item) for item in STOCKS}, -1)


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
    return table(
        books,
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

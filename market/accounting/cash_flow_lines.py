"""The lines of the cash-flow statement, added up from the journal for each account and month.

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
from watersellers.market.chart_of_accounts import Item
from watersellers.market.goods import Good

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
    return books.table(lines)

"""The economy in three matrices, after Godley and Lavoie: transactions, revaluations, balance sheets.

Columns are layers or accounts; those of the chain have a current column (income and spending) and a
capital column (saving, and its use). Receipts are above 0, payments below. Equity is shown as
a firm's debt to its shareholders, at the amount that they paid, so that claims cancel and net worth is what remains.
"""

from datetime import date

import numpy as np
import polars as pl

from watersellers.market.accounting.journal_tables import Books
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column
from watersellers.market.goods import CHAIN, GOODS, LAYERS, Good

STOCK_ROWS: dict[str, tuple[Item, ...]] = {
    "cash": (Item.CASH,),
    "chip_stock": (Item.CHIP_STOCK,),
    "fleet": (Item.FLEET,),
    "claims": (Item.RECEIVABLES, Item.PAYABLES, Item.LOANS),
    "deposits": (Item.PREPAYMENTS, Item.CUSTOMER_DEPOSITS),
    "shares": (Item.HOLDINGS,),
}
TANGIBLE = (Item.CHIP_STOCK, Item.FLEET)
REVALUING = (Item.REVALUATION, Item.IMPAIRMENT)
_FINANCIAL = ("cash", "claims", "deposits", "shares")


def _positions(books: Books, legs: pl.DataFrame) -> Column:
    """Add up how legs move the rows of the balance sheet: (months + 1, accounts, rows of ``STOCK_ROWS``).

    Shares that others hold count against the firm that issued them.
    """
    moved = books.spread(legs, "item", len(Item))
    rows = np.stack([moved[:, :, list(items)].sum(axis=2) for items in STOCK_ROWS.values()], axis=2)
    held = legs.filter(pl.col("item") == Item.HOLDINGS, pl.col("other") >= 0).with_columns(account="other")
    rows[:, :, list(STOCK_ROWS).index("shares")] -= books.spread(held, "item", len(Item)).sum(axis=2)
    return rows


def _revaluing() -> pl.Expr:
    """Select legs that change the value of a stock without a payment."""
    return pl.col("item").is_in(list(REVALUING)) | pl.col("facing").is_in(list(REVALUING))


def _moved(books: Books) -> Column:
    """How each month moved balance sheets, the opening first."""
    return _positions(books, books.legs)


def _revalued(books: Books) -> Column:
    """How each month's revaluations moved balance sheets."""
    return _positions(books, books.legs.filter(_revaluing()))


def _flows(books: Books, month: int) -> Column:
    """What each good moved between accounts: (goods, accounts, current and capital), cents, receipts above 0."""
    nominal = pl.col("item") > Item.EQUITY
    given = (pl.col("item") == Item.EQUITY) & (pl.col("facing") > Item.EQUITY)
    tangible = pl.col("item").is_in(list(TANGIBLE))
    legs = books.legs.filter(
        pl.col("month") == month, pl.col("good") != Good.CLOSING, nominal | given | tangible, ~_revaluing()
    )
    cells = np.zeros((len(Good), len(books.accounts), 2), dtype=np.int64)
    side = legs["item"].is_in(list(TANGIBLE)).to_numpy().astype(np.int64)
    np.subtract.at(cells, (legs["good"].to_numpy(), legs["account"].to_numpy(), side), legs["cents"].to_numpy())
    return cells


def _sectors(books: Books, by: str) -> tuple[list[str], Column, list[bool]]:
    """Names of the sectors, the sector of each account, and whether each sector is of the chain.

    Raises
    ------
    ValueError
        If ``by`` is neither "layer" nor "account".
    """
    rows = books.accounts.rows
    if by == "account":
        return [row.name for row in rows], np.arange(len(rows)), [row.layer in CHAIN for row in rows]
    if by != "layer":
        raise ValueError(f"columns by {by!r}: expected 'layer' or 'account'")
    names = [layer for layer in LAYERS if any(row.layer == layer for row in rows)]
    return names, np.array([names.index(row.layer) for row in rows]), [name in CHAIN for name in names]


def _added(values: Column, sector_numbers: Column, count: int) -> Column:
    """Add accounts (the second axis) up into sectors."""
    total = np.zeros((values.shape[0], count, *values.shape[2:]), dtype=np.int64)
    np.add.at(total.swapaxes(0, 1), sector_numbers, values.swapaxes(0, 1))
    return total


def _frame(label: str, rows: list[str], columns: list[str], cells: Column) -> pl.DataFrame:
    """Write a matrix with its sums: a last column and a last row called total."""
    wide = np.vstack([cells, cells.sum(axis=0)])
    named = {name: wide[:, column] for column, name in enumerate(columns)}
    return pl.DataFrame({label: [*rows, "total"], **named, "total": wide.sum(axis=1)})


def flow_matrix(books: Books, month: date, by: str = "layer") -> pl.DataFrame:
    """Transaction-flow matrix of a month: payments by payer, payee and purpose, saving, and the use of saving.

    Every row and every column adds up to zero. Rows: goods that moved, ``saving`` (from the current to the
    capital column), and the change in each financial stock by transactions, an increase of an asset below 0.

    Parameters
    ----------
    books : Books
        The run's books.
    month : date
        Any day of the month.
    by : str
        "layer" or "account".

    Returns
    -------
    pl.DataFrame
        ``flow``, one column per sector (``NAME_current`` and ``NAME_capital`` in the chain), ``total``; Int64 cents.
    """
    names, sector_numbers, separate = _sectors(books, by)
    number = books.number(month)
    goods = _added(_flows(books, number), sector_numbers, len(names))
    saving = goods[:, :, 0].sum(axis=0)
    moved = (_moved(books) - _revalued(books))[number + 1]
    kept = [list(STOCK_ROWS).index(name) for name in _FINANCIAL]
    stocks = -_added(moved.T[kept], sector_numbers, len(names))
    current = np.vstack([goods[:, :, 0], -saving, np.zeros_like(stocks)])
    capital = np.vstack([goods[:, :, 1], saving, stocks])
    columns: dict[str, Column] = {}
    for column, name in enumerate(names):
        earned, invested = current[:, column], capital[:, column]
        pair = {f"{name}_current": earned, f"{name}_capital": invested}
        columns |= pair if separate[column] else {name: earned + invested}
    cells = np.column_stack(list(columns.values()))
    shown = cells.any(axis=1)
    shown[len(Good) :] = True
    rows = [GOODS[good].name for good in Good] + ["saving"] + [f"change_in_{name}" for name in _FINANCIAL]
    return _frame("flow", [row for row, kept in zip(rows, shown, strict=True) if kept], list(columns), cells[shown])


def revaluation_matrix(books: Books, month: date, by: str = "layer") -> pl.DataFrame:
    """Revaluation matrix of a month: impairments and write-offs by stock and sector, gains above 0, in cents.

    What a creditor writes off its debtor gains, so claims and shares add up to zero over the row.
    """
    names, sector_numbers, _ = _sectors(books, by)
    cells = _added(_revalued(books)[books.number(month) + 1].T, sector_numbers, len(names))
    return _frame("revaluation", list(STOCK_ROWS), names, cells)


def balance_matrix(books: Books, month: date, by: str = "layer") -> pl.DataFrame:
    """Balance-sheet matrix at a month's end: assets above 0, debts below, in cents.

    Claims, deposits and shares add up to zero over their rows; with ``net_worth`` as the balancing row every
    column does.
    """
    names, sector_numbers, _ = _sectors(books, by)
    cells = _added(_moved(books)[: books.number(month) + 2].sum(axis=0).T, sector_numbers, len(names))
    return _frame("stock", [*STOCK_ROWS, "net_worth"], names, np.vstack([cells, -cells.sum(axis=0)]))


def net_worth(books: Books, month: date, by: str = "layer") -> pl.DataFrame:
    """How net worth came about: opening + saving + revaluation = closing, one row per sector, in cents.

    Opening and closing are read from balance sheets, saving from what was earned and spent, revaluation from
    write-offs and impairments.
    """
    names, sector_numbers, _ = _sectors(books, by)
    number = books.number(month)
    held = _moved(books).sum(axis=2).cumsum(axis=0)
    saving = _flows(books, number)[:, :, 0].sum(axis=0)
    revalued = _revalued(books)[number + 1].sum(axis=1)
    parts = _added(np.stack([held[number], saving, revalued, held[number + 1]]), sector_numbers, len(names))
    words = ("opening", "saving", "revaluation", "closing")
    return pl.DataFrame({"sector": names, **{word: parts[row] for row, word in enumerate(words)}})

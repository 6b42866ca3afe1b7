"""The digest of the journal, which tells two economies apart; and the journal read back from its table."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from watersellers.market.accounting.accounts import Account, Accounts
from watersellers.market.accounting.ledger import NOBODY, Journal
from watersellers.market.chart_of_accounts import ITEMS
from watersellers.market.goods import GOODS, Good


def digest(journal: Journal) -> str:
    """Hash the journal's columns of whole numbers; names of firms do not enter."""
    total = hashlib.sha256()
    for field in fields(Journal):
        column = np.ascontiguousarray(getattr(journal, field.name), dtype="<i8")
        total.update(f"{field.name} {len(column)}\n".encode())
        total.update(column.data)
    return total.hexdigest()


def accounts_of(rows: Iterable[Mapping[str, Any]]) -> Accounts:
    """Rebuild the table of accounts from a manifest's rows."""
    return Accounts.of([Account(**row) for row in rows])


def journal_of(frame: pl.DataFrame, accounts: Accounts, start: date) -> Journal:
    """Turn the saved table of a journal back into columns of codes.

    Raises
    ------
    polars.exceptions.PolarsError
        If it holds a word that is not an account, item or good.
    """
    words = {"account": accounts.names, "item": list(ITEMS), "good": [GOODS[good].name for good in Good]}
    month = (pl.col("month").dt.year() - start.year) * 12 + pl.col("month").dt.month() - start.month
    coded = frame.sort("entry").with_columns(
        *[_codes(f"{side}_{kind}", words[kind]) for side in ("debit", "credit") for kind in ("account", "item")],
        _codes("good", words["good"]),
        _codes("counterparty", accounts.names).fill_null(NOBODY),
        month=month,
        price=pl.col("price_nano").fill_null(0),
    )
    names = [field.name for field in fields(Journal)]
    return Journal(*(column.to_numpy() for column in coded.select(pl.col(names).cast(pl.Int64)).get_columns()))


def _codes(column: str, words: list[str]) -> pl.Expr:
    """Turn words into their indices in a list; null stays null."""
    table = {word: code for code, word in enumerate(words)} | {None: None}
    return pl.col(column).replace_strict(table, return_dtype=pl.Int64)

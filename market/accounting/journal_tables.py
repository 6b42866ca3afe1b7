"""The journal read back as tables: every entry, every payment, and the balances they leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from difflib import get_close_matches
from functools import cached_property

import numpy as np
import polars as pl

from watersellers.market.accounting.accounts import Accounts
from watersellers.market.accounting.ledger import NOBODY, Journal
from watersellers.market.chart_of_accounts import ASSETS, HAS_COUNTERPARTY, ITEMS, Item
from watersellers.market.exact import Column
from watersellers.market.goods import CENT, GOODS, NANO, NANO_A_CENT, Good

BEFORE = -1  # number of the month whose end is the opening of the books


@dataclass(frozen=True)
class Books:
    """The accounts of a run, what they have written so far, and the day on which the first month begins.

    Columns of codes are whole numbers as in the journal; ``month`` counts from 0, and entries written
    before the first phase of the first month (the opening) are of month -1.
    """

    accounts: Accounts
    journal: Journal
    start: date
    lived: int = 0  # months simulated, where known: an economy without firms writes no entries

    @cached_property
    def entries(self) -> pl.DataFrame:
        """Journal rows in codes with their number ``entry`` (from 0)."""
        columns = {field.name: getattr(self.journal, field.name) for field in fields(Journal)}
        month = pl.when(pl.col("phase") == 0).then(BEFORE).otherwise("month").cast(pl.Int64).alias("month")
        return pl.DataFrame(columns).with_row_index("entry").with_columns(pl.col("entry").cast(pl.Int64), month)

    @cached_property
    def legs(self) -> pl.DataFrame:
        """Both sides of every entry.

        Columns: entry, month, good; ``account`` and ``item``; ``other`` account (or the named counterparty where
        both sides are one account, -1 for none) and the item ``facing`` it; cents, debits above 0, credits below.
        """
        own = pl.col("debit_account") == pl.col("credit_account")
        sides = [("debit", "credit", 1), ("credit", "debit", -1)]
        return pl.concat(
            self.entries.select(
                "entry",
                "month",
                "good",
                account=f"{side}_account",
                item=f"{side}_item",
                other=pl.when(own).then("counterparty").otherwise(f"{across}_account"),
                facing=f"{across}_item",
                cents=sign * pl.col("cents"),
            )
            for side, across, sign in sides
        )

    @cached_property
    def months(self) -> int:
        """Number of months simulated: ``lived``, or up to the last month with an entry where that is later."""
        written = int(self.entries["month"].to_numpy().max(initial=BEFORE)) + 1
        return max(written, self.lived)

    def grid(self, first: int = 0) -> pl.DataFrame:
        """Every month from ``first`` on with every account, as codes ``month`` and ``account``."""
        months = np.arange(first, self.months)
        n = len(self.accounts)
        return pl.DataFrame({"month": np.repeat(months, n), "account": np.tile(np.arange(n), len(months))})

    def table(self, columns: Mapping[str, Column], first: int = 0) -> pl.DataFrame:
        """Put sums of shape (months, accounts) side by side, a row for each month from ``first`` on and account."""
        return self.grid(first).with_columns(pl.Series(name, values.ravel()) for name, values in columns.items())

    def spread(self, rows: pl.DataFrame, column: str, width: int) -> Column:
        """Add up cents by month (the opening first), account and code: shape (months + 1, accounts, width)."""
        total = np.zeros((self.months + 1, len(self.accounts), width), dtype=np.int64)
        at = tuple(rows[name].to_numpy() for name in ("month", "account", column))
        np.add.at(total, (at[0] - BEFORE, *at[1:]), rows["cents"].to_numpy())
        return total

    @cached_property
    def sums(self) -> Column:
        """Debits less credits by month (the opening first), account and item, leaving out what closes the month."""
        return self.spread(self.legs.filter(pl.col("good") != Good.CLOSING), "item", len(Item))

    @staticmethod
    def side(item: int) -> int:
        """Say how a stock is shown above 0: 1 for an asset, a debit; -1 for a liability or equity, a credit."""
        return 1 if item in ASSETS else -1

    def account_id(self, name: str) -> int:
        """Find an account's code by its name.

        Raises
        ------
        ValueError
            If there is no such account; the message names the nearest.
        """
        if name in self.accounts.index:
            return self.accounts.index[name]
        near = get_close_matches(name, self.accounts.names, n=1)
        raise ValueError(f"unknown account {name!r}." + (f" Did you mean {near[0]!r}?" if near else ""))

    def number(self, month: date) -> int:
        """Count months from the start to a date.

        Raises
        ------
        ValueError
            If the month is not one of this run's.
        """
        number = (month.year - self.start.year) * 12 + month.month - self.start.month
        if 0 <= number < self.months:
            return number
        raise ValueError(f"{month:%Y-%m} is not in this run of {self.months} months from {self.start:%Y-%m}")

    def dated(self, column: str = "month") -> pl.Expr:
        """Turn month numbers into dates, the first of each month."""
        codes = range(BEFORE, self.months)
        first = self.start.year * 12 + self.start.month - 1
        dates = [date((first + code) // 12, (first + code) % 12 + 1, 1) for code in codes]
        return pl.col(column).replace_strict(list(codes), dates, return_dtype=pl.Date)

    def named(self, column: str) -> pl.Expr:
        """Turn account codes into names; no counterparty becomes null."""
        return named_by(column, self.accounts.names)

    def having(self, attribute: str, column: str) -> pl.Expr:
        """Turn account codes into an attribute of the account: layer, owner or region."""
        return named_by(column, [getattr(row, attribute) for row in self.accounts.rows])


def named_by(column: str, words: Sequence[str | None]) -> pl.Expr:
    """Turn codes from 0 into words; a code beyond them becomes null."""
    codes = list(range(len(words)))
    return pl.col(column).replace_strict(codes, words, default=None, return_dtype=pl.String)


def good_names(column: str = "good") -> pl.Expr:
    """Turn codes of goods into their names."""
    return named_by(column, [GOODS[good].name for good in Good])


def item_names(column: str = "item") -> pl.Expr:
    """Turn codes of items into their names."""
    return named_by(column, list(ITEMS))


def _unit(good: Good) -> str:
    """Name the unit of a good, and the size of a priced lot where it is larger."""
    traded = GOODS[good]
    return traded.unit if traded.per == 1 else f"{traded.unit} (priced per {traded.per:,})"


def journal_frame(books: Books) -> pl.DataFrame:
    """Every entry of the books in words.

    Columns: entry, month (Date), phase, batch, debit_account, debit_item, credit_account, credit_item,
    counterparty (null for nobody), good, quantity, cents, and price_nano: nano-dollars per priced lot, null
    where nothing was priced. Quantity and price are those of the whole deal, in every entry that belongs to it: the
    invoice has all its cents, the entries of what was prepaid, paid and left owing each their part. The opening stands
    in the first month with phase 0.
    """
    accounts = [books.named(column) for column in ("debit_account", "credit_account", "counterparty")]
    items = [item_names(column) for column in ("debit_item", "credit_item")]
    price = pl.when(pl.col("price") != 0).then("price").alias("price_nano")
    in_words = books.entries.with_columns(pl.col("month").clip(0)).with_columns(
        books.dated(), *accounts, *items, good_names(), price
    )
    names = [field.name for field in fields(Journal) if field.name != "price"]
    return in_words.select("entry", *names, "price_nano")


def flows_frame(books: Books) -> pl.DataFrame:
    """Every payment of cash in plain words, one row each, cents above 0.

    Columns: entry, month (Date), phase, batch, payer, payee, payer_layer, payee_layer, good, quantity, unit,
    price (USD per priced lot, null where nothing was priced) and cents. The quantity is what the payment pays for, so
    that quantity x price = cents to the rounding of the invoice: of a bill paid in part the same part of its units
    (where a deposit or a debt covers the rest), and of an amount of money the cents.
    """
    cash = (pl.col("debit_item") == Item.CASH) & (pl.col("credit_item") == Item.CASH)
    return books.entries.filter(cash).select(
        "entry",
        books.dated(),
        "phase",
        "batch",
        books.named("credit_account").alias("payer"),
        books.named("debit_account").alias("payee"),
        books.having("layer", "credit_account").alias("payer_layer"),
        books.having("layer", "debit_account").alias("payee_layer"),
        good_names(),
        _paid_for().alias("quantity"),
        named_by("good", [_unit(good) for good in Good]).alias("unit"),
        pl.when(pl.col("price") != 0).then(pl.col("price") / NANO).alias("price"),
        "cents",
    )


def _paid_for() -> pl.Expr:
    """Compute the units that a payment pays for: all of the deal's if it pays the whole bill, else a part of them."""
    money = pl.col("good").is_in([good for good in Good if GOODS[good].unit == CENT])
    lots = {int(good): GOODS[good].per * NANO_A_CENT for good in Good}
    lot = pl.col("good").replace_strict(lots, return_dtype=pl.Float64)
    bill = pl.col("quantity").cast(pl.Float64) * pl.col("price") / lot
    in_part = (pl.col("price") != 0) & (pl.col("cents") < bill.round(mode="half_to_even"))
    units = pl.when(in_part).then(pl.col("cents") * lot / pl.col("price")).otherwise("quantity")
    return pl.when(money).then("cents").otherwise(units).cast(pl.Float64)


def balances(books: Books) -> pl.DataFrame:
    """What every account has and owes at the end of each month, in codes.

    Columns: month (from -1, the opening), account, item, other (-1 where the item has no counterparty), cents,
    assets above 0 and liabilities and equity above 0 too. Rows of 0 cents are left out, but for cash and
    equity. Income that is not yet closed counts as equity.
    """
    keys = ["account", "item", "other"]
    item = pl.when(pl.col("item") > Item.EQUITY).then(Item.EQUITY).otherwise("item").cast(pl.Int64)
    other = pl.when(pl.col("item").is_in(list(HAS_COUNTERPARTY))).then("other").otherwise(NOBODY).cast(pl.Int64)
    moved = books.legs.with_columns(item=item, other=other).group_by("month", *keys).agg(pl.col("cents").sum())
    always = pl.DataFrame({"item": [Item.CASH, Item.EQUITY], "other": [NOBODY, NOBODY]}, schema_overrides=_INT)
    pairs = books.grid(BEFORE).join(always, how="cross").unique(keys).select(keys)
    pairs = pl.concat([pairs, moved.select(keys)]).unique()
    months = books.grid(BEFORE).select("month").unique()
    held = pairs.join(months, how="cross").join(moved, on=["month", *keys], how="left").sort(*keys, "month")
    held = held.with_columns(pl.col("cents").fill_null(0).cum_sum().over(keys))
    shown = (pl.col("cents") != 0) | pl.col("item").is_in([Item.CASH, Item.EQUITY])
    sign = pl.when(pl.col("item").is_in(list(ASSETS))).then(1).otherwise(-1)
    return (
        held.filter(shown)
        .with_columns(cents=sign * pl.col("cents"))
        .select("month", *keys, "cents")
        .sort("month", *keys)
    )


_INT = {"item": pl.Int64, "other": pl.Int64}


def balances_frame(books: Books) -> pl.DataFrame:
    """What every account has and owes at the end of each month, in words; the first month is the opening.

    Columns: month (Date), account, layer, item, counterparty (null where the item has none), cents. For each
    account and month, assets = payables + customer_deposits + loans + equity; equity and cash may be negative.
    """
    return balances(books).select(
        books.dated(),
        books.named("account"),
        books.having("layer", "account").alias("layer"),
        item_names(),
        books.named("other").alias("counterparty"),
        "cents",
    )

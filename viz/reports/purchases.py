"""Purchases by buyer, good and seller, from the journal: the parts of final spending and of the books' lines."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl

from watersellers.market.goods import ALL_TOKENS, CHAIN, GOODS
from watersellers.viz.charts.books import Part
from watersellers.viz.drawing.theme import CUSTOMERS
from watersellers.viz.reports.run_tables import Run

CLOSING = "closing"  # entries that close a month, which are no trades
# The kind of each good as readers see it; any other good is a kind of its own.
KINDS = {
    "seats": "subscriptions",
    "queries_paid": "queries",
    "attention": "ads",
    **{GOODS[good].name: "tokens" for good in ALL_TOKENS},
    "accelerators": "machines",
    "gpu_hours": "hours",
}
ASSUMED = ("machines", "hours")  # bought by enterprises for models of their own

TRADE_LINES = ("revenue", "cost_of_sales", "operating_cost")  # lines of the income statement made of trades
NAMED = 6  # trades of a line that are shown separately, the rest together


def nominal(journal: pl.DataFrame, item: str) -> pl.DataFrame:
    """List the entries that make up a line of the income statement.

    Parameters
    ----------
    journal : pl.DataFrame
        month, debit_account, debit_item, credit_account, credit_item, good, cents.
    item : str
        revenue, cost_of_sales or operating_cost.

    Returns
    -------
    pl.DataFrame
        month, account, other (the counterparty), kind, cents (negative for reversals).
    """
    own, across = ("credit", "debit") if item == "revenue" else ("debit", "credit")
    real = journal.filter(pl.col("good") != CLOSING)
    return pl.concat(
        real.filter(pl.col(f"{side}_item") == item).select(
            "month",
            account=f"{side}_account",
            other=f"{opposite}_account",
            kind=pl.col("good").replace(KINDS),
            cents=sign * pl.col("cents"),
        )
        for side, opposite, sign in ((own, across, 1), (across, own, -1))
    )


def layers_of(run: Run) -> Mapping[str, str]:
    """Return the layer of every account."""
    return dict(run.balances.select("account", "layer").unique().iter_rows())


def sold_outside(run: Run, months: Collection[date]) -> pl.DataFrame:
    """Add up the sales of the chain's firms to buyers outside the chain.

    Returns
    -------
    pl.DataFrame
        payer, layer, kind, seller (its layer), cents (whole): users first, then enterprises, advertisers and others;
        the largest first within each.
    """
    layer = layers_of(run)
    sold = nominal(run.journal, "revenue").filter(pl.col("month").is_in(list(months)))
    named = sold.with_columns(
        seller=pl.col("account").replace_strict(layer, default=None, return_dtype=pl.String),
        layer=pl.col("other").replace_strict(layer, default=None, return_dtype=pl.String),
    ).filter(pl.col("seller").is_in(CHAIN), ~pl.col("layer").is_in(CHAIN))
    sums = (
        named.group_by("layer", "kind", "seller", payer="other").agg(pl.col("cents").sum()).filter(pl.col("cents") != 0)
    )
    order = pl.col("layer").replace_strict(
        list(CUSTOMERS), range(len(CUSTOMERS)), default=len(CUSTOMERS), return_dtype=pl.Int64
    )
    paid = pl.col("cents").sum().over("payer")
    ranked = sums.sort(order, -paid, "payer", -pl.col("cents"), "kind", "seller")
    return ranked.select("payer", "layer", "kind", "seller", "cents")


def is_final() -> pl.Expr:
    """Select final spending: purchases by users, enterprises and advertisers."""
    return pl.col("layer").is_in(CUSTOMERS)


def is_assumed() -> pl.Expr:
    """Select the machines and GPU-hours that enterprises buy for themselves."""
    return (pl.col("layer") == "enterprises") & pl.col("kind").is_in(ASSUMED)


def parts_of(journal: pl.DataFrame, months: Sequence[date]) -> dict[str, dict[str, list[Part]]]:
    """Break down revenue, cost of sales and operating cost of every firm by good and partner.

    Returns
    -------
    dict of dict of list of Part
        By firm and line: the largest trades of the run first, then all others as one part. In each month the cents
        add up to the line.
    """
    index_of = {month: index for index, month in enumerate(months)}
    found: dict[str, dict[str, list[Part]]] = {}
    for line in TRADE_LINES:
        sums = nominal(journal, line).group_by("account", "kind", "other", "month").agg(pl.col("cents").sum())
        trades: dict[str, dict[tuple[str, str], list[int]]] = {}
        for firm, kind, other, month, cents in sums.iter_rows():
            of_firm = trades.setdefault(firm, {})
            of_firm.setdefault((kind, other), [0] * len(months))[index_of[month]] += cents
        for firm, each in trades.items():
            found.setdefault(firm, {})[line] = _largest([Part(*key, cents) for key, cents in each.items()])
    return found


def _largest(parts: Sequence[Part]) -> list[Part]:
    """Keep the largest parts and add up the others; a single other part is kept too."""
    ranked = sorted(parts, key=lambda part: (-abs(sum(part.cents)), part.kind, part.other))
    if len(ranked) <= NAMED + 1:
        return ranked
    rest = [sum(cents) for cents in zip(*(part.cents for part in ranked[NAMED:]), strict=True)]
    return [*ranked[:NAMED], Part("", "", rest)]

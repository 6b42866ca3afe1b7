"""Who bought what from whom, as the journal invoices it: what final spending and the lines of the books are made of."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl

from watersellers.market.goods import CHAIN
from watersellers.viz.charts.books import Part
from watersellers.viz.tables import Run
from watersellers.viz.theme import CUSTOMERS

CLOSING = "closing"  # the entries that end a month are no trade
# Goods of one kind to a reader; any other good is a kind by itself.
KINDS = {
    "seats": "subscriptions",
    "queries_paid": "queries",
    "attention": "ads",
    "tokens_cached": "tokens",
    "tokens_input": "tokens",
    "tokens_output": "tokens",
    "accelerators": "machines",
    "gpu_hours": "hours",
}
ASSUMED = ("machines", "hours")  # what enterprises buy for themselves, on a path that the scenario gives

PARTED = ("revenue", "cost_of_sales", "operating_cost")  # lines of the income statement that are trades
NAMED = 6  # trades of a line shown each by itself, the rest together


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
        month, account, other (who stands opposite), kind, cents: above 0 what adds to the line, below what was undone.
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
    """Give the layer of every account."""
    return dict(run.balances.select("account", "layer").unique().iter_rows())


def sold_outside(run: Run, months: Collection[date]) -> pl.DataFrame:
    """Add up what firms of the chain sold to everybody outside it.

    Returns
    -------
    pl.DataFrame
        payer, layer, kind, seller (its layer), cents (whole): users first, then enterprises, advertisers and others;
        the largest first.
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
    """Choose what counts as final spending: purchases of users, enterprises and advertisers."""
    return pl.col("layer").is_in(CUSTOMERS)


def is_assumed() -> pl.Expr:
    """Choose the machines and hours that enterprises buy for themselves."""
    return (pl.col("layer") == "enterprises") & pl.col("kind").is_in(ASSUMED)


def parts_of(journal: pl.DataFrame, months: Sequence[date]) -> dict[str, dict[str, list[Part]]]:
    """Split revenue, cost of sales and operating cost of every firm by what was traded with whom.

    Returns
    -------
    dict of dict of list of Part
        By firm and line: the largest trades over the run first, then all others as one part. The cents of a month
        add up to the line's.
    """
    place = {month: index for index, month in enumerate(months)}
    found: dict[str, dict[str, list[Part]]] = {}
    for line in PARTED:
        sums = nominal(journal, line).group_by("account", "kind", "other", "month").agg(pl.col("cents").sum())
        trades: dict[str, dict[tuple[str, str], list[int]]] = {}
        for firm, kind, other, month, cents in sums.iter_rows():
            of_firm = trades.setdefault(firm, {})
            of_firm.setdefault((kind, other), [0] * len(months))[place[month]] += cents
        for firm, each in trades.items():
            found.setdefault(firm, {})[line] = _largest([Part(*key, cents) for key, cents in each.items()])
    return found


def _largest(parts: Sequence[Part]) -> list[Part]:
    """Keep the largest parts by themselves and add the others up; one alone among the others is kept too."""
    ranked = sorted(parts, key=lambda part: (-abs(sum(part.cents)), part.kind, part.other))
    if len(ranked) <= NAMED + 1:
        return ranked
    rest = [sum(cents) for cents in zip(*(part.cents for part in ranked[NAMED:]), strict=True)]
    return [*ranked[:NAMED], Part("", "", rest)]

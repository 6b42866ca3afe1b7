"""Whether ten years of a world stay plausible: claims that hold whoever earns, each judged in a run of its own seed."""

from collections.abc import Sequence
from itertools import groupby

import polars as pl

from watersellers.experiments.runs.result import Result
from watersellers.market.goods import CHAIN

POWER = 0.1  # dollars an hour: the least that an hour in service costs
DEAR = 20.0  # dollars an hour: five times the first rent
BUST = 5  # years on end in which a layer may lose money: machines last as long, so a fleet that is to stay was replaced
IDLE = 0.1  # of its capacity, below which a firm counts as idle
SMALL = 0.05  # of its largest capacity, to which a firm has cut all that it can: it waits for orders then
YEAR = 12  # months
MILLION = 10**6  # tokens, for which their price is asked
FINAL = ("users", "enterprises", "advertisers", "world")


def sanity(result: Result) -> dict[str, bool]:
    """Check what has to hold in any world: who pays, rents, idle firms, hyperscalers, and that a bust ends.

    Rents lie between the cost of power and the worth of the tokens that an hour makes (design, section 8). Up to five
    times the first rent nothing is asked, since labs pay for hours out of money that investors gave them; in a year in
    which hours were dearer, the region's tokens have to fetch what its hours cost.
    """
    rents = {home: _rents_are_worth_it(result, home) for home in sorted(set(result.markets["region"]))}
    return {
        "no layer earns more in a year than final spending and outside money": _profits_are_paid(result),
        "the rest of the world pays every income": result.events.filter(what="short_of_incomes").is_empty(),
        **{f"rents lie between power and what tokens fetch ({home})": held for home, held in rents.items()},
        "a firm that idles for a year cuts, writes off or leaves": not idle_firms(result),
        "no hyperscaler is wound up": not wound_up_hyperscalers(result),
        f"neither chips nor clouds lose money for more than {BUST} years on end": longest_bust(result) <= BUST,
    }


def _profits_are_paid(result: Result) -> bool:
    yearly = result.layers.with_columns(year=pl.col("month").dt.year())
    spent = _by_year(yearly.filter(pl.col("layer").is_in(FINAL)), "bought_from_chain")
    capital = result.flows.filter(pl.col("good").is_in(["shares", "contribution"]))
    paid_in = _by_year(capital.with_columns(year=pl.col("month").dt.year()), "cents")
    profits = [_by_year(yearly.filter(layer=layer), "operating_profit") for layer in CHAIN]
    return all(earned <= spent[year] + paid_in.get(year, 0) for one in profits for year, earned in one.items())


def _rents_are_worth_it(result: Result, home: str) -> bool:
    asked = result.firms.filter(pl.col("alive"), layer="cloud", region=home)["price"]
    hours, tokens = (
        result.markets.filter(region=home, good=good).select(
            "month", "price", paid=pl.col("price") * pl.col("delivered")
        )
        for good in ("machine_hours", "tokens")
    )
    both = hours.join(tokens, on="month", suffix="_for_tokens").with_columns(year=pl.col("month").dt.year())
    yearly = both.group_by("year").agg(pl.col("price").max(), pl.col("paid", "paid_for_tokens").sum())
    dear = yearly.filter(pl.col("price") > DEAR, pl.col("paid") > pl.col("paid_for_tokens") / MILLION)
    return bool(asked.is_empty() or asked.min() > POWER) and dear.is_empty()  # type: ignore[operator]


def idle_firms(result: Result) -> list[str]:
    """Return vendors and clouds that used below a tenth of what they had for over a year and did nothing about it.

    A firm does something in a month in which its capacity falls or it writes off machines; one that has cut all but a
    twentieth of its largest capacity has done what it can.
    """
    having = result.firms.filter(pl.col("alive"), pl.col("capacity") > 0).sort("firm", "month")
    known = having.with_columns(
        cut=pl.col("capacity") < pl.col("capacity").shift(1).over("firm"),
        most=pl.col("capacity").cum_max().over("firm"),
    )
    passive = known.select(
        "firm",
        passive=(pl.col("used_share") < IDLE)
        & ~pl.col("cut").fill_null(value=False)
        & (pl.col("impairment") == 0)
        & (pl.col("capacity") > SMALL * pl.col("most")),
    )
    return sorted(
        {firm for (firm, is_passive), months in groupby(passive.rows()) if is_passive and len(list(months)) > YEAR}
    )


def wound_up_hyperscalers(result: Result) -> list[str]:
    """Return clouds that an owner grants money out of older businesses, and that were wound up all the same."""
    granted = result.flows.filter(good="contribution", payee_layer="cloud")["payee"].unique()
    ended = result.events.filter(pl.col("what") == "exit", pl.col("who").is_in(granted.implode()))
    return sorted(ended["who"].unique())


def longest_bust(result: Result) -> int:
    """Return the most years on end in which chips, or clouds, had an operating loss."""
    yearly = result.layers.with_columns(year=pl.col("month").dt.year())
    losses = [
        [profit < 0 for _, profit in sorted(_by_year(yearly.filter(layer=layer), "operating_profit").items())]
        for layer in ("chips", "cloud")
    ]
    return max(_longest(each) for each in losses)


def _longest(marks: Sequence[bool]) -> int:
    return max((len(list(run)) for mark, run in groupby(marks) if mark), default=0)


def _by_year(rows: pl.DataFrame, what: str) -> dict[int, int]:
    return dict(rows.group_by("year").agg(pl.col(what).sum()).iter_rows())

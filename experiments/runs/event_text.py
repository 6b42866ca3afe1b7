"""Events in words: those of each month, and those that only the finished tables show.

A recorded text names firms and amounts in braces, exactly: ``{openai} raises {32166015300 cents}``. Here they
become titles and round figures.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

import polars as pl

from watersellers.market.goods import CHAIN

QUARTER = 3  # months
LOSSES = 3  # months in a row after which a profit is news
QUIET = 12  # months in which the same news about a firm is not repeated
FEW = 20  # from this number of units on, amounts have no decimal digit
LAYERS = {"chips": "Chip vendors", "cloud": "Clouds", "labs": "Model labs", "apps": "App companies"}
_BRACES = re.compile(r"\{(?:(\d+) cents|(\w+))\}")

type Event = tuple[date, str, str, str]  # month, what, who, text


def events_in_words(
    events: pl.DataFrame, tables: Mapping[str, pl.DataFrame], titles: Mapping[str, str]
) -> pl.DataFrame:
    """Put a run's events into words, add the events that its tables show, and sort all by month."""
    firms = tables["firms"].sort("firm", "month")
    rows = [*first_profits(firms), *halved_sales(firms), *short_of_cash(firms), *turned_layers(tables["layers"])]
    found = pl.concat([events, pl.DataFrame(rows, schema=events.schema, orient="row")])
    words = [text_in_words(text, titles) for text in found["text"]]
    return found.with_columns(text=pl.Series(words, dtype=pl.String)).sort("month", maintain_order=True)


def text_in_words(text: str, titles: Mapping[str, str]) -> str:
    """Replace the braces in a text: firms by their titles, cents by round dollars."""
    return _BRACES.sub(
        lambda found: amount_in_words(int(found[1])) if found[1] else titles.get(found[2], found[2]), text
    )


def amount_in_words(cents: int) -> str:
    """Write an amount in words: 322 million dollars, 1.1 billion dollars."""
    dollars = cents / 100
    for size, word in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"), (1e3, " thousand")):
        if dollars >= size * 0.9995:
            return f"{_round(dollars / size)}{word} dollars"
    return f"{_round(dollars)} dollars"


def _round(value: float) -> str:
    return f"{value:,.0f}" if value >= FEW else f"{value:.1f}".removesuffix(".0")


def first_profits(firms: pl.DataFrame) -> Iterator[Event]:
    """Find firms that earn their first operating profit after losses since they entered."""
    for firm, months, profits in _histories(firms, "firm", "operating_profit"):
        first = next((at for at, profit in enumerate(profits) if profit > 0), 0)
        if first >= LOSSES and max(profits[:first]) < 0:
            text = f"{{{firm}}} makes its first operating profit, after {first} months of loss"
            yield months[first], "first_profit", firm, text


def halved_sales(firms: pl.DataFrame) -> Iterator[Event]:
    """Find chip vendors whose sales in a quarter are less than half of those in the quarter before."""
    vendors = firms.filter(layer="chips")
    for firm, months, revenue in _histories(vendors, "firm", "revenue"):
        sums = _quarters(revenue)
        fallen = [at for at in range(QUARTER, len(sums)) if 0 < 2 * sums[at] < sums[at - QUARTER]]
        for at in _spaced(fallen):
            before, now = sums[at - QUARTER], sums[at]
            text = f"Sales of {{{firm}}} more than halve within a quarter, from {{{before} cents}} to {{{now} cents}}"
            yield months[at + QUARTER - 1], "sales_halved", firm, text


def short_of_cash(firms: pl.DataFrame) -> Iterator[Event]:
    """Find firms without an owner behind them whose cash lasts less than a quarter at the rate they burn it."""
    without_owner = firms.filter(pl.col("owner") == pl.col("firm"), pl.col("alive"))
    cash = {firm: balances for firm, _, balances in _histories(without_owner, "firm", "cash")}
    for firm, months, flows in _histories(without_owner, "firm", "free_cash_flow"):
        burned = [-each for each in _quarters(flows)]
        short = [at for at, burn in enumerate(burned) if burn > 0 and cash[firm][at + QUARTER - 1] < burn]
        for at in _spaced(short):
            left = cash[firm][at + QUARTER - 1]
            text = f"{{{firm}}} has {{{left} cents}} left, less than three months' worth at the rate it burns cash"
            yield months[at + QUARTER - 1], "short_of_cash", firm, text


def turned_layers(layers: pl.DataFrame) -> Iterator[Event]:
    """Find layers that turn from profit to loss, or back, measured over three months."""
    chain = layers.filter(pl.col("layer").is_in(CHAIN)).sort("layer", "month")
    for layer, months, profits in _histories(chain, "layer", "operating_profit"):
        for at, (before, now) in enumerate(pairwise(_quarters(profits)), start=QUARTER):
            if before * now < 0:
                turn = "from profit to loss" if now < 0 else "from loss to profit"
                text = f"{LAYERS[layer]}, taken together, turn {turn} over the last three months"
                yield months[at], "layer_turned", layer, text


def _histories(frame: pl.DataFrame, by: str, column: str) -> Iterator[tuple[str, list[date], list[int]]]:
    """Yield each name with its months and amounts, in order of time."""
    rows = frame.group_by(by, maintain_order=True).agg("month", column)
    yield from rows.select(by, "month", column).iter_rows()


def _quarters(amounts: Sequence[int]) -> list[int]:
    """Add up each three consecutive months."""
    return [sum(amounts[first : first + QUARTER]) for first in range(len(amounts) - QUARTER + 1)]


def _spaced(months_in_question: Iterable[int]) -> Iterator[int]:
    """Leave out months that follow within a year on one that was kept."""
    last = -QUIET
    for at in months_in_question:
        if at - last >= QUIET:
            yield at
            last = at

"""What is worth telling a class: the months' events in words, and what only the finished tables show.

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
QUIET = 12  # months in which the same news of the same firm is not told again
FEW = 20  # of a unit; more of them are told without a digit after the point
LAYERS = {"chips": "Chip vendors", "cloud": "Clouds", "labs": "Model labs", "apps": "App companies"}
_BRACES = re.compile(r"\{(?:(\d+) cents|(\w+))\}")

type Event = tuple[date, str, str, str]  # month, what, who, text


def told(events: pl.DataFrame, tables: Mapping[str, pl.DataFrame], titles: Mapping[str, str]) -> pl.DataFrame:
    """Put a run's events into words, and add those that its tables of firms and layers show, in the order of months."""
    firms = tables["firms"].sort("firm", "month")
    rows = [*first_profits(firms), *halved_sales(firms), *short_of_cash(firms), *turned_layers(tables["layers"])]
    found = pl.concat([events, pl.DataFrame(rows, schema=events.schema, orient="row")])
    words = [worded(text, titles) for text in found["text"]]
    return found.with_columns(text=pl.Series(words, dtype=pl.String)).sort("month", maintain_order=True)


def worded(text: str, titles: Mapping[str, str]) -> str:
    """Write what stands in braces in words: a firm by its title, cents in round dollars."""
    return _BRACES.sub(lambda found: amount(int(found[1])) if found[1] else titles.get(found[2], found[2]), text)


def amount(cents: int) -> str:
    """Say an amount as one says it aloud: 322 million dollars, 1.1 billion dollars."""
    dollars = cents / 100
    for size, word in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"), (1e3, " thousand")):
        if dollars >= size * 0.9995:
            return f"{_round(dollars / size)}{word} dollars"
    return f"{_round(dollars)} dollars"


def _round(value: float) -> str:
    return f"{value:,.0f}" if value >= FEW else f"{value:.1f}".removesuffix(".0")


def first_profits(firms: pl.DataFrame) -> Iterator[Event]:
    """Firms that earn an operating profit for the first time, after losses ever since they came."""
    for firm, months, profits in _histories(firms, "firm", "operating_profit"):
        first = next((place for place, profit in enumerate(profits) if profit > 0), 0)
        if first >= LOSSES and max(profits[:first]) < 0:
            text = f"{{{firm}}} makes its first operating profit, after {first} months of loss"
            yield months[first], "first_profit", firm, text


def halved_sales(firms: pl.DataFrame) -> Iterator[Event]:
    """Chip vendors that sell less than half in a quarter of what they sold in the quarter before."""
    vendors = firms.filter(layer="chips")
    for firm, months, revenue in _histories(vendors, "firm", "revenue"):
        sums = _quarters(revenue)
        fallen = [place for place in range(QUARTER, len(sums)) if 0 < 2 * sums[place] < sums[place - QUARTER]]
        for place in _spaced(fallen):
            before, now = sums[place - QUARTER], sums[place]
            text = f"Sales of {{{firm}}} more than halve within a quarter, from {{{before} cents}} to {{{now} cents}}"
            yield months[place + QUARTER - 1], "sales_halved", firm, text


def short_of_cash(firms: pl.DataFrame) -> Iterator[Event]:
    """Firms with no owner behind them whose cash lasts less than a quarter at the rate at which they burned it."""
    alone = firms.filter(pl.col("owner") == pl.col("firm"), pl.col("alive"))
    cash = {firm: held for firm, _, held in _histories(alone, "firm", "cash")}
    for firm, months, flows in _histories(alone, "firm", "free_cash_flow"):
        burned = [-each for each in _quarters(flows)]
        short = [place for place, burn in enumerate(burned) if burn > 0 and cash[firm][place + QUARTER - 1] < burn]
        for place in _spaced(short):
            left = cash[firm][place + QUARTER - 1]
            text = f"{{{firm}}} has {{{left} cents}} left, less than three months' worth at the rate it burns cash"
            yield months[place + QUARTER - 1], "short_of_cash", firm, text


def turned_layers(layers: pl.DataFrame) -> Iterator[Event]:
    """Layers that turn from profit to loss over a quarter, or back."""
    chain = layers.filter(pl.col("layer").is_in(CHAIN)).sort("layer", "month")
    for layer, months, profits in _histories(chain, "layer", "operating_profit"):
        for place, (before, now) in enumerate(pairwise(_quarters(profits)), start=QUARTER):
            if before * now < 0:
                turn = "from profit to loss" if now < 0 else "from loss to profit"
                text = f"{LAYERS[layer]}, taken together, turn {turn} over the last three months"
                yield months[place], "layer_turned", layer, text


def _histories(frame: pl.DataFrame, by: str, column: str) -> Iterator[tuple[str, list[date], list[int]]]:
    """Give each name with its months and its amounts, in their order."""
    rows = frame.group_by(by, maintain_order=True).agg("month", column)
    yield from rows.select(by, "month", column).iter_rows()


def _quarters(amounts: Sequence[int]) -> list[int]:
    """Add up every three months in a row."""
    return [sum(amounts[first : first + QUARTER]) for first in range(len(amounts) - QUARTER + 1)]


def _spaced(places: Iterable[int]) -> Iterator[int]:
    """Leave out what follows within a year on what was told already."""
    last = -QUIET
    for place in places:
        if place - last >= QUIET:
            yield place
            last = place

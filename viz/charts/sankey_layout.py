"""Where the bars and bands of a Sankey lie, in cents: what the links carry adds up to the table's cents exactly.

Money runs from right (who pays for it all) to left (who is paid in the end), so that the layers keep their order.
Firms that are small within their layer are one bar; a sector outside the chain stands on the right with what it pays
and on the left with what it gets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from watersellers.market.goods import CHAIN, LAYERS

WIDTH, HEIGHT = 1200.0, 760.0
TOP, EDGE = 36.0, 190.0  # above the bars; beside them, for the names of the sectors outside
BAR, GAP = 14.0, 36.0  # a bar's width, and the room between bars, enough for two lines of text
MAIN = 4  # firms drawn by name in each layer
FUNDING = ("shares", "contribution", "dividend")  # money of investors and owners, given for no good
SHAREHOLDERS = "shareholders"  # a bar for dividends, which the books hold among all that the world gets


class Stop(NamedTuple):
    """A bar of the picture: a firm, the small firms of a layer, or a sector on one of the two sides."""

    column: int  # 0 what sectors get, then the chain's layers, then what sectors pay
    layer: str
    name: str  # empty for the small firms of a layer


class Link(NamedTuple):
    """Money from one bar to another, in cents: for goods, or as money of investors and owners."""

    payer: Stop
    payee: Stop
    cents: int
    funding: bool


@dataclass(frozen=True)
class Bar:
    """Where a bar stands, with the cents that came in and went out."""

    stop: Stop
    x: float
    y: float
    height: float
    got: int
    paid: int


@dataclass(frozen=True)
class Band:
    """A link as it is drawn: the middle of its ends, and its width."""

    link: Link
    start: tuple[float, float]
    end: tuple[float, float]
    width: float


def touching_chain() -> pl.Expr:
    """Choose the payments that a firm of the chain makes or gets."""
    return pl.col("payer_layer").is_in(CHAIN) | pl.col("payee_layer").is_in(CHAIN)


def links(flows: pl.DataFrame, main: int = MAIN) -> list[Link]:
    """Add up payments between the bars of the picture.

    Parameters
    ----------
    flows : pl.DataFrame
        payer, payee, payer_layer, payee_layer, good and cents: the payments of the time to be drawn.
    main : int
        How many firms of each layer, by what they got and paid, are drawn by name.

    Returns
    -------
    list of Link
        The largest first. Their cents add up to those of the payments that touch the chain.
    """
    pairs = ["payer", "payer_layer", "payee", "payee_layer", "funding"]
    drawn = _with_shareholders(flows.filter(touching_chain())).group_by(pairs).agg(pl.col("cents").sum())
    named = _main_firms(drawn, main)
    sums: dict[tuple[Stop, Stop, bool], int] = {}
    for payer, payer_layer, payee, payee_layer, funding, cents in drawn.iter_rows():
        ends = _stop(payer, payer_layer, named, len(CHAIN) + 1), _stop(payee, payee_layer, named, 0), funding
        sums[ends] = sums.get(ends, 0) + cents
    found = (Link(payer, payee, cents, funding) for (payer, payee, funding), cents in sums.items())
    return sorted(found, key=lambda link: (-link.cents, link))


def _with_shareholders(flows: pl.DataFrame) -> pl.DataFrame:
    """Tell money of investors and owners from payments for goods, and shareholders from the rest of the world."""
    paid_out = (pl.col("good") == "dividend") & (pl.col("payee_layer") == "world")
    return flows.with_columns(
        payee=pl.when(paid_out).then(pl.lit(SHAREHOLDERS)).otherwise("payee"),
        payee_layer=pl.when(paid_out).then(pl.lit("investors")).otherwise("payee_layer"),
        funding=pl.col("good").is_in(FUNDING),
    )


def _main_firms(drawn: pl.DataFrame, main: int) -> set[str]:
    """Name the largest firms of each layer; a firm that would be alone among the others is named too."""
    sides = [drawn.select(firm=side, layer=f"{side}_layer", cents="cents") for side in ("payer", "payee")]
    sums = pl.concat(sides).filter(pl.col("layer").is_in(CHAIN)).group_by("layer", "firm").agg(pl.col("cents").sum())
    ranked = sums.sort("layer", "cents", "firm", descending=[False, True, False])
    counted = ranked.with_columns(rank=pl.int_range(pl.len()).over("layer"), firms=pl.len().over("layer"))
    return set(counted.filter((pl.col("rank") < main) | (pl.col("firms") <= main + 1))["firm"])


def _stop(name: str, layer: str, named: set[str], outside: int) -> Stop:
    if layer not in CHAIN:
        return Stop(outside, layer, name)
    return Stop(CHAIN.index(layer) + 1, layer, name if name in named else "")


def bars(drawn: Sequence[Link]) -> list[Bar]:
    """Stack the bars of each column, larger first, all to one scale."""
    got, paid = _sums(drawn, "payee"), _sums(drawn, "payer")
    columns: dict[int, list[Stop]] = {}
    for stop in sorted(got | paid, key=lambda stop: _rank(stop, got, paid)):
        columns.setdefault(stop.column, []).append(stop)
    scale = min((_scale(stops, got, paid) for stops in columns.values()), default=1.0)
    return [bar for stops in columns.values() for bar in _column(stops, scale, got, paid)]


def _sums(drawn: Sequence[Link], side: str) -> dict[Stop, int]:
    sums: dict[Stop, int] = {}
    for link in drawn:
        stop = getattr(link, side)
        sums[stop] = sums.get(stop, 0) + link.cents
    return sums


def _size(stop: Stop, got: Mapping[Stop, int], paid: Mapping[Stop, int]) -> int:
    return max(got.get(stop, 0), paid.get(stop, 0))


def _rank(stop: Stop, got: Mapping[Stop, int], paid: Mapping[Stop, int]) -> tuple:
    """Order bars from above: sectors by kind, firms by size, the small firms of a layer last."""
    outside = stop.layer not in CHAIN
    kind = LAYERS.index(stop.layer) if outside and stop.layer in LAYERS else 0
    return stop.column, kind, not stop.name, -_size(stop, got, paid), stop.name


def _scale(stops: Sequence[Stop], got: Mapping[Stop, int], paid: Mapping[Stop, int]) -> float:
    """Give the height of a cent at which a column fills its room."""
    room = HEIGHT - TOP - GAP * (len(stops) + 0.5)
    return room / max(1, sum(_size(stop, got, paid) for stop in stops))


def _column(stops: Sequence[Stop], scale: float, got: Mapping[Stop, int], paid: Mapping[Stop, int]) -> list[Bar]:
    x = EDGE + (WIDTH - 2 * EDGE - BAR) * stops[0].column / (len(CHAIN) + 1)
    sizes = [scale * _size(stop, got, paid) for stop in stops]
    y = TOP + GAP / 2
    stacked = []
    for stop, size in zip(stops, sizes, strict=True):
        stacked.append(Bar(stop, x, y, size, got.get(stop, 0), paid.get(stop, 0)))
        y += size + GAP
    return stacked


def bands(drawn: Sequence[Link], standing: Sequence[Bar]) -> list[Band]:
    """Lay the links between the bars: leaving a payer's left side, reaching a payee's right side, none on another."""
    by_stop = {bar.stop: bar for bar in standing}
    scale = max((bar.height / max(1, bar.got, bar.paid) for bar in standing), default=1.0)
    starts = _ends(drawn, by_stop, ("payer", "payee"), scale)
    ends = _ends(drawn, by_stop, ("payee", "payer"), scale)
    laid = []
    for link in drawn:
        start, end = by_stop[link.payer].x, by_stop[link.payee].x + BAR
        laid.append(Band(link, (start, starts[link]), (end, ends[link]), scale * link.cents))
    return laid


def _ends(
    drawn: Sequence[Link], by_stop: Mapping[Stop, Bar], sides: tuple[str, str], scale: float
) -> dict[Link, float]:
    """Give the height of each link's middle on one side, ordered by where the other side is."""
    own, other = sides
    used = {stop: bar.y for stop, bar in by_stop.items()}
    places = {}
    for link in sorted(drawn, key=lambda link: (by_stop[getattr(link, other)].y, link)):
        stop = getattr(link, own)
        places[link] = used[stop] + scale * link.cents / 2
        used[stop] += scale * link.cents
    return places

"""A year's money as a Sankey: who paid, through which firms it went, who has it then.

The layout is computed here, in cents, and only drawn in fractions: the links' cents add up to the table's exactly.
Money runs from right (who pays for it all) to left (who is paid in the end), so that the layers keep their order.
Firms that are small within their layer are drawn as one; a sector outside the chain stands on the right with what
it pays and on the left with what it gets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from viz.charts.chart import Chart, Table, empty_picture, picture
from viz.charts.scales import spread
from viz.charts.svg import Markup, element, joined, label, marker, point
from viz.theme import CHAIN, LAYERS, style_of
from viz.words import ENGLISH, Words, dollars, money

WIDTH, HEIGHT = 1120.0, 760.0
TOP, EDGE = 36.0, 150.0  # above the bars; beside them, for the names of the sectors outside
BAR, GAP = 14.0, 36.0  # a bar's width, and the room between bars, enough for two lines of text
LINE = 16.0  # from one line of text to the next
MAIN = 4  # firms drawn by name in each layer
NAMED = 3  # largest links told in the summary
SMALLEST = 0.6
CURL = 70.0


class Stop(NamedTuple):
    """A bar of the picture: a firm, the small firms of a layer, or a sector on one of the two sides."""

    column: int  # 0 what sectors get, then the chain's layers, then what sectors pay
    layer: str
    name: str  # empty for the small firms of a layer


class Link(NamedTuple):
    """Money from one bar to another, in cents."""

    payer: Stop
    payee: Stop
    cents: int


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
        payer, payee, payer_layer, payee_layer and cents: the payments of the time to be drawn.
    main : int
        How many firms of each layer, by what they got and paid, are drawn by name.

    Returns
    -------
    list of Link
        The largest first. Their cents add up to those of the payments that touch the chain.
    """
    pairs = ["payer", "payer_layer", "payee", "payee_layer"]
    drawn = flows.filter(touching_chain()).group_by(pairs).agg(pl.col("cents").sum())
    named = _main_firms(drawn, main)
    sums: dict[tuple[Stop, Stop], int] = {}
    for payer, payer_layer, payee, payee_layer, cents in drawn.iter_rows():
        ends = _stop(payer, payer_layer, named, len(CHAIN) + 1), _stop(payee, payee_layer, named, 0)
        sums[ends] = sums.get(ends, 0) + cents
    return sorted((Link(*ends, cents) for ends, cents in sums.items()), key=lambda link: (-link.cents, link))


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
    y = TOP + (HEIGHT - TOP - sum(sizes) - GAP * (len(stops) - 1)) / 2
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


def sankey_chart(flows: pl.DataFrame, period: str, say: Words = ENGLISH) -> Chart:
    """Draw the payments of a period between sectors, layers and main firms.

    Parameters
    ----------
    flows : pl.DataFrame
        payer, payee, payer_layer, payee_layer, cents: the payments of that period.
    period : str
        The period in words, for the title.
    say : Words
        The language.
    """
    drawn, title = links(flows), say("sankey.title", period=period)
    data = _data(drawn, say)
    if not drawn:
        empty = say("sankey.summary_none")
        return Chart(title, empty, empty_picture(title, empty, WIDTH), data)
    summary = _summary(drawn, flows, say)
    standing = bars(drawn)
    parts = [_heads(standing, say), joined(_band(band, say) for band in bands(drawn, standing)), *_bars(standing, say)]
    return Chart(title, summary, picture(title, summary, (WIDTH, HEIGHT), parts), data)


def stop_name(stop: Stop, say: Words = ENGLISH) -> str:
    """Name a bar."""
    return say.name(stop.name) if stop.name else say("others", layer=say.name(stop.layer).lower())


def _ends_named(link: Link, say: Words) -> list[str]:
    return [stop_name(link.payer, say), stop_name(link.payee, say)]


def _data(drawn: Sequence[Link], say: Words) -> Table:
    rows = [[*_ends_named(link, say), dollars(link.cents)] for link in drawn]
    return Table([say("table.from"), say("table.to"), say("table.amount")], rows, 2)


def _summary(drawn: Sequence[Link], flows: pl.DataFrame, say: Words) -> str:
    largest = [f"{' → '.join(_ends_named(link, say))} {money(link.cents)}" for link in drawn[:NAMED]]
    total = sum(link.cents for link in drawn)
    text = say("sankey.summary", drawn=money(total), largest=", ".join(largest))
    left_out = int(flows["cents"].sum()) - total
    if not left_out:
        return text
    return f"{text} {say('sankey.left_out', amount=money(left_out), who=say('sankey.outside'))}"


def _heads(standing: Sequence[Bar], say: Words) -> Markup:
    outside = {0: say("sankey.gets"), len(CHAIN) + 1: say("sankey.pays")}
    heads = {bar.stop.column: bar for bar in standing}
    named = [(bar.x + BAR / 2, outside.get(column) or say.name(bar.stop.layer)) for column, bar in heads.items()]
    return joined(label(x, 14, name, "quiet", "middle") for x, name in named)


def _band(band: Band, say: Words) -> Markup:
    link, width = band.link, max(SMALLEST, band.width)
    firm = link.payee if link.payee.layer in CHAIN else link.payer
    payer, payee = _ends_named(link, say)
    words = say("sankey.link", payer=payer, payee=payee, amount=money(link.cents))
    attributes = {"d": route(band.start, band.end), "class": f"flow s-{style_of(firm.layer)}", "stroke-width": width}
    return element("path", attributes, element("title", {}, words))


def route(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Bend a band from payer to payee; one that does not run to the left curls back."""
    (x1, y1), (x2, y2) = start, end
    reach = (x1 - x2) / 2 if x1 > x2 else CURL
    bends = [(x1 - reach, y1), (x2 + reach, y2), (x2, y2)]
    return f"M{point(x1)} {point(y1)}C" + " ".join(f"{point(x)} {point(y)}" for x, y in bends)


def _bars(standing: Sequence[Bar], say: Words) -> list[Markup]:
    parts = []
    for column in sorted({bar.stop.column for bar in standing}):
        of_column = [bar for bar in standing if bar.stop.column == column]
        heights = spread([bar.y + bar.height / 2 for bar in of_column], GAP - 2, (TOP + LINE, HEIGHT - LINE))
        parts += [_bar(bar, y, say) for bar, y in zip(of_column, heights, strict=True)]
    return parts


def _bar(bar: Bar, y: float, say: Words) -> Markup:
    style, name = style_of(bar.stop.layer), stop_name(bar.stop, say)
    words = element("title", {}, say("sankey.node", name=name, got=money(bar.got), paid=money(bar.paid)))
    size = {"x": bar.x, "y": bar.y, "width": BAR, "height": max(SMALLEST, bar.height), "class": f"f-{style}"}
    x, anchor = (bar.x - 6, "end") if bar.stop.column == 0 else (bar.x + BAR + 6, "start")
    text = [
        label(x, y - LINE / 2, name, "halo", anchor),
        label(x, y + LINE / 2, money(max(bar.got, bar.paid)), "halo quiet", anchor),
    ]
    dot = marker("circle", bar.x + BAR / 2, bar.y + bar.height / 2, 1.5, f"f-{style}")
    return element("g", {}, words, element("rect", size), dot, *text)

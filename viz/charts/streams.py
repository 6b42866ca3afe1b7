"""The live supply graph of one month: money streams from buyers to sellers, whose widths are proportional to cents.

The chart shows the journal: the cents of all streams and of the payments among sectors outside the chain add up to all
payments of the month.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import polars as pl

from watersellers.experiments.runs.month_snapshots import Payment
from watersellers.market.goods import CHAIN, FUNDERS
from watersellers.viz.charts.month_layout import MonthLayout
from watersellers.viz.charts.network import column_of, route
from watersellers.viz.drawing.chart import Chart, Table
from watersellers.viz.drawing.svg import Markup, element, joined, label, marker
from watersellers.viz.drawing.theme import style_of
from watersellers.viz.words.catalogue import ENGLISH, Words

SMALLEST, LARGEST = 3.0, 19.0  # radius of a circle
SQUARE = 7.0
THINNEST, WIDEST = 0.4, 22.0  # width of a stream
MOVING = 1.2  # streams at least this wide are animated
SUMMED = ("revenue", "operating_profit", "cash", "debt")  # over the accounts of a node
NAMED = 3  # largest streams in the summary


class Stream(NamedTuple):
    """The month's money from one node to another: cents, and the goods, the largest first."""

    payer: str
    payee: str
    cents: int
    goods: tuple[str, ...]


@dataclass(frozen=True)
class Scale:
    """The cents of the widest stream and of the largest circle: the same for all months that are compared."""

    most_paid: int
    most_held: int


def streams(paid: Iterable[Payment], plan: MonthLayout) -> list[Stream]:
    """Add up a month's payments between nodes, without those that do not touch the chain."""
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for payer, payee, good, cents in paid:
        pair = (plan.node_of[payer], plan.node_of[payee])
        if _touches_chain(pair, plan):
            goods = sums.setdefault(pair, {})
            goods[good] = goods.get(good, 0) + cents
    return [
        Stream(*pair, sum(goods.values()), tuple(sorted(goods, key=lambda good: (-goods[good], good))))
        for pair, goods in sorted(sums.items())
    ]


def _touches_chain(pair: tuple[str, str], plan: MonthLayout) -> bool:
    """Return whether a payment between two nodes touches the chain."""
    return pair[0] in plan.chain or pair[1] in plan.chain


def unseen_cents(paid: Iterable[Payment], plan: MonthLayout) -> int:
    """Add up the payments among sectors outside the chain, which the chart does not show, in cents."""
    return sum(p.cents for p in paid if not _touches_chain((plan.node_of[p.payer], plan.node_of[p.payee]), plan))


def largest_stream(paid: Iterable[Payment], plan: MonthLayout) -> int:
    """Return the cents of the largest stream in the chain and from its customers; funders do not set the scale."""
    sums: dict[tuple[str, str], int] = {}
    for payer, payee, _, cents in paid:
        pair = (plan.node_of[payer], plan.node_of[payee])
        if _touches_chain(pair, plan) and not _aside(pair, plan):
            sums[pair] = sums.get(pair, 0) + cents
    return max(sums.values(), default=1)


def _aside(pair: tuple[str, str], plan: MonthLayout) -> bool:
    """Return whether a payment comes from or goes to the row below the chain."""
    return pair[0] in plan.below or pair[1] in plan.below


def stream_width(cents: int, scale: Scale) -> float:
    """Return a stream's width: proportional to its cents, but never invisibly thin."""
    return max(THINNEST, WIDEST * cents / scale.most_paid)


def radius(cents: int, scale: Scale) -> float:
    """Return a circle's radius, which grows with the square root of cents; at 0 or less it is the smallest."""
    return SMALLEST + (LARGEST - SMALLEST) * math.sqrt(max(0, cents) / scale.most_held)


@dataclass(frozen=True)
class DrawnMonth:
    """The content of a month's chart: its streams, and by node revenue, operating profit, cash and debt in cents.

    ``moving`` means that months go by, so nobody points at a stream to read its figures.
    """

    month: date
    streams: Sequence[Stream]
    figures: Mapping[str, Mapping[str, int]]
    outside: int
    chosen: str = ""
    moving: bool = False


def prepare_month(
    month: date, paid: Sequence[Payment], figures: pl.DataFrame, plan: MonthLayout, chosen: str = ""
) -> DrawnMonth:
    """Prepare a month for drawing with a layout; ``figures`` as in its snapshot, a row per account."""
    by_node: dict[str, dict[str, int]] = {}
    for firm, *row in zip(*(figures[name].to_list() for name in ("firm", *SUMMED)), strict=True):
        sums = by_node.setdefault(plan.node_of[firm], dict.fromkeys(SUMMED, 0))
        for name, cents in zip(SUMMED, row, strict=True):
            sums[name] += cents
    return DrawnMonth(month, streams(paid, plan), by_node, unseen_cents(paid, plan), chosen)


def streams_chart(seen: DrawnMonth, plan: MonthLayout, scale: Scale, say: Words = ENGLISH) -> Chart:
    """Draw the supply graph of one month, each firm with its name and its profit or loss.

    Every circle is a button that carries its figures in words.
    """
    title, summary = say("streams.title", month=say.month(seen.month)), _summary(seen, plan, say)
    ordered = _back_to_front(seen.streams, plan)
    parts = [joined(_stream(stream, plan, scale, None if seen.moving else say) for stream in ordered)]
    parts += [joined(_heads(seen, plan, say)), _measure(plan, scale, say)]
    parts += [joined(_node(node, seen, plan, scale, say) for node in plan.positions if _is_drawn(node, seen, plan))]
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "chart streams" + (" narrow" if plan.narrow else ""),
        "viewBox": f"0 0 {plan.size[0]:g} {plan.size[1]:g}",
        "role": "group",
        "aria-label": title,
    }
    svg = element("svg", attributes, element("desc", {}, summary), *parts)
    return Chart(title, summary, svg, _data(seen, say))


def _is_drawn(node: str, seen: DrawnMonth, plan: MonthLayout) -> bool:
    """Return whether to draw a node: those below the chain need a stream in the month."""
    return plan.layer_of[node] not in FUNDERS or any(node in stream[:2] for stream in seen.streams)


def _back_to_front(drawn: Sequence[Stream], plan: MonthLayout) -> list[Stream]:
    """Sort streams so that those from below the chain lie behind; the order is the same in all months."""
    return sorted(drawn, key=lambda stream: (not _aside(stream[:2], plan), stream.payer, stream.payee))


def _data(seen: DrawnMonth, say: Words) -> Table:
    ranked = sorted(seen.streams, key=lambda stream: (-stream.cents, stream))
    rows = [[say.name(s.payer), say.name(s.payee), _goods(s, say), say.dollars(s.cents)] for s in ranked]
    return Table([say(f"table.{key}") for key in ("from", "to", "good", "amount")], rows, 3)


def _goods(stream: Stream, say: Words) -> str:
    return ", ".join(say.name(good) for good in stream.goods)


def _summary(seen: DrawnMonth, plan: MonthLayout, say: Words) -> str:
    ranked = sorted((s for s in seen.streams if not _aside(s[:2], plan)), key=lambda s: (-s.cents, s))
    largest = [f"{say.name(s.payer)} → {say.name(s.payee)} {say.money(s.cents)}" for s in ranked[:NAMED]]
    drawn = say.money(sum(s.cents for s in seen.streams))
    text = say("streams.summary", drawn=drawn, largest=", ".join(largest) or say("table.none"))
    return f"{text} {say('streams.left_out', amount=say.money(seen.outside))}" if seen.outside else text


def _stream(stream: Stream, plan: MonthLayout, scale: Scale, say: Words | None) -> Markup:
    width, aside = stream_width(stream.cents, scale), _aside(stream[:2], plan)
    owner = stream.payer if aside or column_of(plan.layer_of[stream.payee]) == len(CHAIN) else stream.payee
    kind = f"flow s-{style_of(plan.layer_of[owner])}" + (" aside" if aside else "")
    line = route(plan.positions[stream.payer], plan.positions[stream.payee])
    title = [_title(stream, say)] if say else []
    key = f"{stream.payer}>{stream.payee}"
    drawn = element("path", {"d": line, "class": kind, "stroke-width": f"{width:.2f}", "data-key": key}, *title)
    if aside or width < MOVING:
        return drawn
    moving = {"d": line, "class": f"moving s-{style_of(plan.layer_of[owner])}", "data-key": f"{key}~"}
    return joined([drawn, element("path", moving | {"stroke-width": f"{min(width, 5.0) * 0.8:.2f}"})])


def _title(stream: Stream, say: Words) -> Markup:
    """Make the title that shows a stream's figures when the user points at it."""
    description = {"payer": say.name(stream.payer), "payee": say.name(stream.payee), "good": _goods(stream, say)}
    return element("title", {}, say("graph.link", amount=say.money(stream.cents), **description))


def _heads(seen: DrawnMonth, plan: MonthLayout, say: Words) -> list[Markup]:
    """Write the layers' names above their columns, and below each its profit or loss."""
    words = [*(say.name(layer) for layer in CHAIN), say("customers")]
    anchor = "middle" if plan.narrow else "start"
    shift = 0.0 if plan.narrow else -10.0
    parts = []
    for column, (x, name) in enumerate(zip(plan.columns, words, strict=True)):
        parts.append(label(x + shift, 14, name, "head", anchor))
        if column < len(CHAIN):
            profit = _profit_of(CHAIN[column], seen, plan)
            text = say.money(profit) if plan.narrow else say("streams.made", amount=say.money(profit))
            parts.append(label(x + shift, 35, text, "quiet", anchor))
    return parts


def _profit_of(layer: str, seen: DrawnMonth, plan: MonthLayout) -> int:
    nodes = [node for node, its in plan.layer_of.items() if its == layer]
    return sum(seen.figures[node]["operating_profit"] for node in nodes if node in seen.figures)


def _measure(plan: MonthLayout, scale: Scale, say: Words) -> Markup:
    """Draw a legend of width at the lower right: a bar as wide as a round amount."""
    if plan.narrow:
        return Markup("")
    size = 10 ** (len(str(scale.most_paid)) - 1)
    y, x = plan.size[1] - 14, plan.size[0] - 180
    bar = {"x": x, "y": y - stream_width(size, scale) / 2, "width": 30.0, "class": "measure"}
    words = say("streams.measure", amount=say.money(size))
    return joined([element("rect", bar | {"height": stream_width(size, scale)}), label(x + 38, y, words, "quiet")])


def _node(node: str, seen: DrawnMonth, plan: MonthLayout, scale: Scale, say: Words) -> Markup:
    (x, y), layer = plan.positions[node], plan.layer_of[node]
    row = seen.figures.get(node, dict.fromkeys(SUMMED, 0))
    inside = layer in CHAIN
    parts = [_mark(node, row, plan, scale)]
    parts += _rings(row, (x, y), scale) if inside else []
    parts.append(_name(node, row, plan, scale, say))
    description = say(
        "streams.firm" if inside else "streams.sector", name=say.name(node), **_figures_of(row, layer, say)
    )
    attributes = {
        "class": "node" + (" chosen" if node == seen.chosen else ""),
        "role": "button",
        "tabindex": 0 if node == (seen.chosen or next(iter(plan.positions))) else -1,
        "data-do": "look",
        "data-value": node,
        "data-key": node,
        "data-at": f"{x:g},{y:g}",
        "aria-label": description,
    }
    return element("g", attributes, element("title", {}, description), *parts)


def _figures_of(row: Mapping[str, int], layer: str, say: Words) -> dict[str, str]:
    margin = row["operating_profit"] / row["revenue"] if row["revenue"] else None
    amounts = {key: say.money(row[key]) for key in ("revenue", "cash", "debt")}
    return amounts | {
        "layer": say.name(layer),
        "profit": say.money(row["operating_profit"]),
        "margin": say.share(margin),
    }


def _mark(node: str, row: Mapping[str, int], plan: MonthLayout, scale: Scale) -> Markup:
    (x, y), layer = plan.positions[node], plan.layer_of[node]
    style = f"f-{style_of(layer)}"
    if layer not in CHAIN:
        return marker("square", x, y, SQUARE, style)
    return marker("circle", x, y, radius(row["cash"], scale), style + (" idle" if not row["revenue"] else ""))


def _rings(row: Mapping[str, int], position: tuple[float, float], scale: Scale) -> list[Markup]:
    """Draw a firm's debt as a ring on the circle's scale, and a dashed ring for a loss."""
    parts = []
    if row["debt"] > 0:
        parts.append(marker("circle", *position, radius(row["debt"], scale), "ring whole"))
    if row["operating_profit"] < 0:
        parts.append(marker("circle", *position, radius(row["cash"], scale) + 3.0, "ring"))
    return parts


def _name(node: str, row: Mapping[str, int], plan: MonthLayout, scale: Scale, say: Words) -> Markup:
    (x, y), layer = plan.positions[node], plan.layer_of[node]
    if layer in FUNDERS:
        return label(x, y + 21, say.name(node), "halo", "middle")
    if plan.narrow:
        return label(x, y + 34, say.name(node), "halo", "middle") if layer not in CHAIN else Markup("")
    away = max(radius(row["cash"], scale), radius(row["debt"], scale)) if layer in CHAIN else SQUARE
    made = row["operating_profit"] if layer in CHAIN else 0
    amount = element("tspan", {"class": "lost" if made < 0 else "made"}, say.money(made)) if made else ""
    position = {"x": x + away + 7, "y": float(y), "dy": ".35em", "class": "halo"}
    return element("text", position, say.name(node), " ", amount)

"""The supply graph of one month as it is lived: money streams from buyers to sellers, wide as the cents that were paid.

What is drawn is what the journal says: the cents of all streams, and those paid among sectors outside the chain, add
up to every payment of the month.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import polars as pl

from watersellers.experiments.tape import Paid
from watersellers.market.goods import CHAIN, FUNDERS
from watersellers.viz.charts.chart import Chart, Table
from watersellers.viz.charts.ground import Ground
from watersellers.viz.charts.network import column_of, route
from watersellers.viz.charts.svg import Markup, element, joined, label, marker
from watersellers.viz.theme import style_of
from watersellers.viz.words import ENGLISH, Words

SMALLEST, LARGEST = 3.0, 19.0  # radius of a circle
SQUARE = 7.0
THINNEST, WIDEST = 0.4, 22.0  # width of a stream
MOVING = 1.2  # streams at least this wide are seen to flow
SUMMED = ("revenue", "operating_profit", "cash", "debt")  # of a place in the picture
NAMED = 3  # largest streams told in the summary


class Stream(NamedTuple):
    """Money from one place of the picture to another in the month: cents, and what for, the largest first."""

    payer: str
    payee: str
    cents: int
    goods: tuple[str, ...]


@dataclass(frozen=True)
class Scale:
    """What the widest stream and the largest circle mean, in cents: the same for all months that are compared."""

    most_paid: int
    most_held: int


def streams(paid: Iterable[Paid], plan: Ground) -> list[Stream]:
    """Add up a month's payments between the places of the picture; those that do not touch the chain are left out."""
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for payer, payee, good, cents in paid:
        pair = (plan.node_of[payer], plan.node_of[payee])
        if _drawn(pair, plan):
            goods = sums.setdefault(pair, {})
            goods[good] = goods.get(good, 0) + cents
    return [
        Stream(*pair, sum(goods.values()), tuple(sorted(goods, key=lambda good: (-goods[good], good))))
        for pair, goods in sorted(sums.items())
    ]


def _drawn(pair: tuple[str, str], plan: Ground) -> bool:
    """Whether the chain has to do with a payment between two places."""
    return pair[0] in plan.chain or pair[1] in plan.chain


def left_out(paid: Iterable[Paid], plan: Ground) -> int:
    """Add up what was paid among sectors outside the chain, which the picture does not show, in cents."""
    return sum(p.cents for p in paid if not _drawn((plan.node_of[p.payer], plan.node_of[p.payee]), plan))


def widest(paid: Iterable[Paid], plan: Ground) -> int:
    """Give the cents of the largest stream within the chain and from its customers; funders do not set the scale."""
    sums: dict[tuple[str, str], int] = {}
    for payer, payee, _, cents in paid:
        pair = (plan.node_of[payer], plan.node_of[payee])
        if _drawn(pair, plan) and not _aside(pair, plan):
            sums[pair] = sums.get(pair, 0) + cents
    return max(sums.values(), default=1)


def _aside(pair: tuple[str, str], plan: Ground) -> bool:
    """Whether what is paid from one place to another comes from or goes to the row below the chain."""
    return pair[0] in plan.below or pair[1] in plan.below


def stream_width(cents: int, scale: Scale) -> float:
    """Give a stream's width: in proportion to its cents, and never so thin that it can't be seen."""
    return max(THINNEST, WIDEST * cents / scale.most_paid)


def radius(cents: int, scale: Scale) -> float:
    """Give a circle's radius: its area is in proportion to cents; no cash, or less, is the smallest."""
    return SMALLEST + (LARGEST - SMALLEST) * math.sqrt(max(0, cents) / scale.most_held)


@dataclass(frozen=True)
class Shown:
    """What is drawn of a month: its streams, and by node revenue, operating profit, cash and debt in cents.

    ``moving``: months go by, so that nobody points at a stream to read its figures.
    """

    month: date
    streams: Sequence[Stream]
    figures: Mapping[str, Mapping[str, int]]
    outside: int
    chosen: str = ""
    moving: bool = False


def shown(month: date, paid: Sequence[Paid], figures: pl.DataFrame, plan: Ground, chosen: str = "") -> Shown:
    """Prepare a month for drawing on a ground; ``figures`` as the tape gives them, a row an account."""
    by_node: dict[str, dict[str, int]] = {}
    for firm, *row in zip(*(figures[name].to_list() for name in ("firm", *SUMMED)), strict=True):
        sums = by_node.setdefault(plan.node_of[firm], dict.fromkeys(SUMMED, 0))
        for name, cents in zip(SUMMED, row, strict=True):
            sums[name] += cents
    return Shown(month, streams(paid, plan), by_node, left_out(paid, plan), chosen)


def streams_chart(seen: Shown, plan: Ground, scale: Scale, say: Words = ENGLISH) -> Chart:
    """Draw the supply graph of one month, each firm with its name and what it made or lost.

    Every circle can be chosen: it is a button that carries its figures in words.
    """
    title, summary = say("streams.title", month=say.month(seen.month)), _summary(seen, plan, say)
    ordered = _back_to_front(seen.streams, plan)
    parts = [joined(_stream(stream, plan, scale, None if seen.moving else say) for stream in ordered)]
    parts += [joined(_heads(seen, plan, say)), _measure(plan, scale, say)]
    parts += [joined(_node(node, seen, plan, scale, say) for node in plan.places if _there(node, seen, plan))]
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "chart streams" + (" narrow" if plan.narrow else ""),
        "viewBox": f"0 0 {plan.size[0]:g} {plan.size[1]:g}",
        "role": "group",
        "aria-label": title,
    }
    svg = element("svg", attributes, element("desc", {}, summary), *parts)
    return Chart(title, summary, svg, _data(seen, say))


def _there(node: str, seen: Shown, plan: Ground) -> bool:
    """Leave out who stands below the chain and has nothing to do with it in the month."""
    return plan.layer_of[node] not in FUNDERS or any(node in stream[:2] for stream in seen.streams)


def _back_to_front(drawn: Sequence[Stream], plan: Ground) -> list[Stream]:
    """What comes from below the chain lies behind; the order stays the same from month to month."""
    return sorted(drawn, key=lambda stream: (not _aside(stream[:2], plan), stream.payer, stream.payee))


def _data(seen: Shown, say: Words) -> Table:
    ranked = sorted(seen.streams, key=lambda stream: (-stream.cents, stream))
    rows = [[say.name(s.payer), say.name(s.payee), _goods(s, say), say.dollars(s.cents)] for s in ranked]
    return Table([say(f"table.{key}") for key in ("from", "to", "good", "amount")], rows, 3)


def _goods(stream: Stream, say: Words) -> str:
    return ", ".join(say.name(good) for good in stream.goods)


def _summary(seen: Shown, plan: Ground, say: Words) -> str:
    ranked = sorted((s for s in seen.streams if not _aside(s[:2], plan)), key=lambda s: (-s.cents, s))
    largest = [f"{say.name(s.payer)} → {say.name(s.payee)} {say.money(s.cents)}" for s in ranked[:NAMED]]
    drawn = say.money(sum(s.cents for s in seen.streams))
    text = say("streams.summary", drawn=drawn, largest=", ".join(largest) or say("table.none"))
    return f"{text} {say('streams.left_out', amount=say.money(seen.outside))}" if seen.outside else text


def _stream(stream: Stream, plan: Ground, scale: Scale, say: Words | None) -> Markup:
    width, aside = stream_width(stream.cents, scale), _aside(stream[:2], plan)
    owner = stream.payer if aside or column_of(plan.layer_of[stream.payee]) == len(CHAIN) else stream.payee
    kind = f"flow s-{style_of(plan.layer_of[owner])}" + (" aside" if aside else "")
    line = route(plan.places[stream.payer], plan.places[stream.payee])
    title = [_figures(stream, say)] if say else []
    key = f"{stream.payer}>{stream.payee}"
    drawn = element("path", {"d": line, "class": kind, "stroke-width": f"{width:.2f}", "data-key": key}, *title)
    if aside or width < MOVING:
        return drawn
    moving = {"d": line, "class": f"moving s-{style_of(plan.layer_of[owner])}", "data-key": f"{key}~"}
    return joined([drawn, element("path", moving | {"stroke-width": f"{min(width, 5.0) * 0.8:.2f}"})])


def _figures(stream: Stream, say: Words) -> Markup:
    """Say a stream's figures to who points at it."""
    said = {"payer": say.name(stream.payer), "payee": say.name(stream.payee), "good": _goods(stream, say)}
    return element("title", {}, say("graph.link", amount=say.money(stream.cents), **said))


def _heads(seen: Shown, plan: Ground, say: Words) -> list[Markup]:
    """Write the layers' names over their columns, and under each what it made or lost."""
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


def _profit_of(layer: str, seen: Shown, plan: Ground) -> int:
    nodes = [node for node, its in plan.layer_of.items() if its == layer]
    return sum(seen.figures[node]["operating_profit"] for node in nodes if node in seen.figures)


def _measure(plan: Ground, scale: Scale, say: Words) -> Markup:
    """Draw a measure of width at the lower left, in the size of the picture: so much is so wide."""
    if plan.narrow:
        return Markup("")
    size = 10 ** (len(str(scale.most_paid)) - 1)
    y, x = plan.size[1] - 14, plan.size[0] - 180
    bar = {"x": x, "y": y - stream_width(size, scale) / 2, "width": 30.0, "class": "measure"}
    words = say("streams.measure", amount=say.money(size))
    return joined([element("rect", bar | {"height": stream_width(size, scale)}), label(x + 38, y, words, "quiet")])


def _node(node: str, seen: Shown, plan: Ground, scale: Scale, say: Words) -> Markup:
    (x, y), layer = plan.places[node], plan.layer_of[node]
    row = seen.figures.get(node, dict.fromkeys(SUMMED, 0))
    inside = layer in CHAIN
    parts = [_mark(node, row, plan, scale)]
    parts += _rings(row, (x, y), scale) if inside else []
    parts.append(_name(node, row, plan, scale, say))
    said = say("streams.firm" if inside else "streams.sector", name=say.name(node), **_told(row, layer, say))
    attributes = {
        "class": "node" + (" chosen" if node == seen.chosen else ""),
        "role": "button",
        "tabindex": 0 if node == (seen.chosen or next(iter(plan.places))) else -1,
        "data-do": "look",
        "data-value": node,
        "data-key": node,
        "data-at": f"{x:g},{y:g}",
        "aria-label": said,
    }
    return element("g", attributes, element("title", {}, said), *parts)


def _told(row: Mapping[str, int], layer: str, say: Words) -> dict[str, str]:
    margin = row["operating_profit"] / row["revenue"] if row["revenue"] else None
    amounts = {key: say.money(row[key]) for key in ("revenue", "cash", "debt")}
    return amounts | {
        "layer": say.name(layer),
        "profit": say.money(row["operating_profit"]),
        "margin": say.share(margin),
    }


def _mark(node: str, row: Mapping[str, int], plan: Ground, scale: Scale) -> Markup:
    (x, y), layer = plan.places[node], plan.layer_of[node]
    style = f"f-{style_of(layer)}"
    if layer not in CHAIN:
        return marker("square", x, y, SQUARE, style)
    return marker("circle", x, y, radius(row["cash"], scale), style + (" idle" if not row["revenue"] else ""))


def _rings(row: Mapping[str, int], place: tuple[float, float], scale: Scale) -> list[Markup]:
    """Draw what a firm owes as a ring, its size in the measure of the circle; and a dashed ring around a loss."""
    parts = []
    if row["debt"] > 0:
        parts.append(marker("circle", *place, radius(row["debt"], scale), "ring whole"))
    if row["operating_profit"] < 0:
        parts.append(marker("circle", *place, radius(row["cash"], scale) + 3.0, "ring"))
    return parts


def _name(node: str, row: Mapping[str, int], plan: Ground, scale: Scale, say: Words) -> Markup:
    (x, y), layer = plan.places[node], plan.layer_of[node]
    if layer in FUNDERS:
        return label(x, y + 21, say.name(node), "halo", "middle")
    if plan.narrow:
        return label(x, y + 34, say.name(node), "halo", "middle") if layer not in CHAIN else Markup("")
    away = max(radius(row["cash"], scale), radius(row["debt"], scale)) if layer in CHAIN else SQUARE
    made = row["operating_profit"] if layer in CHAIN else 0
    amount = element("tspan", {"class": "lost" if made < 0 else "made"}, say.money(made)) if made else ""
    place = {"x": x + away + 7, "y": float(y), "dy": ".35em", "class": "halo"}
    return element("text", place, say.name(node), " ", amount)

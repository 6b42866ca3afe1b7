"""The supply graph of a month: layers from left to right, and lines from buyers to sellers.

All months of a run share one ``Layout``, so that a firm keeps its position and a width always means the same amount.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from watersellers.market.goods import CHAIN
from watersellers.viz.drawing.chart import Chart, Table, picture
from watersellers.viz.drawing.svg import Markup, element, joined, label, marker, point
from watersellers.viz.drawing.theme import CUSTOMERS, style_of
from watersellers.viz.words.catalogue import ENGLISH, Words

if TYPE_CHECKING:
    import networkx as nx

WIDTH = 1120.0
ROW = 30.0
TOP, BOTTOM = 46.0, 96.0  # room for heads, and for the sectors below the chain
COLUMNS = (40.0, 260.0, 500.0, 740.0, 975.0)
ONE_ROW, ROWS, LOWER = 6, 3, 34.0  # sectors whose names fit in one row; rows of more, and the room between them
SMALLEST, LARGEST = 3.5, 17.0  # radius of a circle
SQUARE = 8.0
THINNEST, WIDEST = 0.7, 18.0  # width of a line
NAMED = 3  # largest links in the summary


@dataclass(frozen=True)
class Layout:
    """The position of each firm and sector, and the cents of the largest circle and of the widest line."""

    positions: Mapping[str, tuple[float, float]]
    height: float
    most_cash: int
    most_paid: int


def column_of(layer: str) -> int | None:
    """Return a layer's column from the left, or None for sectors in the row below the chain."""
    if layer in CHAIN:
        return CHAIN.index(layer)
    return len(CHAIN) if layer in CUSTOMERS else None


def layout(graphs: "Iterable[nx.DiGraph]") -> Layout:
    """Lay out all firms and sectors of several months' graphs by layer, region and total trade.

    Funders and the rest of the world go below the chain, and only if they have an edge.

    Parameters
    ----------
    graphs : iterable of nx.DiGraph
        Nodes with layer, region and cash (cents); edges from buyer to seller with cents.
    """
    months = list(graphs)
    nodes = {name: data for graph in months for name, data in graph.nodes(data=True)}
    paid = [edge for graph in months for edge in graph.edges(data="cents")]
    traded, linked = dict.fromkeys(nodes, 0), {name for edge in paid for name in edge[:2]}
    for buyer, seller, cents in paid:
        traded[seller] += cents or 0
        traded[buyer] += cents or 0
    ordered = sorted(nodes, key=lambda name: (str(nodes[name].get("region")), -traded[name], name))
    groups = [[name for name in ordered if column_of(_layer(nodes[name])) == column] for column in range(len(COLUMNS))]
    tall = TOP + BOTTOM + ROW * max(8, *(len(group) for group in groups))
    stacks = [_stacked(group, x, tall) for x, group in zip(COLUMNS, groups, strict=True)]
    positions = {name: position for stack in stacks for name, position in stack}
    below = [name for name in ordered if column_of(_layer(nodes[name])) is None and name in linked]
    rows = 1 if len(below) <= ONE_ROW else ROWS
    height = tall + LOWER * (rows - 1)
    positions |= {
        name: (_between(index, len(below)), tall - 30 + LOWER * (index % rows)) for index, name in enumerate(below)
    }
    cash = [_cash(data) for graph in months for _, data in graph.nodes(data=True) if _layer(data) in CHAIN]
    return Layout(positions, height, max([1, *cash]), max([1, *(cents or 0 for _, _, cents in paid)]))


def _layer(data: Mapping) -> str:
    return str(data.get("layer"))


def _cash(data: Mapping) -> int:
    return data.get("cash") or 0


def _between(index: int, count: int) -> float:
    """Return an x below the chain: between two columns for a few nodes, evenly spaced for more."""
    gaps = [(left + right) / 2 for left, right in pairwise(COLUMNS)]
    return gaps[index] if count <= len(gaps) else WIDTH * (index + 1) / (count + 1)


def _stacked(names: Sequence[str], x: float, height: float) -> list[tuple[str, tuple[float, float]]]:
    """Spread names over a column, in their order."""
    step = (height - TOP - BOTTOM) / max(1, len(names))
    return [(name, (x, TOP + step * (index + 0.5))) for index, name in enumerate(names)]


def network_chart(graph: "nx.DiGraph", month: date, plan: Layout, say: Words = ENGLISH) -> Chart:
    """Draw the supply graph of one month.

    Parameters
    ----------
    graph : nx.DiGraph
        Nodes with layer, alive, margin and cash (cents; None where unknown); edges from buyer to seller with good
        and cents paid in the month.
    month : date
        The month, for the title.
    plan : Layout
        Positions and scales, the same for all months of a run.
    say : Words
        The language.
    """
    title, summary = say("graph.title", month=say.month(month)), _summary(graph, say)
    edges = sorted(graph.edges(data=True), key=lambda edge: (-(edge[2].get("cents") or 0), edge[0], edge[1]))
    parts = [joined(_edge(edge, graph, plan, say) for edge in edges), *_heads(graph, say)]
    parts += [joined(_node(name, data, plan, say) for name, data in graph.nodes(data=True) if name in plan.positions)]
    svg = picture(title, summary, (WIDTH, plan.height), parts)
    return Chart(title, summary, svg, _data(edges, say))


def _data(edges: Sequence[tuple[str, str, Mapping]], say: Words) -> Table:
    rows = [
        [say.name(buyer), say.name(seller), _goods(data, say), say.dollars(data.get("cents") or 0)]
        for buyer, seller, data in edges
    ]
    return Table([say(f"table.{key}") for key in ("from", "to", "good", "amount")], rows, 3)


def _goods(data: Mapping, say: Words) -> str:
    listed = str(data.get("goods") or data.get("good") or "")
    return ", ".join(say.name(good) for good in listed.split(", "))


def losing(data: Mapping) -> bool:
    """Return whether a firm makes a loss this month or has negative cash."""
    return (data.get("margin") or 0) < 0 or _cash(data) < 0


def _summary(graph: "nx.DiGraph", say: Words) -> str:
    firms = [data for _, data in graph.nodes(data=True) if _layer(data) in CHAIN and data.get("alive")]
    paid = sorted(((data.get("cents") or 0, pair) for *pair, data in graph.edges(data=True)), reverse=True)
    counts = {"firms": len(firms), "losing": sum(losing(data) for data in firms)}
    if not paid:
        return say("graph.summary_none", **counts)
    largest = [f"{say.name(buyer)} → {say.name(seller)} {say.money(cents)}" for cents, (buyer, seller) in paid[:NAMED]]
    amount = say.money(sum(cents for cents, _ in paid))
    return say("graph.summary", **counts, links=len(paid), amount=amount, largest=", ".join(largest))


def _heads(graph: "nx.DiGraph", say: Words) -> list[Markup]:
    present = {column_of(_layer(data)) for _, data in graph.nodes(data=True)}
    names = [*(say.name(layer) for layer in CHAIN), say("customers")]
    placed = enumerate(zip(COLUMNS, names, strict=True))
    return [label(x, 16, name, "quiet") for column, (x, name) in placed if column in present]


def _edge(edge: tuple[str, str, Mapping], graph: "nx.DiGraph", plan: Layout, say: Words) -> Markup:
    buyer, seller, data = edge
    cents = data.get("cents") or 0
    width = max(THINNEST, WIDEST * cents / plan.most_paid)
    aside = not {column_of(_layer(graph.nodes[name])) for name in (buyer, seller)}.isdisjoint({None})
    kind = f"flow s-{style_of(_layer(graph.nodes[seller if not aside else buyer]))}"
    kind += (" aside" if aside else "") + ("" if cents else " idle")
    key = "graph.link" if cents else "graph.idle"
    words = say(key, payer=say.name(buyer), payee=say.name(seller), amount=say.money(cents), good=_goods(data, say))
    line = route(plan.positions[buyer], plan.positions[seller])
    return element("path", {"d": line, "class": kind, "stroke-width": width}, element("title", {}, words))


def route(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Return a curve between two positions: sideways between columns, a bulge within one, upright to the row below."""
    (x1, y1), (x2, y2) = start, end
    if abs(x1 - x2) < 1:
        bends = [(x1 - 70, y1), (x2 - 70, y2)]
    elif abs(y1 - y2) > 2 * abs(x1 - x2):
        bends = [(x1, (y1 + y2) / 2), (x2, (y1 + y2) / 2)]
    else:
        bends = [((x1 + x2) / 2, y1), ((x1 + x2) / 2, y2)]
    corners = " ".join(f"{point(x)} {point(y)}" for x, y in [*bends, end])
    return f"M{point(x1)} {point(y1)}C{corners}"


def _node(name: str, data: Mapping, plan: Layout, say: Words) -> Markup:
    if _layer(data) not in CHAIN:
        return _sector(name, data, plan, say)
    (x, y), style = plan.positions[name], style_of(_layer(data))
    radius = SMALLEST + (LARGEST - SMALLEST) * math.sqrt(max(0, _cash(data)) / plan.most_cash)
    state = "" if data.get("alive") else say("graph.closed")
    margin, cash = say.share(data.get("margin")), say.money(data.get("cash"))
    words = say("graph.node", name=say.name(name), layer=say.name(_layer(data)), cash=cash, margin=margin, state=state)
    parts = [element("title", {}, words), marker("circle", x, y, radius, f"f-{style}")]
    if data.get("alive") and losing(data):
        parts.append(marker("circle", x, y, radius + 3.5, "ring"))
    parts.append(label(x + radius + 9, y, say.name(name), "halo"))
    return element("g", {"class": None if data.get("alive") else "gone"}, *parts)


def _sector(name: str, data: Mapping, plan: Layout, say: Words) -> Markup:
    (x, y), style = plan.positions[name], style_of(_layer(data))
    title = element("title", {}, say("graph.outside", name=say.name(name)))
    below = column_of(_layer(data)) is None
    words = label(x, y + 19, say.name(name), "halo", "middle") if below else label(x + 14, y, say.name(name), "halo")
    return element("g", {}, title, marker("square", x, y, SQUARE, f"f-{style}"), words)

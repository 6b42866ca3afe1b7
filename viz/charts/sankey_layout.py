"""The layout of a Sankey chart: the cents of its links add up exactly to those of the table.

Money runs from the right (the final payers) to the left (the final receivers), so that the layers keep their order.
The small firms of a layer share one bar; a sector outside the chain has a bar on the right for its payments and one on
the left for its receipts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from watersellers.market.goods import CHAIN, LAYERS

WIDTH, HEIGHT = 1200.0, 760.0
TOP, EDGE = 36.0, 190.0  # above the bars; beside them, for the names of the sectors outside
BAR, GAP = 14.0, 36.0  # a bar's width, and the gap between bars, enough for two lines of text
MAIN = 4  # firms drawn by name in each layer
FUNDING = ("shares", "contribution", "dividend")  # money of investors and owners, which buys no good
SHAREHOLDERS = "shareholders"  # the bar of dividends, which the books record as receipts of the rest of the world


class Node(NamedTuple):
    """What a bar stands for: a firm, the small firms of a layer, or a sector on one side."""

    column: int  # 0 for receipts of sectors, then the chain's layers, then payments of sectors
    layer: str
    name: str  # empty for the small firms of a layer


class Link(NamedTuple):
    """Money from one node to another, in cents: for goods, or as funding by investors and owners."""

    payer: Node
    payee: Node
    cents: int
    funding: bool


@dataclass(frozen=True)
class Bar:
    """The position of a bar, with the cents that came in and went out."""

    node: Node
    x: float
    y: float
    height: float
    got: int
    paid: int


@dataclass(frozen=True)
class Band:
    """A link as it is drawn: the middles of its ends, and its width."""

    link: Link
    start: tuple[float, float]
    end: tuple[float, float]
    width: float


def touching_chain() -> pl.Expr:
    """Select the payments that a firm of the chain makes or receives."""
    return pl.col("payer_layer").is_in(CHAIN) | pl.col("payee_layer").is_in(CHAIN)


def links(flows: pl.DataFrame, main: int = MAIN) -> list[Link]:
    """Add up payments between the nodes of the chart.

    Parameters
    ----------
    flows : pl.DataFrame
        payer, payee, payer_layer, payee_layer, good and cents: the payments of the period.
    main : int
        How many firms of each layer, ranked by receipts and payments, get a bar of their own.

    Returns
    -------
    list of Link
        The links, the largest first. Their cents add up to those of the payments that touch the chain.
    """
    pairs = ["payer", "payer_layer", "payee", "payee_layer", "funding"]
    drawn = _with_shareholders(flows.filter(touching_chain())).group_by(pairs).agg(pl.col("cents").sum())
    named = _main_firms(drawn, main)
    sums: dict[tuple[Node, Node, bool], int] = {}
    for payer, payer_layer, payee, payee_layer, funding, cents in drawn.iter_rows():
        ends = _node(payer, payer_layer, named, len(CHAIN) + 1), _node(payee, payee_layer, named, 0), funding
        sums[ends] = sums.get(ends, 0) + cents
    found = (Link(payer, payee, cents, funding) for (payer, payee, funding), cents in sums.items())
    return sorted(found, key=lambda link: (-link.cents, link))


def _with_shareholders(flows: pl.DataFrame) -> pl.DataFrame:
    """Separate funding from payments for goods, and shareholders from the rest of the world."""
    paid_out = (pl.col("good") == "dividend") & (pl.col("payee_layer") == "world")
    return flows.with_columns(
        payee=pl.when(paid_out).then(pl.lit(SHAREHOLDERS)).otherwise("payee"),
        payee_layer=pl.when(paid_out).then(pl.lit("investors")).otherwise("payee_layer"),
        funding=pl.col("good").is_in(FUNDING),
    )


def _main_firms(drawn: pl.DataFrame, main: int) -> set[str]:
    """Return the largest firms of each layer, and the last one too if it would be the only other firm."""
    sides = [drawn.select(firm=side, layer=f"{side}_layer", cents="cents") for side in ("payer", "payee")]
    sums = pl.concat(sides).filter(pl.col("layer").is_in(CHAIN)).group_by("layer", "firm").agg(pl.col("cents").sum())
    ranked = sums.sort("layer", "cents", "firm", descending=[False, True, False])
    counted = ranked.with_columns(rank=pl.int_range(pl.len()).over("layer"), firms=pl.len().over("layer"))
    return set(counted.filter((pl.col("rank") < main) | (pl.col("firms") <= main + 1))["firm"])


def _node(name: str, layer: str, named: set[str], outside: int) -> Node:
    if layer not in CHAIN:
        return Node(outside, layer, name)
    return Node(CHAIN.index(layer) + 1, layer, name if name in named else "")


def bars(drawn: Sequence[Link]) -> list[Bar]:
    """Stack the bars of each column, the larger first, all on one scale."""
    receipts, payments = _sums(drawn, "payee"), _sums(drawn, "payer")
    columns: dict[int, list[Node]] = {}
    for node in sorted(receipts | payments, key=lambda node: _rank(node, receipts, payments)):
        columns.setdefault(node.column, []).append(node)
    scale = min((_scale(nodes, receipts, payments) for nodes in columns.values()), default=1.0)
    return [bar for nodes in columns.values() for bar in _column(nodes, scale, receipts, payments)]


def _sums(drawn: Sequence[Link], side: str) -> dict[Node, int]:
    sums: dict[Node, int] = {}
    for link in drawn:
        node = getattr(link, side)
        sums[node] = sums.get(node, 0) + link.cents
    return sums


def _size(node: Node, receipts: Mapping[Node, int], payments: Mapping[Node, int]) -> int:
    return max(receipts.get(node, 0), payments.get(node, 0))


def _rank(node: Node, receipts: Mapping[Node, int], payments: Mapping[Node, int]) -> tuple:
    """Return the order of bars from the top: sectors by kind, firms by size, the small firms of a layer last."""
    outside = node.layer not in CHAIN
    kind = LAYERS.index(node.layer) if outside and node.layer in LAYERS else 0
    return node.column, kind, not node.name, -_size(node, receipts, payments), node.name


def _scale(nodes: Sequence[Node], receipts: Mapping[Node, int], payments: Mapping[Node, int]) -> float:
    """Return the height of a cent at which a column fills its space."""
    room = HEIGHT - TOP - GAP * (len(nodes) + 0.5)
    return room / max(1, sum(_size(node, receipts, payments) for node in nodes))


def _column(
    nodes: Sequence[Node], scale: float, receipts: Mapping[Node, int], payments: Mapping[Node, int]
) -> list[Bar]:
    x = EDGE + (WIDTH - 2 * EDGE - BAR) * nodes[0].column / (len(CHAIN) + 1)
    sizes = [scale * _size(node, receipts, payments) for node in nodes]
    y = TOP + GAP / 2
    stacked = []
    for node, size in zip(nodes, sizes, strict=True):
        stacked.append(Bar(node, x, y, size, receipts.get(node, 0), payments.get(node, 0)))
        y += size + GAP
    return stacked


def bands(drawn: Sequence[Link], standing: Sequence[Bar]) -> list[Band]:
    """Route the links from a payer's left side to a payee's right side, without overlaps at the bars."""
    by_node = {bar.node: bar for bar in standing}
    scale = max((bar.height / max(1, bar.got, bar.paid) for bar in standing), default=1.0)
    starts = _ends(drawn, by_node, ("payer", "payee"), scale)
    ends = _ends(drawn, by_node, ("payee", "payer"), scale)
    laid = []
    for link in drawn:
        start, end = by_node[link.payer].x, by_node[link.payee].x + BAR
        laid.append(Band(link, (start, starts[link]), (end, ends[link]), scale * link.cents))
    return laid


def _ends(
    drawn: Sequence[Link], by_node: Mapping[Node, Bar], sides: tuple[str, str], scale: float
) -> dict[Link, float]:
    """Return the height of each link's middle on one side, ordered by the other side's position."""
    own, other = sides
    filled = {node: bar.y for node, bar in by_node.items()}
    positions = {}
    for link in sorted(drawn, key=lambda link: (by_node[getattr(link, other)].y, link)):
        node = getattr(link, own)
        positions[link] = filled[node] + scale * link.cents / 2
        filled[node] += scale * link.cents
    return positions

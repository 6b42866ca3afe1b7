"""Where everybody stands in the picture of a month's money: layers from left to right, funders in a row below them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from watersellers.market.goods import CHAIN, FUNDERS, HOME
from watersellers.viz.charts.network import column_of

WIDE_COLUMNS = (26.0, 206.0, 438.0, 662.0, 868.0)
WIDE_ROW, WIDE_TOP, WIDE_BOTTOM, WIDE_WIDTH = 25.0, 62.0, 58.0, 1032.0
NARROW_COLUMNS = (38.0, 109.0, 180.0, 251.0, 322.0)
NARROW_SIZE = (360.0, 330.0)
NARROW_Y = {"users": 120.0, "enterprises": 190.0, "advertisers": 60.0}


class Who(NamedTuple):
    """An account as the picture needs it."""

    name: str
    layer: str
    region: str


@dataclass(frozen=True)
class Ground:
    """Where everything stands: places by node, the node of each account, the layer of each node, and the room."""

    size: tuple[float, float]
    places: Mapping[str, tuple[float, float]]
    node_of: Mapping[str, str]
    layer_of: Mapping[str, str]
    columns: Sequence[float]
    narrow: bool

    @cached_property
    def chain(self) -> frozenset[str]:
        """The nodes of the chain's firms."""
        return frozenset(node for node, layer in self.layer_of.items() if layer in CHAIN)

    @cached_property
    def below(self) -> frozenset[str]:
        """The nodes that stand below the chain."""
        return frozenset(node for node, layer in self.layer_of.items() if column_of(layer) is None)


def ground(accounts: Sequence[Who], narrow: bool = False) -> Ground:
    """Place every firm by itself on a wide screen, and every layer as one circle on a narrow one."""
    node_of = {who.name: _node_of(who, narrow) for who in accounts}
    layer_of = {node_of[who.name]: who.layer for who in accounts}
    return _narrow(node_of, layer_of) if narrow else _wide(accounts, node_of, layer_of)


def _node_of(who: Who, narrow: bool) -> str:
    """Name the place of an account: funders and the rest of the world by layer, the others one by one."""
    if who.layer in FUNDERS:
        return who.layer
    return who.layer if narrow else who.name


def _wide(accounts: Sequence[Who], node_of: Mapping[str, str], layer_of: Mapping[str, str]) -> Ground:
    stacks: list[list[str]] = [[] for _ in WIDE_COLUMNS]
    for who in sorted(accounts, key=lambda who: who.region != HOME):
        column = column_of(who.layer)
        if column is not None:
            stacks[column].append(who.name)
    rows = max(8, *(len(stack) for stack in stacks))
    height = WIDE_TOP + rows * WIDE_ROW + WIDE_BOTTOM
    places: dict[str, tuple[float, float]] = {}
    for x, stack in zip(WIDE_COLUMNS, stacks, strict=True):
        step = rows * WIDE_ROW / max(1, len(stack))
        places |= {name: (x, WIDE_TOP + step * (row + 0.5)) for row, name in enumerate(stack)}
    return Ground(
        size=(WIDE_WIDTH, height),
        places=places | _below(layer_of, WIDE_COLUMNS, height - 34),
        node_of=node_of,
        layer_of=layer_of,
        columns=WIDE_COLUMNS,
        narrow=False,
    )


def _below(layer_of: Mapping[str, str], columns: Sequence[float], y: float) -> dict[str, tuple[float, float]]:
    """Put funders and the rest of the world in a row below the chain, between its columns."""
    gaps = [(left + right) / 2 for left, right in pairwise(columns)]
    there = [layer for layer in ("world", "lenders", "investors") if layer in layer_of]
    return {layer: (x, y) for layer, x in zip(there, gaps, strict=False)}


def _narrow(node_of: Mapping[str, str], layer_of: Mapping[str, str]) -> Ground:
    places = {}
    for layer in layer_of:
        column = column_of(layer)
        if column is not None:
            places[layer] = (NARROW_COLUMNS[column], NARROW_Y.get(layer, 120.0))
    below = _below(layer_of, NARROW_COLUMNS, NARROW_SIZE[1] - 44)
    return Ground(NARROW_SIZE, places | below, node_of, layer_of, NARROW_COLUMNS, narrow=True)

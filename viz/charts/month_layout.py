"""The layout of a month's money streams: layers from left to right, funders in a row below them."""

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


class DrawnAccount(NamedTuple):
    """An account as the chart needs it."""

    name: str
    layer: str
    region: str


@dataclass(frozen=True)
class MonthLayout:
    """The layout of a chart: positions by node, the node of each account, the layer of each node, and the size."""

    size: tuple[float, float]
    positions: Mapping[str, tuple[float, float]]
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
        """The nodes in the row below the chain."""
        return frozenset(node for node, layer in self.layer_of.items() if column_of(layer) is None)


def month_layout(accounts: Sequence[DrawnAccount], narrow: bool = False) -> MonthLayout:
    """Lay out a node for every firm on a wide screen, or for every layer on a narrow one."""
    node_of = {account.name: _node_of(account, narrow) for account in accounts}
    layer_of = {node_of[account.name]: account.layer for account in accounts}
    return _narrow(node_of, layer_of) if narrow else _wide(accounts, node_of, layer_of)


def _node_of(account: DrawnAccount, narrow: bool) -> str:
    """Name the node of an account: funders and the rest of the world share one per layer."""
    if account.layer in FUNDERS:
        return account.layer
    return account.layer if narrow else account.name


def _wide(accounts: Sequence[DrawnAccount], node_of: Mapping[str, str], layer_of: Mapping[str, str]) -> MonthLayout:
    stacks: list[list[str]] = [[] for _ in WIDE_COLUMNS]
    for account in sorted(accounts, key=lambda account: account.region != HOME):
        column = column_of(account.layer)
        if column is not None:
            stacks[column].append(account.name)
    rows = max(8, *(len(stack) for stack in stacks))
    height = WIDE_TOP + rows * WIDE_ROW + WIDE_BOTTOM
    positions: dict[str, tuple[float, float]] = {}
    for x, stack in zip(WIDE_COLUMNS, stacks, strict=True):
        step = rows * WIDE_ROW / max(1, len(stack))
        positions |= {name: (x, WIDE_TOP + step * (row + 0.5)) for row, name in enumerate(stack)}
    return MonthLayout(
        size=(WIDE_WIDTH, height),
        positions=positions | _below(layer_of, WIDE_COLUMNS, height - 34),
        node_of=node_of,
        layer_of=layer_of,
        columns=WIDE_COLUMNS,
        narrow=False,
    )


def _below(layer_of: Mapping[str, str], columns: Sequence[float], y: float) -> dict[str, tuple[float, float]]:
    """Position funders and the rest of the world in a row below the chain, between its columns."""
    gaps = [(left + right) / 2 for left, right in pairwise(columns)]
    present = [layer for layer in ("world", "lenders", "investors") if layer in layer_of]
    return {layer: (x, y) for layer, x in zip(present, gaps, strict=False)}


def _narrow(node_of: Mapping[str, str], layer_of: Mapping[str, str]) -> MonthLayout:
    positions = {}
    for layer in layer_of:
        column = column_of(layer)
        if column is not None:
            positions[layer] = (NARROW_COLUMNS[column], NARROW_Y.get(layer, 120.0))
    below = _below(layer_of, NARROW_COLUMNS, NARROW_SIZE[1] - 44)
    return MonthLayout(NARROW_SIZE, positions | below, node_of, layer_of, NARROW_COLUMNS, narrow=True)

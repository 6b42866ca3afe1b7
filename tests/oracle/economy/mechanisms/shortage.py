"""Chapters 9.3 and 9.31 of the rules: rationing by priority, inflated orders, cancelled orders."""

from typing import Any

from tests.oracle.economy.arithmetic import split
from tests.oracle.economy.participants import Cloud, Firm
from tests.oracle.economy.state import Economy


def buyer_rank(economy: Economy, vendor: Firm | None, buyer: int) -> float:
    """Rank of a buyer with a short vendor; lower ranks are served first."""
    strategy: Any = vendor.strategies.get("rationing") if vendor else None
    if vendor is None or strategy is None or type(strategy).__name__ == "ProRata":
        return 0.0
    if type(strategy).__name__ == "OwnGroupFirst":
        return 0.0 if economy.owners.get(buyer) == vendor.owner else 1.0
    machines = [lot for lot in economy.lots if lot.vendor == vendor.account]
    held = sum(lot.units for lot in machines if lot.owner.account == buyer)
    every = sum(lot.units for lot in machines)
    return 1 - (held / every if every else 0.0)


def serve_by_rank(wanted: list[int], ranks: list[float], available: int, order: list[int]) -> list[int]:
    served = list(wanted)
    left = available
    for turn in sorted(set(ranks)):
        rows = [row for row, rank in enumerate(ranks) if rank == turn]
        asked = [wanted[row] for row in rows]
        if sum(asked) > left:
            for row, part in zip(rows, split(left, asked, [order[row] for row in rows]), strict=True):
                served[row] = part
        left -= sum(served[row] for row in rows)
    return served


def inflated(cloud: Cloud, wanted: float, on_order: int) -> float:
    """Hours that a cloud orders where it expects to receive only a part; below 0, hours to cancel."""
    numbers, last_inflation = cloud.numbers, cloud.order_inflation
    shortage = 1 / cloud.fill_rate - 1 if cloud.fill_rate > 0 else numbers["most_padding"]
    cloud.order_inflation = min(1 + numbers["inflation"] * shortage, max(1.0, numbers["most_padding"]))
    return wanted * cloud.order_inflation + on_order / last_inflation * (cloud.order_inflation - last_inflation)


def cancel_orders(economy: Economy, cloud: Cloud, machines: int) -> None:
    waiting = {
        account: pending
        for (buyer, account), pending in sorted(economy.backlog.items())
        if buyer == cloud.account and pending.units
    }
    order = [economy.hash("cancel", economy.keys[account]) for account in waiting]
    units_open = [pending.units for pending in waiting.values()]
    for pending, units in zip(waiting.values(), split(min(machines, sum(units_open)), units_open, order), strict=True):
        if units:
            pending.value -= units * (pending.value // pending.units)
            pending.units -= units

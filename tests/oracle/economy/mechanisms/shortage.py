"""Chapters 9.3 and 9.31 of the rules: rationing by priority, inflated orders, cancelled orders."""

from typing import Any

from tests.oracle.economy.arithmetic import split
from tests.oracle.economy.participants import Cloud, Firm
from tests.oracle.economy.state import Economy


def buyer_rank(e: Economy, vendor: Firm | None, buyer: int) -> float:
    """Rank of a buyer with a short vendor; lower ranks are served first."""
    strategy: Any = vendor.strategies.get("rationing") if vendor else None
    if vendor is None or strategy is None or type(strategy).__name__ == "ProRata":
        return 0.0
    if type(strategy).__name__ == "OwnGroupFirst":
        return 0.0 if e.owners.get(buyer) == vendor.owner else 1.0
    theirs = [lot for lot in e.lots if lot.vendor == vendor.account]
    held = sum(lot.units for lot in theirs if lot.owner.account == buyer)
    every = sum(lot.units for lot in theirs)
    return 1 - (held / every if every else 0.0)


def serve_by_rank(wanted: list[int], ranks: list[float], there: int, order: list[int]) -> list[int]:
    got = list(wanted)
    left = there
    for turn in sorted(set(ranks)):
        rows = [i for i, one in enumerate(ranks) if one == turn]
        asked = [wanted[i] for i in rows]
        if sum(asked) > left:
            for i, part in zip(rows, split(left, asked, [order[i] for i in rows]), strict=True):
                got[i] = part
        left -= sum(got[i] for i in rows)
    return got


def inflated(cloud: Cloud, wanted: float, on_order: int) -> float:
    """Hours that a cloud orders where it expects to receive only a part; below 0, hours to cancel."""
    n, before = cloud.n, cloud.order_inflation
    shortage = 1 / cloud.fill_rate - 1 if cloud.fill_rate > 0 else n["most_padding"]
    cloud.order_inflation = min(1 + n["inflation"] * shortage, max(1.0, n["most_padding"]))
    return wanted * cloud.order_inflation + on_order / before * (cloud.order_inflation - before)


def cancel_orders(e: Economy, cloud: Cloud, machines: int) -> None:
    waiting = {
        account: one for (buyer, account), one in sorted(e.backlog.items()) if buyer == cloud.account and one.units
    }
    order = [e.hash("cancel", e.keys[account]) for account in waiting]
    there = [one.units for one in waiting.values()]
    for pending, units in zip(waiting.values(), split(min(machines, sum(there)), there, order), strict=True):
        if units:
            pending.value -= units * (pending.value // pending.units)
            pending.units -= units

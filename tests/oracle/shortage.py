"""Section 9.3 of the decision log: whom a vendor serves first, and orders that are inflated and taken back."""

from typing import Any

from tests.oracle.arithmetic import split
from tests.oracle.world import Cloud, Economy, Firm


def rank(e: Economy, vendor: Firm | None, buyer: int) -> float:
    strategy: Any = vendor.strategies.get("rationing") if vendor else None
    if vendor is None or strategy is None or type(strategy).__name__ == "ProRata":
        return 0.0
    if type(strategy).__name__ == "OwnGroupFirst":
        return 0.0 if e.owners.get(buyer) == vendor.owner else 1.0
    theirs = [lot for lot in e.lots if lot.vendor == vendor.place]
    held = sum(lot.units for lot in theirs if lot.owner.place == buyer)
    every = sum(lot.units for lot in theirs)
    return 1 - (held / every if every else 0.0)


def serve(wanted: list[int], ranks: list[float], there: int, order: list[int]) -> list[int]:
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


def padded(cloud: Cloud, wanted: float, on_order: int) -> float:
    n, before = cloud.n, cloud.padding
    shortage = 1 / cloud.ration - 1 if cloud.ration > 0 else n["most_padding"]
    cloud.padding = min(1 + n["inflation"] * shortage, max(1.0, n["most_padding"]))
    return wanted * cloud.padding + on_order / before * (cloud.padding - before)


def take_back(e: Economy, cloud: Cloud, machines: int) -> None:
    waiting = {place: one for (buyer, place), one in sorted(e.backlog.items()) if buyer == cloud.place and one.units}
    order = [e.hash("cancel", e.keys[place]) for place in waiting]
    there = [one.units for one in waiting.values()]
    for pending, units in zip(waiting.values(), split(min(machines, sum(there)), there, order), strict=True):
        if units:
            pending.value -= units * (pending.value // pending.units)
            pending.units -= units

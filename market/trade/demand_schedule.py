"""Demand as data: how much is bought at each price, as straight lines between points."""

from dataclasses import dataclass
from itertools import pairwise
from math import inf


@dataclass(frozen=True, slots=True)
class Schedule:
    """A demand curve through points: prices rising, quantities falling; nothing is bought above the last price."""

    prices: tuple[float, ...]
    quantities: tuple[float, ...]

    def best_price(self, unit_cost: float, capacity: float = inf) -> float:
        """The price at which (price - unit_cost) x quantity is largest, selling no more than ``capacity``.

        On a straight piece the profit is a parabola, so the best price lies at its top, at a point, or
        where just the capacity is asked for.
        """
        points = list(zip(self.prices, self.quantities, strict=True))
        candidates = [price for price, _ in points]
        for (p0, q0), (p1, q1) in pairwise(points):
            slope = (q1 - q0) / (p1 - p0)
            if slope < 0:
                tops = (unit_cost + p0 - q0 / slope) / 2, p0 + (capacity - q0) / slope
                candidates += [top for top in tops if p0 < top < p1]
        return max(candidates, key=lambda price: (price - unit_cost) * min(self.quantity(price), capacity))

    def quantity(self, price: float) -> float:
        """Quantity bought at a price: a straight line between the points around it."""
        if price >= self.prices[-1]:
            return self.quantities[-1] if price == self.prices[-1] else 0.0
        for (p0, q0), (p1, q1) in pairwise(zip(self.prices, self.quantities, strict=True)):
            if price <= p1:
                return q0 + (q1 - q0) * (max(price, p0) - p0) / (p1 - p0)
        raise AssertionError("prices of a schedule must rise")

    def less(self, quantity: float) -> "Schedule":
        """The demand that is left when rivals sell ``quantity`` at any price."""
        points = [(p, q - quantity) for p, q in zip(self.prices, self.quantities, strict=True)]
        kept = [(p, q) for p, q in points if q > 0]
        if not kept:
            return Schedule((self.prices[0],), (0.0,))
        if len(kept) < len(points):
            (p0, q0), (p1, q1) = points[len(kept) - 1], points[len(kept)]
            end = p0 + (p1 - p0) * q0 / (q0 - q1)
            kept = [*(kept if end > p0 else kept[:-1]), (end, 0.0)]  # a last crumb of demand may round to no stretch
        return Schedule(tuple(p for p, _ in kept), tuple(q for _, q in kept))


def tangent(price: float, quantity: float, elasticity: float) -> Schedule:
    """The straight demand line through what was sold last month, with its own-price elasticity there."""
    return Schedule((0.0, price * (1 + 1 / elasticity)), (quantity * (1 + elasticity), 0.0))

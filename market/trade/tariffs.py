"""Block tariffs: the first calls of a month at one price, all further calls at another."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tariff:
    """The prices at which a seller bills one customer for the calls of a month."""

    first: float  # USD a call, up to the block
    block: float  # calls per month
    beyond: float  # USD a call, of all that go beyond the block

    def blocks(self, calls: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """Split calls over the two blocks: each with its calls (whole ones if ``calls`` are) and its price."""
        low = min(calls, int(self.block))
        return (low, self.first), (calls - low, self.beyond)

    def bill(self, calls: float) -> float:
        """Dollars that a number of calls in a month costs."""
        return sum(units * price for units, price in self.blocks(calls))

    def calls(self, budget: float) -> float:
        """Number of calls that a month's budget in dollars buys, parts of a call included."""
        low = int(self.block)
        full = low * self.first
        return budget / self.first if budget <= full else low + (budget - full) / self.beyond

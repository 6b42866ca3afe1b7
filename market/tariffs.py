"""Block tariffs: so many calls a month at one price, and all further calls at another."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a seller asks one customer for the calls of a month."""

    first: float  # USD a call, up to the block
    block: float  # calls a month
    beyond: float  # USD a call, of all that go beyond the block

    def blocks(self, calls: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """Split calls over the two blocks: each with its calls (whole ones if ``calls`` are) and its price."""
        low = min(calls, int(self.block))
        return (low, self.first), (calls - low, self.beyond)

    def bill(self, calls: float) -> float:
        """Dollars for so many calls in a month."""
        return sum(units * price for units, price in self.blocks(calls))

    def calls(self, budget: float) -> float:
        """How many calls a month's budget buys, in dollars; parts of a call count."""
        low = int(self.block)
        full = low * self.first
        return budget / self.first if budget <= full else low + (budget - full) / self.beyond

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
        in_block = min(calls, int(self.block))
        return (in_block, self.first), (calls - in_block, self.beyond)

    def bill(self, calls: float) -> float:
        """Dollars for a number of calls in a month."""
        return sum(units * price for units, price in self.blocks(calls))

    def calls(self, budget: float) -> float:
        """Number of calls that a month's budget in dollars buys, parts of a call included."""
        block = int(self.block)
        block_bill = block * self.first
        return budget / self.first if budget <= block_bill else block + (budget - block_bill) / self.beyond

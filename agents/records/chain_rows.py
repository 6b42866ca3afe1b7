"""The month of the chain as a whole: its machines at what they cost the chain, and what enterprises keep."""

from typing import ClassVar, Self

import polars as pl

from watersellers.agents.economy_parts import Parts
from watersellers.agents.enterprises.handed_over_work import HandedOverWork
from watersellers.market.exact import cents
from watersellers.market.saved import Saved
from watersellers.market.trade.fleet import Fleets

CHAIN = {
    "month": pl.Int64,
    "produced_opening": pl.Int64,
    "produced": pl.Int64,
    "produced_left": pl.Int64,
    "kept_by_enterprises": pl.Int64,
}
ADOPTION = {
    "month": pl.Int64,
    "region": pl.String,
    "segment": pl.String,
    "firms": pl.Float64,
    "depth": pl.Float64,
    "work": pl.Float64,
    "horizon": pl.Float64,
    "tokens_per_hour": pl.Float64,
}


class ProducedMachines:
    """The value of the chain's machines at production cost, from month to month."""

    SAVED: ClassVar[Saved] = {"value": int}

    def __init__(self, fleets: Fleets):
        self.fleets = fleets
        self.value = fleets.production_value(-1)  # cents at the end of the last month; at first, of the opening

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the register of machines, which holds those of the opening."""
        return cls(parts.registers.fleets)

    def close(self, month: int) -> tuple[int, int, int]:
        """Return cents at the beginning of the month and at its end, and those of machines that left the chain."""
        before, self.value = self.value, self.fleets.production_value(month)
        return before, self.value, self.fleets.count_out()


def adoption_rows(parts: Parts, month: int) -> list[tuple]:
    """Write the row of each region and segment of work, in the order of ``ADOPTION``."""
    return [
        (month, row.region, row.segment, row.firms, row.depth, row.work, row.horizon, row.tokens_per_hour)
        for row in parts[HandedOverWork].rows
    ]


def chain_row(parts: Parts, month: int) -> tuple:
    """Write the row of the month, in the order of ``CHAIN``."""
    kept = cents(sum(row.surplus for row in parts[HandedOverWork].rows))
    return (month, *parts[ProducedMachines].close(month), kept)

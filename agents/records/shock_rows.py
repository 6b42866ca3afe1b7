"""What happened to the whole world in a month: its sentiment, and breakthroughs that all labs can use."""

import polars as pl

from watersellers.agents.economy_parts import Parts
from watersellers.agents.shocks.breakthroughs import Breakthroughs

SHOCKS = {
    "month": pl.Int64,
    "sentiment": pl.Float64,
    "breakthroughs": pl.Int64,
    "breakthrough_progress": pl.Float64,
}


def shock_row(parts: Parts, month: int) -> tuple:
    """Write the row of the month, in the order of ``SHOCKS``."""
    leaps = parts[Breakthroughs]
    return month, parts.registers.public.sentiment.level, leaps.happened, leaps.progress

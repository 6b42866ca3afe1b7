"""The contracts that were signed in a month: hours of machines at a fixed price over a term."""

import polars as pl

from watersellers.agents.economy_parts import Parts
from watersellers.agents.labs.reserved_hours import ReservedHours
from watersellers.market.exact import dollars

CONTRACTS = {
    "month": pl.Int64,
    "buyer": pl.Int64,
    "seller": pl.Int64,
    "hours": pl.Int64,
    "price": pl.Float64,
    "begins": pl.Int64,
    "ends": pl.Int64,
}
DATES_OF_CONTRACTS = ("month", "begins", "ends")


def contract_rows(parts: Parts, month: int) -> list[tuple]:
    """Write the row of each contract signed this month, in the order of ``CONTRACTS``."""
    signed = parts[ReservedHours].signed.rows()
    return [
        (month, buyer, seller, hours, dollars(price), begins, ends)
        for buyer, seller, hours, price, begins, ends in signed
    ]

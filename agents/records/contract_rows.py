"""Contracts for hours by cloud and lab: what was signed and delivered in a month, and what is still to be paid."""

import polars as pl

from watersellers.agents.economy_parts import Parts
from watersellers.agents.labs.reserved_hours import ReservedHours
from watersellers.market.exact import dollars

CONTRACTS = {
    "month": pl.Int64,
    "seller": pl.Int64,
    "buyer": pl.Int64,
    "backlog": pl.Int64,
    "delivered": pl.Int64,
    "signed": pl.Int64,
    "price": pl.Float64,
    "begins": pl.Int64,
    "ends": pl.Int64,
}
DATES_OF_CONTRACTS = ("month", "begins", "ends")


def contract_rows(parts: Parts, month: int, backlogs: dict[tuple[int, int], int]) -> list[tuple]:
    """Write a row for each cloud and lab with contracts this month, in the order of ``CONTRACTS``."""
    reserved = parts[ReservedHours]
    signed = {
        (seller, buyer): (hours, dollars(price), begins, ends)
        for buyer, seller, hours, price, begins, ends in reserved.signed.rows()
    }
    left = {pair: cents for pair, cents in backlogs.items() if cents}
    return [
        (month, *pair, left.get(pair, 0), reserved.delivered.get(pair, 0), *signed.get(pair, (0, None, None, None)))
        for pair in sorted({*left, *reserved.delivered, *signed})
    ]

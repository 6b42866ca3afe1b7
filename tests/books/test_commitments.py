"""Books of commitments: prepayments are deposits, speed and idle capacity expenses, and no prepayment stays for ever.

The amounts are worked out anew from the vendors' orders, which the world shows month by month, and not from the rules.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import polars as pl
import pytest

from tests.worlds.rough import ROUGH
from watersellers import Result, World
from watersellers.agents.chips.vendor import ChipVendor
from watersellers.market.chart_of_accounts import Item

START = date(2023, 1, 1)
UNIT_COST, PREPAID, SPEED, UNUSED = 7_000.0, 3.0, 4.0, 0.5
COMMITTED: dict[str, Any] = {
    "chips.unit_cost": UNIT_COST,
    "chips.prepaid_months": PREPAID,
    "world.speed_price": SPEED,
    "world.foundry_pace": 0.5,
    "chips.capacity": "prepay",
    "chips.take_or_pay": UNUSED,
}
CLOSING: dict[str, Any] = {  # each vendor orders in a boom, makes next to nothing after it, and leaves
    "chips.take_or_pay": 0.0,
    "chips.prepaid_months": 24.0,
    "chips.opening_capacity": 40_000.0,
    "chips.owner_funds": 1e10,
    "chips.cutting": {"use": "cut_idle", "months": 3, "leave_after": 4, "least": 0.99},
}


@dataclass(frozen=True)
class Order:
    """A vendor's order of capacity in a month, with what it had committed before; units a month."""

    vendor: str
    month: int
    units: float
    committed: float


@cache
def lived(months: int, closing: bool = False) -> tuple[World, list[Order]]:
    """A world at its end, and every order of capacity."""
    world = World(ROUGH, rng=1, months=months, users=100, set=CLOSING if closing else COMMITTED)
    vendors, orders = world.parts.firms_of(ChipVendor), []
    while world.running:
        month = world.month
        world.step()
        for firm in vendors:
            ordered = sum(units for opens, units in firm.pipeline if opens == month + int(firm.traits.lead))
            if ordered:
                orders.append(Order(firm.name, month, ordered, firm.committed - ordered))
    return world, orders


def booked(result: Result, item: str) -> dict[tuple[str, int], int]:
    """Cents that each vendor debited to an item for new capacity, by month from 0 on."""
    rows = result.journal.filter(good="foundry_capacity", debit_item=item)
    months = (pl.col("month").dt.year() - START.year) * 12 + pl.col("month").dt.month() - START.month
    sums = rows.group_by("debit_account", number=months).agg(pl.col("cents").sum())
    return {(vendor, int(month)): cents for vendor, month, cents in sums.iter_rows()}


def test_capacity_is_prepaid_as_a_deposit_of_some_months_of_its_production():
    world, orders = lived(14)
    assert len(orders) > 10
    due = {(one.vendor, one.month): round(100 * one.units * UNIT_COST * PREPAID) for one in orders}
    assert booked(world.result(), "prepayments") == due


def test_speed_is_an_expense_that_grows_with_the_square_of_growth():
    world, orders = lived(14)
    due = {(one.vendor, one.month): SPEED * UNIT_COST * PREPAID * one.units**2 / one.committed * 100 for one in orders}
    paid = booked(world.result(), "operating_cost")
    assert paid == {at: pytest.approx(cents, abs=1) for at, cents in due.items() if round(cents)}


def test_a_prepayment_becomes_an_expense_with_the_foundrys_next_bills_and_what_is_left_is_a_claim():
    world, _ = lived(14)
    journal, ledger = world.result().journal, world.economy.ledger
    for firm in world.parts.firms_of(ChipVendor):
        own = journal.filter(pl.col("good").str.starts_with("foundry"))
        paid = int(own.filter(debit_account=firm.name, debit_item="prepayments")["cents"].sum())
        used = int(own.filter(credit_account=firm.name, credit_item="prepayments")["cents"].sum())
        assert 0 < used <= paid
        assert int(ledger.totals[firm.account, Item.PREPAYMENTS]) == paid - used


def test_what_a_vendor_that_leaves_has_prepaid_and_not_used_is_written_off_on_both_sides():
    world, _ = lived(20, closing=True)
    result, ledger = world.result(), world.economy.ledger
    left = [firm for firm in world.parts.firms_of(ChipVendor) if firm.gave_up]
    gone = result.journal.filter(good="write_off", credit_item="prepayments")
    assert {firm.name for firm in left} == set(gone["debit_account"])
    assert set(gone["debit_item"]) == {"revaluation"}
    theirs = result.journal.filter(good="write_off", debit_account="world", debit_item="customer_deposits")
    assert gone["cents"].sum() == theirs["cents"].sum() > 0
    assert not ledger.totals[[firm.account for firm in left]].any()

"""Generations of machines and learning by doing: efficient machines run first, costs fall, and so do rents."""

from typing import Any

import polars as pl
import pytest

from tests.worlds.rough import ROUGH
from watersellers import run
from watersellers.market.trade.fleet import Machines, hunger

BRIEF: dict[str, Any] = {"months": 18, "users": 100}
MILLIONTHS = 1_000_000


def world(path: str, value: float, month: str = "2023-01") -> dict[str, Any]:
    """The reference world with one dated change."""
    change = {"month": month, "what": "set", "path": path, "value": value}
    return {"extends": str(ROUGH), "name": "changed", "question": "What?", "event": [change]}


@pytest.fixture(scope="module")
def usual():
    return run(ROUGH, **BRIEF)


def register(*powers: float) -> Machines:
    return Machines.of((3, 9, 0, 60, 1, 1000, 0, 0, 0, 0, 0, round(power * MILLIONTHS), 60) for power in powers)


def test_the_thriftiest_machines_run_first():
    assert hunger(register(1.0, 0.4), 1000) == 0.4
    assert hunger(register(1.0, 0.4), 1500) == pytest.approx(0.6)  # (1,000 x 0.4 + 500 x 1) / 1,500
    assert hunger(register(1.0, 0.4), 2000) == pytest.approx(0.7)
    assert hunger(register(1.0, 0.4), 0) == 1.0


@pytest.mark.parametrize(("path", "value"), [("chips.power", 1.0), ("chips.learning_from", 5_000_000.0)])
def test_off_is_off(usual, path, value):
    assert run(world(path, value), **BRIEF).manifest["digest"] == usual.manifest["digest"]


def test_an_hour_on_a_thrifty_generation_costs_less_and_clouds_keep_some_of_that(usual):
    thrifty = run(world("chips.power", 0.3), **BRIEF)
    paid = [
        int(
            result.flows.filter(pl.col("good").is_in(["power", "site"]), pl.col("payer_layer") == "cloud")[
                "cents"
            ].sum()
        )
        / int(result.flows.filter(pl.col("good") == "gpu_hours")["quantity"].sum())
        for result in (usual, thrifty)
    ]
    assert paid[1] / paid[0] < 0.85  # most machines of the second year are new ones, on three tenths of the power
    # what the hour saves is worth money to its buyer: while machines are short, the vendor takes a part of it
    first = [
        result.firms.filter(firm="nvidia", month=pl.date(2023, 6, 1))["price"].item() for result in (usual, thrifty)
    ]
    assert first[1] > first[0]


def test_a_faster_generation_lowers_the_rent_of_all_machines(usual):
    faster = run(world("chips.performance", 1.4, "2023-04"), **BRIEF)
    rents = [result.firms.filter(firm="azure", month=pl.date(2024, 6, 1))["price"].item() for result in (usual, faster)]
    assert rents[1] < rents[0]


def test_each_doubling_of_output_takes_a_fifth_off_what_the_foundry_is_paid():
    learning = run(ROUGH, **BRIEF, set={"chips.learning": 0.32, "chips.learning_from": 100_000.0})
    paid = learning.journal.filter(good="foundry", debit_account="amd", credit_item="revenue")
    made = paid["quantity"].cum_sum()
    due = 7500.0 * (made / 100_000.0) ** -0.32
    price = paid["price_nano"] / 10**9
    assert price.to_list() == pytest.approx(due.to_list(), abs=1e-8)  # posted in whole nano-dollars
    assert price[-1] < price[0]

"""Contracts that begin later: clouds build for them, publish their backlog, and borrow against them."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from tests.worlds.resumed import resumes
from tests.worlds.rough import on_rough
from watersellers import World, run
from watersellers.agents.information import SeenByFleetInvestor
from watersellers.agents.labs.reserved_hours import ReservedHours
from watersellers.agents.strategies.capacity import ExtrapolateGrowth
from watersellers.market.chance import Chance

BLOCK = on_rough("contracts")
CONTRACTED: dict[str, Any] = {"labs.contracting": "reserve_ahead", "cloud.contract_lead": 6}


@pytest.fixture(scope="module")
def lived():
    return run(BLOCK, users=200)


def months_between(one: date, other: date) -> int:
    """Count the months from one date to another."""
    return (other.year - one.year) * 12 + other.month - one.month


def test_hours_begin_a_lead_after_the_signature_and_end_a_term_later(lived):
    signed = lived.contracts.filter(pl.col("signed") > 0)
    assert len(signed) > 0
    dates = signed.select("month", "begins", "ends").iter_rows()
    months = {(months_between(month, begins), months_between(begins, ends)) for month, begins, ends in dates}
    assert months == {(7, 12)}
    delivered = lived.journal.filter(good="hours_reserved", credit_item="revenue")
    assert delivered["month"].min() == signed["begins"].min() == date(2023, 8, 1)
    assert signed["ends"].max() > lived.layers["month"].max()  # what is left at the end stands in the table


def test_the_backlog_is_what_contracts_still_have_to_pay(lived):
    last = lived.layers["month"].max()
    alive = lived.firms.filter(pl.col("alive"), month=last)["firm"].implode()
    left = lived.contracts.filter(pl.col("signed") > 0, pl.col("buyer").is_in(alive), pl.col("seller").is_in(alive))
    expected: dict[str, float] = {}
    for seller, hours, price, begins, ends in left.select("seller", "signed", "price", "begins", "ends").iter_rows():
        months = months_between(last, ends) - 1 - max(0, months_between(last, begins) - 1)
        if months > 0:
            expected[seller] = expected.get(seller, 0.0) + hours * price * 100 * months
    stands = dict(lived.firms.filter(pl.col("backlog") > 0, month=last).select("firm", "backlog").rows())
    assert stands.keys() == expected.keys()
    assert all(abs(stands[name] - expected[name]) <= 24 * len(left) for name in expected)  # cents of rounded bills
    assert lived.firms.filter(pl.col("layer") != "cloud")["backlog"].is_null().all()
    pairs = lived.contracts.group_by("month", "seller").agg(pl.col("backlog").sum())
    clouds = lived.firms.filter(pl.col("backlog") > 0).select("month", pl.col("firm").alias("seller"), "backlog")
    assert pairs.filter(pl.col("backlog") > 0).sort(pl.all()).equals(clouds.sort(pl.all()))


def test_what_is_delivered_under_contracts_is_what_is_billed(lived):
    billed = lived.journal.filter(good="hours_reserved", credit_item="revenue")
    hours = billed.group_by("month", "credit_account", "debit_account").agg(pl.col("quantity").sum())
    told = lived.contracts.filter(pl.col("delivered") > 0).select("month", "seller", "buyer", "delivered")
    assert told.height > 0
    assert sorted(told.rows()) == sorted(hours.rows())


def test_a_cloud_builds_for_what_it_sold_and_labs_turn_to_it_where_others_have_no_room(lived):
    alone = run(BLOCK, users=200, set={"cloud.neocloud.most_reserved": 0.0})

    def capacity(result):
        return result.firms.filter(firm="neocloud")["capacity"].to_list()[-1]

    assert capacity(lived) > 1.5 * capacity(alone)
    sold = lived.contracts.filter(seller="neocloud")["signed"].sum()
    assert sold > 0
    assert alone.contracts.filter(seller="neocloud").is_empty()


def test_a_cloud_builds_what_is_under_contract_at_once():
    seen = SeenByFleetInvestor(
        asked=100.0, growth=0.0, trend=0.0, capacity=90.0, coming=0.0, leaving=0.0, contracted=150.0, horizon=12.0,
        return_on_cost=2.0, outlook=1.0,
    )  # fmt: skip
    rule = ExtrapolateGrowth(target=0.5, answer=0.0, pace=1.0)
    dice = Chance(1, 0)
    assert rule(seen, dice) == 100 / 0.5 - 90
    assert rule(replace(seen, contracted=350.0), dice) == 350 - 90
    assert rule(replace(seen, return_on_cost=0.5), dice) == 150 - 90  # what is sold is built, pay or not


def test_what_a_cloud_has_no_room_for_goes_to_clouds_that_have():
    world = World(BLOCK, 1, users=50)
    reserved = world._parts[ReservedHours]
    first, second, third, *rest = sorted(reserved.clouds)
    one, other = (
        SimpleNamespace(account=lab.account, key=lab.key, numbers=lab.numbers, cloud_share=shares)
        for lab, shares in zip(reserved.labs, ({first: 0.5, second: 0.3, third: 0.2}, {first: 1.0}), strict=False)
    )
    doubles: Any = [one, other]
    reserved.labs = doubles
    chance = world._economy.chance

    def signed(wishes: dict[int, int], room: dict[int, int]) -> dict[tuple[int, int], int]:
        return {(row[0], row[1]): row[2] for row in reserved._sign(wishes, dict.fromkeys(rest, 0) | room, chance)}

    room = {first: 10, second: 10**9, third: 20}
    # it asks for 500, 300 and 200; the 490 and 180 that are left go to the second, which alone has room
    assert signed({one.account: 1000}, room) == {
        (one.account, first): 10, (one.account, second): 970, (one.account, third): 20,
    }  # fmt: skip
    # both ask the first, for 500 and 1,500 of its 400: a quarter and three quarters, whoever stands first in a list
    room = {first: 400, second: 0, third: 0}
    assert signed({other.account: 1500, one.account: 1000}, room) == {
        (one.account, first): 160, (other.account, first): 240,
    }  # fmt: skip
    assert signed({one.account: 1000}, {first: 0, second: 0, third: 0}) == {}
    one.cloud_share = {first: 1e-9}
    assert signed({one.account: 1000}, {first: 10, second: 10, third: 10}) == {}


def test_nobody_signs_twice_for_the_same_need_before_the_hours_begin():
    world = World(BLOCK, 1, users=100, set={"labs.contracting": {"use": "reserve_ahead", "fastest": 0.0}})
    needed = 0
    for _ in range(6):
        world.step()
        reserved = world._parts[ReservedHours]
        (openai,) = (lab.account for lab in reserved.labs if lab.name == "openai")
        needed = max(needed, reserved.used[openai])
    signed = reserved.contracts.where(reserved.contracts.buyer == openai)
    assert 0.59 * needed < signed.units.sum() <= 0.6 * needed
    assert (signed.begins > world.month).all()


@pytest.mark.parametrize("discount", [0.0, 0.25])
def test_contracts_help_a_cloud_to_borrow(discount):
    lent = [
        run(BLOCK, users=200, set={"cloud.reserved_discount": discount, "cloud.neocloud.contract_loans": counted})
        .flows.filter(good="loan", payee="neocloud")["cents"]
        .sum()
        for counted in (0.0, 0.9, 1.0)
    ]
    assert lent[0] < lent[1] < lent[2]


def test_it_is_resumed_as_if_it_had_never_stopped(tmp_path):
    assert resumes(BLOCK, 5, 8, tmp_path, {})


def test_contracts_that_the_end_of_a_run_cuts_are_said(lived):
    last = lived.layers["month"].max()
    (said,) = [one for one in lived.manifest["notes"] if one.startswith("contracts: ")]
    left = lived.firms.filter(month=last)["backlog"].sum() / 100
    signed = lived.contracts.filter(pl.col("signed") > 0)
    cut = signed.filter(pl.col("ends") > date(2024, 7, 1))
    assert said == (
        f"contracts: the end of the run in 2024-06 cuts {len(cut)} of {len(signed)} contracts for hours, for"
        f" which {left / 1e9:.1f} billion dollars are still to be paid; more months show how they end"
    )
    assert len(cut) > 0
    assert not any(one.startswith("contracts: ") for one in run("plain", months=2, users=50).manifest["notes"])

"""Savers sign, pools call and distribute: promises are finite, reconcile to the cent, and follow returns."""

from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.economy_fingerprints import BLOCKS
from tests.worlds.resumed import resumes
from tests.worlds.theory_chain import quick
from watersellers import BadInput, Result, World, load_scenario, run
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.savers import Savers
from watersellers.agents.finance.venture.commitments import (
    PromiseRegister,
    Promises,
    calls,
    let_off,
    multiple,
    signs,
)
from watersellers.market.chart_of_accounts import Item

BLOCK = BLOCKS.parent / "called_money.toml"
cents = st.integers(0, 10**15)
share = st.floats(0, 1)


@cache
def lived(**given_: Any) -> Result:
    """The block's world with settings, dots written as double underscores."""
    return run(BLOCK, seed=1, users=30, set={name.replace("__", "."): value for name, value in given_.items()})


def numbers(**given_: float) -> Any:
    usual = {"savers_wealth": 1e9, "savers_most": 0.5, "savers_pace": 0.1, "savers_chase": 0.0, "call_most": 0.1}
    return SimpleNamespace(**usual | given_)


def total(result: Result, column: str) -> int:
    return int(result.pools[column].sum())


# rules


@quick
@given(cents, cents, cents, st.floats(0, 1e13), cents, share, share, st.floats(0, 30), st.floats(0, 5))
def test_nobody_signs_for_what_he_does_not_have_nor_for_more_than_a_share(
    signed, called, back, worth, held, most, pace, made, chase
):
    traits = numbers(savers_most=most, savers_pace=pace, savers_chase=chase)
    promises = Promises(signed=signed + called, called=min(called, 10**11), distributed=back)
    new = signs(traits, promises, worth, held, made)
    assert new >= 0
    outside = promises.outside(traits.savers_wealth)
    assert new == 0 or promises.uncalled + new <= outside
    wealth = (outside + held) / 100
    assert new == 0 or (promises.uncalled + held + new) / 100 <= min(worth, most * wealth) * (1 + 1e-9) + 0.01


@quick
@given(cents, cents, share, cents, st.integers(-(10**12), 10**12))
def test_a_call_is_needed_promised_and_no_more_than_a_share_of_what_was_signed(signed, called, most, need, cash):
    promises = Promises(signed=signed + called, called=called)
    called_now = calls(numbers(call_most=most), promises, need, cash)
    assert 0 <= called_now <= max(0, need - max(0, cash))
    assert called_now <= promises.uncalled
    assert called_now <= most * promises.in_force


def test_losses_lower_wealth_for_good_and_gains_raise_it():
    paid = Promises(signed=100_00, called=100_00)
    assert paid.outside(500.0) == 400_00  # whatever becomes of it
    assert replace(paid, distributed=30_00).outside(500.0) == 430_00  # 70 were lost
    assert replace(paid, distributed=180_00).outside(500.0) == 580_00  # 80 were gained
    # what was lost cannot be signed for again: half of 400 dollars, and half of 580
    lost, gained = (signs(numbers(savers_wealth=500.0, savers_pace=1.0), each, 1e9, 0, 1.0) for each in (
        paid, replace(paid, distributed=180_00)))  # fmt: skip
    assert (lost, gained) == (200_00, 290_00)


def test_savers_are_let_off_what_they_no_longer_have_and_everything_where_nobody_calls():
    promised = Promises(signed=90_00, called=20_00)
    assert let_off(numbers(savers_wealth=1e6), promised) == 0
    assert let_off(numbers(savers_wealth=50.0), promised) == 40_00  # 30 are left outside for 70
    assert let_off(numbers(savers_wealth=0.0), promised) == 70_00
    assert let_off(numbers(call_most=0.0), promised) == 70_00


def test_more_than_was_promised_can_not_be_called():
    register = PromiseRegister()
    register.sign(3, 100)
    register.call(3, 60)
    with pytest.raises(ValueError, match="41 cents are called of 40"):
        register.call(3, 41)


def test_savers_sign_slower_for_a_pool_that_lost_and_faster_for_one_that_gained():
    paces = [signs(numbers(savers_chase=1.0), Promises(), 1e8, 0, made) for made in (0.0, 0.5, 1.0, 2.0)]
    assert paces == [0, 500_000_000, 1_000_000_000, 2_000_000_000]
    assert signs(numbers(savers_chase=0.0), Promises(), 1e8, 0, 0.0) == 1_000_000_000  # who does not look back
    assert multiple(0.0, 0.0) == 1.0


# the economy


def test_it_is_off_where_nobody_calls():
    usual = run("dollar_paths", seed=1, users=30, months=6).manifest["digest"]
    idle = {"investors.savers_chase": 3.0, "investors.marks_trusted": 0.2, "investors.news_most": 2.0}
    assert run("dollar_paths", seed=1, users=30, months=6, set=idle).manifest["digest"] == usual


def test_wealth_and_promises_reconcile_to_the_cent_with_the_books():
    world = World(BLOCK, rng=1, users=30)
    pools, ledger, promises = world.parts[Investors].pools, world.parts.ledger, world.parts[Savers].promises
    before = {pool.name: int(ledger.totals[pool.account, Item.CASH]) for pool in pools}
    world.run_model()
    result = world.result()
    for pool in pools:
        row = result.pools.filter(pool=pool.name)
        flows = result.flows
        paid = int(flows.filter(payer="world", payee=pool.name)["cents"].sum())
        back = int(flows.filter(payer=pool.name, payee="world")["cents"].sum())
        stakes = int(flows.filter(pl.col("payer") == pool.name, pl.col("payee") != "world")["cents"].sum())
        earned = int(flows.filter(pl.col("payee") == pool.name, pl.col("payer") != "world")["cents"].sum())
        signed, released, called, distributed = (
            int(row[name].sum()) for name in ("signed", "released", "called", "distributed")
        )
        assert (called, distributed) == (paid, back)
        assert signed == released + called + row["uncalled"][-1]
        assert row["outside"][-1] == 60_000_000_000_00 - paid + back >= row["uncalled"][-1]
        cash = int(ledger.totals[pool.account, Item.CASH])
        assert before[pool.name] + paid + earned - back - stakes == cash
        assert promises.of(pool.account).uncalled == row["uncalled"][-1]
    assert total(result, "called") > 0 < total(result, "distributed")


def test_the_pool_is_finite_whatever_is_believed():
    greedy = lived(
        investors__valuation__expected_gross_profit__multiple=1000.0,
        investors__valuation__expected_gross_profit__patience=0.0,
        investors__savers_pace=1.0, investors__call_most=1.0, investors__news_pull=5.0, investors__raised_for=120.0,
        investors__savers_wealth=4e9, investors__savers_most=1.0,
    )  # fmt: skip
    for pool in ("venture_west", "venture_china"):
        rows = greedy.pools.filter(pool=pool)
        assert (rows["outside"] >= rows["uncalled"]).all()
        assert int(rows["called"].sum()) <= 4_000_000_000_00 + int(rows["distributed"].sum())


def test_poorer_savers_sign_and_pay_less():
    called = [total(lived(investors__savers_wealth=wealth), "called") for wealth in (1e9, 8e9, 60e9)]
    assert called[0] < called[1] < called[2]


def test_a_pool_whose_marks_fall_calls_less_and_its_savers_sign_less():
    """A shock to what firms earn, and not to any belief: revenue falls because people have less to spend."""
    usual, poorer = (World(BLOCK, rng=1, users=30) for _ in range(2))
    for world in (usual, poorer):
        world.run_for(10)
    for region in ("enterprises.west", "enterprises.china"):
        poorer.set(f"{region}.tokens_high", 0.0)
        poorer.set(f"{region}.tokens_low", 0.0)
    for world in (usual, poorer):
        world.run_model()
    late = [world.result().pools.filter(pl.col("month") >= pl.date(2024, 1, 1)) for world in (usual, poorer)]
    assert late[1]["hype"].to_numpy().mean() < late[0]["hype"].to_numpy().mean()
    assert late[1]["made"].to_numpy().mean() < late[0]["made"].to_numpy().mean()
    for column in ("signed", "called"):
        assert late[1][column].to_numpy().sum() < late[0][column].to_numpy().sum()


WHOLE = {  # what belief moves beside the price of shares is off: foundings, redemptions, and savers who hesitate
    "labs__startups__absent": True, "investors__redemption": 0.0, "investors__savers_pace": 1.0,
    "investors__valuation__expected_gross_profit__patience": 0.0, "investors__savers_wealth": 1e13,
    "investors__call_most": 1.0,
}  # fmt: skip


@pytest.mark.parametrize(("stake", "bites"), [(0.01, True), (0.99, False)])
def test_belief_brakes_what_is_called_where_rounds_are_bound_by_worth_and_nowhere_else(stake, bites):
    """Half the multiples: where firms get all that they need, their shares are cheaper, and no cent less is called."""
    rule = "investors__valuation__expected_gross_profit"
    full, half = (
        lived(**WHOLE, investors__largest_stake=stake, **{f"{rule}__multiple": years, f"{rule}__story_years": years})
        for years in (100.0, 50.0)
    )
    assert total(full, "called") > 0
    assert (total(half, "called") < total(full, "called")) == bites
    assert (total(half, "called") == total(full, "called")) != bites


def test_a_saved_world_goes_on_as_if_it_had_never_stopped(tmp_path):
    assert resumes(BLOCK, 9, 16, tmp_path)


@pytest.mark.parametrize("path", ["investors.call_most", "investors.venture_west.call_most"])
def test_a_pool_without_wealth_is_refused(path):
    with pytest.raises(BadInput) as refused:
        World("dollar_paths", rng=1, set={path: 0.05})
    text = str(refused.value)
    for part in ("investors.venture_west.call_most", "found 0.05", "savers_wealth is 0", "write", "call_most = 0"):
        assert part in text


def test_one_that_begins_to_call_later_is_refused_with_the_month():
    event = {"month": "2023-06", "what": "set", "path": "investors.call_most", "value": 0.1}
    with pytest.raises(BadInput, match="from 2023-06 on"):
        load_scenario({"extends": "dollar_paths", "name": "later", "question": "Later?", "event": [event]})

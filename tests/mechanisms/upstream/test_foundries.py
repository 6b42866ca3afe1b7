"""Foundries that vendors share, prepay and do not always use: machines and margins follow demand, lead and rivals."""

import os
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as draw

from tests.worlds.resumed import resumes
from tests.worlds.rough import ROUGH
from watersellers import World, run
from watersellers.agents.chips.foundry import FoundryLines, SpeedPrice, share_growth
from watersellers.agents.chips.vendor import ChipVendor
from watersellers.agents.information import SeenByCommittedVendor
from watersellers.agents.strategies.capacity import CutIdle
from watersellers.market.chance import Chance

IDLE = {  # owners keep their vendors alive
    "chips.take_or_pay": 0.5,
    "chips.opening_capacity": 40_000.0,
    "chips.unit_cost": 7_000.0,
    "chips.owner_funds": 1e10,
}
BRIEF: dict[str, Any] = {"months": 14, "users": 100}
SCARCE = "scarce_chips"
SEEDS = (1, 2) if "EVERY_SEED" in os.environ else (1,)  # both in `make verify`
quick = settings(max_examples=200)


# What a foundry adds


@quick
@given(
    draw.lists(draw.integers(0, 10**7), min_size=1, max_size=6),
    draw.builds(FoundryLines, draw.floats(0, 1e7), draw.integers(0, 10**7)),
    draw.floats(0, 1),
    draw.floats(0, 1000),
)
def test_a_foundry_gives_what_idles_and_adds_no_more_than_its_limit(asked, lines, pace, fastest):
    got, total = share_growth(asked, lines, pace, fastest, list(range(len(asked)))), sum(asked)
    assert all(0 <= one <= wanted for one, wanted in zip(got, asked, strict=True))
    stand = lines.committed + lines.idle
    beyond = max(0, total - lines.idle)
    assert sum(got) == (min(total, lines.idle) + int(min(pace * beyond, fastest * stand)) if stand else total)
    for one, wanted in zip(got, asked, strict=True):
        assert abs(one * sum(asked) - wanted * sum(got)) <= sum(asked)  # the same share, to one unit


@quick
@given(draw.floats(1, 1e6), draw.floats(0, 1000), draw.floats(0, 1e7), draw.integers(0, 10**6), draw.floats(0, 1e13))
def test_what_a_vendor_can_pay_is_what_its_money_pays_for(prepayment, premium, committed, idle, cash):
    price = SpeedPrice(prepayment, premium, committed, idle)
    units = int(price.payable(cash))
    assert units * prepayment + price.premium_of(units) <= cash * (1 + 1e-9)
    more = units + 2
    assert more * prepayment + price.premium_of(more) > cash


def test_speed_is_convex():
    price = SpeedPrice(prepayment=16_000.0, premium=5.0, committed=1000.0)
    premiums = [price.premium_of(units) for units in range(0, 500, 50)]
    steps = [after - before for before, after in pairwise(premiums)]
    assert steps == sorted(steps)
    assert steps[0] > 0


def test_lines_that_idle_cost_no_speed():
    price = SpeedPrice(prepayment=16_000.0, premium=5.0, committed=1000.0, idle=300)
    assert price.premium_of(300) == 0
    assert price.premium_of(400) == SpeedPrice(16_000.0, 5.0, 1000.0).premium_of(100)


# Off is off


@pytest.mark.parametrize(
    ("number", "value"), [("world.foundry_growth", 600.0), ("chips.notice", 12.0), ("chips.cutting", "hold")]
)
def test_off_is_off(number, value):
    usual = run(ROUGH, **BRIEF).manifest["digest"]
    assert run(ROUGH, **BRIEF, set={number: value}).manifest["digest"] == usual


# Capacity


def lived(world: World) -> list[dict[str, float]]:
    """Live a world to its end; list the committed capacity of each vendor after each month."""
    found = []
    for _ in range(world.spec.months):
        world.step()
        found.append({firm.name: firm.committed for firm in world.parts.firms_of(ChipVendor)})
    return found


@pytest.mark.parametrize("fastest", [0.0, 0.03])
def test_capacity_of_a_region_grows_no_faster_than_its_foundry(fastest):
    world = World(ROUGH, rng=1, **BRIEF, set={"world.foundry_growth": fastest})
    months = [month["nvidia"] + month["amd"] for month in lived(world)]
    assert all(after <= before * (1 + fastest) + 1e-6 for before, after in pairwise(months))
    assert (months[-1] > months[0]) == (fastest > 0)


@quick
@given(
    draw.floats(1, 1e6),
    draw.lists(draw.integers(1, 10**6), max_size=9),
    draw.floats(0, 1),
)
def test_capacity_that_is_given_up_is_gone_and_all_of_it_leaves_nothing(capacity, ordered, share):
    for part in (share, 1.0):
        firm = ChipVendor.__new__(ChipVendor)
        firm.capacity = capacity
        firm.pipeline = [(opens, float(units)) for opens, units in enumerate(ordered, start=1)]
        before = firm.committed
        firm.give_up(part * before)
        assert firm.committed == pytest.approx((1 - part) * before, rel=1e-9, abs=1e-9 * before)
        assert all(units > 0 for _, units in firm.pipeline)
    assert firm.committed == 0
    assert not firm.pipeline


def test_a_vendor_without_orders_keeps_enough_to_be_ordered_from_until_it_leaves():
    rule = CutIdle(idle=0.6, months=3.0, least=0.02, leave_after=6.0)
    quiet = SeenByCommittedVendor(made=(1010, 0, 0, 0), could=(1010, 1010, 1010, 1010), committed=1010.0, backlog=0)
    chance = Chance(1, 0)
    assert rule(quiet, chance) == 1010 - 21
    assert rule(replace(quiet, made=(0, 0, 0, 0)), chance) == 1010 - 1
    assert rule(replace(quiet, made=(0,) * 6, could=(1010,) * 6), chance) == 1010
    assert rule(replace(quiet, backlog=600), chance) == 1010 - 200
    assert rule(replace(quiet, made=(1010, *(20,) * 6), could=(1010,) * 7), chance) == 1010
    assert rule(replace(quiet, made=(1010, *(21,) * 6), could=(1010, *(21,) * 6), committed=21.0), chance) == 0


# Books of what idles


def test_capacity_that_idles_is_an_expense_to_the_unit_and_its_prepayment_goes_first():
    result = run(ROUGH, **BRIEF, set=IDLE)
    bills = result.journal.filter(good="foundry_unused", credit_item="revenue")
    assert set(bills["debit_item"]) == {"operating_cost"}
    assert set(bills["price_nano"]) == {3_500 * 10**9}
    firms = result.firms.filter(layer="chips").with_columns(idle=pl.col("capacity") - pl.col("quantity"))
    billed = bills.group_by("debit_account").agg(pl.col("quantity").sum()).sort("debit_account")
    idle = firms.group_by("firm").agg(pl.col("idle").sum()).filter(pl.col("idle") > 0).sort("firm")
    assert billed.rows() == idle.rows()
    assert not result.journal.filter(good="foundry_unused", debit_item="customer_deposits").is_empty()


def test_a_vendor_that_gives_up_capacity_pays_for_the_notice_once():
    given = IDLE | {"chips.notice": 4.0, "chips.cutting": "cut_idle"}
    world = World(ROUGH, rng=1, months=20, users=100, set=given)
    gave_up: dict[str, int] = {}
    idle: dict[str, int] = {}
    for _ in range(20):
        world.step()
        for firm in world.parts.firms_of(ChipVendor):
            gave_up[firm.name] = gave_up.get(firm.name, 0) + int(firm.given_up * 4)
            idle[firm.name] = idle.get(firm.name, 0) + max(0, int(firm.capacity) - firm.made[-1])
    assert any(gave_up.values())
    billed = world.result().journal.filter(good="foundry_unused", credit_item="revenue")
    for name in gave_up:
        assert int(billed.filter(debit_account=name)["quantity"].sum()) == gave_up[name] + idle[name], name


# What the scenario shows


@cache
def scarce(months: int, seed: int, name: str = "", value: float = 0.0) -> Any:
    """A run of the scenario with one number changed."""
    return run(SCARCE, months=months, users=100, seed=seed, set={name: value} if name else {})


def of_year(result: Any, year: int) -> pl.DataFrame:
    return result.firms.filter(pl.col("layer") == "chips", pl.col("month").dt.year() == year)


def units(result: Any, year: int) -> int:
    return int(of_year(result, year)["quantity"].sum())


def paid(result: Any, year: int) -> float:
    """Dollars per accelerator."""
    return int(of_year(result, year)["revenue"].sum()) / 100 / units(result, year)


HALVED = {
    **dict.fromkeys(("cloud.ranking_uplift", "owners.ranking_uplift"), 0.0354),
    "enterprises.exposed_hours": 40_000_000_000,
    "investors.savers_pace": 0.02,
}


def half_of_2023() -> dict[str, Any]:
    """The scenario with half of the machines that clouds want in 2023 at any rent, and half of what pays for them."""
    wish: dict[str, Any] = {"what": "strategy", "path": "cloud.capacity"}
    changes: list[dict[str, Any]] = [
        {"month": "2023-01", **wish, "choice": {"use": "extrapolate", "target": 2 * 0.651}},
        {"month": "2024-01", **wish, "choice": "extrapolate"},
    ]
    for path, value in HALVED.items():
        changes.append({"month": "2023-01", "what": "set", "path": path, "value": value / 2})
        changes.append({"month": "2024-01", "what": "set", "path": path, "value": value})
    return {"extends": SCARCE, "name": "half", "question": "What if demand were half?", "event": changes}


@pytest.mark.parametrize("seed", SEEDS)
def test_half_the_demand_of_2023_makes_fewer_machines_in_2024(seed):
    usual, half = scarce(24, seed), run(half_of_2023(), months=24, users=100, seed=seed)
    assert units(half, 2024) < 0.95 * units(usual, 2024)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_longer_lead_gives_fewer_machines_for_longer_and_dearer_ones(seed):
    runs = [scarce(36, seed, "chips.lead", lead) for lead in (3, 9, 15, 21)]
    made = [units(result, 2023) + units(result, 2024) for result in runs]
    dear = [paid(result, 2025) for result in runs]
    assert made == sorted(made, reverse=True)
    assert dear == sorted(dear)
    assert made[-1] < 0.75 * made[0]
    assert dear[-1] > 1.2 * dear[0]


def rivals(number: int) -> dict[str, Any]:
    """The scenario with NVIDIA divided among so many equal vendors."""
    whole = {"opening_capacity": 45_100, "opening_cash": 13e9, "staff": 150e6}
    share = {name: value / number for name, value in whole.items()}
    alike: dict[str, Any] = {"opening_wait": 8.18, "opening_price": 27_500, "lock_in": 2.5, "opening_pipeline": 0.16}
    alike |= {"opening_growth": 0.1, "payout": 0.5, "region": "west"}
    others = {f"rival_{each}": {"key": 190_000 + each, **alike, **share} for each in range(1, number)}
    listed = {"chips": [f"+{name}" for name in others]} if others else {}
    vendors = {"nvidia": share, **others}
    return {"extends": SCARCE, "name": "rivals", "question": "What?", "chips": vendors, "cloud": listed}


def test_more_vendors_earn_less_on_each_machine():
    prices = [paid(run(rivals(number), months=36, users=100), 2025) for number in (1, 2, 8)]
    assert prices == sorted(prices, reverse=True)
    assert prices[-1] < 0.9 * prices[0]


def test_a_vendor_that_asks_more_gets_fewer_orders():
    orders = []
    for markup in (1.0, 2.0, 4.0):
        asking = {"chips.nvidia.pricing": {"use": "cost_plus", "markup": markup}}
        world = World(SCARCE, rng=1, months=18, users=100, set=asking)
        vendor = next(firm for firm in world.parts.firms_of(ChipVendor) if firm.name == "nvidia")
        before = world.parts.registers.backlog.waiting(vendor.account)
        lived(world)
        orders.append(sum(vendor.made) + world.parts.registers.backlog.waiting(vendor.account) - before)
    assert orders == sorted(orders, reverse=True)
    assert orders[-1] < 0.7 * orders[0]


@pytest.mark.parametrize("stop", [3, 9])
def test_a_world_with_scarce_chips_that_is_resumed_ends_as_if_it_had_never_stopped(stop, tmp_path):
    assert resumes("scarce_chips", stop, 12, tmp_path)

"""Devices: bought once, paid to their makers, and a habit of their buyers."""

import polars as pl
import pytest

from watersellers import World, run
from watersellers.agents.users.month import Users

SELLING = {"apps.xiaoai.device_price": 60, "apps.xiaoai.device_cost": 50, "apps.xiaoai.device_reach": 1}
LASTING = {**SELLING, "apps.xiaoai.device_life": 240}


@pytest.fixture(scope="module")
def world_with_devices() -> World:
    world = World("dollar_paths", rng=1, months=8, users=400, set=SELLING)
    while world.running:
        world.step()
    return world


def owners_and_sales(world: World) -> tuple[int, int]:
    """People who have the device at the end, and devices sold in all."""
    people, row = world.parts[Users].people, world.parts[Users].row_of[world.accounts.index["xiaoai"]]
    bills = world.result().journal.filter(pl.col("good") == "devices", pl.col("credit_account") == "xiaoai")
    sold = bills.filter(credit_item="revenue")["quantity"].sum()
    return int(people.weight[people.owns(row)].sum()), int(sold)


def test_devices_break_after_their_life_in_the_mean_and_are_bought_again():
    """Of N buyers at once and a life of 4 months, (3/4)^n are left after n, whoever buys again left out."""
    once = {**SELLING, "apps.xiaoai.device_life": 4, "apps.xiaoai.device_price": 0.01, "apps.xiaoai.device_cost": 0}
    world = World("dollar_paths", rng=1, months=5, users=4000, set=once)
    world.step()
    first, sold = owners_and_sales(world)
    assert first == sold > 0
    world.set("apps.xiaoai.device_reach", 0)  # nobody buys any more
    while world.running:
        world.step()
    left, sold = owners_and_sales(world)
    assert sold == first
    assert left / first == pytest.approx(0.75**4, abs=0.03)


def test_a_device_that_lasts_is_owned_by_all_who_bought_one():
    world = World("dollar_paths", rng=1, months=8, users=400, set={**LASTING})
    while world.running:
        world.step()
    owned, sold = owners_and_sales(world)
    assert 0.95 * sold < owned <= sold


def test_every_owner_knows_the_assistant_and_has_one_device(world_with_devices):
    place = world_with_devices.accounts.index["xiaoai"]
    row = world_with_devices.parts[Users].row_of[place]
    people = world_with_devices.parts[Users].people
    owners = people.owns(row)
    owned, sold = owners_and_sales(world_with_devices)
    assert 0 < owned < sold  # some broke
    assert people.knows(row)[owners].all()
    assert not owners[people.region == 0].any()  # it is not offered in the West


def test_makers_are_paid_for_each_device_in_the_month_of_its_sale(world_with_devices):
    bills = world_with_devices.result().journal.filter(pl.col("good") == "devices", pl.col("credit_item") == "revenue")
    sold, made = (
        bills.filter(pl.col(side) == "xiaoai").group_by("month").agg(pl.col("quantity").sum()).sort("month")
        for side in ("credit_account", "debit_account")
    )
    assert len(sold) > 2
    assert sold.equals(made)


def test_the_stronger_the_habit_the_more_a_device_is_asked():
    def queries(habit: int) -> int:
        given = {**SELLING, "apps.xiaoai.device_habit": habit}
        apps = run("dollar_paths", months=6, users=400, set=given).apps
        return int(apps.filter(app="xiaoai")["queries"].sum())

    assert queries(0) < queries(3) < queries(6)

"""Devices: bought once, paid on to their makers, and a habit of their buyers."""

import polars as pl
import pytest

from experiments import World, run

SELLING = {"apps.xiaoai.device_price": 60, "apps.xiaoai.device_cost": 50, "apps.xiaoai.device_reach": 1}


@pytest.fixture(scope="module")
def lived() -> World:
    world = World("baseline", rng=1, months=8, users=400, settings=SELLING)
    while world.running:
        world.step()
    return world


def test_nobody_buys_a_second_device_and_every_owner_knows_the_assistant(lived):
    place = lived.accounts.index["xiaoai"]
    row = lived.parts.users.slot[place]
    people = lived.parts.users.people
    owners = people.owns(row)
    bills = lived.result().journal.filter(pl.col("good") == "devices", pl.col("credit_account") == "xiaoai")
    sold = bills.filter(credit_item="revenue")["quantity"].sum()
    assert 0 < sold == people.weight[owners].sum()
    assert people.knows(row)[owners].all()
    assert not owners[people.region == 0].any()  # it is not offered in the West


def test_makers_are_paid_for_each_device_in_the_month_of_its_sale(lived):
    bills = lived.result().journal.filter(pl.col("good") == "devices", pl.col("credit_item") == "revenue")
    sold, made = (
        bills.filter(pl.col(side) == "xiaoai").group_by("month").agg(pl.col("quantity").sum()).sort("month")
        for side in ("credit_account", "debit_account")
    )
    assert len(sold) > 2
    assert sold.equals(made)


def test_the_stronger_the_habit_the_more_a_device_is_asked():
    def queries(habit: int) -> int:
        given = {**SELLING, "apps.xiaoai.device_habit": habit}
        apps = run("baseline", months=6, users=400, set=given).apps
        return int(apps.filter(app="xiaoai")["queries"].sum())

    assert queries(0) < queries(3) < queries(6)

"""Snapshots of each month of a running world agree with the world itself."""

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from watersellers import BadInput, World, run
from watersellers.experiments.runs.dated_changes import Change, steer
from watersellers.experiments.runs.month_snapshots import MonthMark, layers_of, participants_of, result_of, snapshot_of
from watersellers.experiments.runs.run_spec import RunSpec, scenario_spec_of

MONTHS = 14


@pytest.fixture(scope="module")
def world_and_months():
    world, months = World("plain", rng=3, months=MONTHS, users=300), []
    mark = MonthMark()
    while world.running:
        world.step()
        months.append(snapshot_of(world, mark, participants_of(world)))
        mark = MonthMark.of(world)
    return world, months


def test_the_result_of_snapshots_is_that_of_their_world(world_and_months):
    world, months = world_and_months
    taped, own = result_of(months, world.spec, world.given), world.result()
    assert taped.manifest == own.manifest
    for name, frame in own.frames().items():
        assert_frame_equal(taped.frames()[name], frame)


def test_what_was_paid_is_the_flows_of_the_month_added_up_by_who_paid_whom_for_what(world_and_months):
    for month in world_and_months[1]:
        flows = month.flows.group_by("payer", "payee", "good").agg(pl.col("cents").sum())
        assert sorted(month.payments) == sorted(flows.rows())


def test_fewer_snapshots_are_a_shorter_run(world_and_months):
    world, months = world_and_months
    short = run("plain", seed=3, months=5, users=300)
    assert result_of(months[:5], world.spec, world.given).manifest["digest"] == short.manifest["digest"]


def test_the_figures_of_months_are_those_of_the_finished_tables(world_and_months):
    world, months = world_and_months
    columns = ["revenue", "operating_profit", "bought_from_chain", "cash", "operating_margin"]
    keys = ["month", "layer"]
    own = world.result().layers.select(*keys, *columns, "profit_over_final_spending").sort(keys)
    drawn = layers_of(pl.concat(month.figures for month in months)).select(own.columns).sort(keys)
    assert_frame_equal(drawn, own)


def test_the_payments_of_months_are_the_payments_of_the_run(world_and_months):
    world, months = world_and_months
    taped = pl.concat(month.flows.drop("entry") for month in months)
    assert_frame_equal(taped, world.result().flows.drop("entry"))


def test_snapshots_cannot_be_changed(world_and_months):
    month = world_and_months[1][3]
    for column in (month.cash, month.debt, month.journal.cents, month.users.app):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1


def test_a_snapshot_keeps_what_the_world_changes_afterwards(world_and_months):
    months = world_and_months[1]
    assert not np.array_equal(months[0].users.app, months[-1].users.app)
    assert months[0].cash.sum() == months[-1].cash.sum()  # money moves and is never made


def test_changes_made_during_a_run_give_the_same_as_changes_given_at_the_start():
    changes = (Change("2023-04", "chips.lock_in", 0.2), Change("2023-07", "apps.list_price", 5.0))
    scheduled = World(scenario_spec_of(RunSpec("plain", changes=changes)), rng=1, months=10, users=200)
    steered = World("plain", rng=1, months=10, users=200)
    for world in (scheduled, steered):
        for month in range(10):
            if world is steered and month in (3, 6):
                known = changes[: 1 if month == 3 else 2]
                steer(world, scenario_spec_of(RunSpec("plain", changes=known)))
            world.step()
    digests = [world.result().manifest["digest"] for world in (scheduled, steered)]
    assert digests[0] == digests[1]
    assert digests[0] != run("plain", months=10, users=200).manifest["digest"]


def test_a_past_month_cannot_be_changed():
    world = World("plain", rng=1, months=4, users=100)
    world.step()
    with pytest.raises(BadInput, match="branch from an earlier month"):
        steer(world, scenario_spec_of(RunSpec("plain", changes=(Change("2023-01", "chips.lock_in", 0.2),))))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Change("2023-05", "chips.lock_im", 1.0), "lock_in"),
        (Change("2023-05", "chips.lock_in", 1e9), "20"),
        (Change("1999-05", "chips.lock_in", 1.0), "1999"),
        (Change("2023-05", "chips.opening_price", 1.0), "set it for the whole run"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_with_its_cure(change, sentence):
    with pytest.raises(BadInput, match=sentence):
        scenario_spec_of(RunSpec("plain", changes=(change,)))

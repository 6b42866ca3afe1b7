"""The world behaves as users of Mesa expect, and Mesa's ways of handling it change no result."""

import multiprocessing
from collections.abc import Iterator
from typing import Any

import mesa
import numpy as np
import pytest

from tests.runs.short_worlds import KINDS, USERS, FlatRate, journal_digest, run_to_end, world_of
from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.labs.month import Labs
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.runs import run as running
from watersellers.experiments.runs.world import World
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.audit.invariants import InvariantBroken
from watersellers.market.chart_of_accounts import Item


def test_a_world_counts_its_steps_and_stops_running_after_its_last_month():
    world = world_of(2)
    counted = [(world.steps, world.time, world.month, world.running)]
    for _ in range(2):
        world.step()
        counted.append((world.steps, world.time, world.month, world.running))
    assert counted == [(0, 0, 0, True), (1, 1, 1, True), (2, 2, 2, False)]


def test_a_step_past_the_last_month_is_refused_every_time_and_not_counted():
    world = run_to_end(world_of(1))
    before = journal_digest(world)
    for _ in range(2):
        with pytest.raises(BadInput, match=r"the world has lived all its 1 months; World\(\.\.\., months=13\) makes"):
            world.step()
    assert (world.steps, world.time, journal_digest(world)) == (1, 1, before)
    with pytest.raises(BadInput, match="has lived all its 1 months"):
        world.run_for(1)
    assert journal_digest(world) == before


def test_mesas_run_methods_end_at_the_last_month(world):
    by_model, by_time = world_of(3), world_of(3)
    by_model.run_model()
    by_time.run_for(3)
    assert journal_digest(by_model) == journal_digest(by_time) == journal_digest(world)
    assert by_time.datacollector.model_vars == world.datacollector.model_vars


def test_a_world_that_broke_off_neither_goes_on_nor_is_saved(monkeypatch, tmp_path):
    world = world_of(3)
    world.step()
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "close_month", lambda ledger: None)
        with pytest.raises(InvariantBroken):
            world.step()
    for _ in range(2):
        with pytest.raises(BadInput, match="the world broke off in phase 12 of month 1; make it again"):
            world.step()
    with pytest.raises(BadInput, match="the world broke off in phase 12 of month 1; there is nothing to go on from"):
        world.save(tmp_path / "half.ckpt")
    assert list(tmp_path.iterdir()) == []


def test_the_agents_are_the_firms_by_kind(world):
    assert set(world.agents_by_type) == set(KINDS)
    for kind, group in KINDS.items():
        names = sorted(firm.name for firm in world.agents_by_type[kind])
        assert names == sorted(member.name for member in world.spec.groups[group])
    assert len(world.agents) == sum(len(agents) for agents in world.agents_by_type.values())


def test_firms_are_selected_and_aggregated(world):
    clouds = world.agents.select(lambda firm: firm.region == "china", agent_type=Cloud)
    assert {firm.name for firm in clouds} == {"alibaba_cloud", "baidu_cloud", "bayou", "tencent_cloud"}
    low, high = world.agents_by_type[Cloud].agg("price", [min, max])
    assert low == min(firm.price for firm in world.parts.firms["cloud"]) < high
    assert world.agents.groupby("layer").count()["chips"] == len(world.spec.groups["chips"])


def test_the_data_collector_notes_cash_by_layer_and_prices_by_firm(world):
    months = world.datacollector.get_model_vars_dataframe()
    places = world.accounts.of_layer("labs")
    assert len(months) == 3
    assert months["labs_cash"].iloc[-1] == world.economy.ledger.totals[places, Item.CASH].sum() / 100
    assert list(months["seed"]) == [3, 3, 3]
    firms = world.datacollector.get_agent_vars_dataframe()
    assert len(firms) == 3 * len(world.agents)
    last = firms.loc[3].set_index("name")
    assert {firm.name: firm.price for firm in world.agents} == last["price"].to_dict()
    assert {firm.name: firm.alive for firm in world.agents} == last["alive"].to_dict()


@pytest.fixture
def start_method() -> Iterator[None]:
    """What batch_run changes for the whole process, put back."""
    before = multiprocessing.get_start_method(allow_none=True)
    yield
    multiprocessing.set_start_method(before, force=True)


def test_batch_run_accepts_the_world(start_method, world):
    given = {"users": USERS, "set": [{"chips.lock_in": 0.2}, {"chips.lock_in": 0.9}]}
    rows = mesa.batch_run(World, given, rng=[1, 3], max_steps=3, number_processes=1, display_progress=False)
    assert len(rows) == 4 * len(world.agents)
    assert {row["Step"] for row in rows} == {3}
    assert {(row["seed"], row["set"]["chips.lock_in"]) for row in rows} == {(1, 0.2), (1, 0.9), (3, 0.2), (3, 0.9)}
    prices = {(row["set"]["chips.lock_in"], row["name"]): row["price"] for row in rows if row["seed"] == 3}
    alone = World(rng=3, users=USERS, set={"chips.lock_in": 0.9})
    for _ in range(3):
        alone.step()
    assert {firm.name: firm.price for firm in alone.agents} == {n: p for (x, n), p in prices.items() if x == 0.9}


def test_batch_run_says_which_seeds_it_drew_and_stops_at_a_worlds_last_month(start_method):
    given: dict[str, Any] = {"users": USERS, "months": 1}
    rows = mesa.batch_run(World, given, rng=[None, None], number_processes=1, display_progress=False)
    assert {row["Step"] for row in rows} == {1}
    drawn = {row["seed"]: row["chips_cash"] for row in rows}
    assert len(drawn) == 2
    for seed, cash in drawn.items():
        assert run_to_end(World(rng=seed, **given)).datacollector.model_vars["chips_cash"] == [cash]


@pytest.mark.parametrize("name", ["set", "strategies"])
def test_a_mapping_that_batch_run_took_apart_is_refused(name):
    with pytest.raises(BadInput, match=f"{name}: found 'chips.lock_in', expected values by path.*for a single one"):
        world_of(1, **{name: "chips.lock_in"})


def test_a_seed_is_drawn_recorded_and_enough_to_repeat_the_run():
    drawn = world_of(1, rng=None)
    again = world_of(1, rng=drawn.seed)
    assert isinstance(drawn.seed, int)
    assert drawn.seed != world_of(1, rng=None).seed
    assert journal_digest(run_to_end(drawn)) == journal_digest(run_to_end(again))
    assert drawn.random.random() == again.random.random()
    assert drawn.rng.random() == again.rng.random()


def test_a_numpy_seed_is_accepted(world):
    assert journal_digest(run_to_end(world_of(3, rng=np.int64(3)))) == journal_digest(world)
    assert journal_digest(run_to_end(world_of(3, rng=4))) != journal_digest(world)


@pytest.mark.parametrize("rng", [-1, 2**64, 1.5, "1", True, [1, 2], np.random.default_rng(1)])
def test_an_invalid_seed_is_refused(rng):
    with pytest.raises(
        BadInput, match=r"rng: found .*, expected the run's seed, a whole number from 0 to 2\^64 - 1, or None"
    ):
        World(rng=rng)


def test_a_worlds_parts_are_its_layers_and_sectors(world):
    assert isinstance(world.parts[Labs], Labs)
    assert world.parts.ledger is world.economy.ledger
    assert {firm for group in world.parts.firms.values() for firm in group} == set(world.agents)


def test_the_order_of_the_agents_changes_nothing(world):
    other = world_of(3)
    order = [firm.unique_id for firm in other.agents]
    while other.running:
        other.agents.shuffle(inplace=True)
        for agents in other.agents_by_type.values():
            agents.shuffle(inplace=True)
        other.agents.shuffle_do("step")
        other.step()
    assert [firm.unique_id for firm in other.agents] != order
    assert journal_digest(other) == journal_digest(world)
    assert other.record == world.record
    assert other.datacollector.model_vars == world.datacollector.model_vars


def test_a_world_takes_strategies_of_ones_own():
    world = run_to_end(world_of(2, strategies={"chatgpt.pricing": FlatRate()}))
    by_name = {firm.name: firm for firm in world.agents}
    assert by_name["chatgpt"].price == 12.0
    result = running.run(seed=3, months=2, users=USERS, strategies={"chatgpt.pricing": FlatRate()})
    assert journal_digest(world) == result.manifest["digest"]
    with pytest.raises(BadInput, match="unknown choice of strategy 'prizing'"):
        world_of(2, strategies={"chatgpt.prizing": FlatRate()})

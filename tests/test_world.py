"""The world behaves as those who know Mesa expect, and their ways of handling it change nothing that comes out."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet

from watersellers.agents.app import App
from watersellers.agents.chipmaker import Chipmaker
from watersellers.agents.cloud import Cloud
from watersellers.agents.kernel.contract import NO_APP
from watersellers.agents.lab import Lab
from watersellers.agents.labs import Labs
from watersellers.agents.users import Users
from watersellers.experiments import running
from watersellers.experiments.errors import BadInput
from watersellers.experiments.fits.fingerprint import digest
from watersellers.experiments.result import Result
from watersellers.experiments.world import World
from watersellers.market.dice import Chance
from watersellers.market.goods import Item
from watersellers.market.invariants import InvariantBroken
from watersellers.market.ledger import Ledger

USERS = 60
KINDS = {Chipmaker: "chips", Cloud: "cloud", Lab: "labs", App: "apps"}


@dataclass(frozen=True)
class FlatRate:
    """A strategy of one's own: on no menu."""

    price: float = 12.0

    def __call__(self, seen: Any, chance: Chance) -> float:
        return self.price


def world_of(months: int, **given: Any) -> World:
    return World(**{"rng": 3, "users": USERS, "months": months} | given)


def lived(world: World) -> World:
    while world.running:
        world.step()
    return world


def told(world: World) -> str:
    return digest(world.economy.ledger.journal())


@pytest.fixture(scope="module")
def world() -> World:
    return lived(world_of(3))


def test_a_world_counts_its_steps_and_stops_running_after_its_last_month():
    world = world_of(2)
    counted = [(world.steps, world.time, world.month, world.running)]
    for _ in range(2):
        world.step()
        counted.append((world.steps, world.time, world.month, world.running))
    assert counted == [(0, 0, 0, True), (1, 1, 1, True), (2, 2, 2, False)]


def test_a_step_past_the_last_month_is_refused_every_time_and_not_counted():
    world = lived(world_of(1))
    before = told(world)
    for _ in range(2):
        with pytest.raises(BadInput, match=r"the world has lived all its 1 months; World\(\.\.\., months=13\) makes"):
            world.step()
    assert (world.steps, world.time, told(world)) == (1, 1, before)
    with pytest.raises(BadInput, match="has lived all its 1 months"):
        world.run_for(1)
    assert told(world) == before


def test_mesas_own_ways_to_run_end_at_the_last_month(world):
    by_model, by_time = world_of(3), world_of(3)
    by_model.run_model()
    by_time.run_for(3)
    assert told(by_model) == told(by_time) == told(world)
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
        assert names == sorted(member.name for member in world.setting.groups[group])
    assert len(world.agents) == sum(len(agents) for agents in world.agents_by_type.values())


def test_firms_are_selected_and_aggregated(world):
    clouds = world.agents.select(lambda firm: firm.region == "china", agent_type=Cloud)
    assert {firm.name for firm in clouds} == {"alibaba_cloud", "baidu_cloud", "tencent_cloud"}
    low, high = world.agents_by_type[Cloud].agg("price", [min, max])
    assert low == min(firm.price for firm in world.parts.firms["cloud"]) < high
    assert world.agents.groupby("layer").count()["chips"] == len(world.setting.groups["chips"])


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


def test_batch_run_takes_the_world(start_method, world):
    given = {"users": USERS, "settings": [{"chips.lock_in": 0.2}, {"chips.lock_in": 0.9}]}
    rows = mesa.batch_run(World, given, rng=[1, 3], max_steps=3, number_processes=1, display_progress=False)
    assert len(rows) == 4 * len(world.agents)
    assert {row["Step"] for row in rows} == {3}
    assert {(row["seed"], row["settings"]["chips.lock_in"]) for row in rows} == {(1, 0.2), (1, 0.9), (3, 0.2), (3, 0.9)}
    prices = {(row["settings"]["chips.lock_in"], row["name"]): row["price"] for row in rows if row["seed"] == 3}
    alone = World(rng=3, users=USERS, settings={"chips.lock_in": 0.9})
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
        assert lived(World(rng=seed, **given)).datacollector.model_vars["chips_cash"] == [cash]


@pytest.mark.parametrize("name", ["settings", "strategies"])
def test_a_mapping_that_batch_run_took_apart_is_refused(name):
    with pytest.raises(BadInput, match=f"{name}: found 'chips.lock_in', expected values by path.*in a list too"):
        world_of(1, **{name: "chips.lock_in"})


def test_a_seed_is_drawn_recorded_and_enough_to_repeat_the_run():
    drawn = world_of(1, rng=None)
    again = world_of(1, rng=drawn.seed)
    assert isinstance(drawn.seed, int)
    assert drawn.seed != world_of(1, rng=None).seed
    assert told(lived(drawn)) == told(lived(again))
    assert drawn.random.random() == again.random.random()
    assert drawn.rng.random() == again.rng.random()


def test_a_seed_of_numpys_is_a_seed(world):
    assert told(lived(world_of(3, rng=np.int64(3)))) == told(world)
    assert told(lived(world_of(3, rng=4))) != told(world)


@pytest.mark.parametrize("rng", [-1, 2**64, 1.5, "1", True, [1, 2], np.random.default_rng(1)])
def test_what_is_no_seed_is_refused(rng):
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
    assert told(other) == told(world)
    assert other.record == world.record
    assert other.datacollector.model_vars == world.datacollector.model_vars


def test_a_world_takes_strategies_of_ones_own():
    world = lived(world_of(2, strategies={"chatgpt.pricing": FlatRate()}))
    by_name = {firm.name: firm for firm in world.agents}
    assert by_name["chatgpt"].price == 12.0
    result = running.run(seed=3, months=2, users=USERS, strategies={"chatgpt.pricing": FlatRate()})
    assert told(world) == result.manifest["digest"]
    with pytest.raises(BadInput, match="unknown choice of strategy 'prizing'"):
        world_of(2, strategies={"chatgpt.prizing": FlatRate()})


# What came out so far

TIMED = ("started", "wall_s", "peak_rss_mb")


def same_result(one: Result, other: Result) -> bool:
    said, told = ({key: each.manifest[key] for key in each.manifest if key not in TIMED} for each in (one, other))
    return said == told and all(frame.equals(getattr(other, name)) for name, frame in one.frames().items())


def test_a_world_half_way_gives_the_result_of_a_run_of_as_many_months(tmp_path: Path):
    given: dict[str, Any] = {"settings": {"chips.lock_in": 0.2}, "strategies": {"chatgpt.pricing": FlatRate()}}
    world, undisturbed = world_of(6, **given), lived(world_of(6, **given))
    for _ in range(3):
        world.step()
    half = world.result()
    named = {"seed": 3, "months": 3, "users": USERS, "set": given["settings"], "strategies": given["strategies"]}
    assert same_result(half, running.run(**named))
    assert same_result(Result.open(half.save(tmp_path / "half")), half)
    assert told(lived(world)) == told(undisturbed)
    assert half.layers["month"].n_unique() == 3
    assert same_result(world.result(), undisturbed.result())


def test_a_world_that_was_saved_gives_the_same_result(tmp_path: Path):
    given: dict[str, Any] = {"strategies": {"chatgpt.pricing": FlatRate()}}
    world = lived(world_of(2, settings={"chips.lock_in": 0.2}, **given))
    assert same_result(World.load(world.save(tmp_path / "world"), **given).result(), world.result())


def test_a_world_that_has_nothing_to_tell_says_so(monkeypatch: pytest.MonkeyPatch):
    world = world_of(2)
    with pytest.raises(
        BadInput, match=r"result: no month is lived yet, so there is nothing to tell; step\(\) lives one"
    ):
        world.result()
    monkeypatch.setattr(Ledger, "pay_arrears", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        world.step()
    with pytest.raises(BadInput, match="result: the world broke off in phase"):
        world.result()


# The users


def test_a_user_has_a_face():
    world = world_of(1)
    people, names = world.parts[Users].people, world.users.names
    people.app[:3], people.tier[:3], people.known[:] = [1, NO_APP, 0], [0, 0, 1], 0
    for app in (0, 1):
        people.tell(app, np.arange(USERS) == 0)
    first, idle, payer = (world.users[row] for row in range(3))
    assert (first.app, first.tier, first.known) == (names[1], "free", (names[0], names[1]))
    assert (idle.app, idle.tier, idle.known) == (None, None, ())
    assert (payer.app, payer.tier) == (names[0], "paid")
    for row, user in enumerate(world.users):
        assert (user.unique_id, user.row, user.model, user.pos) == (row, row, world, None)
        assert user.region == ("west", "china")[people.region[row]]
        assert (user.people, user.use, user.worth) == (people.weight[row], people.use[row], people.worth[row])
    assert world.users[-1].row == USERS - 1


@pytest.mark.parametrize("row", [USERS, -USERS - 1])
def test_a_user_who_is_not_there_is_refused(world, row):
    with pytest.raises(IndexError, match=f"user {row}: there are {USERS} users, numbered from 0"):
        world.users[row]


def test_users_are_an_agent_set_outside_the_register():
    world = lived(world_of(2))
    registered = [firm.unique_id for firm in world.agents]
    faces = world.users.as_agents()
    assert isinstance(faces, AgentSet)
    assert len(faces) == len(world.users) == USERS
    assert faces.agg("people", sum) == world.parts[Users].people.weight.sum()
    assert [firm.unique_id for firm in world.agents] == registered
    assert set(world.agents_by_type) == set(KINDS)
    assert world.users[17] in faces
    world.users[17].remove()
    assert [firm.unique_id for firm in world.agents] == registered


def test_users_selected_from_a_set_that_is_dropped_stay(world):
    chosen = world.users.as_agents().select(lambda user: user.region == "china")
    assert len(chosen) == (world.parts[Users].people.region == 1).sum() > 0
    assert chosen.agg("use", max) == world.parts[Users].people.use[world.parts[Users].people.region == 1].max()
    assert set(world.users.as_agents().groupby("region").count()) == {"west", "china"}


def test_a_face_shows_the_user_as_it_is_now():
    world = world_of(2)
    faces = world.users.as_agents()
    assert faces.agg("app", set) == {None}
    world.parts[Users].people.app[5] = 2
    assert faces.agg("app", set) == {None, world.users.names[2]}


def test_looking_at_users_changes_nothing(world):
    other = world_of(3)
    while other.running:
        other.users.as_agents().shuffle(inplace=True)
        other.step()
    assert told(other) == told(world)


def test_a_part_that_is_asked_for_by_a_name_says_how_it_is_asked_for():
    with pytest.raises(AttributeError, match=r"parts\.labs: a part is asked for by its class, as in parts\[Labs\]"):
        World("baseline", rng=1, months=1, users=10).parts.labs  # noqa: B018

"""Nothing of a running world is changed by hand and lost: it is refused, with the name of what works."""

from typing import Any

import mesa
import polars as pl
import pytest

from tests.runs.short_worlds import journal_digest, run_to_end, world_of
from watersellers.agents.finance.investors import Investors
from watersellers.agents.users.month import Users
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.runs.mesa_ways import OTHER_WORLD
from watersellers.experiments.runs.world import World
from watersellers.market.write_guard import ChangedByHand


@pytest.fixture(scope="module")
def begun() -> World:
    """A world after its first month, which nobody may change."""
    world = world_of(3)
    world.step()
    return world


def attributes(each: Any) -> list[str]:
    return [name for name in vars(each) if name != "_clock"]


def test_no_attribute_of_any_firm_its_numbers_its_region_or_investor_is_written_by_hand(begun):
    parts = begun.parts
    regions = [parts[Users].regions[0], parts[Investors].pools[0], parts.registers]
    for each in [*begun.agents, *(one.numbers for one in begun.agents), *regions]:
        for name in attributes(each):
            before = getattr(each, name)
            with pytest.raises(ChangedByHand, match=r"can't be changed by hand; World\.set\(path, value\)"):
                setattr(each, name, before)
            with pytest.raises(ChangedByHand, match=r"World\.set"):
                delattr(each, name)
            assert getattr(each, name) is before
    with pytest.raises(ChangedByHand, match=r"World\.set"):
        begun.agents[0].something_new = 1


def test_no_number_of_any_record_is_written_by_hand(begun):
    for each in begun.agents:
        for record in each.numbers._records.values():
            for name in record.__dataclass_fields__:
                with pytest.raises(ChangedByHand, match=rf"{name}: can't be changed by hand; World\.set"):
                    setattr(record, name, 1.0)


@pytest.mark.parametrize(
    "write",
    [
        lambda table: table.__setitem__("pricing", 1),
        lambda table: table.__delitem__("pricing"),
        lambda table: table.update(pricing=1),
        lambda table: table.setdefault("new", 1),
        lambda table: table.pop("pricing"),
        lambda table: table.popitem(),
        lambda table: table.clear(),
        lambda table: table.__ior__({"pricing": 1}),
    ],
)
def test_no_table_of_the_world_is_written_in_place(begun, write):
    member = begun.spec.groups["chips"][0]
    scenario = [member.numbers, member.strategies, member.partners, begun.spec.numbers, begun.spec.groups]
    state = [begun.agents[0].strategies, begun.agents[0].partners, begun.parts.registers.numbers]
    for table in [*scenario, *state]:
        before = dict(table)
        with pytest.raises(ChangedByHand, match=r"World\.set"):
            write(table)
        assert dict(table) == before


def test_a_loaded_world_is_as_closed_as_the_one_that_was_saved(begun, tmp_path):
    loaded = World.load(begun.save(tmp_path / "half.ckpt"))
    for written in (lambda: setattr(loaded.agents[0], "price", 1), lambda: loaded.parts.registers.numbers.update(x=1)):
        with pytest.raises(ChangedByHand):
            written()


@pytest.mark.parametrize("name", sorted(OTHER_WORLD))
def test_attributes_of_the_world_are_not_written_by_hand(begun, name):
    before = getattr(begun, name, 3)  # months and the like are only arguments
    with pytest.raises(ChangedByHand, match=rf"world\.{name}: can't be changed by hand; "):
        setattr(begun, name, before)


METHODS = {  # whatever a firm can be told from outside, by its name
    "change": ("payout", 0.1),
    "take_up": ("pricing", None),
    "take_partners": ("labs", ()),
    "post": (1.0,),
    "enter": (),
    "leave": (),
    "pivot": (),
}


@pytest.mark.parametrize("name", METHODS)
def test_what_the_month_tells_a_firm_nobody_else_tells_it(begun, name):
    with pytest.raises(ChangedByHand, match=r"World\.set"):
        getattr(begun.agents[0], name)(*METHODS[name])
    with pytest.raises(ChangedByHand):
        begun.agents.do(name, *METHODS[name])


GOING = {
    "agent.remove": lambda world, agent: agent.remove(),
    "agents.do remove": lambda world, agent: world.agents.do("remove"),
    "agents.remove": lambda world, agent: world.agents.remove(agent),
    "agents.discard": lambda world, agent: world.agents.discard(agent),
    "agents.clear": lambda world, agent: world.agents.clear(),
    "agents.pop": lambda world, agent: world.agents.pop(),
    "agents.select in place": lambda world, agent: world.agents.select(lambda one: False, inplace=True),
    "agents.select in place by position": lambda world, agent: world.agents.select(None, 3, True),
    "by type": lambda world, agent: world.agents_by_type[type(agent)].remove(agent),
    "by type, all": lambda world, agent: world.agents_by_type.pop(type(agent)),
    "deregister": lambda world, agent: world.deregister_agent(agent),
    "remove all": lambda world, agent: world.remove_all_agents(),
    "a new agent": lambda world, agent: mesa.Agent(world),
    "agents.add": lambda world, agent: world.agents.add(agent),
    "agents.set": lambda world, agent: world.agents.set("price", 1),
    "a user": lambda world, agent: world.users[3].remove(),
    "a user's app": lambda world, agent: setattr(world.users[3], "app", "chatgpt"),
    "reset_rng": lambda world, agent: world.reset_rng(5),
    "reset_randomizer": lambda world, agent: world.reset_randomizer(5),
}


@pytest.mark.parametrize("way", GOING)
def test_mesas_ways_of_changing_who_is_there_are_refused_with_a_sentence(begun, way):
    before = list(begun.agents)
    with pytest.raises(ChangedByHand, match=r"World\.set|World\(\.\.\.|set="):
        GOING[way](begun, begun.agents[0])
    assert list(begun.agents) == before


def test_mesas_ways_of_looking_at_agents_work(begun):
    assert len(begun.agents.select(lambda one: one.layer == "chips", at_most=2)) == 2
    assert begun.agents.shuffle_do("step") is begun.agents
    assert len(begun.agents.copy().select(at_most=3)) == 3
    assert set(begun.agents.groupby("layer").groups) == {"chips", "cloud", "labs", "apps"}


def test_running_that_a_script_has_set_stays_as_it_is_set():
    world = world_of(3)
    world.running = False
    world.run_model()
    assert world.month == 0
    world.step()
    assert (world.month, world.running) == (1, False)
    world.running = True
    world.run_model()
    assert (world.month, world.running) == (3, False)


@pytest.mark.parametrize(("name", "value"), [("time", 7.0), ("time", 0.0), ("steps", 0), ("steps", 9)])
@pytest.mark.parametrize("go_on", [lambda w: w.step(), lambda w: w.run_for(1), lambda w: w.run_until(9)])
def test_mesas_calendar_that_was_moved_by_hand_is_noticed(name, value, go_on):
    world = world_of(3)
    world.step()
    before, kept = journal_digest(world), getattr(world, name)
    setattr(world, name, value)
    with pytest.raises(BadInput, match="by hand, expected 1, the months lived"):
        go_on(world)
    assert journal_digest(world) == before
    setattr(world, name, kept)
    world.step()
    assert world.month == 2


def test_reporters_of_a_script_reach_the_cash_of_each_firm():
    world = world_of(2)
    world.datacollector = mesa.DataCollector(
        model_reporters={"rich": lambda model: max(model.agents, key=lambda one: one.cash).name},
        agent_reporters={"firm": "name", "cash": "cash", "loud": lambda one: one.name.upper()},
    )
    run_to_end(world)
    table = world.datacollector.get_agent_vars_dataframe().loc[2]
    told = dict(world.result().firms.filter(pl.col("month") == pl.col("month").max()).select("firm", "cash").rows())
    assert {row.firm: round(row.cash * 100) for row in table.itertuples()} == {
        one.name: told.get(one.name, 0)
        for one in world.agents  # who has not entered has no row
    }
    assert len(world.datacollector.model_vars["rich"]) == 2

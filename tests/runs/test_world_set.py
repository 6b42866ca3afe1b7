"""What ``World.set`` changes is a dated event, checked and recorded as one; and copies go on."""

import copy
import pickle
from dataclasses import dataclass
from typing import Any

import mesa
import polars as pl
import pytest

from tests.runs.short_worlds import USERS, FlatRate, journal_digest, run_to_end, world_of
from watersellers.agents.decision_checks import BadAnswer
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.runs.run import run
from watersellers.experiments.runs.world import World
from watersellers.market.write_guard import ChangedByHand

LOCK_IN, PRICING, LABS = ("chips.lock_in", 0.2), ("openai.pricing", "cost_plus"), ("apps.chatgpt.labs", ["openai"])


def firm(world: World, name: str) -> Any:
    return next(each for each in world.agents if each.name == name)


@pytest.mark.parametrize("months", [(2, 5), (0, 1)])
@pytest.mark.parametrize(("one", "other"), [(LOCK_IN, PRICING), (LABS, LOCK_IN)])
def test_a_world_that_was_changed_is_the_one_that_was_told_beforehand(months, one, other):
    world = world_of(6)
    while world.running:
        for month, change in zip(months, (one, other), strict=True):
            if world.month == month:
                world.set(*change)
        world.step()
    told = [change.event() for change in world.changes]
    assert [event["month"] for event in told] == [f"2023-{month + 1:02}" for month in months]
    beforehand = run({"extends": "baseline", "event": told}, seed=3, months=6, users=USERS)
    assert journal_digest(world) == beforehand.manifest["digest"] != journal_digest(run_to_end(world_of(6)))
    kinds = ("set", "strategy", "partners")
    events = world.result().events.filter(pl.col("what").is_in(kinds)).select("month", "text").rows()
    assert events == beforehand.events.filter(pl.col("what").is_in(kinds)).select("month", "text").rows()
    usual = run("baseline", seed=3, months=6, users=USERS).events.filter(pl.col("what").is_in(kinds))
    assert len(events) == 2 + len(usual)


REFUSED = {
    ("chips.lock_in", 99): "value: chips.lock_in: found 99",
    ("chips.lockin", 0.5): "path: chips.lockin: unknown key 'lockin'. Did you mean 'lock_in'",
    ("chips.nvidai.lock_in", 0.5): "nvidai",
    ("chips.opening_cash", 5): "is used up before the first month",
    ("openai.pricing", "dear"): "choice: labs.openai.pricing: unknown strategy 'dear'",
    ("apps.chatgpt.labs", ("nobody",)): "names: unknown firm 'nobody'",
    ("chips.lock_in", True): "value: found True, expected a number",
    ("chips.lock_in", None): "value: found None, expected a number, the name of a strategy",
    ("chips.lock_in", float("nan")): "value: found nan",
    (3, 0.5): "expected the path of a number as text",
    ("months", 12): "path: ",
    ("", 1): "path: ",
}


@pytest.mark.parametrize(("path", "value"), REFUSED)
def test_a_change_is_checked_as_an_event_of_a_scenario_is(path, value):
    world = world_of(2)
    with pytest.raises(BadInput, match=REFUSED[path, value].replace("(", r"\(")) as refused:
        world.set(path, value)
    assert str(refused.value).startswith("World.set(")
    assert (world.changes, world.spec) == ((), world_of(2).spec)
    if isinstance(path, str) and isinstance(value, int | float) and path:
        event = {"month": "2023-01", "what": "set", "path": path, "value": value}
        with pytest.raises(BadInput) as told:
            run({"extends": "baseline", "event": [event]}, months=1, users=USERS)
        assert str(told.value).partition("event 1.")[2] == str(refused.value).partition("), ")[2]


@pytest.mark.parametrize("value", ["all", ["all"], ["+groq"], ["-amd"]], ids=str)
def test_an_edit_of_a_list_is_for_scenarios_and_is_refused_with_what_is_expected(value):
    with pytest.raises(BadInput, match="expected the names of all partners, as"):
        world_of(2).set("azure.chips", value)


def test_a_change_needs_a_next_month():
    world = run_to_end(world_of(1))
    with pytest.raises(BadInput, match="has lived all its 1 months, so nothing would follow"):
        world.set(*LOCK_IN)


@dataclass(frozen=True)
class Meddler:
    """A strategy that changes the world in which it is asked."""

    worlds: tuple[list[World]] = ([],)

    def __call__(self, seen: Any, chance: Any) -> float:
        self.worlds[0][0].set(*LOCK_IN)
        return 12.0


def test_a_change_in_the_midst_of_a_month_is_refused():
    meddler = Meddler(([],))
    world = world_of(2, strategies={"chatgpt.pricing": meddler})
    meddler.worlds[0].append(world)
    with pytest.raises(BadAnswer, match=r"World\.set.* stands in phase 4 of month [01]; call it between two steps"):
        run_to_end(world)


def test_changes_are_kept_by_a_checkpoint_and_by_the_manifest(tmp_path):
    world = world_of(6, strategies={"chatgpt.pricing": FlatRate()})
    world.run_for(2)
    world.set(*LOCK_IN)
    world.run_for(1)
    loaded = World.load(world.save(tmp_path / "half.ckpt"), strategies={"chatgpt.pricing": FlatRate()})
    assert loaded.changes == world.changes
    for each in (world, loaded):
        each.run_for(2)
        each.set(*PRICING)
        assert len(each.result().manifest["changes"]) == 1  # the second has not happened yet
        each.step()
    assert (
        run_to_end(world).result().manifest["changes"]
        == loaded.result().manifest["changes"]
        == [
            {"month": "2023-03", "path": "chips.lock_in", "value": 0.2},
            {"month": "2023-06", "path": "openai.pricing", "value": "cost_plus"},
        ]
    )
    assert journal_digest(world) == journal_digest(loaded)


# copies


@pytest.mark.parametrize("make", [copy.deepcopy, copy.copy, lambda world: pickle.loads(pickle.dumps(world))])
def test_a_copy_of_a_world_goes_on_as_the_world_does_and_apart_from_it(make):
    world = world_of(4, strategies={"chatgpt.pricing": FlatRate()})
    world.step()
    world.set(*LOCK_IN)
    world.mine = {"favourite": firm(world, "nvidia")}
    other = make(world)
    assert other.changes == world.changes
    assert (other.steps, other.time, other.month) == (1, 1, 1)
    if make is not copy.copy:
        assert other.mine["favourite"] is firm(other, "nvidia") is not firm(world, "nvidia")
    assert journal_digest(run_to_end(other)) != journal_digest(world)
    assert journal_digest(run_to_end(world)) == journal_digest(other)
    assert world.datacollector.model_vars == other.datacollector.model_vars
    with pytest.raises(ChangedByHand):
        firm(other, "nvidia").price = 1


def test_a_copy_has_the_scripts_own_data_collector_and_a_pickle_says_why_not():
    world = world_of(3)
    world.datacollector = mesa.DataCollector(agent_reporters={"cash": "cash"})
    world.step()
    other = copy.deepcopy(world)
    for each in (world, other):
        run_to_end(each)
    pairs = [each.datacollector.get_agent_vars_dataframe()["cash"].to_list() for each in (world, other)]
    assert pairs[0] == pairs[1]
    assert len(pairs[0]) == 3 * len(world.agents)
    with pytest.raises(BadInput, match=r"its datacollector can't be pickled .*; copy\.deepcopy copies it"):
        pickle.dumps(world)


def test_a_world_with_events_of_mesas_says_why_it_is_not_copied():
    world = world_of(3)

    def look() -> None:
        """Do nothing."""

    world.schedule_event(look, at=2.0)
    for make in (copy.deepcopy, pickle.dumps):
        with pytest.raises(BadInput, match="can't hold the 1 events that are scheduled with Mesa"):
            make(world)

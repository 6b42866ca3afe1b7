"""All that can be changed in place inside of a world is found, and the month after such a change is refused."""

import collections
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import is_dataclass
from types import FunctionType, MethodType, ModuleType
from typing import Any

import mesa
import numpy as np
import pytest

from watersellers.agents.firm import Firm
from watersellers.agents.users.month import Users
from watersellers.agents.users.user_view import UserView
from watersellers.experiments.runs.mesa_ways import FirmRegister
from watersellers.experiments.runs.world import World
from watersellers.experiments.saving.digest import digest
from watersellers.market.clock import Clock
from watersellers.market.write_guard import ChangedByHand

NO_STATE: dict[type, str] = {
    mesa.DataCollector: "records what a script asks for, and moves nothing",
    Clock: "a month that is moved is noticed as Mesa's calendar is",
    UserView: "shows users, whose columns are those of the part Users",
    FirmRegister: "who is in it is fixed, and its order is a script's (test_changes_by_hand.py)",
    collections.defaultdict: "Mesa's subscribers, who hear of signals of Mesa's that no firm sends",
}
PARTLESS = (int, float, str, bytes, type(None), type, FunctionType, MethodType, ModuleType, np.generic)
CLOSED: tuple[Any, ...] = (*PARTLESS, *NO_STATE)
OURS = "watersellers"


def world_of(months: int) -> World:
    return World(rng=3, users=60, months=months)


def names_of(thing: Any) -> Iterator[str]:
    """Public names of what a thing of this project holds; not of what is made anew each time that it is asked for."""
    held = list(getattr(thing, "__dict__", ()))
    for kind in type(thing).__mro__:
        held += [*vars(kind).get("__slots__", ()), *(n for n, each in vars(kind).items() if isinstance(each, property))]
    public = (name for name in dict.fromkeys(held) if not name.startswith("_"))
    return (name for name in public if getattr(thing, name) is getattr(thing, name))


def walked(world: World) -> dict[str, Any]:
    """Everything that can be reached from a world by public names, by the path on which it was met first."""
    todo: collections.deque[tuple[str, Any]] = collections.deque([("world", world)])
    todo += [(f"agents.{firm.name}", firm) for firm in world.agents]
    todo += [(f"parts.{type(part).__name__}", part) for part in world.parts]
    found: dict[str, Any] = {}
    seen: dict[int, Any] = {}
    while todo:
        path, thing = todo.popleft()
        if id(thing) in seen or isinstance(thing, CLOSED):
            continue
        seen[id(thing)] = found[path] = thing  # kept, so that no other gets its number
        if isinstance(thing, dict):
            todo += [(f"{path}[{key}]", each) for key, each in thing.items()]
        elif isinstance(thing, list | tuple | set | collections.deque):
            todo += [(f"{path}[{place}]", each) for place, each in enumerate(thing)]
        elif type(thing).__module__.partition(".")[0] == OURS:
            todo += [(f"{path}.{name}", getattr(thing, name)) for name in names_of(thing)]
    return found


def other(value: Any) -> Any:
    """A value that is not this one."""
    return value + 1 if isinstance(value, int | float) and not isinstance(value, bool) else object()


def change_list(thing: Any) -> Callable[[], None]:
    kept = list(thing)
    thing.append(object())
    return lambda: thing.__setitem__(slice(None), kept)


def change_dict(thing: Any) -> Callable[[], None]:
    kept = dict(thing)
    thing["by hand"] = 1
    return lambda: (thing.clear(), thing.update(kept))[0]


def change_set(thing: Any) -> Callable[[], None]:
    thing.add("by hand")
    return lambda: thing.discard("by hand")


def change_column(thing: Any) -> Callable[[], None]:
    kept = thing.flat[0].copy()
    thing.flat[0] = thing.flat[0] + 1 if thing.dtype != bool else not thing.flat[0]
    return lambda: thing.flat.__setitem__(0, kept)


def change_record(thing: Any) -> Callable[[], None]:
    name = next(iter(getattr(thing, "__dict__", None) or thing.__dataclass_fields__))
    kept = getattr(thing, name)
    setattr(thing, name, other(kept))
    return lambda: setattr(thing, name, kept)


def way_to_change(thing: Any) -> Callable[[Any], Callable[[], None]] | None:
    """How to change a thing in place, so that the change can be taken back; None if Python has no way."""
    ways = {dict: change_dict, list: change_list, collections.deque: change_list, set: change_set}
    known = [way for kind, way in ways.items() if isinstance(thing, kind)]
    if known or isinstance(thing, np.ndarray):
        return known[0] if known else change_column if thing.size else None
    ours = type(thing).__module__.partition(".")[0] == OURS and not isinstance(thing, mesa.Model)
    held = getattr(thing, "__dict__", None) or (is_dataclass(thing) and thing.__dataclass_fields__)
    return change_record if ours and held else None


def noticed(world: World) -> str:
    """What a world says before its next month; nothing if it would go on."""
    try:
        world.refuse_changed("step")
    except ChangedByHand as error:
        return str(error)
    return ""


@pytest.fixture(scope="module")
def begun() -> World:
    world = world_of(4)
    world.run_for(2)
    return world


def test_looking_at_everything_changes_nothing(begun):
    """Nor does a result, a copy, or a user that is looked at."""
    assert len(walked(begun)) > 1_000
    copy(begun.users[3].known)
    begun.result()
    begun.refuse_changed("step")


def test_each_thing_that_can_be_changed_in_place_refuses_or_is_noticed_and_named(begun):
    unseen: list[str] = []
    tried: collections.Counter[str] = collections.Counter()
    for path, thing in walked(begun).items():
        if not (way := way_to_change(thing)):
            continue
        tried[way.__name__] += 1
        try:
            back = way(thing)
        except (AttributeError, TypeError, ValueError):  # it refuses: as ChangedByHand, as frozen or as read-only
            continue
        if not noticed(begun):
            unseen.append(f"{path} ({type(thing).__name__})")
        back()
    assert not unseen, f"{len(unseen)} of {sum(tried.values())}: {unseen[:40]}"
    begun.refuse_changed("step")
    assert all(tried[way] > 5 for way in ("change_list", "change_dict", "change_column", "change_record"))


def firm_of(world: World, name: str) -> Any:
    return next(firm for firm in world.agents if firm.name == name)


CHANGES: dict[str, Callable[[World], Any]] = {  # by the path that the refusal names
    "agents.nvidia.pipeline": lambda world: firm_of(world, "nvidia").pipeline.append((3, 1e6)),
    "agents.azure.chip_share": lambda world: firm_of(world, "azure").chip_share.clear(),
    "agents.chatgpt.lab_share": lambda world: firm_of(world, "chatgpt").lab_share.update({(0, 0): 0.5}),
    "agents.chatgpt.overridden": lambda world: firm_of(world, "chatgpt").overridden.append("pricing"),
    "agents.nvidia.orders.level": lambda world: setattr(firm_of(world, "nvidia").orders, "level", 1e9),
    "parts.Users.people.app": lambda world: world.parts[Users].people.app.fill(0),
    "economy.markets.0.orders.quantity": lambda world: world.economy.markets[0].orders.quantity.fill(7),
    "economy.ledger.totals": lambda world: world.economy.ledger.totals.__setitem__((0, 0), 5),
    "registers.backlog.owed": lambda world: world.parts.registers.backlog.owed.clear(),
    "record.operations": lambda world: world.record.operations.clear(),
}
GO_ON: dict[str, Callable[[World, Any], Any]] = {
    "step": lambda world, path: world.step(),
    "run_for": lambda world, path: world.run_for(1),
    "run_model": lambda world, path: world.run_model(),
    "result": lambda world, path: world.result(),
    "save": lambda world, path: world.save(path / "half.ckpt"),
    "copy": lambda world, path: copy(world),
    "set": lambda world, path: world.set("chips.lock_in", 0.2),
}


@pytest.mark.parametrize("path", CHANGES)
def test_the_next_month_is_refused_and_the_refusal_names_what_was_changed(path):
    world = world_of(3)
    world.step()
    before, month = digest(world.economy.ledger.journal()), world.month
    CHANGES[path](world)
    with pytest.raises(ChangedByHand, match=rf"step: {path}\b.* was changed by hand.*World\.set\(path, value\)"):
        world.step()
    assert (digest(world.economy.ledger.journal()), world.month, world.steps) == (before, month, month)


@pytest.mark.parametrize("way", GO_ON)
def test_nothing_goes_on_from_a_change_until_it_is_put_back(way, tmp_path):
    world = world_of(3)
    world.step()
    firm: Firm = firm_of(world, "azure")
    firm.chip_share[10**6] = 0.5
    with pytest.raises(ChangedByHand, match=r"agents\.azure\.chip_share was changed by hand"):
        GO_ON[way](world, tmp_path)
    assert not list(tmp_path.iterdir())
    assert not world.changes
    del firm.chip_share[10**6]
    GO_ON[way](world, tmp_path)


def test_what_is_kept_from_an_earlier_month_a_set_or_a_load_is_watched_as_well(tmp_path):
    """As is what an event of Mesa's or a reporter of a script changes while several months are lived."""
    world = world_of(6)
    kept = firm_of(world, "nvidia")
    world.set("chips.lock_in", 0.2)
    world.run_for(2)
    kept.pipeline.append((9, 1.0))
    assert "agents.nvidia.pipeline" in noticed(world)
    kept.pipeline.pop()
    loaded = World.load(world.save(tmp_path / "half.ckpt"))
    loaded.step()
    assert not noticed(loaded)
    loaded.datacollector.model_reporters["late"] = lambda model: firm_of(model, "nvidia").pipeline.append((9, 1.0))
    loaded.datacollector.model_vars["late"] = []
    with pytest.raises(ChangedByHand, match=r"agents\.nvidia\.pipeline"):
        loaded.run_for(2)
    assert loaded.month == 4


def test_a_world_in_which_nobody_looks_keeps_no_notes():
    """So that a run costs nothing more."""
    world = world_of(2)
    world.run_model()
    world.result()
    assert world._notes is None

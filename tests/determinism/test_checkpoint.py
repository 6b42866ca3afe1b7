"""A world saved half-way and loaded again goes on as if it had never stopped, and forgets nothing."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest

from tests.worlds.turbulence import MONTHS, STOPS, TURBULENT, anatomy, differences, seal, simulate, turbulent
from watersellers.agents.finance.failures.insolvency import Insolvency
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.runs.result import Result
from watersellers.experiments.runs.world import World
from watersellers.experiments.saving import world_state
from watersellers.experiments.saving.digest import digest
from watersellers.market.accounting.journal_tables import Books
from watersellers.market.chance import Chance

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Haggle:
    """A strategy of one's own: on no menu."""

    price: float = 17.0

    def __call__(self, seen: Any, chance: Chance) -> float:
        return self.price


def outcome(world: World) -> tuple[str, dict[str, Any]]:
    """The digest, and the tables of the run."""
    journal = world.economy.ledger.journal()
    tables = Result.of(Books(world.accounts, journal, world.spec.start), world.record, {}).frames()
    return digest(journal), tables


def same(one: World, other: World) -> bool:
    (first, tables), (second, others) = outcome(one), outcome(other)
    return first == second and all(tables[name].equals(others[name]) for name in tables)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("checkpoints")


@pytest.fixture(scope="module")
def stopped(folder) -> Iterator[World]:
    """A world that was saved at every month on its way."""
    world = turbulent()
    for month in range(MONTHS + 1):
        world.save(folder / f"{month}.ckpt")
        if world.running:
            world.step()
    return world


@pytest.fixture(scope="module")
def never_stopped() -> World:
    return simulate(turbulent())


@pytest.fixture(scope="module")
def anatomies() -> dict[int, dict[str, Any]]:
    """What a world that is never saved is made of, at some months."""
    world = turbulent()
    return {month: anatomy(simulate(world, month)) for month in STOPS}


def test_much_happens_in_the_turbulent_world(never_stopped):
    what = {event for _, event, _, _ in never_stopped.record.events}
    assert {"entry", "exit", "round", "set"} <= what
    changed = {path.rpartition(".")[2] for path in differences(never_stopped, turbulent())}
    assert {"salvage", "lock_in", "income", "hype_pull", "unit_cost", "alive", "late", "pipeline", "hype"} <= changed


def test_saving_changes_nothing(stopped, anatomies):
    assert differences(stopped, anatomies[MONTHS]) == []


@pytest.mark.parametrize("month", STOPS)
def test_a_loaded_world_is_the_saved_one_in_every_attribute_that_can_be_reached(folder, stopped, anatomies, month):
    assert differences(World.load(folder / f"{month}.ckpt"), anatomies[month]) == []


@pytest.mark.parametrize("month", [0, 1, 2, 4, 7, 12, MONTHS])
def test_a_world_that_was_stopped_ends_as_if_it_never_was(folder, stopped, never_stopped, month):
    world = World.load(folder / f"{month}.ckpt")
    assert world.month == world.steps == world.time == month
    assert world.running == (month < MONTHS)
    assert same(simulate(world), never_stopped)


def test_a_world_may_stop_many_times(folder, stopped, anatomies, tmp_path):
    world = World.load(folder / "0.ckpt")
    for month in (1, 4, 5, 11):
        world = World.load(simulate(world, month).save(tmp_path / f"{month}.ckpt"))
    assert differences(simulate(world), anatomies[MONTHS]) == []


def test_a_mechanism_that_remembers_something_and_is_not_saved_is_found(monkeypatch, tmp_path):
    wind_up = Insolvency.wind_up

    def counting(insolvency: Any, *given: Any) -> None:
        insolvency.sittings = getattr(insolvency, "sittings", 0) + 1
        wind_up(insolvency, *given)

    monkeypatch.setattr(Insolvency, "wind_up", counting)
    world = simulate(turbulent(), 3)
    found = differences(World.load(world.save(tmp_path / "half.ckpt")), world)
    assert {path.rpartition(".")[2] for path in found} == {"sittings"}


REFILLED = {
    "batch",  # of the ledger: by the journal
    "before",  # what the auditor compares with: by the books
    *("today", "strategies", "partners"),  # by the scenario's events: what happened last, and what they changed
    *("events", "sealed"),  # the scenario itself, and that the world is built
    *("economy", "close", "firms", "markets", "_built", "_records", "core"),  # wiring, and numbers as records
}


BESIDES = {  # classes that are made anew or whose state follows from elsewhere, with all that they assign
    *("User", "UserView"),  # views of rows
    *("Trend", "TrackRecord", "Numbers"),  # in the state of who has them, or packed as their own
    *("Parts", "Origins", "ProRata"),  # wiring; followed from the journal
}


def test_whatever_a_rule_assigns_is_saved_by_its_own_class():
    """Class by class: that another one saves an attribute of that name is no help."""
    assigned = set()
    for file in [*(REPOSITORY / "agents").rglob("*.py"), *(REPOSITORY / "market").rglob("*.py")]:
        module = ".".join(("watersellers", *file.relative_to(REPOSITORY).with_suffix("").parts))
        for each in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(each, ast.ClassDef) and each.name not in BESIDES:
                names = {name for function in each.body for name in _assigned(function)}
                saved = set(world_state.saved_fields(getattr(import_module(module), each.name))) if names else set()
                assigned |= {(each.name, name, name in saved) for name in names - REFILLED - {"traits"}}
    assert {(owner, name) for owner, name, saved in assigned if not saved} == set()
    assert ("Insolvency", "late", True) in assigned


def _assigned(function: ast.stmt) -> Iterator[str]:
    """Names of its own attributes that a method assigns once its object is made."""
    if isinstance(function, ast.FunctionDef) and function.name not in ("__init__", "__post_init__"):
        yield from stored(function)


def stored(function: ast.FunctionDef) -> Iterator[str]:
    """Names of attributes of ``self`` that a function assigns, whole or by key."""
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            while isinstance(node, ast.Subscript):
                node = node.value
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
                yield node.attr


def test_every_holder_of_state_has_a_path_of_its_own():
    paths = [path for path, _, _ in world_state.stateful_objects(turbulent())]
    assert len(set(paths)) == len(paths) > 50


def test_another_process_with_another_hash_seed_goes_on_alike(folder, stopped, never_stopped):
    code = (
        "import sys; from watersellers import World; from watersellers.experiments.saving.digest import digest\n"
        "world = World.load(sys.argv[1])\n"
        "while world.running: world.step()\n"
        "print(digest(world.economy.ledger.journal()))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "4711", "PYTHONPATH": str(REPOSITORY / ".package")}
    command = [sys.executable, "-c", code, str(folder / "6.ckpt")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == outcome(never_stopped)[0]


def test_mesas_own_generator_goes_on_where_it_was(tmp_path):
    world = turbulent()
    world.random.gauss(0, 1), world.rng.integers(10, dtype=np.uint32)
    loaded = World.load(world.save(tmp_path / "half.ckpt"))
    for _ in range(3):
        assert loaded.random.gauss(0, 1) == world.random.gauss(0, 1)
        assert loaded.rng.integers(1000, dtype=np.uint32) == world.rng.integers(1000, dtype=np.uint32)


def test_a_subclass_of_world_keeps_what_its_reporters_recorded(tmp_path):
    class Watched(World):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.datacollector = mesa.DataCollector({"dead": count_dead})

    def count_dead(world: World) -> int:
        return len(world.agents.select(lambda firm: not firm.alive))

    world = simulate(Watched(TURBULENT, rng=5, users=80), 4)
    half = world.save(tmp_path / "half.ckpt")
    noted = simulate(world, 6).datacollector.model_vars
    assert simulate(Watched.load(half), 6).datacollector.model_vars == noted
    assert len(set(noted["dead"])) > 1
    with pytest.raises(BadInput, match=r"datacollector.*'dead'.*the reporters of the class that loads it"):
        World.load(half)


# Strategies of one's own


def test_a_strategy_of_ones_own_is_given_again(tmp_path):
    world = simulate(turbulent(strategies={"chatgpt.pricing": Haggle(17.5)}), 3)
    half = world.save(tmp_path / "half.ckpt")
    recorded = json.loads((half / "manifest.json").read_text())["strategies"]["apps.chatgpt.pricing"]
    assert (recorded["name"], recorded["numbers"]) == ("Haggle", {"price": "17.5"})
    assert len(recorded["source_sha256"]) == 64
    loaded = World.load(half, strategies={"chatgpt.pricing": Haggle(17.5)})
    assert loaded.spec == world.spec
    assert same(simulate(loaded), simulate(world))
    with pytest.raises(BadInput, match=r"apps\.chatgpt\.pricing: is missing, expected .*Haggle\(price=17\.5\), source"):
        World.load(half)
    with pytest.raises(BadInput, match=r"found .*Haggle\(price=18\.5\).*expected .*Haggle\(price=17\.5\)"):
        World.load(half, strategies={"chatgpt.pricing": Haggle(18.5)})
    with pytest.raises(BadInput, match=r"apps\.bing_search\.pricing: found Haggle.*expected none"):
        World.load(half, strategies={"chatgpt.pricing": Haggle(17.5), "bing_search.pricing": Haggle(17.5)})
    with pytest.raises(BadInput, match=r"Did you mean 'chatgpt'"):
        World.load(half, strategies={"chatgpd.pricing": Haggle(17.5)})


def test_a_strategy_whose_source_has_changed_is_refused(tmp_path):
    half = turbulent(strategies={"chatgpt.pricing": Haggle()}).save(tmp_path / "half.ckpt")
    recorded = json.loads((half / "manifest.json").read_text())["strategies"]
    recorded["apps.chatgpt.pricing"]["source_sha256"] = "0" * 64
    seal(half, strategies=recorded)
    with pytest.raises(BadInput, match=r"found .*Haggle.*expected .*source 000000000000"):
        World.load(half, strategies={"chatgpt.pricing": Haggle()})


def test_only_json_and_parquet_are_written(folder, stopped):
    assert {file.suffix for file in (folder / "6.ckpt").iterdir()} == {".json", ".parquet"}


def test_numbers_that_json_cannot_write_are_restored(tmp_path):
    world = turbulent()
    world.parts.registers.public.use = float("inf")
    world.renew_notes()
    loaded = World.load(world.save(tmp_path / "half.ckpt"))
    assert loaded.parts.registers.public.use == float("inf")

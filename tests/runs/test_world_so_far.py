"""The result of a world half-way is that of a run of as many months."""

from pathlib import Path
from typing import Any

import pytest

from tests.runs.short_worlds import USERS, FlatRate, journal_digest, run_to_end, world_of
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.runs import run as running
from watersellers.experiments.runs.result import Result
from watersellers.experiments.runs.world import World
from watersellers.market.accounting.ledger import Ledger

TIMED = ("started", "wall_s", "peak_rss_mb")


def same_result(one: Result, other: Result) -> bool:
    first, second = ({key: each.manifest[key] for key in each.manifest if key not in TIMED} for each in (one, other))
    return first == second and all(frame.equals(getattr(other, name)) for name, frame in one.frames().items())


def test_a_world_half_way_gives_the_result_of_a_run_of_as_many_months(tmp_path: Path):
    given: dict[str, Any] = {"set": {"chips.lock_in": 0.2}, "strategies": {"chatgpt.pricing": FlatRate()}}
    world, undisturbed = world_of(6, **given), run_to_end(world_of(6, **given))
    for _ in range(3):
        world.step()
    half = world.result()
    named = {"seed": 3, "months": 3, "users": USERS, "set": given["set"], "strategies": given["strategies"]}
    assert same_result(half, running.run(**named))
    assert same_result(Result.open(half.save(tmp_path / "half")), half)
    assert journal_digest(run_to_end(world)) == journal_digest(undisturbed)
    assert half.layers["month"].n_unique() == 3
    assert same_result(world.result(), undisturbed.result())


def test_a_world_that_was_saved_gives_the_same_result(tmp_path: Path):
    given: dict[str, Any] = {"strategies": {"chatgpt.pricing": FlatRate()}}
    world = run_to_end(world_of(2, set={"chips.lock_in": 0.2}, **given))
    assert same_result(World.load(world.save(tmp_path / "world"), **given).result(), world.result())


def test_a_world_without_a_result_raises_a_sentence(monkeypatch: pytest.MonkeyPatch):
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

"""A damaged checkpoint, or a state that cannot be saved, is refused with a sentence, and nothing is left behind."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.worlds.turbulence import rewrite, seal, simulate, turbulent
from watersellers.agents.strategies import MENUS
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.runs.world import World


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> tuple[World, Path]:
    """A world of six months, and its checkpoint."""
    world = simulate(turbulent(), 6)
    return world, world.save(tmp_path_factory.mktemp("saved") / "half.ckpt")


@pytest.fixture
def half(saved, tmp_path) -> Path:
    """A copy of a checkpoint, to be damaged."""
    return Path(shutil.copytree(saved[1], tmp_path / "half.ckpt"))


def test_a_strategy_of_the_menu_with_a_number_out_of_range_is_not_saved(tmp_path):
    strategy = MENUS["cloud"]["pricing"]["follow_use"](target=1e9)
    with pytest.raises(BadInput, match=r"scenario: can't be written so that it reads back.*target"):
        turbulent(strategies={"aws.pricing": strategy}).save(tmp_path / "half.ckpt")
    assert os.listdir(tmp_path) == []


def test_a_number_that_no_file_can_keep_exactly_is_refused(tmp_path):
    world = simulate(turbulent(), 1)
    (chatgpt,) = (firm for firm in world.parts.firms["apps"] if firm.name == "chatgpt")
    with world.economy.ledger.clock.unsealed():  # a strategy's answer becomes a float, and a script can't write
        chatgpt.marketing = np.float32(1000.1)
    world.renew_notes()
    with pytest.raises(BadInput, match=r"apps\.chatgpt\.marketing: found np\.float32\(1000\.1\), expected float"):
        world.save(tmp_path / "half.ckpt")
    assert os.listdir(tmp_path) == []


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


DAMAGES = {
    "gone": (lambda half: shutil.rmtree(half), "there is no such folder; World.save makes one"),
    "a file": (lambda half: (shutil.rmtree(half), half.write_text("x")), "there is no such folder"),
    "no manifest": (
        lambda half: (half / "manifest.json").unlink(),
        "holds no manifest.json, so it is not a whole checkpoint",
    ),
    "cut manifest": (lambda half: cut(half / "manifest.json"), "manifest.json, line [0-9]+: does not parse as JSON"),
    "manifest of bytes": (lambda half: (half / "manifest.json").write_bytes(b"\xff\xfe\x00"), "found text in UTF-16"),
    "a list": (
        lambda half: (half / "manifest.json").write_text("[]"),
        "found the schema None.*this is not a checkpoint",
    ),
    "a run": (lambda half: seal(half, schema=1), "is the folder of a run.*Result.open reads a run"),
    "other": (lambda half: seal(half, schema="photo"), "found the schema 'photo', expected 'checkpoint 2'"),
    "later": (lambda half: seal(half, schema="checkpoint 3"), "'checkpoint 3', written by version .*'checkpoint 2'"),
    "no table": (lambda half: (half / "journal.parquet").unlink(), "journal.parquet: there is no such file.*not whole"),
    "cut table": (lambda half: cut(half / "population.parquet"), "population.parquet: is not the file"),
    "cut state": (lambda half: cut(half / "state.json"), "state.json: is not the file that was written; save the"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_or_foreign_folder_is_refused(half, damage):
    harm, sentence = DAMAGES[damage]
    harm(half)
    with pytest.raises(BadInput, match=sentence):
        World.load(half)


def test_a_changed_manifest_is_refused(half):
    file = half / "manifest.json"
    file.write_text(file.read_text().replace('"seed": 5', '"seed": 6'))
    with pytest.raises(BadInput, match=r"manifest.json: was changed or cut after it was written"):
        World.load(half)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda state: state.pop("insolvency"), r"state: found \['insolvency'\]"),
        (
            lambda state: state["insolvency"].pop("late"),
            r"insolvency: found \['announcements'\], expected late, announcements",
        ),
        (
            lambda state: state["insolvency"].update(__class__="os.system"),
            r"insolvency: found \['__class__', 'announcements', 'late'\]",
        ),
        (lambda state: state["clock"].update(month="6"), "clock.month: found '6', expected int"),
        (lambda state: state["clock"].update(month=True), "clock.month: found True, expected int"),
        (lambda state: state["chips.nvidia"].update(alive=1), "chips.nvidia.alive: found 1, expected bool"),
        (
            lambda state: state["chips.nvidia"].update(orders=[1, 2]),
            r"chips.nvidia.orders: found \[1, 2\], expected level, growth",
        ),
        (
            lambda state: state["insolvency"].update(late=[[1, 2, 3]]),
            r"insolvency.late: found \[1, 2, 3\], expected 2 values",
        ),
        (lambda state: state["insolvency"].update(late={"1": 2}), r"insolvency.late: found .*, expected list"),
    ],
)
def test_a_state_of_other_rules_is_refused_with_its_place(half, change, sentence):
    rewrite(half, change)
    with pytest.raises(BadInput, match=f"written by version .* does not fit this one: {sentence}"):
        World.load(half)


def test_a_scenario_that_this_version_does_not_know_is_refused(half):
    scenario = json.loads((half / "manifest.json").read_text())["scenario"]
    seal(half, scenario=scenario | {"text": scenario["text"].replace("\nlock_in = ", "\nlock_out = ")})
    with pytest.raises(BadInput, match=r"its scenario, written by version .*, does not fit this one: .*'lock_out'"):
        World.load(half)


def test_a_scenario_that_opens_another_file_is_refused(half):
    scenario = json.loads((half / "manifest.json").read_text())["scenario"]
    question, _, rest = scenario["text"].partition("\n")
    seal(half, scenario=scenario | {"text": f'{question}\nextends = "../other.toml"\n{rest}'})
    with pytest.raises(BadInput, match=r"extends: found '\.\./other\.toml', expected a complete scenario"):
        World.load(half)


def test_other_opening_books_are_refused(half):
    scenario = json.loads((half / "manifest.json").read_text())["scenario"]
    seal(half, scenario=scenario | {"text": scenario["text"].replace("opening_cash = 1000000.0", "opening_cash = 7.0")})
    with pytest.raises(BadInput, match=r"journal: found 'other opening entries'"):
        World.load(half)


def test_an_existing_folder_is_not_overwritten(half, tmp_path, saved):
    with pytest.raises(BadInput, match=r"exists already; force=True replaces a checkpoint"):
        saved[0].save(half)
    assert World.load(half).month == 6
    simulate(saved[0], 7).save(half, force=True)
    assert World.load(half).month == 7
    other = tmp_path / "mine"
    other.mkdir()
    (other / "diary.txt").write_text("x")
    with pytest.raises(BadInput, match=r"holds no manifest.json, so it is not a whole checkpoint"):
        saved[0].save(other, force=True)
    assert sorted(os.listdir(tmp_path)) == ["half.ckpt", "mine"]


def test_an_unwritable_target_is_refused_and_nothing_is_left(tmp_path, saved):
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match=r"half.ckpt: can't be written"):
        saved[0].save(tmp_path / "file" / "deeper" / "half.ckpt")
    assert os.listdir(tmp_path) == ["file"]


def test_a_full_disk_leaves_nothing_behind(tmp_path, saved, monkeypatch):
    write_bytes = Path.write_bytes

    def full(file: Path, data: bytes) -> int:
        if file.name == "state.json":
            raise OSError(28, "No space left on device")
        return write_bytes(file, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(BadInput, match=r"half.ckpt: can't be written: No space left on device"):
        saved[0].save(tmp_path / "new" / "half.ckpt")
    assert os.listdir(tmp_path) == []

"""A run is made again from its manifest: whether the same comes out is said, and what is not as it was."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.runs.short_worlds import USERS, run_to_end, world_of
from watersellers.experiments.__main__ import main
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.runs.rerun import Rerun, rerun
from watersellers.experiments.runs.run import run
from watersellers.experiments.saving.seal import sealed_bytes

OWN = """
from dataclasses import dataclass

TIMES = 1.0


@dataclass(frozen=True)
class Flat:
    price: float = 12.0

    def __call__(self, seen, chance):
        return self.price * TIMES
"""
SCRIPT = (
    OWN
    + """

if __name__ == "__main__":
    from watersellers import run
    run("plain", seed=3, months=6, users=200, strategies={"chatgpt.pricing": Flat(13.0)}).save("flat")
"""
)


@pytest.fixture(scope="module")
def steered(tmp_path_factory) -> Path:
    """A run that was changed in months 1 and 3 and saved half-way."""
    folder = tmp_path_factory.mktemp("runs")
    world = world_of(4)
    world.run_for(1)
    world.set("chips.lock_in", 0.2)
    world.run_for(2)
    world.set("openai.pricing", "cost_plus")
    loaded = type(world).load(world.save(folder / "half.ckpt"))
    return run_to_end(loaded).result().save(folder / "steered")


def changed(saved: Path, to: Path, **values: Any) -> Path:
    """Copy a manifest with other values by key."""
    manifest = json.loads((saved / "manifest.json").read_text(encoding="utf-8")) | values
    to.write_text(json.dumps(manifest), encoding="utf-8")
    return to


def manifest_of(saved: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((saved / "manifest.json").read_text(encoding="utf-8"))
    return found


def test_a_world_that_was_changed_saved_and_loaded_is_made_again(steered):
    found = rerun(steered)
    assert (found.same, found.differs) == (True, [])
    assert set(found.parts.values()) == {"same"}
    assert rerun(steered / "manifest.json").digest == found.digest


TAMPERED = {
    "scenario": lambda m: {
        "scenario": m["scenario"] | {"text": m["scenario"]["text"].replace("value = 0.2\n", "value = 0.3\n")}
    },
    "seed": lambda m: {"seed": 4},
    "months": lambda m: {"months": 5},
    "users": lambda m: {"users": USERS + 1},
    "digest": lambda m: {"digest": "0" * 64},
}


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("part", TAMPERED)
def test_a_manifest_in_which_one_thing_was_changed_says_which(part, sealed, steered, tmp_path):
    manifest = manifest_of(steered)
    other = TAMPERED[part](manifest)
    assert other[part] != manifest[part]
    file = changed(steered, tmp_path / "manifest.json", **other)
    if sealed:
        file.write_bytes(sealed_bytes(json.loads(file.read_text(encoding="utf-8"))))
    found = rerun(file)
    assert (found.same, found.differs) == (False, [part])


@pytest.mark.parametrize(
    ("values", "same", "differs"),
    [
        ({"code": "0" * 64}, True, ["code"]),
        ({"wall_s": 3.5}, True, ["manifest"]),
        ({"changes": []}, True, ["manifest"]),
    ],
)
def test_what_moved_no_number_is_told_beside_the_same_digest(values, same, differs, steered, tmp_path):
    found = rerun(changed(steered, tmp_path / "manifest.json", **values))
    assert found.same is same
    assert set(differs) <= set(found.differs) <= {*differs, "manifest"}


def test_packages_of_other_versions_are_named(steered, tmp_path):
    then = manifest_of(steered)["versions"] | {"numpy": "1.0", "gone": "3"}
    found = rerun(changed(steered, tmp_path / "manifest.json", versions=then))
    assert set(found.packages) == {"numpy", "gone"}
    assert (found.packages["gone"], "packages" in found.differs) == (("3", None), True)


def test_a_manifest_of_an_earlier_build_says_what_it_did_not_record(steered, tmp_path):
    manifest = manifest_of(steered)
    old = {key: value for key, value in manifest.items() if key not in ("code", "changes", "inputs_sha256")}
    (tmp_path / "manifest.json").write_bytes(sealed_bytes(old))
    found = rerun(tmp_path)
    assert (found.same, found.differs) == (True, [])
    assert {name for name, known in found.parts.items() if known == "not recorded"} == {*TAMPERED, "code"}


BAD = {
    "torn": (lambda text: text[: len(text) // 2], "line"),
    "no JSON": (lambda text: "scenario = 3", "line 1"),
    "a list": (lambda text: "[]", "names no schema"),
    "a checkpoint's": (lambda text: text.replace('"schema": 6', '"schema": "checkpoint 2"'), "names no schema"),
    "an older schema": (lambda text: text.replace('"schema": 6', '"schema": 2'), "this version reads schema 6"),
    "a later schema": (lambda text: text.replace('"schema": 6', '"schema": 7'), "this version reads schema 6"),
    "a later version": (lambda text: text.replace('"watersellers": "', '"watersellers": "9'), "by the later version 9"),
    "no seed": (lambda text: text.replace('"seed": 3', '"seeds": 3'), "seed: is missing"),
    "a seed in words": (lambda text: text.replace('"seed": 3', '"seed": "3"'), "seed: found '3'"),
    "no scenario": (lambda text: text.replace("[world]", "[wurld]"), "wurld"),
    "another file's scenario": (
        lambda text: text.replace("[world]", 'extends = \\"/x.toml\\"\\n\\n[world]'),
        "extends",
    ),
    "no rule": (lambda text: text.replace("{use =", "{used =", 1), "use"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_manifest_from_which_nothing_can_be_made_is_bad_input(kind, steered, tmp_path, capsys):
    change, sentence = BAD[kind]
    text = (steered / "manifest.json").read_text(encoding="utf-8")
    assert change(text) != text
    (tmp_path / "manifest.json").write_text(change(text), encoding="utf-8")
    assert main(["rerun", str(tmp_path)]) == 2
    told = capsys.readouterr()
    assert sentence in told.err
    assert (told.out, "Traceback" in told.err) == ("", False)


def test_a_place_without_a_manifest_is_bad_input(tmp_path, capsys):
    for place in (tmp_path, tmp_path / "nowhere"):
        assert main(["rerun", str(place)]) == 2
        assert "there is no such manifest" in capsys.readouterr().err


def test_the_command_says_it_for_people_and_for_machines(steered, tmp_path, capsys):
    assert main(["rerun", str(steered), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["same"], facts["differs"]) == (True, [])
    other = changed(steered, tmp_path / "manifest.json", seed=5)
    assert main(["rerun", str(other), "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert (facts["same"], facts["differs"]) == (False, ["seed"])
    assert main(["rerun", str(other)]) == 1
    told = capsys.readouterr().out
    assert "another digest: recorded" in told
    assert "seed differs" in told


# strategies of one's own


@pytest.fixture(scope="module")
def scripted(tmp_path_factory) -> Path:
    """A folder with a script that has run, and the run that it saved."""
    folder: Path = tmp_path_factory.mktemp("scripted")
    (folder / "script.py").write_text(SCRIPT, encoding="utf-8")
    subprocess.run([sys.executable, "script.py"], cwd=folder, check=True)
    return folder


@pytest.fixture
def flat(scripted, tmp_path, monkeypatch) -> Path:
    """A run with a strategy of a script's own, made as a script is; a copy, in which one stands."""
    shutil.copytree(scripted, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "flat"


def again(saved: Path, *places: str) -> Rerun:
    return rerun(saved, places)


def test_a_strategy_of_a_script_is_recorded_with_its_source_and_found_where_it_is_named(flat):
    (recorded,) = manifest_of(flat)["strategies"].values()
    assert recorded["source"] in SCRIPT
    assert recorded["source"].startswith("@dataclass")
    with pytest.raises(BadInput, match=f"Flat is lacking: its source has the sha256 {recorded['source_sha256']}"):
        again(flat)
    found = again(flat, "script.py")
    assert (found.same, found.differs) == (True, [])


@pytest.mark.parametrize(("old", "new"), [("* TIMES", "* TIMES + 1"), ("TIMES = 1.0", "TIMES = 2.0")])
def test_a_strategy_that_has_changed_since_or_what_stands_beside_it_is_said(old, new, flat):
    Path("script.py").write_text(SCRIPT.replace(old, new), encoding="utf-8")
    found = again(flat, "script.py")
    assert (found.same, found.differs) == (False, ["strategies"])


def test_a_strategy_of_a_module_is_found_where_the_user_calls(flat):
    Path("mine.py").write_text(OWN, encoding="utf-8")
    manifest = manifest_of(flat)
    (recorded,) = manifest["strategies"].values()
    named = {"chatgpt.pricing": recorded | {"module": "mine"}}
    found = again(changed(flat, Path("manifest.json"), strategies=named))
    assert found.same


def poisoned(name: str, **more: Any) -> dict[str, Any]:
    return {"module": "mine", "name": name, "numbers": {}, "source": None, "source_sha256": None} | more


POISON = "from pathlib import Path\nPath('poisoned').touch()\n"
POISONED = {  # strategies that a manifest names, and what stands in mine.py
    "source": (poisoned("Flat", module="__main__", source=POISON), None),
    "source of a module": (poisoned("Flat", source=POISON + OWN), None),
    "a module without the class": (poisoned("Flat"), POISON),
    "a module that only names it": (poisoned("Path"), POISON),
    "a class of Python's own": (
        poisoned("Popen", module="subprocess", numbers={"args": "['touch', 'poisoned']"}),
        None,
    ),
    "numbers that are code": (
        poisoned("Flat", numbers={"price": "__import__('pathlib').Path('poisoned').touch()"}),
        OWN,
    ),
    "a class that is no frozen dataclass": (
        poisoned("Flat", numbers={"price": "1.0"}),
        "class Flat:\n    def __init__(self, price):\n        open('poisoned', 'w')\n",
    ),
    "a package's path": (poisoned("Flat", module="..mine"), None),
    "a path": (poisoned("Flat", module="/tmp/mine"), None),
    "the module that draws a balloon": (poisoned("Flat", module="antigravity"), None),
}


@pytest.mark.parametrize("kind", POISONED)
def test_nothing_that_a_manifest_holds_is_executed(kind, flat):
    strategy, text = POISONED[kind]
    if text is not None:
        Path("mine.py").write_text(text, encoding="utf-8")
    file = changed(flat, Path("manifest.json"), strategies={"chatgpt.pricing": strategy})
    before = set(sys.modules)
    with pytest.raises(BadInput, match=r"strategies, chatgpt\.pricing: "):
        again(file)
    assert not Path("poisoned").exists()
    assert {"antigravity", "mine"} & (set(sys.modules) - before) == set()


def test_a_scenario_that_is_silent_about_a_decision_needs_a_strategy(flat):
    file = changed(flat, Path("manifest.json"), strategies={})
    with pytest.raises(BadInput, match=r"the manifest names none for apps\.chatgpt\.pricing"):
        again(file)


def test_a_strategy_that_a_loaded_scenario_held_already_is_recorded(flat):
    from watersellers import load_scenario

    namespace: dict[str, Any] = {"__name__": "typed"}
    exec(OWN, namespace)
    spec = load_scenario("plain", strategies={"chatgpt.pricing": namespace["Flat"]()})
    (recorded,) = run(spec, seed=3, months=1, users=USERS).manifest["strategies"].items()
    assert recorded[0] == "apps.chatgpt.pricing"
    assert recorded[1]["source"] is None
    assert "was defined at a prompt" in recorded[1]["source_missing"]

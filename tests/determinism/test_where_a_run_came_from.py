"""A manifest says which code made the run, and from which source a user's own strategies came."""

import linecache
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from watersellers import Sweep, run
from watersellers.experiments.saving.own_source import provenance
from watersellers.experiments.saving.provenance import ROOT, code_hash, model_code
from watersellers.experiments.saving.seal import sha256


@pytest.fixture
def tree(tmp_path) -> Path:
    """A copy of the model's tree, with its documents."""
    skipped = shutil.ignore_patterns("__pycache__")
    for room in ("market", "agents", "experiments", "viz"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=skipped)
    return tmp_path


def edited(tree: Path, name: str, old: str, new: str) -> str:
    file = tree / name
    text = file.read_bytes()
    assert old.encode() in text, name
    file.write_bytes(text.replace(old.encode(), new.encode()))
    return code_hash(tree)


CODE = {  # a file of each kind that decides a run, and something in it
    "market/money_origin/origins.py": "0",
    "market/clock.py": "month: int = 0",
    "agents/finance/investors.py": "0.0",
    "agents/users/kernel/with_numpy.py": "1",
    "experiments/loading/resolver.py": "0",
    "experiments/parameters.csv": "0.5",
    "experiments/scenarios/plain.toml": "1",
    "experiments/benchmark/users_month.c": "0",
}


@pytest.mark.parametrize("name", CODE)
def test_two_changes_of_the_code_or_its_data_are_two_hashes(name, tree):
    was = CODE[name]
    hashes = {code_hash(tree), edited(tree, name, was, f"{was}1"), edited(tree, name, f"{was}1", f"{was}2")}
    assert len(hashes) == 3
    assert edited(tree, name, f"{was}2", was) == model_code()


def moved(tree: Path) -> None:
    (tree / "agents/firm.py").rename(tree / "agents/firm_.py")


def gone(tree: Path) -> None:
    (tree / "experiments/scenarios/funding_winter.toml").unlink()


def new(tree: Path) -> None:
    (tree / "agents/labs/new.py").write_text("", encoding="utf-8")


@pytest.mark.parametrize("change", [moved, gone, new])
def test_a_file_that_came_went_or_moved_is_another_code(change: Callable[[Path], None], tree):
    change(tree)
    assert code_hash(tree) != model_code()


def test_documents_caches_and_line_endings_are_no_code(tree):
    for file in [*tree.rglob("*.md"), *tree.glob("viz/**/*.py")]:
        file.write_text("Something else.", encoding="utf-8")
    for file in [*tree.rglob("*.py"), tree / "experiments/parameters.csv", *tree.rglob("*.toml")]:
        file.write_bytes(file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    (tree / "agents" / "__pycache__").mkdir()
    (tree / "agents" / "__pycache__" / "firm.pyc").write_bytes(b"1")
    (tree / "agents" / ".#firm.py").write_text("1", encoding="utf-8")  # as an editor leaves it
    assert code_hash(tree) == model_code()


def test_a_wheel_has_the_hash_of_its_checkout(tmp_path, monkeypatch):
    wheel = pytest.importorskip("hatchling.builders.wheel", reason="hatchling is not installed")
    monkeypatch.chdir(ROOT)
    (built,) = wheel.WheelBuilder(str(ROOT)).build(directory=str(tmp_path / "dist"), versions=["standard"])
    with zipfile.ZipFile(built) as archive:
        archive.extractall(tmp_path / "installed")
    assert code_hash(tmp_path / "installed" / "watersellers") == model_code()


def test_every_manifest_holds_the_hash(tmp_path):
    assert run(months=1, users=50).manifest["code"] == model_code()
    study = Sweep("plain", {"chips.lock_in": (0, 1)}, {"kind": "grid", "levels": 2}, months=1, users=50)
    assert study.run(tmp_path / "sweep").provenance["code"] == model_code()


OWN = """
from dataclasses import dataclass

class Base:
    def __call__(self, seen, chance):
        return self.price

@dataclass(frozen=True)
class Mine(Base):
    price: float = 3.0

    def doubled(self):
        return 2 * self.price

def made():
    @dataclass(frozen=True)
    class Inner:
        def __call__(self, seen, chance):
            return 4.0
    return Inner()
"""


def as_module(text: str, folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    return vars(__import__(name))


def as_cell(text: str, folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a text as a notebook runs a cell: in ``__main__``, from no file, and kept by linecache."""
    file = f"/tmp/ipykernel_1/{name}.py"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(text, file, "exec"), space)
    return space


@pytest.mark.parametrize("way", [as_module, as_cell])
def test_the_source_of_a_strategy_is_recorded_with_what_it_builds_on(way, tmp_path, monkeypatch):
    space = way(OWN, tmp_path, f"own_{way.__name__}", monkeypatch)
    found = provenance(space["Mine"]())
    assert found["module"] == ("__main__" if way is as_cell else "own_as_module")
    assert found["source"].startswith("@dataclass(frozen=True)\nclass Mine(Base):\n    price: float = 3.0")
    assert "class Base:\n    def __call__(self, seen, chance):\n        return self.price" in found["source"]
    assert "Inner" not in found["source"]
    assert found["source_sha256"] == sha256(found["source"].encode())
    assert found["module_sha256"] == sha256(OWN.encode())
    assert "class Inner" in provenance(space["made"]())["source"]


def test_a_file_that_was_changed_after_it_was_loaded_is_not_recorded_as_what_ran(tmp_path, monkeypatch):
    space = as_module(OWN, tmp_path, "own_changed", monkeypatch)
    (tmp_path / "own_changed.py").write_text(OWN.replace("2 *", "3 *"), encoding="utf-8")
    found = provenance(space["Mine"]())
    assert (found["source"], found["source_sha256"]) == (None, None)
    assert found["source_missing"] == "the file of Mine was changed after Python had loaded it"


@pytest.mark.parametrize("text", [OWN, "1 +", "class Mine: pass"])
def test_a_source_that_can_not_be_read_is_said_to_be_missing(text, tmp_path, monkeypatch):
    space = as_module(OWN, tmp_path, "own_gone", monkeypatch)
    (tmp_path / "own_gone.py").unlink()
    if text is not OWN:
        (tmp_path / "own_gone.py").write_text(text, encoding="utf-8")
    found = provenance(space["Mine"]())
    assert found["source"] is found["source_sha256"] is found["module_sha256"] is None
    assert "Mine" in found["source_missing"]
    del sys.modules["own_gone"]


def test_a_run_with_such_a_strategy_says_so_too():
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(OWN, space)
    manifest = run(months=1, users=50, strategies={"chatgpt.pricing": space["Mine"]()}).manifest
    assert "prompt" in manifest["strategies"]["chatgpt.pricing"]["source_missing"]

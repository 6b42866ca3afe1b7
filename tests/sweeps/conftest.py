"""A whole sweep folder, and a copy of it for each test."""

import shutil
from pathlib import Path

import pytest

from tests.sweeps.folder_damages import STUDY
from tests.tools.unmade_sweeps import pretended
from watersellers.experiments.sweeps.folder.folder import compact


@pytest.fixture(scope="session")
def whole_sweep(tmp_path_factory) -> Path:
    """A sweep of 24 runs, 22 of which are in the tables and two in parts."""
    root = tmp_path_factory.mktemp("whole")
    swept = pretended(root / "s", STUDY, lambda each: each.point + each.replicate / 10 if each.point < 12 else None)
    compact(swept.folder, swept.plan)
    again = pretended(root / "other", STUDY, lambda each: each.point + each.replicate / 10)
    for each in list(swept.plan.runs())[22:]:
        shutil.copy(again.folder / "parts" / f"{each.run}.parquet", swept.folder / "parts")
    return swept.folder


@pytest.fixture
def folder(whole_sweep, tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(whole_sweep, tmp_path / "s"))

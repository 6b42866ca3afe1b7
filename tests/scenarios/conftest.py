"""The small catalogue in a folder of its own."""

import pytest

from tests.scenarios.small_catalogue import BASELINE, MENUS, TABLE
from watersellers.experiments.loading.catalogue import Catalogue
from watersellers.experiments.loading.parameters import Parameters


@pytest.fixture
def catalogue(tmp_path):
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "baseline.toml").write_text(BASELINE)
    (tmp_path / "parameters.csv").write_text(TABLE)
    return Catalogue(Parameters.load(tmp_path / "parameters.csv"), MENUS, folder)

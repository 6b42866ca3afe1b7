"""Two short runs and a world of three months, made once for all tests of runs."""

import pytest

from tests.runs.short_worlds import run_to_end, world_of
from watersellers import run
from watersellers.experiments.runs.world import World


@pytest.fixture(scope="session")
def result():
    return run(seed=3, months=3, users=300)


@pytest.fixture(scope="session")
def other(tmp_path_factory):
    return run(seed=4, months=3, users=300).save(tmp_path_factory.mktemp("runs") / "other")


@pytest.fixture
def saved(result, tmp_path):
    return result.save(tmp_path / "one")


@pytest.fixture(scope="session")
def world() -> World:
    return run_to_end(world_of(3))

"""Imports go one way between rooms, each room uses its own packages, and rooms are imported through the package.

Each rule is a function from a source text to the sentences it has to complain about, shown to bite on small bad texts.
"""

import sys

import pytest

from tests.house.project_sources import COMPOSITION_ROOT, NEEDED, PACKAGE, ROOM_SOURCES, ROOMS, SOURCES, imports, read

PUBLIC_ROOM = "experiments"  # whose the names are that the package itself shows
TABLES = {"numpy", "polars", "networkx"}
PACKAGES = {
    "market": TABLES,
    "agents": TABLES | {"mesa"},
    "experiments": TABLES | {"mesa", "pydantic", "typer", "rich"},
    "viz": TABLES,
}
ALONE = {  # what one file alone may use; all others work without it
    "agents/users/kernel/with_numba.py": {"numba"},
    "experiments/calibration/search.py": {"cmaes", "scipy"},
    "experiments/benchmark/bam.py": {"bamengine"},
    "experiments/benchmark/mesa_frames_set.py": {"mesa_frames"},
    "viz/app.py": {"solara"},
    "viz/mesa_page.py": {"solara", "mesa"},
    "viz/serve.py": {"solara", "uvicorn", "requests"},
}
# Packages of the extras [fit] and [cluster]. Only studies use them, and only through ``load_optional``, which says what
# to install where one is missing: a core install runs and sweeps without them.
EXTRAS = {"SALib", "cmaes", "distributed", "optuna", "scipy"}
EXTRAS_FOLDER = "experiments/sweeps/"


def room_of(name: str) -> str | None:
    """Give the room of a dotted name of the package, or none if it is of another."""
    package, _, rest = name.partition(".")
    if package != PACKAGE:
        return None
    room = rest.split(".")[0]
    return room if room in ROOMS else PUBLIC_ROOM


def bare_imports(source: str, path: str) -> list[str]:
    """Complain of rooms that are not imported by way of the package: a user's own folder may bear such a name."""
    bare = ((line, name) for line, name, _ in imports(source, path) if name.split(".")[0] in ROOMS)
    return [f"{path}:{line}: imports {name}, which is {PACKAGE}.{name}" for line, name in bare]


def unwelcome_imports(source: str, path: str) -> list[str]:
    """Complain of imports from a room above, and of packages this room does not use."""
    room = path.split("/")[0]
    rooms_below = ROOMS[: ROOMS.index(room) + 1]
    complaints = []
    for line, name, in_function in imports(source, path):
        top, other_room = name.split(".")[0], room_of(name)
        allowed = PACKAGES[room] | ALONE.get(path, set())
        if other_room in rooms_below or top in allowed or top in sys.stdlib_module_names:
            continue
        if path.startswith(EXTRAS_FOLDER) and name.startswith(NEEDED) and top.removeprefix(NEEDED) in EXTRAS:
            continue
        if path == COMPOSITION_ROOT and other_room and in_function:
            continue
        kind = "a room above" if other_room else "not a package of this room"
        complaints.append(f"{path}:{line}: imports {name}, {kind}")
    return complaints


def test_every_room_has_sources():
    assert {name.split("/")[0] for name in ROOM_SOURCES} == set(ROOMS)


def test_imports_go_one_way_and_each_room_uses_its_own_packages():
    assert [each for name in ROOM_SOURCES for each in unwelcome_imports(read(name), name)] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("market/month.py", "import watersellers.agents"),
        ("market/month.py", "from watersellers.agents.cloud.provider import Cloud"),
        ("agents/cloud/provider.py", "from watersellers import run"),
        ("experiments/run.py", "import watersellers.viz.reports.run_report"),
        ("market/month.py", "def f():\n    from watersellers.agents import cloud"),
        ("market/month.py", "if TYPE_CHECKING:\n    from watersellers.agents.cloud.provider import Cloud"),
        ("agents/strategies/pricing.py", "from ... import experiments"),
        ("market/month.py", "import importlib\nimportlib.import_module('watersellers.viz')"),
        ("market/month.py", "__import__('watersellers.agents.cloud.provider')"),
        ("market/month.py", "import mesa"),
        ("agents/cloud/provider.py", "import pandas as pd"),
        ("agents/cloud/provider.py", "import pydantic"),
        ("agents/users/kernel/backends.py", "import numba"),
        ("viz/reports/run_report.py", "import rich"),
        ("viz/reports/run_report.py", "from tests.laws.test_twelve_phases import toy"),
        ("experiments/__main__.py", "from watersellers.viz.reports.run_report import write"),
        ("experiments/__main__.py", "def report():\n    import pandas"),
        ("experiments/sweeps/study/samples.py", "import scipy.stats"),
        ("experiments/sweeps/study/samples.py", "load_optional('pandas', 'fit')"),
        ("experiments/run.py", "load_optional('scipy.stats', 'fit')"),
    ],
)
def test_an_unwelcome_import_is_seen(path, source):
    assert len(unwelcome_imports(source, path)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("market/month.py", "import math\nimport numpy as np\nfrom watersellers.market.trade.orders import Orders"),
        (
            "agents/strategies/pricing.py",
            "from ..views import Seen\nfrom watersellers.market.chance import Chance",
        ),
        ("experiments/__main__.py", "def report():\n    from watersellers.viz.reports.run_report import write"),
        ("experiments/sweeps/study/samples.py", "load_optional('scipy.stats', 'fit')"),
        ("viz/charts/bars.py", "import polars as pl\nfrom watersellers import Result"),
    ],
)
def test_a_welcome_import_passes(path, source):
    assert unwelcome_imports(source, path) == []


def test_rooms_are_imported_by_way_of_the_package():
    assert [each for name in SOURCES for each in bare_imports(read(name), name)] == []


@pytest.mark.parametrize("source", ["import market.month", "from agents.cloud import Cloud", "import viz as pictures"])
def test_a_bare_import_is_seen(source):
    assert len(bare_imports(source, "tests/laws/test_twelve_phases.py")) == 1

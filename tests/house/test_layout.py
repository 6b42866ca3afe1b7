"""Folders of a room, and of the tests, import only those before them, and no folder or file is too large.

A unit is what stands side by side in a folder: its folders, and the files beside them. Imports are found however they
are hidden (``imports`` of tests/house/project_sources.py), inside functions too. Each rule is shown to bite on small
bad examples.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

import networkx as nx
import pytest

from tests.house import project_sources
from tests.house.project_sources import COMPOSITION_ROOT, FILES, PACKAGE, SOURCES, TESTS, imports, read

FOLDERS = {  # of each folder that has any, from the ground up: each imports only those before it
    "market": ["trade", "accounting", "audit", "money_origin"],
    "agents": [
        *(
            "strategies",
            "compute",
            "chips",
            "labs",
            "shocks",
            "cloud",
            "work",
            "enterprises",
            "users",
            "apps",
            "finance",
            "shadows",
            "audit",
            "records",
        ),
    ],
    "agents/finance": ["venture", "failures"],
    "agents/users": ["kernel"],
    "experiments": [
        *("input", "own_code", "loading", "saving", "figures", "runs", "analysis", "calibration", "stories", "sweeps"),
        *("benchmark", "cli", "studies", "scenarios"),
    ],
    "experiments/analysis": ["comparison", "decomposition", "doses", "outlook", "ten_years"],
    "experiments/calibration": ["whole", "work", "seats"],
    "experiments/loading": ["edits", "checks", "warnings"],
    "experiments/sweeps": ["study", "folder", "workers", "analysis"],
    "viz": ["page", "words", "drawing", "charts", "reports", "lab"],
    "viz/reports": ["analyses"],
    "viz/lab": ["worlds", "view", "pages", "server"],
    "tests": [
        *("worlds", "tools", "oracle"),
        *(
            "laws",
            "known_answers",
            "books",
            "money_origin",
            "mechanisms",
            "work",
            "determinism",
            "runs",
            "scenarios",
            "own_code",
            "results",
            "sweeps",
            "analysis",
            "calibration",
        ),
        *("command_line", "faults", "charts", "reports", "lab", "docs", "house"),
    ],
    "tests/worlds": ["blocks"],
    "tests/oracle": ["economy"],
    "tests/oracle/economy": ["mechanisms", "phases"],
    "tests/mechanisms": ["upstream", "clouds", "labs", "downstream", "funding"],
    "tests/analysis": ["comparison", "decomposition", "outlook", "stories", "ten_years"],
    "tests/scenarios": ["edited"],
    "tests/sweeps": ["analysis"],
    "tests/lab": ["in_browser"],
}
SHARED = ("tests/worlds", "tests/tools", "tests/oracle")  # what tests of all folders may import
MOST_LINES = 300
MOST_FILES = 16
LONGER = ("viz/words/",)  # tables of words
ROOMS = [*project_sources.ROOMS, TESTS]
PROJECT = {path: read(path) for path in SOURCES if path.split("/")[0] in ROOMS}


def units(source: str, other: str) -> tuple[str, str]:
    """Where two files part: the units of the lowest folder that holds both."""
    here, there = PurePosixPath(source).parts, PurePosixPath(other).parts
    depth = next((n for n, (a, b) in enumerate(zip(here[:-1], there[:-1], strict=False)) if a != b), None)
    if depth is None:
        depth = min(len(here), len(there)) - 1
    return "/".join(here[: depth + 1]), "/".join(there[: depth + 1])


def arrows(sources: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Each import inside a room: the unit that imports, the unit that is imported, and where it says so."""
    modules = {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in sources}
    for path, source in sources.items():
        if path == COMPOSITION_ROOT:
            continue
        for line, name, _ in imports(source, path):  # of a module in a folder, or of a name in a module
            inner = name.removeprefix(f"{PACKAGE}.")
            found = modules.get(inner) or modules.get(inner.rpartition(".")[0])
            if found and found != path and found.split("/")[0] == path.split("/")[0]:
                yield *units(path, found), f"{path}:{line}"


def upward_imports(sources: Mapping[str, str], order: Mapping[str, list[str]]) -> list[str]:
    """Complain of imports from a folder into one that stands after it."""
    rank = {f"{room}/{name}": number for room, names in order.items() for number, name in enumerate(names)}
    return [
        f"{where}: {source} imports {other}, which stands above it"
        for source, other, where in arrows(sources)
        if source in rank and other in rank and rank[source] < rank[other]
    ]


def circular_imports(sources: Mapping[str, str]) -> list[str]:
    """Complain of folders, and of files beside them, that import each other in a circle."""
    graph = nx.DiGraph((source, other) for source, other, _ in arrows(sources))
    circles = [sorted(circle) for circle in nx.strongly_connected_components(graph) if len(circle) > 1]
    return [" and ".join(circle) for circle in circles if not all(unit.endswith(".py") for unit in circle)]


def imports_from_tests(sources: Mapping[str, str]) -> list[str]:
    """Complain of imports from a file of tests, and from another folder of tests."""
    found = []
    for path, source in sources.items():
        for line, name, _ in imports(source, path):
            if name.startswith(f"{TESTS}.") and any(part.startswith("test_") for part in name.split(".")):
                found.append(f"{path}:{line}: imports from a file of tests; what is shared needs a module of its own")
    tests = {path: source for path, source in sources.items() if path.startswith(f"{TESTS}/")}
    for source, other, where in arrows(tests):
        if source != other and source.count("/") == 1 and other not in SHARED:
            found.append(f"{where}: {source} imports {other}; tests of all folders may import {', '.join(SHARED)}")
    return sorted(set(found))


def misplaced_folders(paths: Iterable[str], order: Mapping[str, list[str]]) -> set[str]:
    """Give folders that have no place in the order, and places of the order that are no folders."""
    there = {str(PurePosixPath(path).parent) for path in paths if path.split("/")[0] in ROOMS}
    named = {*ROOMS, *(f"{room}/{name}" for room, names in order.items() for name in names)}
    return there ^ named


def too_long(lengths: Mapping[str, int]) -> dict[str, int]:
    """Give the files that are longer than can be overlooked, tables of words left out."""
    return {path: count for path, count in lengths.items() if count > MOST_LINES and not path.startswith(LONGER)}


def too_many(paths: Iterable[str]) -> dict[str, int]:
    """Give the folders with more files side by side than can be looked through."""
    beside = Counter(str(PurePosixPath(path).parent) for path in paths if not path.endswith("/__init__.py"))
    return {folder: count for folder, count in beside.items() if count > MOST_FILES}


def test_folders_of_a_room_import_one_way():
    assert upward_imports(PROJECT, FOLDERS) == []


def test_nothing_that_stands_side_by_side_imports_in_a_circle():
    assert circular_imports(PROJECT) == []


def test_tests_share_modules_and_never_a_file_of_tests():
    assert imports_from_tests(PROJECT) == []


def test_every_folder_has_its_place_in_the_order():
    assert misplaced_folders(FILES, FOLDERS) == set()


def test_no_file_is_too_long():
    assert too_long({path: source.count("\n") for path, source in PROJECT.items()}) == {}


def test_no_folder_has_too_many_files():
    assert too_many(PROJECT) == {}


EMPTY = dict.fromkeys(
    (
        *("agents/labs/lab.py", "agents/apps/__init__.py", "agents/apps/app.py"),
        *(
            "tests/worlds/toy_layers.py",
            "tests/books/small_economy.py",
            "tests/books/test_ledger.py",
            "tests/laws/cases.py",
        ),
    ),
    "",
)


@pytest.mark.parametrize(
    ("path", "source", "count"),
    [
        ("agents/labs/lab.py", "from watersellers.agents.apps.app import App", 1),
        ("agents/labs/lab.py", "def f():\n    from watersellers.agents.apps import app", 1),
        ("agents/apps/app.py", "from watersellers.agents.labs.lab import Lab", 0),
        ("tests/worlds/toy_layers.py", "from tests.books.small_economy import Economy", 1),
        ("tests/worlds/toy_layers.py", "def f():\n    from tests.books import small_economy", 1),
        ("tests/worlds/toy_layers.py", "import tests.books.small_economy", 1),
        ("tests/worlds/toy_layers.py", "from watersellers.agents.labs.lab import Lab", 0),
        ("tests/books/small_economy.py", "from tests.worlds.toy_layers import Layer", 0),
    ],
)
def test_an_import_that_climbs_is_found(path, source, count):
    assert len(upward_imports({**EMPTY, path: source}, FOLDERS)) == count


@pytest.mark.parametrize(
    ("path", "source", "count"),
    [
        ("tests/books/small_economy.py", "from tests.books.test_ledger import Chain", 1),
        (
            "tests/worlds/toy_layers.py",
            "from tests.books.test_ledger import Chain",
            2,
        ),  # which is no shared folder either
        ("tests/books/test_ledger.py", "from tests.laws.cases import quick", 1),
        ("tests/books/test_ledger.py", "from tests.laws import cases", 1),
        ("tests/books/test_ledger.py", "from tests.books.small_economy import Economy", 0),
        ("tests/books/test_ledger.py", "from tests.worlds import toy_layers", 0),
    ],
)
def test_what_tests_take_from_other_tests_is_found(path, source, count):
    assert len(imports_from_tests({**EMPTY, path: source})) == count


@pytest.mark.parametrize(
    "bad",
    [
        {
            "agents/firm.py": "from watersellers.agents.labs.lab import Lab",
            "agents/labs/lab.py": "from watersellers.agents.firm import Firm",
        },
        {
            "agents/firm.py": "from watersellers.agents.labs import lab",
            "agents/labs/lab.py": "from watersellers.agents import firm",
            "agents/__init__.py": "",
        },
        {
            "tests/lab/lab_steps.py": "from tests.lab.in_browser.conftest import server",
            "tests/lab/in_browser/conftest.py": "from tests.lab import lab_steps",
        },
    ],
)
def test_a_circle_is_found(bad):
    assert len(circular_imports(bad)) == 1


def test_a_folder_without_a_place_and_a_place_without_a_folder_are_found():
    files = [f"{folder}/{name}/a.py" for folder, names in FOLDERS.items() for name in names]
    there = [*files, *(f"{room}/a.py" for room in ROOMS)]
    assert misplaced_folders(there, FOLDERS) == set()
    assert misplaced_folders([*there, "tests/laws/new/b.py"], FOLDERS) == {"tests/laws/new"}
    assert misplaced_folders([path for path in there if "tests/lab/" not in path], FOLDERS) == {
        "tests/lab",
        "tests/lab/in_browser",
    }


def test_a_long_file_and_a_full_folder_are_found():
    assert too_long({"tests/laws/test_a.py": 300, "viz/words/english.py": 900}) == {}
    assert too_long({"tests/laws/test_a.py": 301}) == {"tests/laws/test_a.py": 301}
    files = [f"tests/laws/test_{number}.py" for number in range(MOST_FILES)]
    assert too_many([*files, "tests/laws/__init__.py"]) == {}
    assert too_many([*files, "tests/laws/test_a.py"]) == {"tests/laws": MOST_FILES + 1}

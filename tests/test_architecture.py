"""The house keeps its walls: who may import whom, where chance comes from, and what stands in no file.

Each rule is a function from a source text to the sentences it has to complain about, shown to bite on small bad
texts before it is let loose on the project.
"""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from watersellers.market.goods import CHAIN, REGIONS

REPOSITORY = Path(__file__).resolve().parents[1]

ROOMS = ["market", "agents", "experiments", "viz"]  # each may import itself and those to its left
PACKAGE = "watersellers"  # what rooms and tests import the rooms by
PUBLIC_ROOM = "experiments"  # whose the names are that the package itself shows
COMPOSITION_ROOT = "experiments/__main__.py"  # may import every room, inside the command that needs it

TABLES = {"numpy", "polars", "networkx"}
PACKAGES = {
    "market": TABLES,
    "agents": TABLES | {"mesa"},
    "experiments": TABLES | {"mesa", "pydantic", "typer", "rich"},
    "viz": TABLES,
}
ALONE = {  # what one file alone may use; all others work without it
    "agents/kernel/with_numba.py": {"numba"},
    "experiments/fits/calibrating.py": {"optuna", "scipy"},
    "experiments/contest/bam.py": {"bamengine"},
    "experiments/contest/mesa_frames_set.py": {"mesa_frames"},
    "viz/app.py": {"solara"},
    "viz/mesa_page.py": {"solara", "mesa"},
    "viz/serve.py": {"solara", "uvicorn", "requests"},
}

# Packages of the extras [fit] and [cluster]. Only studies use them, and only through ``needed``, which says what to
# install where one is missing: a core install runs and sweeps without them.
EXTRAS = {"SALib", "distributed", "optuna", "scipy"}
NEEDED = "needed:"  # before the name of a module that is loaded that way
EXTRAS_FOLDER = "experiments/sweeps/"

WITHOUT_RANDOM = {"market", "agents"}
RANDOM_TYPES = {"BitGenerator", "Generator", "PCG64", "Philox", "SeedSequence"}  # carry a seed, draw nothing alone

TOP_LEVEL = set(ROOMS) | {
    *("tests", ".ci", ".package", "pyproject.toml", "README.md", "LICENSE", "CITATION.cff", "CHANGELOG.md", "Makefile"),
    *("requirements.txt", "requirements-all.txt", ".gitignore"),
}
VAGUE_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|managers?)$")
LONGEST_BODY = 40  # lines

# In pieces, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    "|".join(
        re.escape(first + last)
        for first, last in [
            ("py", "pi.org"),
            ("python", "hosted.org"),
            ("registry.", "npmjs"),
            ("deb.", "debian.org"),
            ("security.", "debian.org"),
            ("crates", ".io"),
            ("proxy.", "golang.org"),
            ("conda.", "anaconda.org"),
            ("repo.maven", ".apache.org"),
        ]
    )
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.}])/(?:" + "|".join(["ro" + "ot", "wo" + "rk", "ho" + "me", "Us" + "ers"]) + r")/\w"
)


def imports(source: str, path: str) -> Iterator[tuple[int, str, bool]]:
    """Give the line, the dotted name and whether it is inside a function, of every import however it is hidden."""
    tree = ast.parse(source, path)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    package = PurePosixPath(path).parent.parts
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found = [alias.name for alias in names]
            case ast.ImportFrom(module=module, level=0, names=names) if module == PACKAGE:
                found = [f"{PACKAGE}.{alias.name}" for alias in names]
            case ast.ImportFrom(module=module, level=0):
                found = [module or ""]
            case ast.ImportFrom(module=module, level=level, names=names):
                base = [PACKAGE, *package[: len(package) - level + 1], *([module] if module else [])]
                found = [".".join([*base, alias.name]) for alias in names]
            case ast.Call(func=ast.Name(id="__import__" | "import_module"), args=[ast.Constant(value=str(name)), *_]):
                found = [name]
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name)), *_]):
                found = [name]
            case ast.Call(func=ast.Name(id="needed"), args=[ast.Constant(value=str(name)), *_]):
                found = [NEEDED + name]
            case _:
                continue
        yield from ((node.lineno, name, id(node) in inside) for name in found)


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


def global_chance(source: str, path: str) -> list[str]:
    """Complain of draws that no key of the run's seed decides."""
    complaints = []
    for line, name, _ in imports(source, path):
        if path.split("/")[0] in WITHOUT_RANDOM and name.split(".")[0] in {"random", "secrets"}:
            complaints.append(f"{path}:{line}: imports {name}")
    for node in ast.walk(ast.parse(source, path)):
        match node:
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="random"), attr=attr):
                names = [attr]
            case ast.ImportFrom(module="numpy.random", names=aliases):
                names = [alias.name for alias in aliases]
            case _:
                continue
        complaints += [f"{path}:{node.lineno}: numpy.random.{name}" for name in names if name not in RANDOM_TYPES]
    return complaints


def long_bodies(source: str, path: str) -> list[str]:
    """Complain of functions whose body, its docstring left out, is longer than a screen."""
    complaints = []
    for node in ast.walk(ast.parse(source, path)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
        lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
        if lines > LONGEST_BODY:
            complaints.append(f"{path}:{node.lineno}: the body of {node.name} has {lines} lines")
    return complaints


def vague_names(path: str) -> list[str]:
    """Complain of a file or folder whose name says nothing of what is in it."""
    stems = [part.split(".")[0] for part in PurePosixPath(path).parts]
    return [f"{path}: what is in {stem!r}?" for stem in stems if VAGUE_NAMES.search(stem)]


def places(text: str, path: str) -> list[str]:
    """Complain of a package registry's host or a path of somebody's machine."""
    found = [*REGISTRIES.finditer(text), *MACHINE_PATHS.finditer(text)]
    return [f"{path}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0]}" for hit in found]


def project_files() -> list[str]:
    """Give the files that git tracks and, so that nothing waits for a commit, everything in the rooms and tests."""
    listed = ""
    if shutil.which("git"):  # a source archive has no git, and may lie where there is none
        command = ["git", "ls-files", "-z"]
        listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False).stdout
    tracked = {name for name in listed.split("\0") if name and (REPOSITORY / name).is_file()}
    folders = [REPOSITORY / name for name in [*ROOMS, "tests", ".ci", ".package"]]
    present = {found for folder in folders for found in folder.rglob("*") if found.is_file()}
    alone = {REPOSITORY / name for name in TOP_LEVEL if (REPOSITORY / name).is_file()}
    names = tracked | {found.relative_to(REPOSITORY).as_posix() for found in present | alone}
    return sorted(name for name in names if "__pycache__" not in name)


FILES = project_files()
SOURCES = [name for name in FILES if name.endswith(".py")]
ROOM_SOURCES = [name for name in SOURCES if name.split("/")[0] in ROOMS]


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8", errors="replace")


def test_every_room_has_sources():
    assert {name.split("/")[0] for name in ROOM_SOURCES} == set(ROOMS)


def test_imports_go_one_way_and_each_room_uses_its_own_packages():
    assert [each for name in ROOM_SOURCES for each in unwelcome_imports(read(name), name)] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("market/month.py", "import watersellers.agents"),
        ("market/month.py", "from watersellers.agents.cloud import Cloud"),
        ("agents/cloud.py", "from watersellers import run"),
        ("experiments/run.py", "import watersellers.viz.report"),
        ("market/month.py", "def f():\n    from watersellers.agents import cloud"),
        ("market/month.py", "if TYPE_CHECKING:\n    from watersellers.agents.cloud import Cloud"),
        ("agents/strategies/pricing.py", "from ... import experiments"),
        ("market/month.py", "import importlib\nimportlib.import_module('watersellers.viz')"),
        ("market/month.py", "__import__('watersellers.agents.cloud')"),
        ("market/month.py", "import mesa"),
        ("agents/cloud.py", "import pandas as pd"),
        ("agents/cloud.py", "import pydantic"),
        ("agents/kernel/threads.py", "import numba"),
        ("viz/report.py", "import rich"),
        ("viz/report.py", "from tests.test_month import toy"),
        ("experiments/__main__.py", "from watersellers.viz.report import write"),
        ("experiments/__main__.py", "def report():\n    import pandas"),
        ("experiments/sweeps/samples.py", "import scipy.stats"),
        ("experiments/sweeps/samples.py", "needed('pandas', 'fit')"),
        ("experiments/run.py", "needed('scipy.stats', 'fit')"),
    ],
)
def test_an_unwelcome_import_is_seen(path, source):
    assert len(unwelcome_imports(source, path)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("market/month.py", "import math\nimport numpy as np\nfrom watersellers.market.orders import Orders"),
        (
            "agents/strategies/pricing.py",
            "from ..views import Seen\nfrom watersellers.market.dice import Chance",
        ),
        ("experiments/__main__.py", "def report():\n    from watersellers.viz.report import write"),
        ("experiments/sweeps/samples.py", "needed('scipy.stats', 'fit')"),
        ("viz/charts/bars.py", "import polars as pl\nfrom watersellers import Result"),
    ],
)
def test_a_welcome_import_passes(path, source):
    assert unwelcome_imports(source, path) == []


def test_rooms_are_imported_by_way_of_the_package():
    assert [each for name in SOURCES for each in bare_imports(read(name), name)] == []


@pytest.mark.parametrize("source", ["import market.month", "from agents.cloud import Cloud", "import viz as pictures"])
def test_a_bare_import_is_seen(source):
    assert len(bare_imports(source, "tests/test_month.py")) == 1


def test_chance_comes_only_from_keys():
    assert [each for name in ROOM_SOURCES for each in global_chance(read(name), name)] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("market/dice.py", "import random"),
        ("agents/users.py", "from random import choice"),
        ("agents/users.py", "from secrets import randbelow"),
        ("agents/users.py", "import numpy as np\nnp.random.shuffle(x)"),
        ("experiments/designs.py", "import numpy\nnumpy.random.seed(1)"),
        ("agents/users.py", "from numpy.random import default_rng"),
    ],
)
def test_global_chance_is_seen(path, source):
    assert len(global_chance(source, path)) == 1


def test_a_seed_of_numpys_is_no_global_chance():
    assert global_chance("def f(rng: np.random.Generator) -> None: ...", "agents/model.py") == []


def lists_of_names(source: str, path: str) -> list[str]:
    """Complain of a list of layers or regions, which stands once, in ``market/goods.py``."""
    complaints = []
    for node in ast.walk(ast.parse(source, path)):
        match node:
            case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
                names = [each.value for each in elements if isinstance(each, ast.Constant)]
            case ast.Dict(keys=keys):  # a figure for each is no list of them, but regions have no other names
                names = [each.value for each in keys if isinstance(each, ast.Constant) and each.value in REGIONS]
            case _:
                continue
        if set(names) >= set(REGIONS) or len(set(CHAIN) & set(names)) == len(CHAIN):
            complaints.append(f"{path}:{node.lineno}: lists {', '.join(map(str, names))}")
    return complaints


def test_layers_and_regions_are_listed_once():
    elsewhere = [name for name in ROOM_SOURCES if name != "market/goods.py"]
    assert [each for name in elsewhere for each in lists_of_names(read(name), name)] == []


@pytest.mark.parametrize("source", ["x = ('china', 'west')", "['chips', 'cloud', 'labs', 'apps', 'users']"])
def test_a_list_of_layers_or_regions_is_seen(source):
    assert len(lists_of_names(source, "viz/theme.py")) == 1


def test_bodies_fit_on_a_screen():
    assert [each for name in SOURCES for each in long_bodies(read(name), name)] == []


@pytest.mark.parametrize(("lines", "complaints"), [(LONGEST_BODY, 0), (LONGEST_BODY + 1, 1)])
def test_a_long_body_is_seen_and_its_docstring_is_not_counted(lines, complaints):
    source = 'def f():\n    """One.\n\n    Two.\n    """\n' + "    x = 1\n" * lines
    assert len(long_bodies(source, "market/month.py")) == complaints


def test_names_say_what_is_inside():
    assert [each for name in FILES for each in vague_names(name)] == []


@pytest.mark.parametrize("path", ["market/utils.py", "agents/common/x.py", "viz/chart_helpers.py", "market/manager.py"])
def test_a_vague_name_is_seen(path):
    assert len(vague_names(path)) == 1


def test_the_top_level_is_the_one_agreed_on():
    assert {name.split("/")[0] for name in FILES} - TOP_LEVEL == set()


def test_no_registry_and_no_machine_is_named():
    assert [each for name in FILES for each in places(read(name), name)] == []


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://" + "py" + "pi.org/simple",
        "https://files.python" + "hosted.org/packages/x.whl",
        "see /ro" + "ot/x",
        "cd /wo" + "rk/main",
        "python = '/Us" + "ers/ada/bin/python'",
    ],
)
def test_a_registry_or_a_machine_is_seen_with_its_line(text):
    (complaint,) = places(f"first line\n{text}\n", "README.md")
    assert complaint.startswith("README.md:2: ")


def test_a_path_below_a_folder_that_is_not_named_here_passes():
    assert places('"$home"/.pyenv and docs/home/page', "README.md") == []

"""Chance comes only from keys, layers and regions are listed once, bodies are short, and names say what is inside.

Each rule is a function from a source text to the sentences it has to complain about, shown to bite on small bad texts.
"""

import ast
import re
from pathlib import PurePosixPath

import pytest
from hypothesis import settings

from tests.house.project_sources import FILES, ROOM_SOURCES, SOURCES, imports, read
from watersellers.market.goods import CHAIN, REGIONS

WITHOUT_RANDOM = {"market", "agents"}
RANDOM_TYPES = {"BitGenerator", "Generator", "PCG64", "Philox", "SeedSequence"}  # carry a seed, draw nothing alone
VAGUE_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|managers?)$")
LONGEST_BODY = 40  # lines
SHORT = 3  # lines that need no docstring
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


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


def unexplained_inner_functions(source: str, path: str) -> list[str]:
    """Complain of a function inside another that is more than three lines long and does not say what it does."""
    functions = [node for node in ast.walk(ast.parse(source, path)) if isinstance(node, FUNCTIONS)]
    inner = {each for node in functions for each in ast.walk(node) if each is not node and isinstance(each, FUNCTIONS)}
    return [
        f"{path}:{each.lineno}: {each.name} does not say what it does"
        for each in sorted(inner, key=lambda each: each.lineno)
        if ast.get_docstring(each) is None and (each.end_lineno or 0) - each.body[0].lineno >= SHORT
    ]


def vague_names(path: str) -> list[str]:
    """Complain of a file or folder whose name says nothing of what is in it."""
    stems = [part.split(".")[0] for part in PurePosixPath(path).parts]
    return [f"{path}: what is in {stem!r}?" for stem in stems if VAGUE_NAMES.search(stem)]


def test_chance_comes_only_from_keys():
    assert [each for name in ROOM_SOURCES for each in global_chance(read(name), name)] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("market/chance.py", "import random"),
        ("agents/users/month.py", "from random import choice"),
        ("agents/users/month.py", "from secrets import randbelow"),
        ("agents/users/month.py", "import numpy as np\nnp.random.shuffle(x)"),
        ("experiments/designs.py", "import numpy\nnumpy.random.seed(1)"),
        ("agents/users/month.py", "from numpy.random import default_rng"),
    ],
)
def test_global_chance_is_seen(path, source):
    assert len(global_chance(source, path)) == 1


def test_a_seed_of_numpys_is_no_global_chance():
    assert global_chance("def f(rng: np.random.Generator) -> None: ...", "agents/assembly.py") == []


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
    assert len(lists_of_names(source, "viz/drawing/theme.py")) == 1


def test_bodies_fit_on_a_screen():
    assert [each for name in SOURCES for each in long_bodies(read(name), name)] == []


@pytest.mark.parametrize(("lines", "complaints"), [(LONGEST_BODY, 0), (LONGEST_BODY + 1, 1)])
def test_a_long_body_is_seen_and_its_docstring_is_not_counted(lines, complaints):
    source = 'def f():\n    """One.\n\n    Two.\n    """\n' + "    x = 1\n" * lines
    assert len(long_bodies(source, "market/month.py")) == complaints


def test_inner_functions_say_what_they_do():
    assert [each for name in ROOM_SOURCES for each in unexplained_inner_functions(read(name), name)] == []


@pytest.mark.parametrize(("lines", "complaints"), [(SHORT, 0), (SHORT + 1, 1)])
def test_a_long_inner_function_without_a_docstring_is_seen(lines, complaints):
    source = "def f():\n    def g():\n" + "        x = 1\n" * lines
    assert len(unexplained_inner_functions(source, "market/month.py")) == complaints
    told = source.replace("def g():\n", 'def g():\n        """Set."""\n')
    assert unexplained_inner_functions(told, "market/month.py") == []


def test_names_describe_the_contents():
    assert [each for name in FILES for each in vague_names(name)] == []


@pytest.mark.parametrize("path", ["market/utils.py", "agents/common/x.py", "viz/chart_helpers.py", "market/manager.py"])
def test_a_vague_name_is_seen(path):
    assert len(vague_names(path)) == 1


def test_only_the_place_that_knows_windows_takes_the_last_months_of_a_run():
    """A cut at the end of a run elsewhere would have no name: ``.tail(12)``, or the last ``YEAR`` of some months."""
    taken = re.compile(r"\.tail\((YEAR|12)\)|\[-(YEAR|12):\]")
    rooms = [path for path in SOURCES if path.startswith(("experiments/", "viz/"))]
    assert [path for path in rooms if taken.search(read(path))] == ["viz/reports/run_tables.py"]  # named by its callers


def lax_json(source: str) -> list[int]:
    """Lines that write JSON without refusing NaN and infinite numbers, which no other program may read."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    writers = [each for each in calls if isinstance(each.func, ast.Attribute) and each.func.attr in ("dump", "dumps")]
    return [
        call.lineno
        for call in writers
        if ast.unparse(call.func).startswith("json.")
        and not any(key.arg == "allow_nan" and ast.unparse(key.value) == "False" for key in call.keywords)
    ]


def test_all_json_that_is_written_is_strict():
    assert [f"{name}, line {line}" for name in ROOM_SOURCES for line in lax_json(read(name))] == []


def test_lax_json_is_seen():
    source = "import json\njson.dumps({}, allow_nan=True)\njson.dumps(1, allow_nan=False)\njson.dump(1)"
    assert lax_json(source) == [2, 4]


def test_examples_are_the_same_in_each_run_and_none_is_timed():
    usual = settings()
    assert (usual.derandomize, usual.deadline, usual.database) == (True, None, None)


def worlds_by_chance(source: str) -> list[int]:
    """Lines that live a world without a seed, which draws one: a test that does so is another test each time."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    worlds = [each for each in calls if ast.unparse(each.func).rpartition(".")[2] == "World"]
    return [
        call.lineno for call in worlds if len(call.args) < 2 and not {"rng", None} & {key.arg for key in call.keywords}
    ]


def test_every_world_that_a_test_lives_has_a_seed():
    tests = [path for path in SOURCES if path.startswith("tests/")]
    assert [f"{path}, line {line}" for path in tests for line in worlds_by_chance(read(path))] == []


def test_a_world_without_a_seed_is_seen():
    source = 'World("plain", 1)\nws.World("plain", users=3)\nWorld(rng=2)\nWorld(**given)\nWorld("plain")'
    assert worlds_by_chance(source) == [2, 5]

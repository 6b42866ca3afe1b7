"""The sources of the project, and what they import."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

REPOSITORY = Path(__file__).resolve().parents[2]
ROOMS = ["market", "agents", "experiments", "viz"]  # each may import itself and those to its left
TESTS = "tests"  # may import all of them, and nobody imports it
PACKAGE = "watersellers"  # what rooms and tests import the rooms by
COMPOSITION_ROOT = "experiments/__main__.py"  # may import every room, inside the command that needs it
NEEDED = "needed:"  # before the name of a module that is loaded that way
TOP_LEVEL = set(ROOMS) | {
    *("tests", ".ci", ".package", "pyproject.toml", "README.md", "LICENSE", "CITATION.cff", "Makefile"),
    *("CHANGELOG.md", "CONTRIBUTING.md"),
    *("requirements.txt", "requirements-all.txt", ".gitignore"),
}


@cache
def imports(source: str, path: str) -> tuple[tuple[int, str, bool], ...]:
    """Give the line, the dotted name and whether it is inside a function, of every import however it is hidden."""
    return tuple(_imports(ast.parse(source, path), PurePosixPath(path).parent.parts))


def _nodes(tree: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """Give each node of a tree, and whether it is inside a function."""
    waiting = [(tree, False)]
    while waiting:
        node, within = waiting.pop()
        yield node, within
        within = within or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        waiting += [(child, within) for child in ast.iter_child_nodes(node)]


def _imports(tree: ast.Module, package: tuple[str, ...]) -> Iterator[tuple[int, str, bool]]:
    """Find the imports of a module of a package."""
    for node, inside in _nodes(tree):
        match node:
            case ast.Import(names=names):
                found = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), level=0, names=names) if in_pieces(module):
                found = [f"{module}.{alias.name}" for alias in names]
            case ast.ImportFrom(module=module, level=0):
                found = [module or ""]
            case ast.ImportFrom(module=module, level=level, names=names):
                base = [PACKAGE, *package[: len(package) - level + 1], *([module] if module else [])]
                found = [".".join([*base, alias.name]) for alias in names]
            case ast.Call(func=ast.Name(id="__import__" | "import_module"), args=[ast.Constant(value=str(name)), *_]):
                found = [name]
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name)), *_]):
                found = [name]
            case ast.Call(func=ast.Name(id="load_optional"), args=[ast.Constant(value=str(name)), *_]):
                found = [NEEDED + name]
            case _:
                continue
        yield from ((node.lineno, name, inside) for name in found)


def in_pieces(module: str) -> bool:
    """Whether a name that is imported from it may be a module: in the package, and in the tests."""
    return module.split(".")[0] in (PACKAGE, TESTS)


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

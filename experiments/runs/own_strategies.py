"""A user's own strategies, found again for a run that is made again: files are read before one of them is loaded.

The name of a module comes from a manifest, which anybody can have written. So a file is loaded only if it stands where
the user calls, or is installed, or was named by the user, and defines a class of the strategy's name.
"""

import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from importlib.machinery import PathFinder
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from watersellers.experiments.input.errors import BadInput, refuse, shown
from watersellers.experiments.input.plain_values import number_read
from watersellers.experiments.input.text_files import read_text
from watersellers.experiments.own_code.definitions import definition
from watersellers.experiments.own_code.function_rules import rule_of_function
from watersellers.experiments.saving.own_source import described

OURS = "watersellers."
SCRIPT = "__main__"


def strategies_of_manifest(recorded: Mapping[str, Mapping[str, Any]], places: Sequence[str]) -> dict[str, Any]:
    """Make the user's own strategies of a manifest again, by their paths there.

    Parameters
    ----------
    recorded : mapping
        What the manifest says of each: module, name, numbers, and the hash of its source.
    places : sequence of str
        Files or modules that the user names; they are searched first.

    Raises
    ------
    BadInput
        If one is lacking, can't be loaded, or does not take its numbers; all problems at once.
    """
    found: dict[str, Any] = {}
    problems: list[str] = []
    for path, strategy in recorded.items():
        if strategy["module"].startswith(OURS):
            continue  # it is on a menu, so the scenario's text has it
        try:
            found[path] = _made_again(strategy, places)
        except BadInput as error:
            problems += [f"strategies, {path}: {problem}" for problem in error.problems]
    refuse(problems)
    return found


def _made_again(strategy: Mapping[str, Any], places: Sequence[str]) -> Any:
    """Make one strategy again."""
    cls = _class_of(strategy, places)
    cls = rule_of_function(cls) if isinstance(cls, FunctionType) else cls
    params = getattr(cls, "__dataclass_params__", None)
    if params is None or not params.frozen:
        raise BadInput(f"found {shown(cls)}, expected a frozen dataclass with __call__(seen, chance)")
    named = {each.name for each in fields(cls) if each.init}
    numbers = {name: number_read(name, text) for name, text in strategy["numbers"].items()}
    if set(numbers) != named:
        raise BadInput(f"found the numbers {', '.join(sorted(named)) or 'none'}, expected {described(strategy)}")
    return cls(**numbers)


def _class_of(strategy: Mapping[str, Any], places: Sequence[str]) -> Any:
    """Find the class of a recorded strategy, and load the module that defines it."""
    name = strategy["name"]
    if "<locals>" in name:
        raise BadInput(f"{_lacking(strategy)} It was defined inside a function: move it out of it")
    for module, file, installed in _candidates(strategy["module"], places):
        if definition(read_text(file), name) is not None:
            found: Any = _loaded(module, file, installed)
            for part in name.split("."):
                found = getattr(found, part, None)
            return found
    raise BadInput(_lacking(strategy))


def _lacking(strategy: Mapping[str, Any]) -> str:
    """Say which strategy is lacking, with the hash of its source, and how it is given."""
    source = strategy.get("source_sha256")
    known = f"its source has the sha256 {source} and stands in the manifest" if source else "its source is not recorded"
    cure = "put its file where you call, or name it: --strategies FILE.py"
    return f"{strategy['module']}.{strategy['name']} is lacking: {known}; {cure}."


def _candidates(module: str, places: Sequence[str]) -> Iterator[tuple[str, Path, bool]]:
    """Yield the files in which a strategy may be defined: module, file, and whether it is installed; none is loaded."""
    for place in places:
        if place.endswith(".py"):
            yield Path(place).stem, Path(place), False
        elif found := _file_of(place):
            yield place, *found
        else:
            raise BadInput(f"--strategies: found {shown(place)}, expected a .py file, or a module that is here")
    if module != SCRIPT and (found := _file_of(module)):
        yield module, *found


def _file_of(module: str) -> tuple[Path, bool] | None:
    """Find the file of a module, here first and then where Python looks, without loading anything."""
    search: list[str] | None
    for installed in (False, True):
        spec, search = None, None if installed else [str(Path.cwd())]
        for part in module.split("."):
            spec = PathFinder.find_spec(part, search) if part.isidentifier() else None
            search = list(spec.submodule_search_locations or []) if spec else []
        if spec and spec.origin and spec.origin.endswith(".py"):
            return Path(spec.origin), installed
    return None


def _loaded(module: str, file: Path, installed: bool) -> ModuleType:
    """Load a module by its file; one that is installed as Python does."""
    try:
        if installed:
            return importlib.import_module(module)
        name = f"rerun_of_{module.replace('.', '_')}"  # takes no other module's place
        spec = spec_from_file_location(name, file)
        assert spec is not None
        assert spec.loader is not None
        made = sys.modules[name] = module_from_spec(spec)
        spec.loader.exec_module(made)
    except Exception as error:  # noqa: BLE001 - whatever a user's module raises is told
        raise BadInput(f"{file}: can't be loaded: {type(error).__name__}: {error}") from None
    return made

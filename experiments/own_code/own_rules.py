"""A user's own rules: strategies on no menu, that a scenario names as ``module:Name`` or a script passes.

A rule is a frozen dataclass with ``__call__(seen, chance)``, and its fields are its numbers. A function of ``seen`` and
``chance`` is one too; its further arguments are its numbers. The module is a file or package beside the scenario's
file, or where the user calls, or installed. Its text is read first, and it is loaded only if it defines the name, since
a scenario's text can come from anybody.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import MISSING, Field, dataclass, fields
from pathlib import Path
from traceback import format_exception_only
from types import FunctionType
from typing import Any, get_type_hints

from watersellers.experiments.input.errors import BadInput, shown, unknown
from watersellers.experiments.input.text_files import read_text
from watersellers.experiments.own_code.definitions import defined_names, definition
from watersellers.experiments.own_code.function_rules import rule_of_function
from watersellers.experiments.own_code.own_modules import (
    file_of,
    load_module,
    module_folders,
    register_beside,
    register_modules,
    registered_folders,
)

NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")
SCRIPT = "__main__"
KINDS = (float, int, bool, str)  # of a rule's numbers
FORM = "expected a frozen dataclass with __call__(self, seen, chance), or a function of seen and chance"

_beside: ContextVar[tuple[Path, ...]] = ContextVar("folders of the files that name rules", default=())
_provided: ContextVar[Mapping[str, type]] = ContextVar("rules that need not be sought, by name")
_names: dict[type, str] = {}  # of the rules that were found by name
_texts: dict[str, str] = {}  # of their modules as they were loaded


@dataclass(frozen=True, slots=True)
class RuleNumber:
    """A number of a rule: its type, its usual value, and what the rule's author says of it."""

    kind: type
    usual: Any  # MISSING if it has to be given
    unit: str = ""
    low: float | None = None
    high: float | None = None
    note: str = ""


def is_rule_name(value: object) -> bool:
    """Say whether a value names a rule of a user's own, as ``module:Name``."""
    return isinstance(value, str) and NAME.fullmatch(value) is not None


def rule_names(values: object) -> Iterator[str]:
    """Yield the names of rules in tables and lists, however deep."""
    if is_rule_name(values):
        yield str(values)
    elif isinstance(values, Mapping | list | tuple):
        for each in values.values() if isinstance(values, Mapping) else values:
            yield from rule_names(each)


@contextmanager
def beside(folders: Iterable[Path]) -> Iterator[None]:
    """Seek modules of rules in these folders first."""
    before = _beside.set((*folders, *_beside.get()))
    try:
        yield
    finally:
        _beside.reset(before)


@contextmanager
def provided(rules: Mapping[str, type]) -> Iterator[None]:
    """Use these classes for rules of these names, and seek none of them."""
    before = _provided.set({**_provided.get({}), **rules})
    _names.update({cls: name for name, cls in rules.items()})
    try:
        yield
    finally:
        _provided.reset(before)


def find_rule(name: str) -> type:
    """Find a rule by its name, and load its module if that is not loaded yet.

    Raises
    ------
    BadInput
        If there is no such module, it can't be loaded, or it defines no such rule.
    """
    if (known := _provided.get({}).get(name)) is not None:
        return known
    module, _, rule = name.partition(":")
    if module == SCRIPT:
        raise BadInput(f"found {name!r}, which no other run would find; put {rule} into a module, as in mine:{rule}")
    text = _text_with(module, rule)
    try:
        found = getattr(load_module(module, again=_texts.get(module, text) != text), rule)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a user's module may raise anything
        raised = "".join(format_exception_only(error)).strip()
        raise BadInput(f"{name!r} can't be loaded: its module {module} raised {raised}; mend it") from None
    _texts[module] = text
    cls = found if isinstance(found, type) else rule_of_function(found) if isinstance(found, FunctionType) else None
    if cls is None or (problem := rule_problem(cls)):
        raise BadInput(f"{name!r}: {problem if cls else f'found {shown(found)}, {FORM}'}")
    _names[cls] = name
    return cls


def found_rules() -> tuple[dict[str, str], list[str]]:
    """Return what another process needs to find the rules that were found here, for ``find_again``."""
    return registered_folders(), sorted(_names.values())


def find_again(folders: Mapping[str, str], names: Iterable[str]) -> None:
    """Find the rules that another process has found, so that its scenarios can be unpacked here.

    One that is gone by now is passed over: no scenario that is made now can hold it.
    """
    register_modules(folders)
    for name in names:
        with suppress(BadInput):
            find_rule(name)


def folders_of_loaded(names: Iterable[str]) -> dict[str, str]:
    """Return the folders from which other processes have to load the modules of these rules; see ``module_folders``."""
    modules = {name.partition(":")[0] for name in names}
    return module_folders(modules, None) | {
        top: folder
        for top, folder in registered_folders().items()
        if top in {name.partition(".")[0] for name in modules}
    }


def name_of_rule(rule: object) -> str | None:
    """Return the name by which a rule was found; None for one that a script passed."""
    return _names.get(rule if isinstance(rule, type) else type(rule))


def rule_problem(cls: type) -> str | None:
    """Say why a class is no rule that a scenario can name, if it is none."""
    params = getattr(cls, "__dataclass_params__", None)
    if params is None or not params.frozen or not callable(getattr(cls, "__call__", None)):  # noqa: B004
        return f"found {shown(cls)}, {FORM}"
    try:
        kinds = {field.name: number.kind for field, number in _typed(cls)}
    except (NameError, TypeError) as error:
        return f"the types of its fields can't be read: {error}"
    for name, kind in kinds.items():
        if kind not in KINDS:
            return f"found the field {name} of the type {shown(kind)}, expected float, int, bool or str"
    return None


def numbers_of(cls: type) -> dict[str, RuleNumber]:
    """Return the numbers of a rule, by name, with what the metadata of its fields say: unit, low, high, note."""
    return {field.name: number for field, number in _typed(cls)}


def _typed(cls: type) -> Iterator[tuple[Field[Any], RuleNumber]]:
    hints = get_type_hints(cls)
    for field in fields(cls):
        told = {key: field.metadata[key] for key in ("unit", "low", "high", "note") if key in field.metadata}
        usual = field.default if field.default_factory is MISSING else field.default_factory()
        yield field, RuleNumber(hints[field.name], usual, **told)


def _text_with(module: str, rule: str) -> str:
    """Read the file of a module, and refuse one that does not define a rule; nothing is loaded.

    Raises
    ------
    BadInput
        If there is no such file, or it defines no such class or function.
    """
    register_beside(module, _beside.get())
    file = file_of(module)
    if file is None:
        there = "; ".join(dict.fromkeys(f"{folder}" for folder in _beside.get() if folder != Path()))
        where = f"beside {there}, where you call, or installed" if there else "where you call, or installed"
        raise BadInput(f"found '{module}:{rule}', but there is no module {module} {where}; put {module}.py there")
    text = read_text(file)
    if definition(text, rule) is not None:
        return text
    try:
        ast.parse(text)
    except (SyntaxError, ValueError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        raise BadInput(f"found '{module}:{rule}', but {file.name}{line} is no Python: {error.args[0]}") from None
    raise BadInput(f"found '{module}:{rule}': {unknown(f'rule of {file.name}', rule, defined_names(text))}")

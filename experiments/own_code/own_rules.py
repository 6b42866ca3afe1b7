"""A user's own rules: strategies on no menu, that a scenario names as ``module:Name`` or a script passes.

A rule is a frozen dataclass with ``__call__(seen, chance)``, and its fields are its numbers. A function of ``seen`` and
``chance`` is one too; its further arguments are its numbers. The module is a file or package beside the scenario's
file, or where the user calls, or installed. Its text is read first, and it is loaded only if it defines the name, since
a scenario's text can come from anybody.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import MISSING, Field, dataclass, fields, make_dataclass
from functools import cache
from inspect import Parameter, signature
from pathlib import Path
from traceback import format_exception_only
from types import FunctionType
from typing import Any, get_type_hints

from watersellers.experiments.input.errors import BadInput, on_one_line, refuse, shown, unknown
from watersellers.experiments.input.plain_values import values_by_path
from watersellers.experiments.input.text_files import read_text
from watersellers.experiments.own_code.definitions import defined_names, definition
from watersellers.experiments.own_code.own_modules import file_of, load_module, register_beside

NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")
SCRIPT = "__main__"
GIVEN = ("seen", "chance")  # what every rule is shown
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


def name_of_rule(rule: object) -> str | None:
    """Return the name by which a rule was found; None for one that a script passed."""
    return _names.get(rule if isinstance(rule, type) else type(rule))


def rule_problem(cls: type) -> str | None:
    """Say why a class is no rule that a scenario can name, if it is none."""
    params = getattr(cls, "__dataclass_params__", None)
    if params is None or not params.frozen or not callable(getattr(cls, "__call__", None)):  # noqa: B004
        return f"found {shown(cls)}, {FORM}"
    for field, number in _typed(cls):
        if number.kind not in KINDS:
            return f"found the field {field.name} of the type {shown(number.kind)}, expected float, int, bool or str"
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


def as_rule(given: object) -> Any:
    """Take what a script passes as a rule: an object of a frozen dataclass, a function, or a name.

    Raises
    ------
    BadInput
        If it is nothing of the kind.
    """
    if is_rule_name(given):
        return find_rule(str(given))()
    if isinstance(given, FunctionType):
        return rule_of_function(given)()
    params = getattr(type(given), "__dataclass_params__", None)
    if not isinstance(given, type) and params is not None and params.frozen and callable(given):
        return given
    made = f"; make one: {given.__name__}()" if isinstance(given, type) else ""
    raise BadInput(f"found {shown(given)}, expected an object of a frozen dataclass with __call__(seen, chance){made}")


def rules_by_path(given: Any) -> dict[str, Any]:
    """Take what a script passes by path as rules; None gives none.

    Raises
    ------
    BadInput
        If any is none; all problems at once.
    """
    rules, problems = {}, []
    for path, each in values_by_path("strategies", given).items():
        try:
            rules[path] = as_rule(each)
        except BadInput as error:
            problems += [f"strategies, {on_one_line(path)}: {problem}" for problem in error.problems]
    refuse(problems)
    return rules


def as_choice(given: object) -> dict[str, Any]:
    """Write what a script passes as a choice that other processes can read: its name and its numbers.

    Raises
    ------
    BadInput
        If it is no rule, or other processes can't find it; the sentence has the cure.
    """
    rule: Any = as_rule(given)
    made_from = getattr(type(rule), "made_from", type(rule))
    module, name = made_from.__module__, made_from.__qualname__
    cure = "put it at the top of a module, so that the processes that make runs find it"
    if name == "<lambda>" or "<locals>" in name:
        raise BadInput(f"found {shown(given)}, which stands inside a function or has no name; {cure}")
    if module == SCRIPT:
        raise BadInput(f"found {name} of the script or notebook itself; {cure}, and import it from there")
    written = name_of_rule(rule) or f"{module}:{name}"
    numbers = {each.name: getattr(rule, each.name) for each in fields(rule)}
    if find_rule(written) is not type(rule):
        raise BadInput(f"found {shown(given)}, but {written} is another one by now; {cure}")
    return {"use": written} | numbers


@cache
def rule_of_function(function: Callable[..., Any]) -> type:
    """Make a rule's class of a function of ``seen`` and ``chance``: its further arguments are the rule's numbers.

    Raises
    ------
    BadInput
        If it does not take these two first, or takes others that can't be numbers.
    """
    taken = list(signature(function).parameters.values())
    kinds = [each.kind for each in taken]
    shown_first = kinds[: len(GIVEN)] == [Parameter.POSITIONAL_OR_KEYWORD] * len(GIVEN)
    if not shown_first or not set(kinds) <= {Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY}:
        raise BadInput(f"found {shown(function)} of {signature(function)}, expected one of seen and chance")
    hints = get_type_hints(function)
    numbers: list[Any] = [
        (each.name, hints.get(each.name, float), *(() if each.default is Parameter.empty else (each.default,)))
        for each in taken[len(GIVEN) :]
    ]
    names = [name for name, *_ in numbers]

    def call(self: Any, seen: Any, chance: Any) -> Any:
        return function(seen, chance, **{name: getattr(self, name) for name in names})

    def reduce(self: Any) -> tuple[Any, ...]:
        return _remade, (function, {name: getattr(self, name) for name in names})

    namespace = {"__call__": call, "__reduce__": reduce, "made_from": staticmethod(function)}
    try:
        made = make_dataclass(function.__name__.strip("<>"), numbers, namespace=namespace, frozen=True)
    except TypeError as error:
        raise BadInput(f"found {shown(function)} of {signature(function)}: {error}") from None
    made.__module__, made.__qualname__ = function.__module__, function.__qualname__
    return made


def _remade(function: Callable[..., Any], numbers: Mapping[str, Any]) -> Any:
    """Make the rule of a function again, in another process."""
    return rule_of_function(function)(**numbers)


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

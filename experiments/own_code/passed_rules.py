"""Rules that a script passes: as objects, as functions or by name, for one process or for many."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from types import FunctionType
from typing import Any

from watersellers.experiments.input.errors import BadInput, on_one_line, refuse, shown
from watersellers.experiments.input.plain_values import values_by_path
from watersellers.experiments.own_code.function_rules import rule_of_function
from watersellers.experiments.own_code.own_rules import SCRIPT, find_rule, is_rule_name, name_of_rule


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
    return _each("strategies", values_by_path("strategies", given), as_rule)


def _each(label: str, given: Mapping[str, Any], take: Callable[[Any], Any]) -> dict[str, Any]:
    """Take each value by its path, and refuse all that can't be taken at once; ``label`` begins each sentence."""
    taken, problems = dict[str, Any](), list[str]()
    for path, each in given.items():
        try:
            taken[path] = take(each)
        except BadInput as error:
            problems += [f"{label}, {on_one_line(path)}: {problem}" for problem in error.problems]
    refuse(problems)
    return taken


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
        raise BadInput(f"found {name}, which stands inside a function or has no name; {cure}")
    if module == SCRIPT:
        raise BadInput(f"found {name} of the script or notebook itself; {cure}, and import it from there")
    written = name_of_rule(rule) or f"{module}:{name}"
    numbers = {each.name: getattr(rule, each.name) for each in fields(rule)}
    if find_rule(written) is not type(rule):
        raise BadInput(f"found {name}, but {written} is another one by now; {cure}")
    return {"use": written} | numbers


def with_strategies(values: Any, strategies: Any, label: str) -> Any:
    """Add strategies that a script passes to the values that it sets, written so that other processes can read them.

    Raises
    ------
    BadInput
        If one can't be found by other processes, or its path has a value already; ``label`` begins each sentence.
    """
    if not strategies:
        return {} if values is None else values  # whatever it is; whoever reads it refuses what is no table
    chosen, passed = values_by_path("set", values), values_by_path("strategies", strategies)
    twice = [path for path in passed if path in chosen]
    refuse(f"{label}, strategies, {on_one_line(path)}: has a value in set too; leave one out" for path in twice)
    return chosen | _each(f"{label}, strategies", passed, as_choice)

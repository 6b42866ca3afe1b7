"""Rules made of functions: a function of what is seen and of chance, whose further arguments are its numbers."""

from collections.abc import Callable, Mapping
from dataclasses import make_dataclass
from functools import cache
from inspect import Parameter, signature
from typing import Any, get_type_hints

from watersellers.experiments.input.errors import BadInput, shown

GIVEN = ("seen", "chance")  # what every rule is shown


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

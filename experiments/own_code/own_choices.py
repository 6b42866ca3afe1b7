"""A choice of a user's own rule in a scenario: ``"module:Name"``, or a table of that and the rule's numbers."""

from collections.abc import Mapping
from dataclasses import MISSING
from math import isfinite
from typing import Any

from watersellers.experiments.input.errors import BadInput, shown, unknown
from watersellers.experiments.own_code.own_rules import RuleNumber, find_rule, numbers_of

EXPECTED = {float: "a finite number", int: "a whole number", bool: "true or false", str: "text in quotes"}


class WrongRule(ValueError):
    """A choice of a rule can't be used: ``sentence`` says why, and ``at`` is the number that is wrong, if one is."""

    def __init__(self, at: str, sentence: str):
        super().__init__(sentence)
        self.at, self.sentence = at, sentence


def own_choice(value: Mapping[str, Any]) -> dict[str, Any]:
    """Check a choice of a user's own rule, for pydantic: ``use``, its name, and its numbers.

    Raises
    ------
    WrongRule
        If there is no such rule, or a number is unknown, missing, of another type, or out of its range.
    """
    use = value["use"]
    try:
        numbers = numbers_of(find_rule(use))
    except BadInput as error:
        raise WrongRule("", str(error)) from None
    for name, given in value.items():
        if name == "use":
            continue
        if name not in numbers:
            raise WrongRule(name, unknown(f"number of {use}", name, numbers))
        if problem := _number_problem(given, numbers[name]):
            raise WrongRule(name, problem)
    for name, number in numbers.items():
        if number.usual is MISSING and name not in value:
            raise WrongRule(name, f"is missing; {use} has no usual value for it: {{use = {use!r}, {name} = ...}}")
    return dict(value)


def _number_problem(given: Any, number: RuleNumber) -> str | None:
    """Say what is wrong with a number of a rule, if anything is."""
    kinds = (int, float) if number.kind is float else (number.kind,)
    fits = isinstance(given, kinds) and (number.kind is bool or not isinstance(given, bool))
    if not fits or (isinstance(given, float) and not isfinite(given)):
        return f"found {shown(given)}, expected {EXPECTED[number.kind]}"
    if (number.low is not None and given < number.low) or (number.high is not None and given > number.high):
        least = "" if number.low is None else f"at least {number.low:g}"
        most = "" if number.high is None else f"at most {number.high:g}"
        return f"found {shown(given)}, expected {' and '.join(filter(None, (least, most)))} {number.unit}".rstrip()
    return None


def made_choice(choice: Mapping[str, Any], menu: Mapping[str, type]) -> Any:
    """Make the strategy of a choice: one of the menu, or a rule of the user's own."""
    numbers = {key: value for key, value in choice.items() if key != "use"}
    return (menu[choice["use"]] if choice["use"] in menu else find_rule(choice["use"]))(**numbers)

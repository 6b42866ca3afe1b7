"""Checks of a strategy's answer: an amount inside the bounds of its decision, or shares that add up to 1."""

from collections.abc import Callable
from math import fsum, inf, isfinite
from typing import Any, Self

import numpy as np

from watersellers.agents.decision_bounds import Bound
from watersellers.market.chance import Chance

NUMBERS = (float, int, np.floating, np.integer)
CLOSE = 1e-9  # how near to 1 shares must add up, as each of them may be rounded
LONGEST = 60  # characters of an answer that a message shows


class BadAnswer(ArithmeticError):
    """A strategy failed or gave an unusable answer; the message names firm, decision, answer and month.

    Parameters
    ----------
    who : str
        The firm and the decision, and the strategy's class.
    did : str
        What it answered, or the error that it raised.
    month : int
        Of the run; the first is 0.
    expected : str
        What was expected.
    when : str, optional
        The calendar month, as 2023-08.
    """

    def __init__(self, who: str, did: str, month: int, expected: str, when: str = ""):
        dated = f" ({when})" if when else ""
        super().__init__(f"{who}: {did} in month {month}{dated}, {expected}")
        self.who, self.did, self.month, self.expected = who, did, month, expected

    def dated(self, when: str) -> Self:
        """Return the same error with the calendar month in its message."""
        return type(self)(self.who, self.did, self.month, self.expected, when)


def number(label: str, bound: Bound, strategy: Callable[..., Any], seen: object, chance: Chance) -> float:
    """Ask a strategy for an amount: a price, a quota, a budget, a capacity, a value.

    Parameters
    ----------
    label : str
        The firm and the decision, as in ``perplexity.pricing``.
    bound : Bound
        The answers that the decision admits.
    strategy : callable
        The strategy, called with ``seen`` and ``chance``.

    Raises
    ------
    BadAnswer
        If it fails, or does not answer a finite number inside the bounds.
    """
    return _amount(_ask(label, strategy, seen, chance), label, bound, strategy, seen, chance)


def _amount(answer: Any, label: str, bound: Bound, strategy: Callable[..., Any], seen: object, chance: Chance) -> float:
    """Take an answer as an amount inside the bounds of its decision."""
    if not _is_amount(answer) or not bound.admits(answer, seen):
        raise BadAnswer(
            _with_class(label, strategy), f"answered {_shortened(answer)}", chance.month, bound.expected(seen)
        )
    return float(answer)


def tariff(label: str, bound: Bound, strategy: Callable[..., Any], seen: object, chance: Chance) -> tuple[float, float]:
    """Ask a strategy for what users pay: the price of a seat, or a pair of that and of the price of a query.

    Raises
    ------
    BadAnswer
        If it fails, or answers neither the price of a seat inside the bounds, nor a pair of two finite amounts of at
        most the largest price, of which the second is above 0; a seat may cost nothing where queries are paid.
    """
    answer = _ask(label, strategy, seen, chance)
    if not isinstance(answer, tuple):
        return _amount(answer, label, bound, strategy, seen, chance), 0.0
    if len(answer) == 2 and all(map(_is_amount, answer)) and max(answer) <= bound.most and answer[1] > 0:
        return float(answer[0]), float(answer[1])
    expected = f"expected a seat's price of 0 to {bound.most:g} USD a month, and a query's above 0 and up to the same"
    raise BadAnswer(_with_class(label, strategy), f"answered {_shortened(answer)}", chance.month, expected)


def shares(label: str, strategy: Callable[..., Any], seen: object, chance: Chance, offers: int) -> list[float]:
    """Ask a strategy how to split a purchase over ``offers`` offers.

    Raises
    ------
    BadAnswer
        If it fails, or does not answer a finite share of 0 or more for each offer, adding up to 1.
    """
    answer = _ask(label, strategy, seen, chance)
    try:
        listed = list(answer)
    except TypeError:
        listed = []
    fits = len(listed) == offers and all(map(_is_amount, listed)) and abs(fsum(listed) - 1) <= CLOSE
    if not fits:
        expected = f"expected {offers} finite shares of 0 or more that add up to 1"
        raise BadAnswer(_with_class(label, strategy), f"answered {_shortened(answer)}", chance.month, expected)
    return [float(share) for share in listed]


def _ask(label: str, strategy: Callable[..., Any], seen: object, chance: Chance) -> Any:
    """Ask a strategy; raise BadAnswer with its name if it fails."""
    try:
        return strategy(seen, chance)
    except Exception as error:
        did = f"raised {type(error).__name__}: {error}"
        raise BadAnswer(_with_class(label, strategy), did, chance.month, "expected an answer") from error


def _is_amount(answer: Any) -> bool:
    """Whether an answer is a finite number of 0 or more."""
    if type(answer) is float:  # as most answers are
        return 0.0 <= answer < inf
    if isinstance(answer, bool) or not isinstance(answer, NUMBERS):
        return False
    try:
        return bool(isfinite(answer) and answer >= 0)
    except OverflowError:  # a whole number beyond any float
        return False


def _with_class(label: str, strategy: object) -> str:
    """Name a decision with the class of its strategy."""
    cls = type(strategy)
    return f"{label} ({cls.__module__}.{cls.__qualname__})"


def _shortened(answer: object) -> str:
    """Write an answer as text, cut off where it is long."""
    text = repr(answer)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."

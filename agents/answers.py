"""What a strategy may answer: a number that can be posted or paid, or shares that add up to 1."""

from collections.abc import Callable
from math import fsum, isfinite
from typing import Any

import numpy as np

from watersellers.market.dice import Chance

NUMBERS = (float, int, np.floating, np.integer)
CLOSE = 1e-9  # how near to 1 shares add up, however many of them are rounded
LONGEST = 60  # characters of an answer that a sentence shows


class BadAnswer(ArithmeticError):
    """A strategy answered what nobody can act on, or did not answer; the firm, the choice and the answer are named."""


def number(who: str, strategy: Callable[..., Any], seen: object, chance: Chance) -> float:
    """Ask a strategy for an amount: a price, a quota, a budget, a capacity, a worth.

    Parameters
    ----------
    who : str
        The firm and the choice, as in ``perplexity.pricing``.
    strategy : callable
        The strategy, asked with ``seen`` and ``chance``.

    Raises
    ------
    BadAnswer
        If it answers no finite number of 0 or more, or fails.
    """
    answer = _asked(who, strategy, seen, chance)
    if not _amount(answer):
        raise BadAnswer(f"{_named(who, strategy)}: answered {_shown(answer)}, expected a finite number of 0 or more")
    return float(answer)


def shares(who: str, strategy: Callable[..., Any], seen: object, chance: Chance, offers: int) -> list[float]:
    """Ask a strategy how to split a purchase over ``offers`` offers.

    Raises
    ------
    BadAnswer
        If it does not answer a finite share of 0 or more for each, adding up to 1, or fails.
    """
    answer = _asked(who, strategy, seen, chance)
    try:
        listed = list(answer)
    except TypeError:
        listed = []
    fits = len(listed) == offers and all(map(_amount, listed)) and abs(fsum(listed) - 1) <= CLOSE
    if not fits:
        expected = f"expected {offers} finite shares of 0 or more that add up to 1"
        raise BadAnswer(f"{_named(who, strategy)}: answered {_shown(answer)}, {expected}")
    return [float(share) for share in listed]


def _asked(who: str, strategy: Callable[..., Any], seen: object, chance: Chance) -> Any:
    """Ask a strategy, and name it if it fails."""
    try:
        return strategy(seen, chance)
    except Exception as error:
        said = f"raised {type(error).__name__}: {error}, expected an answer"
        raise BadAnswer(f"{_named(who, strategy)}: {said}") from error


def _amount(answer: Any) -> bool:
    """Say whether an answer is a finite number of 0 or more."""
    if isinstance(answer, bool) or not isinstance(answer, NUMBERS):
        return False
    try:
        return bool(isfinite(answer) and answer >= 0)
    except OverflowError:  # a whole number beyond any float
        return False


def _named(who: str, strategy: object) -> str:
    cls = type(strategy)
    return f"{who} ({cls.__module__}.{cls.__qualname__})"


def _shown(answer: object) -> str:
    text = repr(answer)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."

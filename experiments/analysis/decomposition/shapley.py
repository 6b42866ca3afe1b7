"""Shapley values: what each cause adds, averaged over all orders in which the causes can be switched on, or over some.

In each order what the causes add telescopes, so that shares add up exactly to the difference between the value with all
causes and the value with none, however few the orders are.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial, sqrt
from statistics import stdev

from watersellers.experiments.analysis.decomposition.orders import Causes, Order, Pair, chain_of


def combinations_of(causes: Sequence[str]) -> list[Causes]:
    """List every combination of active causes, from none to all."""
    return [frozenset(some) for size in range(len(causes) + 1) for some in combinations(causes, size)]


def shapley(worth: Mapping[Causes, int], causes: Sequence[str]) -> dict[str, Fraction]:
    """Return what each cause adds, averaged over all orders of the causes; the shares add up exactly.

    Parameters
    ----------
    worth : mapping
        The value with each combination of active causes, from none to all.
    causes : sequence of str
        The causes.
    """
    found = {}
    for cause in causes:
        others = [each for each in causes if each != cause]
        share = Fraction(0)
        for size in range(len(causes)):
            orders = Fraction(factorial(size) * factorial(len(others) - size), factorial(len(causes)))
            for some in combinations(others, size):
                share += orders * (worth[frozenset({*some, cause})] - worth[frozenset(some)])
        found[cause] = share
    return found


def added_in(order: Order, worth: Mapping[Causes, int]) -> dict[str, int]:
    """Return what each cause adds when it is switched on in its place in an order."""
    chain = chain_of(order)
    return {cause: worth[chain[place + 1]] - worth[chain[place]] for place, cause in enumerate(order)}


def sampled_shapley(worth: Mapping[Causes, int], pairs: Sequence[Pair]) -> dict[str, tuple[Fraction, float | None]]:
    """Return the mean of what each cause adds over drawn orders, and its standard error; the means add up exactly.

    The error is that of a mean of independent pairs, None of a single one. Orders within a pair are not independent.

    Parameters
    ----------
    worth : mapping
        The value with each combination of active causes that comes up in the orders.
    pairs : sequence of Pair
        Pairs of orders, at least one.
    """
    found = {}
    added = [[added_in(order, worth) for order in pair] for pair in pairs]
    for cause in sorted(pairs[0][0]):
        means = [Fraction(sum(order[cause] for order in pair), len(pair)) for pair in added]
        share = sum(means, Fraction(0)) / len(means)
        error = stdev(float(each - share) for each in means) / sqrt(len(means)) if len(means) > 1 else None
        found[cause] = (share, error)
    return found

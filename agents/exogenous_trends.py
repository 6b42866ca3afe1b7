"""Exogenous trends: the logistic path of a boom, and technical progress that fades."""

from functools import lru_cache
from math import exp

from watersellers.market.elementary import exp_of, log_of


def logistic(low: float, high: float, middle: float, width: float, month: float) -> float:
    """Value of a path from low to high that is half-way, and steepest, at ``middle``; ``width`` in months."""
    return low + (high - low) / (1 + exp(-(month - middle) / width))


@lru_cache(maxsize=256)
def progress(growth: float, fade: float, months: float, ahead: float = 0.0) -> float:
    """Factor by which a technique has improved after some months, at a monthly growth that itself fades.

    It is (1 + growth) to the power (1 - (1 - fade) ** months) / fade; (1 + growth) ** months without fading. ``ahead``
    are months at the first pace by which it is ahead of this trend.
    """
    effective = months if fade == 0 else (1 - (1 - fade) ** months) / fade
    return float((1 + growth) ** effective) * exp_of(ahead * log_of(1 + growth))


def share_reached(low: float, high: float, value: float) -> float:
    """Share of the ceiling of a path from low to high that a value on it has reached; 0.0 where there is no path.

    It is 1 - d ln x / d ln wish of money x that follows a wish which grows for ever, x = H / (1 + H / wish) under a
    ceiling H.
    """
    ceiling = max(low, high)
    return value / ceiling if ceiling > 0 else 0.0

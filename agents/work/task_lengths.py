"""Lengths of tasks: the hours of work of a segment, spread over tasks of all lengths as a lognormal.

All averages over tasks are sums over the same nodes: 193 lengths, evenly spaced in the logarithm from six spreads below
the median to six above. Such a sum is exact to a millionth for the smooth functions at hand (Trefethen and Weideman
2014, from memory, tell why), and anybody can repeat it to the last bit.
"""

import numpy as np

from watersellers.market.elementary import exp64, log_of
from watersellers.market.exact import Column

SPREADS = 6  # either way from the median
STEPS_A_SPREAD = 16
DEVIATES = np.arange(-SPREADS * STEPS_A_SPREAD, SPREADS * STEPS_A_SPREAD + 1) / STEPS_A_SPREAD
_DENSITY = exp64(-DEVIATES * DEVIATES / 2)
WEIGHTS = _DENSITY / sum(_DENSITY.tolist())  # share of a segment's hours at each length


def log_lengths(median: float, spread: float) -> Column:
    """Logarithms of the lengths of tasks in hours, shape (193,): half of all hours are spent on tasks below the median.

    ``spread`` is the standard deviation of the logarithm of length.
    """
    return log_of(median) + spread * DEVIATES


def mean(values: Column) -> Column:
    """Average over tasks by hours: the sum over the last axis, from the shortest task to the longest."""
    return np.asarray(np.add.accumulate(values * WEIGHTS, axis=-1)[..., -1])

"""Exponential, logarithm and the normal distribution, from additions, multiplications and divisions alone.

Every processor rounds these alike, so that a result that rests on them is the same everywhere, and an independent
program can repeat it to the last bit. They take float64 numbers or columns of any shape.
"""

from functools import lru_cache
from math import frexp, ldexp

import numpy as np

from watersellers.market.exact import Column

_LN2_HIGH, _LN2_LOW = 0.693145751953125, 1.4286068203094172e-06  # the first has few bits, so that k times it is exact
_LOG2_E = 1.4426950408889634
_EXP = (  # 1/k! from the highest power down; on |r| <= ln(2)/2 what is left out is below 1e-17 of the value
    *(1 / 6227020800, 1 / 479001600, 1 / 39916800, 1 / 3628800, 1 / 362880, 1 / 40320, 1 / 5040),
    *(1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1.0, 1.0),
)
_LOG = tuple(2 / (2 * k + 1) for k in range(11, -1, -1))  # of the series of ln((1 + s)/(1 - s)), |s| <= 0.172
# The same as columns of one number, which a column takes at once: a Python number is made into one at every step.
_EXP_OF_COLUMN, _LOG_OF_COLUMN = (tuple(map(np.asarray, each)) for each in (_EXP, _LOG))
LARGEST = 700.0  # of an exponent, either way: beyond it the result is that of the limit
SQRT_HALF = 0.7071067811865476
_LOG_SQRT_2PI = 0.9189385332046728
TERMS = 40  # of the series and of the continued fraction of the normal distribution
NEAR = 3.0  # up to here the series is used, beyond it the fraction
TUKEY, SLOPE = 0.1349, 0.1975  # his lambda for the normal distribution
STEPS, HALF = 5, 0.5
MOST_EXTREME = 6.3e-16  # the share below -8


def horner[T: (float, Column)](coefficients: tuple[T, ...], at: T) -> T:
    """Value of a polynomial, its coefficients from the highest power down."""
    total = at * coefficients[0]  # a column of its own, on which all further steps are done in place
    total += coefficients[1]
    for coefficient in coefficients[2:]:
        total *= at
        total += coefficient
    return total


def exp64(power: Column | float) -> Column:
    """e to a power; powers beyond 700 either way count as 700."""
    power = np.minimum(np.maximum(np.asarray(power, dtype=np.float64), -LARGEST), LARGEST)
    doublings = np.rint(power * _LOG2_E)
    rest = (power - doublings * _LN2_HIGH) - doublings * _LN2_LOW
    return np.asarray(np.ldexp(horner(_EXP_OF_COLUMN, rest), doublings.astype(np.int32)))


def exp_of(power: float) -> float:
    """e to the power of one number, with the bits of ``exp64``."""
    power = min(max(power, -LARGEST), LARGEST)
    doublings = round(power * _LOG2_E)
    return ldexp(horner(_EXP, (power - doublings * _LN2_HIGH) - doublings * _LN2_LOW), doublings)


def log64(number: Column | float) -> Column:
    """Natural logarithm of positive numbers."""
    fraction, halvings = np.frexp(np.asarray(number, dtype=np.float64))  # in [1/2, 1)
    low = fraction < SQRT_HALF
    fraction = np.ldexp(fraction, low)  # twice the low ones
    doublings = (halvings - low).astype(np.float64)
    ratio = (fraction - 1) / (fraction + 1)
    square = ratio * ratio
    return np.asarray(doublings * _LN2_HIGH + (ratio * horner(_LOG_OF_COLUMN, square) + doublings * _LN2_LOW))


def log_of(number: float) -> float:
    """Natural logarithm of one positive number, with the bits of ``log64``."""
    fraction, halvings = frexp(number)
    if fraction < SQRT_HALF:
        fraction, halvings = fraction + fraction, halvings - 1
    ratio = (fraction - 1) / (fraction + 1)
    return halvings * _LN2_HIGH + (ratio * horner(_LOG, ratio * ratio) + halvings * _LN2_LOW)


def logistic64(utility: Column | float) -> Column:
    """1 / (1 + e to minus a utility): the share of those who choose something over nothing."""
    return np.asarray(1 / (1 + exp64(-np.asarray(utility))))


def softplus64(utility: Column | float) -> Column:
    """ln(1 + e to a utility): what having the choice is worth, in units of utility."""
    utility = np.asarray(utility, dtype=np.float64)
    return np.asarray(np.maximum(utility, 0.0) + log64(1 + exp64(-np.abs(utility))))


@lru_cache(maxsize=1024)
def normal_share(deviate: float) -> float:
    """Share of a standard normal population that lies below a deviate.

    Up to 3 it is the series of Marsaglia (2004, from memory), beyond 3 the continued fraction of Laplace; both with a
    fixed number of terms, of which the series leaves out those that change nothing any more.
    """
    size = abs(deviate)
    density = exp_of(-size * size / 2 - _LOG_SQRT_2PI)
    if size > NEAR:
        fraction = size
        for term in range(TERMS, 0, -1):
            fraction = size + term / fraction
        tail = density / fraction
    else:
        part = total = size
        for term in range(1, TERMS):
            part = part * size * size / (2 * term + 1)
            if total + part == total:  # no later one changes it either: they shrink
                break
            total += part
        tail = 0.5 - density * total
    return tail if deviate < 0 else 1 - tail


@lru_cache(maxsize=256)
def normal_deviate(share: float) -> float:
    """Find the deviate below which a share of a standard normal population lies; -8 and 8 stand for 0 and 1.

    Tukey's lambda gives a start (Joiner and Rosenblatt 1971, from memory), and Newton's rule, on
    the logarithm of the share, mends it five times.
    """
    if not MOST_EXTREME < share < 1 - MOST_EXTREME:
        return 8.0 if share > HALF else -8.0
    rare = min(share, 1 - share)  # the tail's share, which keeps its digits
    below = (exp_of(TUKEY * log_of(1 - rare)) - exp_of(TUKEY * log_of(rare))) / SLOPE
    deviate = -below
    for _ in range(STEPS):
        reached = normal_share(deviate)
        slope = exp_of(-deviate * deviate / 2 - _LOG_SQRT_2PI) / reached  # of the logarithm of the share
        deviate -= log_of(reached / rare) / slope
    return deviate if share <= HALF else -deviate

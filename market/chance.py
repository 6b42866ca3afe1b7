"""Keyed chance: every draw is a hash of what it is for, so that adding a draw or an agent changes no other draw.

A draw depends on the run's seed, its purpose, the month and the keys of those it concerns, and on nothing
else: no generator is advanced, so there is no order of drawing. The mixing function is splitmix64's
finaliser (Steele, Lea and Flood 2014, from memory). Exponential and logarithm are polynomials of our own,
built from additions and multiplications alone, which every processor rounds alike.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from statistics import NormalDist
from typing import overload
from zlib import crc32

import numpy as np

from watersellers.market.exact import Column

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_LN2_HIGH, _LN2_LOW = np.float32(0.693359375), np.float32(-2.12194440e-4)
# Taylor coefficients 1/k! from the highest power down; on |x| <= ln(2)/2 the error is below 2e-7 of the value.
_EXP = tuple(np.array(1.0 / k, dtype=np.float32) for k in (5040, 720, 120, 24, 6, 2, 1, 1))
_NOTHING = np.float32(-104.0)  # its exponential, and all below, round to 0
_STEPS = 4096  # nodes of the normal quantile table
QUANTILES = np.array([NormalDist().inv_cdf((k + 0.5) / (_STEPS + 1)) for k in range(_STEPS + 1)], dtype=np.float32)


def mix(words: Column) -> Column:
    """Scatter 64-bit words so that neighbouring keys give unrelated numbers."""
    words = (words ^ (words >> np.uint64(30))) * _MIX_1
    words = (words ^ (words >> np.uint64(27))) * _MIX_2
    return words ^ (words >> np.uint64(31))


def stir(words: Column, keys: Column | int) -> Column:
    """Mix keys into words."""
    return mix(words + _GOLDEN * (np.atleast_1d(keys).astype(np.uint64) + np.uint64(1)))  # columns wrap silently


def unit(words: Column) -> Column:
    """Turn hashes into float32 numbers strictly between 0 and 1, in steps of 2^-23 (all exact in float32)."""
    return ((words >> np.uint64(41)).astype(np.float32) + np.float32(0.5)) * np.float32(2.0**-23)


@dataclass(frozen=True, slots=True)
class Chance:
    """The random numbers of one month of one run."""

    seed: int
    month: int

    def hashes(self, purpose: str, *keys: Column | int) -> Column:
        """Hash seed, purpose, month and keys (columns broadcast against each other) to uint64."""
        word = _prefix(self.seed, purpose, self.month)
        for key in keys:
            word = stir(word, key)
        return word

    def uniform(self, purpose: str, *keys: Column | int) -> Column:
        """Draw float32 numbers strictly between 0 and 1."""
        return unit(self.hashes(purpose, *keys))

    def order(self, purpose: str, *keys: Column) -> "Ties":
        """Number keys to break ties: a hash of each, never its position in a list."""
        return Ties(partial(self.hashes, purpose, *keys))


class Ties(Sequence[int]):
    """Tie-breaking numbers of keys, which are hashed only where there is a tie: they are the same whenever asked."""

    def __init__(self, draw: Callable[[], Column]):
        self.draw = draw

    @cached_property
    def numbers(self) -> list[int]:
        """The hash of each."""
        hashes: list[int] = self.draw().tolist()
        return hashes

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, row: int) -> int: ...

    @overload
    def __getitem__(self, row: slice) -> list[int]: ...

    def __getitem__(self, row: int | slice) -> int | list[int]:
        return self.numbers[row]


@lru_cache(maxsize=512)
def _prefix(seed: int, purpose: str, month: int) -> Column:
    """Hash the part that all draws of a month for one purpose share; read-only, because it is cached."""
    word = np.full(1, seed % 2**64, dtype=np.uint64)
    for key in (crc32(purpose.encode()), month):
        word = stir(word, key)
    word.setflags(write=False)
    return word


def normal(quantile: Column) -> Column:
    """Turn float32 quantiles into standard normal deviates: a table of 4,097 nodes and straight lines between."""
    position = quantile * np.float32(_STEPS)
    node = np.minimum(position.astype(np.int64), _STEPS - 1)
    low = QUANTILES[node]
    return low + (QUANTILES[node + 1] - low) * (position - node.astype(np.float32))


def exp32(x: Column | np.float32) -> Column:
    """Exponential of float32 columns up to 88, the same bits on every processor; 0 below -104.

    x = k ln 2 + r with |r| <= ln(2)/2; e^r by Taylor's polynomial of degree 7; then scaled by 2^k.
    """
    x = np.maximum(x, _NOTHING)
    k = np.rint(x * np.float32(1.4426950408889634))
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    value = _EXP[0] * r  # a column of its own, on which all further steps are done in place
    value += _EXP[1]
    for coefficient in _EXP[2:]:
        value *= r
        value += coefficient
    return np.ldexp(value, k.astype(np.int32))

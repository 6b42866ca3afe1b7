"""Chapters 1 and 2 of the rules: whole numbers, hashes, and float32 one scalar at a time."""

import math
from collections.abc import Iterable, Sequence
from statistics import NormalDist
from zlib import crc32

import numpy as np

from tests.oracle.economy.elementary import exp64, log64

WORD = 2**64

# --- 1.1 Units ---


def nano(dollars_: float) -> int:
    return round(dollars_ * 1_000_000_000)


def dollars(nano_: int) -> float:
    return nano_ / 1_000_000_000


def cents(dollars_: float) -> int:
    return round(dollars_ * 100)


# --- 1.2 Invoices ---

PRICED_BY_THE_MILLION = (2, 3, 4, *range(44, 50))


def half_even(numerator: int, denominator: int) -> int:
    quotient, remainder = divmod(numerator, denominator)
    if 2 * remainder > denominator or (2 * remainder == denominator and quotient % 2 == 1):
        return quotient + 1
    return quotient


def invoice(good: int, quantity: int, price: int) -> int:
    per = 1_000_000 if good in PRICED_BY_THE_MILLION else 1
    return half_even(quantity * price, per * 10_000_000)


# --- 1.3 Splitting a whole amount ---


def split(total: int, weights: Sequence[int], order: Sequence[int]) -> list[int]:
    base = sum(weights)
    if base == 0:
        if total != 0:
            raise ValueError("nothing to split over")
        return [0 for _ in weights]
    parts = [total * weight // base for weight in weights]
    remainders = [total * weight % base for weight in weights]
    first = sorted(range(len(weights)), key=lambda i: (-remainders[i], order[i]))
    for i in first[: total - sum(parts)]:
        parts[i] += 1
    return parts


def apportion(total: int, shares: Sequence[float], order: Sequence[int]) -> list[int]:
    weights = [round(share * 1_000_000) for share in shares]
    if sum(weights) == 0:
        return [0 for _ in weights]
    return split(total, weights, order)


# --- 2.1 The hash ---


def mix(word: int) -> int:
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % WORD
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB % WORD
    return word ^ (word >> 31)


def hashed(seed: int, month: int, purpose: str, *keys: int) -> int:
    word = seed % WORD
    for key in (crc32(purpose.encode()), month, *keys):
        word = mix((word + 0x9E3779B97F4A7C15 * (key % WORD + 1)) % WORD)
    return word


# --- 2.2 Uniform numbers ---


def uniform(hash_: int) -> np.float32:
    return (np.float32(hash_ >> 41) + np.float32(0.5)) * np.float32(2.0**-23)


# --- 2.3 Normal deviates ---

QUANTILES = [np.float32(NormalDist().inv_cdf((k + 0.5) / 4097)) for k in range(4097)]


def normal(quantile: np.float32) -> np.float32:
    position = quantile * np.float32(4096)
    node = min(int(position), 4095)
    rise = QUANTILES[node + 1] - QUANTILES[node]
    return QUANTILES[node] + rise * (position - np.float32(node))


# --- 2.4 Exponential ---

TAYLOR = [np.float32(c) for c in (1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1.0, 1.0)]


def exp32(x: np.float32) -> np.float32:
    if x >= np.float32(88.8):
        return np.float32(math.inf)
    if x < np.float32(-104):
        return np.float32(0)
    exponent = np.rint(x * np.float32(1.4426950408889634))
    rest = (x - exponent * np.float32(0.693359375)) - exponent * np.float32(-2.12194440e-4)
    series = np.float32(1 / 5040)
    for coefficient in TAYLOR:
        series = series * rest + coefficient
    return np.float32(np.ldexp(series, int(exponent)))


# --- Formulas that several chapters use ---


def path(low: float, high: float, middle: float, width: float, month: int) -> float:  # 7.2
    return low + (high - low) / (1 + math.exp(-(month - middle) / width))


def annuity(rate: float, months: int) -> float:  # 7.3
    if rate == 0:
        return months
    return -math.expm1(-months * math.log1p(rate)) / rate


def progress(growth: float, fade: float, months: int, ahead: float = 0.0) -> float:  # 7.3
    effective = months if fade == 0 else (1 - (1 - fade) ** months) / fade
    return (1 + growth) ** effective * exp64(ahead * log64(1 + growth))


def logit(worths: Sequence[float]) -> list[float]:  # 7.5
    top = max(worths)
    weights = [math.exp(worth - top) for worth in worths]
    whole = math.fsum(weights)
    return [weight / whole for weight in weights]


def elasticity(bought: Iterable[tuple[float, float]], own: float, market: float) -> float:  # 7.4
    bought = list(bought)
    amounts = sum(amount for amount, _ in bought)
    if amounts <= 0:
        return own
    return sum(amount * (own * (1 - share) + market * share) for amount, share in bought) / amounts


def straight_line(cost: int, life: int, age: int) -> int:  # 7.12
    return 0 if age >= life else cost - (cost // life) * age

"""Chapter 1.4 of the rules: elementary functions from additions, multiplications and divisions, one float at a time."""

import math
from collections.abc import Sequence

OF_EXP = [1 / math.factorial(k) for k in range(13, -1, -1)]
OF_LOG = [2 / k for k in range(23, 0, -2)]
LOG_SQRT_2PI = 0.9189385332046728


def horner(coefficients: Sequence[float], at: float) -> float:
    value = coefficients[0]
    for coefficient in coefficients[1:]:
        value = value * at + coefficient
    return value


def exp64(x: float) -> float:
    x = min(max(x, -700.0), 700.0)
    k = round(x * 1.4426950408889634)
    r = (x - k * 0.693145751953125) - k * 1.4286068203094172e-06
    return math.ldexp(horner(OF_EXP, r), k)


def log64(x: float) -> float:
    f, k = math.frexp(x)
    if f < 0.7071067811865476:
        f, k = f * 2, k - 1
    s = (f - 1) / (f + 1)
    return k * 0.693145751953125 + (s * horner(OF_LOG, s * s) + k * 1.4286068203094172e-06)


def logistic64(x: float) -> float:
    return 1 / (1 + exp64(-x))


def softplus64(x: float) -> float:
    return max(x, 0.0) + log64(1 + exp64(-abs(x)))


def density(x: float) -> float:
    return exp64(-x * x / 2 - LOG_SQRT_2PI)


def normal_share(x: float) -> float:
    size = abs(x)
    if size > 3:
        fraction = size
        for n in range(40, 0, -1):
            fraction = size + n / fraction
        tail = density(size) / fraction
    else:
        part = series = size
        for n in range(1, 40):
            part = part * size * size / (2 * n + 1)
            series += part
        tail = 0.5 - density(size) * series
    return tail if x < 0 else 1 - tail


def normal_deviate(share: float) -> float:
    if not 6.3e-16 < share < 1 - 6.3e-16:
        return 8.0 if share > 0.5 else -8.0
    rare = min(share, 1 - share)
    x = -((exp64(0.1349 * log64(1 - rare)) - exp64(0.1349 * log64(rare))) / 0.1975)
    for _ in range(5):
        reached = normal_share(x)
        x -= log64(reached / rare) / (density(x) / reached)
    return x if share <= 0.5 else -x

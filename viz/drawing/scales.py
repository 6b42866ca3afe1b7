"""Scales: positions of values, round ticks, month ticks, and labels that do not overlap."""

import math
from collections.abc import Sequence
from datetime import date

MONTHS = 12  # in a year
ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)  # steps of an axis, times a power of ten
MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120)


def position(value: float, domain: tuple[float, float], room: tuple[float, float]) -> float:
    """Return the position of a value; if the domain is a single value, the middle of the room."""
    low, high = domain
    if high == low:
        return (room[0] + room[1]) / 2
    return room[0] + (value - low) / (high - low) * (room[1] - room[0])


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Choose round values from at or below ``low`` to at or above ``high``; two ticks for an empty range."""
    if not high > low:
        return [low, low + 1.0]
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * size for size in ROUND if power * size >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def month_number(day: date) -> int:
    """Return a month's number, so that months are evenly spaced along an axis."""
    return day.year * MONTHS + day.month - 1


def month_ticks(first: date, last: date, at_most: int = 8) -> list[date]:
    """Choose months for the labels of a time axis, in calendar steps."""
    low, high = month_number(first), month_number(last)
    span = high - low + 1
    step = next((size for size in MONTH_STEPS if span / size <= at_most), MONTH_STEPS[-1])
    chosen = [number for number in range(low, high + 1) if number % step == 0] or [low]
    return [date(number // MONTHS, number % MONTHS + 1, 1) for number in chosen]


def spread(wanted: Sequence[float], gap: float, room: tuple[float, float]) -> list[float]:
    """Move labels apart, by least squares, so that neighbours are at least a gap from each other.

    The labels keep their order. They stay inside the room if they fit, and are evenly spaced over it otherwise.
    """
    if not wanted:
        return []
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    gap = min(gap, (room[1] - room[0]) / max(1, len(wanted) - 1))
    levels = _level([wanted[index] - rank * gap for rank, index in enumerate(order)])
    top = room[1] - gap * (len(wanted) - 1)
    placed = [0.0] * len(wanted)
    for rank, index in enumerate(order):
        placed[index] = min(max(levels[rank], room[0]), max(top, room[0])) + rank * gap
    return placed


def _level(values: Sequence[float]) -> list[float]:
    """Return the nearest sequence that never falls (pool adjacent violators)."""
    pools: list[tuple[float, int]] = []
    for value in values:
        pools.append((value, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (second, second_size), (first, first_size) = pools.pop(), pools.pop()
            pools.append(
                ((first * first_size + second * second_size) / (first_size + second_size), first_size + second_size)
            )
    return [mean for mean, size in pools for _ in range(size)]

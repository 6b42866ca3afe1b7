"""Breakthroughs: a part of technical progress comes all at once, when nobody expects it, and for all labs alike."""

from collections.abc import Mapping
from itertools import count
from math import sqrt
from typing import ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.labs.lab import Lab
from watersellers.market.chance import Chance
from watersellers.market.elementary import exp_of, log_of, normal_deviate
from watersellers.market.saved import Saved

KNOWN = 1e-6  # spread below which a rate counts as known
THIRD, NINE = 1 / 3, 9.0  # of Marsaglia and Tsang's rule


def rate_of_seed(numbers: Mapping[str, float], seed: int) -> float:
    """Breakthroughs a month that a seed expects: drawn from a Gamma distribution, as nobody knows the true rate.

    The rule is that of Marsaglia and Tsang (2000, from memory), which is exact for shapes of 1 or more.
    """
    rate, spread = numbers["breakthrough_rate"], numbers["breakthrough_rate_spread"]
    if spread < KNOWN:
        return rate
    first, shape = Chance(seed, 0), 1 / (spread * spread)
    core = shape - THIRD
    for attempt in count():
        deviate = normal_deviate(float(first.uniform("breakthrough_rate", attempt)[0]))
        root = 1 + deviate / sqrt(NINE * core)
        if root > 0:
            cube = root * root * root
            kept = log_of(float(first.uniform("breakthrough_rate_kept", attempt)[0]))
            if kept < deviate * deviate / 2 + core * (1 - cube + log_of(cube)):
                return rate * core * cube / shape
    raise AssertionError  # pragma: no cover: attempts never end


def poisson(rate: float, quantile: float) -> int:
    """Find the number below which a Poisson variable of a rate stays with less than a probability."""
    likely = below = exp_of(-rate)
    number = 0
    while quantile > below:
        number += 1
        likely *= rate / number
        below += likely
    return number


def size_of(numbers: Mapping[str, float], number: int, chance: Chance) -> float:
    """Size of one of the month's breakthroughs, as a multiple of the mean one."""
    spread = numbers["breakthrough_size_spread"]
    deviate = normal_deviate(float(chance.uniform("breakthrough_size", number)[0]))
    return exp_of(spread * deviate - spread * spread / 2)


class Breakthroughs:
    """The month's breakthroughs in training and serving, which all labs can use at once.

    They are a part of the published progress and come on top of none: what labs expect of them is taken off the rest.
    """

    SAVED: ClassVar[Saved] = {"happened": int, "progress": float, "announcements": list[tuple[str, str, str]]}

    def __init__(self, labs: list[Lab], registers: Registers):
        self.labs, self.registers = labs, registers
        self.happened = 0  # breakthroughs this month
        self.progress = 0.0  # months of progress that their part of it made this month, which is 1 in the mean
        self.announcements: list[tuple[str, str, str]] = []  # of this month: kind of event, who, text

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take all labs, also those that have yet to enter."""
        return cls(parts.firms_of(Lab), parts.registers)

    def expect(self, chance: Chance) -> None:
        """Draw the month's breakthroughs, and let all labs move ahead of the trend by them, or fall behind it."""
        numbers, self.happened, self.progress, self.announcements = self.registers.numbers, 0, 0.0, []
        training, serving = numbers["breakthrough_training"], numbers["breakthrough_serving"]
        if self.registers.month == 0 or training == serving == 0:
            return
        rate = rate_of_seed(numbers, chance.seed)
        self.happened = poisson(rate, float(chance.uniform("breakthroughs")[0]))
        sizes = sum(size_of(numbers, number, chance) for number in range(self.happened))
        self.progress = sizes / numbers["breakthrough_rate"]
        for firm in self.labs:
            firm.keep_up(self.registers.month, training * (self.progress - 1), serving * (self.progress - 1))
        if self.happened:
            gains = f"{training * self.progress:.1f} months of progress in training and {serving * self.progress:.1f}"
            self.announcements.append(("breakthrough", "labs", f"A breakthrough brings all labs {gains} in serving"))

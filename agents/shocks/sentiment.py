"""Sentiment: how much better or worse the whole world thinks of AI in a month than figures alone say."""

from collections.abc import Mapping
from math import sqrt
from typing import Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.public_information import Sentiment
from watersellers.market.chance import Chance
from watersellers.market.elementary import exp_of, normal_deviate


def draw(purpose: str, chance: Chance) -> float:
    """Draw a standard normal deviate for the whole world in a month."""
    return normal_deviate(float(chance.uniform(purpose)[0]))


def terms_of_seed(numbers: Mapping[str, float], seed: int) -> tuple[float, float]:
    """Share of sentiment that lasts to the next month, and its standard deviation in the long run.

    Nobody knows either of them: each seed draws its half-life and its size log-normally, around the world's numbers.
    """
    first = Chance(seed, 0)
    size = numbers["sentiment_size"] * exp_of(numbers["sentiment_size_spread"] * draw("sentiment_size", first))
    longer = exp_of(numbers["sentiment_half_life_spread"] * draw("sentiment_half_life", first))
    half_life = numbers["sentiment_half_life"] * longer
    return 2.0 ** (-1 / half_life) if half_life > 0 else 0.0, size


def next_sentiment(last: Sentiment, memory: float, size: float, deviate: float) -> Sentiment:
    """Sentiment of the month after: a part of it lasts, and something new comes that nobody could expect."""
    kept, fresh = memory * memory, 1 - memory * memory
    level = memory * last.level + size * sqrt(fresh) * deviate
    return Sentiment(level, kept * last.variance + size * size * fresh)


class Moods:
    """The source of sentiment: one draw a month for the whole world, which all investors and clouds feel."""

    def __init__(self, registers: Registers):
        self.registers = registers

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the world's numbers."""
        return cls(parts.registers)

    def expect(self, chance: Chance) -> None:
        """Publish this month's sentiment."""
        public = self.registers.public
        memory, size = terms_of_seed(self.registers.numbers, chance.seed)
        public.sentiment = next_sentiment(public.sentiment, memory, size, draw("sentiment", chance))

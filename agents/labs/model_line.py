"""A lab's line of models: its flagship, the one before, and a small one that is distilled from the flagship."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log1p
from typing import NamedTuple

from watersellers.agents.scenario_spec import Traits
from watersellers.market.elementary import exp_of


class Place:
    """A model's place in its lab's line, as goods, cards and loads number it."""

    FLAGSHIP = 0
    OLDER = 1  # the flagship before
    SMALL = 2  # distilled from the flagship


@dataclass(frozen=True, slots=True)
class LineNumbers(Traits):
    """Models that a lab sells at a time, and its small one: what it keeps of the flagship, and how fast it runs."""

    line: float  # models: 1, 2 with the one before, 3 with a small one
    small_opened: float  # 0 until it sells its first small one
    small_share: float  # of the flagship's knowledge
    small_speed: float  # tokens an hour, as a multiple of a model with that knowledge that is not distilled


class LineModel(NamedTuple):
    """A model on sale."""

    place: int
    knowledge: float  # effective GPU-hours of training
    luck: float  # quality units
    speed: float  # tokens an hour, as a multiple of what its size gives

    def quality(self, unit: float) -> float:
        """Quality: the logarithm of the knowledge in it, in units of so many GPU-hours, and its luck."""
        return log1p(self.knowledge / unit) + self.luck

    def drag(self, unit: float, penalty: float) -> float:
        """Hours that a token takes, as a multiple of those of a model without knowledge: larger models are slower."""
        return (1 + self.knowledge / unit) ** penalty / self.speed


@dataclass(frozen=True)
class Generation:
    """What a release put into a model: what the lab knew then, and its luck."""

    knowledge: float  # effective GPU-hours of training
    luck: float = 0.0  # quality units
    speed: float = 0.0  # luck in speed: logarithm of the multiple of tokens an hour

    @cached_property
    def flagship(self) -> LineModel:
        """The best model of the generation."""
        return LineModel(Place.FLAGSHIP, self.knowledge, self.luck, exp_of(self.speed))

    @cached_property
    def older(self) -> LineModel:
        """The same once a newer generation has taken its place."""
        return self.flagship._replace(place=Place.OLDER)


def models_on_sale(generations: Sequence[Generation], numbers: LineNumbers) -> list[LineModel]:
    """Models of a lab's line, flagship first, from its last two generations, the newest first."""
    newest, sold = generations[0].flagship, int(numbers.line)
    models = [newest]
    if sold > Place.OLDER and len(generations) > 1:
        models.append(generations[1].older)
    if sold > Place.SMALL and numbers.small_opened > 0:
        kept = numbers.small_share * newest.knowledge
        models.append(LineModel(Place.SMALL, kept, newest.luck, newest.speed * numbers.small_speed))
    return models

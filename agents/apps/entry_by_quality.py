"""Entry once models are good enough: an app is founded when a model that it may use does tasks of so many hours.

The condition is a horizon in hours, as in the table of adoption, and not a quality: a person can judge how long a task
is that an app hands over, and nobody can judge a quality, which is a logarithm of knowledge.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.apps.app import App
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.scenario_spec import Traits
from watersellers.agents.work.segments import Segment, Segments
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class QualityEntryNumbers(Traits):
    """Hours of a task of which a model has to do half before the app is founded; 0: it enters by its date."""

    enters_at: float


class EntryByQuality:
    """Apps that wait for better models, each of which enters once, in the month in which models are good enough."""

    NUMBERS: ClassVar = {"apps": (QualityEntryNumbers,)}

    def __init__(self, apps: list[App], segments: Sequence[Segment], registers: Registers):
        self.apps, self.segments, self.registers = apps, segments, registers

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the apps of the scenario, and the kinds of work in whose hours models are measured."""
        return cls(parts.firms_of(App), parts[Segments], parts.registers)

    def expect(self, chance: Chance) -> None:
        """Let apps that wait enter this month if last month's models are good enough; their founder then pays."""
        for firm in self.apps:
            needed = firm.numbers[QualityEntryNumbers].enters_at
            if needed > 0 and firm.enters > chance.month and self.horizon(firm) >= needed:
                firm.enter_in(chance.month)

    def horizon(self, firm: App) -> float:
        """Hours of the longest task, of any kind of work, of which half succeeds on a model that an app may use.

        Models are those of last month's price cards; 0 without any, before the first month and in a world without work.
        """
        cards = firm.cards_to_use(self.registers.public.cards, self.registers.accounts.names)
        best = max((card.quality for card in cards), default=None)
        if best is None:
            return 0.0
        return max((segment.half_done(best) for segment in self.segments), default=0.0)

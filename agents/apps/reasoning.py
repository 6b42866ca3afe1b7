"""Reasoning: apps decide how long their models think about a query, which costs output tokens and wins users."""

from dataclasses import dataclass
from math import log
from typing import ClassVar, Self

from watersellers.agents.apps.app import App
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.information import SeenByReasoner
from watersellers.agents.scenario_spec import Traits
from watersellers.market.chance import Chance
from watersellers.market.goods import MILLION


@dataclass(frozen=True, slots=True)
class ReasoningNumbers(Traits):
    """Quality that users see in an answer, in quality units for each log unit of its output tokens."""

    reasoning_gain: float


class Reasoning:
    """How long each app's models reason."""

    NUMBERS: ClassVar = {"apps": (ReasoningNumbers,)}

    def __init__(self, registers: Registers):
        self.registers = registers

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the price cards of labs, on which tokens are valued."""
        return cls(parts.registers)

    def decide(self, firm: App, beside: float, chance: Chance) -> None:
        """Let an app choose its effort for the month; ``beside`` are dollars per query for searches and content."""
        multiple = firm.decide("effort", self.see(firm, beside), chance)
        firm.reason(multiple, firm.numbers[ReasoningNumbers].reasoning_gain * log(multiple))

    def see(self, firm: App, beside: float) -> SeenByReasoner:
        """Return an app's view: last month's sales, and what its answers would cost on this month's price cards.

        It counts last month's answers, and the result pages that it answers this month in place of last month's.

        Tokens of a model that it serves itself count at the prices of the cards on which it buys.
        """
        cached, read, written = firm.tokens
        queries = firm.answered + firm.asked_pages  # last month's pages are set back by now
        cards = {card.seller: card for card in self.registers.public.cards}
        bought = [
            (cards[seller], share * queries / MILLION) for seller, share in firm.lab_share.items() if seller in cards
        ]
        weighed = [(amount * card.price, card.query_weights) for card, amount in bought]
        return SeenByReasoner(
            revenue=int(self.registers.last.revenue[firm.account]) / 100,
            other_cost=beside * queries + sum(usd * (cached * w[0] + read * w[1]) for usd, w in weighed),
            output_cost=sum(usd * written * w[2] for usd, w in weighed) / firm.effort,
            gain=firm.numbers[ReasoningNumbers].reasoning_gain,
            effort=firm.effort,
        )

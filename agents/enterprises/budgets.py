"""Budgets of enterprises and states: the money that they spend on tokens, and on whatever replaces them."""

from typing import Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.enterprises.handed_over_work import HandedOverWork
from watersellers.agents.enterprises.regions import EnterpriseRegions
from watersellers.agents.firm import Registers
from watersellers.agents.public_information import AnswerCard
from watersellers.agents.scenario_spec import RegionState
from watersellers.market.trade.orders import Trades


class Enterprises:
    """The sector of firms and states outside the chain, region by region: they pay for tokens and compute."""

    def __init__(self, regions: EnterpriseRegions, work: HandedOverWork, registers: Registers):
        self.regions, self.work, self.registers = regions, work, registers

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the regions of the scenario, and the work that they hand over."""
        return cls(parts[EnterpriseRegions], parts[HandedOverWork], parts.registers)

    def answers_in(self, region: str) -> list[AnswerCard]:
        """Offers of apps that sell answers by the call in a region."""
        return [card for card in self.registers.public.answers if region in card.regions]

    def budget(self, region: RegionState) -> float:
        """Dollars this month for tokens and whatever replaces them; the price cards must be posted."""
        return float(region.traits.tokens(self.registers.month)) + self.work.affordable(region)

    def for_answers(self, region: RegionState) -> float:
        """Dollars this month for answers by the call, out of the token budget; 0 where nobody sells them."""
        return self.budget(region) * float(region.traits.answer_share) if self.answers_in(region.name) else 0.0

    def for_routes(self, region: RegionState) -> float:
        """Dollars this month for the three routes: tokens, appliances and seats of staff."""
        return self.budget(region) - self.for_answers(region)


class EnterpriseCustomers:
    """Enterprises as customers for one good: each final class says what they order of it."""

    def __init__(self, sector: Enterprises):
        self.sector = sector

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Buy for the sector."""
        return cls(parts[Enterprises])

    def receive(self, trades: Trades) -> None:
        """Forget undelivered orders: next month's budget does not depend on them."""

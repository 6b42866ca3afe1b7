"""How investors value a firm that asks for money."""

from dataclasses import dataclass

from agents.views import SeenByInvestor
from market.dice import Chance


@dataclass(frozen=True, slots=True)
class RevenueMultiple:
    """A multiple of yearly revenue that grows with growth and hype, and never less than the story is worth."""

    multiple: float = 20.0  # years of revenue at sober hype and no growth
    per_growth: float = 5.0  # added share of the multiple for each unit of monthly growth

    def __call__(self, seen: SeenByInvestor, chance: Chance) -> float:
        grown = self.multiple * (1 + self.per_growth * max(0.0, seen.growth))
        return seen.hype * max(seen.floor, grown * seen.revenue)


@dataclass(frozen=True, slots=True)
class CashBack:
    """A few years of revenue and nothing for the story: what a sober lender would see in it. Ends most rounds."""

    multiple: float = 4.0  # years of revenue

    def __call__(self, seen: SeenByInvestor, chance: Chance) -> float:
        return self.multiple * seen.revenue

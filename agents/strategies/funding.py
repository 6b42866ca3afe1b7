"""How investors value a firm that asks for money."""

from dataclasses import dataclass

from watersellers.agents.views import SeenByInvestor
from watersellers.market.dice import Chance


@dataclass(frozen=True, slots=True)
class RevenueMultiple:
    """Years of revenue, more for growth, less what the firm will burn until it earns; never less than its story."""

    multiple: float = 2.0  # years of revenue at sober hype and no growth
    per_growth: float = 60.0  # added share of the multiple for each unit of monthly growth
    patience: float = 60.0  # months for which today's burn is taken off

    def __call__(self, seen: SeenByInvestor, chance: Chance) -> float:
        grown = self.multiple * (1 + self.per_growth * max(0.0, seen.growth))
        return seen.hype * max(seen.floor, grown * seen.revenue - self.patience * seen.burn)


@dataclass(frozen=True, slots=True)
class CashBack:
    """A few years of revenue and nothing for the story: what a sober lender would see in it. Ends most rounds."""

    multiple: float = 4.0  # years of revenue

    def __call__(self, seen: SeenByInvestor, chance: Chance) -> float:
        return self.multiple * seen.revenue

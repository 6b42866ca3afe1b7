"""How much a lab spends on training."""

from dataclasses import dataclass

from watersellers.agents.views import SeenByResearcher
from watersellers.market.dice import Chance


@dataclass(frozen=True, slots=True)
class Race:
    """Spend what was raised within a fixed time, and a share of revenue: the better model takes the market."""

    months: float = 17.0  # in which the cash is to be spent
    share: float = 0.33  # of revenue

    def __call__(self, seen: SeenByResearcher, chance: Chance) -> float:
        return max(0.0, seen.cash) / self.months + self.share * seen.revenue


@dataclass(frozen=True, slots=True)
class WithinRevenue:
    """Spend a share of revenue only. Survives a winter; falls behind in a race that others fund."""

    share: float = 0.2  # of revenue

    def __call__(self, seen: SeenByResearcher, chance: Chance) -> float:
        return self.share * seen.revenue

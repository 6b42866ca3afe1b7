"""Research: how much a lab spends on training."""

from dataclasses import dataclass

from watersellers.agents.decision_bounds import asked
from watersellers.agents.information import SeenByResearcher
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class Race:
    """Spend cash within a fixed time, and a share of revenue: the better model wins the market."""

    months: float = 16.0  # over which it spends its cash
    share: float = 0.364  # of revenue

    def __call__(self, seen: SeenByResearcher, chance: Chance) -> float:
        return asked(max(0.0, seen.cash) / self.months + self.share * seen.revenue, "labs.research")


@dataclass(frozen=True, slots=True)
class WithinRevenue:
    """Spend only a share of revenue. Survives when funding stops; falls behind in a race that investors fund."""

    share: float = 0.2  # of revenue

    def __call__(self, seen: SeenByResearcher, chance: Chance) -> float:
        return asked(self.share * seen.revenue, "labs.research")

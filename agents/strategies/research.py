"""Research: how much a lab spends on training."""

from dataclasses import dataclass
from typing import Final

from watersellers.agents.decision_bounds import asked
from watersellers.agents.information import SeenByResearcher
from watersellers.market.chance import Chance

MONTHS: Final = 12  # of a year


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


@dataclass(frozen=True, slots=True)
class Invest:
    """Train until the next dollar no longer earns the required return in gross margin within the horizon.

    Quality is the logarithm of knowledge, so that each further dollar teaches less of it; sales follow quality, and
    what is learned fades. A lab that has sold less than investors believe it will reckons with what they believe.
    """

    horizon: float = 24.0  # months in which a dollar of training must pay
    required: float = 0.25  # return per year at which it stops
    slope: float = 1.0  # change of the logarithm of sales per unit of quality, of customers whose answer it cannot see
    months: float = 6.0  # over which it spends what it still lacks

    def __call__(self, seen: SeenByResearcher, chance: Chance) -> float:
        if seen.learned <= 0:
            return 0.0
        lacking = self.worthwhile(seen) - (seen.knowledge_unit + seen.knowledge) / seen.learned
        return asked(max(0.0, min(seen.cash, lacking / self.months)), "labs.research")

    def worthwhile(self, seen: SeenByResearcher) -> float:
        """Dollars, at today's cost of training, that knowledge and its unit are worth to the lab in all."""
        known = seen.quality_known
        slope = max(0.0, known * seen.quality_answer + (1 - known) * self.slope)
        believed = seen.expected_revenue / MONTHS * max(0.0, seen.margin)
        return max(seen.revenue - seen.running_cost, believed) * slope * self.paying_months(seen.knowledge_decay)

    def paying_months(self, decay: float) -> float:
        """Months of margin that a dollar's knowledge brings, faded and discounted at the required return."""
        discount = (1 + self.required) ** (-1 / MONTHS)
        kept = discount * (1 - decay)
        return self.horizon if kept == 1 else discount * (1 - kept**self.horizon) / (1 - kept)

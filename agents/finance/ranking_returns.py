"""Returns of ranking: what hours of ranking and recommendation are worth to the owner of an older business."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from watersellers.agents.exogenous_trends import progress
from watersellers.agents.scenario_spec import Traits


@dataclass(frozen=True, slots=True)
class OwnUseNumbers(Traits):
    """An owner's older business, and what ranking adds to it; see ``experiments/parameters.csv``."""

    older_revenue: float
    older_growth: float
    older_fade: float
    older_margin: float
    older_cash: float
    ranking_uplift: float
    opening_own_use: float

    def grown(self, month: int) -> float:
        """Factor by which the older business has grown since the first month: published, and never an outcome."""
        return progress(self.older_growth, self.older_fade, month)

    def revenue(self, month: int) -> float:
        """Dollars this month that ranking can move."""
        return self.older_revenue * self.grown(month)

    def cash(self, month: int) -> float:
        """Dollars of operating cash flow this month of all that the owner did before AI."""
        return self.older_cash * self.grown(month)


def ranking_uplift(numbers: OwnUseNumbers, revenue: float, experience: float, world: Mapping[str, float]) -> float:
    """Share of revenue that e times as many hours add, from models of the quality that experience gives.

    It is uplift x (1 + learning x ln(1 + K / K0)): K hours of experience, K0 in proportion to revenue.

    Parameters
    ----------
    numbers : OwnUseNumbers
        The owner's.
    revenue : float
        Dollars this month, above 0.
    experience : float
        Hours that it has spent, older ones forgotten in part.
    world : mapping
        Numbers of the world.
    """
    stock = world["ranking_scale"] * revenue
    quality = log(1 + experience / stock)
    return numbers.ranking_uplift * (1 + world["ranking_learning"] * quality)


def best_hours(gain: float, rent: float, scale: float) -> float:
    """Hours x at which gain x ln(1 + x / scale) - rent x is largest; 0 if even the first hour costs more than it adds.

    Parameters
    ----------
    gain : float
        Dollars this month that e times as many hours add.
    rent : float
        Dollars per hour, above 0.
    scale : float
        Hours from which on returns diminish.
    """
    return max(0.0, gain / rent - scale)

"""Prices of appliances: a mark-up on cost, or a share of the buyer's savings."""

from dataclasses import dataclass

from watersellers.agents.information import SeenByApplianceMaker
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class FixedMarkup:
    """Ask full cost and a fixed mark-up, whatever the appliance saves: too dear for some, too cheap for others."""

    markup: float = 0.3  # share of full cost

    def __call__(self, seen: SeenByApplianceMaker, chance: Chance) -> float:
        return min(seen.dearest, max(seen.cheapest, seen.full_cost * (1 + self.markup)))


@dataclass(frozen=True, slots=True)
class ShareOfWorth:
    """Ask full cost and a share of the gain of the buyers to whom the appliance is worth most.

    It earns more than cost plus while tokens are dear; where they are cheap it asks only full cost, and earns nothing.
    """

    share: float = 0.5  # of the buyer's gain

    def __call__(self, seen: SeenByApplianceMaker, chance: Chance) -> float:
        price = seen.full_cost + self.share * max(0.0, seen.worth - seen.full_cost)
        return min(seen.dearest, max(seen.cheapest, price))

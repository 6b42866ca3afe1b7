"""What an appliance costs its buyer: so much over what it takes to make, or a part of what it saves."""

from dataclasses import dataclass

from watersellers.agents.views import SeenByBoxer
from watersellers.market.dice import Chance


@dataclass(frozen=True, slots=True)
class FixedMarkup:
    """Ask what it takes to make and a fixed share on top, whatever it saves: too dear for some, a gift to others."""

    markup: float = 0.3  # share of full cost

    def __call__(self, seen: SeenByBoxer, chance: Chance) -> float:
        return seen.full_cost * (1 + self.markup)


@dataclass(frozen=True, slots=True)
class ShareOfWorth:
    """Ask full cost and a share of what the appliance is worth beyond it to its keenest buyers.

    Earns more than cost plus while tokens are dear; where they are cheap it asks cost and no more, and earns nothing.
    """

    share: float = 0.5  # of the buyer's gain

    def __call__(self, seen: SeenByBoxer, chance: Chance) -> float:
        return seen.full_cost + self.share * max(0.0, seen.worth - seen.full_cost)

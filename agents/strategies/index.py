"""Index: how many of the searches for its answers an app buys; it makes the others in an index of its own."""

from dataclasses import dataclass

from watersellers.agents.information import SeenBySearchBuyer
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class OwnIndex:
    """Buy none, and pay for an index every month. Dear for small apps, and independent of sellers of searches."""

    def __call__(self, seen: SeenBySearchBuyer, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class BuyCalls:
    """Buy all searches, whatever they cost. Cheap for small apps; large ones suffer if the seller raises its tariff."""

    def __call__(self, seen: SeenBySearchBuyer, chance: Chance) -> float:
        return seen.calls


@dataclass(frozen=True, slots=True)
class CheapestCalls:
    """Buy all searches, the first block or none, whichever costs least: an index pays above a certain volume."""

    def __call__(self, seen: SeenBySearchBuyer, chance: Chance) -> float:
        def cost(bought: float) -> float:
            """Dollars of the month's searches if so many of them are bought."""
            own = seen.index_cost + seen.call_cost * (seen.calls - bought) if bought < seen.calls else 0.0
            return seen.tariff.bill(bought) + own

        choices = (seen.calls, min(seen.calls, float(int(seen.tariff.block))), 0.0)
        return min(choices, key=cost)

"""Make or buy: how many of the searches that its answers take an app buys; the rest it makes in an index of its own."""

from dataclasses import dataclass

from watersellers.agents.views import SeenBySearcher
from watersellers.market.dice import Chance


@dataclass(frozen=True, slots=True)
class OwnIndex:
    """Buy none: pay for an index every month, however few ask. Dear for the small, safe from whoever sells searches."""

    def __call__(self, seen: SeenBySearcher, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class BuyCalls:
    """Buy all of them, whatever they cost. Cheap for the small; a seller that raises its tariff squeezes the large."""

    def __call__(self, seen: SeenBySearcher, chance: Chance) -> float:
        return seen.calls


@dataclass(frozen=True, slots=True)
class CheapestCalls:
    """Buy all, the first block or none, whichever costs least: the index pays from a volume on, and not below it."""

    def __call__(self, seen: SeenBySearcher, chance: Chance) -> float:
        def cost(bought: float) -> float:
            own = seen.index_cost + seen.call_cost * (seen.calls - bought) if bought < seen.calls else 0.0
            return seen.tariff.bill(bought) + own

        choices = (seen.calls, min(seen.calls, float(int(seen.tariff.block))), 0.0)
        return min(choices, key=cost)

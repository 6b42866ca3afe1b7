"""Search: how many of its result pages a company answers with its model, and how many searches it buys."""

from dataclasses import dataclass

from watersellers.agents.information import SeenBySearchBusiness, SeenBySearchBuyer
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class NoPages:
    """Answer none: pages keep their ads, which is best as long as no rival takes searchers away."""

    def __call__(self, seen: SeenBySearchBusiness, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class AllPages:
    """Answer every page, whatever slots and tokens it costs: no searcher leaves, and the older business pays."""

    def __call__(self, seen: SeenBySearchBusiness, chance: Chance) -> float:
        return seen.pages


@dataclass(frozen=True, slots=True)
class WhereItPays:
    """Answer all pages if an answer's slots, less its cost, earn more than a page's slots, less the loss to rivals."""

    def __call__(self, seen: SeenBySearchBusiness, chance: Chance) -> float:
        answer = seen.slot_price * seen.answer_slots - seen.query_cost
        page = seen.slot_price * seen.page_slots * (1 - seen.lost)
        return seen.pages if answer > page else 0.0


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

"""Answering: how many of its result pages a search company answers with its model."""

from dataclasses import dataclass

from watersellers.agents.information import SeenBySearchBusiness
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

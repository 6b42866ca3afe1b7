"""How many of its older result pages a search company answers with its model."""

from dataclasses import dataclass

from watersellers.agents.views import SeenByPages
from watersellers.market.dice import Chance


@dataclass(frozen=True, slots=True)
class NoPages:
    """Answer none: the pages and their ads stay as they are, which is best while nobody takes them away."""

    def __call__(self, seen: SeenByPages, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class AllPages:
    """Answer every page, whatever slots and tokens that costs: no searcher leaves, and the older business pays."""

    def __call__(self, seen: SeenByPages, chance: Chance) -> float:
        return seen.pages


@dataclass(frozen=True, slots=True)
class WhereItPays:
    """Answer all pages once an answer's slots, its tokens paid, earn more than a page's less what rivals take away."""

    def __call__(self, seen: SeenByPages, chance: Chance) -> float:
        answer = seen.slot_price * seen.answer_slots - seen.query_cost
        page = seen.slot_price * seen.page_slots * (1 - seen.lost)
        return seen.pages if answer > page else 0.0

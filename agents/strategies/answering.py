"""Answering: whether pages or models answer, how long models reason, and whose searches an answer rests on."""

from dataclasses import dataclass

from watersellers.agents.decision_bounds import asked
from watersellers.agents.information import SeenByReasoner, SeenBySearchBusiness, SeenBySearchBuyer
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
class PartOfPages:
    """Answer a part of the pages, whatever it costs: searchers see that it can, and most pages keep their ads."""

    share: float = 0.05  # of pages

    def __call__(self, seen: SeenBySearchBusiness, chance: Chance) -> float:
        return self.share * seen.pages


@dataclass(frozen=True, slots=True)
class WhereItPays:
    """Answer all pages if an answer's slots, less its cost, earn more than a page's slots, less the loss to rivals."""

    def __call__(self, seen: SeenBySearchBusiness, chance: Chance) -> float:
        answer = seen.slot_price * seen.answer_slots - seen.query_cost
        page = seen.slot_price * seen.page_slots * (1 - seen.lost)
        return seen.pages if answer > page else 0.0


@dataclass(frozen=True, slots=True)
class NoReasoning:
    """Answer at once: no token more than the answer takes."""

    def __call__(self, seen: SeenByReasoner, chance: Chance) -> float:
        return 1.0


@dataclass(frozen=True, slots=True)
class FixedEffort:
    """Reason as long about each query, whatever its tokens cost and whomever they win."""

    multiple: float = 4.0  # of the tokens of an answer without reasoning

    def __call__(self, seen: SeenByReasoner, chance: Chance) -> float:
        return self.multiple


@dataclass(frozen=True, slots=True)
class BestEffort:
    """Reason as long as the users whom it wins bring more than the tokens that all users then cost.

    With users in proportion to multiple ** power, the margin is multiple ** power * (spare - tokens * multiple), which
    is largest where the derivative is 0: at power / (1 + power) * spare / tokens.
    """

    response: float = 0.6  # log of users won by a quality unit, as the app believes

    def __call__(self, seen: SeenByReasoner, chance: Chance) -> float:
        power, spare = self.response * seen.gain, seen.revenue - seen.other_cost
        wanted = power / (1 + power) * max(0.0, spare)
        if wanted <= seen.output_cost:
            return 1.0
        return asked(wanted / seen.output_cost, "apps.effort") if seen.output_cost > 0 else seen.most


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

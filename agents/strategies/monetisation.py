"""Monetisation: the free quota of an app, and its marketing."""

from dataclasses import dataclass

from watersellers.agents.information import SeenByApp
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class ListQuota:
    """Give every free user the list quota, whatever it costs."""

    def __call__(self, seen: SeenByApp, chance: Chance) -> float:
        return seen.list_quota


@dataclass(frozen=True, slots=True)
class QuotaByPurse:
    """Give as much as revenue and cash can pay for: a budget limits the cost of free queries, up to the list quota."""

    share: float = 0.5  # of revenue that free use may cost
    months: float = 24.0  # over which it may spend its cash on free use
    least: float = 0.1  # share of the list quota that it always gives

    def __call__(self, seen: SeenByApp, chance: Chance) -> float:
        budget = self.share * seen.revenue + max(0.0, seen.cash) / self.months
        bill = seen.query_cost * seen.free_queries
        bearable = seen.quota * budget / bill if bill > 0 else seen.list_quota
        return min(seen.list_quota, max(self.least * seen.list_quota, bearable))


@dataclass(frozen=True, slots=True)
class GrowthFirst:
    """Spend the list budget on marketing, from the cash beyond a reserve of some months of costs."""

    reserve: float = 6.0  # months of costs kept

    def __call__(self, seen: SeenByApp, chance: Chance) -> float:
        spare = max(0.0, seen.cash - self.reserve * seen.last_costs)
        return min(seen.list_marketing, spare)


@dataclass(frozen=True, slots=True)
class FollowRivals:
    """Spend what the mean rival spent, from the cash beyond a reserve: an app that stops is forgotten."""

    reserve: float = 6.0  # months of costs kept

    def __call__(self, seen: SeenByApp, chance: Chance) -> float:
        spare = max(0.0, seen.cash - self.reserve * seen.last_costs)
        return min(seen.rivals_marketing, spare)


@dataclass(frozen=True, slots=True)
class ProfitFirst:
    """Spend a share of revenue on marketing, at most the list budget."""

    share: float = 0.1  # of revenue

    def __call__(self, seen: SeenByApp, chance: Chance) -> float:
        return min(seen.list_marketing, self.share * seen.revenue)

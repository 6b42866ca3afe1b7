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
class ByTheHead:
    """Buy users by the head: spend more as long as one more user costs no more than it is worth, and less if it does.

    A user is worth a set number of dollars, and the gross profit per user of some months. An app that spent nothing, or
    that nobody knows yet, begins with its list budget if a user is worth anything: nothing tells it what one costs.
    """

    head: float = 4.1  # USD that it pays for a user, whatever it earns by one
    months: float = 0.0  # of gross profit per user that it pays besides, as long as it thinks that a user stays
    step: float = 0.25  # largest change of the budget per month, as a share of it
    reserve: float = 6.0  # months of costs kept

    def __call__(self, seen: SeenByApp, chance: Chance) -> float:
        spare = max(0.0, seen.cash - self.reserve * seen.last_costs)
        return min(self._budget(seen), spare)

    def _budget(self, seen: SeenByApp) -> float:
        """Dollars for next month: this month's, times the worth of a user over the cost of one more, step by step."""
        profit = seen.gross_profit / seen.users if seen.users > 0 else 0.0
        worth = max(0.0, self.head + self.months * profit)
        if seen.marketing <= 0 or seen.known <= 0:
            return seen.list_marketing if worth > 0 else 0.0
        pays = worth * seen.heads * seen.heads_answer / seen.marketing
        return seen.marketing * min(1 + self.step, max(1 - self.step, pays))


@dataclass(frozen=True, slots=True)
class ProfitFirst:
    """Spend a share of revenue on marketing, at most the list budget."""

    share: float = 0.1  # of revenue

    def __call__(self, seen: SeenByApp, chance: Chance) -> float:
        return min(seen.list_marketing, self.share * seen.revenue)

"""Monetisation: the free quota of an app, its ads, and its marketing. The view of an app that may show ads is here."""

from dataclasses import dataclass

from watersellers.agents.decision_bounds import asked
from watersellers.agents.information import SeenByApp
from watersellers.market.chance import Chance
from watersellers.market.elementary import exp_of
from watersellers.market.trade.clearing import slot_price


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
        return asked(min(self._budget(seen), spare), "apps.marketing")

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


@dataclass(frozen=True, slots=True)
class SlotMarket:
    """Advertisers' bids for slots, and who showed slots there last month."""

    worth: float  # USD: highest value of a slot
    bidders: float  # slots a month that would be wanted at a price of 0
    budget: float  # USD a month
    others: float  # slots of other firms
    older: float  # slots on result pages of the app's owner
    answers: float  # answers of the app a month that can carry slots

    def income(self, slots: float, kept: float) -> float:
        """USD a month for so many slots of the app and for its owner's pages; ``kept`` of a dollar stays with an app.

        One price is paid for all, and more slots lower it.
        """
        return slot_price(self.worth, self.bidders, self.others + self.older + slots, self.budget) * (
            self.older + kept * slots
        )


@dataclass(frozen=True, slots=True)
class SeenByAdSeller:
    """An app's view when it decides how many ad slots it shows beside a free answer; figures are last month's."""

    list_load: float  # slots per free answer, from the scenario
    load: float  # slots per free answer
    months: float  # since that last changed; infinite if it never did
    most_slots: float  # that fit beside an answer
    users: float  # people
    people: float  # in the regions where it is offered
    margin: float  # USD a user and month: seats and purchases less the cost of answers; 0 if below
    page_margin: float  # USD a month that its owner's result pages lose with a user who goes elsewhere
    kept: float  # share of its revenue that publishers leave it
    aversion: float  # utility that a slot costs its users
    erosion: float  # utility that a slot costs each month: trust, and the scandals to expect
    recovery: float  # share of lost trust that comes back per month
    beside: tuple[SlotMarket, ...]  # for slots beside answers to its free users, by region
    on_pages: tuple[SlotMarket, ...]  # for slots on its owner's result pages and beside answers to them, if there are


@dataclass(frozen=True, slots=True)
class AdsAsSet:
    """Show the ads that the scenario says, whatever they earn and whomever they drive away."""

    def __call__(self, seen: SeenByAdSeller, chance: Chance) -> float:
        return seen.list_load


@dataclass(frozen=True, slots=True)
class AdsWhereTheyPay:
    """Show a step more or less ads if that earns more over the months ahead, with the users whom they drive away.

    Users follow a logit: a loss of utility takes a share of them, the smaller the more people use the app already.
    It takes ads away at once, and adds some only months after its last step, when users and rivals have answered.
    """

    months: float = 24.0  # that it looks ahead
    step: float = 0.1  # slots per free answer by which it moves at most
    wait: float = 6.0  # months after a step until it shows more

    def __call__(self, seen: SeenByAdSeller, chance: Chance) -> float:
        now = round(seen.load / self.step)
        steps = (now - 1, now, now + 1) if seen.months >= self.wait else (now - 1, now)
        loads = [min(seen.most_slots, max(0, number) * self.step) for number in steps]
        return max(loads, key=lambda load: self._earned(load, seen))  # of equals the fewest

    def _earned(self, load: float, seen: SeenByAdSeller) -> float:
        """USD over the months ahead, of ads and of users, if it shows so many slots from now on."""
        earned, more, felt = 0.0, load - seen.load, 0.0
        pages = sum(market.income(market.answers * load, seen.kept) for market in seen.on_pages)
        for _ in range(int(self.months)):
            felt = 1 + (1 - seen.recovery) * felt  # months' worth of eroded trust
            stay = _stay(seen.users, seen.people, more * (seen.aversion + seen.erosion * felt))
            ads = pages + sum(market.income(market.answers * stay * load, seen.kept) for market in seen.beside)
            earned += ads + stay * seen.users * (seen.margin + seen.page_margin)
        return earned


def _stay(users: float, people: float, lost: float) -> float:
    """Users of an app after a loss of utility, over those before: a logit in which all that is beside it stands still.

    Against all else the app weighs users to others, and that ratio falls by the factor e to minus what is lost.
    """
    share = users / people if people > users else 1.0
    return 1 / (share + (1 - share) * exp_of(lost))

"""The users' layer: it turns the month's plans into terms, lets the kernel choose, and orders seats and queries."""

from collections.abc import Iterable
from math import log

import numpy as np

from agents.choice import Further, Terms, choose, hear
from agents.counting import Counted, Summary, count
from agents.firm import Common, Plan
from agents.friends import Circle, acquaint
from agents.population import FURTHER, Population, UserTraits
from agents.setting import Member, Regional
from market.dice import Chance
from market.goods import Good, Item
from market.orders import Offers, Orders, Trades
from market.units import Column, whole


class Users:
    """The buyers of seats: columns of people in each region."""

    def __init__(self, members: tuple[Member, ...], crowd: tuple[Population, Chance], apps: list[int], common: Common):
        people, born = crowd
        self.members, self.people, self.apps, self.common = members, people, apps, common
        self.regions = [Regional(m.name, UserTraits.of(m.numbers), common.place(f"users_{m.name}")) for m in members]
        self.friends = [self._acquaint(number, rows, born) for number, rows in enumerate(people.spans)]
        self.slot = {place: row for row, place in enumerate(apps)}
        self.counted = self.count({})
        self.summary = Summary.of(people, people.app)
        self.spent = np.zeros(len(members), dtype=np.int64)  # cents invoiced to each region this month

    def _acquaint(self, number: int, rows: slice, born: Chance) -> Column:
        """Draw the friends of a region's users, none where word of mouth is everybody's."""
        traits, people = self.traits[number], self.people
        return acquaint(people.key[rows], people.weight[rows], int(traits.friends), traits.rewired, born)

    @property
    def traits(self) -> list[UserTraits]:
        """Numbers of the regions, in order."""
        return [region.traits for region in self.regions]

    @property
    def accounts(self) -> list[int]:
        """Places of the regions in the books, in order."""
        return [region.place for region in self.regions]

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Hear of apps, choose among the known ones, and order seats and queries at their posted prices."""
        plans = {self.slot[plan.app]: plan for plan in self.common.news.plans}
        heard, drawn = (chance.uniform(what, self.people.key) for what in ("hear", "choose"))
        before = self.people.app.copy()
        for number, rows in enumerate(self.people.spans):
            hear(self.people, rows, self.hazards(plans, number), heard, self._circle(plans, number))
            choose(self.people, rows, self.terms(plans, number), drawn, self._further(number, rows, chance))
        self.counted = self.count(plans)
        self.summary = Summary.of(self.people, before)
        return self._orders({(seller, good): price for seller, good, price in offers.rows()})

    def _circle(self, plans: dict[int, Plan], number: int) -> Circle | None:
        """Whom a region's users hear from; None where they hear from everybody alike."""
        friends, traits = self.friends[number], self.traits[number]
        if not len(friends):
            return None
        here = [row in plans and self.members[number].name in plans[row].regions for row in range(len(self.apps))]
        return Circle(friends, np.where(here, np.float32(traits.imitators / len(friends)), np.float32(0)))

    def _further(self, number: int, rows: slice, chance: Chance) -> tuple[Further, ...]:
        """Say who of a region is ready for a second app and a third, each as rare among those before; lasting traits.

        An app that would be asked nothing is not taken up.
        """
        several = self.traits[number].several
        if not several:
            return ()
        people, born = self.people, Chance(chance.seed, -1)
        open_to = born.uniform("several", people.key[rows])
        asks = (people.use[rows] * self.traits[number].part).astype(np.int64) > 0
        return tuple(
            Further(asks & (open_to < np.float32(several**step)), chance.uniform("choose_more", people.key[rows], step))
            for step in range(1, FURTHER + 1)
        )

    def hazards(self, plans: dict[int, Plan], number: int) -> Column:
        """Chance that a user of a region hears of each app this month, float32, shape (apps,).

        Bass (1969, from memory) for each app: marketing reaches anybody, and users tell others.
        """
        rates, traits = np.zeros(len(self.apps), dtype=np.float32), self.traits[number]
        here = {row: plan for row, plan in plans.items() if self.members[number].name in plan.regions}
        spent, ranks = sum(plan.marketing for plan in here.values()), self._ranks(here, number)
        for row, plan in here.items():
            voice = 1 - traits.contest * (1 - plan.marketing / spent) if spent > 0 else 1.0
            told = 0.0 if len(self.friends[number]) else traits.imitators * self.share(row, number)
            reached = traits.innovators * plan.marketing / (plan.marketing + traits.marketing_unit) * voice
            charted = traits.chart_reach / ranks[row] if row in ranks else 0.0
            rates[row] = told + reached + charted + plan.captive
        return rates

    def _ranks(self, plans: dict[int, Plan], number: int) -> dict[int, int]:
        """Places of a region's apps in the charts, by their users of last month; who has none is in no chart."""
        people = self.counted.people
        used = {row: int(people[row, number]) for row in plans}
        listed = sorted((row for row in plans if used[row]), key=lambda row: (-used[row], plans[row].key))
        return {row: rank for rank, row in enumerate(listed, start=1)}

    def share(self, row: int, number: int) -> float:
        """Share of a region's people who used an app last month."""
        used = int(self.counted.people[row, number])
        return used / self.traits[number].people

    def terms(self, plans: dict[int, Plan], number: int) -> Terms:
        """What the month's plans mean to users of a region.

        Utilities are counted from the best base of the month, or from using none where that is better: a
        logit knows differences alone, and so no exponential runs out of its range.
        """
        traits, region = self.traits[number], self.members[number].name
        offered = [row for row in sorted(plans) if region in plans[row].regions]
        base = [self._base(plans[row], traits, self.share(row, number)) for row in offered]
        best = max([*base, traits.outside])
        return Terms(
            apps=offered,
            base=float32(value - best for value in base),
            price=float32(traits.price_weight * plans[row].price for row in offered),
            log_quota=float32(log(max(plans[row].quota, 1)) for row in offered),
            quota_weight=np.float32(traits.quota_weight),
            paid_bonus=np.float32(traits.paid_bonus),
            habit=np.float32(traits.habit),
            outside=np.float32(traits.outside - best),
        )

    def _base(self, plan: Plan, traits: UserTraits, share: float) -> float:
        """Utility of an app apart from what differs by user."""
        liked = traits.quality_weight * plan.quality + plan.appeal + plan.trust + traits.network * share
        return liked - traits.ad_aversion * plan.ad_load - traits.limit_aversion * (1 - plan.served)

    def count(self, plans: dict[int, Plan]) -> Counted:
        """Add up people and queries by app and region."""
        quotas = np.array([plans[row].quota if row in plans else 0 for row in range(len(self.apps))], dtype=np.int64)
        shares = np.array([traits.part for traits in self.traits])
        part = (self.people.use * shares[self.people.region]).astype(np.int64)
        return count(self.people, part, quotas)

    def _orders(self, prices: dict[tuple[int, int], int]) -> Orders:
        """One row for each region, app and good; queries cost nothing at the margin."""
        counted = self.counted
        goods = (
            (Good.SEATS, counted.paid),
            (Good.QUERIES_PAID, counted.queries_paid),
            (Good.QUERIES_FREE, counted.queries_free),
        )
        return Orders.of(
            (account, Item.CONSUMPTION, app, good, int(amount[row, number]), prices[app, good])
            for number, account in enumerate(self.accounts)
            for row, app in enumerate(self.apps)
            for good, amount in goods
            if amount[row, number]
        )

    def receive(self, trades: Trades) -> None:
        """Note what they spend; unanswered queries they feel next month, through the app's public record."""
        self.spent = whole(int(trades.cents[trades.buyer == place].sum()) for place in self.accounts)


def float32(values: Iterable[float]) -> Column:
    """Make a float32 column."""
    return np.array(list(values), dtype=np.float32)

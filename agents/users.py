"""The users' layer: it turns the month's plans into terms, lets the kernel choose, and orders seats and queries."""

from collections.abc import Mapping
from math import log
from typing import ClassVar, Self

import numpy as np

from watersellers.agents.app import App
from watersellers.agents.counting import Counted, Summary
from watersellers.agents.firm import Common
from watersellers.agents.friends import acquaint
from watersellers.agents.kernel.contract import COUNTS, FURTHER, Terms
from watersellers.agents.kernel.threads import Kernel
from watersellers.agents.news import Plan
from watersellers.agents.parts import Parts
from watersellers.agents.population import Known, Population, UserTraits, draw
from watersellers.agents.setting import Member, Regional
from watersellers.market.dice import Chance
from watersellers.market.goods import Good, Item
from watersellers.market.orders import Offers, Orders, Trades
from watersellers.market.saved import Saved
from watersellers.market.units import Column, whole


class Users:
    """The buyers of seats: columns of people in each region."""

    SAVED: ClassVar[Saved] = {"counted": Counted, "summary": Summary, "spent": Column}

    def __init__(self, members: tuple[Member, ...], crowd: tuple[Population, Chance], apps: list[int], common: Common):
        people, born = crowd
        self.members, self.people, self.apps, self.common = members, people, apps, common
        self.regions = [Regional(m.name, UserTraits.of(m.numbers), common.place(f"users_{m.name}")) for m in members]
        self.friends = [self._acquaint(number, rows, born) for number, rows in enumerate(people.spans)]
        self.slot = {place: row for row, place in enumerate(apps)}
        self.kernel = Kernel()  # how the month is computed; it moves no bit
        self.keys = np.array(common.accounts.keys[apps], dtype=np.uint64)
        nobody = np.zeros((len(apps), len(members), COUNTS), dtype=np.int64)
        self.counted, self.summary = Counted.of(nobody), Summary.of(nobody)
        self.spent = np.zeros(len(members), dtype=np.int64)  # cents invoiced to each region this month

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Draw the population, as many rows as are simulated."""
        members, apps = tuple(parts.members("users")), parts.those(App)
        regions = [member.name for member in members]
        known = [Known(firm.key, firm.known_in(regions)) for firm in apps]
        born = Chance(parts.seed, -1)
        people = draw(members, parts.users, known, born)
        return cls(members, (people, born), [firm.place for firm in apps], parts.common)

    def _acquaint(self, number: int, rows: slice, born: Chance) -> Column:
        """Draw the friends of a region's users, shape (n, friends), none where word of mouth is everybody's."""
        traits, people = self.traits[number], self.people
        drawn = acquaint(people.key[rows], people.weight[rows], int(traits.friends), traits.rewired, born)
        return np.ascontiguousarray(drawn.T)

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
        counts = self.count(plans, chance)
        self.counted, self.summary = Counted.of(counts), Summary.of(counts)
        return self._orders({(seller, good): price for seller, good, price in offers.rows()})

    def count(self, plans: dict[int, Plan], chance: Chance) -> Column:
        """Let the users of each region hear and choose, and count them by app: shape (apps, regions, COUNTS)."""
        counts = np.zeros((len(self.apps), len(self.members), COUNTS), dtype=np.int64)
        for number, span in enumerate(self.people.spans):
            rows = self.people.rows(span, self.friends[number])
            counts[:, number] = self.kernel(rows, self.terms(plans, number, chance))
        return counts

    def voice(self, plans: dict[int, Plan], number: int) -> Column:
        """Hazard of hearing of each app from one friend who uses it, float32, shape (apps,)."""
        friends, here = self.friends[number].shape[1], self.members[number].name
        said = self.traits[number].imitators / friends if friends else 0.0
        return self._column({row: said for row, plan in plans.items() if here in plan.regions})

    def last(self, number: int) -> Column:
        """Apps that each user of a region used last month; nobody asks where there are no friends."""
        span = self.people.spans[number] if self.friends[number].shape[1] else slice(0)
        return np.column_stack([self.people.app[span], self.people.further[span] // 2])

    def hazards(self, plans: dict[int, Plan], number: int) -> Column:
        """Chance that a user of a region hears of each app this month, float32, shape (apps,).

        Bass (1969, from memory) for each app: marketing reaches anybody, and users tell others.
        """
        rates, traits = np.zeros(len(self.apps), dtype=np.float32), self.traits[number]
        here = {row: plan for row, plan in plans.items() if self.members[number].name in plan.regions}
        spent, ranks = sum(plan.marketing for plan in here.values()), self._ranks(here, number)
        for row, plan in here.items():
            voice = 1 - traits.contest * (1 - plan.marketing / spent) if spent > 0 else 1.0
            told = 0.0 if self.friends[number].shape[1] else traits.imitators * self.share(row, number)
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

    def terms(self, plans: dict[int, Plan], number: int, chance: Chance) -> Terms:
        """What the month's plans mean to users of a region.

        Utilities are counted from the best base of the month, or from using none where that is better: a
        logit knows differences alone, and so no exponential runs out of its range.
        """
        traits, region, born = self.traits[number], self.members[number].name, Chance(chance.seed, -1)
        here = {row: plan for row, plan in plans.items() if region in plan.regions}
        base = {row: self._base(plan, traits, self.share(row, number)) for row, plan in here.items()}
        best = max([*base.values(), traits.outside])
        return Terms(
            offered=self._column(dict.fromkeys(here, True), np.bool_),
            base=self._column({row: value - best for row, value in base.items()}),
            price=self._column({row: traits.price_weight * plan.price for row, plan in here.items()}),
            log_quota=self._column({row: log(max(plan.quota, 1)) for row, plan in here.items()}),
            quota=self._column({row: plan.quota for row, plan in here.items()}, np.int64),
            rates=self.hazards(plans, number),
            voice=self.voice(plans, number),
            key=self.keys,
            quota_weight=np.float32(traits.quota_weight),
            paid_bonus=np.float32(traits.paid_bonus),
            habit=np.float32(traits.habit),
            outside=np.float32(traits.outside - best),
            taste=np.float32(self.members[number].numbers["taste"]),  # a lasting trait, whatever happens later
            hear=chance.hashes("hear"),
            choose=chance.hashes("choose"),
            like=born.hashes("taste"),
            several=born.hashes("several"),
            more=chance.hashes("choose_more"),
            ready=np.array([traits.several**step for step in range(1, FURTHER + 1)], dtype=np.float32),
            part=traits.part,
            last=self.last(number),
            device=self._column({row: plan.device_habit for row, plan in here.items()}),
        )

    def _column(self, values: Mapping[int, float], kind: type[np.generic] = np.float32) -> Column:
        """Put values by app into a column, 0 where there is none."""
        column = np.zeros(len(self.apps), dtype=kind)
        column[list(values)] = list(values.values())
        return column

    def _base(self, plan: Plan, traits: UserTraits, share: float) -> float:
        """Utility of an app apart from what differs by user."""
        liked = traits.quality_weight * plan.quality + plan.appeal + plan.trust + traits.network * share
        return liked - traits.ad_aversion * plan.ad_load - traits.limit_aversion * (1 - plan.served)

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

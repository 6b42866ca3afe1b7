"""The layer of users: it turns the month's plans into terms, lets the kernel choose, and orders seats and queries."""

from collections.abc import Mapping
from functools import lru_cache, partial
from math import inf, log
from typing import ClassVar, Self

import numpy as np

from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.public_information import Plan, PublicInformation
from watersellers.agents.scenario_spec import ParticipantSpec, RegionState
from watersellers.agents.users.budgets import RegionBudgets
from watersellers.agents.users.choice_totals import ChoiceTotals, RegionSummary
from watersellers.agents.users.kernel.backends import Kernel
from watersellers.agents.users.kernel.contract import COUNTS, FURTHER, Terms
from watersellers.agents.users.population import KnownFromStart, Population, UserTraits, draw, log_worth
from watersellers.agents.users.word_of_mouth import acquaint
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, whole
from watersellers.market.goods import Good
from watersellers.market.saved import Saved
from watersellers.market.trade.orders import Offers, Orders, Trades


def log_rate(query_price: float, traits: UserTraits) -> float:
    """Logarithm of a price per query over the utility that the last of all queries adds; minus infinity if that is 0.

    People who mind neither a quota nor a price ask what they would ask of a flat price.
    """
    rate = traits.price_weight * query_price
    return log(rate / traits.quota_weight) if rate > 0 and traits.quota_weight > 0 else -inf


class Users:
    """The users: columns of people in each region, who choose apps."""

    SAVED: ClassVar[Saved] = {"totals": ChoiceTotals, "summary": RegionSummary, "spent": Column}

    def __init__(
        self,
        members: tuple[ParticipantSpec, ...],
        population: tuple[Population, Chance],
        apps: list[int],
        registers: Registers,
        regions: list[RegionState],
    ):
        people, opening = population
        self.members, self.people, self.apps, self.registers = members, people, apps, registers
        self.regions = regions  # with the numbers of now
        self.budgets = [
            RegionBudgets(region, member, people, rows, opening)
            for region, member, rows in zip(self.regions, members, people.spans, strict=True)
        ]
        self.friends = [self._acquaint(number, rows, opening) for number, rows in enumerate(people.spans)]
        self._drawn_worth = lru_cache(maxsize=None)(partial(self._draw_worth, opening))
        self.row_of = {account_id: row for row, account_id in enumerate(apps)}
        self.kernel = Kernel()  # computes the choices; every kernel gives the same bits
        self.keys = np.array(registers.accounts.keys[apps], dtype=np.uint64)
        nobody = np.zeros((len(apps), len(members), COUNTS), dtype=np.int64)
        self.totals, self.summary = ChoiceTotals.of(nobody), RegionSummary.of(nobody)
        self.spent = np.zeros(len(members), dtype=np.int64)  # cents billed to each region this month

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Draw the population, with one row per simulated user."""
        members, apps = tuple(parts.members("users")), parts.firms["apps"]
        regions = [member.name for member in members]
        known = [KnownFromStart(firm.key, firm.known_in(regions)) for firm in apps]
        opening = Chance(parts.seed, -1)  # of the month before the first
        people = draw(members, parts.users, known, opening)
        number = parts.registers.account_id
        states = [RegionState(m.name, UserTraits.of(m.numbers), number(f"users_{m.name}")) for m in members]
        return cls(members, (people, opening), [firm.account for firm in apps], parts.registers, states)

    @property
    def public(self) -> PublicInformation:
        """What people can read of the chain."""
        return self.registers.public

    def _acquaint(self, number: int, rows: slice, opening: Chance) -> Column:
        """Draw the friends of a region's users, shape (n, friends); no column where all users hear from all alike."""
        traits, people = self.traits[number], self.people
        friends = acquaint(people.key[rows], people.weight[rows], int(traits.friends), traits.rewired, opening)
        return np.ascontiguousarray(friends.T)

    def _draw_worth(self, opening: Chance, number: int) -> Column:
        """Logarithm of the worth of each user of a region, as it was drawn; events change no worth."""
        return log_worth(
            UserTraits.of(self.members[number].numbers), self.people.key[self.people.spans[number]], opening
        )

    @property
    def traits(self) -> list[UserTraits]:
        """Numbers of the regions, in order."""
        return [region.traits for region in self.regions]

    @property
    def accounts(self) -> list[int]:
        """Accounts of the regions, in order."""
        return [region.account for region in self.regions]

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Let people hear of apps and choose among those they know; order seats and queries at posted prices."""
        plans = {self.row_of[plan.app]: plan for plan in self.public.plans}
        counts = self.count(plans, chance)
        self.totals, self.summary = ChoiceTotals.of(counts), RegionSummary.of(counts)
        for number, region in enumerate(self.regions):
            self.public.report_seats(region.name, int(self.totals.paid[:, number].sum()))
        return self._orders({(seller, good): price for seller, good, price in offers.rows()})

    def count(self, plans: dict[int, Plan], chance: Chance) -> Column:
        """Let the users of each region hear of apps and choose; return counts by app, shape (apps, regions, COUNTS)."""
        counts = np.zeros((len(self.apps), len(self.members), COUNTS), dtype=np.int64)
        for number, span in enumerate(self.people.spans):
            budget, worth = self.budgets[number].limits(chance.month), self._log_worth(plans, number)
            rows = self.people.rows(span, friends=self.friends[number], budget=budget, log_worth=worth)
            counts[:, number] = self.kernel(rows, self.terms(plans, number, chance))
        return counts

    def _log_worth(self, plans: dict[int, Plan], number: int) -> Column:
        """Logarithm of the worth of each user of a region, shape (n, 1); no column where no app asks by use."""
        span = self.people.spans[number]
        if not any(plan.query_price > 0 for plan in plans.values()):
            return np.empty((span.stop - span.start, 0), dtype=np.float32)
        return self._drawn_worth(number)[:, np.newaxis]

    def voice(self, plans: dict[int, Plan], number: int) -> Column:
        """Hazard of hearing of each app from one friend who uses it, float32, shape (apps,)."""
        friends, region = self.friends[number].shape[1], self.members[number].name
        hazard = self.traits[number].imitators / friends if friends else 0.0
        return self._column({row: hazard for row, plan in plans.items() if region in plan.regions})

    def last(self, number: int) -> Column:
        """Apps that each user of a region used last month, shape (users, 1 + FURTHER); no rows without friends."""
        span = self.people.spans[number] if self.friends[number].shape[1] else slice(0)
        return np.column_stack([self.people.app[span], self.people.further[span] // 2])

    def hazards(self, plans: dict[int, Plan], number: int) -> Column:
        """Chance that a user of a region hears of each app this month, float32, shape (apps,).

        Bass (1969, from memory) for each app: marketing reaches everybody, and users tell others.
        """
        rates, traits = np.zeros(len(self.apps), dtype=np.float32), self.traits[number]
        on_offer = {row: plan for row, plan in plans.items() if self.members[number].name in plan.regions}
        spent, ranks = sum(plan.marketing for plan in on_offer.values()), self._ranks(on_offer, number)
        for row, plan in on_offer.items():
            voice = 1 - traits.contest * (1 - plan.marketing / spent) if spent > 0 else 1.0
            word_of_mouth = 0.0 if self.friends[number].shape[1] else traits.imitators * self.share(row, number)
            reached = traits.innovators * plan.marketing / (plan.marketing + traits.marketing_unit) * voice
            charted = traits.chart_reach / ranks[row] if row in ranks else 0.0
            rates[row] = word_of_mouth + reached + charted + plan.captive
        return rates

    def _ranks(self, plans: dict[int, Plan], number: int) -> dict[int, int]:
        """Ranks of a region's apps in the charts, by users of last month; apps without users have no rank."""
        people = self.totals.people
        users = {row: int(people[row, number]) for row in plans}
        ranked = sorted((row for row in plans if users[row]), key=lambda row: (-users[row], plans[row].key))
        return {row: rank for rank, row in enumerate(ranked, start=1)}

    def share(self, row: int, number: int) -> float:
        """Share of a region's people who used an app last month."""
        people = int(self.totals.people[row, number])
        return people / self.traits[number].people

    def terms(self, plans: dict[int, Plan], number: int, chance: Chance) -> Terms:
        """Return the terms that the month's plans give to the users of a region.

        Utilities are measured from the best base of the month, or from using no app where that is better: a logit
        depends on differences only, and so no exponential overflows.
        """
        traits, region, opening = self.traits[number], self.members[number].name, Chance(chance.seed, -1)
        on_offer = {row: plan for row, plan in plans.items() if region in plan.regions}
        base = {row: self._base(plan, traits, self.share(row, number)) for row, plan in on_offer.items()}
        best = max([*base.values(), traits.outside])
        return Terms(
            offered=self._column(dict.fromkeys(on_offer, True), np.bool_),
            base=self._column({row: value - best for row, value in base.items()}),
            price=self._column({row: traits.price_weight * plan.price for row, plan in on_offer.items()}),
            log_quota=self._column({row: log(max(plan.quota, 1)) for row, plan in on_offer.items()}),
            quota=self._column({row: plan.quota for row, plan in on_offer.items()}, np.int64),
            rates=self.hazards(plans, number),
            voice=self.voice(plans, number),
            key=self.keys,
            quota_weight=np.float32(traits.quota_weight),
            paid_bonus=np.float32(traits.paid_bonus),
            habit=np.float32(traits.habit),
            outside=np.float32(traits.outside - best),
            taste=np.float32(self.members[number].numbers["taste"]),  # drawn for good: no event changes it
            hear=chance.hashes("hear"),
            choose=chance.hashes("choose"),
            like=opening.hashes("taste"),
            several=opening.hashes("several"),
            more=chance.hashes("choose_more"),
            ready=np.array([traits.multihoming**step for step in range(1, FURTHER + 1)], dtype=np.float32),
            part=traits.part,
            last=self.last(number),
            device=self._column({row: plan.device_habit for row, plan in on_offer.items()}),
            dollars=self._column({row: plan.price for row, plan in on_offer.items()}),
            query_dollars=self._column({row: plan.query_price for row, plan in on_offer.items()}),
            query_price=self._column({row: traits.price_weight * plan.query_price for row, plan in on_offer.items()}),
            log_rate=self._column({row: log_rate(plan.query_price, traits) for row, plan in on_offer.items()}),
        )

    def _column(self, values: Mapping[int, float], kind: type[np.generic] = np.float32) -> Column:
        """Put values by app into a column, 0 for the other apps."""
        column = np.zeros(len(self.apps), dtype=kind)
        column[list(values)] = list(values.values())
        return column

    def _base(self, plan: Plan, traits: UserTraits, share: float) -> float:
        """Utility of an app, without the parts that differ by user."""
        utility = traits.quality_weight * plan.quality + plan.appeal + plan.trust + traits.network * share
        return utility - traits.ad_aversion * plan.ad_load - traits.limit_aversion * (1 - plan.served)

    def _orders(self, prices: dict[tuple[int, int], int]) -> Orders:
        """Order seats and queries, one row per region, app and good; free queries have no price."""
        totals = self.totals
        goods = (
            (Good.SEATS, totals.paid),
            (Good.QUERIES_PAID, totals.queries_paid),
            (Good.QUERIES_FREE, totals.queries_free),
        )
        return Orders.of(
            (account, Item.CONSUMPTION, app, good, int(amount[row, number]), prices[app, good])
            for number, account in enumerate(self.accounts)
            for row, app in enumerate(self.apps)
            for good, amount in goods
            if amount[row, number]
        )

    def receive(self, trades: Trades) -> None:
        """Note each region's spending; unanswered queries lower utility next month, through the app's plan."""
        self.spent = whole(int(trades.cents[trades.buyer == account_id].sum()) for account_id in self.accounts)

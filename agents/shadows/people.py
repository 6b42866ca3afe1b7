"""The shadow of users: what they would pay for seats of the apps of the first month, as word of these goes round."""

from dataclasses import fields
from typing import ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.public_information import Plan
from watersellers.agents.shadows.frozen_market import FrozenMarket, Remembers, Shadow
from watersellers.agents.users.choice_totals import ChoiceTotals
from watersellers.agents.users.month import Users
from watersellers.agents.users.population import Population
from watersellers.market.chance import Chance


class FrozenPeople(Remembers, Population):
    """The same people, as they would be if no app had come, gone or changed."""

    REMEMBERED: ClassVar = tuple(Population.SAVED)

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the people of the population; what they know and use is their own once they begin."""
        people = parts[Users].people
        return cls(**{each.name: getattr(people, each.name) for each in fields(people) if each.init})


class UsersInFrozenMarket(Shadow, Users):
    """Users who hear of the apps of the first month, and choose among them."""

    REMEMBERED: ClassVar = ("totals",)

    def __init__(self, parts: Parts):
        self.market, users = parts[FrozenMarket], parts[Users]
        population = parts[FrozenPeople], Chance(parts.seed, -1)
        super().__init__(users.members, population, users.apps, parts.registers, users.regions)

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the same people in the same regions, and the frozen market."""
        return cls(parts)

    def _paid(self, row: int, number: int, plan: Plan) -> float:
        """Dollars that a region pays an app, for seats and for queries that have a price."""
        seats, queries = int(self.totals.paid[row, number]), int(self.totals.queries_paid[row, number])
        return seats * plan.price + queries * plan.query_price

    def month(self, chance: Chance) -> dict[int, float]:
        """Live a month; dollars that each region pays, by account."""
        plans = {self.row_of[plan.app]: plan for plan in self.public.plans}
        self.totals = ChoiceTotals.of(self.count(plans, chance))
        for number, region in enumerate(self.regions):
            self.public.report_seats(region.name, int(self.totals.paid[:, number].sum()))
        return {
            account: sum(self._paid(row, number, plan) for row, plan in plans.items())
            for number, account in enumerate(self.accounts)
        }

"""The shadow of users: what they would pay for seats of the apps of the first month, as word of these goes round."""

from dataclasses import fields
from typing import ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.shadows.frozen_market import FrozenRegisters, Shadow
from watersellers.agents.users.choice_totals import ChoiceTotals
from watersellers.agents.users.month import Users
from watersellers.agents.users.population import Population
from watersellers.market.chance import Chance


class FrozenPeople(Shadow, Population):
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

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the same people, and the frozen market."""
        members, opening = tuple(parts.members("users")), Chance(parts.seed, -1)
        apps = [firm.account for firm in parts.firms["apps"]]
        return cls(members, (parts[FrozenPeople], opening), apps, parts[FrozenRegisters].registers)

    def month(self, payer: Users, chance: Chance) -> dict[int, float]:
        """Live a month under the numbers that the users have now; dollars that each region pays, by account."""
        for mine, theirs in zip(self.regions, payer.regions, strict=True):
            mine.follow(theirs)
        plans = {self.row_of[plan.app]: plan for plan in self.registers.public.plans}
        self.totals = ChoiceTotals.of(self.count(plans, chance))
        for number, region in enumerate(self.regions):
            self.registers.public.report_seats(region.name, int(self.totals.paid[:, number].sum()))
        return {
            account: sum(int(self.totals.paid[row, number]) * plan.price for row, plan in plans.items())
            for number, account in enumerate(self.accounts)
        }

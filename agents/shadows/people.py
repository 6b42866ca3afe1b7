"""The shadow of users: what they would pay for seats of the apps of the first month, as word of these goes round."""

from dataclasses import fields
from typing import Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.shadows.frozen_market import FrozenMarket, remember
from watersellers.agents.users.choice_totals import ChoiceTotals
from watersellers.agents.users.month import Users
from watersellers.agents.users.population import Population
from watersellers.market.chance import Chance


class FrozenPeople(Population):
    """The same people, as they would be if no app had come, gone or changed."""

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the people of the population; what they know and use is their own once they begin."""
        people = parts[Users].people
        return cls(**{each.name: getattr(people, each.name) for each in fields(people) if each.init})


class UsersInFrozenMarket(Users):
    """Users who hear of the apps of the first month, and choose among them."""

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the same people, and the frozen market."""
        members, opening = tuple(parts.members("users")), Chance(parts.seed, -1)
        apps = [firm.account for firm in parts.firms["apps"]]
        return cls(members, (parts[FrozenPeople], opening), apps, parts[FrozenMarket].registers)

    def begin(self, payer: Users) -> None:
        """Start from what users know and use at the end of the first month."""
        remember(self.people, payer.people, tuple(Population.SAVED))
        remember(self, payer, ("totals",))

    def month(self, payer: Users, chance: Chance) -> dict[int, float]:
        """Live a month under the numbers that the users have now; dollars that each region pays, by account."""
        for mine, theirs in zip(self.regions, payer.regions, strict=True):
            mine.traits = theirs.traits
        plans = {self.row_of[plan.app]: plan for plan in self.registers.public.plans}
        self.totals = ChoiceTotals.of(self.count(plans, chance))
        spent = dict.fromkeys(self.accounts, 0.0)
        for number, region in enumerate(self.regions):
            paid = self.totals.paid[:, number]
            self.registers.public.report_seats(region.name, int(paid.sum()))
            spent[region.account] = sum(int(paid[row]) * plan.price for row, plan in plans.items())
        return spent

"""Budgets: users have incomes, none pays more for apps than a share of its own, and who defaulted pays for none."""

from math import fsum

import numpy as np

from watersellers.agents.scenario_spec import ParticipantSpec, RegionState
from watersellers.agents.users.population import Population, UserTraits, willingness
from watersellers.market.chance import Chance, exp32, normal
from watersellers.market.exact import Column

UNLIMITED = np.float32(np.inf)
Purses = tuple[tuple[float, ...], Column, float, int]  # the numbers they follow from, budgets, their sum, who keeps one


class RegionBudgets:
    """What the users of a region can pay for apps, and what the region gets from outside for it.

    Incomes are lognormal, and may go along with willingness to pay. A part of the people keep a budget, which is a
    share of their income; the others have no limit, as if apps cost next to nothing. Chance is of month -1, so that an
    event that changes incomes leaves everybody's place among the others.
    """

    def __init__(self, region: RegionState, member: ParticipantSpec, people: Population, rows: slice, opening: Chance):
        self.region, self.account = region, region.account
        self._born, self._opening = UserTraits.of(member.numbers), opening
        self._people, self._rows = people, rows
        self._purses: Purses = ((), np.empty(0, dtype=np.float32), 0.0, 0)

    def limits(self, month: int) -> Column:
        """Dollars that each user can pay for apps this month, float32, shape (n, 1); no column where no limit binds."""
        barred = self._people.barred_until[self._rows] > month
        if not self.region.traits.budgeted and not barred.any():
            return np.empty((len(barred), 0), dtype=np.float32)
        return np.where(barred, np.float32(0), self._drawn()[1])[:, np.newaxis]

    def income(self, month: int) -> float:
        """Dollars that the region gets this month: the budgets of those who keep one, and the mean for the others."""
        if not self.region.traits.budgeted:
            return self.region.income(month)
        _, _, budgets, keepers = self._drawn()
        return self.region.income(month) * (1 - keepers / self.region.traits.people) + budgets

    def _drawn(self) -> Purses:
        """Draw incomes and budgets, or return those that were drawn from the same numbers."""
        traits = self.region.traits
        names = ("budgeted", "income_median", "income_spread", "income_worth", "budget_share")
        numbers = tuple(getattr(traits, name) for name in names)
        if numbers != self._purses[0]:
            key, weight = self._people.key[self._rows], self._people.weight[self._rows]
            keeps = self._opening.uniform("budgeted", key) < np.float32(traits.budgeted)
            budget = np.float32(traits.budget_share) * self.incomes()
            total = fsum((weight[keeps] * budget[keeps].astype(np.float64)).tolist())
            self._purses = numbers, np.where(keeps, budget, UNLIMITED), total, int(weight[keeps].sum())
        return self._purses

    def incomes(self) -> Column:
        """Dollars a month of each user, float32, shape (n,)."""
        traits, key = self.region.traits, self._people.key[self._rows]
        likes, own = willingness(self._born, key, self._opening), normal(self._opening.uniform("income", key))
        tie = np.float32(traits.income_worth)
        place = tie * likes + np.sqrt(np.float32(1) - tie * tie) * own
        return np.float32(traits.income_median) * exp32(np.float32(traits.income_spread) * place)

"""Budgets: users have incomes, none pays more for apps than a share of its own, and who defaulted pays for none."""

from functools import lru_cache
from math import fsum

import numpy as np

from watersellers.agents.scenario_spec import ParticipantSpec, RegionState
from watersellers.agents.users.population import Population, UserTraits, willingness
from watersellers.market.chance import Chance, exp32, normal
from watersellers.market.exact import Column

UNLIMITED = np.float32(np.inf)
Purses = tuple[Column, float, int]  # the budget of each user, their sum in dollars, and how many people keep one


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
        self._last_drawn = lru_cache(maxsize=1)(self._draw)  # the same as long as no event changes a number

    def limits(self, month: int) -> Column:
        """Dollars that each user can pay for apps this month, float32, shape (n, 1); no column where no limit binds."""
        barred = self._people.barred_until[self._rows] > month
        if not self.region.traits.budgeted and not barred.any():
            return np.empty((len(barred), 0), dtype=np.float32)
        return np.where(barred, np.float32(0), self._purses()[0])[:, np.newaxis]

    def income(self, month: int) -> float:
        """Dollars that the region gets this month: the budgets of those who keep one, and the mean for the others."""
        if not self.region.traits.budgeted:
            return self.region.income(month)
        _, budgets, keepers = self._purses()
        return self.region.income(month) * (1 - keepers / self.region.traits.people) + budgets

    def _purses(self) -> Purses:
        """Budgets by the region's numbers of today."""
        traits = self.region.traits
        numbers = traits.income_median, traits.income_spread, traits.income_worth
        return self._last_drawn(traits.budgeted, traits.budget_share, numbers)

    def _draw(self, budgeted: float, share: float, numbers: tuple[float, float, float]) -> Purses:
        """Draw who keeps a budget, and of how many dollars."""
        key, weight = self._people.key[self._rows], self._people.weight[self._rows]
        keeps = self._opening.uniform("budgeted", key) < np.float32(budgeted)
        budget = np.float32(share) * self._incomes(*numbers)
        total = fsum((weight[keeps] * budget[keeps].astype(np.float64)).tolist())
        return np.where(keeps, budget, UNLIMITED), total, int(weight[keeps].sum())

    def incomes(self) -> Column:
        """Dollars a month of each user, float32, shape (n,)."""
        traits = self.region.traits
        return self._incomes(traits.income_median, traits.income_spread, traits.income_worth)

    def _incomes(self, median: float, spread: float, worth: float) -> Column:
        """Incomes with this median and spread, and this correlation with willingness to pay."""
        key = self._people.key[self._rows]
        likes, own = willingness(self._born, key, self._opening), normal(self._opening.uniform("income", key))
        tie = np.float32(worth)
        place = tie * likes + np.sqrt(np.float32(1) - tie * tie) * own
        return np.float32(median) * exp32(np.float32(spread) * place)

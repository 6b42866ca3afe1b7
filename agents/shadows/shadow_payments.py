"""Shadow payments: for each payer outside the chain, what it would have paid had nothing happened in the chain since.

A payment depends on the payer's own memory, on the state of the chain, and on what is exogenous. Its shadow has the
chain of the first month, the memory that this gives, and the same exogenous numbers. Each row also says how much of the
true payment a ceiling holds: 0 if the payer could go on paying more as it wishes to, 1 if a bound alone says what it
pays.
"""

from collections.abc import Iterator
from typing import ClassVar, Self

import polars as pl

from watersellers.agents.economy_parts import Parts
from watersellers.agents.enterprises.handed_over_work import HandedOverWork
from watersellers.agents.enterprises.own_models import OwnModels
from watersellers.agents.enterprises.regions import EnterpriseRegions
from watersellers.agents.enterprises.states import States
from watersellers.agents.exogenous_trends import share_reached
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.own_use import OwnUse
from watersellers.agents.finance.owner_funding import OlderBusinesses
from watersellers.agents.finance.owners import Owners
from watersellers.agents.finance.ranking_returns import OwnUseNumbers
from watersellers.agents.scenario_spec import RegionState
from watersellers.agents.shadows.capital import CapitalOfFirmsAsTheyBegan
from watersellers.agents.shadows.frozen_market import FrozenMarket
from watersellers.agents.shadows.own_use import OwnUseInFrozenMarket
from watersellers.agents.shadows.people import FrozenPeople, UsersInFrozenMarket
from watersellers.agents.shadows.venture import VentureInFrozenMarket
from watersellers.agents.shadows.work import OwnModelsInFrozenMarket, WorkInFrozenMarket
from watersellers.agents.users.month import Users
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.exact import cents
from watersellers.market.money_origin.pinned_payments import ANYBODY, Use
from watersellers.market.saved import Saved

SHADOWS = {
    "month": pl.Int64,
    "payer": pl.Int64,
    "payee": pl.Int64,  # -1: whatever firms of the chain it buys from
    "use": pl.String,
    "cents": pl.Int64,
    "held": pl.Float64,
}
type Row = tuple[int, int, str, int, float]  # payer, payee, use, cents, share that a ceiling holds


class ShadowPayments:
    """The shadows of all payers, who live beside them from the second month on."""

    SAVED: ClassVar[Saved] = {
        "set_aside": dict[int, int],
        "bound": list[int],
        "planned": dict[int, tuple[float, float]],
        "rows": list[tuple[int, int, str, int, float]],
    }

    def __init__(self, parts: Parts):
        self.parts, self.market = parts, parts[FrozenMarket]
        self.work, self.own_models = parts[WorkInFrozenMarket], parts[OwnModelsInFrozenMarket]
        self.own_use, self.people = parts[OwnUseInFrozenMarket], parts[FrozenPeople]
        self.users, self.venture = parts[UsersInFrozenMarket], parts[VentureInFrozenMarket]
        self.capital = parts[CapitalOfFirmsAsTheyBegan]
        self.set_aside: dict[int, int] = {}  # by older business: cents that it set aside for this month's hours
        self.bound: list[int] = []  # older businesses that would have set more aside if they had had more cash
        # by region: USD a month that its firms granted themselves for own models, and the most that this can be
        self.planned: dict[int, tuple[float, float]] = {}
        self.rows: list[Row] = []  # this month's

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Give a shadow to every payer that answers the chain."""
        return cls(parts)

    def close(self, ledger: Ledger, month: int) -> None:
        """Begin with what payers remember of the first month; in later ones, live the month of each."""
        if month == 0:
            self._begin(ledger)
        else:
            self._live(ledger, month)
        own_use = self.parts[OwnUse]
        self.set_aside, self.bound = dict(own_use.budget), list(own_use.bound)
        grants = self.parts[OwnModels].grants
        self.planned = {
            region.account: (grants[region.account], float(region.traits.own_models_most * region.traits.it_budget))
            for region in self.parts[EnterpriseRegions]
        }

    def _begin(self, ledger: Ledger) -> None:
        """Freeze the market of the first month; each shadow begins with what its payer remembers of it."""
        self.market.begin(self.parts.registers.public)
        self.work.begin(self.parts[HandedOverWork])
        self.own_models.begin(self.parts[OwnModels])
        self.own_use.begin(self.parts[OwnUse])
        self.users.begin(self.parts[Users])
        self.people.begin(self.parts[Users].people)
        self.venture.begin(ledger)

    def _live(self, ledger: Ledger, month: int) -> None:
        """Live the month of each shadow, and write its rows."""
        chance = Chance(self.parts.seed, month)
        put_in = self.capital.month(ledger)
        self.own_use.note_grants([(account, pay) for account, pay in put_in.items() if pay])
        groups = (self._users(chance), self._enterprises(chance), self._owners(), self._grants(put_in))
        self.rows = [row for rows in groups for row in rows]
        self.rows += self._rounds(ledger, chance)

    def _users(self, chance: Chance) -> Iterator[Row]:
        """Users pay for seats; the number of people is a ceiling."""
        users = self.parts[Users]
        spent = self.users.month(chance)
        for number, region in enumerate(users.regions):
            used = (users.summary.free[number] + users.summary.paid[number]) / region.traits.people
            yield region.account, ANYBODY, Use.SEATS.value, cents(spent[region.account]), float(used)

    def _enterprises(self, chance: Chance) -> Iterator[Row]:
        """Enterprises pay for work that models do and for hours, by its worth and by a path in time."""
        spent, work = self.work.month(chance), self.parts[HandedOverWork]
        granted = self.own_models.month()
        month = self.parts.registers.month
        for region in self.parts[EnterpriseRegions]:
            traits = region.traits
            path, compute = traits.tokens(month), traits.compute(month)
            by_worth = work.affordable(region)
            reached = share_reached(traits.tokens_low, traits.tokens_high, path)
            held = _mean((path, reached), (by_worth, _adopted(work, region)))
            at_work = cents(path + spent.get(region.account, 0.0))
            yield region.account, ANYBODY, Use.WORK.value, at_work, held
            reached = share_reached(traits.compute_low, traits.compute_high, compute)
            own, most = self.planned[region.account]
            held = _mean((compute, reached), (own, float(own >= most)))
            yield region.account, ANYBODY, Use.COMPUTE.value, cents(compute + granted[region.account]), held

    def _owners(self) -> Iterator[Row]:
        """Owners pay for hours that they use themselves, by their worth and by a path; states what they were given."""
        older, world = self.parts[OlderBusinesses], self.parts.registers.numbers
        paid, spent = self.set_aside, self.own_use.month()
        share = older.spent_share()
        reached = share_reached(world["own_use_low"], world["own_use_high"], share)
        path = share * sum(firm.numbers[OwnUseNumbers].older_revenue for firm in older.clouds)
        mine = [firm.account for firm in older.clouds]
        bound = sum(paid[account] for account in mine if account in self.bound)
        rest = sum(paid[account] for account in mine) - bound
        held = _mean((path, reached), (bound / 100, 1.0), (rest / 100, 0.0))
        yield older.account, ANYBODY, Use.OWN_USE.value, cents(path) + sum(spent[account] for account in mine), held
        for owner in self.parts[Owners].owners:
            yield owner.account, ANYBODY, Use.OWN_USE.value, spent[owner.account], float(owner.account in self.bound)
        for account, purse in self.parts[States].purses.items():
            yield account, ANYBODY, Use.OWN_USE.value, purse, 1.0

    def _grants(self, put_in: dict[int, int]) -> Iterator[Row]:
        """Owners put capital into firms; a grant is a ceiling."""
        older = self.parts[OlderBusinesses]
        for firm in older.funded:
            whole = older.paid.get(firm.account, 0) == cents(firm.owner_funds)
            yield older.account, firm.account, Use.CAPITAL.value, put_in[firm.account], float(whole)

    def _rounds(self, ledger: Ledger, chance: Chance) -> Iterator[Row]:
        """Pools buy shares; what a firm does not get of the money that its plan needs, a ceiling holds."""
        investors = self.parts[Investors]
        shadow = self.venture.month(investors, ledger, chance)
        months = {pool.account: pool.traits.raised_for for pool in investors.pools}
        paid = self.venture.rounds_of(investors)
        for pool, firm in sorted(set(paid) | set(shadow)):
            wanted = months[pool] * max(0.0, investors.tracks[firm].burn.level)
            held = float(paid.get((pool, firm), 0) < cents(wanted))
            yield pool, firm, Use.CAPITAL.value, shadow.get((pool, firm), 0), held


def _mean(*parts: tuple[float, float]) -> float:
    """Return the mean of shares that a ceiling holds, weighted by dollars; 0.0 without any."""
    total = sum(dollars for dollars, _ in parts)
    return sum(dollars * share for dollars, share in parts) / total if total > 0 else 0.0


def _adopted(work: HandedOverWork, region: RegionState) -> float:
    """Share of a region's exposed work that is open to models, weighted by the work that they do; at most 1."""
    rows = [row for row in work.rows if row.region == region.name]
    states = {segment.name: segment for segment in work.segments}
    return _mean(
        *(
            (
                row.work,
                work.adoption[region.account, states[row.segment].key].work(states[row.segment].traits.adoption_spread),
            )
            for row in rows
        )
    )

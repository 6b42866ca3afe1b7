"""Own use of hours: owners let models rank and recommend in their older businesses, as far as that pays."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.compute.hour_rentals import rentals_open_to, spend_on_hours, split_by_size_and_price
from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.owners import Owner, Owners
from watersellers.agents.finance.ranking_returns import OwnUseNumbers, best_hours, ranking_uplift
from watersellers.agents.firm import Firm, Registers
from watersellers.agents.public_information import PublicInformation, Rental
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.saved import Saved
from watersellers.market.trade.orders import Offers, Orders, Row, Trades

type OlderBusiness = Cloud | Owner  # the cloud of its owner stands for an older business, or its owner without a cloud


class OwnUse:
    """What owners decide about the hours that they use themselves, month by month.

    ``hours`` are those that they want, ``experience`` those that they have spent, and ``budget`` is what they set
    aside for this month, in cents; each by older business. ``granted`` are the cents that each owner put into its AI
    firms this month, ``bound`` the older businesses that would set more aside if they had more cash.
    """

    NUMBERS: ClassVar = {"cloud": (OwnUseNumbers,)}
    SAVED: ClassVar[Saved] = {
        "hours": dict[int, float],
        "experience": dict[int, float],
        "budget": dict[int, int],
        "granted": dict[str, int],
        "bound": list[int],
    }

    def __init__(self, clouds: list[Cloud], owners: list[Owner], firms: list[Firm], registers: Registers):
        self.clouds, self.firms, self.registers = clouds, firms, registers
        self.businesses: list[OlderBusiness] = [*clouds, *owners]
        self.hours = {each.account: self._opening_hours(each) for each in self.businesses}
        decay = registers.numbers["ranking_decay"]
        self.experience = {account: hours / decay for account, hours in self.hours.items()}
        self.budget = dict.fromkeys(self.hours, 0)
        self.granted: dict[str, int] = {}
        self.bound: list[int] = []
        self._set_aside(0)

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the clouds and the owners without a cloud, and all firms that owners may fund."""
        return cls(parts.firms_of(Cloud), parts[Owners].owners, parts.all_firms, parts.registers)

    @property
    def public(self) -> PublicInformation:
        """What owners can read of the chain."""
        return self.registers.public

    def _opening_hours(self, business: OlderBusiness) -> float:
        """Hours that it used in the month before the first: none where ranking adds nothing."""
        numbers = business.numbers[OwnUseNumbers]
        return numbers.opening_own_use * numbers.revenue(0) if numbers.ranking_uplift > 0 else 0.0

    def rentals_of(self, owner: Owner) -> list[Rental]:
        """Offers of the clouds that are open to an owner without one: those of this month, or before it the opening."""
        offered = self.public.rentals or [
            replace(firm.rental(), capacity=int(firm.traits.opening_hours)) for firm in self.clouds if firm.alive
        ]
        return rentals_open_to(owner.owner, owner.region, (), offered, self.registers.accounts.names)

    def mix_of(self, owner: Owner) -> tuple[list[Rental], list[float], float]:
        """Clouds from which an owner without one rents, its shares of them, and the mean rent; 0.0 if none."""
        rentals = self.rentals_of(owner)
        if not rentals:
            return [], [], 0.0
        return rentals, *split_by_size_and_price(rentals, self.registers.numbers["own_use_sensitivity"])

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Move the hours of each older business towards the best, and set aside next month's money."""
        self.plan_ahead()

    def plan_ahead(self) -> None:
        """Decide how many hours each older business wants next month, and the money for them."""
        month, pace = self.registers.month + 1, self.registers.numbers["own_use_pace"]
        for business in self._active():
            hours = self.hours[business.account]
            self.hours[business.account] = hours + pace * (self.best(business, month) - hours)
        self._set_aside(month)

    def best(self, business: OlderBusiness, month: int) -> float:
        """Hours a month that earn an older business most, at the rent of now; 0.0 where it can rent none."""
        numbers, world = business.numbers[OwnUseNumbers], self.registers.numbers
        revenue, rent = numbers.revenue(month), self._rent(business)
        if revenue <= 0 or rent <= 0:
            return 0.0
        uplift = ranking_uplift(numbers, revenue, self.experience[business.account], world)
        return best_hours(uplift * numbers.older_margin * revenue, rent, world["own_use_scale"] * revenue)

    def note_grants(self, paid: list[tuple[int, int]]) -> None:
        """Note what owners put into their AI firms this month: account number of each, and cents."""
        owners = {firm.account: firm.owner for firm in self.firms}
        self.granted = {}
        for account, cents in paid:
            self.granted[owners[account]] = self.granted.get(owners[account], 0) + cents

    def learn(self, delivered: dict[int, int]) -> None:
        """Add the hours of this month to the experience of older businesses, which forget a part of theirs."""
        kept = 1 - self.registers.numbers["ranking_decay"]
        for account, hours in delivered.items():
            self.experience[account] = kept * self.experience[account] + hours

    def _active(self) -> list[OlderBusiness]:
        """Older businesses in which ranking adds something, or which still use hours."""
        return [
            each
            for each in self.businesses
            if each.numbers[OwnUseNumbers].ranking_uplift > 0 or self.hours[each.account] > 0
        ]

    def _rent(self, business: OlderBusiness) -> float:
        """Dollars per hour, as posted last; 0.0 where it can rent none."""
        if isinstance(business, Owner):
            return self.mix_of(business)[2]
        return business.price if business.alive else 0.0

    def _set_aside(self, month: int) -> None:
        """Set money aside for a month's hours, within a share of the free cash, and give up hours that cost more."""
        free, self.budget, self.bound = self._free_shares(month), dict.fromkeys(self.budget, 0), []
        for business in self._active():
            account, rent = business.account, self._rent(business)
            dollars = self.hours[account] * rent
            cash = business.numbers[OwnUseNumbers].cash(month)
            most = self.registers.numbers["own_use_cash"] * free[business.owner] * cash
            if dollars > most:
                self.hours[account], dollars = most / rent, most
                self.bound.append(account)
            self.budget[account] = int(dollars * 100)

    def _free_shares(self, month: int) -> dict[str, float]:
        """Share of its older cash flow that each owner has left after what its AI firms got from it this month."""
        owners = dict.fromkeys(business.owner for business in self.businesses)
        cash = {
            owner: sum(each.numbers[OwnUseNumbers].cash(month) for each in self.businesses if each.owner == owner)
            for owner in owners
        }
        return {
            owner: max(0.0, 1 - self.granted.get(owner, 0) / 100 / dollars) if dollars > 0 else 0.0
            for owner, dollars in cash.items()
        }


@dataclass(frozen=True, slots=True)
class OwnUseIncome:
    """The income of an owner without a cloud: what it sets aside of its older business for this month's hours."""

    account: int
    own_use: OwnUse

    def income(self, month: int) -> float:
        """Dollars this month."""
        return self.own_use.budget[self.account] / 100


class OwnerRentals:
    """Owners without a cloud as renters: they split their hours over the clouds of their region by size and price."""

    def __init__(self, owners: list[Owner], own_use: OwnUse):
        self.owners, self.own_use = owners, own_use

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the owners without a cloud."""
        return cls(parts[Owners].owners, parts[OwnUse])

    @property
    def incomes(self) -> list[OwnUseIncome]:
        """Incomes of all of them."""
        return [OwnUseIncome(owner.account, self.own_use) for owner in self.owners]

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the hours that the money set aside buys at the posted prices."""
        prices = {seller: price for seller, _, price in offers.rows()}
        rows: list[Row] = []
        for owner in self.owners:
            if budget := self.own_use.budget[owner.account]:
                rentals, shares, _ = self.own_use.mix_of(owner)
                rows += spend_on_hours(owner.account, budget, (rentals, shares), prices)
        return Orders.of(rows)

    def receive(self, trades: Trades) -> None:
        """Learn from the hours that were delivered."""
        if self.owners:
            rows = [(buyer, units) for buyer, _, _, _, units, _, _ in trades.rows()]
            accounts = [owner.account for owner in self.owners]
            self.own_use.learn({mine: sum(units for buyer, units in rows if buyer == mine) for mine in accounts})

"""What every firm is, and what the layers of one economy share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import mesa
import numpy as np

from watersellers.agents import answers
from watersellers.agents.news import News
from watersellers.agents.setting import Member, Numbers, Traits
from watersellers.agents.views import SeenByChooser
from watersellers.market.accounts import Accounts
from watersellers.market.backlog import Backlog
from watersellers.market.clock import Clock
from watersellers.market.dice import Chance
from watersellers.market.fleet import Fleets
from watersellers.market.goods import Item
from watersellers.market.ledger import Ledger
from watersellers.market.saved import EVERY_FIELD, Saved
from watersellers.market.shares import ShareRegister
from watersellers.market.units import Column


class Firm(mesa.Agent):
    """A firm of the chain: a name, a place in the books, and the strategies it was given.

    It answers questions and holds no money: its cash is what the ledger says. Each kind of firm is a
    final class with its own traits and its own small record of what it has.
    """

    SAVED: ClassVar[Saved] = {"alive": bool, "price": float, "pivoted": bool}

    TRAITS: ClassVar[type[Traits]]  # the record of numbers that every firm of the kind has

    def __init__(self, model: mesa.Model, member: Member, place: int, records: Sequence[type[Traits]]):
        super().__init__(model)
        self.numbers = Numbers(member.numbers, self.TRAITS, *records)
        self.name, self.key, self.owner, self.region = member.name, member.key, member.owner, member.region
        self.layer, self.founder, self.enters = member.layer, member.founder, member.enters
        self.place = place
        self.strategies: dict[str, Any] = dict(member.strategies)
        self.partners = dict(member.partners)
        self.patron = member.patron
        self.alive = member.enters == 0
        self.price = 0.0  # USD, as posted last
        self.pivoted = False  # sells what pays, and gives nothing away any more

    def change(self, number: str, value: float) -> None:
        """Set one of its numbers, as a dated event does."""
        self.numbers.change(number, value)

    def take_up(self, slot: str, strategy: Any) -> None:
        """Decide by another strategy from now on."""
        self.strategies[slot] = strategy

    def take_partners(self, layer: str, names: tuple[str, ...]) -> None:
        """Buy from these firms of a layer alone from now on; from any where none is named."""
        self.partners[layer] = names

    def post(self, price: float) -> None:
        """Ask a price, in dollars, from now on."""
        self.price = price

    def enter(self) -> None:
        """Come into business."""
        self.alive = True

    def leave(self) -> None:
        """Go out of business."""
        self.alive = False

    def pivot(self) -> None:
        """Sell what pays, and give nothing away any more."""
        self.pivoted = True

    def decide(self, slot: str, seen: object, chance: Chance) -> float:
        """Ask the strategy of a choice for an amount; raises BadAnswer if it is no finite number of 0 or more."""
        return answers.number(f"{self.name}.{slot}", self.strategies[slot], seen, chance)

    def choose(self, seen: SeenByChooser, chance: Chance) -> list[float]:
        """Ask from whom to buy; raises BadAnswer unless there is a share for each offer, adding up to 1."""
        strategy = self.strategies["sourcing"]
        return answers.shares(f"{self.name}.sourcing", strategy, seen, chance, len(seen.price))

    @property
    def traits(self) -> Any:
        """The record of numbers that every firm of its kind has."""
        return self.numbers.core

    @property
    def owner_funds(self) -> float:
        """Dollars a month that its owner grants it at most."""
        return float(self.traits.owner_funds)


@dataclass(frozen=True, slots=True)
class Smoothing:
    """How fast beliefs move: weights of the new in a level and in its growth, and the most taken for a trend."""

    level: float
    growth: float
    most: float  # share a month


@dataclass
class Trend:
    """A level and its growth a month, smoothed (Holt's method with a multiplicative trend, from memory)."""

    level: float
    growth: float = 0.0

    def update(self, value: float, by: Smoothing) -> None:
        """Move the level towards a new value and the growth towards the level's own."""
        before = self.level
        self.level = by.level * value + (1 - by.level) * before * (1 + self.growth)
        if before > 0:
            seen = min(by.most, max(-by.most, self.level / before - 1))
            self.growth += by.growth * (seen - self.growth)


@dataclass
class LastMonth:
    """Results of every account in the last closed month, in whole cents, shape (accounts,); the lag is one month."""

    SAVED: ClassVar[Saved] = EVERY_FIELD

    accounts: int
    revenue: Column = field(init=False)
    costs: Column = field(init=False)
    capital: Column = field(init=False)  # received this month, to tell it from operating cash
    cash_before: Column = field(init=False)
    profit: Column = field(init=False)
    drain: Column = field(init=False)  # change in cash, capital left out

    def __post_init__(self) -> None:
        for name in ("revenue", "costs", "profit", "capital", "cash_before", "drain"):
            setattr(self, name, np.zeros(self.accounts, dtype=np.int64))

    def close(self, ledger: Ledger, month: int) -> None:
        """Note the month's revenue, costs and use of cash before the income items are closed into equity."""
        self.revenue = -ledger.totals[:, Item.REVENUE]
        self.costs = ledger.totals[:, Item.COST_OF_SALES] + ledger.totals[:, Item.OPERATING_COST]
        self.profit = -ledger.totals[:, Item.REVENUE : Item.DIVIDENDS].sum(axis=1)
        cash = ledger.cash
        self.drain = self.cash_before - cash + self.capital
        self.cash_before = cash
        self.capital = np.zeros(self.accounts, dtype=np.int64)

    def note_capital(self, place: int, cents: int) -> None:
        """Note cents that came in this month and were not earned; below 0 where capital was paid back."""
        self.capital[place] += cents

    def open(self, cash: Column) -> None:
        """Note the cash of everybody before the first month."""
        self.cash_before = cash


@dataclass
class Common:
    """What the parts of one economy share: the clock, the registers of machines, orders and shares, and the news."""

    SAVED: ClassVar[Saved] = {"numbers": dict[str, float]}

    accounts: Accounts
    numbers: dict[str, float]  # the scenario's "world" numbers, which events may change
    backlog: Backlog
    fleets: Fleets
    shares: ShareRegister
    news: News
    last: LastMonth
    clock: Clock

    @property
    def month(self) -> int:
        """The month that is being lived, 0 the first."""
        return self.clock.month

    def change(self, number: str, value: float) -> None:
        """Set one of the world's numbers, as a dated event does."""
        self.numbers[number] = value

    @property
    def world(self) -> int:
        """Place of the rest of the world in the books."""
        return self.accounts.index["world"]

    @property
    def smoothing(self) -> Smoothing:
        """How everybody smooths what they see."""
        return Smoothing(self.numbers["level_weight"], self.numbers["growth_weight"], self.numbers["most_growth"])

    def place(self, name: str) -> int:
        """Place of an account in the books."""
        return self.accounts.index[name]


def zeros(common: Common) -> Column:
    """A whole number for each account, all 0."""
    return np.zeros(len(common.accounts), dtype=np.int64)

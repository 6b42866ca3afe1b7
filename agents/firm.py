"""The base of every firm, and the registers that the parts of one economy share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import mesa
import numpy as np

from watersellers.agents import decision_checks as answers
from watersellers.agents.decision_bounds import BOUNDS
from watersellers.agents.information import SeenByChooser
from watersellers.agents.public_information import PublicInformation
from watersellers.agents.scenario_spec import Numbers, ParticipantSpec, Traits
from watersellers.market.accounting.accounts import Accounts
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.accounting.share_register import ShareRegister
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.clock import Clock
from watersellers.market.exact import Column
from watersellers.market.saved import EVERY_FIELD, Saved
from watersellers.market.trade.backlog import Backlog
from watersellers.market.trade.fleet import Fleets
from watersellers.market.write_guard import HOW, ChangedByHand, FixedTable, Guarded


class Firm(Guarded, mesa.Agent):
    """A firm of the chain: a name, an account in the books, and the strategies that it was given.

    It answers questions and holds no money: its cash is what the ledger says. Each kind of firm is a final class with
    its own traits and its own few state variables.
    """

    SAVED: ClassVar[Saved] = {
        **dict.fromkeys(("alive", "pivoted", "withheld", "left_by_owner"), bool),
        "price": float,
        "overridden": list[str],
    }

    TRAITS: ClassVar[type[Traits]]  # the record of numbers that every firm of the kind has

    def __init__(self, model: mesa.Model, member: ParticipantSpec, account_id: int, records: Sequence[type[Traits]]):
        super().__init__(model)
        self.numbers = Numbers(member.numbers, self.TRAITS, *records)
        self.name, self.key, self.owner, self.region = member.name, member.key, member.owner, member.region
        self.layer, self.founder, self.enters = member.layer, member.founder, member.enters
        self.account = account_id
        self.strategies: FixedTable[str, Any] = FixedTable(member.strategies)
        self.partners: FixedTable[str, tuple[str, ...]] = FixedTable(member.partners)
        self.patron = member.patron
        self.alive = member.enters == 0
        self.price = 0.0  # USD, as posted last
        self.pivoted = False  # has stopped free use, marketing and training
        self.withheld = False  # its owner pays it nothing for now
        self.left_by_owner = False  # its owner has lost its shares, and pays it nothing any more
        self.overridden: list[str] = []  # this month's decisions of which a rule changed its strategy's answer

    def obey(self, clock: Clock) -> None:
        """Be guarded with all its numbers, whenever this clock is sealed and stands between two months."""
        super().obey(clock)
        self.numbers.obey(clock)

    def path(self) -> str:
        """Say where in the world it is."""
        return f"{self.layer}.{self.name}"

    def example(self) -> str:
        """Name one of its decisions, or else one of its numbers."""
        known = ("pricing", *self.strategies, *self.numbers.values)
        chosen = next(name for name in known if name in self.strategies or name in self.numbers.values)
        return f"{self.path()}.{chosen}"

    def remove(self) -> None:
        """Refuse to leave the model: the books keep its account to the end.

        Raises
        ------
        ChangedByHand
            Always.
        """
        without = f'World(..., set={{"remove": ["{self.name}"]}}) makes a world without it'
        raise ChangedByHand(f"{self.path()}: a firm can't be removed, for its books stay open; {without}, and {HOW}")

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle it as what it is: the firm of this name in its world."""
        return _firm_of, (self.model, self.name)

    def change(self, number: str, value: float) -> None:
        """Set one of its numbers, as a scenario event does."""
        self.numbers.change(number, value)

    def take_up(self, decision: str, strategy: Any) -> None:
        """Adopt another strategy for a decision."""
        self.strategies = self.strategies.changed(decision, strategy)

    def take_partners(self, layer: str, names: tuple[str, ...]) -> None:
        """Buy only from these firms of a layer from now on, or from any firm if none is named."""
        self.partners = self.partners.changed(layer, names)

    def post(self, price: float) -> None:
        """Post a price in dollars, which stands until the next one."""
        self.price = price

    def enter(self) -> None:
        """Start business."""
        self.alive, self.left_by_owner = True, False

    def leave(self) -> None:
        """Go out of business."""
        self.alive = False

    def pivot(self) -> None:
        """Stop all that earns nothing: free use, marketing, training."""
        self.pivoted = True

    def withhold(self, withheld: bool) -> None:
        """Note whether its owner pays it nothing for now."""
        self.withheld = withheld

    def lose_owner(self) -> None:
        """Note that its owner has lost its shares: it pays it nothing any more."""
        self.withheld, self.left_by_owner = False, True

    def override(self, decision: str, changed: bool = True) -> None:
        """Note that a rule changed what its strategy answered to a decision this month, if it did."""
        if changed and decision not in self.overridden:
            self.overridden.append(decision)

    def end_month(self) -> None:
        """Forget the decisions that were overridden this month."""
        self.overridden = []

    def decide(self, decision: str, seen: object, chance: Chance) -> float:
        """Ask the strategy of a decision for an amount; raise BadAnswer unless it is inside the decision's bounds."""
        bound = BOUNDS[f"{self.layer}.{decision}"]
        return answers.number(f"{self.name}.{decision}", bound, self.strategies[decision], seen, chance)

    def choose(self, seen: SeenByChooser, chance: Chance) -> list[float]:
        """Ask from whom to buy; raise BadAnswer unless each offer gets a share and the shares add up to 1."""
        strategy = self.strategies["sourcing"]
        return answers.shares(f"{self.name}.sourcing", strategy, seen, chance, len(seen.price))

    @property
    def traits(self) -> Any:
        """The record of numbers that every firm of its kind has."""
        return self.numbers.core

    @property
    def cash(self) -> float:
        """Dollars in its account, as the ledger of its world says."""
        return float(self.model.parts.ledger.totals[self.account, Item.CASH]) / 100

    @property
    def owner_funds(self) -> float:
        """Dollars per month that its owner grants it at most."""
        return 0.0 if self.withheld or self.left_by_owner else float(self.traits.owner_funds)


def _firm_of(model: Any, name: str) -> Firm:
    """Find a firm of a model by its name."""
    found: Firm = next(firm for firm in model.agents if firm.name == name)
    return found


@dataclass(frozen=True, slots=True)
class Smoothing:
    """How fast forecasts move: weights of a new value in the level and in its growth, and the largest growth."""

    level: float
    growth: float
    most: float  # share per month


@dataclass
class Trend:
    """A level and its growth per month, smoothed (Holt's method with a multiplicative trend, from memory)."""

    level: float
    growth: float = 0.0

    def update(self, value: float, by: Smoothing) -> None:
        """Move the level towards a new value, and the growth towards the growth of the level."""
        before = self.level
        self.level = by.level * value + (1 - by.level) * before * (1 + self.growth)
        if before > 0:
            seen = min(by.most, max(-by.most, self.level / before - 1))
            self.growth += by.growth * (seen - self.growth)


@dataclass
class LastMonth:
    """Results of every account in the last closed month, in whole cents, shape (accounts,): the lag is one month."""

    SAVED: ClassVar[Saved] = EVERY_FIELD

    accounts: int
    revenue: Column = field(init=False)
    costs: Column = field(init=False)
    capital: Column = field(init=False)  # received this month, to separate it from operating cash
    cash_before: Column = field(init=False)
    profit: Column = field(init=False)
    dividends: Column = field(init=False)  # paid out
    gross: Column = field(init=False)  # revenue less the cost of what was sold
    drain: Column = field(init=False)  # cash burned: the fall in cash, capital left out

    def __post_init__(self) -> None:
        for name in ("revenue", "costs", "dividends", "profit", "gross", "capital", "cash_before", "drain"):
            setattr(self, name, np.zeros(self.accounts, dtype=np.int64))

    def close(self, ledger: Ledger, month: int) -> None:
        """Record the month's revenue, costs and use of cash before the income items are closed into equity."""
        self.revenue = -ledger.totals[:, Item.REVENUE]
        self.gross = self.revenue - ledger.totals[:, Item.COST_OF_SALES]
        self.costs = ledger.totals[:, Item.COST_OF_SALES] + ledger.totals[:, Item.OPERATING_COST]
        self.dividends = ledger.totals[:, Item.DIVIDENDS].copy()
        self.profit = -ledger.totals[:, Item.REVENUE : Item.DIVIDENDS].sum(axis=1)
        cash = ledger.cash
        self.drain = self.cash_before - cash + self.capital
        self.cash_before = cash
        self.capital = np.zeros(self.accounts, dtype=np.int64)

    def note_capital(self, account_id: int, cents: int) -> None:
        """Note cents of capital that an account received this month; below 0 where it paid capital back."""
        self.capital[account_id] += cents

    def open(self, cash: Column) -> None:
        """Note the cash of all accounts before the first month."""
        self.cash_before = cash


@dataclass
class Registers(Guarded):
    """Registers that the parts of one economy share: accounts, machines, orders, shares, clock, public information."""

    SAVED: ClassVar[Saved] = {"numbers": dict[str, float]}

    accounts: Accounts
    numbers: dict[str, float]  # the scenario's "world" numbers, which events may change
    backlog: Backlog
    fleets: Fleets
    shares: ShareRegister
    public: PublicInformation
    last: LastMonth
    clock: Clock

    @property
    def month(self) -> int:
        """The current month; the first is 0."""
        return self.clock.month

    def path(self) -> str:
        """Say where in the world it is."""
        return "world"

    def change(self, number: str, value: float) -> None:
        """Set one of the world's numbers, as a scenario event does."""
        self.numbers = FixedTable({**self.numbers, number: value})

    @property
    def world(self) -> int:
        """Account number of the rest of the world."""
        return self.accounts.index["world"]

    @property
    def smoothing(self) -> Smoothing:
        """The smoothing that all firms and investors use."""
        return Smoothing(self.numbers["level_weight"], self.numbers["growth_weight"], self.numbers["most_growth"])

    def account_id(self, name: str) -> int:
        """Number of the account with a name."""
        return self.accounts.index[name]


def zeros(registers: Registers) -> Column:
    """Return a column of zeros, int64, shape (accounts,)."""
    return np.zeros(len(registers.accounts), dtype=np.int64)

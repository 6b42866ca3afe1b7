"""What every firm is, and what everybody can read: last month's results and the market's public figures."""

from dataclasses import dataclass, field
from typing import Any

import mesa
import numpy as np

from agents import answers
from agents.setting import Member
from agents.views import SeenByChooser
from market.accounts import Accounts
from market.backlog import Backlog
from market.dice import Chance
from market.fleet import Fleets
from market.goods import MILLION, TOKENS, Item
from market.ledger import Ledger
from market.shares import ShareRegister
from market.tariffs import Tariff
from market.units import Column, nano


class Firm(mesa.Agent):
    """A firm of the chain: a name, a place in the books, and the strategies it was given.

    It answers questions and holds no money: its cash is what the ledger says. Each kind of firm is a
    final class with its own traits and its own small record of what it has.
    """

    def __init__(self, model: mesa.Model, member: Member, place: int):
        super().__init__(model)
        self.name, self.key, self.owner, self.region = member.name, member.key, member.owner, member.region
        self.layer, self.founder, self.enters = member.layer, member.founder, member.enters
        self.place = place
        self.strategies: dict[str, Any] = dict(member.strategies)
        self.partners = dict(member.partners)
        self.patron = member.patron
        self.alive = member.enters == 0
        self.price = 0.0  # USD, as posted last
        self.pivoted = False  # sells what pays, and gives nothing away any more
        self.traits: Any  # each kind's own frozen record of numbers

    def decide(self, slot: str, seen: object, chance: Chance) -> float:
        """Ask the strategy of a choice for an amount; raises BadAnswer if it is no finite number of 0 or more."""
        return answers.number(f"{self.name}.{slot}", self.strategies[slot], seen, chance)

    def choose(self, seen: SeenByChooser, chance: Chance) -> list[float]:
        """Ask from whom to buy; raises BadAnswer unless there is a share for each offer, adding up to 1."""
        strategy = self.strategies["sourcing"]
        return answers.shares(f"{self.name}.sourcing", strategy, seen, chance, len(seen.price))

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


@dataclass(frozen=True, slots=True)
class Purchase:
    """What one customer buys of a seller's good: units from this seller, and these as a share of all it buys."""

    amount: float
    share: float


@dataclass(frozen=True, slots=True)
class Product:
    """A vendor's product sheet of this month, as every buyer of machines reads it."""

    vendor: int
    region: str
    owner: str
    exports: bool  # sells outside its own region
    price: float  # USD an accelerator
    hours: int  # H100-equivalent hours a month that a unit gives
    software: float  # share of the hours that users can make use of
    lock_in: float  # worth of staying, in the logit's units
    sensitivity: float  # of buyers to the logarithm of price for performance
    capacity: float  # accelerators a month
    wait: float  # months until what is ordered now comes
    power: float  # of an hour of capacity, over that of the opening machines

    @property
    def millionths(self) -> int:
        """Power in millionths, as the register of machines keeps it."""
        return round(self.power * MILLION)


@dataclass(frozen=True, slots=True)
class Rental:
    """A cloud's public offer of hours."""

    cloud: int
    region: str
    owner: str
    sells: bool  # to outsiders; inside its group a cloud always sells
    price: float  # USD a GPU-hour
    capacity: int  # hours


@dataclass(frozen=True, slots=True)
class Card:
    """A price card for tokens, and the model behind it."""

    lab: int  # or a cloud that hosts open weights
    region: str
    owner: str
    quality: float
    price: float  # USD a million output tokens, the mean over day and night
    query_weights: tuple[float, float, float]  # price of a cached, an input and an output token over that of output
    lock_in: float
    refuses: bool = False  # sells to those alone who are admitted
    admitted: tuple[int, ...] = ()  # customers, by place
    free: float = 0.0  # million output tokens a customer and month that cost nothing

    def sells_to(self, customer: int) -> bool:
        """Whether a customer, by its place, is sold any tokens this month."""
        return not self.refuses or customer in self.admitted

    def offers(self) -> list[tuple[int, int, int]]:
        """The price of each kind of token, as posted."""
        weighed = zip(TOKENS, self.query_weights, strict=True)
        return [(self.lab, good, nano(self.price * weight)) for good, weight in weighed]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an app offers users this month."""

    app: int
    key: int
    regions: tuple[str, ...]
    price: float  # USD a seat and month
    quota: int  # free queries a user and month
    appeal: float
    quality: float
    ad_load: float  # slots a free query
    trust: float
    served: float  # share of queries answered last month
    marketing: float  # USD this month
    captive: float  # share of people a month that meet it in its owner's other product
    device_habit: float  # utility of its assistant to who has its device


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """What an app asks of enterprises that call its answers."""

    app: int
    regions: tuple[str, ...]
    quality: float
    tariff: Tariff


@dataclass(frozen=True, slots=True)
class Box:
    """An appliance on sale: machines with a model in them, that enterprises run themselves."""

    app: int
    regions: tuple[str, ...]
    price: float  # USD
    hours: float  # H100-equivalent hours a month that its machines give
    output: float  # output tokens an hour
    work: tuple[float, float, float]  # of a cached, an input and an output token, in output tokens
    quality: float


@dataclass(frozen=True, slots=True)
class StaffSeat:
    """What an app asks of enterprises for a seat of their staff."""

    app: int
    regions: tuple[str, ...]
    price: float  # USD a seat and month
    use: float  # queries a seat and month
    quality: float


@dataclass
class News:
    """What everybody can read: figures that nobody keeps secret, as of this month's prices or last month's trade."""

    products: list[Product] = field(default_factory=list)
    rentals: list[Rental] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    answers: list[AnswerCard] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    seats: list[StaffSeat] = field(default_factory=list)
    searches: dict[int, Tariff] = field(default_factory=dict)  # by the app that sells them
    use: float = 1.0  # hours asked of all clouds last month over hours they had
    hour_worth: float = 0.0  # USD: present value of an hour a month of capacity over a machine's life
    hour_running: float = 0.0  # USD: what power and site take of that, for machines as hungry as the opening ones
    machines_bought: dict[int, list[Purchase]] = field(default_factory=dict)  # by vendor; hours a month of capacity
    frontier: float = 0.0  # knowledge of the best lab, effective GPU-hours

    def worth_at(self, power: float) -> float:
        """Dollars of an hour a month of capacity that takes ``power`` of what the opening machines take."""
        return self.hour_worth + (1 - power) * self.hour_running


@dataclass
class Common:
    """What the layers of one economy share: the register of machines, orders and shares, the news, the month."""

    accounts: Accounts
    numbers: dict[str, float]  # the scenario's "world" numbers, which events may change
    backlog: Backlog
    fleets: Fleets
    shares: ShareRegister
    news: News
    last: LastMonth
    month: int = 0

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


def elasticity(bought: list[Purchase], own: float, market: float) -> float:
    """Own-price elasticity that a seller faces: its buyers' elasticities weighted by what they buy from it.

    A buyer that gives the seller a share s of its purchases by a logit in the logarithm of price answers
    with own x (1 - s) by going elsewhere and market x s by buying less.

    Parameters
    ----------
    bought : list of Purchase
        What each buyer buys from this seller.
    own, market : float
        Sensitivity to relative price, and elasticity of the buyers' total, both positive.
    """
    total = sum(one.amount for one in bought)
    if total <= 0:
        return own
    return sum(one.amount * (own * (1 - one.share) + market * one.share) for one in bought) / total

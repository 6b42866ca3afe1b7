"""Chapters 4 and 5.4 of the rules: participants, their numbers, and their state on the first morning."""

import math

import numpy as np

from tests.oracle.economy.books import CHIP_STOCK, WORLD
from watersellers.agents.scenario_spec import ParticipantSpec

CHAIN = ("chips", "cloud", "labs", "apps")
FREE, PAID, NONE = 0, 1, -1


class Trend:  # 7.3
    def __init__(self, level: float, growth: float) -> None:
        self.level = level
        self.growth = growth

    def update(self, value: float, weights: tuple[float, float, float]) -> None:
        level_weight, growth_weight, most = weights
        last_level = self.level
        self.level = level_weight * value + (1 - level_weight) * last_level * (1 + self.growth)
        if last_level > 0:
            rise = min(most, max(-most, self.level / last_level - 1))
            self.growth = self.growth + growth_weight * (rise - self.growth)


class Participant:
    """A member of a group of the scenario; its ``key`` breaks ties, and events change its ``numbers``."""

    def __init__(self, member: ParticipantSpec) -> None:
        self.name = member.name
        self.key = member.key
        self.owner = member.owner or member.name
        self.region = member.region
        self.enters = member.enters
        self.founder = member.founder
        self.numbers = dict(member.numbers)
        self.strategies = dict(member.strategies)
        self.partners = dict(member.partners)
        self.backer = member.patron
        self.account = -1
        self.months_owing = 0
        self.billed = 0  # cents while it owes, 9.42
        self.paid_seats = 0  # that people of a region ordered last month (7.5)


class Firm(Participant):
    """A firm of any layer, as it is on the first morning (5.4)."""

    def __init__(self, member: ParticipantSpec) -> None:
        super().__init__(member)
        self.alive = member.enters == 0
        self.holders: dict[int, int] = {}
        self.revenue, self.burn = Trend(0, 0), Trend(0, 0)
        self.last_round: int | None = None
        self.mark = 1 / 100 if member.enters else None  # USD per share at its last round
        self.wound_up = self.failure_seen = False  # seen: its investor has reacted to its winding up
        self.left: int | None = None  # month in which it was wound up last
        self.months_seen, self.revenue_seen = 0, 0.0  # of evidence on its revenue, and USD a year in their sum (7.3)
        self.gross, self.gross_seen, self.forecast, self.told = Trend(0, 0), 0.0, Trend(0, 0), (0.0, 0.0)  # 9.62, 9.63
        self.price = 0.0
        self.pivoted = self.withheld = self.abandoned = False  # its owner pays it nothing for now, or any more (9.69)
        self.worth_asked: float | None = None  # USD that its owner's stake has to be worth

    @property
    def grant(self) -> float:
        return 0.0 if self.withheld or self.abandoned else self.numbers.get("owner_funds", 0.0)

    def may_buy_from(self, layer: str, other: str, region: str) -> bool:
        """Whether the other firm is on the list or, without a list, in the region."""
        listed = self.partners.get(layer)
        return other in listed if listed else region == self.region


class Vendor(Firm):
    def __init__(self, member: ParticipantSpec) -> None:
        super().__init__(member)
        self.price = self.numbers["opening_price"]
        self.capacity = self.numbers["opening_capacity"] if self.alive else 0.0
        self.orders = Trend(self.numbers["opening_capacity"], self.numbers["opening_growth"])
        self.made = 0  # machines made so far, opening machines included
        self.output: list[int] = []  # machines made in each month with capacity
        self.room: list[int] = []  # their capacity in whole machines
        self.newly_ordered, self.given_up = 0, 0.0  # machines ordered, capacity given up
        self.choices: list[tuple[float, float]] = []  # of each buyer: hours wanted, share chosen
        self.pipeline: list[tuple[int, float]] = []
        if not self.alive:
            return
        months, growth = range(int(self.numbers["opening_lead"])), self.numbers["opening_pipeline"]
        level = [self.capacity * (1 + growth) ** month for month in months]
        self.pipeline = [(month, level[month] - level[month - 1]) for month in range(1, len(level))]


class Cloud(Firm):
    def __init__(self, member: ParticipantSpec) -> None:
        super().__init__(member)
        self.price = self.numbers["opening_price"]
        self.asked = Trend(self.numbers["opening_hours"], self.numbers["opening_growth"])
        self.asked_last, self.called_last = 0, 0
        self.capacity = 0
        self.spendable = 0  # cents
        self.chip_share: dict[str, float] = {}
        self.order_inflation = 1.0
        self.months_late = 0
        self.fill_rate = 1.0
        self.token_load = 0.0  # 9.7
        self.token_hours = 0
        self.own_hours = 0.0  # of its owner's older business, 7.9
        self.experience = 0.0
        self.set_aside = 0  # cents

    @property
    def hosting(self) -> int:
        return min(self.token_hours, self.capacity)

    @property
    def used_share(self) -> float:
        return self.asked_last / self.capacity if self.capacity else 0.0


class Lab(Firm):
    def __init__(self, member: ParticipantSpec) -> None:
        super().__init__(member)
        self.ahead = {"training": 0.0, "serving": 0.0}  # months of progress by breakthroughs (9.60)
        self.begin()

    def begin(self) -> None:
        self.price = self.numbers["opening_price"]
        self.knowledge = self.numbers["knowledge"]
        self.released = [(self.knowledge, 0.0, 0.0)]  # knowledge, luck and speed, the newest first (9.49)
        self.last_release, self.months_on_sale = self.numbers["release"], 0
        self.withdrawn: list[int] = []  # places of models that it does not sell until its next release
        self.loads, self.other_prices = {0: self.numbers["opening_load"] * self.companies}, dict[int, float]()  # 9.48
        self.budget = self.numbers["opening_budget"] * self.companies
        self.trained, self.hours_used, self.served = 0, 0, 1.0
        self.faster: dict[int, float] = {}  # by place: speed of an open model as good, over its own (7.4)
        self.moved = 0  # hours of training that serve
        self.cloud_share: dict[str, float] = {}
        self.hour_price = 0.0

    @property
    def in_model(self) -> float:
        """What it knew at its last release."""
        return self.released[0][0]

    @property
    def companies(self) -> float:
        return 1 + self.numbers["twins"]

    @property
    def half_load(self) -> float:
        return self.numbers["half_load"] * self.companies

    @property
    def quality(self) -> float:
        return math.log1p(self.in_model / self.numbers["knowledge_unit"]) + self.released[0][1]


class App(Firm):
    def __init__(self, member: ParticipantSpec) -> None:
        super().__init__(member)
        self.distrust = 0.0
        self.page_account = 0  # account of its owner's result pages, 0 if there is none (9.29)
        self.made: dict[int, int] = {}
        self.begin()

    def begin(self) -> None:
        self.price, self.query_price = self.numbers["list_price"], 0.0  # of a seat, and of a query (9.71)
        self.quota = self.numbers["list_quota"]
        self.marketing, self.ad_load = self.numbers["list_marketing"], 0.0  # 9.66
        self.lab_share: dict[str, float] = {}
        self.quality = 0.0
        self.query_cost = 0.0
        self.effort, self.reasoned = 1.0, 0.0  # 9.43
        self.seats = 0
        self.asked_paid = 0
        self.asked_free = 0
        self.served_paid = 0
        self.served_free = 0
        self.shown: dict[str, int] = {}  # free queries answered, by region
        self.asked_calls = 0  # 9.12
        self.served_calls = 0
        self.own_calls = 0  # 9.11
        self.devices = 0  # sold this month, 9.26
        self.staff_price = 0.0  # 9.25
        self.asked_staff = 0
        self.served_staff = 0
        self.spendable = 0  # cents, 9.24
        self.appliances_asked = 0
        self.appliances_sold = 0
        self.appliances_cost = 0  # cents
        self.sold_calls = 0
        self.search_cost = 0.0
        self.pages = self.asked_pages = self.served_pages = 0
        self.page_price = 0.0
        self.model: Lab | None = None  # 9.21
        self.hosted_share = 0.0
        self.own_queries = 0
        self.host_hours = 0
        self.hour_price = 0.0
        self.cloud_share: dict[str, float] = {}
        self.chip_share: dict[str, float] = {}
        self.capacity = 0

    def offered(self, region: str) -> bool:
        return self.alive and self.numbers[region] > 0


class Investor(Participant):
    def __init__(self, member: ParticipantSpec) -> None:
        super().__init__(member)
        self.hype = self.usual = 1.0
        self.returns = Trend(0.0, 0.0)
        self.stakes: dict[str, tuple[int, float]] = {}
        self.dividends = self.proceeds = self.signed = self.called = self.returned = 0  # cents (9.61)
        self.given: dict[str, int] = {}  # shares that it had on the first day, by firm


class Owner(Participant):
    """An owner without a cloud (7.9)."""

    def __init__(self, member: ParticipantSpec) -> None:
        super().__init__(member)
        self.own_hours = 0.0
        self.experience = 0.0
        self.set_aside = 0  # cents


class State(Participant):
    """A state with a programme (7.5)."""

    def __init__(self, member: ParticipantSpec) -> None:
        super().__init__(member)
        self.purse = 0  # cents


class Enterprise(Participant):
    """The enterprises of a region."""

    def __init__(self, member: ParticipantSpec) -> None:
        super().__init__(member)
        self.chip_share: dict[str, float] = {}
        self.firms: dict[str, float] = {}  # as the next three by the name of the segment (7.3, 7.5)
        self.depth: dict[str, float] = {}
        self.gain: dict[str, float] = {}
        self.handed: dict[str, float] = {}  # hours
        self.wishes: list[float] = []  # USD, by card
        self.felt: list[tuple[float, float]] = []  # answers to price and quality, times these (9.53)
        self.crossed: list[list[float]] = []  # answers to the other cards' prices, times these (9.53)
        self.diverted: list[list[float]] = []  # dollars for other cards without one (9.58)
        self.wanted = self.grant = self.purse = self.models_grant = 0.0  # USD (7.9), the last for own models


class User:
    def __init__(self, region: Participant, key: int) -> None:
        self.region = region
        self.key = key
        self.weight = 0
        self.worth = np.float32(0)
        self.likes = np.float32(0)  # deviate of its willingness to pay
        self.barred_until = 0  # month, 9.42
        self.use = 0
        self.log_use = np.float32(0)
        self.app = NONE
        self.tier = FREE
        self.friends: list[User] = []  # (9.28)
        self.further: list[tuple[int, int]] = []  # further apps in use, and their tiers (9.27)
        self.taste: list[np.float32] = []
        self.known: list[bool] = []
        self.devices: set[int] = set()  # numbers of the apps whose devices the user has, 9.26


class Lot:
    """Machines of one owner that were delivered together (7.2)."""

    def __init__(
        self, owner: Cloud | App | Enterprise, opens: int, life: int, units: int, hours: int, cost: int, book: int
    ) -> None:
        self.owner = owner
        self.vendor = WORLD  # account of the maker
        self.service_life = life  # months
        self.power = 1_000_000  # in millionths of the power of opening machines
        self.opens = opens
        self.life = life
        self.units = units
        self.hours = hours  # per unit and month
        self.cost = cost
        self.book = book
        self.basis = cost  # cost from which it depreciates; an impairment resets it
        self.worn = 0


class Pending:
    """The open order of one buyer at one vendor (7.5, Machines are called off)."""

    def __init__(self) -> None:
        self.units = 0
        self.value = 0  # nano-dollars
        self.item = CHIP_STOCK

"""Sections 4 and 5 of the decision log: who is there, with what, on the first morning."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.oracle.arithmetic import cents, exp32, hashed, nano, normal, split, straight_line, uniform
from tests.oracle.books import CASH, CHIP_STOCK, EQUITY, FLEET, GOOD, LENDERS, OLDER, WORLD, Books, Deal, Order, Row
from watersellers.agents.setting import Member, Setting

CHAIN = ("chips", "cloud", "labs", "apps")
FREE, PAID, NONE = 0, 1, -1


class Trend:  # 7.3
    def __init__(self, level: float, growth: float) -> None:
        self.level = level
        self.growth = growth

    def update(self, value: float, weights: tuple[float, float, float]) -> None:
        level_weight, growth_weight, most = weights
        before = self.level
        self.level = level_weight * value + (1 - level_weight) * before * (1 + self.growth)
        if before > 0:
            seen = min(most, max(-most, self.level / before - 1))
            self.growth = self.growth + growth_weight * (seen - self.growth)


class Party:
    """A member of a group; ``n`` are its numbers, which events change."""

    def __init__(self, member: Member) -> None:
        self.name = member.name
        self.key = member.key
        self.owner = member.owner or member.name
        self.region = member.region
        self.enters = member.enters
        self.founder = member.founder
        self.n = dict(member.numbers)
        self.strategies = dict(member.strategies)
        self.partners = dict(member.partners)
        self.patron = member.patron
        self.place = -1


class Firm(Party):
    """Section 5.4: what a firm of any layer knows on the first morning."""

    def __init__(self, member: Member) -> None:
        super().__init__(member)
        self.alive = member.enters == 0
        self.months_owing = 0
        self.holders: dict[int, int] = {}
        self.revenue = Trend(0, 0)
        self.burn = Trend(0, 0)
        self.last_round: int | None = None
        self.mark = 1 / 100 if member.enters else None  # USD a share at its last round
        self.wound_up = False
        self.mourned = False  # its pool has seen that it was wound up
        self.price = 0.0
        self.pivoted = False

    @property
    def backed(self) -> bool:
        return self.n.get("owner_funds", 0.0) > 0

    def may_buy_from(self, layer: str, other: str, region: str) -> bool:
        """Whether the other is on the list or, without a list, in the region."""
        listed = self.partners.get(layer)
        return other in listed if listed else region == self.region


class Vendor(Firm):
    def __init__(self, member: Member) -> None:
        super().__init__(member)
        self.price = self.n["opening_price"]
        self.capacity = self.n["opening_capacity"] if self.alive else 0.0
        self.orders = Trend(self.n["opening_capacity"], self.n["opening_growth"])
        self.made = 0  # machines so far, those there at the start included
        self.noted = 0  # machines ordered since the last expectations
        self.bought: list[tuple[float, float]] = []  # who chose its machines: hours wanted of it, share
        if not self.alive:
            self.pipeline: list[tuple[int, float]] = []
            return
        level = [self.capacity * (1 + self.n["opening_pipeline"]) ** m for m in range(int(self.n["lead"]))]
        self.pipeline = [(m, level[m] - level[m - 1]) for m in range(1, len(level))]


class Cloud(Firm):
    def __init__(self, member: Member) -> None:
        super().__init__(member)
        self.price = self.n["opening_price"]
        self.asked = Trend(self.n["opening_hours"], self.n["opening_growth"])
        self.asked_last = 0
        self.capacity = 0
        self.purse = 0  # cents
        self.chip_share: dict[str, float] = {}
        self.padding = 1.0
        self.months_late = 0
        self.ration = 1.0
        self.deals: list[Deal] = []  # hours sold in the last phase 6
        self.token_load = 0.0  # 9.7
        self.token_hours = 0

    @property
    def hosting(self) -> int:
        return min(self.token_hours, self.capacity)

    @property
    def used_share(self) -> float:
        return self.asked_last / self.capacity if self.capacity else 0.0


class Lab(Firm):
    def __init__(self, member: Member) -> None:
        super().__init__(member)
        self.price = self.n["opening_price"]
        self.knowledge = self.n["knowledge"]
        self.load = self.n["opening_load"]
        self.budget = self.n["opening_budget"]
        self.trained = 0
        self.hours_used = 0
        self.served = 1.0
        self.moved = 0  # hours of training that serve
        self.cloud_share: dict[str, float] = {}
        self.hour_price = 0.0

    @property
    def quality(self) -> float:
        return math.log1p(self.knowledge / self.n["knowledge_unit"])


class App(Firm):
    def __init__(self, member: Member) -> None:
        super().__init__(member)
        self.price = self.n["list_price"]
        self.quota = self.n["list_quota"]
        self.distrust = 0.0
        self.marketing = self.n["list_marketing"]
        self.lab_share: dict[str, float] = {}
        self.quality = 0.0
        self.query_cost = 0.0
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
        self.purse = 0  # cents, 9.24
        self.boxes_asked = 0
        self.boxes_sold = 0
        self.boxes_cost = 0  # cents
        self.sold_calls = 0
        self.search_cost = 0.0
        self.line = 0  # the place of its owner's older business, 0 where there is none (9.29)
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
        self.purse = 0
        self.made: dict[int, int] = {}

    def offered(self, region: str) -> bool:
        return self.alive and self.n[region] > 0


class Investor(Party):
    def __init__(self, member: Member) -> None:
        super().__init__(member)
        self.hype = 1.0
        self.usual = 1.0
        self.returns = Trend(0.0, 0.0)
        self.stakes: dict[str, tuple[int, float]] = {}
        self.dividends = 0


class Enterprise(Party):
    """The enterprises of a region."""

    def __init__(self, member: Member) -> None:
        super().__init__(member)
        self.chip_share: dict[str, float] = {}


class User:
    def __init__(self, region: Party, key: int) -> None:
        self.region = region
        self.key = key
        self.weight = 0
        self.worth = np.float32(0)
        self.use = 0
        self.log_use = np.float32(0)
        self.app = NONE
        self.tier = FREE
        self.friends: list[User] = []  # (9.28)
        self.further: list[tuple[int, int]] = []  # other apps in use, and their tiers (9.27)
        self.taste: list[np.float32] = []
        self.known: list[bool] = []
        self.devices: set[int] = set()  # apps whose device it has, 9.26


class Lot:
    """Machines that came together (7.2)."""

    def __init__(
        self, owner: Cloud | App | Enterprise, opens: int, life: int, units: int, hours: int, cost: int, book: int
    ) -> None:
        self.owner = owner
        self.vendor = WORLD  # who made them
        self.serves = life  # months
        self.power = 1_000_000  # millionths of what the opening machines take
        self.opens = opens
        self.life = life
        self.units = units
        self.hours = hours  # a unit and month
        self.cost = cost
        self.book = book
        self.basis = cost  # from which it wears, set when some months of its life were worn
        self.worn = 0


class Pending:
    """What one buyer has on order at one vendor (7.5, Machines are called)."""

    def __init__(self) -> None:
        self.units = 0
        self.value = 0  # nano-dollars
        self.item = CHIP_STOCK


class Economy:
    def __init__(self, setting: Setting, users: int, seed: int) -> None:
        self.setting = setting
        self.seed = seed
        self.month = 0
        self.n = dict(setting.numbers)
        self.books = Books()
        self.vendors = [Vendor(member) for member in ordered(setting, "chips")]
        self.clouds = [Cloud(member) for member in ordered(setting, "cloud")]
        self.labs = [Lab(member) for member in ordered(setting, "labs")]
        self.apps = [App(member) for member in ordered(setting, "apps")]
        self.investors = [Investor(member) for member in ordered(setting, "investors")]
        self.regions = [Party(member) for member in ordered(setting, "users")]
        self.enterprises = [Enterprise(member) for member in ordered(setting, "enterprises")]
        self.advertisers = [Party(member) for member in ordered(setting, "advertisers")]
        self.firms: list[Firm] = [*self.vendors, *self.clouds, *self.labs, *self.apps]
        self.keys = [1, 2, 3]
        self.place_accounts()
        self.lots: list[Lot] = []
        self.contracts: list[Any] = []  # 9.4
        self.boxed: list[dict[str, Any]] = []  # lots of appliances, 9.24
        self.staff_seats: list[App] = []  # who sells seats to enterprises this month
        self.boxes: list[dict[str, Any]] = []  # on sale this month
        self.idle: dict[tuple[int, int], int] = {}  # 9.22: hours by cloud and lab
        self.backlog: dict[tuple[int, int], Pending] = {}
        self.use = 1.0
        self.hour_worth = 0.0
        self.hour_running = 0.0
        self.frontier = 0.0
        self.spending: dict[str, float] = {}  # what apps spend on marketing this month, by name
        self.hosted: Lab | None = None  # whose open model hosts serve
        self.sheets: dict[str, dict[str, Any]] = {}
        self.rentals: dict[str, dict[str, Any]] = {}
        self.cards: dict[str, dict[str, Any]] = {}
        self.last: dict[int, dict[str, int]] = {}
        self.capital: dict[int, int] = {}
        self.asked: dict[str, list[Order]] = {}  # this month's orders by market
        self.deals: dict[str, list[Deal]] = {}  # the last deals by market
        self.users = [user for region, n in self.rows(users) for user in draw_region(self, region, n)]

    def place_accounts(self) -> None:
        """3.1: accounts sorted by key."""
        outside: list[Party] = [*self.regions, *self.enterprises, *self.advertisers, *self.investors]
        parties: list[Party] = [*outside, *self.firms]
        paged = [app for app in self.apps if app.n["opening_pages"] > 0]
        self.keys = sorted([*self.keys, *(party.key for party in parties), *(10**9 + app.key for app in paged)])
        for app in paged:
            app.line = self.keys.index(10**9 + app.key)
        for party in parties:
            party.place = self.keys.index(party.key)
        self.owners = {party.place: party.owner for party in self.firms}
        self.firm_at = {firm.place: firm for firm in self.firms}

    def rows(self, users: int) -> list[tuple[Party, int]]:
        weights = [round(region.n["sample"] * 1_000_000) for region in self.regions]
        more = split(users - len(self.regions), weights, [region.key for region in self.regions])
        return [(region, 1 + n) for region, n in zip(self.regions, more, strict=True)]

    def hash(self, purpose: str, *keys: int) -> int:
        return hashed(self.seed, self.month, purpose, *keys)

    def settle_order(self, place: int) -> int:  # 3.4
        return self.hash("settle", self.keys[place])

    def committed(self, buyer: int) -> int:
        """Nano-dollars of all that a buyer has on order."""
        return sum(pending.value for (one, _), pending in self.backlog.items() if one == buyer)

    def on_order(self, buyer: int) -> int:
        """Hours a month of all that a buyer has on order, at this month's product sheets."""
        waiting = [(place, pending.units) for (one, place), pending in self.backlog.items() if one == buyer]
        sheets = {sheet["vendor"].place: sheet["hours"] for sheet in self.sheets.values()}
        return sum(units * sheets.get(place, 0) for place, units in waiting)

    def waiting(self, vendor: Vendor) -> int:
        """All machines that a vendor owes."""
        return sum(pending.units for (_, seller), pending in self.backlog.items() if seller == vendor.place)

    def place_order(self, buyer: int, vendor: Vendor, item: int, units: int, price: int) -> None:
        pending = self.backlog.setdefault((buyer, vendor.place), Pending())
        pending.item = item
        pending.units += units
        pending.value += units * price

    def last_month(self, party: Party, what: str) -> int:
        return self.last[party.place][what]

    @property
    def smoothing(self) -> tuple[float, float, float]:
        return self.n["level_weight"], self.n["growth_weight"], self.n["most_growth"]


def ordered(setting: Setting, group: str) -> list[Member]:
    return sorted(setting.groups[group], key=lambda member: member.key)


def alive[F: Firm](firms: Sequence[F]) -> list[F]:
    return [firm for firm in firms if firm.alive]


# --- 5.1 Entries ---


def open_books(e: Economy) -> None:
    grant(e, WORLD, CASH, cents(e.n["world_cash"]))
    grant(e, LENDERS, CASH, cents(e.n["lenders_cash"]))
    for investor in e.investors:
        grant(e, investor.place, CASH, cents(investor.n["opening_cash"]))
    for firm in alive(e.firms):
        grant(e, firm.place, CASH, cents(firm.n["opening_cash"]))
    for cloud in alive(e.clouds):
        open_machines(e, cloud)
        grant(e, cloud.place, FLEET, sum(lot.book for lot in e.lots if lot.owner is cloud))
    investors = {investor.name: investor.place for investor in e.investors}
    for firm in alive(e.firms):
        holder = OLDER if firm.backed else investors.get(firm.founder, WORLD)
        firm.holders = {holder: 1_000_000_000}
    open_orders(e)
    for place in range(len(e.keys)):
        e.last[place] = {"revenue": 0, "costs": 0, "profit": 0, "drain": 0, "cash": e.books.cash(place)}


def grant(e: Economy, place: int, item: int, amount: int) -> None:
    e.books.write([Row(place, item, place, EQUITY, GOOD["opening"], amount)])


# --- 5.2 Opening machines ---


def serves(cloud: Cloud) -> int:
    return max(int(cloud.n["service_life"]), int(cloud.n["book_life"]))


def open_machines(e: Economy, cloud: Cloud) -> None:
    n = cloud.n
    hours, ages, life = int(e.n["opening_machine_hours"]), int(n["opening_age"]), int(n["book_life"])
    by_age = split(round(n["opening_hours"] / hours), [1] * ages, list(range(ages)))
    for age, units in enumerate(by_age, start=1):
        if units > 0:
            if e.vendors:
                e.vendors[0].made += units
            cost = cents(n["machine_price"] * (1 + n["building_share"]) * hours / 730 * units)
            e.lots.append(Lot(cloud, -age, life, units, hours, cost, straight_line(cost, life, age)))
            e.lots[-1].serves = serves(cloud)
            e.lots[-1].vendor = e.vendors[0].place if e.vendors else WORLD


# --- 5.3 Opening orders ---


def open_orders(e: Economy) -> None:
    for vendor in alive(e.vendors):
        total = int(vendor.n["opening_wait"] * vendor.n["opening_capacity"])
        buyers = [cloud for cloud in alive(e.clouds) if is_listed(cloud, vendor)]
        weights = [round(cloud.n["opening_hours"]) for cloud in buyers]
        parts = split(total, weights, [cloud.key for cloud in buyers]) if sum(weights) > 0 else []
        for cloud, units in zip(buyers, parts, strict=True):
            if units > 0:
                e.place_order(cloud.place, vendor, CHIP_STOCK, units, nano(vendor.n["opening_price"]))


def is_listed(cloud: Cloud | App, vendor: Vendor) -> bool:
    listed = cloud.partners.get("chips")
    return vendor.name in listed if listed else True


# --- 5.5 The population ---


def draw_region(e: Economy, region: Party, n: int) -> list[User]:
    users = [User(region, j + region.key * 2**40) for j in range(n)]
    top = max(1, min(n - 1, round(n * region.n["top_sample"]))) if n > 1 else 0
    share = np.float32(region.n["top_share"] if top > 0 else 0)
    weigh(e, region, users, top)
    for j, user in enumerate(users):
        u = uniform(drawn(e, "worth", user.key))
        quantile = np.float32(1) - share * u if j < top else (np.float32(1) - share) * u
        spread = np.float32(region.n["worth_spread"])
        user.worth = np.float32(region.n["worth_median"]) * exp32(spread * normal(quantile))
        bent = normal(uniform(drawn(e, "use", user.key))) * np.float32(region.n["use_spread"])
        user.use = max(1, int(np.rint(np.float32(region.n["use_median"]) * exp32(bent))))
        user.log_use = np.float32(math.log(user.use))
        for app in e.apps:
            draw_app(e, region, user, app)
    acquaint(e, region, users)
    return users


def acquaint(e: Economy, region: Party, users: list[User]) -> None:
    """9.28: neighbours on a ring, some replaced by anybody."""
    everybody = sum(user.weight for user in users)
    for number in range(int(region.n["friends"])):
        step = (number // 2 + 1) * (-1 if number % 2 else 1)
        for j, user in enumerate(users):
            one = (j + step) % len(users)
            if uniform(drawn(e, "rewired", user.key, number)) < np.float32(region.n["rewired"]):
                lot, one = drawn(e, "friend", user.key, number) % everybody, 0
                while lot >= users[one].weight:
                    lot -= users[one].weight
                    one += 1
                one = (one + 1) % len(users) if one == j else one
            user.friends.append(users[one])


def weigh(e: Economy, region: Party, users: list[User], top: int) -> None:
    people = int(region.n["people"])
    few = round(people * region.n["top_share"]) if top > 0 else 0
    ties = [drawn(e, "weights", user.key) for user in users]
    weights = split(few, [1] * top, ties[:top])
    weights += split(people - few, [1] * (len(users) - top), ties[top:])
    for user, weight in zip(users, weights, strict=True):
        user.weight = weight


def draw_app(e: Economy, region: Party, user: User, app: App) -> None:
    own = normal(uniform(drawn(e, "taste", user.key, app.key)))
    user.taste.append(own * np.float32(region.n["taste"]))
    share = app.n["opening_known"] if app.n[region.region] > 0 else 0.0
    user.known.append(bool(uniform(drawn(e, "known", user.key, app.key)) < np.float32(share)))


def drawn(e: Economy, purpose: str, *keys: int) -> int:
    return hashed(e.seed, -1, purpose, *keys)

"""Chapter 4 of the rules: all participants, and the state of the economy between phases."""

from collections.abc import Sequence
from typing import Any

from tests.oracle.economy.arithmetic import hashed
from tests.oracle.economy.books import Books, Deal, Order, deal
from tests.oracle.economy.participants import (
    App,
    Cloud,
    Enterprise,
    Firm,
    Investor,
    Lab,
    Lot,
    Owner,
    Participant,
    Pending,
    State,
    Trend,
    User,
    Vendor,
)
from watersellers.agents.scenario_spec import ParticipantSpec, ScenarioSpec


class Economy:
    """All state; ``numbers`` are those of the scenario, which events change."""

    def __init__(self, spec: ScenarioSpec, seed: int) -> None:
        self.spec = spec
        self.seed = seed
        self.month = 0
        self.numbers = dict(spec.numbers)
        self.books = Books()
        self.vendors = [Vendor(member) for member in ordered(spec, "chips")]
        self.clouds = [Cloud(member) for member in ordered(spec, "cloud")]
        self.labs = [Lab(member) for member in ordered(spec, "labs")]
        self.apps = [App(member) for member in ordered(spec, "apps")]
        self.investors = [Investor(member) for member in ordered(spec, "investors")]
        self.older_owners = [Owner(member) for member in ordered(spec, "owners")]
        self.states = [State(member) for member in ordered(spec, "states")]
        self.regions = [Participant(member) for member in ordered(spec, "users")]
        self.enterprises = [Enterprise(member) for member in ordered(spec, "enterprises")]
        self.advertisers = [Participant(member) for member in ordered(spec, "advertisers")]
        self.segments = [Participant(member) for member in ordered(spec, "work")]
        self.firms: list[Firm] = [*self.vendors, *self.clouds, *self.labs, *self.apps]
        self.keys = [1, 2, 3]
        self.number_accounts()
        self.open_registers()

    def open_registers(self) -> None:
        """What participants share, as it is before the first month."""
        self.granted: dict[str, int] = {}  # cents that an owner put into its firms this month
        self.put_in: dict[int, int] = {}  # the same, by the account of the firm
        self.most_lines: dict[str, float] = {}  # of each region's foundry, 9.46
        self.lots: list[Lot] = []
        self.contracts: list[Any] = []  # reserved hours, 9.4
        self.projects: dict[tuple[int, int], tuple[int, int]] = {}  # cloud and end, by region's account and place, 9.65
        self.contract_needs: dict[str, Trend] = {}  # hours that labs need, 9.57
        self.appliance_lots: list[dict[str, Any]] = []  # machines of appliances, 9.24
        self.staff_seats: list[App] = []  # apps that sell seats to enterprises this month, 9.25
        self.appliances_on_sale: list[dict[str, Any]] = []  # 9.24
        self.idle: dict[tuple[int, int], int] = {}  # hours not used, by cloud and lab, 9.22
        self.backlog: dict[tuple[int, int], Pending] = {}
        self.use = 1.0
        self.hour_worth: dict[str, tuple[float, float]] = {}  # by vendor: to its customers, and power and site in it
        self.frontier = 0.0
        self.sentiment = 0.0, 0.0  # level and variance (9.59)
        self.slots: dict[tuple[str, str], int] = {}  # beside free answers last month, by region and app, 9.66
        self.ads_moved: dict[str, int] = {}  # month in which an app last changed its ads, by name, 9.66
        self.spending: dict[str, float] = {}  # marketing of each app this month, by name
        self.hosted: Lab | None = None  # the lab whose open model the hosts serve, 9.7
        self.handed_over: dict[str, int] = {}  # month in which creditors took a firm over last, by name, 9.69
        self.takeovers: list[Firm] = []  # since investors looked last, 9.69
        self.entered: dict[str, int] = {}  # month in which a vendor entered freely, 9.52
        self.sheets: dict[str, dict[str, Any]] = {}
        self.rentals: dict[str, dict[str, Any]] = {}
        self.cards: dict[str, dict[str, Any]] = {}
        self.last: dict[int, dict[str, int]] = {}
        self.capital: dict[int, int] = {}
        self.asked: dict[str, list[Order]] = {}  # this month's orders by market
        self.deals: dict[str, list[Deal]] = {}  # the last deals by market
        self.answers: dict[tuple[int, int, int], tuple[float, float, float]] = {}  # by seller, good and customer (9.53)
        self.crossed: dict[tuple[int, int, int, int], float] = {}  # by seller, good, dearer good and customer (9.53)
        self.diverted: dict[tuple[int, int, int, int], float] = {}  # by seller, good, other good and customer (9.58)
        self.users: list[User] = []

    def number_accounts(self) -> None:
        """Sort the accounts by key; an account is a position in this order (3.1)."""
        outside: list[Participant] = [*self.regions, *self.enterprises, *self.advertisers, *self.investors]
        outside += [*self.older_owners, *self.states]
        participants: list[Participant] = [*outside, *self.firms]
        paged = [app for app in self.apps if app.numbers["opening_pages"] > 0]
        self.keys = sorted(
            [*self.keys, *(participant.key for participant in participants), *(10**9 + app.key for app in paged)]
        )
        for app in paged:
            app.page_account = self.keys.index(10**9 + app.key)
        for participant in participants:
            participant.account = self.keys.index(participant.key)
        self.owners = {participant.account: participant.owner for participant in self.firms}
        self.firm_by_account = {firm.account: firm for firm in self.firms}

    def hash(self, purpose: str, *keys: int) -> int:
        return hashed(self.seed, self.month, purpose, *keys)

    def settle_order(self, account: int) -> int:
        """Tie-breaking number of an account at settlement (3.4)."""
        return self.hash("settle", self.keys[account])

    def add_order(self, market: str, *order: int) -> None:
        """Note an order of this month: buyer, item, seller, good, quantity, price."""
        added = Order(*order)
        if added.quantity > 0:
            self.asked[market].append(added)

    def pay(self, bills: Sequence[Order]) -> None:
        """Settle bills that are delivered in full."""
        self.books.settle([deal(bill, bill.quantity) for bill in bills if bill.quantity > 0], self.settle_order)

    def committed(self, buyer: int) -> int:
        """Value of a buyer's open orders, in nano-dollars."""
        return sum(pending.value for (account, _), pending in self.backlog.items() if account == buyer)

    def on_order(self, buyer: int) -> int:
        """Hours per month of the machines that a buyer has on order, by this month's product sheets."""
        waiting = [(seller, pending.units) for (account, seller), pending in self.backlog.items() if account == buyer]
        sheets = {sheet["vendor"].account: sheet["hours"] for sheet in self.sheets.values()}
        return sum(units * sheets.get(seller, 0) for seller, units in waiting)

    def waiting(self, vendor: Vendor) -> int:
        """Count the machines that a vendor has yet to deliver."""
        return sum(pending.units for (_, seller), pending in self.backlog.items() if seller == vendor.account)

    def place_order(self, buyer: int, vendor: Vendor, item: int, units: int, price: int) -> None:
        """Add machines to a buyer's backlog at a vendor (7.5)."""
        pending = self.backlog.setdefault((buyer, vendor.account), Pending())
        pending.item = item
        pending.units += units
        pending.value += units * price

    def last_month(self, participant: Participant, result: str) -> int:
        """A result of last month, in cents (7.12)."""
        return self.last[participant.account][result]

    @property
    def smoothing(self) -> tuple[float, float, float]:
        return self.numbers["level_weight"], self.numbers["growth_weight"], self.numbers["most_growth"]


def ordered(spec: ScenarioSpec, group: str) -> list[ParticipantSpec]:
    """Sort the members of a group by key."""
    return sorted(spec.groups[group], key=lambda member: member.key)


def alive[F: Firm](firms: Sequence[F]) -> list[F]:
    """Keep the firms that have entered and are not wound up."""
    return [firm for firm in firms if firm.alive]


def service_months(cloud: Cloud) -> int:
    """Months until a cloud scraps a machine (9.5)."""
    return max(int(cloud.numbers["service_life"]), int(cloud.numbers["book_life"]))


def is_listed(cloud: Cloud | App, vendor: Vendor) -> bool:
    """Whether a buyer's list of vendors, if it has one, names this vendor."""
    listed = cloud.partners.get("chips")
    return vendor.name in listed if listed else True

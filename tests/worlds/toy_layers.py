"""Toy layers of a few lines that live the real month, so that the answers of theory can be read from real books."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from math import inf
from typing import Any

import numpy as np

from watersellers.agents.information import SeenByApp, SeenByChipVendor, SeenByCloud, SeenByLab
from watersellers.agents.strategies.pricing import BestResponse
from watersellers.market.accounting.accounts import Account, Accounts
from watersellers.market.accounting.journal_tables import Books
from watersellers.market.accounting.ledger import Ledger, opening
from watersellers.market.accounting.statement_lines import income_lines
from watersellers.market.audit.invariants import check_books
from watersellers.market.audit.month_under_audit import snapshot
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, dollars, nano, split, whole
from watersellers.market.goods import CHAIN, Good
from watersellers.market.month import Economy, Market, live
from watersellers.market.protocols import Buyer
from watersellers.market.trade.demand_schedule import Schedule
from watersellers.market.trade.orders import Offers, Orders, Row, Supply, Trades, due

UNITS = 1_000_000  # whole units that make one unit of theory
ENDLESS = 10**15  # units that nobody asks for
WORLD, USERS = 0, 1  # places in every toy ledger; the firms come after
PLENTY = 10**14  # cents
NO_DEMAND = Schedule((0.0,), (0.0,))
VIEWS: dict[str, Any] = {"chips": SeenByChipVendor, "cloud": SeenByCloud, "labs": SeenByLab, "apps": SeenByApp}


def view(layer: str, unit_cost: float, demand: Schedule = NO_DEMAND, **more: float) -> Any:
    """What a firm of a layer sees with no end to its capacity or its price; what a rule has no business with is 1."""
    shown = dict.fromkeys([each.name for each in fields(VIEWS[layer])], 1.0) | {
        "capacity": inf,
        "dearest": inf,
        "cheapest": 1e-9,
    }
    return VIEWS[layer](**{**shown, "unit_cost": unit_cost, "full_cost": unit_cost, "demand": demand, **more})


def ledger_of(*layers: tuple[str, int], users: int = PLENTY) -> Ledger:
    """Books for the world, the users, and so many firms of each layer; the users have cents, and nobody else."""
    rows = [Account(0, "world", "world", "", ""), Account(1, "users", "users", "", "")]
    for tier, (layer, firms) in enumerate(layers, start=1):
        rows += [Account(100 * tier + n, f"{layer}_{tier}_{n}", layer, "", "") for n in range(firms)]
    ledger = Ledger(Accounts.of(rows))
    if users:
        opening(ledger, USERS, Item.CASH, users)
    return ledger


@dataclass
class Layer:
    """Firms that turn each unit they buy into one they sell, priced by a rule of the layer."""

    firms: list[int]
    rule: Callable[["Layer"], list[float]]  # prices in dollars, one for each firm
    cost: float = 0.0  # dollars a unit sold, to the rest of the world
    capacity: list[int] = field(default_factory=list)  # units a month that a firm without suppliers has; none: endless
    prices: list[float] = field(default_factory=list)
    unit_cost: float = 0.0  # this month, inputs and all
    asked: list[int] = field(default_factory=list)  # last month, until this month's orders are in
    sold_units: list[int] = field(default_factory=list)
    got: list[int] = field(default_factory=list)

    def counted(self, who: Column, units: Column) -> list[int]:
        """Units of each firm."""
        return [int(units[who == firm].sum()) for firm in self.firms]

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        self.unit_cost = self.cost + (dollars(int(inputs.price.max())) if len(inputs) else 0.0)
        self.prices = self.rule(self)
        return Offers.of((firm, Good.HOURS, nano(price)) for firm, price in zip(self.firms, self.prices, strict=True))

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """What each firm was asked for, spread evenly over all suppliers."""
        rows: list[Row] = []
        ones, ties = [1] * len(offers), offers.seller.tolist()
        for firm, units in zip(self.firms, self.counted(asked.seller, asked.quantity), strict=True):
            for (seller, good, price), part in zip(offers.rows(), split(units, ones, ties), strict=True):
                rows.append((firm, Item.COST_OF_SALES, seller, good, part, price))
        return Orders.of(rows)

    def receive(self, trades: Trades) -> None:
        self.got = self.counted(trades.buyer, trades.quantity)

    def supply(self, orders: Orders) -> Supply:
        self.asked = self.counted(orders.seller, orders.quantity)
        able = self.got or self.capacity or [ENDLESS] * len(self.firms)
        return Supply.of((firm, Good.HOURS, units) for firm, units in zip(self.firms, able, strict=True))

    def sold(self, trades: Trades) -> None:
        self.sold_units = self.counted(trades.seller, trades.quantity)

    def spend(self, ledger: Ledger) -> Trades:
        units = zip(self.firms, self.sold_units, strict=True)
        return due((firm, Item.COST_OF_SALES, WORLD, Good.POWER, n, nano(self.cost)) for firm, n in units)


@dataclass
class Customers:
    """The end of the chain: how many units of theory it wants of each offer, given the prices of all."""

    wants: Callable[[list[float]], list[float]]

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        wanted = self.wants([dollars(price) for price in offers.price.tolist()])
        deals = zip(offers.rows(), [round(units * UNITS) for units in wanted], strict=True)
        return Orders.of((USERS, Item.CONSUMPTION, seller, good, n, price) for (seller, good, price), n in deals)

    def receive(self, trades: Trades) -> None:
        """Customers take what there is."""


class Close:
    """Closes the books at each month's end, and checks them."""

    def __init__(self, ledger: Ledger):
        self.before = snapshot(ledger)

    def close(self, ledger: Ledger, month: int) -> None:
        ledger.close_month()
        self.before = check_books(ledger, self.before)


def economy_of(layers: Sequence[Layer], customers: Customers, ledger: Ledger, **phases: Any) -> Economy:
    """A chain of layers, upstream first; ``phases`` are the economy's other fields."""
    buyers: list[Buyer] = [*layers[1:], customers]
    pairs = zip(layers, buyers, strict=True)
    markets = tuple(Market(f"tier {n}", (layer,), (buyer,)) for n, (layer, buyer) in enumerate(pairs))
    closing = (*phases.pop("close", ()), Close(ledger))
    return Economy(ledger=ledger, seed=1, markets=markets, money=tuple(layers), close=closing, **phases)


def live_months(economy: Economy, months: int) -> None:
    """Live some months."""
    for _ in range(months):
        live(economy)


def income_of(economy: Economy, line: str = "operating_profit") -> list[int]:
    """Cents of a line of the last month's income statements, by account."""
    books = Books(economy.ledger.accounts, economy.ledger.journal(), date(2023, 1, 1))
    lines = income_lines(books)
    last = lines.filter(lines["month"] == economy.month - 1).sort("account")
    return [int(cents) for cents in last[line].to_list()]


def by_layer(economy: Economy, layers: Sequence[Layer], line: str = "operating_profit") -> list[int]:
    """The same added up by layer, upstream first."""
    cents = income_of(economy, line)
    return [sum(cents[firm] for firm in layer.firms) for layer in layers]


def straight(intercept: float, slope: float) -> Schedule:
    """Inverse demand intercept - slope x quantity."""
    return Schedule((0.0, intercept), (intercept / slope, 0.0))


@dataclass
class Cournot:
    """Firms that play best responses in turn until nobody moves.

    What they would buy at each input price is the demand that the layer above sees, before any price is posted.
    """

    layer: str
    firms: int
    cost: float = 0.0
    demand: Schedule = NO_DEMAND
    above: "Cournot | None" = None
    rule: BestResponse = field(default_factory=BestResponse)

    def rest(self, unit_cost: float) -> tuple[list[float], list[float]]:
        """Prices and quantities at which nobody wants to move."""
        prices, sold, moved = [0.0] * self.firms, [0.0] * self.firms, 1.0
        while moved > 1e-13 * self.demand.quantities[0]:
            moved = 0.0
            for n in range(self.firms):
                left = self.demand.less(sum(sold) - sold[n])
                prices[n] = self.rule(view(self.layer, unit_cost, left), Chance(0, 0))
                moved = max(moved, abs(left.quantity(prices[n]) - sold[n]))
                sold[n] = left.quantity(prices[n])
        return prices, sold

    def expect(self, chance: Chance) -> None:
        if self.above:
            top = self.demand.prices[-1] - self.cost
            inputs = [top * n / 4 for n in range(5)]
            self.above.demand = Schedule(tuple(inputs), tuple(sum(self.rest(p + self.cost)[1]) for p in inputs))

    def __call__(self, layer: Layer) -> list[float]:
        return self.rest(layer.unit_cost)[0]


def cournot_chain(
    firms: Sequence[int], demand: Schedule, cost: float, labels: Sequence[str] = CHAIN, users: int = PLENTY
) -> tuple[Economy, list[Layer]]:
    """Successive Cournot: so many firms a tier, upstream first; only the first tier has a cost of its own."""
    labels = [labels[n % len(labels)] for n in range(len(firms))]
    ledger = ledger_of(*zip(labels, firms, strict=True), users=users)
    rules: list[Cournot] = []
    for label, count in zip(labels, firms, strict=True):
        rules.append(Cournot(label, count, 0.0 if rules else cost, above=rules[-1] if rules else None))
    rules[-1].demand = demand
    places = iter(range(2, 2 + sum(firms)))
    layers = [Layer([next(places) for _ in range(rule.firms)], rule, rule.cost) for rule in rules]

    def wants(prices: list[float]) -> list[float]:
        return [demand.quantity(price) / len(prices) for price in prices]

    return economy_of(layers, Customers(wants), ledger, expectations=tuple(reversed(rules))), layers


def held(ledger: Ledger) -> Column:
    """Every balance of every account, in cents."""
    return np.array(ledger.totals)


def payouts(ledger: Ledger, firms: Sequence[int], owner: int) -> None:
    """Pay out what each firm has earned so far this month to an owner, as far as cash goes."""
    earned = -ledger.totals[:, Item.REVENUE :].sum(axis=1)
    rows = [(firm, min(int(earned[firm]), int(ledger.cash[firm]))) for firm in firms]
    paying = [(firm, cents) for firm, cents in rows if cents > 0]
    if paying:
        who, cents = (whole(column) for column in zip(*paying, strict=True))
        ledger.transfer(who, whole([owner] * len(paying)), cents, (Item.DIVIDENDS, Item.INCOME), Good.DIVIDEND)

"""Models of one's own: apps that serve an open model themselves, on hours that they rent or machines that they own."""

from dataclasses import dataclass
from math import inf
from typing import ClassVar, Self

from watersellers.agents.app import App
from watersellers.agents.boxing import builds
from watersellers.agents.firm import Common
from watersellers.agents.hosting import best_open, engine_of
from watersellers.agents.lab import Lab
from watersellers.agents.owning import (
    MachineNumbers,
    Mix,
    Reckoning,
    choose_machines,
    hours_on_order,
    order_machines,
    running_bills,
    tell_vendors,
)
from watersellers.agents.parts import Parts
from watersellers.agents.renting import RentingNumbers, order_hours, rent
from watersellers.agents.setting import Traits
from watersellers.agents.views import SeenByHost, SeenByOwner
from watersellers.market.dice import Chance
from watersellers.market.goods import NANO, TOKENS, Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Offers, Orders, Row, Trades, due, payment
from watersellers.market.saved import Saved
from watersellers.market.units import cents


@dataclass(frozen=True, slots=True)
class OwnModelNumbers(Traits):
    """Dollars a month of the team that keeps an app's own model running."""

    host_team: float


@dataclass(frozen=True, slots=True)
class Models:
    """What an app answers with this month: its labs by share, dollars of tokens a query, and quality."""

    labs: dict[int, float]
    query_cost: float
    quality: float


class OwnModels:
    """Apps as renters of hours and owners of machines: who asks for much makes its tokens instead of buying them."""

    NUMBERS: ClassVar = {"apps": (RentingNumbers, MachineNumbers, OwnModelNumbers)}
    SAVED: ClassVar[Saved] = {
        "models": dict[int, int],
        "made": dict[tuple[int, int], int],
        "shares": dict[int, float],
        "queries": dict[int, int],
        "hours": dict[int, int],
        "prices": dict[int, float],
    }

    def __init__(self, apps: list[App], labs: list[Lab], common: Common):
        self.apps, self.labs, self.common = apps, {firm.place: firm for firm in labs}, common
        self.models: dict[int, int] = {}  # by app: the lab whose model it serves this month
        self.made: dict[tuple[int, int], int] = {}  # tokens this month by (app, good)
        self.shares: dict[int, float] = {}  # of this month's queries that an app's own model answers
        self.queries: dict[int, int] = {}  # these
        self.hours: dict[int, int] = {}  # that they take
        self.prices: dict[int, float] = {}  # USD an hour, this month, at the clouds of an app's choice

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take apps, and the labs whose models they may serve."""
        return cls(parts.those(App), parts.those(Lab), parts.common)

    @property
    def serving(self) -> list[tuple[App, Lab]]:
        """Apps in business that serve a model this month, with its maker."""
        serving = [firm for firm in self.apps if firm.alive and firm.place in self.models]
        return [(firm, self.labs[self.models[firm.place]]) for firm in serving]

    def share(self, firm: App) -> float:
        """Share of this month's queries that an app's own model answers."""
        return self.shares.get(firm.place, 0.0)

    def overhead(self, firm: App) -> float:
        """Dollars a month of the team that keeps an app's model running, if it has one."""
        return firm.numbers[OwnModelNumbers].host_team if self.share(firm) else 0.0

    def choose(self, firm: App, bought: Models, chance: Chance) -> Models:
        """Let an app say what share of its queries it serves itself, beside what it buys of labs."""
        model, share = best_open(self.labs.values()), 0.0
        self.models.pop(firm.place, None)
        if model is None:
            firm.rent_from({})
            self.shares[firm.place] = 0.0
            return bought
        clouds, price = rent(firm, self.common.news.rentals, self.common.accounts.names, chance)
        self.prices[firm.place] = price
        if clouds or firm.capacity:
            share = min(1.0, firm.decide("hosting", self.see(firm, model, bought), chance))
        self.shares[firm.place] = share
        firm.rent_from(clouds if share > 0 else {})
        if share <= 0:
            return bought
        self.models[firm.place] = model.place
        cost = share * self.query_cost(firm, model) + (1 - share) * bought.query_cost
        return Models(bought.labs, cost, share * model.quality + (1 - share) * bought.quality)

    def see(self, firm: App, model: Lab, bought: Models) -> SeenByHost:
        """Show an app what its queries of last month would cost, bought and made."""
        return SeenByHost(
            api_bill=firm.asked * bought.query_cost if bought.labs else inf,
            hours_bill=self._bill(firm, model, firm.asked * _work(firm, model)),
            team=firm.numbers[OwnModelNumbers].host_team,
            hosted=self.share(firm),
        )

    def query_cost(self, firm: App, model: Lab) -> float:
        """Dollars of hours a query at last month's load, which is at least the half load of the model."""
        work = _work(firm, model)
        load = max(1.0, firm.asked * work, model.traits.half_load)
        return self._bill(firm, model, load) * work / load

    def _bill(self, firm: App, model: Lab, load: float) -> float:
        """Dollars of hours for a month's load: power for hours of its own, rent for the others."""
        hours = engine_of(model, self.common.month).hours(load)
        own = min(hours, firm.capacity)
        return float(own * firm.numbers[MachineNumbers].power_cost + (hours - own) * self.prices[firm.place])

    def take(self, firm: App) -> int:
        """Take an app's part of the queries asked of it this month; how many these are."""
        queries = self.queries[firm.place] = int(self.share(firm) * firm.asked)
        return queries

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Rent the hours that an app's own queries take and its own machines do not give."""
        prices, rows = {seller: price for seller, _, price in offers.rows()}, list[Row]()
        self.hours = {}
        for firm, model in self.serving:
            takes = self.hours[firm.place] = engine_of(model, self.common.month).hours(self._load(firm, model))
            hours = {Item.COST_OF_SALES: max(0, takes - firm.capacity)}
            rows += order_hours(firm, hours, prices, (self.common, chance))
        return Orders.of(rows)

    def receive(self, trades: Trades) -> None:
        """Make the tokens that the hours allow, every kind cut alike."""
        self.made, rented = {}, trades.units_of("buyer")
        for firm, model in self.serving:
            hours = min(self.hours[firm.place], firm.capacity) + rented.get(firm.place, 0)
            served = engine_of(model, self.common.month).served(hours, self._load(firm, model))
            for good, units in zip(TOKENS, firm.tokens, strict=True):
                self.made[firm.place, int(good)] = int(served * (self.queries[firm.place] * units))

    def spend(self, ledger: Ledger) -> Trades:
        """Pay the teams that keep models running, and power and sites of the apps' own machines."""
        rows: list[Row] = []
        for firm in self.apps:
            team = cents(firm.numbers[OwnModelNumbers].host_team) if firm.alive and firm.place in self.models else 0
            rows.append(payment(firm.place, Item.OPERATING_COST, self.common.world, Good.WAGES, team))
            if firm.alive and firm.capacity:
                rows += running_bills(firm, min(self.hours.get(firm.place, 0), firm.capacity), self.common)
        return due(rows)

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Order machines for the models that apps serve, as far as each one's money goes."""
        for firm in [firm for firm, _ in self.serving if builds(firm)]:
            numbers = firm.numbers[MachineNumbers]
            owning, running = numbers.owning(serves(firm)), numbers.power_cost + numbers.site_cost
            worth, takes = owning.hour_worth(self.prices[firm.place], running), owning.running_worth(running)
            reckoned = Reckoning(firm.owner, owning.impatience, worth, takes)
            mix = choose_machines(firm, self.common, reckoned, chance)
            if mix.products:
                gain = mix.return_on_cost(worth + mix.saved * takes, owning.impatience)
                self._buy(firm, firm.decide("owning", self._see(firm, gain), chance), mix, (ledger, chance))

    def _see(self, firm: App, gain: float) -> SeenByOwner:
        """Show an app what it may know when it decides how many machines to buy."""
        coming = hours_on_order(self.common, firm.place) + self.common.fleets.coming(self.common.month, firm.place)
        return SeenByOwner(self.hours[firm.place], firm.capacity, coming, gain)

    def _buy(self, firm: App, hours: float, mix: Mix, at: tuple[Ledger, Chance]) -> None:
        """Order machines for so many hours a month, at most those that its cash pays for beside what is on order."""
        if hours <= 0:
            return
        ledger, chance = at
        tell_vendors(self.common.news, hours, mix)
        firm.order_from({product.vendor: share for product, share in mix.rows()})
        cash = int(ledger.cash[firm.place]) / 100 - self.common.backlog.committed(firm.place) / NANO
        most = max(0.0, cash) / (mix.price * (1 + firm.numbers[MachineNumbers].building_share))
        order_machines(self.common, (firm.place, Item.CHIP_STOCK), int(min(hours / mix.hours, most)), mix, chance)

    def _load(self, firm: App, model: Lab) -> float:
        """Work of the queries that an app serves itself this month, in output tokens."""
        queries = self.queries[firm.place]
        return sum(queries * units * work for units, work in zip(firm.tokens, model.work(), strict=True))


def _work(firm: App, model: Lab) -> float:
    """Work of a query on a model, in output tokens."""
    return sum(units * work for units, work in zip(firm.tokens_on(model.quality), model.work(), strict=True))


def serves(firm: App) -> int:
    """Months that a machine of an app's own is in service: as long as it is in the books."""
    return int(firm.numbers[MachineNumbers].book_life)

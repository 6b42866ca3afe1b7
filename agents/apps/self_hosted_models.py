"""Self-hosted models: apps that serve an open model themselves, on rented hours or on machines of their own."""

from dataclasses import dataclass
from math import inf
from typing import ClassVar, Self

from watersellers.agents.apps.app import App
from watersellers.agents.apps.appliances import keeps_machines
from watersellers.agents.cloud.open_weight_hosts import best_open, engine_of
from watersellers.agents.compute.capital_budgeting import (
    MachineAppraisal,
    MachineMix,
    MachineNumbers,
    MachineOrder,
    choose_machines,
    hours_on_order,
    order_machines,
    report_to_vendors,
    running_bills,
)
from watersellers.agents.compute.hour_rentals import RentingNumbers, order_hours, rent
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.information import SeenByMachineBuyer, SeenBySelfHost
from watersellers.agents.labs.lab import Lab
from watersellers.agents.scenario_spec import Traits
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import cents
from watersellers.market.goods import NANO, TOKENS, Good
from watersellers.market.saved import Saved
from watersellers.market.trade.orders import Offers, Orders, Row, Trades, due, payment


@dataclass(frozen=True, slots=True)
class SelfHostedModelNumbers(Traits):
    """Dollars per month of the team that keeps an app's own model running."""

    host_team: float


@dataclass(frozen=True, slots=True)
class ModelMix:
    """The models with which an app answers: shares of labs, dollars of tokens per query, and mean quality."""

    labs: dict[tuple[int, int], float]  # by seller and place in its line
    query_cost: float
    quality: float


class SelfHostedModels:
    """Apps as renters of hours and owners of machines: with many queries they make tokens instead of buying them."""

    NUMBERS: ClassVar = {"apps": (RentingNumbers, MachineNumbers, SelfHostedModelNumbers)}
    SAVED: ClassVar[Saved] = {
        "models": dict[int, int],
        "made": dict[tuple[int, int], int],
        "shares": dict[int, float],
        "queries": dict[int, int],
        "hours": dict[int, int],
        "prices": dict[int, float],
    }

    def __init__(self, apps: list[App], labs: list[Lab], registers: Registers):
        self.apps, self.labs, self.registers = apps, {firm.account: firm for firm in labs}, registers
        self.models: dict[int, int] = {}  # by app: account of the lab whose model it serves this month
        self.made: dict[tuple[int, int], int] = {}  # tokens made this month, by (app, good)
        self.shares: dict[int, float] = {}  # by app: share of this month's queries that its own model answers
        self.queries: dict[int, int] = {}  # by app: number of these queries
        self.hours: dict[int, int] = {}  # by app: hours that they need
        self.prices: dict[int, float] = {}  # by app: USD per hour this month, at the clouds of its choice

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the apps of the scenario, and the labs whose models they may serve."""
        return cls(parts.firms_of(App), parts.firms_of(Lab), parts.registers)

    @property
    def serving(self) -> list[tuple[App, Lab]]:
        """Apps in business that serve a model this month, with its maker; none that was founded anew after orders."""
        serving = [firm for firm in self.apps if firm.alive and firm.account in self.hours]
        return [(firm, self.labs[self.models[firm.account]]) for firm in serving]

    def share(self, firm: App) -> float:
        """Share of this month's queries that an app's own model answers."""
        return self.shares.get(firm.account, 0.0)

    def overhead(self, firm: App) -> float:
        """Dollars per month of the team that keeps an app's own model running, if it has one."""
        return firm.numbers[SelfHostedModelNumbers].host_team if self.share(firm) else 0.0

    def choose(self, firm: App, bought: ModelMix, chance: Chance) -> ModelMix:
        """Let an app decide the share of queries that it serves itself; return the mix with the tokens that it buys."""
        model, share = best_open(self.labs.values()), 0.0
        self.models.pop(firm.account, None)
        if model is None:
            firm.rent_from({})
            self.shares[firm.account] = 0.0
            return bought
        clouds, price = rent(firm, self.registers.public.rentals, self.registers.accounts.names, chance)
        self.prices[firm.account] = price
        if clouds or firm.capacity:
            share = firm.decide("hosting", self.see(firm, model, bought), chance)
        self.shares[firm.account] = share
        firm.rent_from(clouds if share > 0 else {})
        if share <= 0:
            return bought
        self.models[firm.account] = model.account
        cost = share * self.query_cost(firm, model) + (1 - share) * bought.query_cost
        return ModelMix(bought.labs, cost, share * model.quality + (1 - share) * bought.quality)

    def see(self, firm: App, model: Lab, bought: ModelMix) -> SeenBySelfHost:
        """Return an app's view of make or buy: the bills for last month's queries either way."""
        return SeenBySelfHost(
            api_bill=firm.asked * bought.query_cost if bought.labs else inf,
            hours_bill=self._bill(firm, model, firm.asked * _work(firm, model)),
            team=firm.numbers[SelfHostedModelNumbers].host_team,
            hosted=self.share(firm),
        )

    def query_cost(self, firm: App, model: Lab) -> float:
        """Dollars of hours per query at last month's load, which is at least the half load of the model."""
        work = _work(firm, model)
        load = max(1.0, firm.asked * work, model.traits.half_load)
        return self._bill(firm, model, load) * work / load

    def _bill(self, firm: App, model: Lab, load: float) -> float:
        """Dollars of hours for a month's load: power for an app's own hours, rent for the others."""
        hours = engine_of(model, self.registers.month).hours(load)
        own = min(hours, firm.capacity)
        return float(own * firm.numbers[MachineNumbers].power_cost + (hours - own) * self.prices[firm.account])

    def take_queries(self, firm: App) -> int:
        """Set and return the number of this month's queries that an app's own model answers."""
        queries = self.queries[firm.account] = int(self.share(firm) * firm.asked)
        return queries

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Rent the hours that self-served queries need beyond those of an app's own machines."""
        prices, rows = {seller: price for seller, _, price in offers.rows()}, list[Row]()
        self.hours = {}
        for firm in self.apps:
            if not firm.alive or firm.account not in self.models:
                continue
            model = self.labs[self.models[firm.account]]
            needed = self.hours[firm.account] = engine_of(model, self.registers.month).hours(self._load(firm, model))
            hours = {Item.COST_OF_SALES: max(0, needed - firm.capacity)}
            rows += order_hours(firm, hours, prices, (self.registers, chance))
        return Orders.of(rows)

    def receive(self, trades: Trades) -> None:
        """Make the tokens that the hours can serve, the same share of each kind."""
        self.made, rented = {}, trades.units_of("buyer")
        for firm, model in self.serving:
            hours = min(self.hours[firm.account], firm.capacity) + rented.get(firm.account, 0)
            served = engine_of(model, self.registers.month).served(hours, self._load(firm, model))
            for good, units in zip(TOKENS, firm.tokens, strict=True):
                self.made[firm.account, int(good)] = int(served * (self.queries[firm.account] * units))

    def spend(self, ledger: Ledger) -> Trades:
        """Pay for the teams that keep models running, and for power and sites of the apps' own machines."""
        rows: list[Row] = []
        for firm in self.apps:
            hosts = firm.alive and firm.account in self.models
            team = cents(firm.numbers[SelfHostedModelNumbers].host_team) if hosts else 0
            rows.append(payment(firm.account, Item.OPERATING_COST, self.registers.world, Good.WAGES, team))
            if firm.alive and firm.capacity:
                rows += running_bills(firm, min(self.hours.get(firm.account, 0), firm.capacity), self.registers)
        return due(rows)

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Order machines for self-hosted models, as far as each app's money goes."""
        orders = []
        for firm in [firm for firm, _ in self.serving if keeps_machines(firm)]:
            numbers = firm.numbers[MachineNumbers]
            ownership, running = numbers.ownership(firm.serves), numbers.power_cost + numbers.site_cost
            worth, costs = ownership.hour_worth(self.prices[firm.account], running), ownership.running_worth(running)
            appraisal = MachineAppraisal(firm.owner, ownership.impatience, worth, costs)
            mix = choose_machines(firm, self.registers, appraisal, chance)
            if mix.products:
                gain = mix.return_on_cost(worth + mix.saved * costs, ownership.impatience)
                orders += self._orders(firm, firm.decide("owning", self._see(firm, gain), chance), mix, ledger)
        order_machines(self.registers, orders, chance)

    def _see(self, firm: App, gain: float) -> SeenByMachineBuyer:
        """Return an app's view when it decides how many machines to buy."""
        coming = hours_on_order(self.registers, firm.account) + self.registers.fleets.coming(
            self.registers.month, firm.account
        )
        return SeenByMachineBuyer(self.hours[firm.account], firm.capacity, coming, gain)

    def _orders(self, firm: App, hours: float, mix: MachineMix, ledger: Ledger) -> list[MachineOrder]:
        """Machines for so many hours per month, at most those that cash can pay for beyond those on order."""
        if hours <= 0:
            return []
        report_to_vendors(self.registers.public, hours, mix)
        firm.order_from({product.vendor: share for product, share in mix.rows()})
        cash = int(ledger.free_cash[firm.account]) / 100 - self.registers.backlog.committed(firm.account) / NANO
        most = max(0.0, cash) / (mix.price * (1 + firm.numbers[MachineNumbers].building_share))
        firm.override("owning", most < hours / mix.hours)
        return [MachineOrder(firm.account, Item.CHIP_STOCK, int(min(hours / mix.hours, most)), mix)]

    def _load(self, firm: App, model: Lab) -> float:
        """Work of the queries that an app's own model answers this month, in output tokens."""
        queries = self.queries[firm.account]
        return sum(queries * units * work for units, work in zip(firm.tokens, model.work(), strict=True))


def _work(firm: App, model: Lab) -> float:
    """Work per query on a model, in output tokens."""
    return sum(units * work for units, work in zip(firm.tokens_on(model.quality), model.work(), strict=True))

"""Model labs: they rent hours, train, and sell tokens by a price card."""

from dataclasses import dataclass
from math import inf, log1p
from typing import Protocol

import mesa
import numpy as np

from agents.distilling import taught
from agents.firm import Card, Common, Firm, Purchase, elasticity, zeros
from agents.paths import progress
from agents.patrons import Patrons
from agents.renting import rent
from agents.serving import Engine
from agents.setting import Member, Traits
from agents.views import SeenByLab, SeenByRationer, SeenByResearcher
from market.clearing import apportion, ration_in_turn
from market.dice import Chance
from market.goods import MILLION, TOKENS, Good, Item
from market.ledger import Ledger
from market.orders import Offers, Orders, Row, Supply, Trades, due, payment
from market.schedules import tangent
from market.units import Column, cents, dollars, posted


@dataclass(frozen=True, slots=True)
class LabTraits(Traits):
    """A lab's numbers; see ``experiments/parameters.csv`` for units and sources."""

    throughput: float
    throughput_growth: float
    size_penalty: float
    half_load: float
    cached_work: float
    input_work: float
    cached_price: float
    input_price: float
    knowledge: float
    knowledge_unit: float
    knowledge_decay: float
    training_growth: float
    progress_fade: float
    spill_over: float
    opening_cash: float
    opening_price: float
    opening_load: float
    opening_budget: float
    staff: float
    staff_share: float
    sensitivity: float
    market_elasticity: float
    lock_in: float
    hour_sensitivity: float
    hour_lock_in: float
    owner_funds: float
    open_weights: float
    host_margin: float
    like_quality: float
    night_discount: float
    night_share: float
    peak: float
    distillation: float
    revenue_share: float
    reserved_term: float
    payout: float

    @property
    def moved(self) -> float:
        """Share of the load that a night discount moves to the night: the deeper it is, the more of what can move."""
        return self.night_share * self.night_discount

    @property
    def stretch(self) -> float:
        """Load at the busiest time over the mean; what moves to the night lowers it, until the day is flat."""
        return max(1.0, 1 / self.peak - self.moved)


class Lab(Firm):
    """A maker of language models."""

    def __init__(self, model: mesa.Model, member: Member, place: int):
        super().__init__(model, member, place)
        self.traits = LabTraits.of(member.numbers)
        self.price = self.traits.opening_price
        self.knowledge = self.traits.knowledge  # effective GPU-hours of training
        self.load = self.traits.opening_load  # output tokens' worth of work asked last month
        self.budget = self.traits.opening_budget  # USD for training this month
        self.trained = 0  # hours, last month
        self.hours_used = 0  # that it asked for this month, reserved or not
        self.cloud_share: dict[int, float] = {}
        self.hour_price = 0.0  # USD, this month, at its own mix of clouds
        self.served = 1.0  # share of last month's tokens delivered

    @property
    def quality(self) -> float:
        """Quality of the lab's best model: the logarithm of what went into it."""
        return log1p(self.knowledge / self.traits.knowledge_unit)

    def throughput(self, month: int) -> float:
        """Output tokens an H100-equivalent hour gives at full load: better engines, larger models."""
        traits = self.traits
        engine = traits.throughput * progress(traits.throughput_growth, traits.progress_fade, month)
        return engine / (1 + self.knowledge / traits.knowledge_unit) ** traits.size_penalty

    def engine(self, month: int) -> Engine:
        """Its model at work."""
        return Engine(self.throughput(month), self.traits.half_load, self.traits.stretch)

    def hours(self, load: float, month: int) -> int:
        """Hours that a month's load takes."""
        return self.engine(month).hours(load)

    def unit_cost(self, month: int) -> float:
        """Dollars of hours for a million output tokens at the planned load, last month's."""
        return self.engine(month).cost(self.hour_price, self.load)

    def work_of(self, tokens: dict[tuple[int, int], int], seller: int) -> float:
        """Work of the tokens asked of whoever serves its model, in output tokens."""
        return sum(tokens.get((seller, good), 0) * work for good, work in zip(TOKENS, self.work(), strict=True))

    def work(self) -> tuple[float, float, float]:
        """Work of a cached, an input and an output token, in output tokens."""
        return self.traits.cached_work, self.traits.input_work, 1.0

    def card(self) -> Card:
        """This month's price card."""
        traits = self.traits
        weights = (traits.cached_price, traits.input_price, 1.0)
        mean = dollars(posted(self.price * (1 - traits.moved * traits.night_discount)))  # over day and night
        return Card(self.place, self.region, self.owner, self.quality, mean, weights, traits.lock_in)


def tokens_asked(asked: Orders) -> dict[tuple[int, int], int]:
    """Tokens asked of each seller, by (seller, good)."""
    tokens: dict[tuple[int, int], int] = {}
    for seller, good, units in zip(asked.seller.tolist(), asked.good.tolist(), asked.quantity.tolist(), strict=True):
        tokens[seller, good] = tokens.get((seller, good), 0) + units
    return tokens


class Reserved(Protocol):
    """The contracts for hours that labs have signed."""

    def call(self, firm: Lab, serving: int, training: int) -> tuple[list[Row], int, int]:
        """Orders of reserved hours, and the hours of serving and of training that are still to be rented."""


class Labs:
    """The layer of labs: buys hours, sells tokens."""

    def __init__(self, labs: list[Lab], common: Common, patrons: Patrons, reserved: Reserved):
        self.labs, self.common, self.patrons, self.reserved = labs, common, patrons, reserved
        self.by_place = {firm.place: firm for firm in labs}
        self.got = zeros(common)  # serving hours this month
        self.asked: dict[tuple[int, int], int] = {}  # tokens by (lab, good)
        self.buyers: dict[int, list[Purchase]] = {}

    @property
    def alive(self) -> list[Lab]:
        """Labs in business."""
        return [firm for firm in self.labs if firm.alive]

    def expect(self, chance: Chance) -> None:
        """Turn last month's training into knowledge; what the best know spills over to the rest."""
        news, month = self.common.news, self.common.month
        distilled = {firm.place: taught(firm, self.alive) for firm in self.alive if firm.traits.distillation > 0}
        for firm in self.alive:
            traits = firm.traits
            learned = firm.trained * progress(traits.training_growth, traits.progress_fade, month)
            spilled = traits.spill_over * max(0.0, news.frontier - firm.knowledge)
            firm.knowledge = firm.knowledge * (1 - traits.knowledge_decay) + learned + spilled
            firm.knowledge += distilled.get(firm.place, 0.0)
        news.frontier = max((firm.knowledge for firm in self.alive), default=0.0)

    def see(self, firm: Lab) -> SeenByLab:
        """Show a lab what it may know when it prices; purchases inside its group tell nothing of demand."""
        own = elasticity(self.buyers.get(firm.place, []), firm.traits.sensitivity, firm.traits.market_elasticity)
        cost = firm.unit_cost(self.common.month) / (1 - self.patrons.rate(firm))  # what is left of a price bears it
        return SeenByLab(
            unit_cost=cost,
            full_cost=cost,
            last_price=firm.price,
            elasticity=own,
            demand=tangent(firm.price, firm.load, own),
            capacity=inf,
            rival_price=self.rival_price(firm),
        )

    def rival_price(self, firm: Lab) -> float:
        """Dollars a million output tokens on the cheapest card of last month, in its region, of a model like its own.

        Infinite where there is none. A model is like a lab's own if it is better, or worse by no more than a bit.
        """
        least = firm.quality - firm.traits.like_quality
        cards = [card for card in self.common.news.cards if card.region == firm.region and card.lab != firm.place]
        return min((card.price for card in cards if card.quality >= least), default=inf)

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Choose clouds at the prices posted for hours; post the price card."""
        for firm in self.alive:
            firm.cloud_share, firm.hour_price = rent(firm, self.common.news.rentals, self.common.accounts.names, chance)
            if self.common.month > 0 and firm.hour_price > 0:
                asked = firm.decide("pricing", self.see(firm), chance)
                firm.price = dollars(posted(min(asked, self.hosts_price(firm))))
        self.common.news.cards = [firm.card() for firm in self.alive]
        return Offers.of(offer for card in self.common.news.cards for offer in card.offers())

    def hosts_price(self, firm: Lab) -> float:
        """Dollars a million output tokens at which anybody can host an open model as good as a lab's own.

        A host rents hours at the cheapest cloud of the lab's region, runs them full, and adds its margin.
        Infinite where no open model is as good, and where clouds of the region host: these ask what they ask.
        """
        month, cards = self.common.month, self.common.news.cards
        if any(card.region == firm.region and card.lab not in self.by_place for card in cards):
            return inf
        hours = [r.price for r in self.common.news.rentals if r.sells and r.capacity and r.region == firm.region]
        as_good = [lab for lab in self.alive if lab.traits.open_weights > 0 and lab.quality >= firm.quality]
        if not hours or not as_good:
            return inf
        tokens = max(lab.throughput(month) for lab in as_good)
        return min(hours) / tokens * MILLION * (1 + firm.traits.host_margin)

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Ask for the hours that the tokens asked of it take, and for the training it has budgeted."""
        self._note(asked)
        prices = {seller: price for seller, _, price in offers.rows()}
        rows: list[Row] = []
        for firm in self.alive:
            if firm.hour_price <= 0:
                continue
            serving = firm.hours(firm.load, self.common.month)
            training = int(firm.budget / firm.hour_price)
            firm.hours_used = serving + training
            called, serving, training = self.reserved.call(firm, serving, training)
            rows += called
            clouds, shares = zip(*sorted(firm.cloud_share.items()), strict=True)
            ties = chance.order("clouds", self.common.accounts.keys[list(clouds)])
            for item, hours in ((Item.COST_OF_SALES, serving), (Item.OPERATING_COST, training)):
                parts = apportion(hours, list(shares), ties).tolist()
                rows += [
                    (firm.place, item, cloud, Good.HOURS, part, prices[cloud])
                    for cloud, part in zip(clouds, parts, strict=True)
                    if part
                ]
        return Orders.of(rows)

    def _note(self, asked: Orders) -> None:
        """Count the tokens asked of each lab, and the work they are."""
        self.asked = tokens_asked(asked)
        for firm in self.alive:
            firm.load = firm.work_of(self.asked, firm.place)

    def receive(self, trades: Trades) -> None:
        """Learn how many hours there are for serving and how many for training."""
        self.got, trained = zeros(self.common), zeros(self.common)
        serving = trades.item == Item.COST_OF_SALES
        np.add.at(self.got, trades.buyer[serving], trades.quantity[serving])
        np.add.at(trained, trades.buyer[~serving], trades.quantity[~serving])
        for firm in self.labs:
            firm.trained = int(trained[firm.place])

    def supply(self, orders: Orders) -> Supply:
        """Serve the tokens that the hours allow, every kind cut alike."""
        rows = []
        for firm in self.alive:
            firm.served = firm.engine(self.common.month).served(int(self.got[firm.place]), firm.load)
            rows += [(firm.place, good, int(firm.served * self.asked.get((firm.place, good), 0))) for good in TOKENS]
        return Supply.of(rows)

    def ration(self, orders: Orders, supply: Supply, keys: Column, chance: Chance) -> Trades:
        """Share tokens that are short as each lab's rule ranks its customers; hosts of open weights have no rule."""
        accounts, ranks = self.common.accounts.rows, []
        for buyer, seller, called in zip(
            orders.buyer.tolist(), orders.seller.tolist(), orders.quantity.tolist(), strict=True
        ):
            own = float(accounts[buyer].owner == accounts[seller].owner)
            seen, lab = SeenByRationer(called=called, held_share=0.0, own=own), self.by_place.get(seller)
            ranks.append(lab.decide("rationing", seen, chance) if lab else 0.0)
        return ration_in_turn(orders, np.array(ranks), supply, keys, chance)

    def sold(self, trades: Trades) -> None:
        """Note what customers outside the group buy here, and what share of their purchases that is."""
        bought = zeros(self.common)
        out = trades.where(trades.good == Good.TOKENS_OUTPUT)
        np.add.at(bought, out.buyer, out.quantity)
        accounts = self.common.accounts.rows
        self.buyers = {}
        for buyer, seller, units in zip(out.buyer.tolist(), out.seller.tolist(), out.quantity.tolist(), strict=True):
            if accounts[buyer].owner != accounts[seller].owner:
                self.buyers.setdefault(seller, []).append(Purchase(units, units / int(bought[buyer])))

    def spend(self, ledger: Ledger) -> Trades:
        """Pay staff: a fixed team, and more with revenue."""
        revenue = -ledger.totals[:, Item.REVENUE]
        rows = [
            payment(
                firm.place,
                Item.OPERATING_COST,
                self.common.world,
                Good.WAGES,
                cents(firm.traits.staff) + round(firm.traits.staff_share * int(revenue[firm.place])),
            )
            for firm in self.alive
        ]
        return due(rows)

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Decide next month's training budget."""
        revenue, costs = -ledger.totals[:, Item.REVENUE], ledger.totals[:, Item.COST_OF_SALES]
        for firm in self.alive:
            cash = int(ledger.cash[firm.place]) / 100
            seen = SeenByResearcher(
                cash=cash,
                revenue=int(revenue[firm.place]) / 100,
                running_cost=int(costs[firm.place]) / 100,
                last_budget=firm.budget,
            )
            wanted = 0.0 if firm.pivoted else firm.decide("research", seen, chance)
            firm.budget = min(max(0.0, cash), wanted)

"""The layer of labs: it rents hours, trains, and sells tokens by price cards."""

from dataclasses import replace
from math import inf
from typing import ClassVar, Protocol, Self

import numpy as np

from watersellers.agents.discounts import DiscountNumbers
from watersellers.agents.distilling import DistillationNumbers, distills, taught
from watersellers.agents.firm import Common, zeros
from watersellers.agents.lab import Lab
from watersellers.agents.news import Card, Purchase, elasticity
from watersellers.agents.parts import Parts
from watersellers.agents.paths import progress
from watersellers.agents.patrons import Patrons
from watersellers.agents.renting import RentingNumbers, order_hours, rent
from watersellers.agents.reserving import Reservations
from watersellers.agents.views import SeenByLab, SeenByRationer, SeenByResearcher, SeenByShort, SoldTo
from watersellers.market.clearing import ration_in_turn
from watersellers.market.dice import Chance
from watersellers.market.goods import MILLION, TOKENS, Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Offers, Orders, Row, Supply, Trades, due, payment
from watersellers.market.saved import Saved
from watersellers.market.schedules import tangent
from watersellers.market.units import Column, cents, dollars, posted


class Reserved(Protocol):
    """The contracts for hours that labs have signed."""

    def call(self, firm: Lab, serving: int, training: int) -> tuple[list[Row], int, int]:
        """Orders of reserved hours, and the hours of serving and of training that are still to be rented."""


class Labs:
    """The layer of labs: buys hours, sells tokens."""

    NUMBERS: ClassVar = {"labs": (RentingNumbers, DiscountNumbers, DistillationNumbers)}

    SAVED: ClassVar[Saved] = {
        "got": Column,
        "asked": dict[tuple[int, int], int],
        "buyers": dict[int, list[Purchase]],
        "customers": dict[int, list[int]],
    }

    def __init__(self, labs: list[Lab], common: Common, patrons: Patrons, reserved: Reserved):
        self.labs, self.common, self.patrons, self.reserved = labs, common, patrons, reserved
        self.by_place = {firm.place: firm for firm in labs}
        self.got = zeros(common)  # serving hours this month
        self.asked: dict[tuple[int, int], int] = {}  # tokens by (lab, good)
        self.buyers: dict[int, list[Purchase]] = {}
        self.customers: dict[int, list[int]] = {}  # by lab: who was delivered tokens last month

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the labs of the setting."""
        return cls(parts.those(Lab), parts.common, parts[Patrons], parts[Reservations])

    @property
    def alive(self) -> list[Lab]:
        """Labs in business."""
        return [firm for firm in self.labs if firm.alive]

    def expect(self, chance: Chance) -> None:
        """Turn last month's training into knowledge; what the best know spills over to the rest."""
        news, month = self.common.news, self.common.month
        distilled = {firm.place: taught(firm, self.alive) for firm in self.alive if distills(firm)}
        for firm in self.alive:
            traits = firm.traits
            learned = firm.trained * progress(traits.training_growth, traits.progress_fade, month)
            spilled = traits.spill_over * max(0.0, news.frontier - firm.knowledge)
            kept = firm.knowledge * (1 - traits.knowledge_decay)
            firm.learn(kept + learned + spilled + distilled.get(firm.place, 0.0))
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
            firm.rent_from(*rent(firm, self.common.news.rentals, self.common.accounts.names, chance))
            if self.common.month > 0 and firm.hour_price > 0:
                asked = firm.decide("pricing", self.see(firm), chance)
                firm.post(dollars(posted(min(asked, self.hosts_price(firm)))))
        news = self.common.news
        news.cards = [self._card(firm, chance) for firm in self.alive]
        return Offers.of(offer for card in news.cards for offer in card.offers())

    def _card(self, firm: Lab, chance: Chance) -> Card:
        """A lab's price card, which says whom it sells to: its own group always."""
        to = firm.decide("selling", SeenByShort(firm.served), chance)
        if to <= SoldTo.ALL:
            return firm.card()
        own = [place for place, account in enumerate(self.common.accounts.rows) if account.owner == firm.owner]
        kept = self.customers.get(firm.place, []) if to <= SoldTo.CUSTOMERS else []
        return replace(firm.card(), refuses=True, admitted=(*own, *kept))

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
            called, serving, training = self.reserved.call(firm, serving, training)
            rows += called
            hours = {Item.COST_OF_SALES: serving, Item.OPERATING_COST: training}
            rows += order_hours(firm, hours, prices, (self.common, chance))
        return Orders.of(rows)

    def _note(self, asked: Orders) -> None:
        """Count the tokens asked of each lab, and the work they are."""
        self.asked = asked.units_by("seller", "good")
        for firm in self.alive:
            firm.hear(firm.work_of(self.asked, firm.place))

    def receive(self, trades: Trades) -> None:
        """Learn how many hours there are for serving and how many for training."""
        self.got, trained = zeros(self.common), zeros(self.common)
        serving = trades.item == Item.COST_OF_SALES
        np.add.at(self.got, trades.buyer[serving], trades.quantity[serving])
        np.add.at(trained, trades.buyer[~serving], trades.quantity[~serving])
        for firm in self.labs:
            short = max(0, firm.hours(firm.load, self.common.month) - int(self.got[firm.place]))
            moved = min(short, int(firm.traits.moves * int(trained[firm.place])))  # servers taken from training
            self.got[firm.place] += moved
            firm.train(int(trained[firm.place]) - moved)

    def supply(self, orders: Orders) -> Supply:
        """Serve the tokens that the hours allow, every kind cut alike."""
        rows = []
        for firm in self.alive:
            firm.serve(firm.engine(self.common.month).served(int(self.got[firm.place]), firm.load))
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
        """Note who buys here, what those outside the group pay for, and what share of their purchases that is."""
        bought, self.customers = zeros(self.common), {}
        for buyer, seller in sorted(set(zip(trades.buyer.tolist(), trades.seller.tolist(), strict=True))):
            self.customers.setdefault(seller, []).append(buyer)
        out = trades.where((trades.good == Good.TOKENS_OUTPUT) & (trades.price > 0))
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
            firm.budget_training(min(max(0.0, cash), wanted))

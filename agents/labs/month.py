"""The layer of labs: they rent hours, train models, and sell tokens by price cards."""

from collections import Counter
from dataclasses import replace
from math import inf
from typing import ClassVar, Protocol, Self

import numpy as np

from watersellers.agents.compute.hour_rentals import RentingNumbers, order_hours, rent
from watersellers.agents.decision_bounds import SoldTo
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers, zeros
from watersellers.agents.information import SeenByLab, SeenByRationer, SeenByTokenSeller
from watersellers.agents.labs.discounts import DiscountNumbers
from watersellers.agents.labs.distillation import DistillationNumbers, distills, knowledge_gained
from watersellers.agents.labs.lab import Lab, ReleaseNumbers, SizeNumbers
from watersellers.agents.labs.line_sales import LineSales, line_sales, withdraw
from watersellers.agents.labs.model_line import LineModel, LineNumbers
from watersellers.agents.labs.open_models import faster, given_away, hosts_price
from watersellers.agents.labs.releases import LuckNumbers, release
from watersellers.agents.labs.reserved_hours import ReservedHours
from watersellers.agents.labs.revenue_sharing import RevenueSharing
from watersellers.agents.labs.training import researcher_view
from watersellers.agents.public_information import Card, Rivals
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, among, cents, dollars, posted
from watersellers.market.goods import TOKENS_OF_LINE, Good
from watersellers.market.saved import Saved
from watersellers.market.trade.clearing import ration_in_turn
from watersellers.market.trade.demand_schedule import tangent
from watersellers.market.trade.orders import Offers, Orders, Row, Supply, Trades, due, payment
from watersellers.market.trade.purchase_answers import (
    UNKNOWN,
    Answer,
    Purchase,
    elasticity,
    elasticity_seen,
    mean_answer,
)


class Reserved(Protocol):
    """Contracts for reserved hours that labs have signed."""

    def call_off(self, firm: Lab, serving: int, training: int) -> tuple[list[Row], int, int]:
        """Call off reserved hours; return the orders, and the hours for serving and for training still to be rented."""


class Labs:
    """The layer of labs: they buy hours and sell tokens."""

    NUMBERS: ClassVar = {
        "labs": (
            SizeNumbers,
            ReleaseNumbers,
            LuckNumbers,
            LineNumbers,
            RentingNumbers,
            DiscountNumbers,
            DistillationNumbers,
        )
    }

    SAVED: ClassVar[Saved] = {
        "got": Column,
        "asked": dict[tuple[int, int], int],
        "buyers": dict[tuple[int, int], list[Purchase]],
        "paying": dict[int, int],
        "customers": dict[int, list[int]],
    }

    def __init__(self, labs: list[Lab], registers: Registers, revenue_sharing: RevenueSharing, reserved: Reserved):
        self.labs, self.registers, self.revenue_sharing, self.reserved = labs, registers, revenue_sharing, reserved
        self.by_account = {firm.account: firm for firm in labs}
        self.got = zeros(registers)  # serving hours this month
        self.asked: dict[tuple[int, int], int] = {}  # tokens ordered, by (lab, good)
        self.buyers: dict[tuple[int, int], list[Purchase]] = {}  # by lab and place in its line
        self.paying: dict[int, int] = {}  # by lab: customers outside its group that paid last month
        self.customers: dict[int, list[int]] = {}  # by lab: accounts that received tokens last month

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the labs of the scenario."""
        return cls(parts.firms_of(Lab), parts.registers, parts[RevenueSharing], parts[ReservedHours])

    @property
    def alive(self) -> list[Lab]:
        """Labs in business."""
        return [firm for firm in self.labs if firm.alive]

    def expect(self, chance: Chance) -> None:
        """Turn last month's training into knowledge; part of the best lab's knowledge spills over to the others."""
        public, month = self.registers.public, self.registers.month
        distilled = {firm.account: knowledge_gained(firm, self.alive) for firm in self.alive if distills(firm)}
        for firm in self.alive:
            traits = firm.traits
            learned = firm.learned(firm.trained, month)
            spilled = traits.spill_over * max(0.0, public.frontier - firm.knowledge)
            kept = firm.knowledge * (1 - traits.knowledge_decay)
            firm.learn(kept + learned + spilled + distilled.get(firm.account, 0.0))
            release(firm, chance)
            if month > 0:
                withdraw(firm, self.see, chance)
        public.frontier = max((firm.knowledge for firm in self.alive), default=0.0)

    def see(self, firm: Lab, model: LineModel) -> SeenByLab:
        """Return a lab's view for pricing a model; purchases inside its group are left out of its elasticity."""
        return self._see(firm, model, self.line_sales(firm))

    def _see(self, firm: Lab, model: LineModel, line: LineSales) -> SeenByLab:
        """Return the same, given what its line sold and earned."""
        traits = firm.traits
        bought, cost, price = line.bought[model.place], line.costs[model.place], firm.price_of(model)
        own = elasticity(bought, traits.sensitivity, traits.market_elasticity)
        return SeenByLab(
            unit_cost=cost,
            full_cost=cost,
            last_price=price,
            elasticity=own,
            elasticity_seen=elasticity_seen(bought, traits.sensitivity, traits.market_elasticity),
            demand=tangent(price, firm.loads.get(model.place, 0.0), own),
            capacity=inf,
            rival_price=self.rival_price(firm, model),
            siblings_gain=line.siblings_gain(model.place),
            diverted=line.diverted(model.place),
            rivals=self.rivals(firm),
        )

    def rivals(self, firm: Lab) -> Rivals:
        """Return the cards of all others of last month."""
        return Rivals(self.registers.public.cards, "lab", firm.account, self.registers.accounts.names)

    def line_sales(self, firm: Lab) -> LineSales:
        """What a lab's models sold last month outside of its group, and what they earn at this month's rents."""
        kept = 1 - self.revenue_sharing.rate(firm)  # share of the price that its backer leaves to it
        return line_sales(firm, self.registers.month, self.buyers, kept)

    def rival_price(self, firm: Lab, model: LineModel) -> float:
        """Cheapest price of last month, in dollars per million output tokens, of a similar model in a lab's region.

        Infinite where there is none. A model is similar if it is better, or worse by no more than ``like_quality``.
        """
        lowest_quality = firm.quality_of(model) - firm.traits.like_quality
        rivals = [
            card for card in self.registers.public.cards if card.region == firm.region and card.lab != firm.account
        ]
        return min((card.price for card in rivals if card.quality >= lowest_quality), default=inf)

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Let labs choose clouds at the posted prices of hours, and post their price cards."""
        opened = given_away(self.alive)
        for firm in self.alive:
            firm.serve_open(faster(firm, opened, self.registers.month))
        for firm in self.alive:
            firm.rent_from(*rent(firm, self.registers.public.rentals, self.registers.accounts.names, chance))
            if self.registers.month > 0 and firm.hour_price > 0:
                line = self.line_sales(firm)
                firm.post_line({model.place: self._price(firm, model, line, chance) for model in firm.models})
        public = self.registers.public
        public.cards = [card for firm in self.alive for card in self._cards(firm, chance)]
        return Offers.of(offer for card in public.cards for offer in card.offers())

    def _price(self, firm: Lab, model: LineModel, line: LineSales, chance: Chance) -> float:
        """Dollars per million output tokens that a lab asks for a model; where anybody hosts as good, no more."""
        price = firm.decide("pricing", self._see(firm, model, line), chance)
        most = hosts_price(firm, firm.quality_of(model), self.alive, self.registers)
        firm.override("pricing", most < price)
        return dollars(posted(min(price, most)))

    def _cards(self, firm: Lab, chance: Chance) -> list[Card]:
        """Return a lab's price cards, which name the customers that it admits; its own group is always among them."""
        sold_to = firm.decide("selling", SeenByTokenSeller(firm.served), chance)
        cards = [firm.card_of(model) for model in firm.models]
        if sold_to <= SoldTo.ALL:
            return cards
        accounts = self.registers.accounts.rows
        group = [account_id for account_id, account in enumerate(accounts) if account.owner == firm.owner]
        customers = self.customers.get(firm.account, []) if sold_to <= SoldTo.CUSTOMERS else []
        return [replace(card, refuses=True, admitted=(*group, *customers)) for card in cards]

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the hours that the ordered tokens need, and those of the budgeted training."""
        self._note_demand(asked)
        prices = {seller: price for seller, _, price in offers.rows()}
        rows: list[Row] = []
        for firm in self.alive:
            if firm.hour_price <= 0:
                continue
            serving = firm.hours(firm.load, self.registers.month)
            training = int(firm.budget / firm.hour_price)
            ordered, serving, training = self.reserved.call_off(firm, serving, training)
            rows += ordered
            hours = {Item.COST_OF_SALES: serving, Item.OPERATING_COST: training}
            rows += order_hours(firm, hours, prices, (self.registers, chance))
        return Orders.of(rows)

    def _note_demand(self, asked: Orders) -> None:
        """Count the tokens ordered from each lab, and their work."""
        self.asked = asked.units_by("seller", "good")
        for firm in self.alive:
            firm.note_demand(firm.loads_of(self.asked, firm.account))

    def receive(self, trades: Trades) -> None:
        """Note the hours received for serving and for training."""
        self.got, trained = zeros(self.registers), zeros(self.registers)
        serving = trades.item == Item.COST_OF_SALES
        np.add.at(self.got, trades.buyer[serving], trades.quantity[serving])
        np.add.at(trained, trades.buyer[~serving], trades.quantity[~serving])
        for firm in self.labs:
            missing = max(0, firm.hours(firm.load, self.registers.month) - int(self.got[firm.account]))
            moved = min(missing, int(firm.traits.moves * int(trained[firm.account])))  # from training to serving
            self.got[firm.account] += moved
            firm.train(int(trained[firm.account]) - moved)

    def supply(self, orders: Orders) -> Supply:
        """Supply the tokens that the hours can serve, the same share of each kind."""
        rows = []
        for firm in self.alive:
            firm.serve(firm.engine(self.registers.month).served(int(self.got[firm.account]), firm.load))
            rows += [
                (firm.account, good, int(firm.served * self.asked.get((firm.account, good), 0)))
                for model in firm.models
                for good in TOKENS_OF_LINE[model.place]
            ]
        return Supply.of(rows)

    def ration(self, orders: Orders, supply: Supply, keys: Column, chance: Chance) -> Trades:
        """Ration scarce tokens in the order in which each lab ranks its customers; hosts do not rank."""
        accounts, ranks = self.registers.accounts.rows, []
        for buyer, seller, ordered in zip(
            orders.buyer.tolist(), orders.seller.tolist(), orders.quantity.tolist(), strict=True
        ):
            own = float(accounts[buyer].owner == accounts[seller].owner)
            seen, lab = SeenByRationer(ordered=ordered, held_share=0.0, own=own), self.by_account.get(seller)
            ranks.append(lab.decide("rationing", seen, chance) if lab else 0.0)
        return ration_in_turn(orders, np.array(ranks), supply, keys, chance)

    def sold(self, trades: Trades) -> None:
        """Note each lab's customers, and the paid purchases of those outside its group."""
        bought, self.customers = zeros(self.registers), {}
        for buyer, seller in sorted(set(zip(trades.buyer.tolist(), trades.seller.tolist(), strict=True))):
            self.customers.setdefault(seller, []).append(buyer)
        output = trades.where(among(trades.good, [goods[-1] for goods in TOKENS_OF_LINE]) & (trades.price > 0))
        np.add.at(bought, output.buyer, output.quantity)
        accounts, outside = self.registers.accounts.rows, set[tuple[int, int]]()
        self.buyers = {}
        lines = output.units_by("seller", "buyer")
        for place, goods in enumerate(TOKENS_OF_LINE):
            for (seller, buyer), units in output.where(output.good == goods[-1]).units_by("seller", "buyer").items():
                if accounts[buyer].owner != accounts[seller].owner:
                    answer = self.registers.public.token_answers.get((seller, place, buyer), UNKNOWN)
                    purchase = Purchase(units, lines[seller, buyer] / int(bought[buyer]), answer)
                    self.buyers.setdefault((seller, place), []).append(purchase)
                    outside.add((seller, buyer))
        self.paying = dict(Counter(seller for seller, _ in sorted(outside)))

    def spend(self, ledger: Ledger) -> Trades:
        """Pay staff: a fixed team, and more with revenue."""
        revenue = -ledger.totals[:, Item.REVENUE]
        rows = [
            payment(
                firm.account,
                Item.OPERATING_COST,
                self.registers.world,
                Good.WAGES,
                cents(firm.traits.staff * firm.companies) + round(firm.traits.staff_share * int(revenue[firm.account])),
            )
            for firm in self.alive
        ]
        return due(rows)

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Decide next month's training budget."""
        revenue, costs = -ledger.totals[:, Item.REVENUE], ledger.totals[:, Item.COST_OF_SALES]
        for firm in self.alive:
            account, cash = firm.account, int(ledger.cash[firm.account]) / 100
            books = cash, int(revenue[account]) / 100, int(costs[account]) / 100
            seen = researcher_view(firm, self.registers.month, books, self._beliefs(firm), self.rivals(firm))
            wanted = 0.0 if firm.pivoted else firm.decide("research", seen, chance)
            firm.override("research", firm.pivoted or max(0.0, cash) < wanted)
            firm.budget_training(min(max(0.0, cash), wanted))

    def _beliefs(self, firm: Lab) -> tuple[float, float, Answer]:
        """What a lab keeps of a dollar of sales, what investors expect that it sells, and how its customers answer."""
        bought = [each for model in firm.models for each in self.buyers.get((firm.account, model.place), [])]
        answer = mean_answer([(each.amount, each.answer) for each in bought])
        expected = self.registers.public.expected_revenue.get(firm.account, 0.0)
        return 1 - self.revenue_sharing.rate(firm), expected, answer

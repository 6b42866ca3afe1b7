"""Hosts of open weights: clouds that sell tokens of a model that a lab gave away, served by their own machines."""

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar, Self

from watersellers.agents.cloud import Cloud
from watersellers.agents.firm import Common
from watersellers.agents.lab import Lab
from watersellers.agents.labs import tokens_asked
from watersellers.agents.news import Card
from watersellers.agents.parts import Parts
from watersellers.agents.serving import Engine
from watersellers.market.dice import Chance
from watersellers.market.goods import TOKENS
from watersellers.market.orders import Offers, Orders, Supply, Trades
from watersellers.market.saved import Saved
from watersellers.market.units import dollars, posted


def best_open(labs: Iterable[Lab]) -> Lab | None:
    """The best of the models that were given away, whose maker is in business; of equals the first."""
    given = [firm for firm in labs if firm.alive and firm.traits.open_weights > 0]
    return max(given, key=lambda firm: firm.quality, default=None)


def engine_of(lab: Lab, month: int) -> Engine:
    """A lab's model as others run it: without the night discount that flattens its maker's peak."""
    return replace(lab.engine(month), peak=1 / lab.traits.peak)


class Hosts:
    """Clouds as sellers of tokens: the hours they serve with are set aside before any are rented."""

    SAVED: ClassVar[Saved] = {"models": dict[int, int]}

    def __init__(self, clouds: list[Cloud], labs: list[Lab], common: Common):
        self.clouds, self.common = clouds, common
        self.labs = {firm.place: firm for firm in labs}
        self.models: dict[int, int] = {}  # by cloud: the lab whose model it serves this month

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take clouds, and the labs whose models they may serve."""
        return cls(parts.those(Cloud), parts.those(Lab), parts.common)

    def engine(self, firm: Cloud) -> Engine:
        """The model that a cloud serves."""
        return engine_of(self.labs[self.models[firm.place]], self.common.month)

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Post a card of the best open model: the rent forgone at last month's load, plus a margin."""
        model = best_open(self.labs.values())
        hosting = [firm for firm in self.clouds if model and firm.may_host]
        self.models = {firm.place: model.place for firm in hosting if model}
        cards = [self._card(firm) for firm in hosting]
        news = self.common.news
        news.cards = sorted([*news.cards, *cards], key=lambda card: card.lab)
        return Offers.of(offer for card in cards for offer in card.offers())

    def _card(self, firm: Cloud) -> Card:
        """A host's price card; what everybody may host binds nobody."""
        lab = self.labs[self.models[firm.place]]
        cost = self.engine(firm).cost(firm.price, firm.token_load)
        price = dollars(posted(cost * (1 + firm.traits.host_margin)))
        return replace(
            lab.card(), lab=firm.place, region=firm.region, owner=firm.owner, price=price, lock_in=0.0, free=0.0
        )

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Set aside the hours that the tokens asked of each host take; they are its own, so none are ordered."""
        tokens = tokens_asked(asked)
        for firm in self.clouds:
            firm.token_load, firm.token_hours = 0.0, 0
            if firm.place in self.models:
                firm.token_load = self.labs[self.models[firm.place]].work_of(tokens, firm.place)
                firm.token_hours = self.engine(firm).hours(firm.token_load)
        return Orders.of([])

    def receive(self, trades: Trades) -> None:
        """Hours set aside come with the machines: nothing is delivered."""

    def supply(self, orders: Orders) -> Supply:
        """Serve the tokens that the hours set aside allow, every kind cut alike."""
        tokens, rows = tokens_asked(orders), []
        for firm in self.clouds:
            if firm.place in self.models:
                served = self.engine(firm).served(firm.hosting, firm.token_load)
                rows += [(firm.place, good, int(served * tokens.get((firm.place, good), 0))) for good in TOKENS]
        return Supply.of(rows)

    def sold(self, trades: Trades) -> None:
        """Who buys open weights here is nothing that a host has to know."""

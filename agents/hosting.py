"""Hosts of open weights: clouds that sell tokens of a model that a lab gave away, served by their own machines."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from watersellers.agents.cloud import Cloud
from watersellers.agents.discounts import DiscountNumbers
from watersellers.agents.firm import Common
from watersellers.agents.lab import Lab
from watersellers.agents.news import Card
from watersellers.agents.parts import Parts
from watersellers.agents.serving import Engine
from watersellers.agents.setting import Traits
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
    return replace(lab.engine(month), peak=1 / lab.numbers[DiscountNumbers].peak)


@dataclass(frozen=True, slots=True)
class HostNumbers(Traits):
    """Whether a cloud sells tokens of open weights, how large it must be to do so, and the margin that it asks."""

    hosts: float
    host_threshold: float
    host_margin: float


def may_host(firm: Cloud) -> bool:
    """Whether a cloud sells tokens of open weights: if told to, if it sells to outsiders, and if it is large enough."""
    numbers = firm.numbers[HostNumbers]
    told = numbers.hosts > 0 and firm.traits.sells > 0
    return bool(firm.alive and told and firm.capacity >= max(1, numbers.host_threshold))


class Hosts:
    """Clouds as sellers of tokens: the hours they serve with are set aside before any are rented."""

    NUMBERS: ClassVar = {"cloud": (HostNumbers,)}
    SAVED: ClassVar[Saved] = {"models": dict[int, int], "loads": dict[int, float], "hours": dict[int, int]}

    def __init__(self, clouds: list[Cloud], labs: list[Lab], common: Common):
        self.clouds, self.common = clouds, common
        self.labs = {firm.place: firm for firm in labs}
        self.models: dict[int, int] = {}  # by cloud: the lab whose model it serves this month
        self.loads: dict[int, float] = {}  # output tokens' worth of work asked of a cloud
        self.hours: dict[int, int] = {}  # that these take

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take clouds, and the labs whose models they may serve."""
        return cls(parts.those(Cloud), parts.those(Lab), parts.common)

    def engine(self, firm: Cloud) -> Engine:
        """The model that a cloud serves."""
        return engine_of(self.labs[self.models[firm.place]], self.common.month)

    def asked_hours(self, firm: Cloud) -> int:
        """Hours that the tokens asked of a cloud take."""
        return self.hours.get(firm.place, 0)

    def hours_of(self, firm: Cloud) -> int:
        """Hours of its own that a cloud serves open weights with: what they take, as far as it has them."""
        return min(self.asked_hours(firm), firm.capacity)

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Post a card of the best open model: the rent forgone at last month's load, plus a margin."""
        model = best_open(self.labs.values())
        hosting = [firm for firm in self.clouds if model and may_host(firm)]
        self.models = {firm.place: model.place for firm in hosting if model}
        cards = [self._card(firm) for firm in hosting]
        news = self.common.news
        news.cards = sorted([*news.cards, *cards], key=lambda card: card.lab)
        return Offers.of(offer for card in cards for offer in card.offers())

    def _card(self, firm: Cloud) -> Card:
        """A host's price card; what everybody may host binds nobody."""
        lab = self.labs[self.models[firm.place]]
        cost = self.engine(firm).cost(firm.price, self.loads.get(firm.place, 0.0))
        price = dollars(posted(cost * (1 + firm.numbers[HostNumbers].host_margin)))
        return replace(
            lab.card(), lab=firm.place, region=firm.region, owner=firm.owner, price=price, lock_in=0.0, free=0.0
        )

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Set aside the hours that the tokens asked of each host take; they are its own, so none are ordered."""
        tokens = asked.units_by("seller", "good")
        hosting = [firm for firm in self.clouds if firm.place in self.models]
        self.loads = {firm.place: self.labs[self.models[firm.place]].work_of(tokens, firm.place) for firm in hosting}
        self.hours = {firm.place: self.engine(firm).hours(self.loads[firm.place]) for firm in hosting}
        return Orders.of([])

    def receive(self, trades: Trades) -> None:
        """Hours set aside come with the machines: nothing is delivered."""

    def supply(self, orders: Orders) -> Supply:
        """Serve the tokens that the hours set aside allow, every kind cut alike."""
        tokens, rows = orders.units_by("seller", "good"), []
        for firm in self.clouds:
            if firm.place in self.models:
                served = self.engine(firm).served(self.hours_of(firm), self.loads[firm.place])
                rows += [(firm.place, good, int(served * tokens.get((firm.place, good), 0))) for good in TOKENS]
        return Supply.of(rows)

    def sold(self, trades: Trades) -> None:
        """Who buys open weights here is nothing that a host has to know."""

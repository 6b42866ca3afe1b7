"""Hosts of open weights: clouds that sell tokens of an open-weight model, served on their own machines."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.compute.inference_engine import Engine
from watersellers.agents.decision_bounds import sellable
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.labs.discounts import DiscountNumbers
from watersellers.agents.labs.lab import Lab
from watersellers.agents.public_information import Card
from watersellers.agents.scenario_spec import Traits
from watersellers.market.chance import Chance
from watersellers.market.exact import dollars, posted
from watersellers.market.goods import TOKENS
from watersellers.market.saved import Saved
from watersellers.market.trade.orders import Offers, Orders, Supply, Trades


def best_open(labs: Iterable[Lab]) -> Lab | None:
    """Return the maker of the best open-weight model among labs in business (the first of equals), None without one."""
    open_weights = [firm for firm in labs if firm.alive and firm.traits.open_weights > 0]
    return max(open_weights, key=lambda firm: firm.quality, default=None)


def engine_of(lab: Lab, month: int) -> Engine:
    """Return a lab's model as others run it: one of its companies', without discounts that flatten the lab's peak."""
    return replace(lab.engine(month), half_load=lab.traits.half_load, peak=1 / lab.numbers[DiscountNumbers].peak)


@dataclass(frozen=True, slots=True)
class HostNumbers(Traits):
    """Whether a cloud hosts open weights, the capacity that it needs for that, and the margin that it asks."""

    hosts: float
    host_threshold: float
    host_margin: float


def may_host(firm: Cloud) -> bool:
    """Whether a cloud hosts open weights: the scenario allows it, and it sells to outsiders and is large enough."""
    numbers = firm.numbers[HostNumbers]
    allowed = numbers.hosts > 0 and firm.traits.sells > 0
    return bool(firm.alive and allowed and firm.capacity >= max(1, numbers.host_threshold))


class OpenWeightHosts:
    """Clouds as sellers of tokens: they set hours aside for them before they rent any out."""

    NUMBERS: ClassVar = {"cloud": (HostNumbers,)}
    SAVED: ClassVar[Saved] = {"models": dict[int, int], "loads": dict[int, float], "hours": dict[int, int]}

    def __init__(self, clouds: list[Cloud], labs: list[Lab], registers: Registers):
        self.clouds, self.registers = clouds, registers
        self.labs = {firm.account: firm for firm in labs}
        self.models: dict[int, int] = {}  # by cloud: account of the lab whose model it serves this month
        self.loads: dict[int, float] = {}  # by cloud: work ordered, in output tokens
        self.hours: dict[int, int] = {}  # by cloud: hours that this work needs

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take clouds, and the labs whose models they may serve."""
        return cls(parts.firms_of(Cloud), parts.firms_of(Lab), parts.registers)

    def engine(self, firm: Cloud) -> Engine:
        """Return the model that a cloud serves."""
        return engine_of(self.labs[self.models[firm.account]], self.registers.month)

    def asked_hours(self, firm: Cloud) -> int:
        """Hours that the tokens ordered from a cloud need."""
        return self.hours.get(firm.account, 0)

    def hours_of(self, firm: Cloud) -> int:
        """Hours that a cloud uses for open weights: those that the tokens need, as far as it has them."""
        return min(self.asked_hours(firm), firm.capacity)

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Post price cards of the best open model: the rent forgone at last month's load, plus a margin."""
        model = best_open(self.labs.values())
        hosting = [firm for firm in self.clouds if model and may_host(firm)]
        self.models = {firm.account: model.account for firm in hosting if model}
        cards = [self._card(firm) for firm in hosting]
        public = self.registers.public
        public.cards = sorted([*public.cards, *cards], key=lambda card: card.lab)
        return Offers.of(offer for card in cards for offer in card.offers())

    def _card(self, firm: Cloud) -> Card:
        """Return a host's price card, without lock-in, since many can host the same model."""
        lab = self.labs[self.models[firm.account]]
        cost = self.engine(firm).cost(firm.price, self.loads.get(firm.account, 0.0))
        price = dollars(posted(sellable(cost * (1 + firm.numbers[HostNumbers].host_margin), "labs.pricing")))
        return replace(
            lab.card(), lab=firm.account, region=firm.region, owner=firm.owner, price=price, lock_in=0.0, free=0.0
        )

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Set aside the hours that the tokens ordered from each host need; no orders, since the hours are its own."""
        tokens = asked.units_by("seller", "good")
        hosting = [firm for firm in self.clouds if firm.account in self.models]
        self.loads = {
            firm.account: self.labs[self.models[firm.account]].work_of(tokens, firm.account) for firm in hosting
        }
        self.hours = {firm.account: self.engine(firm).hours(self.loads[firm.account]) for firm in hosting}
        return Orders.of([])

    def receive(self, trades: Trades) -> None:
        """Do nothing: hours set aside are not delivered."""

    def supply(self, orders: Orders) -> Supply:
        """Supply the tokens that the hours set aside can serve, the same share of each kind."""
        tokens, rows = orders.units_by("seller", "good"), []
        for firm in self.clouds:
            if firm.account in self.models:
                served = self.engine(firm).served(self.hours_of(firm), self.loads[firm.account])
                rows += [(firm.account, good, int(served * tokens.get((firm.account, good), 0))) for good in TOKENS]
        return Supply.of(rows)

    def sold(self, trades: Trades) -> None:
        """Do nothing: hosts keep no record of their customers."""

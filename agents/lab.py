"""A model lab: what it knows, what its tokens cost it, and its price card."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log1p
from typing import ClassVar

import mesa

from watersellers.agents.discounts import DiscountNumbers
from watersellers.agents.firm import Firm
from watersellers.agents.news import Card
from watersellers.agents.paths import progress
from watersellers.agents.serving import Engine
from watersellers.agents.setting import Member, Traits
from watersellers.market.goods import MILLION, TOKENS
from watersellers.market.saved import Saved
from watersellers.market.units import dollars, posted


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
    owner_funds: float
    open_weights: float
    host_margin: float
    like_quality: float
    moves: float
    free_tokens: float
    payout: float


class Lab(Firm):
    """A maker of language models."""

    TRAITS = LabTraits
    SAVED: ClassVar[Saved] = {
        "knowledge": float,
        "load": float,
        "budget": float,
        "trained": int,
        "served": float,
        "cloud_share": dict[int, float],
        "hour_price": float,
    }

    def __init__(self, model: mesa.Model, member: Member, place: int, records: Sequence[type[Traits]]):
        super().__init__(model, member, place, records)
        self.price = self.traits.opening_price
        self.knowledge = self.traits.knowledge  # effective GPU-hours of training
        self.load = self.traits.opening_load  # output tokens' worth of work asked last month
        self.budget = self.traits.opening_budget  # USD for training this month
        self.trained = 0  # hours, last month
        self.cloud_share: dict[int, float] = {}
        self.hour_price = 0.0  # USD, this month, at its own mix of clouds
        self.served = 1.0  # share of last month's tokens delivered

    @property
    def traits(self) -> LabTraits:
        """Its numbers that no mechanism owns."""
        core: LabTraits = self.numbers.core
        return core

    def learn(self, knowledge: float) -> None:
        """Know so much, in effective GPU-hours of training."""
        self.knowledge = knowledge

    def rent_from(self, shares: dict[int, float], hour_price: float) -> None:
        """Rent hours by these shares of clouds, at so many dollars an hour in the mean."""
        self.cloud_share, self.hour_price = shares, hour_price

    def hear(self, load: float) -> None:
        """Be asked for so much work this month, in output tokens."""
        self.load = load

    def train(self, hours: int) -> None:
        """Train with so many hours this month."""
        self.trained = hours

    def serve(self, share: float) -> None:
        """Deliver this share of the tokens that were asked for."""
        self.served = share

    def budget_training(self, dollars: float) -> None:
        """Train for so many dollars next month."""
        self.budget = dollars

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
        return Engine(self.throughput(month), self.traits.half_load, self.numbers[DiscountNumbers].stretch)

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
        mean = dollars(posted(self.price * (1 - self.numbers[DiscountNumbers].off)))
        card = Card(self.place, self.region, self.owner, self.quality, mean, weights, traits.lock_in)
        return replace(card, free=traits.free_tokens / MILLION)

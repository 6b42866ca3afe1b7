"""A model lab: its knowledge, the cost of its tokens, and its price card."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log1p
from typing import ClassVar

import mesa

from watersellers.agents.compute.inference_engine import Engine
from watersellers.agents.exogenous_trends import progress
from watersellers.agents.firm import Firm
from watersellers.agents.labs.discounts import DiscountNumbers
from watersellers.agents.public_information import Card
from watersellers.agents.scenario_spec import ParticipantSpec, Traits
from watersellers.market.exact import dollars, posted
from watersellers.market.goods import MILLION, TOKENS
from watersellers.market.saved import Saved


@dataclass(frozen=True, slots=True)
class SizeNumbers(Traits):
    """Companies alike that a lab stands for beside itself: each has its team, trains its model and serves its load."""

    twins: float


@dataclass(frozen=True, slots=True)
class ReleaseNumbers(Traits):
    """Number of the last dated release; 0: the lab serves and gives away what it knows, as soon as it knows it."""

    release: float


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
        "released": float,
        "last_release": float,
        "load": float,
        "budget": float,
        "trained": int,
        "served": float,
        "cloud_share": dict[int, float],
        "hour_price": float,
    }

    def __init__(self, model: mesa.Model, member: ParticipantSpec, account_id: int, records: Sequence[type[Traits]]):
        super().__init__(model, member, account_id, records)
        self.begin()

    def begin(self) -> None:
        """Set all that it has on its first day, which may be that of a firm founded anew."""
        self.price = self.traits.opening_price
        self.knowledge = self.traits.knowledge  # effective GPU-hours of training
        self.released = self.knowledge  # the same, in the model of its last dated release
        self.last_release = self.numbers[ReleaseNumbers].release
        self.load = self.traits.opening_load * self.companies  # work ordered last month, in output tokens
        self.budget = self.traits.opening_budget * self.companies  # USD for training this month
        self.trained = 0  # hours, last month
        self.cloud_share: dict[int, float] = {}
        self.hour_price = 0.0  # USD per hour, this month, at its own mix of clouds
        self.served = 1.0  # share of last month's tokens delivered
        self.pivoted = False

    @property
    def companies(self) -> float:
        """How many companies it stands for."""
        return 1 + self.numbers[SizeNumbers].twins

    @property
    def traits(self) -> LabTraits:
        """Those of its numbers that no mechanism owns."""
        core: LabTraits = self.numbers.core
        return core

    def learn(self, knowledge: float) -> None:
        """Set its knowledge, in effective GPU-hours of training."""
        self.knowledge = knowledge

    def release(self) -> None:
        """Put all that it knows into the model of a dated release, if one is due this month."""
        if (number := self.numbers[ReleaseNumbers].release) != self.last_release:
            self.released, self.last_release = self.knowledge, number

    @property
    def in_model(self) -> float:
        """Knowledge in the model that it serves and may give away, in effective GPU-hours of training."""
        return self.released if self.numbers[ReleaseNumbers].release > 0 else self.knowledge

    def rent_from(self, shares: dict[int, float], hour_price: float) -> None:
        """Set its shares of clouds, and their mean price in dollars per hour."""
        self.cloud_share, self.hour_price = shares, hour_price

    def note_demand(self, load: float) -> None:
        """Note the work ordered from it this month, in output tokens."""
        self.load = load

    def train(self, hours: int) -> None:
        """Note the hours of training this month."""
        self.trained = hours

    def serve(self, share: float) -> None:
        """Note the share of ordered tokens that it delivers."""
        self.served = share

    def budget_training(self, dollars: float) -> None:
        """Set next month's training budget."""
        self.budget = dollars

    @property
    def quality(self) -> float:
        """Quality of the model that it serves: the logarithm of the knowledge in it."""
        return log1p(self.in_model / self.traits.knowledge_unit)

    def throughput(self, month: int) -> float:
        """Output tokens per H100-equivalent hour at full load: engines improve, larger models are slower."""
        traits = self.traits
        engine = traits.throughput * progress(traits.throughput_growth, traits.progress_fade, month)
        return engine / (1 + self.in_model / traits.knowledge_unit) ** traits.size_penalty

    def engine(self, month: int) -> Engine:
        """Return its model in service."""
        half_load = self.traits.half_load * self.companies  # each company has a half-empty batch running
        return Engine(self.throughput(month), half_load, self.numbers[DiscountNumbers].stretch)

    def hours(self, load: float, month: int) -> int:
        """Hours that a month's load needs."""
        return self.engine(month).hours(load)

    def unit_cost(self, month: int) -> float:
        """Dollars of hours per million output tokens at the planned load, which is last month's."""
        return self.engine(month).cost(self.hour_price, self.load)

    def work_of(self, tokens: dict[tuple[int, int], int], seller: int) -> float:
        """Work of the tokens ordered from a seller that serves its model, in output tokens."""
        return sum(tokens.get((seller, good), 0) * work for good, work in zip(TOKENS, self.work(), strict=True))

    def work(self) -> tuple[float, float, float]:
        """Work of a cached, an input and an output token, in output tokens."""
        return self.traits.cached_work, self.traits.input_work, 1.0

    def card(self) -> Card:
        """Return this month's price card."""
        traits = self.traits
        weights = (traits.cached_price, traits.input_price, 1.0)
        mean = dollars(posted(self.price * (1 - self.numbers[DiscountNumbers].off)))
        card = Card(self.account, self.region, self.owner, self.quality, mean, weights, traits.lock_in)
        return replace(card, free=traits.free_tokens / MILLION, maker=self.account)

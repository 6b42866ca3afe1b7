"""A model lab: its knowledge, its line of models, the cost of their tokens, and their price cards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import mesa

from watersellers.agents.compute.inference_engine import Engine
from watersellers.agents.decision_bounds import Release
from watersellers.agents.exogenous_trends import progress
from watersellers.agents.firm import Firm
from watersellers.agents.labs.discounts import DiscountNumbers
from watersellers.agents.labs.model_line import Generation, LineModel, LineNumbers, Place, models_on_sale
from watersellers.agents.public_information import Card
from watersellers.agents.scenario_spec import ParticipantSpec, Traits
from watersellers.market.exact import dollars, posted
from watersellers.market.goods import MILLION, TOKENS_OF_LINE
from watersellers.market.saved import Saved


@dataclass(frozen=True, slots=True)
class SizeNumbers(Traits):
    """Companies alike that a lab stands for beside itself: each has its team, trains its model and serves its load."""

    twins: float


@dataclass(frozen=True, slots=True)
class ReleaseNumbers(Traits):
    """Number of the last dated release; 0: the lab decides by itself when it releases."""

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
        "generations": list[Generation],
        "last_release": float,
        "months_on_sale": int,
        "withdrawn": list[int],
        "loads": dict[int, float],
        "prices": dict[int, float],
        "budget": float,
        "trained": int,
        "served": float,
        "cloud_share": dict[int, float],
        "hour_price": float,
        "training_ahead": float,
        "serving_ahead": float,
        "faster": dict[int, float],
    }

    def __init__(self, model: mesa.Model, member: ParticipantSpec, account_id: int, records: Sequence[type[Traits]]):
        super().__init__(model, member, account_id, records)
        self.training_ahead = self.serving_ahead = 0.0  # months of progress that all know, also labs founded later
        self.begin()

    def begin(self) -> None:
        """Set all that it has on its first day, which may be that of a firm founded anew."""
        self.price = self.traits.opening_price
        self.knowledge = self.traits.knowledge  # effective GPU-hours of training
        self.generations = [Generation(self.knowledge)]  # of its last two releases, the newest first
        self.last_release = self.numbers[ReleaseNumbers].release
        self.months_on_sale = 0  # of its flagship
        self.withdrawn: list[int] = []  # places in its line of models that it does not sell until its next release
        # By place in its line: work ordered last month in output tokens, and prices of all but the flagship in USD
        self.loads: dict[int, float] = {Place.FLAGSHIP: self.traits.opening_load * self.companies}
        self.prices: dict[int, float] = {}
        self.budget = self.traits.opening_budget * self.companies  # USD for training this month
        self.trained = 0  # hours, last month
        self.cloud_share: dict[int, float] = {}
        self.faster: dict[int, float] = {}  # by place: how much faster the open model runs that it serves in its stead
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

    def keep_up(self, month: int, training: float, serving: float) -> None:
        """Note by how many months of this month's progress methods came out beyond the trend, or fell behind it."""
        pace = (1 - self.traits.progress_fade) ** (month - 1)
        self.training_ahead += pace * training
        self.serving_ahead += pace * serving

    def learn(self, knowledge: float) -> None:
        """Set its knowledge, in effective GPU-hours of training; its flagship has been on sale for one more month."""
        self.knowledge, self.months_on_sale = knowledge, self.months_on_sale + 1

    def learned(self, hours: float, month: int) -> float:
        """Effective GPU-hours that it learns from so many hours of training: each of its companies trains its own."""
        traits = self.traits
        taught = progress(traits.training_growth, traits.progress_fade, month, self.training_ahead)
        return hours / self.companies * taught

    def dated_release(self) -> Release | None:
        """What the date of its releases says for this month; None where no date does, and the lab decides."""
        if (number := self.numbers[ReleaseNumbers].release) <= 0:
            return None
        return Release.KEEP if number == self.last_release else Release.GENERATION

    def pass_date(self) -> None:
        """Note that what this month's date said has been done."""
        self.last_release = self.numbers[ReleaseNumbers].release

    def release(self, generation: Generation) -> None:
        """Put a new flagship on sale, at the price of the last one, which becomes the older model of the line."""
        self.generations = [generation, *self.generations][:2]
        self.loads = {**self.loads, Place.OLDER: self.loads[Place.FLAGSHIP]}
        self.prices = {**self.prices, Place.OLDER: self.price}
        self.months_on_sale, self.withdrawn = 0, []

    def withdraw(self, model: LineModel) -> None:
        """Take a model of its line off the market until its next release."""
        self.withdrawn = [*self.withdrawn, model.place]

    def improve(self) -> None:
        """Put all that it knows into its flagship."""
        self.generations = [replace(self.generations[0], knowledge=self.knowledge), *self.generations[1:]]

    @property
    def in_model(self) -> float:
        """Knowledge in its flagship, which it may give away, in effective GPU-hours of training."""
        return self.generations[0].knowledge

    @property
    def models(self) -> list[LineModel]:
        """The models that it sells, its flagship first."""
        line = models_on_sale(self.generations, self.numbers[LineNumbers])
        return [model for model in line if model.place not in self.withdrawn]

    @property
    def flagship(self) -> LineModel:
        """The best model that it sells."""
        return self.generations[0].flagship

    def rent_from(self, shares: dict[int, float], hour_price: float) -> None:
        """Set its shares of clouds, and their mean price in dollars per hour."""
        self.cloud_share, self.hour_price = shares, hour_price

    def serve_open(self, faster: dict[int, float]) -> None:
        """Serve open models in place of its own, by place in its line: each so many times as fast."""
        self.faster = faster

    def post_line(self, prices: dict[int, float]) -> None:
        """Post the price of each model of its line, by place, in dollars per million output tokens."""
        self.post(prices[Place.FLAGSHIP])
        self.prices = {place: price for place, price in prices.items() if place != Place.FLAGSHIP}

    def note_demand(self, loads: dict[int, float]) -> None:
        """Note the work ordered this month from each model of its line, in output tokens of that model."""
        self.loads = loads

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
        """Quality of its flagship."""
        return self.quality_of(self.flagship)

    def quality_of(self, model: LineModel) -> float:
        """Quality of a model of its line."""
        return model.quality(self.traits.knowledge_unit)

    def slowness(self, model: LineModel) -> float:
        """Hours that a token of a model takes, as a multiple of those of its flagship."""
        return 1.0 if model.place == Place.FLAGSHIP else self._drag(model) / self._drag(self.flagship)

    def _drag(self, model: LineModel) -> float:
        """Hours that a token takes as it serves it, as a multiple of those of a model of its own without knowledge."""
        traits = self.traits
        return model.drag(traits.knowledge_unit, traits.size_penalty) / self.faster.get(model.place, 1.0)

    def price_of(self, model: LineModel) -> float:
        """Last posted price of a model; one that is new in the line opens with the flagship's mark-up on hours."""
        if model.place == Place.FLAGSHIP:
            return self.price
        return self.prices.get(model.place, self.price * self.slowness(model))

    @property
    def load(self) -> float:
        """Work ordered last month from all its models, in output tokens of its flagship."""
        return sum(self.loads.get(model.place, 0.0) * self.slowness(model) for model in self.models)

    def throughput(self, month: int) -> float:
        """Output tokens of its flagship per H100-equivalent hour at full load, as it serves it."""
        return self._engine_speed(month) / self._drag(self.flagship)

    def own_throughput(self, month: int, model: LineModel) -> float:
        """The same of a model that it made, whatever it serves in its place."""
        return self._engine_speed(month) / model.drag(self.traits.knowledge_unit, self.traits.size_penalty)

    def _engine_speed(self, month: int) -> float:
        """Output tokens per hour of a model without knowledge: engines improve over time."""
        traits = self.traits
        return traits.throughput * progress(traits.throughput_growth, traits.progress_fade, month, self.serving_ahead)

    def engine(self, month: int) -> Engine:
        """Return its line in service, in output tokens of its flagship: each model has half-empty batches running."""
        batches = sum(self.slowness(model) for model in self.models)
        half_load = self.traits.half_load * self.companies * batches  # each company has its own
        return Engine(self.throughput(month), half_load, self.numbers[DiscountNumbers].stretch)

    def hours(self, load: float, month: int) -> int:
        """Hours that a month's load needs, in output tokens of its flagship."""
        return self.engine(month).hours(load)

    def unit_cost(self, month: int, model: LineModel) -> float:
        """Dollars of hours per million output tokens of a model at the planned load, which is last month's."""
        half_load, stretch = self.traits.half_load * self.companies, self.numbers[DiscountNumbers].stretch
        engine = Engine(self.throughput(month) / self.slowness(model), half_load, stretch)
        return engine.cost(self.hour_price, self.loads.get(model.place, 0.0))

    def loads_of(self, tokens: dict[tuple[int, int], int], seller: int) -> dict[int, float]:
        """Work of the tokens ordered from a seller of its models, by place in its line, in output tokens of each."""
        return {
            place: sum(tokens.get((seller, good), 0) * work for good, work in zip(goods, self.work(), strict=True))
            for place, goods in enumerate(TOKENS_OF_LINE)
        }

    def work_of(self, tokens: dict[tuple[int, int], int], seller: int) -> float:
        """Work of the tokens ordered from a seller of its models, in output tokens of its flagship."""
        loads = self.loads_of(tokens, seller)
        return sum(loads[model.place] * self.slowness(model) for model in self.models)

    def work(self) -> tuple[float, float, float]:
        """Work of a cached, an input and an output token, in output tokens."""
        return self.traits.cached_work, self.traits.input_work, 1.0

    def card(self) -> Card:
        """Return this month's price card of its flagship."""
        return self.card_of(self.flagship)

    def card_of(self, model: LineModel) -> Card:
        """Return this month's price card of a model; what it gives away is tokens of its flagship."""
        traits, place = self.traits, model.place
        weights = (traits.cached_price, traits.input_price, 1.0)
        mean = dollars(posted(self.price_of(model) * (1 - self.numbers[DiscountNumbers].off)))
        card = Card(self.account, self.region, self.owner, self.quality_of(model), mean, weights, traits.lock_in)
        free = traits.free_tokens / MILLION if place == Place.FLAGSHIP else 0.0
        return replace(card, free=free, maker=self.account, place=place)

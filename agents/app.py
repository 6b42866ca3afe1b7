"""An app company: what it offers users, what a query costs it, and what it remembers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from operator import mul
from typing import ClassVar

import mesa

from watersellers.agents.firm import Firm
from watersellers.agents.news import Card
from watersellers.agents.setting import Member, Traits
from watersellers.market.goods import MILLION, REGIONS, Good
from watersellers.market.saved import Saved

CALLED = (
    Good.QUERIES_PAID,
    Good.QUERIES_FREE,
    Good.SEARCH_CALLS,
    Good.QUERIES_BUSINESS,
)  # what an app answers, whoever asks


@dataclass(frozen=True, slots=True)
class AppTraits(Traits):
    """An app's numbers that no mechanism owns; see ``experiments/parameters.csv`` for units and sources."""

    list_price: float
    list_quota: float
    cached_tokens: float
    input_tokens: float
    output_tokens: float
    tokens_by_quality: float
    appeal: float
    ad_load: float
    walled: float
    captive: float
    west: float
    china: float
    opening_known: float
    list_marketing: float
    channel: float
    staff: float
    staff_share: float
    seat_elasticity: float
    lab_sensitivity: float
    quality_weight: float
    owner_funds: float
    opening_cash: float
    payout: float


class App(Firm):
    """A company whose product users meet."""

    SAVED: ClassVar[Saved] = {
        "quota": float,
        "marketing": float,
        "lab_share": dict[int, float],
        "quality": float,
        "query_cost": float,
        **dict.fromkeys(("asked_paid", "asked_free", "asked_calls", "asked_staff", "asked_pages"), int),
        **dict.fromkeys(("served_paid", "served_free", "served_calls", "served_staff", "served_pages"), int),
        "seats": int,
        "capacity": int,
        "cloud_share": dict[int, float],
        "chip_share": dict[int, float],
    }
    TRAITS = AppTraits

    def __init__(self, model: mesa.Model, member: Member, place: int, records: Sequence[type[Traits]]):
        super().__init__(model, member, place, records)
        self.price = self.traits.list_price
        self.quota = self.traits.list_quota
        self.marketing = self.traits.list_marketing  # USD this month
        self.lab_share: dict[int, float] = {}
        self.quality = 0.0  # of the models it uses this month
        self.query_cost = 0.0  # USD of tokens a query, this month
        self.asked_paid = self.asked_free = self.asked_calls = 0  # queries: of users, and of who calls for answers
        self.served_paid = self.served_free = self.served_calls = 0
        self.asked_staff = self.served_staff = 0  # queries of enterprises' staff
        self.asked_pages = self.served_pages = 0  # result pages of its owner's older business that it is to answer
        self.seats = 0
        self.cloud_share: dict[int, float] = {}  # of the hours that it rents
        self.chip_share: dict[int, float] = {}  # of its last machine order, by vendor
        self.capacity = 0  # hours a month of its own machines

    @property
    def traits(self) -> AppTraits:
        """Its numbers that no mechanism owns."""
        core: AppTraits = self.numbers.core
        return core

    # what it does and what it learns

    def offer(self, price: float, quota: float) -> None:
        """Offer users a seat at a price in dollars, and so many free queries a month."""
        self.price, self.quota = price, quota

    def advertise(self, dollars: float) -> None:
        """Spend so much on marketing next month."""
        self.marketing = dollars

    def use_labs(self, shares: dict[int, float], query_cost: float, quality: float) -> None:
        """Buy from labs by these shares: what a query costs in tokens, and how good its answer is, follow."""
        self.lab_share, self.query_cost, self.quality = shares, query_cost, quality

    def rent_from(self, shares: dict[int, float]) -> None:
        """Rent hours by these shares of clouds."""
        self.cloud_share = shares

    def order_from(self, shares: dict[int, float]) -> None:
        """Order machines by these shares of vendors."""
        self.chip_share = shares

    def run(self, hours: int) -> None:
        """Have machines of its own in service that give so many hours this month."""
        self.capacity = hours

    def take_pages(self, pages: int) -> None:
        """Be asked for the answers to so many result pages this month."""
        self.asked_pages, self.served_pages = pages, 0

    def answer_pages(self, pages: int) -> None:
        """Answer so many of them."""
        self.served_pages = pages

    def hear(self, asked: Mapping[tuple[int, int], int]) -> None:
        """Count the queries asked of it, by (app, good)."""
        queries = (asked.get((self.place, good), 0) for good in CALLED)
        self.asked_paid, self.asked_free, self.asked_calls, self.asked_staff = queries

    def count_sales(self, sold: Mapping[tuple[int, int], int]) -> None:
        """Count the seats that it sold and the queries that it answered, by (app, good)."""
        queries = (sold.get((self.place, good), 0) for good in CALLED)
        self.served_paid, self.served_free, self.served_calls, self.served_staff = queries
        self.seats = sold.get((self.place, Good.SEATS), 0)

    # what follows from that

    @property
    def asked(self) -> int:
        """Queries asked of it, whoever asks."""
        return self.asked_paid + self.asked_free + self.asked_calls + self.asked_staff + self.asked_pages

    @property
    def answered(self) -> int:
        """Queries that it answered."""
        return self.served_paid + self.served_free + self.served_calls + self.served_staff + self.served_pages

    @property
    def served(self) -> float:
        """Share of last month's queries that were answered, result pages apart, for these come last."""
        asked, answered = self.asked - self.asked_pages, self.answered - self.served_pages
        return answered / asked if asked else 1.0

    @property
    def slots(self) -> float:
        """Ad slots beside a free answer; none beside what lies behind a wall."""
        return float(self.traits.ad_load * (1 - self.traits.walled))

    @property
    def tokens(self) -> tuple[int, int, int]:
        """Cached, input and output tokens of a query on its models."""
        return self.tokens_on(self.quality)

    def tokens_on(self, quality: float) -> tuple[int, int, int]:
        """Cached, input and output tokens of a query; the better the model, the more of them it takes."""
        traits = self.traits
        grown = exp(traits.tokens_by_quality * quality)
        return int(traits.cached_tokens * grown), int(traits.input_tokens * grown), int(traits.output_tokens * grown)

    def known_in(self, regions: list[str]) -> tuple[float, ...]:
        """Share of each region's people who know it at the start."""
        return tuple(self.traits.opening_known if getattr(self.traits, region) > 0 else 0.0 for region in regions)

    def costs_on(self, cards: Iterable[Card], quality: float) -> list[float]:
        """Dollars of tokens a query on each card, as many as an answer of a quality takes."""
        tokens = self.tokens_on(quality)
        return [card.price * sum(map(mul, tokens, card.query_weights)) / MILLION for card in cards]

    @property
    def regions(self) -> tuple[str, ...]:
        """Where it is offered."""
        return tuple(region for region in REGIONS if getattr(self.traits, region) > 0)

    @property
    def usefulness(self) -> float:
        """Quality of its answers: that of its models, for what does not lie behind somebody's wall."""
        return float(self.quality * (1 - self.traits.walled))

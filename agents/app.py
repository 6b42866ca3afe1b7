"""An app company: what it offers users, what a query costs it, and what it remembers."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp
from operator import mul
from typing import ClassVar

import mesa

from watersellers.agents.firm import Firm
from watersellers.agents.news import AnswerCard, Card, Plan, StaffSeat
from watersellers.agents.owning import Owning
from watersellers.agents.setting import Member, Traits
from watersellers.market.goods import MILLION, Good
from watersellers.market.saved import Saved
from watersellers.market.tariffs import Tariff

REGIONS = ("west", "china")
CALLED = (
    Good.QUERIES_PAID,
    Good.QUERIES_FREE,
    Good.SEARCH_CALLS,
    Good.QUERIES_BUSINESS,
)  # what an app answers, whoever asks


@dataclass(frozen=True, slots=True)
class AppTraits(Traits):
    """An app's numbers; see ``experiments/parameters.csv`` for units and sources."""

    list_price: float
    list_quota: float
    cached_tokens: float
    input_tokens: float
    output_tokens: float
    tokens_by_quality: float
    appeal: float
    ad_load: float
    trust: float
    west: float
    china: float
    opening_known: float
    list_marketing: float
    staff: float
    staff_share: float
    seat_elasticity: float
    lab_sensitivity: float
    quality_weight: float
    owner_funds: float
    opening_cash: float
    payout: float
    search_calls: float
    search_price: float
    search_block: float
    search_beyond: float
    index_cost: float
    index_call_cost: float
    answer_price: float
    answer_block: float
    answer_beyond: float
    publisher_share: float
    content_price: float
    walled: float
    captive: float
    trust_erosion: float
    scandal_hazard: float
    scandal_depth: float
    transactions: float
    take_rate: float
    opening_pages: float
    page_slots: float
    page_cost: float
    page_loss: float
    channel: float
    sells_appliances: float
    appliance_threshold: float
    appliance_machines: float
    appliance_assembly: float
    appliance_efficiency: float
    appliance_stock: float
    business_price: float
    business_use: float
    device_price: float
    device_cost: float
    device_reach: float
    device_life: float
    device_habit: float
    hour_sensitivity: float
    hour_lock_in: float
    host_team: float
    power_cost: float
    site_cost: float
    building_share: float
    book_life: float
    build_lag: float
    discount: float
    rent_decline: float

    @property
    def serves(self) -> int:
        """Months that a machine of its own is in service."""
        return int(self.book_life)

    @property
    def owning(self) -> Owning:
        """What it reckons with when it buys machines."""
        return Owning(self.serves, self.discount, self.rent_decline, self.building_share)


class App(Firm):
    """A company whose product users meet."""

    SAVED: ClassVar[Saved] = {
        "quota": float,
        "marketing": float,
        "lab_share": dict[int, float],
        "quality": float,
        "query_cost": float,
        **dict.fromkeys(("asked_paid", "asked_free", "served_paid", "served_free", "seats", "devices"), int),
        "search_cost": float,
        "distrust": float,
        **dict.fromkeys(("asked_calls", "served_calls", "own_calls", "sold_calls"), int),
        **dict.fromkeys(("pages", "asked_pages", "served_pages"), int),
        "page_price": float,
        "staff_price": float,
        "asked_staff": int,
        "served_staff": int,
        "box_price": float,
        "boxes_asked": int,
        "boxes_sold": int,
        **dict.fromkeys(("own_queries", "host_hours", "capacity"), int),
        "hosted_share": float,
        "hour_price": float,
        "cloud_share": dict[int, float],
        "chip_share": dict[int, float],
    }

    def __init__(self, model: mesa.Model, member: Member, place: int):
        super().__init__(model, member, place)
        self.traits = AppTraits.of(member.numbers)
        self.distrust = 0.0  # utility lost to ads and scandals
        self.price = self.traits.list_price
        self.quota = self.traits.list_quota
        self.marketing = self.traits.list_marketing  # USD this month
        self.lab_share: dict[int, float] = {}
        self.quality = 0.0  # of the models it uses this month
        self.query_cost = 0.0  # USD of tokens a query, this month
        self.search_cost = 0.0  # USD of searches a query, last month
        self.asked_paid = self.asked_free = self.asked_calls = 0  # queries: of users, and of who calls for answers
        self.served_paid = self.served_free = self.served_calls = 0
        self.pages = self.asked_pages = self.served_pages = 0  # of its owner's older business: all, to answer, answered
        self.page_price = 0.0  # USD a slot on pages, last month
        self.asked_staff = self.served_staff = 0  # queries of enterprises' staff
        self.seats = self.devices = 0
        self.staff_price = 0.0  # USD a seat of enterprises' staff
        self.box_price = 0.0  # USD an appliance
        self.boxes_asked = self.boxes_sold = 0  # appliances this month
        self.own_calls = self.sold_calls = 0  # searches in its index this month, for itself and for others
        self.hosted_share = 0.0  # of this month's queries that a model of its own answers
        self.own_queries = 0  # these
        self.host_hours = 0  # hours that they take
        self.hour_price = 0.0  # USD, this month, at the clouds of its choice
        self.cloud_share: dict[int, float] = {}  # of the hours that it rents
        self.chip_share: dict[int, float] = {}  # of its last machine order, by vendor
        self.capacity = 0  # hours a month of its own machines

    @property
    def can_answer(self) -> bool:
        """Whether it has a model to answer with this month: a lab's that sells to it, or one of its own."""
        return bool(self.lab_share or self.hosted_share)

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
    def input_cost(self) -> float:
        """Dollars that a query costs: its tokens, its searches at last month's cost, and its content."""
        return self.query_cost + self.search_cost + self.traits.content_price

    @property
    def slots(self) -> float:
        """Ad slots beside a free answer; none beside what lies behind a wall."""
        return float(self.traits.ad_load * (1 - self.traits.walled))

    @property
    def overhead(self) -> float:
        """Dollars a month that it spends whatever is asked of it: staff, marketing, an index, a model's team."""
        traits = self.traits
        index = traits.index_cost if self.own_calls else 0.0
        team = traits.host_team if self.hosted_share else 0.0
        return float(traits.staff + self.marketing + index + team)

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

    def costs_on(self, cards: Iterable[Card]) -> list[float]:
        """Dollars of tokens a query on each card."""
        tokens = self.tokens
        return [card.price * sum(map(mul, tokens, card.query_weights)) / MILLION for card in cards]

    def plan(self) -> Plan:
        """What the app offers users this month."""
        traits = self.traits
        return Plan(
            self.place, self.key, self.regions, self.price, int(self.quota), traits.appeal, self.usefulness,
            traits.ad_load, self.trust, self.served, self.marketing, traits.captive, traits.device_habit,
        )  # fmt: skip

    @property
    def trust(self) -> float:
        """What users trust it for, in utility: its own standing less what ads and scandals have cost it."""
        return float(self.traits.trust - self.distrust)

    @property
    def regions(self) -> tuple[str, ...]:
        """Where it is offered."""
        return tuple(region for region in REGIONS if getattr(self.traits, region) > 0)

    @property
    def usefulness(self) -> float:
        """Quality of its answers: that of its models, for what does not lie behind somebody's wall."""
        return float(self.quality * (1 - self.traits.walled))

    def staff_seat(self) -> StaffSeat:
        """What the app offers enterprises for their staff this month."""
        return StaffSeat(self.place, self.regions, self.staff_price, self.traits.business_use, self.usefulness)

    @property
    def builds(self) -> bool:
        """Whether machines that it buys come to a fleet of its own, and not into appliances."""
        return bool(self.alive and not self.traits.sells_appliances)

    @property
    def may_box(self) -> bool:
        """Whether it sells appliances: it does if told to, and if it has the people to put one together."""
        traits = self.traits
        return bool(self.alive and traits.sells_appliances > 0 and traits.staff >= traits.appliance_threshold)

    def card(self) -> AnswerCard:
        """What the app offers enterprises this month."""
        tariff = Tariff(self.traits.answer_price, self.traits.answer_block, self.traits.answer_beyond)
        return AnswerCard(self.place, self.regions, self.usefulness, tariff)

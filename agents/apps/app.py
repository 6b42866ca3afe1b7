"""An app company: its offer to users, the cost of a query, and its state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from operator import mul
from typing import ClassVar

import mesa

from watersellers.agents import decision_checks as answers
from watersellers.agents.compute.capital_budgeting import MachineNumbers
from watersellers.agents.decision_bounds import BOUNDS
from watersellers.agents.firm import Firm
from watersellers.agents.information import SeenByApp
from watersellers.agents.public_information import Card
from watersellers.agents.scenario_spec import ParticipantSpec, Traits
from watersellers.market.chance import Chance
from watersellers.market.exact import dollars, nano, posted
from watersellers.market.goods import MILLION, REGIONS, Good
from watersellers.market.saved import Saved

QUERY_GOODS = (
    Good.QUERIES_PAID,
    Good.QUERIES_FREE,
    Good.SEARCH_CALLS,
    Good.QUERIES_BUSINESS,
)  # all kinds of queries that an app answers


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
    """A company that sells an AI product to users."""

    SAVED: ClassVar[Saved] = {
        "enters": int,
        "quota": float,
        "query_price": float,
        "marketing": float,
        "ad_load": float,
        "lab_share": dict[tuple[int, int], float],
        **dict.fromkeys(("quality", "effort", "reasoned"), float),
        "query_cost": float,
        **dict.fromkeys(("asked_paid", "asked_free", "asked_calls", "asked_staff", "asked_pages"), int),
        **dict.fromkeys(("served_paid", "served_free", "served_calls", "served_staff", "served_pages"), int),
        "seats": int,
        "capacity": int,
        "cloud_share": dict[int, float],
        "chip_share": dict[int, float],
    }
    TRAITS = AppTraits

    def __init__(self, model: mesa.Model, member: ParticipantSpec, account_id: int, records: Sequence[type[Traits]]):
        super().__init__(model, member, account_id, records)
        self.begin()

    def begin(self) -> None:
        """Set all that it has on its first day, which may be that of a firm founded anew."""
        self.price = self.traits.list_price
        self.quota = self.traits.list_quota
        self.query_price = 0.0  # USD that paying users pay for a query, besides the price of a seat
        self.marketing = self.traits.list_marketing  # USD this month
        self.ad_load = 0.0  # ad slots per free answer: none before it decides
        self.lab_share: dict[tuple[int, int], float] = {}  # by seller and place in its line
        self.quality = 0.0  # of the models it uses this month
        self.effort = 1.0  # output tokens of an answer, as a multiple of those without reasoning
        self.reasoned = 0.0  # quality that reasoning adds to its answers
        self.query_cost = 0.0  # USD of tokens per query, this month
        self.asked_paid = self.asked_free = self.asked_calls = 0  # queries of users, and calls for answers
        self.served_paid = self.served_free = self.served_calls = 0
        self.asked_staff = self.served_staff = 0  # queries of enterprises' staff
        self.asked_pages = self.served_pages = 0  # result pages of its owner's search business that it answers
        self.seats = 0
        self.cloud_share: dict[int, float] = {}  # of the hours that it rents
        self.chip_share: dict[int, float] = {}  # of its last machine order, by vendor
        self.capacity = 0  # hours per month of its own machines
        self.pivoted = False

    @property
    def traits(self) -> AppTraits:
        """Those of its numbers that no mechanism owns."""
        core: AppTraits = self.numbers.core
        return core

    # what changes its state

    def enter_in(self, month: int) -> None:
        """Set the month in which it enters, for an app that has waited for better models."""
        self.enters = month

    def offer(self, tariff: tuple[float, float], quota: float) -> None:
        """Post what paying users pay in dollars, for a seat and a query, and the free queries per user and month."""
        (self.price, self.query_price), self.quota = tariff, quota

    def decide_tariff(self, seen: SeenByApp, chance: Chance) -> tuple[float, float]:
        """Ask what paying users are to pay, for a seat and for a query; raise BadAnswer if that means nothing."""
        bound, strategy = BOUNDS["apps.pricing"], self.strategies["pricing"]
        seat, query = answers.tariff(f"{self.name}.pricing", bound, strategy, seen, chance)
        return dollars(nano(seat) if query else posted(seat)), dollars(posted(query)) if query else 0.0

    def advertise(self, dollars: float) -> None:
        """Set next month's marketing budget in dollars."""
        self.marketing = dollars

    def show_ads(self, slots: float) -> None:
        """Set the ad slots that it shows beside a free answer from this month on."""
        self.ad_load = slots

    def use_labs(self, shares: dict[tuple[int, int], float], query_cost: float, quality: float) -> None:
        """Set its shares of labs, and the token cost and quality of a query that follow from them."""
        self.lab_share, self.query_cost, self.quality = shares, query_cost, quality

    def reason(self, multiple: float, gained: float) -> None:
        """Set how long its models reason, as a multiple of output tokens, and the quality that answers gain by it."""
        self.effort, self.reasoned = multiple, gained

    def rent_from(self, shares: dict[int, float]) -> None:
        """Set its shares of clouds in rented hours."""
        self.cloud_share = shares

    def order_from(self, shares: dict[int, float]) -> None:
        """Note its shares of vendors in an order of machines."""
        self.chip_share = shares

    def run(self, hours: int) -> None:
        """Set this month's capacity of its own machines in hours."""
        self.capacity = hours

    def take_pages(self, pages: int) -> None:
        """Set the result pages that it is to answer this month."""
        self.asked_pages, self.served_pages = pages, 0

    def answer_pages(self, pages: int) -> None:
        """Note the result pages that it answered."""
        self.served_pages = pages

    def note_demand(self, asked: Mapping[tuple[int, int], int]) -> None:
        """Note its queries of the month, from queries by (app, good)."""
        queries = (asked.get((self.account, good), 0) for good in QUERY_GOODS)
        self.asked_paid, self.asked_free, self.asked_calls, self.asked_staff = queries

    def count_sales(self, sold: Mapping[tuple[int, int], int]) -> None:
        """Note the seats that it sold and the queries that it answered, from units by (app, good)."""
        queries = (sold.get((self.account, good), 0) for good in QUERY_GOODS)
        self.served_paid, self.served_free, self.served_calls, self.served_staff = queries
        self.seats = sold.get((self.account, Good.SEATS), 0)

    # what follows from its state

    @property
    def asked(self) -> int:
        """Queries of all kinds that it was asked."""
        return self.asked_paid + self.asked_free + self.asked_calls + self.asked_staff + self.asked_pages

    @property
    def answered(self) -> int:
        """Queries of all kinds that it answered."""
        return self.served_paid + self.served_free + self.served_calls + self.served_staff + self.served_pages

    @property
    def served(self) -> float:
        """Share of last month's queries that it answered, without result pages, which come last."""
        asked, answered = self.asked - self.asked_pages, self.answered - self.served_pages
        return answered / asked if asked else 1.0

    @property
    def slots(self) -> float:
        """Ad slots per free answer, in the mean; answers about walled content have none."""
        return float(self.ad_load * (1 - self.traits.walled))

    @property
    def tokens(self) -> tuple[int, int, int]:
        """Cached, input and output tokens per query on its models."""
        return self.tokens_on(self.quality)

    def tokens_on(self, quality: float) -> tuple[int, int, int]:
        """Cached, input and output tokens per query; better models use more of them, and reasoning writes more."""
        traits = self.traits
        grown = exp(traits.tokens_by_quality * quality)
        written = int(traits.output_tokens * grown * self.effort)
        return int(traits.cached_tokens * grown), int(traits.input_tokens * grown), written

    def known_in(self, regions: list[str]) -> tuple[float, ...]:
        """Share of each region's people who know the app at the start."""
        return tuple(self.traits.opening_known if getattr(self.traits, region) > 0 else 0.0 for region in regions)

    def costs_on(self, cards: Iterable[Card], quality: float) -> list[float]:
        """Dollars of tokens per query on each price card, with the tokens of a model of this quality."""
        tokens = self.tokens_on(quality)
        return [card.price * sum(map(mul, tokens, card.query_weights)) / MILLION for card in cards]

    def cards_to_use(self, cards: Iterable[Card], names: Sequence[str]) -> list[Card]:
        """Price cards of the labs and hosts that sell to it: those on its list or, without a list, in its region."""
        listed = self.partners.get("labs", ())
        return [
            card
            for card in cards
            if card.sells_to(self.account) and (names[card.lab] in listed if listed else card.region == self.region)
        ]

    def worth_of(self, cards: Sequence[Card]) -> list[float]:
        """What each price card is worth to it, in the units of its choice of labs, without lock-in."""
        costs, traits = self.costs_on(cards, self.quality), self.traits
        return [
            traits.quality_weight * card.quality - traits.lab_sensitivity * log(cost)
            for card, cost in zip(cards, costs, strict=True)
        ]

    def share_of(self, lab: int) -> float:
        """Share of a lab or a host in the queries that it answers with bought tokens, over all models of its line."""
        return sum((share for (seller, _), share in self.lab_share.items() if seller == lab), 0.0)

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions in which it is offered."""
        traits = self.traits
        return tuple([region for region in REGIONS if getattr(traits, region) > 0])

    @property
    def serves(self) -> int:
        """Months that a machine of its own is in service: the book life."""
        return int(self.numbers[MachineNumbers].book_life)

    @property
    def usefulness(self) -> float:
        """Quality of its answers: of its models and their reasoning, less the share of queries about walled content."""
        return float((self.quality + self.reasoned) * (1 - self.traits.walled))

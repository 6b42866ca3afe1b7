"""Work handed over to models: what each region's firms spend on tokens for it, out of budgets of the month before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.enterprises.regions import EnterpriseRegions
from watersellers.agents.firm import Firm, Registers
from watersellers.agents.public_information import Card, PublicInformation
from watersellers.agents.scenario_spec import RegionState
from watersellers.agents.strategies.adoption import SeenByAdopters
from watersellers.agents.strategies.selling import WholeLine
from watersellers.agents.work.adoption import Adoption
from watersellers.agents.work.demand_answers import Answers
from watersellers.agents.work.model_choice import ModelOffer, WorkValue
from watersellers.agents.work.segments import Segment, Segments
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.elementary import exp_of
from watersellers.market.saved import Saved
from watersellers.market.trade.purchase_answers import UNKNOWN, Answer, mean_answer


@dataclass(frozen=True, slots=True)
class SegmentMonth:
    """A segment's month in a region, for the table of adoption."""

    region: str
    segment: str
    firms: float  # share that uses models
    depth: float  # share of their exposed work that these open to models
    work: float  # hours handed over
    horizon: float | None  # hours: of the best model on sale, where half of all tasks succeed; None if nowhere
    tokens_per_hour: float | None  # output tokens per hour handed over; None without any
    surplus: float  # USD that the region's firms keep


@dataclass(frozen=True, slots=True)
class Wish:
    """What a region's firms want to spend on the tokens of a card this month, and how these answer the card."""

    card: Card
    dollars: float = 0.0
    answer: Answer = UNKNOWN

    def and_more(self, dollars: float, answer: Answer) -> "Wish":
        """Add what is wanted for a segment of the work; answers are means by dollars, as all pay the same price."""
        total = self.dollars + dollars
        if total <= 0:
            return self
        return Wish(self.card, total, mean_answer([(self.dollars, self.answer), (dollars, answer)]))


def _seen_by_seller(answers: Answers, places: list[int], horizon_growth: float) -> Answer:
    """How a segment's tokens answer a card, as its seller sees it, who knows its models by their place in its line."""
    siblings, diverted = (
        tuple([(places[offer], figure) for offer, figure in known]) for known in (answers.siblings, answers.diverted)
    )
    return Answer(1.0, answers.price, answers.horizon * horizon_growth, siblings, diverted)


@dataclass(frozen=True, slots=True)
class WorkBudget:
    """A region's budget for work that is handed over, as a source of income of its account."""

    account: int
    work: "HandedOverWork"

    def income(self, month: int) -> float:
        """Dollars that the region's firms set aside for it this month, out of the wages that it saves."""
        return self.work.grants.get(self.account, 0.0)


class HandedOverWork:
    """The work of all regions and segments: adoption, and demand for tokens.

    What firms want to spend follows this month's cards. They may spend what was granted a month ago: last month's
    wish with a margin for growth. What they did not order for stays with them, and lowers the next grant.
    """

    SAVED: ClassVar[Saved] = {
        "adoption": dict[tuple[int, int], Adoption],
        "gains": dict[tuple[int, int], float],
        "grants": dict[int, float],
        "purses": dict[int, float],
        "plans": dict[int, list[Wish]],
        "rows": list[SegmentMonth],
    }

    def __init__(self, regions: EnterpriseRegions, segments: Segments, registers: Registers, labs: Sequence[Firm] = ()):
        self.regions, self.segments, self.registers = regions, segments, registers
        self.labs = {firm.account: firm for firm in labs}
        self.adoption = {
            (region.account, segment.key): Adoption(segment.traits.opening_firms, segment.traits.opening_depth)
            for region in self.regions
            for segment in segments
        }
        self.gains: dict[tuple[int, int], float] = {}  # USD per dollar of wage, by account and segment, of last month
        self.grants: dict[int, float] = {}  # USD of next month's income, by account
        self.purses: dict[int, float] = {}  # USD that may be spent this month, by account
        self.plans: dict[int, list[Wish]] = {}  # this month's, by account
        self.rows: list[SegmentMonth] = []  # this month's

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the enterprises of all regions, and the segments of their work."""
        return cls(parts[EnterpriseRegions], parts[Segments], parts.registers, parts.firms["labs"])

    @property
    def public(self) -> PublicInformation:
        """What firms can read of the chain."""
        return self.registers.public

    @property
    def budgets(self) -> list[WorkBudget]:
        """The budgets of all regions, as sources of income; none in a world without segments."""
        return [WorkBudget(region.account, self) for region in self.regions if self.segments]

    def expect(self, chance: Chance) -> None:
        """Let firms adopt models, open more of their work to them, or give them up, by last month's gain."""
        self.plans, self.rows = {}, []
        for region in self.regions:
            for segment in self.segments:
                place = region.account, segment.key
                if (gain := self.gains.get(place)) is not None:  # none before the first month
                    now = self.adoption[place]
                    hazard = segment.hazard(region.name, SeenByAdopters(now.firms, now.depth, gain), chance)
                    self.adoption[place] = now.next(hazard, gain, segment.adoption_terms())

    def plan(self, region: RegionState) -> list[Wish]:
        """What a region's firms want to spend on the tokens of each card this month; cards must be posted."""
        if region.account not in self.plans:
            cards = [card for card in self.public.cards if card.region == region.name]
            cards = [card for card in cards if card.sells_to(region.account)]
            wishes = [Wish(card) for card in cards]
            offered = [(card, card.bundle_price(region.traits.mix)) for card in cards] if self.segments else []
            for segment in self.segments:
                wishes = self._with_segment(region, segment, offered, wishes)
            self.plans[region.account] = wishes
        return self.plans[region.account]

    def wanted(self, region: RegionState) -> float:
        """Dollars that a region's firms want to spend this month."""
        return sum(wish.dollars for wish in self.plan(region))

    def affordable(self, region: RegionState) -> float:
        """Dollars of this month's wish that the budget allows."""
        return min(self.wanted(region), self.purses.get(region.account, 0.0))

    def surplus_in_sight(self, region: RegionState) -> float:
        """Dollars that models would save, at this month's cards, in all the exposed work of the firms that use them."""
        self.plan(region)
        hours, total = self.hours_left(region), 0.0
        for segment in self.segments:
            place, traits = (region.account, segment.key), segment.traits
            wages = region.traits.wage * traits.wage_factor * (hours * traits.share)
            total += wages * self.adoption[place].of_adopters(traits.adoption_spread) * self.gains[place]
        return total

    def hours_left(self, region: RegionState) -> float:
        """Exposed hours that people do not do with seats of their own: an hour of work counts once."""
        traits = region.traits
        with_seats = self.public.paid_seats.get(region.name, 0) * traits.seats_at_work * traits.seat_hours
        return float(max(0.0, traits.exposed_hours - with_seats))

    def _with_segment(
        self, region: RegionState, segment: Segment, offered: list[tuple[Card, float]], wishes: list[Wish]
    ) -> list[Wish]:
        """Add to a region's wishes what its firms want for a segment; note the segment's gain and its row."""
        wage = region.traits.wage * segment.traits.wage_factor
        tokens = segment.traits.tokens_an_hour
        horizons = segment.log_horizons(card.quality for card, _ in offered)
        offers = [
            ModelOffer(card.maker, card.lab, horizon, tokens * bundle / wage, self._judged(card.lab))
            for (card, bundle), horizon in zip(offered, horizons, strict=True)
        ]
        value = segment.value_of(offers)
        state = self.adoption[region.account, segment.key]
        hours = self.hours_left(region) * segment.traits.share * state.work(segment.traits.adoption_spread)
        self.gains[region.account, segment.key] = value.surplus
        self._note(region, segment, offers, hours, value)
        rows = zip(wishes, value.spending, self._seen_by_sellers(segment, offered, value), strict=True)
        return [wish.and_more(hours * wage * spent, answer) for wish, spent, answer in rows]

    def _seen_by_sellers(
        self, segment: Segment, offered: list[tuple[Card, float]], value: WorkValue
    ) -> Iterable[Answer]:
        """How a segment's tokens answer each card; unknown in a shadow, which no lab asks."""
        if not self.labs:
            return repeat(UNKNOWN, len(offered))
        places, growth = [card.place for card, _ in offered], segment.traits.horizon_growth
        return [_seen_by_seller(answers, places, growth) for answers in value.answers]

    def _judged(self, lab: int) -> bool:
        """Say whether a lab asks what its models take from each other: a choice without each of them takes long."""
        return lab in self.labs and not isinstance(self.labs[lab].strategies["offering"], WholeLine)

    def _note(
        self, region: RegionState, segment: Segment, offers: list[ModelOffer], hours: float, value: WorkValue
    ) -> None:
        """Write a segment's row for the table of adoption."""
        best, half = max((offer.log_horizon for offer in offers), default=None), segment.skill().half_done
        state, traits = self.adoption[region.account, segment.key], segment.traits
        wage = region.traits.wage * traits.wage_factor
        self.rows.append(
            SegmentMonth(
                region.name,
                segment.name,
                state.firms,
                state.depth,
                hours * value.used,
                exp_of(best) * half if best is not None and half else None,
                traits.tokens_an_hour * value.effort if value.used else None,
                hours * wage * value.surplus,
            )
        )

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Grant next month's budgets: what was wanted this month, and a margin, less what is left of this month's."""
        for region in self.regions if self.segments else ():
            cash = max(0.0, int(ledger.cash[region.account]) / 100)
            self.grant(region, min(cash, self.unspent(region)))  # other money of the region is for other ends

    def unspent(self, region: RegionState) -> float:
        """Dollars of a region's budget of this month that its firms do not want to spend."""
        return self.purses.get(region.account, 0.0) - self.affordable(region)

    def grant(self, region: RegionState, left: float) -> None:
        """Grant a region's budget of next month, of which so many dollars are left from this one."""
        wanted = self.wanted(region) * (1 + region.traits.budget_margin)
        self.grants[region.account] = max(0.0, wanted - left)
        self.purses[region.account] = left + self.grants[region.account]

"""Work handed over to models: what each region's firms spend on tokens for it, out of budgets of the month before."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.enterprises.budget_shares import bundle_price
from watersellers.agents.enterprises.budgets import Enterprises
from watersellers.agents.information import SeenByAdopters
from watersellers.agents.public_information import Card
from watersellers.agents.scenario_spec import RegionState
from watersellers.agents.work.adoption import Adoption
from watersellers.agents.work.model_choice import ModelOffer, WorkValue, value_of_models
from watersellers.agents.work.segments import Segment, Segments
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.saved import Saved


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


@dataclass(slots=True)
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
    wish with a margin for growth. What they did not spend stays with them, and lowers the next grant.
    """

    SAVED: ClassVar[Saved] = {
        "adoption": dict[tuple[int, int], Adoption],
        "gains": dict[tuple[int, int], float],
        "wanted": dict[int, float],
        "grants": dict[int, float],
        "purses": dict[int, float],
        "rows": list[SegmentMonth],
    }

    def __init__(self, sector: Enterprises, segments: Segments):
        self.regions, self.segments, self.registers = sector.regions, segments, sector.registers
        self.adoption = {
            (region.account, segment.key): Adoption(segment.traits.opening_firms, segment.traits.opening_depth)
            for region in self.regions
            for segment in segments
        }
        self.gains: dict[tuple[int, int], float] = {}  # USD per dollar of wage, by account and segment, of last month
        self.wanted: dict[int, float] = {}  # USD, by account
        self.grants: dict[int, float] = {}  # USD of next month's income, by account
        self.purses: dict[int, float] = {}  # USD that may be spent this month, by account
        self.rows: list[SegmentMonth] = []  # this month's

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the enterprises of all regions, and the segments of their work."""
        return cls(parts[Enterprises], parts[Segments])

    @property
    def budgets(self) -> list[WorkBudget]:
        """The budgets of all regions, as sources of income; none in a world without segments."""
        return [WorkBudget(region.account, self) for region in self.regions if self.segments]

    def expect(self, chance: Chance) -> None:
        """Let firms adopt models, open more of their work to them, or give them up, by last month's gain."""
        self.rows = []
        for (account_id, key), gain in self.gains.items():
            region = next(region for region in self.regions if region.account == account_id)
            segment = next(segment for segment in self.segments if segment.key == key)
            now = self.adoption[account_id, key]
            hazard = segment.hazard(region.name, SeenByAdopters(now.firms, now.depth, gain), chance)
            self.adoption[account_id, key] = now.next(hazard, gain, segment.adoption_terms())

    def spending(self, region: RegionState) -> list[tuple[Card, float]]:
        """Dollars that a region's firms spend on the tokens of each card this month; the cards must be posted."""
        cards = [card for card in self.registers.public.cards if card.region == region.name]
        cards = [card for card in cards if card.sells_to(region.account)]
        wanted = [0.0] * len(cards)
        for segment in self.segments:
            for row, dollars in enumerate(self._segment_spending(region, segment, cards)):
                wanted[row] += dollars
        total = sum(wanted)
        self.wanted[region.account] = total
        granted = min(1.0, self.purses.get(region.account, 0.0) / total) if total > 0 else 0.0
        return [(card, dollars * granted) for card, dollars in zip(cards, wanted, strict=True)]

    def _segment_spending(self, region: RegionState, segment: Segment, cards: list[Card]) -> list[float]:
        """Dollars that a region's firms want to spend on each card for a segment; note its gain and its row."""
        wage = region.traits.wage * segment.traits.wage_factor
        bundle = segment.traits.tokens_an_hour
        offers = [
            ModelOffer(card.maker, segment.horizon(card.quality), bundle * bundle_price(card, region.traits) / wage)
            for card in cards
        ]
        value = value_of_models(offers, segment.lengths(), segment.skill(), segment.judgement())
        state = self.adoption[region.account, segment.key]
        hours = region.traits.exposed_hours * segment.traits.share * state.work(segment.traits.adoption_spread)
        self.gains[region.account, segment.key] = value.surplus
        self._note(region, segment, offers, hours, value)
        return [hours * wage * dollars for dollars in value.spending]

    def _note(
        self, region: RegionState, segment: Segment, offers: list[ModelOffer], hours: float, value: WorkValue
    ) -> None:
        """Write a segment's row for the table of adoption."""
        best = max((offer.horizon for offer in offers), default=0.0)
        state, traits = self.adoption[region.account, segment.key], segment.traits
        wage = region.traits.wage * traits.wage_factor
        self.rows.append(
            SegmentMonth(
                region.name,
                segment.name,
                state.firms,
                state.depth,
                hours * value.used,
                best * segment.skill().half_done if best else None,
                traits.tokens_an_hour * value.effort if value.used else None,
                hours * wage * value.surplus,
            )
        )

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Grant next month's budgets: what was wanted this month, and a margin, less the cash that is left."""
        for region in self.regions if self.segments else ():
            cash = max(0.0, int(ledger.cash[region.account]) / 100)
            wanted = self.wanted.get(region.account, 0.0) * (1 + region.traits.budget_margin)
            self.grants[region.account] = max(0.0, wanted - cash)
            self.purses[region.account] = cash + self.grants[region.account]

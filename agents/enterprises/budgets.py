"""Budgets of enterprises and states: the money that they set aside for the chain, and their assumptions."""

from dataclasses import dataclass
from typing import Self

from watersellers.agents.compute.capital_budgeting import OwnershipTerms
from watersellers.agents.economy_parts import Parts
from watersellers.agents.exogenous_trends import logistic
from watersellers.agents.firm import Registers
from watersellers.agents.public_information import AnswerCard
from watersellers.agents.scenario_spec import ParticipantSpec, RegionState, Traits
from watersellers.market.trade.orders import Trades


@dataclass(frozen=True, slots=True)
class EnterpriseTraits(Traits):
    """Numbers of a region's enterprises; budgets grow along a logistic. See ``experiments/parameters.csv``."""

    tokens_low: float
    tokens_high: float
    compute_low: float
    compute_high: float
    capital: float
    middle: float
    width: float
    cached_mix: float
    input_mix: float
    quality_weight: float
    sensitivity: float
    hour_sensitivity: float
    own_sensitivity: float
    own_use: float
    running_cost: float
    building_share: float
    life: float
    build_lag: float
    discount: float
    rent_decline: float
    catch_up: float
    answer_share: float
    answer_customers: float
    token_decline: float
    route_sensitivity: float
    seat_worth: float
    exposed_hours: float
    wage: float
    budget_margin: float

    def tokens(self, month: int) -> float:
        """Dollars this month for tokens, and for whatever replaces them."""
        return logistic(self.tokens_low, self.tokens_high, self.middle, self.width, month)

    def compute(self, month: int) -> float:
        """Dollars this month for hours of compute, rented or their own."""
        return logistic(self.compute_low, self.compute_high, self.middle, self.width, month)

    def set_aside(self, month: int) -> float:
        """Dollars this month for the whole chain."""
        return self.tokens(month) + (1 + self.capital) * self.compute(month)

    @property
    def mix(self) -> tuple[float, float, float]:
        """Cached, input and output tokens that they use per output token."""
        return self.cached_mix, self.input_mix, 1.0

    @property
    def ownership(self) -> OwnershipTerms:
        """Their assumptions as owners of machines."""
        return OwnershipTerms(int(self.life), self.discount, self.rent_decline, self.building_share)


class Enterprises:
    """The sector of firms and states outside the chain, region by region: they pay for tokens and compute."""

    def __init__(self, members: list[ParticipantSpec], registers: Registers):
        self.regions = [
            RegionState(
                member.name, EnterpriseTraits.of(member.numbers), registers.account_id(f"enterprises_{member.name}")
            )
            for member in members
        ]
        self.registers = registers

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the regions of the scenario."""
        return cls(parts.members("enterprises"), parts.registers)

    def answers_in(self, region: str) -> list[AnswerCard]:
        """Offers of apps that sell answers by the call in a region."""
        return [card for card in self.registers.public.answers if region in card.regions]

    def for_answers(self, region: RegionState) -> float:
        """Dollars this month for answers by the call, out of the token budget; 0 where nobody sells them."""
        sold = bool(self.answers_in(region.name))
        return float(region.traits.tokens(self.registers.month) * region.traits.answer_share) if sold else 0.0

    def for_routes(self, region: RegionState) -> float:
        """Dollars this month for the three routes: tokens, appliances and seats of staff."""
        return float(region.traits.tokens(self.registers.month)) - self.for_answers(region)


class EnterpriseCustomers:
    """Enterprises as customers for one good: each final class says what they order of it."""

    def __init__(self, sector: Enterprises):
        self.sector = sector

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Buy for the sector."""
        return cls(parts[Enterprises])

    def receive(self, trades: Trades) -> None:
        """Forget undelivered orders: next month's budget does not depend on them."""

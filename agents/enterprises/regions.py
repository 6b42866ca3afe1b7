"""Regions of enterprises and states: their accounts and numbers, with the money that they set aside by a path."""

from dataclasses import dataclass
from typing import Self

from watersellers.agents.compute.capital_budgeting import OwnershipTerms
from watersellers.agents.economy_parts import Parts
from watersellers.agents.exogenous_trends import logistic
from watersellers.agents.scenario_spec import RegionState, Traits


@dataclass(frozen=True, slots=True)
class EnterpriseTraits(Traits):
    """Numbers of a region's enterprises; budgets grow along a logistic where a scenario sets its ends."""

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
    seat_hours: float
    seats_at_work: float
    staff_hours: float
    own_models: float
    own_models_most: float
    it_budget: float
    projects: float
    project_share: float
    project_months: float
    private_share: float

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


class EnterpriseRegions(tuple[RegionState, ...]):
    """The enterprises of each region, in the order of their keys."""

    __slots__ = ()

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the regions of the scenario, with their accounts."""
        return cls(
            RegionState(
                member.name,
                EnterpriseTraits.of(member.numbers),
                parts.registers.account_id(f"enterprises_{member.name}"),
            )
            for member in parts.members("enterprises")
        )

"""What enterprises set aside for the chain, and what they reckon with."""

from dataclasses import dataclass

from watersellers.agents.owning import Owning
from watersellers.agents.paths import logistic
from watersellers.agents.setting import Traits


@dataclass(frozen=True, slots=True)
class EnterpriseTraits(Traits):
    """A region's enterprises: monthly budgets in dollars, from low to high along a logistic; see the parameters."""

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

    def tokens(self, month: int) -> float:
        """Dollars this month for tokens."""
        return logistic(self.tokens_low, self.tokens_high, self.middle, self.width, month)

    def compute(self, month: int) -> float:
        """Dollars this month that hours of compute are worth to them, rented or their own."""
        return logistic(self.compute_low, self.compute_high, self.middle, self.width, month)

    def set_aside(self, month: int) -> float:
        """Dollars this month for all of it."""
        return self.tokens(month) + (1 + self.capital) * self.compute(month)

    @property
    def mix(self) -> tuple[float, float, float]:
        """Cached, input and output tokens that they use for one of output."""
        return self.cached_mix, self.input_mix, 1.0

    @property
    def owning(self) -> Owning:
        """What they reckon with when they own machines."""
        return Owning(int(self.life), self.discount, self.rent_decline, self.building_share)

"""Discounts at night and for batches, which flatten a lab's daily load."""

from dataclasses import dataclass

from watersellers.agents.scenario_spec import Traits


@dataclass(frozen=True, slots=True)
class DiscountNumbers(Traits):
    """A lab's discounts at night and for batches, the shares of load that they can move, and how flat the day is."""

    night_discount: float
    night_share: float
    batch_discount: float
    batch_share: float
    peak: float

    @property
    def moved(self) -> float:
        """Share of the load that the night discount moves to the night: the deeper the discount, the larger."""
        return self.night_share * self.night_discount

    @property
    def batched(self) -> float:
        """Share of the load that the batch discount turns into batches, which run whenever hours are idle."""
        return self.batch_share * self.batch_discount

    @property
    def stretch(self) -> float:
        """Load at the busiest time over the mean; moved and batched load lower it, at most to 1."""
        return max(1.0, (1 - self.batched) / self.peak - self.moved)

    @property
    def off(self) -> float:
        """Mean discount, as a share of the price, over day and night and over immediate and batched load."""
        return self.moved * self.night_discount + self.batched * self.batch_discount

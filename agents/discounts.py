"""Discounts that flatten a lab's day: at night, and for work that waits until hours are idle."""

from dataclasses import dataclass

from watersellers.agents.setting import Traits


@dataclass(frozen=True, slots=True)
class DiscountNumbers(Traits):
    """What a lab takes off at night and for patience, what of the load can move for that, and how flat the day is."""

    night_discount: float
    night_share: float
    batch_discount: float
    batch_share: float
    peak: float

    @property
    def moved(self) -> float:
        """Share of the load that a night discount moves to the night: the deeper it is, the more of what can move."""
        return self.night_share * self.night_discount

    @property
    def batched(self) -> float:
        """Share of the load that a batch discount makes patient: it runs whenever hours are idle."""
        return self.batch_share * self.batch_discount

    @property
    def stretch(self) -> float:
        """Load at the busiest time over the mean; what moves to the night or waits lowers it, until the day is flat."""
        return max(1.0, (1 - self.batched) / self.peak - self.moved)

    @property
    def off(self) -> float:
        """Part of the price that is taken off in the mean, over day and night, at once and in batches."""
        return self.moved * self.night_discount + self.batched * self.batch_discount

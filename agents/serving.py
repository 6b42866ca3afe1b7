"""What it takes to serve tokens: hours at a load, what they cost, and how much of a load they bear."""

from dataclasses import dataclass
from math import ceil

from watersellers.market.goods import MILLION


@dataclass(frozen=True, slots=True)
class Engine:
    """A model at work on rented or own machines: the same rule for a lab and for a host of open weights."""

    throughput: float  # output tokens that an hour gives at full load
    half_load: float  # output tokens a month: a half-empty batch is always running
    peak: float  # load at the busiest time over the mean, 1 or more: hours are there for it all day

    def hours(self, load: float) -> int:
        """Hours that a month's load takes: for its peak, plus a half-empty batch."""
        return ceil((load * self.peak + self.half_load) / self.throughput) if load > 0 else 0

    def cost(self, hour_price: float, load: float) -> float:
        """Dollars of hours for a million output tokens at a planned load, which is at least the half load."""
        load = max(load, self.half_load)
        return hour_price * (load * self.peak + self.half_load) / load / self.throughput * MILLION

    def served(self, hours: int, load: float) -> float:
        """Share of a load that so many hours bear."""
        able = hours * self.throughput - self.half_load
        return min(1.0, max(0.0, able) / (load * self.peak)) if load > 0 else 1.0

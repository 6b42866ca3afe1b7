"""Inference: the hours that a load of tokens needs, their cost, and the share of a load that hours can serve."""

from dataclasses import dataclass
from math import ceil

from watersellers.market.goods import MILLION


@dataclass(frozen=True, slots=True)
class Engine:
    """A model in service on rented or own machines: one rule for labs, hosts of open weights and apps."""

    throughput: float  # output tokens per hour at full load
    half_load: float  # output tokens per month: a half-empty batch is always running
    peak: float  # load at the busiest time over the mean, 1 or more: hours for the peak are rented all day

    def hours(self, load: float) -> int:
        """Hours that a month's load needs: for its peak, plus a half-empty batch."""
        return ceil((load * self.peak + self.half_load) / self.throughput) if load > 0 else 0

    def cost(self, hour_price: float, load: float) -> float:
        """Dollars of hours per million output tokens at a planned load, which is at least the half load or a token."""
        load = max(load, self.half_load) or 1.0
        return hour_price * (load * self.peak + self.half_load) / load / self.throughput * MILLION

    def served(self, hours: int, load: float) -> float:
        """Share of a load that so many hours can serve."""
        tokens = hours * self.throughput - self.half_load
        return min(1.0, max(0.0, tokens) / (load * self.peak)) if load > 0 else 1.0

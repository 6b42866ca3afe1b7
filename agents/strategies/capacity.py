"""Capacity: how much chip vendors order from the foundry, and clouds from vendors."""

from dataclasses import dataclass

from watersellers.agents.decision_bounds import asked
from watersellers.agents.information import SeenByChipVendor, SeenByFleetInvestor
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class FollowOrders:
    """Order capacity for the orders expected when it opens, and for working off the backlog in time."""

    fastest: float = 0.103  # largest growth of capacity, share per month
    clear_in: float = 10.9  # months in which the backlog beyond one month is to be worked off

    def __call__(self, seen: SeenByChipVendor, chance: Chance) -> float:
        growth = min(seen.growth, self.fastest)
        expected = seen.orders * (1 + growth) ** seen.lead
        overdue = max(0.0, seen.backlog - seen.capacity) / self.clear_in
        have = seen.capacity + seen.coming
        return asked(min(max(0.0, expected + overdue - have), self.fastest * have), "chips.capacity")


@dataclass(frozen=True, slots=True)
class KeepCapacity:
    """Order none, and sell from the present capacity. Keeps the price high and the market small."""

    def __call__(self, seen: SeenByChipVendor, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class ExtrapolateGrowth:
    """Build for the demand that recent growth predicts, and for more where machines pay well.

    Overbuilding comes from this rule: machines ordered in a boom arrive after the turn. Capacity beyond the target,
    drawn by high rents, brings rents back to cost.
    """

    target: float = 0.651  # share of hours to be rented when the machines are there
    fastest: float = 0.108  # largest growth that it expects, share per month
    imitation: float = 0.3  # weight of all clouds' growth against its own
    eager: float = 0.3  # surplus of value over cost at which it orders all that it wants
    answer: float = 0.679  # elasticity of wanted capacity to value over cost
    pace: float = 4.51  # months over which it orders the missing capacity

    def __call__(self, seen: SeenByFleetInvestor, chance: Chance) -> float:
        trend = (1 - self.imitation) * seen.growth + self.imitation * seen.trend
        expected = seen.asked * (1 + min(trend, self.fastest)) ** seen.horizon
        drawn = max(1.0, seen.return_on_cost) ** self.answer
        gap = expected * drawn / self.target - (seen.capacity + seen.coming - seen.leaving)
        belief = min(1.0, max(0.0, (seen.return_on_cost - 1) / self.eager))
        return asked(max(0.0, gap) * belief / self.pace, "cloud.capacity")


@dataclass(frozen=True, slots=True)
class ReplaceOnly:
    """Replace machines that retire, and order no more. Misses a boom, and the bust after it."""

    def __call__(self, seen: SeenByFleetInvestor, chance: Chance) -> float:
        return asked(max(0.0, seen.leaving - seen.coming), "cloud.capacity") if seen.return_on_cost > 1 else 0.0

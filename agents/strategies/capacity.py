"""How much capacity is ordered: chip vendors at the foundry, clouds at the vendors."""

from dataclasses import dataclass

from watersellers.agents.views import SeenByBuilder, SeenByChipmaker
from watersellers.market.dice import Chance


@dataclass(frozen=True, slots=True)
class FollowOrders:
    """Order capacity for the orders expected when it opens and for working off the backlog in time."""

    fastest: float = 0.0905  # largest growth of capacity, share a month
    clear_in: float = 10.9  # months in which the backlog beyond one month is to be worked off

    def __call__(self, seen: SeenByChipmaker, chance: Chance) -> float:
        growth = min(seen.growth, self.fastest)
        expected = seen.orders * (1 + growth) ** seen.lead
        overdue = max(0.0, seen.backlog - seen.capacity) / self.clear_in
        have = seen.capacity + seen.coming
        return min(max(0.0, expected + overdue - have), self.fastest * have)


@dataclass(frozen=True, slots=True)
class KeepCapacity:
    """Order none: the wafers one has are the wafers one sells. Keeps the price high and the market small."""

    def __call__(self, seen: SeenByChipmaker, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class ExtrapolateGrowth:
    """Build for the demand that the trend of the last months promises, and for more where machines pay well.

    Overbuilding comes from here: what is ordered on the way up arrives after the turn. That good rents draw
    capacity beyond the target is what brings rents back to cost.
    """

    target: float = 0.719  # share of hours to be rented when the machines are there
    fastest: float = 0.108  # largest growth believed in, share a month
    imitation: float = 0.3  # weight of all clouds' growth against one's own
    eager: float = 0.3  # surplus of worth over cost at which all that is wanted is ordered
    answer: float = 0.302  # elasticity of what is wanted to worth over cost
    pace: float = 4.51  # months over which what is missing is ordered

    def __call__(self, seen: SeenByBuilder, chance: Chance) -> float:
        trend = (1 - self.imitation) * seen.growth + self.imitation * seen.trend
        expected = seen.asked * (1 + min(trend, self.fastest)) ** seen.horizon
        drawn = max(1.0, seen.return_on_cost) ** self.answer
        gap = expected * drawn / self.target - (seen.capacity + seen.coming - seen.leaving)
        belief = min(1.0, max(0.0, (seen.return_on_cost - 1) / self.eager))
        return max(0.0, gap) * belief / self.pace


@dataclass(frozen=True, slots=True)
class ReplaceOnly:
    """Order what retires and no more. Misses a boom, and the bust after it."""

    def __call__(self, seen: SeenByBuilder, chance: Chance) -> float:
        return max(0.0, seen.leaving - seen.coming) if seen.return_on_cost > 1 else 0.0

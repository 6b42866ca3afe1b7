"""What a board makes of its firm's prospects: it carries on, pivots to what pays, or closes (``views.Course``)."""

from dataclasses import dataclass

from watersellers.agents.views import Course, SeenByBoard
from watersellers.market.dice import Chance


@dataclass(frozen=True, slots=True)
class CarryOn:
    """Go on as before until nobody pays for it any more: some are wound up, and some live to see better days."""

    def __call__(self, seen: SeenByBoard, chance: Chance) -> float:
        return Course.CARRY_ON


@dataclass(frozen=True, slots=True)
class PivotInTime:
    """Stop what does not pay when the money lasts for less than some months: no free use, no marketing, no training."""

    months: float = 6.0  # of burn that the cash shall last

    def __call__(self, seen: SeenByBoard, chance: Chance) -> float:
        short = seen.cash < self.months * (seen.burn - seen.grant)
        return Course.PIVOT if short else Course.CARRY_ON


@dataclass(frozen=True, slots=True)
class CloseInTime:
    """Close when the money lasts for less than some months and still pays every debt: creditors lose nothing."""

    months: float = 3.0  # of burn that the cash shall last

    def __call__(self, seen: SeenByBoard, chance: Chance) -> float:
        short = seen.cash < self.months * (seen.burn - seen.grant)
        return Course.CLOSE if short and seen.cash >= seen.debts else Course.CARRY_ON

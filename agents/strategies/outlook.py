"""What a board makes of its firm's prospects: 0 to carry on, 1 to pivot to what pays, 2 to close."""

from dataclasses import dataclass

from agents.views import SeenByBoard
from market.dice import Chance


@dataclass(frozen=True, slots=True)
class CarryOn:
    """Go on as before until nobody pays for it any more: some are wound up, and some live to see better days."""

    def __call__(self, seen: SeenByBoard, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class PivotInTime:
    """Stop what does not pay when the money lasts for less than some months: no free use, no marketing, no training."""

    months: float = 6.0  # of burn that the cash shall last

    def __call__(self, seen: SeenByBoard, chance: Chance) -> float:
        return 1.0 if seen.cash < self.months * (seen.burn - seen.grant) else 0.0


@dataclass(frozen=True, slots=True)
class CloseInTime:
    """Close when the money lasts for less than some months and still pays every debt: creditors lose nothing."""

    months: float = 3.0  # of burn that the cash shall last

    def __call__(self, seen: SeenByBoard, chance: Chance) -> float:
        short = seen.cash < self.months * (seen.burn - seen.grant)
        return 2.0 if short and seen.cash >= seen.debts else 0.0

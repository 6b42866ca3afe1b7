"""Outlook: whether the board lets its firm carry on, pivot or close (``decision_bounds.Course``)."""

from dataclasses import dataclass

from watersellers.agents.decision_bounds import Course
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class SeenByBoard:
    """A board's view of its firm at the end of a month."""

    cash: float  # USD
    burn: float  # USD last month, below 0 where cash came in
    grant: float  # USD per month that an owner is ready to pay
    debts: float  # USD: payables, deposits and loans


@dataclass(frozen=True, slots=True)
class CarryOn:
    """Carry on until the money ends: some firms are wound up, and some survive until better times."""

    def __call__(self, seen: SeenByBoard, chance: Chance) -> float:
        return Course.CARRY_ON


@dataclass(frozen=True, slots=True)
class PivotInTime:
    """Stop free use, marketing and training when cash lasts for less than some months."""

    months: float = 6.0  # of net burn that cash should last for

    def __call__(self, seen: SeenByBoard, chance: Chance) -> float:
        short = seen.cash < self.months * (seen.burn - seen.grant)
        return Course.PIVOT if short else Course.CARRY_ON


@dataclass(frozen=True, slots=True)
class CloseInTime:
    """Close when cash lasts for less than some months and still covers every debt: creditors lose nothing."""

    months: float = 3.0  # of net burn that cash should last for

    def __call__(self, seen: SeenByBoard, chance: Chance) -> float:
        short = seen.cash < self.months * (seen.burn - seen.grant)
        return Course.CLOSE if short and seen.cash >= seen.debts else Course.CARRY_ON
